"""A text message says a verdict in few words, and the reasons to whom asks for them."""

import pytest

from casework.words import Words
from gateway.channels import gsm
from gateway.channels.brief import MOST_SEGMENTS
from order_store import Turn
from tests.running import ROOT

WORDS = Words.load(ROOT / "domain.yml")
LATE = f"{WORDS('reason_already_shipped')} (ST-N1)"
OWN_COST = f"{WORDS('reason_within_return_window')} (ST-R1)"
ASKED = (
    "I will issue an RMA number so that you can send the Fountain pen Heron, fine nib back for a refund. "
    "Hand it to the carrier by Wednesday 1 April 2026, end of day, Berlin time. "
    "You bear the postage both ways; it is not refunded. Shall I go ahead?"
)
VERDICT = "\n".join(
    [
        f"Cancelling: not possible. {LATE}",
        "Yes, you can send the Fountain pen Heron, fine nib back for a refund until Wednesday 1 April 2026, end of "
        "day, Berlin time \u2013 22 days left.",
        OWN_COST,
        "You bear the postage both ways; it is not refunded.",
        "Please send nothing before you have an RMA number.",
        "I understood this: you do not want it any more. If that is not so, tell me, and I look again.",
    ]
)
REMEDIES = [
    {"remedy": "cancel", "outcome": "not_eligible", "reasons": [{"code": "already_shipped", "clause": "ST-N1"}]},
    {
        "remedy": "return_refund",
        "outcome": "eligible",
        "reasons": [{"code": "within_return_window", "clause": "ST-R1"}],
        "next_step": "request_rma",
    },
]


@pytest.fixture
def decides(rasa):
    buttons = [{"title": each, "payload": f"/{each.lower()}"} for each in ("Yes", "No")]
    verdict = {"v": 1, "kind": "verdict", "remedies": REMEDIES, "dates": [], "more": True}
    question = {"v": 1, "kind": "question", "asks": "confirm"}
    rasa.says({"text": VERDICT, "custom": verdict}, {"text": ASKED, "custom": question, "buttons": buttons})


@pytest.mark.parametrize("channel", ["sms"], indirect=True)
def test_a_long_verdict_is_few_segments_and_nothing_to_decide_by_is_lost(desk, ada, decides):
    ada.says("I changed my mind")
    desk.settle()
    (text,) = ada.read
    assert gsm.segments(text) <= MOST_SEGMENTS + 1
    for kept in ("22 days left", "(ST-R1)", "(ST-N1)", "you do not want it", "postage both ways", "MORE"):
        assert kept in text
    assert text.endswith("Shall I go ahead?\n1 Yes\n2 No")
    assert text.count("You bear the postage") == 1
    assert OWN_COST not in text
    assert gsm.segments(text) < gsm.segments(gsm.written(f"{VERDICT}\n\n{ASKED}"))


@pytest.mark.parametrize("channel", ["sms"], indirect=True)
def test_more_gives_the_reasons_and_the_question_stays_open(desk, ada, rasa, decides):
    ada.says("I changed my mind")
    desk.settle()
    ada.says("More!")
    desk.settle()
    assert gsm.written(OWN_COST) in ada.read[-1]
    assert gsm.written(LATE) in ada.read[-1]
    assert len(desk.rows(Turn)) == 1
    ada.says("1")
    desk.settle()
    assert rasa.heard[-1]["message"] == "/yes"


@pytest.mark.parametrize("channel", ["sms"], indirect=True)
def test_more_is_a_word_like_any_other_where_no_verdict_was_told(desk, ada, rasa):
    ada.says("My nib is bent")
    desk.settle()
    ada.says("more")
    desk.settle()
    assert rasa.heard[-1]["message"] == "more"


@pytest.mark.parametrize("channel", ["whatsapp", "email"], indirect=True)
def test_where_words_cost_nothing_all_of_them_are_said(desk, ada, decides):
    ada.says("I changed my mind")
    desk.settle()
    assert VERDICT in ada.read[0].replace("\r\n", "\n")
    assert "MORE" not in ada.read[0]
