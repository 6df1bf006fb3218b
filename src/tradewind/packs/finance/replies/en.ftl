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
channel-attachments = I can only read text here, so I could not open what you attached. Please tell me in words what it says, or ask for a colleague.

## Products

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

## Transfer

flow_transfer_account = Which account should I send it from?
flow_transfer_account_why = You have more than one account, so I need to know which one to take the money from.
flow_transfer_recipient = Who is the money for?
flow_transfer_recipient_why = A transfer has to name the person or company that receives the money.
flow_transfer_amount = How much would you like to send?
flow_transfer_amount_again = Please give me the amount as a number, such as 250.
flow_transfer_amount_why = I need the amount to prepare the transfer. Nothing is sent before you confirm it.
flow_transfer_amount_positive = The amount must be above zero.
flow_transfer_amount_limit = That is above the limit for transfers in this chat. You can send larger sums in online banking.
flow_transfer_confirm = Shall I send { $amount } to { $recipient } from your { $account_text }?
flow_transfer_no_funds = There is not enough money in your { $account_text } for that: { $transfer_balance } is available.
flow_transfer_other_currency = Here I can only send money in the currency of your account.
flow_transfer_done = Done: { $amount } is on its way to { $recipient }. The reference is { $transfer_reference }, and { $transfer_balance } is left in your { $account_text }.

## Lost or stolen card

flow_card_lost_reason = Was the card lost or stolen?
flow_card_lost_reason_why = After a theft there is more to do than after a loss, and the replacement is free.
flow_card_lost_reason_lost = Lost
flow_card_lost_reason_stolen = Stolen
flow_card_lost_card = Which card is it?
flow_card_lost_card_why = I will block only this card; your other cards keep working.
flow_card_lost_confirm = Shall I block this card now: { $card_text }? After that, nobody can pay with it.
flow_card_lost_frozen = { $card_text } is blocked.
flow_card_lost_police = Please report the theft to the police and keep the number of the report: we need it if somebody has paid with the card.
flow_card_lost_replace = Shall I order a new card to the address we have on record?
flow_card_lost_no_replacement = All right. The card stays blocked, and you can order a new one at any time.
flow_card_lost_replaced = { $new_free ->
    [true] Your new card ending in { $new_last4 } should arrive by { DATE($new_arrives_on) }. It is free.
   *[other] Your new card ending in { $new_last4 } should arrive by { DATE($new_arrives_on) }. It costs { MONEY($new_fee) }.
  }

## Replacing a card

flow_card_replace_card = Which card would you like to replace?
flow_card_replace_card_why = The new card takes the place of this one, which stops working once the new one is activated.
flow_card_replace_reason = Why do you need a new one?
flow_card_replace_reason_why = Some replacements are free, such as that of an expired card.
flow_card_replace_reason_damaged = It is damaged
flow_card_replace_reason_expired = It has expired or is about to
flow_card_replace_reason_name = My name has changed
flow_card_replace_confirm = Shall I order a new card to replace { $card_text }? It goes to the address we have on record.
flow_card_replace_done = { $new_free ->
    [true] Your new card ending in { $new_last4 } should arrive by { DATE($new_arrives_on) }. It is free.
   *[other] Your new card ending in { $new_last4 } should arrive by { DATE($new_arrives_on) }. It costs { MONEY($new_fee) }.
  }

## Balance

flow_balance_one = There is { $balance } in your { $account_text }.
flow_balance_all = There is { $bank_current } in your current account and { $bank_savings } in your savings account.

## Transactions

flow_transactions_merchant = Which shop or company did the money go to? Say “no” to see your latest transactions.
flow_transactions_merchant_why = With a name, I can show you just the payments you are looking for.
flow_transactions_future = That day is still to come. From which day on should I look?
flow_transactions_none = I could not find such a transaction in the last two months.
flow_transactions_one = I found one: { $found_first_amount } to { $found_first_merchant } on { DATE($found_first_date) }.
flow_transactions_list =
    I found { $found_count } transactions, { $found_total } altogether. The latest are:
    { $found_transactions }
    .found_transactions = • { DATE($date, style: "medium") }: { $amount }, { $merchant }

## Fees

flow_fee_question_last = The last fee we charged was { $fees_amount } on { DATE($fees_date) }.
flow_fee_question_no_fees = We have charged you no fees in the last two months.
flow_fee_question_dispute = Do you think a fee was charged by mistake?
flow_fee_question_dispute_why = If so, I can open a case for you right away.
flow_fee_question_done = All right.
flow_fee_dispute_amount = How much was the fee? Say “no” if you do not know.
flow_fee_dispute_amount_why = The amount helps me to find the fee among your payments.
flow_fee_dispute_amount_positive = The amount must be above zero.
flow_fee_dispute_none = I could not find a fee of that amount in the last two months.
flow_fee_dispute_fee = Which of these fees is it?
flow_fee_dispute_reason = What is wrong with it?
flow_fee_dispute_reason_why = Our colleagues examine the case by your reason, and some cases are settled at once.
flow_fee_dispute_reason_not_agreed = I was not told about it
flow_fee_dispute_reason_charged_twice = It was charged twice
flow_fee_dispute_reason_not_used = I did not use the service
flow_fee_dispute_reason_too_high = It is too high
flow_fee_dispute_confirm = Shall I open a case about this fee: { $fee_text }?
flow_fee_dispute_already = There is already a case about this fee. We will answer you soon.
flow_fee_dispute_refunded = Case { $opened_case } is settled: we have returned { $opened_amount } to your current account.
flow_fee_dispute_opened = I have opened case { $opened_case } about { $opened_amount }. You will have our answer by { DATE($opened_answer_by) }.

## Loan

flow_loan_amount = How much would you like to borrow?
flow_loan_amount_why = The instalments depend on the amount. This is only a calculation and commits you to nothing.
flow_loan_amount_least = That is below our smallest personal loan. How much would you like to borrow?
flow_loan_amount_most = That is above our largest personal loan. A mortgage or a business loan may suit you better.
flow_loan_months = Over how many months would you like to pay it back?
flow_loan_months_why = A longer term makes the instalments smaller and the interest higher in total.
flow_loan_months_range = A personal loan runs for 12 to 84 months.
flow_loan_income = What is your net income per month?
flow_loan_income_why = All your instalments together may take no more than 40% of your net income.
flow_loan_income_positive = The income must be above zero.
flow_loan_offer = { $amount } over { $months } months would cost { $quote_monthly } a month at { PERCENT($quote_rate) } a year, { $quote_total } in total. With your income you may apply for it.
flow_loan_too_much = { $amount } over { $months } months would cost { $quote_monthly } a month. That is more than 40% of your income, so we could not grant it. A smaller amount or a longer term may work.
flow_loan_appointment = Would you like to talk it over with an adviser?
flow_loan_appointment_why = An adviser can look at your whole situation with you, free of charge.
flow_loan_done = All right. You can apply in the app at any time.

## Appointment

flow_appointment_topic = What would you like to talk about?
flow_appointment_topic_why = So that the right adviser takes the time for you.
flow_appointment_topic_account = Account and cards
flow_appointment_topic_loan = Loan
flow_appointment_topic_mortgage = Mortgage
flow_appointment_topic_investing = Saving and investing
flow_appointment_day = Which day would suit you?
flow_appointment_day_why = I will look for free times on that day, or on the next day that has any.
flow_appointment_day_past = The day must be tomorrow or later.
flow_appointment_day_far = Appointments can be made up to 60 days ahead.
flow_appointment_none_free = There is no free time in the two weeks from that day.
flow_appointment_time = These times are free. Which one suits you?
flow_appointment_channel = Would you like to come to the branch, or talk by phone or video?
flow_appointment_channel_why = So that the adviser knows whether to expect you or to call you.
flow_appointment_channel_branch = At the branch
flow_appointment_channel_phone = By phone
flow_appointment_channel_video = By video
flow_appointment_confirm = Shall I book this time: { $time_text }?
flow_appointment_taken = I’m sorry, somebody has just taken that time.
flow_appointment_done = Booked: { DATE($booked_day, style: "full") } at { TIME($booked_time) }. The reference is { $booked_reference }.

## Product advice

flow_product_advice_need = What are you looking for?
flow_product_advice_need_why = So that I only suggest what fits.
flow_product_advice_risk = How much risk may your money take?
flow_product_advice_risk_why = The law and good sense require it: I never show you anything with more risk than you accept.
flow_product_advice_risk_none = None, if possible
flow_product_advice_risk_some = Some
flow_product_advice_risk_much = A lot, for a higher return
flow_product_advice_none = I have no product that suits both your wish and your circumstances.
flow_product_advice_appointment = Would you like to talk it over with an adviser?
flow_product_advice_appointment_why = An adviser can compare the products with you, free of charge.
flow_product_advice_done = All right. You can find all our products in the app.
