### Was der Assistent der Bank auf Deutsch sagt.
###
### $tone ist der Ton des Marktes: formal, polite, neutral oder informal. Gesiezt wird außer bei informal.

-bank = Northgate

## Das Gespräch selbst

dialogue_greeting = { $tone ->
    [informal] Hallo! Ich bin der digitale Assistent von { -bank }. Wie kann ich dir helfen?
   *[other] Guten Tag, ich bin der digitale Assistent von { -bank }. Wie kann ich Ihnen helfen?
  }
dialogue_greet = { $tone ->
    [informal] Hallo! Was kann ich für dich tun?
   *[other] Guten Tag. Was kann ich für Sie tun?
  }
dialogue_thanks = Sehr gern. Kann ich noch etwas für Sie tun?
dialogue_goodbye = Vielen Dank für Ihre Nachricht. Auf Wiedersehen!
dialogue_go_ahead = Gern. Worum geht es?
dialogue_anything_else = Kann ich sonst noch etwas für Sie tun?
dialogue_next = Nun zu Ihrem anderen Anliegen: { $flow }.
dialogue_back_to = Zurück zu: { $flow }.
dialogue_rephrase = Das habe ich leider nicht verstanden. Könnten Sie es bitte anders formulieren?
dialogue_not_understood = Leider bin ich nicht sicher, was Sie meinen. Geht es um eines dieser Themen?
dialogue_choose_one = Bitte wählen Sie eine der angezeigten Möglichkeiten.
dialogue_button_gone = Diese Auswahl steht nicht mehr zur Verfügung. Bitte schreiben Sie mir, was Sie tun möchten.
dialogue_corrected = Danke, das habe ich geändert.
dialogue_done_already = Das ist bereits ausgeführt, hier kann ich es nicht mehr ändern. Möchten Sie mit jemandem aus unserem Team sprechen?
dialogue_why = Diese Angabe brauche ich, um Ihr Anliegen zu bearbeiten. Sie wird für nichts anderes verwendet.
dialogue_nothing_to_cancel = Es läuft gerade nichts, das ich abbrechen könnte.
dialogue_cancel_question = Ein Teil von „{ $flow }“ ist schon ausgeführt und wird nicht rückgängig gemacht. Möchten Sie trotzdem hier aufhören?
dialogue_cancelled = „{ $flow }“ habe ich abgebrochen. Es wird nichts weiter veranlasst.
dialogue_reminder = Sind Sie noch da? Sie können jederzeit weitermachen.
dialogue_closed = Da ich nichts mehr von Ihnen gehört habe, beende ich den Vorgang vorerst. Schreiben Sie einfach, wenn Sie neu beginnen möchten.
dialogue_failure = Das hat wegen eines technischen Problems leider nicht geklappt. Unser Team kümmert sich darum.
dialogue_yes = Ja
dialogue_no = Nein
dialogue_human = Mit einem Menschen sprechen
error = Bei uns ist leider etwas schiefgegangen. Bitte versuchen Sie es noch einmal.

## Antworten aus Dokumenten

dialogue_answer =
    Aus unserer Hilfeseite „{ $title }“:

    { $quote }
dialogue_no_answer = Darauf habe ich leider keine verlässliche Antwort. Jemand aus unserem Team kann Ihnen weiterhelfen.

## Übergabe an einen Menschen

dialogue_hand_off_requested = Selbstverständlich. Ich verbinde Sie mit jemandem aus unserem Team; unser bisheriges Gespräch wird dort angezeigt.
dialogue_hand_off_not_understood = Es tut mir leid, dass ich Sie nicht richtig verstehe. Ich verbinde Sie mit jemandem aus unserem Team.
dialogue_hand_off_anger = Es tut mir leid, dass Sie solchen Ärger haben. Ich verbinde Sie sofort mit jemandem aus unserem Team.
dialogue_hand_off_risk = Zu Ihrer Sicherheit sehen sich das umgehend unsere Fachleute an. Ich verbinde Sie jetzt.
dialogue_hand_off_rule = Darum kümmert sich jemand aus unserem Team persönlich. Ich verbinde Sie jetzt.
dialogue_hand_off_failure = Das konnte ich leider nicht abschließen. Ich verbinde Sie mit jemandem aus unserem Team, damit nichts verloren geht.

service-queued = { $minutes ->
    [one] Sie sind in der Warteschlange. In etwa einer Minute sollte sich jemand melden.
   *[other] Sie sind in der Warteschlange. In etwa { $minutes } Minuten sollte sich jemand melden.
  }
service-position = { $position ->
    [1] Sie sind als Nächstes an der Reihe.
   *[other] Sie sind an Stelle { $position } der Warteschlange.
  }
service-closed = Unser Team ist gerade nicht erreichbar. Ab dem { DATE($day) } um { TIME($time) } Uhr sind wir wieder da und antworten Ihnen hier. Sie können weiterschreiben, es geht nichts verloren.
service-nobody = Im Moment ist leider niemand frei. Ihr Gespräch ist gespeichert; wer zuerst frei wird, antwortet Ihnen hier.
service-joined = { $agent } ist jetzt im Gespräch.
service-left = Ihr Gespräch wird an jemand anderen aus unserem Team weitergegeben. Bitte haben Sie einen Moment Geduld.
service-resolved = Dieses Gespräch ist abgeschlossen. Schreiben Sie einfach wieder, wenn Sie noch etwas brauchen.
service-rate = Wie zufrieden waren Sie mit unserer Hilfe, von 1 (gar nicht) bis 5 (sehr)?
service-thanks = Vielen Dank für Ihre Rückmeldung.
service-failed = Bei uns ist leider etwas schiefgegangen. Jemand aus unserem Team übernimmt.

## Produkte

dialogue_suggestion = { $number }. { PRODUCT($product) }: { PRODUCT($product, part: "description") }
dialogue_no_suggestion = Zurzeit haben wir leider kein Produkt, das zu Ihrem Wunsch und zu Ihrer Situation passt.
product_suggestion =
    { PRODUCT($product) }
    { PRODUCT($product, part: "description") }
    { $reasons }

    { $disclosures }
reason_category = • Sie haben nach { $category } gefragt.
reason_no_fee = • Es fällt kein monatliches Entgelt an.
reason_monthly_fee = • Der Preis beträgt { MONEY($fee) } im Monat.
reason_no_yearly_fee = • Es fällt kein Jahresentgelt an.
reason_yearly_fee = • Der Preis beträgt { MONEY($fee) } im Jahr.
reason_interest = • Sie erhalten { PERCENT($rate) } Zinsen im Jahr.
reason_borrow = • Möglich sind { MONEY($least) } bis { MONEY($most) }.
reason_ongoing = • Die laufenden Kosten betragen { PERCENT($rate) } der Anlage im Jahr.
reason_risk = • Risikoklasse { $risk } von 5; Ihre ist { $own }.
reason_owned = • Das passt zu Ihrem Produkt „{ PRODUCT($product) }“.
reason_age = • Gedacht für Menschen von { $since } bis { $until } Jahren.
reason_behaviour = • Kundinnen und Kunden mit ähnlichen Gewohnheiten entscheiden sich oft dafür.
category_account = einem Girokonto
category_card = einer Karte
category_credit_card = einer Kreditkarte
category_savings = einem Sparkonto
category_deposit = Festgeld
category_loan = einem Kredit
category_mortgage = einer Baufinanzierung
category_fund = Fonds
category_bond = Anleihen
category_pension = einer Altersvorsorge
category_insurance = einer Versicherung
category_service = unseren weiteren Leistungen

## Was das Gesetz zu einem Produkt gesagt haben will

disclosure_us_deposit = Einlagen sind durch die FDIC bis 250.000 US-Dollar je Einleger und Eigentumsform versichert. Zinssätze von Sparkonten können sich nach der Eröffnung ändern; Entgelte können den Ertrag mindern.
disclosure_us_credit = Effektiver Jahreszins (APR) { PERCENT($apr) }. Beispiel: { MONEY($example_amount) } über { $example_months } Monate kosten { MONEY($example_instalment) } im Monat, insgesamt { MONEY($example_total) }. Vorbehaltlich einer Bonitätsprüfung; Ihr Zinssatz hängt von Ihrer Kredithistorie ab.
disclosure_us_mortgage = Die genannte Monatsrate enthält weder Steuern noch Versicherungsprämien; die tatsächliche Zahlung ist höher.
disclosure_us_investment = Nicht durch die FDIC versichert. Keine Garantie der Bank. Wertverluste sind möglich.
disclosure_us_insurance = Keine Einlage. Nicht durch die FDIC und von keiner Bundesbehörde versichert. Keine Garantie der Bank. Sie müssen bei uns keine Versicherung abschließen, um einen Kredit oder ein anderes Produkt zu erhalten.
disclosure_cn_deposit = Einlagen sind durch die chinesische Einlagenversicherung bis insgesamt 500.000 Yuan je Einleger geschützt.
disclosure_cn_credit = Jahreszinssatz { PERCENT($apr) } (einfache Verzinsung). Beispiel: { MONEY($example_amount) } über { $example_months } Monate kosten { MONEY($example_instalment) } im Monat, insgesamt { MONEY($example_total) }. Betrag und Zinssatz hängen von der Genehmigung ab. Leihen Sie nur, was Sie zurückzahlen können.
disclosure_cn_investment = Dies ist keine Einlage. Jede Anlage ist mit Risiken verbunden, Kapitalverluste sind möglich. Frühere Ergebnisse sagen nichts über künftige aus. Lesen Sie vor dem Kauf Vertrag, Prospekt und Produktübersicht.
disclosure_cn_insurance = Dies ist ein Vertrag mit einem Versicherer, keine Bankeinlage. Lesen Sie vor dem Antrag die Bedingungen, vor allem Ausschlüsse, Widerrufsfrist und Verluste bei vorzeitiger Kündigung.
disclosure_de_deposit = Einlagen sind durch die gesetzliche Einlagensicherung (EdB) bis 100.000 € je Person geschützt. Den Informationsbogen für den Einleger erhalten Sie vor der Eröffnung.
disclosure_es_deposit = Risiko 1/6: 1/6 steht für das niedrigste, 6/6 für das höchste Risiko. { -bank } gehört dem spanischen Einlagensicherungsfonds an, der bis 100.000 € je Einleger schützt.
disclosure_eu_credit = Achtung! Kreditaufnahme kostet Geld. Repräsentatives Beispiel: Nettodarlehensbetrag { MONEY($example_amount) }, Laufzeit { $example_months } Monate, gebundener Sollzinssatz { PERCENT($nominal) } p. a., effektiver Jahreszins { PERCENT($apr) }, monatliche Rate { MONEY($example_instalment) }, Gesamtbetrag { MONEY($example_total) }. Darlehensgeber: { -bank }. Bonität vorausgesetzt.
disclosure_eu_mortgage = Repräsentatives Beispiel: Nettodarlehensbetrag { MONEY($example_amount) }, Laufzeit { $example_months } Monate, Sollzinssatz { PERCENT($nominal) } p. a., effektiver Jahreszins { PERCENT($apr) }, monatliche Rate { MONEY($example_instalment) }, Gesamtbetrag { MONEY($example_total) }. Das Darlehen wird durch ein Grundpfandrecht an der Immobilie besichert; Kosten für Bewertung, Notar und Grundbuch sind nicht enthalten. Darlehensgeber: { -bank }.
disclosure_eu_investment = Der Wert einer Anlage kann fallen; möglicherweise erhalten Sie weniger zurück, als Sie eingezahlt haben. Die frühere Wertentwicklung ist kein verlässlicher Indikator für künftige Ergebnisse. Das Basisinformationsblatt erhalten Sie vor dem Kauf.
disclosure_eu_insurance = { -bank } ist als Versicherungsvermittler tätig und erhält vom Versicherer eine Provision. Das Informationsblatt zu Versicherungsprodukten erhalten Sie vor dem Abschluss; Sie können den Vertrag innerhalb der gesetzlichen Frist widerrufen. Eine Versicherung ist für keines unserer anderen Produkte Voraussetzung.
disclosure_jp_deposit = Durch die japanische Einlagenversicherung bis 10 Millionen Yen Kapital je Einleger samt Zinsen geschützt. Zinsen werden an der Quelle besteuert.
disclosure_jp_credit = Jahreszinssatz { PERCENT($apr) }. Beispiel: { MONEY($example_amount) } über { $example_months } Monate kosten { MONEY($example_instalment) } im Monat, insgesamt { MONEY($example_total) }. Vorbehaltlich unserer Prüfung. Bitte planen Sie Aufnahme und Rückzahlung sorgfältig.
disclosure_jp_investment = Dies ist keine Einlage und nicht durch die Einlagenversicherung gedeckt. Weder Kapital noch Ertrag sind garantiert: Änderungen von Kursen, Zinsen und Wechselkursen können zu Verlusten unter den eingezahlten Betrag führen. Es fallen Kosten an. Lesen Sie vor dem Kauf die vorvertraglichen Unterlagen und den Prospekt.
disclosure_jp_insurance = Dies ist eine Versicherung, keine Einlage, und nicht durch die Einlagenversicherung gedeckt. Ob Sie sie beantragen, hat keinen Einfluss auf Ihre übrigen Geschäfte mit uns. Lesen Sie die Vertragsübersicht und die wichtigen Hinweise und beachten Sie die Widerrufsfrist.
