"""An answer to the open question, and what a message names, against what a model takes it for."""

from __future__ import annotations

import pytest
from talk import Documents, Talk, usd


def asked_for_the_reason(**parts: object) -> Talk:
    """A dispute in which the reason is asked for."""
    talk = Talk(**parts)  # type: ignore[arg-type]
    talk.hear("a fee is wrong", "fee_dispute", amount=usd(4.90))
    assert talk.hear("/choose 1") == ["flow_fee_dispute_reason"]
    return talk


def asked_for_the_channel() -> Talk:
    """An appointment of which everything but the channel is known."""
    talk = Talk()
    talk.hear("an appointment about a mortgage", "appointment_book", date="2026-11-26")
    assert talk.hear("/choose 1") == ["flow_appointment_channel"]
    return talk


def transfer() -> Talk:
    """A transfer that is about to be confirmed."""
    talk = Talk()
    talk.hear("send 50 to Anna", "transfer_make", amount=usd(50), person="Anna", account="savings")
    return talk


# --- an answer is an answer


def test_an_answer_wins_over_a_weak_wish_for_a_person():
    talk = asked_for_the_channel()
    assert talk.hear("by phone", "human", probability=0.6) == ["flow_appointment_confirm"]
    assert talk.slots()["channel"] == "phone"


def test_a_sure_wish_for_a_person_wins_over_a_word_of_an_answer():
    talk = asked_for_the_channel()
    assert talk.hear("put me on the phone to a human", "human") == ["dialogue_hand_off_requested"]


def test_a_weak_wish_for_a_person_counts_where_nothing_is_answered():
    talk = asked_for_the_channel()
    assert talk.hear("somebody there?", "human", probability=0.6) == ["dialogue_hand_off_requested"]


def test_an_answer_wins_over_a_weak_wish_to_leave():
    talk = asked_for_the_reason()
    assert talk.hear("never used it", "cancel", probability=0.6) == ["flow_fee_dispute_confirm"]
    assert talk.slots()["reason"] == "not_used"


def test_what_is_only_an_answer_is_no_complaint():
    talk = asked_for_the_reason()
    assert talk.hear("too high", "complaint", sentiment=-0.95) == ["flow_fee_dispute_confirm"]


def test_a_complaint_that_happens_to_have_a_word_of_an_answer_is_one():
    talk = asked_for_the_reason()
    said = talk.hear("too high, and your colleague shouted at me", "complaint")
    assert said == ["dialogue_hand_off_rule"]


def test_a_risk_is_one_though_it_answers():
    talk = asked_for_the_reason()
    assert talk.hear("too high", "fraud_report") == ["dialogue_hand_off_risk"]


def test_wide_characters_say_more_than_narrow_ones():
    talk = asked_for_the_reason(language="ja", market="jp")
    assert talk.hear("高すぎ、担当者を出せ", "complaint") == ["dialogue_hand_off_rule"]


def test_what_an_option_means_is_no_digression_before_it_is_asked_for():
    talk = Talk(documents=Documents(it_was_taken_two_times="an article"))
    talk.hear("a fee is wrong", "fee_dispute")
    said = talk.hear("it was taken two times", "charged_twice")
    assert said == ["flow_fee_dispute_amount"]
    assert "amount" not in talk.slots()
    assert talk.slots()["reason"] == "charged_twice"


# --- the longest word decides


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("住宅ローンの相談を予約したい", "mortgage"),
        ("ローンの相談を予約したい", "loan"),
        ("住房贷款", "mortgage"),
    ],
)
def test_the_longest_word_chooses(said: str, topic: str):
    talk = Talk()
    talk.hear(said, "appointment_book")
    assert talk.slots()["topic"] == topic


def test_the_longest_word_chooses_the_button_too():
    talk = Talk()
    assert talk.hear("an appointment", "appointment_book") == ["flow_appointment_topic"]
    assert talk.hear("住宅ローンで") == ["flow_appointment_day"]
    assert talk.slots()["topic"] == "mortgage"


def test_words_of_two_options_choose_none():
    talk = Talk()
    talk.hear("an appointment about a loan and about funds", "appointment_book")
    assert "topic" not in talk.slots()


# --- anger that only the sentiment tells of


def test_a_correction_is_made_though_it_sounds_upset():
    talk = transfer()
    said = talk.hear("sorry, my mistake, 60", "correction", sentiment=-0.95, amount=usd(60))
    assert said == ["dialogue_corrected", "flow_transfer_confirm"]


def test_leaving_upset_is_leaving():
    assert transfer().hear("forget it!", "cancel", sentiment=-0.95) == ["dialogue_cancelled"]


def test_anger_that_goes_on_needs_a_person_though_it_corrects():
    talk = transfer()
    talk.hear("no! 60!", "correction", sentiment=-0.95, amount=usd(60))
    said = talk.hear("no, you fools! 70!", "correction", sentiment=-0.95, amount=usd(70))
    assert said == ["dialogue_hand_off_anger"]


def test_answers_that_say_nothing_else_are_never_anger():
    talk = Talk()
    talk.hear("an appointment", "appointment_book")
    talk.hear("mortgage", sentiment=-0.95)
    assert talk.state.angry == 0
    assert talk.hear("friday", sentiment=-0.95, date="2026-11-27") == ["flow_appointment_time"]


def test_an_upset_answer_is_taken_once():
    talk = asked_for_the_reason()
    said = talk.hear("because that is way too high for what I get", sentiment=-0.95)
    assert (said, talk.state.angry) == (["flow_fee_dispute_confirm"], 1)


# --- words that name a flow


@pytest.mark.parametrize(
    ("said", "language", "flow"),
    [
        ("Ich will Geld überweisen", "de", "transfer"),
        ("送金したいのですが", "ja", "transfer"),
        ("¿Me puede dar una cita?", "es", "appointment"),
        ("手数料を返してください", "ja", "fee_dispute"),
    ],
)
def test_words_name_the_flow_where_the_model_is_not_sure(said: str, language: str, flow: str):
    talk = Talk(language=language)
    talk.hear(said, "statement_download", probability=0.4, language=language)
    assert talk.flow() == flow


def test_a_sure_intent_wins_over_words():
    talk = Talk(language="de", documents=Documents(Kann_ich_abends_überweisen="Ja."))
    assert talk.hear("Kann ich abends überweisen", "branch_hours") == ["dialogue_answer"]


def test_words_start_the_flow_where_no_document_answers():
    talk = Talk(language="es", market="es")
    talk.hear("Una cita para hablar de la hipoteca", "mortgage_enquiry", language="es")
    assert (talk.flow(), talk.slots()["topic"]) == ("appointment", "mortgage")


def test_words_start_nothing_while_a_flow_is_talked_about():
    talk = asked_for_the_reason()
    talk.hear("ich wollte überweisen")
    assert talk.flow() == "fee_dispute"


def test_claiming_a_fee_back_is_no_complaint():
    talk = Talk(language="es", market="es")
    talk.hear("Quiero reclamar la comisión", "complaint", sentiment=-0.9, language="es")
    assert talk.flow() == "fee_dispute"


def test_one_word_does_not_turn_a_complaint_into_a_flow():
    talk = Talk(language="de", market="de")
    said = talk.hear("Beschwerde: keiner nennt mir den Kontostand", "complaint", language="de")
    assert said == ["dialogue_hand_off_rule"]


def test_words_do_not_hide_a_risk():
    talk = Talk(language="es", market="es")
    said = talk.hear("reclamo la comisión de un fraude", "fraud_report", probability=0.4, language="es")
    assert said == ["dialogue_hand_off_risk"]
