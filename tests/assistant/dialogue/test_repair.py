"""What works around every flow without being written in any."""

from __future__ import annotations

import pytest
from talk import Documents, Ledger, Talk, usd

from tradewind.assistant.dialogue.model import Heard, Opened, Returned, Silence


def transfer(**parts: object) -> Talk:
    """A conversation in which a transfer is about to be confirmed."""
    talk = Talk(**parts)  # type: ignore[arg-type]
    said = talk.hear(
        "send 50 to Anna from savings", "transfer_make", amount=usd(50), person="Anna", account="savings"
    )
    assert said == ["flow_transfer_confirm"]
    return talk


# --- filling


def test_one_message_may_answer_several_questions():
    talk = Talk()
    assert talk.hear("send 50 to Anna", "transfer_make", amount=usd(50), person="Anna") == [
        "flow_transfer_account"
    ]
    assert talk.hear("savings", account="savings") == ["flow_transfer_confirm"]


def test_a_number_stands_for_the_button_with_this_number():
    talk = Talk()
    talk.hear("send money", "transfer_make")
    talk.hear("2")
    assert talk.hear("Anna", person="Anna") == ["flow_transfer_amount"]
    assert talk.slots()["account"] == "savings"


def test_a_pressed_button_fills_its_slot():
    talk = Talk()
    talk.hear("my card is gone", "card_lost")
    assert talk.hear("/choose 2") == ["flow_card_lost_confirm"]
    assert talk.slots()["card"] == {"last4": "2222", "kind": "credit"}


def test_an_answer_is_read_as_what_was_asked_for_though_the_model_found_nothing_in_it():
    talk = Talk()
    talk.hear("send money from savings to Anna", "transfer_make", account="savings", person="Anna")
    talk.hear("1,250.50")
    assert talk.slots()["amount"] == {"minor": 125050, "currency": "USD"}


def test_a_name_that_the_model_does_not_know_is_taken_as_it_stands():
    talk = Talk()
    talk.hear("send money from savings", "transfer_make", account="savings")
    assert talk.hear("Xiomara Quispe") == ["flow_transfer_amount"]
    assert talk.slots()["recipient"] == "Xiomara Quispe"


def test_a_button_that_was_never_shown_fills_nothing():
    talk = Talk()
    talk.hear("my card is gone", "card_lost")
    assert talk.hear("/choose 99") == ["dialogue_choose_one", "flow_card_lost_card"]
    assert "card" not in talk.slots()


def test_a_value_that_breaks_a_rule_is_refused_and_asked_for_again():
    talk = Talk()
    talk.hear("send money from savings to Anna", "transfer_make", account="savings", person="Anna")
    said = talk.hear("20000", amount=usd(20000))
    assert said == ["flow_transfer_amount_limit", "flow_transfer_amount"]
    assert "amount" not in talk.slots()


def test_a_person_takes_over_after_three_invalid_answers():
    talk = Talk()
    talk.hear("send money from savings to Anna", "transfer_make", account="savings", person="Anna")
    for _ in range(2):
        talk.hear("20000", amount=usd(20000))
    assert talk.hear("20000", amount=usd(20000)) == ["dialogue_hand_off_not_understood"]
    assert talk.reason() == "not_understood"


# --- correcting


def test_a_corrected_slot_takes_the_new_value_and_is_confirmed_anew():
    talk = transfer()
    said = talk.hear("no, 500 not 50", "correction", amount=[usd(500), usd(50)])
    assert said == ["dialogue_corrected", "flow_transfer_confirm"]
    talk.hear("yes", "affirm")
    ((_, arguments),) = talk.bank.changed()
    assert arguments["amount"] == {"minor": 50000, "currency": "USD"}


def test_a_correction_is_held_against_the_rules():
    talk = transfer()
    said = talk.hear("make it 20000", "correction", amount=usd(20000))
    assert said == ["dialogue_corrected", "flow_transfer_amount_limit", "flow_transfer_amount"]


def test_a_correction_while_another_slot_is_asked_for_keeps_the_question():
    talk = Talk()
    talk.hear("send 50 to Anna", "transfer_make", amount=usd(50), person="Anna")
    said = talk.hear("no wait, 60", "correction", amount=usd(60))
    assert said == ["dialogue_corrected", "flow_transfer_account"]
    assert talk.slots()["amount"]["minor"] == 6000


def test_what_depends_on_a_corrected_slot_runs_again():
    talk = Talk(bank=Ledger())
    talk.hear("that fee is wrong", "fee_dispute", amount=usd(4.90))
    assert [call.arguments["amount"]["minor"] for call in talk.bank.calls] == [490]
    talk.hear("sorry, 1.50", "correction", amount=usd(1.50))
    assert [call.arguments["amount"]["minor"] for call in talk.bank.calls] == [490, 150]


def test_one_yes_allows_one_change():
    talk = Talk()
    talk.hear("my debit card was stolen", "card_stolen", card={"kind": "debit"})
    talk.hear("yes", "affirm")
    said = talk.hear("no, the credit card", "correction", card={"kind": "credit"})
    assert said[:2] == ["dialogue_corrected", "flow_card_lost_confirm"]
    assert [arguments["card"]["kind"] for _, arguments in talk.bank.changed()] == ["debit"]
    talk.hear("yes", "affirm")
    assert [arguments["card"]["kind"] for _, arguments in talk.bank.changed()] == ["debit", "credit"]


def test_a_choice_is_corrected_by_its_words():
    talk = Talk()
    talk.hear("my debit card is lost", "card_lost", card={"kind": "debit"})
    assert talk.hear("no, stolen, not lost", "correction") == ["dialogue_corrected", "flow_card_lost_confirm"]
    assert talk.slots()["reason"] == "stolen"


def test_a_correction_after_the_end_says_that_it_is_done():
    talk = transfer()
    talk.hear("yes", "affirm")
    assert talk.hear("no, 500", "correction", amount=usd(500)) == ["dialogue_done_already"]
    assert len(talk.bank.changed()) == 1


# --- cancelling


def test_cancelling_ends_the_flow_and_does_nothing():
    talk = transfer()
    assert talk.hear("forget it", "cancel") == ["dialogue_cancelled"]
    assert talk.flow() is None
    assert talk.bank.changed() == []


def test_cancelling_asks_first_where_something_was_done():
    talk = Talk()
    talk.hear("my debit card was stolen", "card_stolen", card={"kind": "debit"})
    talk.hear("yes", "affirm")
    assert talk.hear("stop", "cancel") == ["dialogue_cancel_question"]
    assert talk.hear("yes", "affirm") == ["dialogue_cancelled"]
    assert talk.flow() is None


def test_taking_back_a_cancellation_goes_on_with_the_question():
    talk = Talk()
    talk.hear("my debit card was stolen", "card_stolen", card={"kind": "debit"})
    talk.hear("yes", "affirm")
    talk.hear("stop", "cancel")
    assert talk.hear("no", "deny") == ["flow_card_lost_replace"]


def test_no_to_a_confirmation_does_nothing():
    talk = transfer()
    assert talk.hear("no", "deny") == ["dialogue_cancelled", "dialogue_anything_else"]
    assert talk.bank.changed() == []


def test_there_is_nothing_to_cancel_outside_a_flow():
    assert Talk().hear("cancel", "cancel") == ["dialogue_nothing_to_cancel"]


# --- digressing


def test_a_digression_to_a_flow_comes_back_and_does_not_ask_again():
    talk = Talk()
    talk.hear("send 50 to Anna", "transfer_make", amount=usd(50), person="Anna")
    said = talk.hear("how much do I have?", "balance_check")
    assert said == ["flow_balance_all", "dialogue_back_to", "flow_transfer_account"]
    assert talk.hear("savings", account="savings") == ["flow_transfer_confirm"]


def test_a_digression_to_a_question_is_answered_from_a_document():
    talk = transfer(documents=Documents(what_do_savings_pay="2 %"))
    said = talk.hear("what do savings pay", "savings_rate")
    assert said == ["dialogue_answer", "flow_transfer_confirm"]
    assert talk.outcome is not None
    assert talk.outcome.says[0].quote is not None
    assert talk.outcome.says[0].quote.text == "2 %"


def test_a_flow_within_a_flow_asks_its_own_question_first():
    talk = transfer()
    assert talk.hear("my card was stolen", "card_stolen") == ["flow_card_lost_card"]
    talk.hear("debit", card={"kind": "debit"})
    talk.hear("yes", "affirm")
    said = talk.hear("no", "deny")
    assert said == ["flow_card_lost_no_replacement", "dialogue_back_to", "flow_transfer_confirm"]
    assert talk.slots()["recipient"] == "Anna"


def test_a_slot_that_is_kept_is_known_to_the_next_flow():
    talk = Talk()
    talk.hear("my debit card is lost", "card_lost", card={"kind": "debit"})
    talk.hear("yes", "affirm")
    talk.hear("no", "deny")
    assert talk.hear("I need a new card", "card_replace") == ["flow_card_replace_reason"]


def test_several_wishes_of_one_message_are_done_in_turn():
    talk = Talk()
    said = talk.hear(
        "I lost my debit card and what is my balance", "card_lost", "balance_check", card={"kind": "debit"}
    )
    assert said == ["flow_card_lost_confirm"]
    talk.hear("yes", "affirm")
    said = talk.hear("no", "deny")
    assert said == [
        "flow_card_lost_no_replacement",
        "dialogue_next",
        "flow_balance_all",
        "dialogue_anything_else",
    ]


def test_an_answer_may_come_with_another_question():
    talk = Talk(documents=Documents(from_savings_and_what_does_it_cost="Nothing"))
    talk.hear("send 50 to Anna", "transfer_make", amount=usd(50), person="Anna")
    said = talk.hear("from savings and what does it cost", "exchange_rate", account="savings")
    assert said == ["dialogue_answer", "flow_transfer_confirm"]


def test_an_understood_question_without_a_document_offers_a_person():
    talk = Talk()
    assert talk.hear("what do savings pay", "savings_rate") == ["dialogue_no_answer"]
    assert talk.outcome is not None
    assert [choice.payload for choice in talk.outcome.says[0].choices] == ["/human"]


# --- the rest of what people say


def test_why_is_answered_with_the_reason_of_the_slot():
    talk = Talk()
    talk.hear("send 50 to Anna", "transfer_make", amount=usd(50), person="Anna")
    assert talk.hear("why?", "why") == ["flow_transfer_account_why", "flow_transfer_account"]


@pytest.mark.parametrize("word", ["greet", "thanks", "goodbye"])
def test_small_talk_keeps_the_question(word):
    talk = transfer()
    assert talk.hear("…", word) == [f"dialogue_{word}", "flow_transfer_confirm"]


def test_silence_is_reminded_once_and_closes_then():
    talk = transfer()
    assert talk.happen(Silence()) == ["dialogue_reminder", "flow_transfer_confirm"]
    assert talk.happen(Silence()) == ["dialogue_closed"]
    assert talk.outcome is not None
    assert talk.outcome.closed
    assert talk.flow() is None
    assert talk.happen(Silence()) == []


def test_a_message_after_a_reminder_is_as_before():
    talk = transfer()
    talk.happen(Silence())
    talk.hear("one moment", "thanks")
    assert talk.happen(Silence()) == ["dialogue_reminder", "flow_transfer_confirm"]


def test_a_person_takes_over_where_one_is_asked_for():
    talk = transfer()
    assert talk.hear("a person please", "human") == ["dialogue_hand_off_requested"]
    assert talk.reason() == "requested"
    assert talk.hear("hello?", "greet") == []


def test_the_conversation_goes_on_where_it_was_when_the_person_gives_it_back():
    talk = transfer()
    talk.hear("a person please", "human")
    assert talk.happen(Returned()) == ["dialogue_back_to", "flow_transfer_confirm"]
    talk.hear("yes", "affirm")
    assert len(talk.bank.changed()) == 1


def test_what_is_not_understood_twice_goes_to_a_person():
    talk = Talk()
    assert talk.hear("blorp") == ["dialogue_not_understood"]
    assert talk.hear("blorp blorp") == ["dialogue_hand_off_not_understood"]
    assert talk.reason() == "not_understood"


def test_likely_intents_are_offered_where_none_is_sure():
    talk = Talk()
    talk.hear("the money thing", "transfer_make", "balance_check", probability=0.2)
    assert talk.outcome is not None
    payloads = [choice.payload for choice in talk.outcome.says[0].choices]
    assert payloads == ["/intent transfer_make", "/intent balance_check", "/human"]
    assert talk.hear("2")[0] == "flow_balance_all"


def test_a_question_that_is_not_understood_is_put_differently():
    talk = Talk()
    talk.hear("send money from savings to Anna", "transfer_make", account="savings", person="Anna")
    assert talk.hear("ping pong?") == ["dialogue_rephrase", "flow_transfer_amount_again"]


def test_understanding_in_between_forgets_the_miss():
    talk = Talk()
    talk.hear("blorp")
    talk.hear("hello", "greet")
    assert talk.hear("blorp") == ["dialogue_not_understood"]


def test_anger_goes_to_a_person():
    talk = transfer()
    assert talk.hear("this is an outrage", sentiment=-0.95) == ["dialogue_hand_off_anger"]
    assert talk.reason() == "anger"


def test_a_risk_topic_goes_to_the_agents_with_the_skill():
    talk = Talk()
    assert talk.hear("somebody took my codes", "fraud_report") == ["dialogue_hand_off_risk"]
    assert talk.outcome is not None
    assert talk.outcome.hand_off is not None
    assert (talk.outcome.hand_off.skill, talk.outcome.hand_off.priority) == ("fraud", 3)


def test_the_language_changes_with_the_message():
    talk = transfer()
    talk.hear("今天的汇率是多少", "exchange_rate", language="zh")
    assert talk.state.language == "zh"
    talk.hear("ok", "affirm", language="de")
    assert talk.state.language == "zh", "two letters are no change of language"


def test_opening_greets_with_what_can_be_done():
    talk = Talk()
    assert talk.happen(Opened()) == ["dialogue_greeting"]
    assert talk.outcome is not None
    assert talk.outcome.says[0].choices[0].payload == "/intent balance_check"


def test_a_failed_action_goes_to_a_person():
    talk = Talk(bank=Ledger(freeze_card="unavailable"))
    talk.hear("my debit card was stolen", "card_stolen", card={"kind": "debit"})
    assert talk.hear("yes", "affirm") == ["dialogue_failure"]
    assert talk.reason() == "failure"


def test_a_refused_action_is_tried_with_another_value():
    talk = transfer(bank=Ledger(make_transfer="no_funds"))
    assert talk.hear("yes", "affirm") == ["flow_transfer_no_funds", "flow_transfer_amount"]
    talk.bank.fails.clear()
    assert talk.hear("20", amount=usd(20)) == ["flow_transfer_confirm"]
    assert talk.hear("yes", "affirm") == ["flow_transfer_done", "dialogue_anything_else"]


def test_an_action_without_an_answer_is_repeated_with_the_same_key():
    """Whoever did not answer may have done it."""
    talk = transfer(bank=Ledger(make_transfer="no_funds"))
    talk.hear("yes", "affirm")
    talk.bank.fails["make_transfer"] = "unavailable"
    talk.hear("50", amount=usd(50))
    before = talk.state
    for _ in range(2):
        talk.state = before
        talk.hear("yes", "affirm")
    assert talk.bank.calls[-1].key == talk.bank.calls[-2].key
    assert talk.bank.calls[-1].key != talk.bank.calls[1].key


def test_a_turn_that_is_worked_out_again_uses_the_same_keys():
    """A server that was killed after the action and before the state was kept does nothing twice."""
    talk = transfer()
    before = talk.state
    talk.hear("yes", "affirm")
    talk.state = before
    talk.hear("yes", "affirm")
    assert len({call.key for call in talk.bank.calls if call.action == "make_transfer"}) == 1


def test_a_flow_that_is_gone_from_the_pack_is_left():
    talk = transfer()
    flows = {name: flow for name, flow in talk.book.flows.items() if name != "transfer"}
    later = Talk(book=type(talk.book)(flows, talk.book.actions, talk.book.settings), state=talk.state)
    assert later.hear("yes", "affirm") == ["dialogue_go_ahead"]


def test_the_trace_says_why():
    talk = transfer()
    talk.hear("no, 500 not 50", "correction", amount=[usd(500), usd(50)])
    assert talk.outcome is not None
    assert [each.what for each in talk.outcome.trace] == ["corrected", "asked"]
    assert talk.outcome.trace[1].step == "steps.4"


def test_a_message_that_nobody_read_does_not_break_the_turn():
    talk = transfer()
    assert talk.happen(Heard("???")) == ["dialogue_rephrase", "flow_transfer_confirm"]


def test_whoever_is_angry_about_what_can_be_mended_is_helped_first():
    talk = Talk()
    assert talk.hear("my debit card was STOLEN!", "card_stolen", sentiment=-0.95, card={"kind": "debit"}) == [
        "flow_card_lost_confirm"
    ]
    assert talk.hear("this takes for ever!", sentiment=-0.95) == ["dialogue_hand_off_anger"]


def test_a_choice_that_is_also_an_intent_answers_the_question():
    talk = Talk()
    talk.hear("a fee is wrong", "fee_dispute", amount=usd(4.90))
    talk.hear("/choose 1")
    assert talk.hear("it was charged twice", "charged_twice") == ["flow_fee_dispute_confirm"]


def test_a_language_that_the_pack_does_not_speak_changes_nothing():
    talk = Talk(language="de")
    talk.hear("vom Girokonto", language="pl")
    assert talk.state.language == "de"


def test_a_complaint_about_what_a_flow_can_do_is_done():
    talk = Talk()
    assert talk.hear("I complain about this fee", "fee_dispute", "complaint") == ["flow_fee_dispute_amount"]
    assert Talk().hear("I complain", "complaint") == ["dialogue_hand_off_rule"]
    assert Talk().hear("my card and a scam", "card_lost", "fraud_report") == ["dialogue_hand_off_risk"]


def test_what_is_told_for_the_second_wish_is_known_when_it_comes():
    talk = Talk()
    talk.hear(
        "I lost my debit card, and what is in savings?", "card_lost", "balance_check",
        card={"kind": "debit"}, account="savings",
    )  # fmt: skip
    talk.hear("yes", "affirm")
    assert talk.hear("no", "deny")[1:3] == ["dialogue_next", "flow_balance_one"]


def test_a_yes_with_another_wish_is_first_of_all_a_yes():
    talk = transfer()
    said = talk.hear("yes, and what is my balance", "affirm", "balance_check")
    assert said == ["flow_transfer_done", "dialogue_next", "flow_balance_all", "dialogue_anything_else"]


def test_a_guess_confirms_nothing():
    talk = transfer()
    assert talk.hear("hm, well", "affirm", probability=0.6) == ["dialogue_rephrase", "flow_transfer_confirm"]
    assert talk.bank.changed() == []
