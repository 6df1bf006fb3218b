### 银行智能助理的中文用语。
###
### $tone 为市场语气：formal、polite、neutral 或 informal。一律称“您”。

-bank = 北门银行

## 会话本身

dialogue_greeting = { $tone ->
    [informal] 您好！我是{ -bank }的智能助理，请问需要什么帮助？
   *[other] 您好，我是{ -bank }的智能助理，请问有什么可以帮您？
  }
dialogue_greet = 您好，请问有什么可以帮您？
dialogue_thanks = 不客气。还有其他可以帮您的吗？
dialogue_goodbye = 感谢您联系{ -bank }，再见！
dialogue_go_ahead = 请讲，需要我帮您做什么？
dialogue_anything_else = 请问还有其他需要帮助的吗？
dialogue_next = 接下来办理您的另一项业务：{ $flow }。
dialogue_back_to = 我们继续办理：{ $flow }。
dialogue_rephrase = 抱歉，我没有理解您的意思，能请您换个说法吗？
dialogue_not_understood = 抱歉，我不太确定您的意思。您要咨询的是以下哪一项？
dialogue_choose_one = 请从显示的选项中选择一项。
dialogue_button_gone = 该选项已失效，请直接告诉我您想办理什么。
dialogue_corrected = 好的，已为您更改。
dialogue_done_already = 该业务已经办理完成，我无法在这里更改。需要为您转接人工客服吗？
dialogue_why = 办理您的业务需要这项信息，我们不会将其用于其他用途。
dialogue_nothing_to_cancel = 目前没有正在办理、可以取消的业务。
dialogue_cancel_question = “{ $flow }”已有部分办理完成，无法撤销。您确定要就此停止吗？
dialogue_cancelled = 已停止办理“{ $flow }”，不会再进行任何操作。
dialogue_reminder = 您还在吗？您可以随时继续。
dialogue_closed = 由于一直未收到您的回复，本次办理暂时结束。如需重新开始，请随时留言。
dialogue_failure = 抱歉，由于技术故障，本次办理未成功，我们的同事会跟进处理。
dialogue_yes = 是
dialogue_no = 否
dialogue_human = 转人工客服
error = 抱歉，系统出现了问题，请稍后再试。

## 引用文档的回答

dialogue_answer =
    以下内容摘自帮助页面《{ $title }》：

    { $quote }
dialogue_no_answer = 抱歉，这个问题我没有可靠的答案，可以请人工客服为您解答。

## 转接人工

dialogue_hand_off_requested = 好的，正在为您转接人工客服，对方可以看到我们的全部对话。
dialogue_hand_off_not_understood = 很抱歉没能理解您的意思，正在为您转接人工客服。
dialogue_hand_off_anger = 给您带来困扰，非常抱歉。马上为您转接人工客服。
dialogue_hand_off_risk = 为保障您的资金安全，将由专员立即处理，正在为您转接。
dialogue_hand_off_rule = 这项业务需要由人工客服办理，正在为您转接。
dialogue_hand_off_failure = 抱歉，我未能完成办理，正在为您转接人工客服，已提供的信息不会丢失。

service-queued = 您已进入排队，预计约{ $minutes }分钟内有客服为您服务。
service-position = { $position ->
    [1] 下一位就轮到您了。
   *[other] 您排在第{ $position }位。
  }
service-closed = 现在不是人工服务时间。我们将于{ DATE($day) }{ TIME($time) }恢复服务，并在这里回复您。您可以继续留言，内容不会丢失。
service-nobody = 目前暂无空闲客服。您的对话已保存，客服空闲后会第一时间在这里回复您。
service-joined = 客服{ $agent }已加入对话。
service-left = 正在为您转接另一位客服，请稍候。
service-resolved = 本次对话已结束。如有其他需要，请随时留言。
service-rate = 您对我们的服务满意吗？请打分：1分为很不满意，5分为非常满意。
service-thanks = 感谢您的评价。
service-failed = 抱歉，系统出现了问题，将由人工客服为您处理。
channel-attachments = 我在这里只能阅读文字，无法打开您发送的附件。请用文字告诉我其中的内容，或要求转接人工客服。

## 产品

dialogue_no_suggestion = 抱歉，目前没有既符合您的需求、又适合您情况的产品。
product_suggestion =
    { PRODUCT($product) }
    { PRODUCT($product, part: "description") }
    { $reasons }

    { $disclosures }
reason_category = • 您咨询的是{ $category }。
reason_no_fee = • 免月费。
reason_monthly_fee = • 每月费用{ MONEY($fee) }。
reason_no_yearly_fee = • 免年费。
reason_yearly_fee = • 每年费用{ MONEY($fee) }。
reason_interest = • 年利率{ PERCENT($rate) }。
reason_borrow = • 额度从{ MONEY($least) }到{ MONEY($most) }。
reason_ongoing = • 每年运作费用为投资金额的{ PERCENT($rate) }。
reason_risk = • 产品风险等级为{ $risk }级（共5级），您的风险承受能力为{ $own }级。
reason_owned = • 可与您的“{ PRODUCT($product) }”配合使用。
reason_age = • 面向{ $since }至{ $until }岁的客户。
reason_behaviour = • 与您习惯相近的客户经常选择这款产品。
category_account = 活期账户
category_card = 银行卡
category_credit_card = 信用卡
category_savings = 储蓄
category_deposit = 定期存款
category_loan = 贷款
category_mortgage = 住房贷款
category_fund = 基金
category_bond = 债券
category_pension = 养老产品
category_insurance = 保险
category_service = 其他服务

## 法律要求随产品告知的内容

disclosure_us_deposit = 存款由FDIC承保，每位存款人每种所有权类别最高25万美元。储蓄账户利率在开户后可能变动，费用可能减少收益。
disclosure_us_credit = 年利率（APR）{ PERCENT($apr) }。示例：借款{ MONEY($example_amount) }，期限{ $example_months }个月，每月还款{ MONEY($example_instalment) }，共还{ MONEY($example_total) }。须经信用审批，您的利率取决于信用记录。
disclosure_us_mortgage = 所示月供不含税费和保险费，实际支付金额会更高。
disclosure_us_investment = 不受FDIC保险保障，银行不作担保，可能贬值。
disclosure_us_insurance = 本产品不是存款，不受FDIC或任何联邦政府机构保险保障，银行不作担保。获得贷款或其他产品无须在我行购买保险。
disclosure_cn_deposit = 本行参加存款保险。同一存款人在本行的全部存款本息合计50万元以内，依照《存款保险条例》全额偿付。
disclosure_cn_credit = 年化利率{ PERCENT($apr) }（单利）。示例：借款{ MONEY($example_amount) }，分{ $example_months }个月偿还，每月还款{ MONEY($example_instalment) }，共还{ MONEY($example_total) }。额度和利率以审批结果为准。请根据还款能力合理借贷。
disclosure_cn_investment = 本产品不是存款。投资有风险，可能损失本金；过往业绩不代表未来表现。购买前请阅读合同、招募说明书和产品资料概要。
disclosure_cn_insurance = 本产品为保险公司承保的保险合同，不是银行存款。投保前请仔细阅读条款，尤其是责任免除、犹豫期和退保损失。
disclosure_de_deposit = 存款受德国法定存款保障机构（EdB）保护，每人最高10万欧元。开户前您会收到《存款人信息单》。
disclosure_es_deposit = 风险等级1/6：1/6为最低风险，6/6为最高风险。{ -bank }已加入西班牙存款保障基金，每位存款人最高保障10万欧元。
disclosure_eu_credit = 注意！借钱要付出代价。代表性示例：借款{ MONEY($example_amount) }，期限{ $example_months }个月，固定借款利率每年{ PERCENT($nominal) }，年化综合费率（APR）{ PERCENT($apr) }，每月还款{ MONEY($example_instalment) }，应还总额{ MONEY($example_total) }。贷款人：{ -bank }。须经信用评估。
disclosure_eu_mortgage = 代表性示例：借款{ MONEY($example_amount) }，期限{ $example_months }个月，借款利率每年{ PERCENT($nominal) }，年化综合费率（APR）{ PERCENT($apr) }，每月还款{ MONEY($example_instalment) }，应还总额{ MONEY($example_total) }。贷款以房产抵押作担保，不含评估、公证和登记费用。贷款人：{ -bank }。
disclosure_eu_investment = 投资价值可能下跌，您收回的金额可能低于投入金额。过往业绩不是未来表现的可靠指标。购买前您会收到《关键信息文件》。
disclosure_eu_insurance = { -bank }作为保险中介，从保险公司收取佣金。签约前您会收到《保险产品信息文件》，并可在法定期限内撤销合同。购买保险不是获得我行其他产品的条件。
disclosure_jp_deposit = 受日本存款保险保护，每位存款人本金最高1000万日元及其利息。利息在源头扣税。
disclosure_jp_credit = 实际年利率{ PERCENT($apr) }。示例：借款{ MONEY($example_amount) }，期限{ $example_months }个月，每月还款{ MONEY($example_instalment) }，共还{ MONEY($example_total) }。须经本行审查。请有计划地借款和还款。
disclosure_jp_investment = 本产品不是存款，不受存款保险保护。本金和收益均无保证，价格、利率和汇率变动可能造成低于投资本金的损失，并须支付手续费。购买前请务必阅读签约前书面说明和招股书。
disclosure_jp_insurance = 本产品是保险，不是存款，不受存款保险保护。是否投保不影响您与本行的其他往来。请务必阅读合同概要和注意事项，并留意冷静期。

## 转账

flow_transfer_account = 请问从哪个账户转出？
flow_transfer_account_why = 您有多个账户，需要确认从哪一个转出。
flow_transfer_recipient = 请问收款人是谁？
flow_transfer_recipient_why = 转账必须写明收款的个人或单位。
flow_transfer_amount = 请问转账金额是多少？
flow_transfer_amount_again = 请用数字告诉我金额，例如250。
flow_transfer_amount_why = 需要金额才能准备转账。未经您确认，不会转出任何款项。
flow_transfer_amount_positive = 金额必须大于零。
flow_transfer_amount_limit = 该金额超过在线客服的转账限额，大额转账请使用网上银行。
flow_transfer_confirm = 确认从您的{ $account_text }向{ $recipient }转账{ $amount }吗？
flow_transfer_no_funds = { $account_text }余额不足，可用余额为{ $transfer_balance }。
flow_transfer_other_currency = 这里只能以您账户的币种转账。
flow_transfer_done = 已办理：{ $amount }正在转给{ $recipient }。交易编号为{ $transfer_reference }，{ $account_text }余额为{ $transfer_balance }。

## 卡片遗失或被盗

flow_card_lost_reason = 请问卡片是遗失了，还是被盗了？
flow_card_lost_reason_why = 被盗需要办理的手续比遗失多，并且补卡免费。
flow_card_lost_reason_lost = 遗失
flow_card_lost_reason_stolen = 被盗
flow_card_lost_card = 请问是哪张卡？
flow_card_lost_card_why = 我只会挂失这张卡，您的其他卡片不受影响。
flow_card_lost_confirm = 确认现在挂失{ $card_text }吗？挂失后任何人都无法用它付款。
flow_card_lost_frozen = { $card_text }已挂失。
flow_card_lost_police = 请向警方报案并保留报案编号，如有盗刷，我们需要该编号。
flow_card_lost_replace = 需要为您补办新卡，并寄到预留地址吗？
flow_card_lost_no_replacement = 好的。该卡保持挂失状态，您可以随时补办新卡。
flow_card_lost_replaced = { $new_free ->
    [true] 您的新卡（尾号{ $new_last4 }）预计{ DATE($new_arrives_on) }前送达，免费。
   *[other] 您的新卡（尾号{ $new_last4 }）预计{ DATE($new_arrives_on) }前送达，费用{ MONEY($new_fee) }。
  }

## 更换卡片

flow_card_replace_card = 请问要更换哪张卡？
flow_card_replace_card_why = 新卡将替换这张卡，新卡激活后旧卡即停用。
flow_card_replace_reason = 请问更换的原因是什么？
flow_card_replace_reason_why = 部分换卡免费，例如卡片到期。
flow_card_replace_reason_damaged = 卡片损坏
flow_card_replace_reason_expired = 已到期或即将到期
flow_card_replace_reason_name = 姓名变更
flow_card_replace_confirm = 确认补办新卡替换{ $card_text }，并寄到预留地址吗？
flow_card_replace_done = { $new_free ->
    [true] 您的新卡（尾号{ $new_last4 }）预计{ DATE($new_arrives_on) }前送达，免费。
   *[other] 您的新卡（尾号{ $new_last4 }）预计{ DATE($new_arrives_on) }前送达，费用{ MONEY($new_fee) }。
  }

## 余额

flow_balance_one = { $account_text }的余额为{ $balance }。
flow_balance_all = 您的活期账户余额为{ $bank_current }，储蓄账户余额为{ $bank_savings }。

## 交易记录

flow_transactions_merchant = 请问是付给哪家商户的？回复“不用”可查看最近的交易。
flow_transactions_merchant_why = 有了商户名称，就能只显示您要找的交易。
flow_transactions_future = 该日期尚未到来，请问从哪一天开始查？
flow_transactions_none = 最近两个月内没有找到这样的交易。
flow_transactions_one = 找到一笔：{ DATE($found_first_date) }，{ $found_first_merchant }，{ $found_first_amount }。
flow_transactions_list =
    共找到{ $found_count }笔交易，合计{ $found_total }。最近的有：
    { $found_transactions }
    .found_transactions = • { DATE($date, style: "medium") }：{ $amount }，{ $merchant }

## 费用

flow_fee_question_last = 最近一笔费用是{ DATE($fees_date) }收取的{ $fees_amount }。
flow_fee_question_no_fees = 最近两个月我们没有向您收取费用。
flow_fee_question_dispute = 您认为有费用收错了吗？
flow_fee_question_dispute_why = 如果有，我可以马上为您登记争议。
flow_fee_question_done = 好的。
flow_fee_dispute_amount = 请问这笔费用是多少？不清楚请回复“不用”。
flow_fee_dispute_amount_why = 有了金额，便于在您的交易中找到这笔费用。
flow_fee_dispute_amount_positive = 金额必须大于零。
flow_fee_dispute_none = 最近两个月内没有找到这个金额的费用。
flow_fee_dispute_fee = 请问是以下哪一笔费用？
flow_fee_dispute_reason = 请问这笔费用有什么问题？
flow_fee_dispute_reason_why = 我们会根据原因进行核查，部分情况可以当场解决。
flow_fee_dispute_reason_not_agreed = 没有事先告知我
flow_fee_dispute_reason_charged_twice = 重复收取
flow_fee_dispute_reason_not_used = 我没有使用该服务
flow_fee_dispute_reason_too_high = 金额过高
flow_fee_dispute_confirm = 确认就这笔费用提出争议吗：{ $fee_text }？
flow_fee_dispute_already = 这笔费用已在处理中，我们会尽快回复您。
flow_fee_dispute_refunded = 争议{ $opened_case }已解决：{ $opened_amount }已退回您的活期账户。
flow_fee_dispute_opened = 已为您登记争议{ $opened_case }，涉及金额{ $opened_amount }。我们会在{ DATE($opened_answer_by) }前答复您。

## 贷款

flow_loan_amount = 请问您想借多少？
flow_loan_amount_why = 月供取决于贷款金额。这只是试算，对您没有任何约束。
flow_loan_amount_least = 该金额低于个人贷款的最低额度，请问您想借多少？
flow_loan_amount_most = 该金额超过个人贷款的最高额度，住房贷款或经营贷款可能更适合您。
flow_loan_months = 请问打算分多少个月还清？
flow_loan_months_why = 期限越长，月供越少，利息总额越高。
flow_loan_months_range = 个人贷款的期限为12至84个月。
flow_loan_income = 请问您每月的税后收入是多少？
flow_loan_income_why = 您每月的全部还款不得超过税后收入的40%。
flow_loan_income_positive = 收入必须大于零。
flow_loan_offer = 借款{ $amount }，分{ $months }个月偿还，年利率{ PERCENT($quote_rate) }，每月还款{ $quote_monthly }，共还{ $quote_total }。以您的收入可以申请。
flow_loan_too_much = 借款{ $amount }，分{ $months }个月偿还，每月需还{ $quote_monthly }，超过您收入的40%，因此无法发放。降低金额或延长期限后也许可行。
flow_loan_appointment = 需要与客户经理详谈吗？
flow_loan_appointment_why = 客户经理可以免费为您全面分析情况。
flow_loan_done = 好的。您可以随时在手机银行申请。

## 预约

flow_appointment_topic = 请问您想咨询什么？
flow_appointment_topic_why = 以便安排合适的客户经理为您服务。
flow_appointment_topic_account = 账户与银行卡
flow_appointment_topic_loan = 贷款
flow_appointment_topic_mortgage = 住房贷款
flow_appointment_topic_investing = 储蓄与投资
flow_appointment_day = 请问哪一天方便？
flow_appointment_day_why = 我会查找当天的空闲时段；当天没有的话，查找之后最近的一天。
flow_appointment_day_past = 最早可以预约明天。
flow_appointment_day_far = 最多可以提前60天预约。
flow_appointment_none_free = 从那天起的两周内没有空闲时段。
flow_appointment_time = 以下时段可以预约，请问哪个合适？
flow_appointment_channel = 请问您想到网点面谈，还是通过电话或视频沟通？
flow_appointment_channel_why = 以便客户经理知道是等您到店，还是与您联系。
flow_appointment_channel_branch = 到网点
flow_appointment_channel_phone = 电话
flow_appointment_channel_video = 视频
flow_appointment_confirm = 确认预约{ $time_text }吗？
flow_appointment_taken = 抱歉，该时段刚刚被预约。
flow_appointment_done = 已预约：{ DATE($booked_day, style: "full") } { TIME($booked_time) }，预约编号{ $booked_reference }。

## 产品推荐

flow_product_advice_need = 请问您需要什么样的产品？
flow_product_advice_need_why = 以便只推荐适合您的产品。
flow_product_advice_risk = 请问您能接受多大的投资风险？
flow_product_advice_risk_why = 这既是法律要求，也是为您负责：我绝不会推荐风险超出您承受范围的产品。
flow_product_advice_risk_none = 尽量没有风险
flow_product_advice_risk_some = 可以有一些
flow_product_advice_risk_much = 风险较高，以求更高收益
flow_product_advice_none = 目前没有既符合您的需求、又适合您情况的产品。
flow_product_advice_appointment = 需要与客户经理详谈吗？
flow_product_advice_appointment_why = 客户经理可以免费为您比较各款产品。
flow_product_advice_done = 好的。您可以在手机银行查看我们的全部产品。
