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

## 产品

dialogue_suggestion = { $number }. { PRODUCT($product) }：{ PRODUCT($product, part: "description") }
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
