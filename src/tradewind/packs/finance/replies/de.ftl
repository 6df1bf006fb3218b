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
channel-attachments = Ich kann hier nur Text lesen und den Anhang daher nicht öffnen. Bitte schreiben Sie mir kurz, was darin steht, oder bitten Sie um eine Person aus unserem Team.

## Produkte

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

## Überweisung

flow_transfer_account = Von welchem Konto soll ich das Geld überweisen?
flow_transfer_account_why = Sie haben mehrere Konten, und ich muss wissen, von welchem das Geld abgehen soll.
flow_transfer_recipient = An wen soll das Geld gehen?
flow_transfer_recipient_why = In einer Überweisung muss stehen, welche Person oder Firma das Geld erhält.
flow_transfer_amount = Wie viel möchten Sie überweisen?
flow_transfer_amount_again = Bitte nennen Sie mir den Betrag als Zahl, zum Beispiel 250.
flow_transfer_amount_why = Ich brauche den Betrag, um die Überweisung vorzubereiten. Ohne Ihre Bestätigung wird nichts überwiesen.
flow_transfer_amount_positive = Der Betrag muss größer als null sein.
flow_transfer_amount_limit = Das liegt über der Grenze für Überweisungen im Chat. Größere Beträge können Sie im Online-Banking überweisen.
flow_transfer_confirm = Soll ich { $amount } von Ihrem Konto „{ $account_text }“ an { $recipient } überweisen?
flow_transfer_no_funds = Dafür reicht das Guthaben auf „{ $account_text }“ nicht aus: Verfügbar sind { $transfer_balance }.
flow_transfer_other_currency = Hier kann ich nur in der Währung Ihres Kontos überweisen.
flow_transfer_done = Erledigt: { $amount } sind an { $recipient } unterwegs. Die Referenz lautet { $transfer_reference }; auf „{ $account_text }“ verbleiben { $transfer_balance }.

## Karte verloren oder gestohlen

flow_card_lost_reason = Haben Sie die Karte verloren oder wurde sie gestohlen?
flow_card_lost_reason_why = Nach einem Diebstahl ist mehr zu tun als nach einem Verlust, und die Ersatzkarte ist kostenlos.
flow_card_lost_reason_lost = Verloren
flow_card_lost_reason_stolen = Gestohlen
flow_card_lost_card = Um welche Karte geht es?
flow_card_lost_card_why = Ich sperre nur diese Karte; Ihre anderen Karten funktionieren weiter.
flow_card_lost_confirm = Soll ich diese Karte jetzt sperren: { $card_text }? Danach kann niemand mehr damit bezahlen.
flow_card_lost_frozen = Die Karte ist gesperrt: { $card_text }.
flow_card_lost_police = Bitte zeigen Sie den Diebstahl bei der Polizei an und heben Sie das Aktenzeichen auf: Wir brauchen es, falls jemand mit der Karte bezahlt hat.
flow_card_lost_replace = Soll ich eine neue Karte an die bei uns hinterlegte Adresse bestellen?
flow_card_lost_no_replacement = In Ordnung. Die Karte bleibt gesperrt; eine neue können Sie jederzeit bestellen.
flow_card_lost_replaced = { $new_free ->
    [true] Ihre neue Karte mit den Endziffern { $new_last4 } sollte bis zum { DATE($new_arrives_on) } bei Ihnen sein. Sie ist kostenlos.
   *[other] Ihre neue Karte mit den Endziffern { $new_last4 } sollte bis zum { DATE($new_arrives_on) } bei Ihnen sein. Sie kostet { MONEY($new_fee) }.
  }

## Karte ersetzen

flow_card_replace_card = Welche Karte möchten Sie ersetzen?
flow_card_replace_card_why = Die neue Karte tritt an die Stelle dieser; die alte funktioniert nicht mehr, sobald die neue aktiviert ist.
flow_card_replace_reason = Warum brauchen Sie eine neue?
flow_card_replace_reason_why = Manche Ersatzkarten sind kostenlos, etwa wenn die alte abgelaufen ist.
flow_card_replace_reason_damaged = Sie ist beschädigt
flow_card_replace_reason_expired = Sie ist abgelaufen oder läuft bald ab
flow_card_replace_reason_name = Mein Name hat sich geändert
flow_card_replace_confirm = Soll ich eine neue Karte bestellen, die diese ersetzt: { $card_text }? Sie geht an die bei uns hinterlegte Adresse.
flow_card_replace_done = { $new_free ->
    [true] Ihre neue Karte mit den Endziffern { $new_last4 } sollte bis zum { DATE($new_arrives_on) } bei Ihnen sein. Sie ist kostenlos.
   *[other] Ihre neue Karte mit den Endziffern { $new_last4 } sollte bis zum { DATE($new_arrives_on) } bei Ihnen sein. Sie kostet { MONEY($new_fee) }.
  }

## Kontostand

flow_balance_one = Auf Ihrem Konto „{ $account_text }“ sind { $balance }.
flow_balance_all = Auf Ihrem Girokonto sind { $bank_current }, auf Ihrem Sparkonto { $bank_savings }.

## Umsätze

flow_transactions_merchant = An welches Geschäft oder welche Firma ging das Geld? Mit „nein“ zeige ich Ihnen die letzten Umsätze.
flow_transactions_merchant_why = Mit einem Namen kann ich Ihnen genau die Zahlungen zeigen, die Sie suchen.
flow_transactions_future = Dieser Tag liegt in der Zukunft. Ab welchem Tag soll ich suchen?
flow_transactions_none = In den letzten zwei Monaten finde ich keinen solchen Umsatz.
flow_transactions_one = Ich habe einen gefunden: { $found_first_amount } an { $found_first_merchant } am { DATE($found_first_date) }.
flow_transactions_list =
    Ich habe { $found_count } Umsätze gefunden, zusammen { $found_total }. Die letzten sind:
    { $found_transactions }
    .found_transactions = • { DATE($date, style: "medium") }: { $amount }, { $merchant }

## Gebühren

flow_fee_question_last = Die letzte Gebühr betrug { $fees_amount } und wurde am { DATE($fees_date) } abgebucht.
flow_fee_question_no_fees = In den letzten zwei Monaten haben wir Ihnen keine Gebühren berechnet.
flow_fee_question_dispute = Glauben Sie, dass eine Gebühr zu Unrecht berechnet wurde?
flow_fee_question_dispute_why = Wenn ja, kann ich gleich eine Beanstandung für Sie anlegen.
flow_fee_question_done = In Ordnung.
flow_fee_dispute_amount = Wie hoch war die Gebühr? Sagen Sie „nein“, wenn Sie es nicht wissen.
flow_fee_dispute_amount_why = Der Betrag hilft mir, die Gebühr unter Ihren Umsätzen zu finden.
flow_fee_dispute_amount_positive = Der Betrag muss größer als null sein.
flow_fee_dispute_none = In den letzten zwei Monaten finde ich keine Gebühr in dieser Höhe.
flow_fee_dispute_fee = Um welche dieser Gebühren geht es?
flow_fee_dispute_reason = Was stimmt damit nicht?
flow_fee_dispute_reason_why = Nach dem Grund richtet sich die Prüfung; manche Fälle lassen sich sofort klären.
flow_fee_dispute_reason_not_agreed = Ich wurde nicht informiert
flow_fee_dispute_reason_charged_twice = Sie wurde doppelt berechnet
flow_fee_dispute_reason_not_used = Ich habe die Leistung nicht genutzt
flow_fee_dispute_reason_too_high = Sie ist zu hoch
flow_fee_dispute_confirm = Soll ich diese Gebühr beanstanden: { $fee_text }?
flow_fee_dispute_already = Zu dieser Gebühr läuft bereits eine Beanstandung. Wir antworten Ihnen bald.
flow_fee_dispute_refunded = Vorgang { $opened_case } ist erledigt: Wir haben Ihrem Girokonto { $opened_amount } erstattet.
flow_fee_dispute_opened = Ich habe Vorgang { $opened_case } über { $opened_amount } angelegt. Sie erhalten unsere Antwort bis zum { DATE($opened_answer_by) }.

## Kredit

flow_loan_amount = Wie viel möchten Sie aufnehmen?
flow_loan_amount_why = Vom Betrag hängen die Raten ab. Das ist nur eine Berechnung und verpflichtet Sie zu nichts.
flow_loan_amount_least = Das liegt unter unserem kleinsten Privatkredit. Wie viel möchten Sie aufnehmen?
flow_loan_amount_most = Das liegt über unserem größten Privatkredit. Eine Baufinanzierung oder ein Geschäftskredit passt vielleicht besser.
flow_loan_months = Über wie viele Monate möchten Sie zurückzahlen?
flow_loan_months_why = Eine längere Laufzeit senkt die Raten und erhöht die Zinsen insgesamt.
flow_loan_months_range = Ein Privatkredit läuft 12 bis 84 Monate.
flow_loan_income = Wie hoch ist Ihr monatliches Nettoeinkommen?
flow_loan_income_why = Alle Raten zusammen dürfen höchstens 40 % des Nettoeinkommens ausmachen.
flow_loan_income_positive = Das Einkommen muss größer als null sein.
flow_loan_offer = { $amount } über { $months } Monate würden bei { PERCENT($quote_rate) } im Jahr { $quote_monthly } im Monat kosten, insgesamt { $quote_total }. Mit Ihrem Einkommen können Sie ihn beantragen.
flow_loan_too_much = { $amount } über { $months } Monate würden { $quote_monthly } im Monat kosten. Das sind mehr als 40 % Ihres Einkommens, deshalb könnten wir den Kredit nicht vergeben. Ein kleinerer Betrag oder eine längere Laufzeit könnte passen.
flow_loan_appointment = Möchten Sie das mit einer Beraterin oder einem Berater besprechen?
flow_loan_appointment_why = In der Beratung lässt sich Ihre gesamte Situation ansehen; sie ist kostenlos.
flow_loan_done = In Ordnung. In der App können Sie den Kredit jederzeit beantragen.

## Termin

flow_appointment_topic = Worüber möchten Sie sprechen?
flow_appointment_topic_why = Damit sich die richtige Fachkraft Zeit für Sie nimmt.
flow_appointment_topic_account = Konto und Karten
flow_appointment_topic_loan = Kredit
flow_appointment_topic_mortgage = Baufinanzierung
flow_appointment_topic_investing = Sparen und Anlegen
flow_appointment_day = Welcher Tag würde Ihnen passen?
flow_appointment_day_why = Ich suche freie Zeiten an diesem Tag oder am nächsten Tag, an dem es welche gibt.
flow_appointment_day_past = Der Termin muss frühestens morgen sein.
flow_appointment_day_far = Termine können Sie bis zu 60 Tage im Voraus vereinbaren.
flow_appointment_none_free = In den zwei Wochen ab diesem Tag ist leider nichts frei.
flow_appointment_time = Diese Zeiten sind frei. Welche passt Ihnen?
flow_appointment_channel = Möchten Sie in die Filiale kommen oder per Telefon oder Video sprechen?
flow_appointment_channel_why = Damit klar ist, ob wir Sie erwarten oder anrufen.
flow_appointment_channel_branch = In der Filiale
flow_appointment_channel_phone = Per Telefon
flow_appointment_channel_video = Per Video
flow_appointment_confirm = Soll ich diesen Termin buchen: { $time_text }?
flow_appointment_taken = Diese Zeit wurde leider gerade vergeben.
flow_appointment_done = Gebucht: { DATE($booked_day, style: "full") } um { TIME($booked_time) } Uhr. Die Referenz lautet { $booked_reference }.

## Produktberatung

flow_product_advice_need = Wonach suchen Sie?
flow_product_advice_need_why = Damit ich Ihnen nur Passendes vorschlage.
flow_product_advice_risk = Wie viel Risiko darf Ihr Geld eingehen?
flow_product_advice_risk_why = Gesetz und Vernunft verlangen es: Ich zeige Ihnen nie etwas mit mehr Risiko, als Sie eingehen möchten.
flow_product_advice_risk_none = Möglichst keines
flow_product_advice_risk_some = Etwas
flow_product_advice_risk_much = Viel, für höhere Erträge
flow_product_advice_none = Ich habe kein Produkt, das zu Ihrem Wunsch und zu Ihrer Situation passt.
flow_product_advice_appointment = Möchten Sie das mit einer Beraterin oder einem Berater besprechen?
flow_product_advice_appointment_why = In der Beratung lassen sich die Produkte in Ruhe vergleichen; sie ist kostenlos.
flow_product_advice_done = In Ordnung. Alle unsere Produkte finden Sie in der App.
