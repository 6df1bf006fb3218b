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
channel-attachments = こちらでは文字のみ読み取れるため、添付ファイルを開くことができませんでした。内容を文章でお知らせいただくか、担当者をご希望の旨をお伝えください。

## 商品

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

## 振込

flow_transfer_account = どの口座からお振り込みになりますか。
flow_transfer_account_why = 口座を複数お持ちのため、どの口座から引き落とすかを確認しております。
flow_transfer_recipient = お受取人はどなたですか。
flow_transfer_recipient_why = お振込みには、受取人のお名前または会社名が必要です。
flow_transfer_amount = お振込みの金額をお聞かせください。
flow_transfer_amount_again = 金額は「250」のように数字でお聞かせください。
flow_transfer_amount_why = お振込みの準備に金額が必要です。お客様が確認されるまで、送金はいたしません。
flow_transfer_amount_positive = 金額は0より大きい必要があります。
flow_transfer_amount_limit = チャットでお振り込みいただける限度額を超えています。高額のお振込みはオンラインバンキングをご利用ください。
flow_transfer_confirm = { $account_text }から{ $recipient }様へ{ $amount }を振り込んでよろしいですか。
flow_transfer_no_funds = { $account_text }の残高が不足しています。ご利用可能な残高は{ $transfer_balance }です。
flow_transfer_other_currency = こちらでは、口座の通貨でのみお振り込みいただけます。
flow_transfer_done = 承りました。{ $recipient }様へ{ $amount }をお送りします。受付番号は{ $transfer_reference }、{ $account_text }の残高は{ $transfer_balance }です。

## カードの紛失・盗難

flow_card_lost_reason = カードは紛失されましたか、それとも盗難に遭われましたか。
flow_card_lost_reason_why = 盗難の場合は必要なお手続きが増え、再発行は無料です。
flow_card_lost_reason_lost = 紛失
flow_card_lost_reason_stolen = 盗難
flow_card_lost_card = どのカードですか。
flow_card_lost_card_why = このカードだけを停止します。ほかのカードは引き続きお使いいただけます。
flow_card_lost_confirm = { $card_text }を今すぐ停止してよろしいですか。以後、どなたもこのカードではお支払いできなくなります。
flow_card_lost_frozen = { $card_text }を停止しました。
flow_card_lost_police = 警察に届け出て、受理番号をお控えください。カードが不正に使用されていた場合に必要となります。
flow_card_lost_replace = ご登録の住所に新しいカードをお送りしましょうか。
flow_card_lost_no_replacement = かしこまりました。カードは停止したままです。新しいカードはいつでもお申し込みいただけます。
flow_card_lost_replaced = { $new_free ->
    [true] 末尾{ $new_last4 }の新しいカードは{ DATE($new_arrives_on) }までに届く予定です。手数料は無料です。
   *[other] 末尾{ $new_last4 }の新しいカードは{ DATE($new_arrives_on) }までに届く予定です。手数料は{ MONEY($new_fee) }です。
  }

## カードの再発行

flow_card_replace_card = どのカードを再発行しますか。
flow_card_replace_card_why = 新しいカードに切り替わり、有効化すると今のカードは使えなくなります。
flow_card_replace_reason = 再発行の理由をお聞かせください。
flow_card_replace_reason_why = 有効期限切れなど、無料となる場合があります。
flow_card_replace_reason_damaged = 破損した
flow_card_replace_reason_expired = 期限が切れた、または近い
flow_card_replace_reason_name = 氏名が変わった
flow_card_replace_confirm = { $card_text }に代わる新しいカードを、ご登録の住所にお送りしてよろしいですか。
flow_card_replace_done = { $new_free ->
    [true] 末尾{ $new_last4 }の新しいカードは{ DATE($new_arrives_on) }までに届く予定です。手数料は無料です。
   *[other] 末尾{ $new_last4 }の新しいカードは{ DATE($new_arrives_on) }までに届く予定です。手数料は{ MONEY($new_fee) }です。
  }

## 残高

flow_balance_one = { $account_text }の残高は{ $balance }です。
flow_balance_all = 普通預金口座の残高は{ $bank_current }、貯蓄口座の残高は{ $bank_savings }です。

## 取引履歴

flow_transactions_merchant = どちらのお店や会社へのお支払いですか。「いいえ」とお答えいただくと、最近のお取引をお見せします。
flow_transactions_merchant_why = お名前がわかると、お探しのお支払いだけを表示できます。
flow_transactions_future = その日はまだ先の日付です。いつからのお取引をお調べしますか。
flow_transactions_none = 過去2か月間に、該当するお取引は見つかりませんでした。
flow_transactions_one = 1件見つかりました。{ DATE($found_first_date) }、{ $found_first_merchant }、{ $found_first_amount }です。
flow_transactions_list =
    { $found_count }件、合計{ $found_total }のお取引が見つかりました。最近のものは次のとおりです。
    { $found_transactions }
    .found_transactions = • { DATE($date, style: "medium") }：{ $amount }　{ $merchant }

## 手数料

flow_fee_question_last = 直近の手数料は、{ DATE($fees_date) }の{ $fees_amount }です。
flow_fee_question_no_fees = 過去2か月間に、手数料はいただいておりません。
flow_fee_question_dispute = 誤って引き落とされた手数料がございますか。
flow_fee_question_dispute_why = 該当するものがあれば、すぐに調査を受け付けます。
flow_fee_question_done = かしこまりました。
flow_fee_dispute_amount = 手数料の金額をお聞かせください。おわかりでなければ「いいえ」とお答えください。
flow_fee_dispute_amount_why = 金額がわかると、お取引の中から該当の手数料を見つけやすくなります。
flow_fee_dispute_amount_positive = 金額は0より大きい必要があります。
flow_fee_dispute_none = 過去2か月間に、その金額の手数料は見つかりませんでした。
flow_fee_dispute_fee = どの手数料ですか。
flow_fee_dispute_reason = どのような点に問題がございますか。
flow_fee_dispute_reason_why = 理由に沿って担当者が調査いたします。その場で解決する場合もございます。
flow_fee_dispute_reason_not_agreed = 説明を受けていない
flow_fee_dispute_reason_charged_twice = 二重に引き落とされた
flow_fee_dispute_reason_not_used = サービスを利用していない
flow_fee_dispute_reason_too_high = 金額が高すぎる
flow_fee_dispute_confirm = 次の手数料について調査を受け付けてよろしいですか：{ $fee_text }
flow_fee_dispute_already = この手数料はすでに調査中です。まもなくご回答いたします。
flow_fee_dispute_refunded = 受付番号{ $opened_case }は解決しました。{ $opened_amount }を普通預金口座にお戻ししました。
flow_fee_dispute_opened = { $opened_amount }について、受付番号{ $opened_case }で調査を受け付けました。{ DATE($opened_answer_by) }までにご回答いたします。

## ローン

flow_loan_amount = お借り入れ希望額をお聞かせください。
flow_loan_amount_why = ご返済額は金額によって決まります。試算のみで、お申し込みにはなりません。
flow_loan_amount_least = パーソナルローンの最低額を下回っています。お借り入れ希望額をお聞かせください。
flow_loan_amount_most = パーソナルローンの上限額を超えています。住宅ローンやビジネスローンのほうが適しているかもしれません。
flow_loan_months = 何か月でのご返済をご希望ですか。
flow_loan_months_why = 期間が長いほど毎月のご返済額は少なくなり、利息の総額は多くなります。
flow_loan_months_range = パーソナルローンのご返済期間は12か月から84か月です。
flow_loan_income = 毎月の手取り収入をお聞かせください。
flow_loan_income_why = すべてのご返済の合計は、手取り収入の40%までとしております。
flow_loan_income_positive = 収入は0より大きい必要があります。
flow_loan_offer = { $amount }を{ $months }か月、年{ PERCENT($quote_rate) }でお借り入れの場合、毎月のご返済は{ $quote_monthly }、総額は{ $quote_total }です。お客様の収入でお申し込みいただけます。
flow_loan_too_much = { $amount }を{ $months }か月でお借り入れの場合、毎月のご返済は{ $quote_monthly }です。収入の40%を超えるため、ご融資は難しい見込みです。金額を減らすか、期間を延ばすとご利用いただける場合があります。
flow_loan_appointment = 担当者にご相談になりますか。
flow_loan_appointment_why = お客様のご状況全体について、無料でご相談いただけます。
flow_loan_done = かしこまりました。アプリからいつでもお申し込みいただけます。

## ご相談の予約

flow_appointment_topic = どのようなご相談ですか。
flow_appointment_topic_why = 適した担当者がご対応するために伺っております。
flow_appointment_topic_account = 口座とカード
flow_appointment_topic_loan = ローン
flow_appointment_topic_mortgage = 住宅ローン
flow_appointment_topic_investing = 貯蓄と資産運用
flow_appointment_day = ご希望の日をお聞かせください。
flow_appointment_day_why = その日、または次に空きのある日の時間をお調べします。
flow_appointment_day_past = 明日以降の日をお選びください。
flow_appointment_day_far = ご予約は60日先まで承ります。
flow_appointment_none_free = その日から2週間以内に空きがございません。
flow_appointment_time = 次の時間が空いております。どちらがよろしいですか。
flow_appointment_channel = ご来店、お電話、ビデオのどれをご希望ですか。
flow_appointment_channel_why = お待ちするか、こちらからご連絡するかを確認しております。
flow_appointment_channel_branch = 来店
flow_appointment_channel_phone = 電話
flow_appointment_channel_video = ビデオ
flow_appointment_confirm = { $time_text }で予約してよろしいですか。
flow_appointment_taken = 申し訳ございません。その時間はただいま埋まりました。
flow_appointment_done = { DATE($booked_day, style: "full") } { TIME($booked_time) }でご予約を承りました。予約番号は{ $booked_reference }です。

## 商品のご案内

flow_product_advice_need = どのような商品をお探しですか。
flow_product_advice_need_why = お客様に合うものだけをご案内するために伺っております。
flow_product_advice_risk = 運用のリスクはどの程度までお考えですか。
flow_product_advice_risk_why = 法令により、またお客様のために必要です。お考えを超えるリスクの商品はご案内いたしません。
flow_product_advice_risk_none = できるだけ避けたい
flow_product_advice_risk_some = ある程度なら
flow_product_advice_risk_much = 高い収益のためなら大きくてもよい
flow_product_advice_none = ご希望とご状況の両方に合う商品がございません。
flow_product_advice_appointment = 担当者にご相談になりますか。
flow_product_advice_appointment_why = 担当者が無料で商品を比較してご説明します。
flow_product_advice_done = かしこまりました。すべての商品はアプリでご覧いただけます。
