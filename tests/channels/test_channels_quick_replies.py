"""On WhatsApp choices are buttons where the shop has quick replies for so many, and numbered else."""

import pytest

from order_store import Dispatch
from tests.channels.people import OnWhatsapp

pytestmark = pytest.mark.parametrize("channel", ["whatsapp"], indirect=True)


class TestWithQuickReplies:
    @pytest.fixture
    def environ(self, environ):
        return {**environ, **OnWhatsapp.WITH_BUTTONS}

    def test_a_press_is_the_choice(self, desk, ada, rasa, asks):
        asks()
        ada.says("I want to do something about it")
        desk.settle()
        (asked,) = ada.inbox
        assert asked[1] == "Which shall it be?"
        assert list(asked[2]) == ["Send it back", "Exchange it"]
        ada.chooses("Exchange it")
        desk.settle()
        assert rasa.heard[-1]["message"] == '/inform{"n": 2}'

    def test_typing_the_answer_works_as_well(self, desk, ada, rasa, asks):
        asks()
        ada.says("I want to do something about it")
        desk.settle()
        ada.says("Exchange it")
        desk.settle()
        assert rasa.heard[-1]["message"] == "Exchange it"

    def test_what_was_said_before_stands_by_itself_line_by_line(self, desk, ada, rasa):
        buttons = [{"title": each, "payload": f"/{each.lower()}"} for each in ("Yes", "No")]
        note = {"v": 1, "kind": "note", "more": True}
        question = {"v": 1, "kind": "question", "asks": "confirm"}
        rasa.says(
            {"text": "One line.\nAnother.", "custom": note},
            {"text": "Shall\nI?", "custom": question, "buttons": buttons},
        )
        ada.says("Is it possible?")
        desk.settle()
        assert ada.read == ["One line.\nAnother.", "Shall I?"]
        assert len(desk.rows(Dispatch)) == 1

    @pytest.mark.parametrize("labels", [("1", "2", "3", "4"), ("Send it back for a full refund", "Exchange it")])
    def test_what_does_not_fit_is_told_in_the_text(self, desk, ada, rasa, asks, labels):
        asks(labels=labels)
        ada.says("I want to do something about it")
        desk.settle()
        (asked,) = ada.inbox
        assert asked[2] == {}
        assert all(label in asked[1] for label in labels)

    def test_a_long_question_goes_on_above_its_buttons(self, desk, ada, rasa, asks):
        asks(text="One sentence of some length. " * 60)
        ada.says("I want to do something about it")
        desk.settle()
        assert [bool(buttons) for _, _, buttons in ada.inbox] == [False, True]


class TestWithQuickRepliesForTwo:
    @pytest.fixture
    def environ(self, environ):
        two = "AFTERCARE_WHATSAPP_BUTTONS_2"
        return {**environ, two: OnWhatsapp.WITH_BUTTONS[two]}

    def test_three_choices_are_numbered_and_the_number_is_taken(self, desk, ada, rasa, asks):
        asks(labels=("Send it back", "Exchange it", "Keep it"))
        ada.says("I want to do something about it")
        desk.settle()
        assert "3 Keep it" in ada.read[0]
        ada.says("3")
        desk.settle()
        assert rasa.heard[-1]["message"] == '/inform{"n": 3}'
