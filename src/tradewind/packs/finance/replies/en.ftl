### What the bank's assistant says in English.
###
### $tone is the market's: formal, polite, neutral or informal. $gender is that of the person spoken of, where known.

-bank = Northgate

## The conversation itself

dialogue_greeting = { $tone ->
    [informal] Hi! I’m { -bank }’s digital assistant. How can I help you today?
   *[other] Hello. I am { -bank }’s digital assistant. How may I help you?
  }
dialogue_greet = { $tone ->
    [informal] Hi there! What can I do for you?
   *[other] Hello. What can I do for you?
  }
dialogue_thanks = You’re welcome. Is there anything else?
dialogue_goodbye = Thank you for contacting { -bank }. Goodbye!
dialogue_go_ahead = Go ahead: what can I help you with?
dialogue_anything_else = Is there anything else I can help you with?
dialogue_next = Now to your other request: { $flow }.
dialogue_back_to = Back to: { $flow }.
dialogue_rephrase = I’m sorry, I did not understand that. Could you put it differently?
dialogue_not_understood = I’m sorry, I am not sure what you mean. Is it one of these?
dialogue_choose_one = Please choose one of the options shown.
dialogue_button_gone = That choice is no longer available. Please tell me what you would like to do.
dialogue_corrected = Thank you, I have changed that.
dialogue_done_already = That has already been completed, so I cannot change it here. Would you like to speak with a colleague?
dialogue_why = I need this to complete your request. It is used for nothing else.
dialogue_nothing_to_cancel = There is nothing in progress that I could cancel.
dialogue_cancel_question = Part of “{ $flow }” has already been carried out and will not be undone. Do you still want to stop here?
dialogue_cancelled = I have stopped “{ $flow }”. Nothing further will be done.
dialogue_reminder = Are you still there? You can go on whenever you like.
dialogue_closed = As I have not heard from you, I am closing this for now. Just write again to start over.
dialogue_failure = I’m sorry, that did not work because of a technical problem. A colleague will look into it.
dialogue_yes = Yes
dialogue_no = No
dialogue_human = Speak with a person
error = I’m sorry, something went wrong on our side. Please try again.

## Answers from documents

dialogue_answer =
    From our help page “{ $title }”:

    { $quote }
dialogue_no_answer = I’m sorry, I have no reliable answer to that. A colleague can help you further.

## Handing over to a person

dialogue_hand_off_requested = Of course. I am passing you on to a colleague, who will see our whole conversation.
dialogue_hand_off_not_understood = I’m sorry that I am not getting this right. I am passing you on to a colleague.
dialogue_hand_off_anger = I’m sorry about the trouble this has caused you. I am passing you on to a colleague at once.
dialogue_hand_off_risk = For your security, a specialist will look at this right away. I am passing you on now.
dialogue_hand_off_rule = A colleague needs to take care of this. I am passing you on now.
dialogue_hand_off_failure = I’m sorry, I could not complete this. I am passing you on to a colleague, so that nothing is lost.

service-queued = { $minutes ->
    [one] You are in the queue. A colleague should answer within about a minute.
   *[other] You are in the queue. A colleague should answer within about { $minutes } minutes.
  }
service-position = { $position ->
    [1] You are next in the queue.
   *[other] You are number { $position } in the queue.
  }
service-closed = Our team is not available right now. We will be back on { DATE($day) } at { TIME($time) } and will answer you here. You can keep writing; nothing gets lost.
service-nobody = All our colleagues are busy or away at the moment. Your conversation is saved, and the next available person will answer you here.
service-joined = { $agent } has joined the conversation.
service-left = Your conversation is being passed on to another colleague. Please stay with us for a moment.
service-resolved = This conversation has been closed. Just write again if you need anything else.
service-rate = How satisfied were you with our help, from 1 (not at all) to 5 (very)?
service-thanks = Thank you for your feedback.
service-failed = I’m sorry, something went wrong on our side. A colleague will take over.

## Products

dialogue_suggestion = { $number }. { PRODUCT($product) }: { PRODUCT($product, part: "description") }
dialogue_no_suggestion = I’m sorry, at present we have no product that suits both your wish and your circumstances.
product_suggestion =
    { PRODUCT($product) }
    { PRODUCT($product, part: "description") }
    { $reasons }

    { $disclosures }
reason_category = • You asked about { $category }.
reason_no_fee = • There is no monthly fee.
reason_monthly_fee = • It costs { MONEY($fee) } a month.
reason_no_yearly_fee = • There is no annual fee.
reason_yearly_fee = • It costs { MONEY($fee) } a year.
reason_interest = • It pays { PERCENT($rate) } interest a year.
reason_borrow = • The credit can be from { MONEY($least) } to { MONEY($most) }.
reason_ongoing = • Running costs are { PERCENT($rate) } a year of the sum invested.
reason_risk = • It is in risk class { $risk } of 5; yours is { $own }.
reason_owned = • It goes with your { PRODUCT($product) }.
reason_age = • It is made for people aged { $since } to { $until }.
reason_behaviour = • Customers with similar habits often choose it.
category_account = a current account
category_card = a card
category_credit_card = a credit card
category_savings = a savings account
category_deposit = a fixed deposit
category_loan = a loan
category_mortgage = a mortgage
category_fund = funds
category_bond = bonds
category_pension = a pension
category_insurance = insurance
category_service = our other services

## What the law wants said with a product

disclosure_us_deposit = Deposits are insured by the FDIC up to $250,000 per depositor and ownership category. Rates of savings accounts may change after opening, and fees may reduce earnings.
disclosure_us_credit = APR { PERCENT($apr) }. Example: { MONEY($example_amount) } over { $example_months } months costs { MONEY($example_instalment) } a month and { MONEY($example_total) } in total. Subject to credit approval; your rate depends on your credit history.
disclosure_us_mortgage = The monthly payment shown does not include taxes and insurance premiums; the actual payment will be higher.
disclosure_us_investment = Not FDIC insured. No bank guarantee. May lose value.
disclosure_us_insurance = Not a deposit. Not FDIC insured. Not insured by any federal government agency. Not guaranteed by the bank. You need not buy insurance from us to get a loan or any other product.
disclosure_cn_deposit = Deposits are protected by China’s deposit insurance up to a total of ¥500,000 per depositor.
disclosure_cn_credit = Annualised rate { PERCENT($apr) } (simple interest). Example: { MONEY($example_amount) } over { $example_months } months costs { MONEY($example_instalment) } a month and { MONEY($example_total) } in total. Amount and rate depend on approval. Please borrow only what you can repay.
disclosure_cn_investment = This is not a deposit. Investing involves risk, and you may lose capital. Past performance does not predict future results. Read the contract, the prospectus and the key facts before you buy.
disclosure_cn_insurance = This is an insurance contract underwritten by an insurer, not a bank deposit. Read the terms before you apply, above all the exclusions, the cooling-off period and what you lose on early surrender.
disclosure_de_deposit = Deposits are protected by the German statutory scheme (EdB) up to €100,000 per person. You receive the depositor information sheet before opening.
disclosure_es_deposit = Risk 1/6: 1/6 is the lowest risk, 6/6 the highest. { -bank } belongs to the Spanish deposit guarantee fund, which protects up to €100,000 per depositor.
disclosure_eu_credit = Caution! Borrowing money costs money. Representative example: amount { MONEY($example_amount) }, duration { $example_months } months, fixed borrowing rate { PERCENT($nominal) } a year, APR { PERCENT($apr) }, instalment { MONEY($example_instalment) } a month, total payable { MONEY($example_total) }. Lender: { -bank }. Subject to a check of creditworthiness.
disclosure_eu_mortgage = Representative example: amount { MONEY($example_amount) }, duration { $example_months } months, borrowing rate { PERCENT($nominal) } a year, APR { PERCENT($apr) }, instalment { MONEY($example_instalment) } a month, total payable { MONEY($example_total) }. The loan is secured by a mortgage on the property; costs of valuation, notary and register are not included. Lender: { -bank }.
disclosure_eu_investment = The value of an investment can fall, and you may get back less than you paid in. Past performance is not a reliable indicator of future results. You receive the key information document before you buy.
disclosure_eu_insurance = { -bank } acts as an insurance intermediary and receives a commission from the insurer. You receive the insurance product information document before you sign, and you can withdraw within the legal period. Insurance is not a condition for any of our other products.
disclosure_jp_deposit = Covered by Japan’s deposit insurance up to ¥10 million of principal per depositor, with interest. Interest is taxed at source.
disclosure_jp_credit = Annual rate { PERCENT($apr) }. Example: { MONEY($example_amount) } over { $example_months } months costs { MONEY($example_instalment) } a month and { MONEY($example_total) } in total. Subject to our screening. Please plan your borrowing and repayment.
disclosure_jp_investment = This is not a deposit and not covered by deposit insurance. Neither principal nor return is guaranteed: changes of prices, interest and exchange rates may cause losses below the sum invested. Fees apply. Read the pre-contract documents and the prospectus before you buy.
disclosure_jp_insurance = This is insurance, not a deposit, and not covered by deposit insurance. Whether you apply has no influence on your other business with us. Read the contract outline and the important notices, and note the cooling-off period.
