### 銀行のアシスタントが日本語で話すこと。
###
### $tone は市場の口調で、formal、polite、neutral、informal のいずれか。いつも敬語を使う。

-bank = ノースゲート銀行

## 会話そのもの

dialogue_greeting = { $tone ->
    [informal] こんにちは。{ -bank }のAIアシスタントです。ご用件をお聞かせください。
   *[other] お問い合わせありがとうございます。{ -bank }のAIアシスタントです。ご用件をお聞かせください。
  }
dialogue_greet = こんにちは。ご用件をお聞かせください。
dialogue_thanks = どういたしまして。ほかにお手伝いできることはございますか。
dialogue_goodbye = お問い合わせいただき、ありがとうございました。
dialogue_go_ahead = はい、どのようなご用件でしょうか。
dialogue_anything_else = ほかにお手伝いできることはございますか。
dialogue_next = 続いて、もう一つのご用件「{ $flow }」を承ります。
dialogue_back_to = 「{ $flow }」のお手続きに戻ります。
dialogue_rephrase = 申し訳ございません。うまく理解できませんでした。別の言い方でお聞かせいただけますか。
dialogue_not_understood = 申し訳ございません。ご用件がはっきりとわかりませんでした。次のいずれかでしょうか。
dialogue_choose_one = 表示されている中からお選びください。
dialogue_button_gone = その選択肢はご利用いただけなくなりました。ご用件をお書きください。
dialogue_corrected = かしこまりました。変更いたしました。
dialogue_done_already = そのお手続きはすでに完了しているため、こちらでは変更できません。担当者におつなぎしましょうか。
dialogue_why = お手続きに必要な情報です。ほかの目的には使用いたしません。
dialogue_nothing_to_cancel = 現在、取り消せるお手続きはございません。
dialogue_cancel_question = 「{ $flow }」は一部がすでに完了しており、元に戻すことはできません。それでも中止しますか。
dialogue_cancelled = 「{ $flow }」を中止しました。これ以上の処理は行いません。
dialogue_reminder = まだいらっしゃいますか。いつでも続きから再開できます。
dialogue_closed = お返事がございませんでしたので、いったん終了いたします。再開される場合は、いつでもメッセージをお送りください。
dialogue_failure = 申し訳ございません。技術的な問題によりお手続きできませんでした。担当者が確認いたします。
dialogue_yes = はい
dialogue_no = いいえ
dialogue_human = 担当者と話す
error = 申し訳ございません。システムに問題が発生しました。もう一度お試しください。

## 文書からの回答

dialogue_answer =
    ヘルプページ「{ $title }」より：

    { $quote }
dialogue_no_answer = 申し訳ございません。確かな回答が見つかりませんでした。担当者がお答えいたします。

## 担当者への引き継ぎ

dialogue_hand_off_requested = かしこまりました。担当者におつなぎします。これまでの会話はすべて引き継がれます。
dialogue_hand_off_not_understood = うまく理解できず申し訳ございません。担当者におつなぎします。
dialogue_hand_off_anger = ご不便をおかけし、誠に申し訳ございません。すぐに担当者におつなぎします。
dialogue_hand_off_risk = お客様の安全のため、専門の担当者がただちに対応いたします。おつなぎします。
dialogue_hand_off_rule = この件は担当者が承ります。おつなぎします。
dialogue_hand_off_failure = 申し訳ございません。お手続きを完了できませんでした。内容を引き継いだうえで、担当者におつなぎします。

service-queued = ただいま順番にご案内しております。{ $minutes }分ほどで担当者が対応いたします。
service-position = { $position ->
    [1] 次にご案内いたします。
   *[other] お客様の順番は{ $position }番目です。
  }
service-closed = ただいま営業時間外です。{ DATE($day) }{ TIME($time) }より、こちらでお返事いたします。メッセージはそのままお送りいただけます。内容は失われません。
service-nobody = ただいま対応できる担当者がおりません。会話は保存されており、手の空いた担当者がこちらでお返事いたします。
service-joined = 担当の{ $agent }が参加しました。
service-left = 別の担当者に引き継ぎます。少々お待ちください。
service-resolved = この会話は終了しました。ほかにご用件がございましたら、いつでもメッセージをお送りください。
service-rate = 今回の対応にどのくらいご満足いただけましたか。1（不満）から5（満足）でお選びください。
service-thanks = ご回答ありがとうございました。
service-failed = 申し訳ございません。システムに問題が発生しました。担当者が対応いたします。

## 商品

dialogue_suggestion = { $number }. { PRODUCT($product) }：{ PRODUCT($product, part: "description") }
dialogue_no_suggestion = 申し訳ございません。現在、ご希望とご状況の両方に合う商品がございません。
product_suggestion =
    { PRODUCT($product) }
    { PRODUCT($product, part: "description") }
    { $reasons }

    { $disclosures }
reason_category = • { $category }をお探しとのことでした。
reason_no_fee = • 月額手数料は無料です。
reason_monthly_fee = • 月額手数料は{ MONEY($fee) }です。
reason_no_yearly_fee = • 年会費は無料です。
reason_yearly_fee = • 年間の料金は{ MONEY($fee) }です。
reason_interest = • 金利は年{ PERCENT($rate) }です。
reason_borrow = • ご利用額は{ MONEY($least) }から{ MONEY($most) }までです。
reason_ongoing = • 年間の費用は投資額の{ PERCENT($rate) }です。
reason_risk = • リスククラスは5段階中{ $risk }で、お客様のクラスは{ $own }です。
reason_owned = • お持ちの「{ PRODUCT($product) }」とあわせてご利用いただけます。
reason_age = • { $since }歳から{ $until }歳までの方が対象です。
reason_behaviour = • ご利用状況の近いお客様によく選ばれています。
category_account = 普通預金口座
category_card = カード
category_credit_card = クレジットカード
category_savings = 貯蓄
category_deposit = 定期預金
category_loan = ローン
category_mortgage = 住宅ローン
category_fund = ファンド
category_bond = 債券
category_pension = 年金
category_insurance = 保険
category_service = その他のサービス

## 商品とともに法律上お伝えすること

disclosure_us_deposit = 預金はFDICにより、預金者1人・所有区分ごとに25万米ドルまで保護されます。貯蓄口座の金利は開設後に変わることがあり、手数料により収益が減ることがあります。
disclosure_us_credit = 年率（APR）{ PERCENT($apr) }。例：{ MONEY($example_amount) }を{ $example_months }か月で借り入れた場合、毎月のご返済は{ MONEY($example_instalment) }、総額は{ MONEY($example_total) }です。審査があり、金利は信用履歴によって異なります。
disclosure_us_mortgage = 表示の毎月のご返済額には税金と保険料が含まれておらず、実際のお支払い額はこれより多くなります。
disclosure_us_investment = FDICの保護対象ではありません。銀行の保証はありません。元本割れのおそれがあります。
disclosure_us_insurance = 預金ではありません。FDICおよび連邦政府機関の保護対象ではなく、銀行の保証もありません。ローンなど他の商品のご利用に、当行での保険加入は必要ありません。
disclosure_cn_deposit = 預金は中国の預金保険により、預金者1人あたり合計50万人民元まで保護されます。
disclosure_cn_credit = 年率{ PERCENT($apr) }（単利）。例：{ MONEY($example_amount) }を{ $example_months }か月で借り入れた場合、毎月のご返済は{ MONEY($example_instalment) }、総額は{ MONEY($example_total) }です。金額と金利は審査により決まります。返済できる範囲でご利用ください。
disclosure_cn_investment = 預金ではありません。投資にはリスクがあり、元本を失うことがあります。過去の実績は将来の成果を示すものではありません。ご購入前に契約書、目論見書、商品概要をお読みください。
disclosure_cn_insurance = 保険会社が引き受ける保険契約であり、銀行預金ではありません。お申し込み前に約款、とくに免責事項、クーリング・オフ期間、中途解約時の損失をご確認ください。
disclosure_de_deposit = 預金はドイツの法定預金保護制度（EdB）により、1人あたり10万ユーロまで保護されます。口座開設前に預金者向け説明書をお渡しします。
disclosure_es_deposit = リスク 1/6（1/6が最も低く、6/6が最も高いことを示します）。{ -bank }はスペインの預金保証基金に加入しており、預金者1人あたり10万ユーロまで保護されます。
disclosure_eu_credit = ご注意：お金を借りるには費用がかかります。代表例：借入額{ MONEY($example_amount) }、期間{ $example_months }か月、固定金利 年{ PERCENT($nominal) }、実質年率{ PERCENT($apr) }、毎月のご返済{ MONEY($example_instalment) }、総支払額{ MONEY($example_total) }。貸主：{ -bank }。信用調査があります。
disclosure_eu_mortgage = 代表例：借入額{ MONEY($example_amount) }、期間{ $example_months }か月、金利 年{ PERCENT($nominal) }、実質年率{ PERCENT($apr) }、毎月のご返済{ MONEY($example_instalment) }、総支払額{ MONEY($example_total) }。物件に抵当権を設定します。評価、公証、登記の費用は含まれません。貸主：{ -bank }。
disclosure_eu_investment = 投資の価値は下がることがあり、受取額が投資額を下回るおそれがあります。過去の実績は将来の成果を確実に示すものではありません。ご購入前に重要情報書面をお渡しします。
disclosure_eu_insurance = { -bank }は保険仲介者であり、保険会社から手数料を受け取ります。ご契約前に保険商品情報書面をお渡しし、法定期間内であれば撤回できます。保険への加入は当行の他の商品の条件ではありません。
disclosure_jp_deposit = 預金保険の対象です。預金者1人あたり元本1,000万円までとその利息が保護されます。利息には源泉分離課税が適用されます。
disclosure_jp_credit = 実質年率{ PERCENT($apr) }。例：{ MONEY($example_amount) }を{ $example_months }か月でお借り入れの場合、毎月のご返済は{ MONEY($example_instalment) }、総額は{ MONEY($example_total) }です。ご利用には当行所定の審査があります。ご利用とご返済は計画的に。
disclosure_jp_investment = 預金ではなく、預金保険の対象ではありません。元本や利回りの保証はなく、価格・金利・為替の変動により投資元本を割り込むおそれがあります。所定の手数料がかかります。ご購入の際は契約締結前交付書面と目論見書を必ずお読みください。
disclosure_jp_insurance = 保険商品であり、預金ではなく、預金保険の対象ではありません。お申し込みの有無が当行との他のお取引に影響することはありません。契約概要と注意喚起情報を必ずお読みいただき、クーリング・オフの期間をご確認ください。
