"""What the judge of simulated talks catches, on talks made up for it; and that the same seed makes the same people."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casework.words import Words
from tests.simulation.judging import judge
from tests.simulation.personas import Persona, make_persona
from tests.simulation.talk import LOST, Talk, Turn, digest
from tests.simulation.truth import TrueLine, Truth
from tests.simulation.voices import Voices, with_slips

VOICES = Voices.load()
NO_FREIGHT = {"original_shipping": "none", "return_shipping": "none"}
RETURN = ("store_policy", "return_refund")
CANCEL = ("store_policy", "cancel")


def _remedy(name: tuple[str, str], outcome: str, last_day: str | None = None, pays: Any = None) -> dict[str, Any]:
    programme, remedy = name
    reasons = [{"code": f"{remedy}_{outcome}", "clause": "ST-N1"}]
    terms = {"outcome": outcome, "last_day": last_day, "pays": pays, "reasons": reasons}
    return {"programme": programme, "remedy": remedy, **terms}


OPEN = _remedy(RETURN, "eligible", "2026-03-16", {"original_shipping": "customer", "return_shipping": "customer"})
SHUT = _remedy(CANCEL, "not_eligible")
TRUTH = Truth(
    lines=[
        TrueLine(
            title="Copper kettle",
            remedies={RETURN: OPEN, CANCEL: SHUT},
            granted={RETURN: {**OPEN, "last_day": "2026-03-30"}},
            matters=(RETURN, CANCEL),
            offers=(RETURN,),
            dates=frozenset({("return_window_ends", "ST-A2", "2026-03-16")}),
            deadlines=frozenset({date(2026, 3, 16), date(2026, 3, 30)}),
            cost="39.90",
            person=False,
        )
    ],
    line=0,
    has_remedies=True,
    by_hand=False,
    paid=True,
    parcel=frozenset({date(2026, 3, 2)}),
    secrets=("Ada Fenn", "Copper kettle", "39.90", "TR5512345"),
    strangers=("Odo Strange", "Wall clock"),
)


def _reply(text: str, kind: str, labels: tuple[str, ...] = (), **custom: Any) -> dict[str, Any]:
    choices = [{"id": f"1-{place}", "label": label} for place, label in enumerate(labels)]
    return {"text": text, "choices": choices, "custom": {"v": 1, "kind": kind, **custom}}


def _verdict(*remedies: dict[str, Any], text: str = "until Monday 16 March 2026") -> dict[str, Any]:
    dates = [{"code": "return_window_ends", "clause": "ST-A2", "last_day": "2026-03-16"}]
    return _reply(text, "verdict", line=1, remedies=list(remedies), dates=dates)


OTHER_DATE = {"code": "return_window_ends", "clause": "ST-A2", "last_day": "2026-03-17"}
ASKED = _reply("I can look that up. What is your order number?", "question", asks="order.number")
CONFIRM = _reply("Shall I go ahead?", "question", ("Yes", "No"), asks="confirm")
GIVEN = _reply("Your RMA number: RMA-7K4P-9XQ-M3C", "rma", number="RMA-7K4P-9XQ-M3C", return_by="2026-03-30T23:59:59")
OPENS = Turn("I want to return it", [ASKED], proven=False)
TOLD = Turn("PE-40000 customer.0@example.com", [_verdict(OPEN, SHUT), CONFIRM], answers="order.number")
SAYS_YES = Turn("yes", [GIVEN], (("rmas", "return_refund"),), answers="confirm", yes_to=(0, "return_refund"))
SAYS_NO = Turn("no", [_reply("Nothing done.", "note")], answers="confirm", said_no=True)
GOOD = (OPENS, TOLD, SAYS_YES)


def _persona() -> Persona:
    return replace(make_persona(1, 0, 0, VOICES), goal="return_item", reason="change_of_mind")


def _judged(*turns: Turn, truth: Truth = TRUTH) -> Any:
    return judge(Talk("customer 0", list(turns)), _persona(), truth)


def test_a_talk_in_which_all_is_well_has_nothing_to_complain_of() -> None:
    for turns in (GOOD, (OPENS, TOLD, SAYS_NO)):
        found = _judged(*turns)
        assert (found.wrong, found.unasked, found.leaks, found.unsolved) == ([], [], [], None)
        assert (found.turns, found.fallbacks, found.asked_twice) == (3, 0, [])


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        (_verdict({**OPEN, "outcome": "not_eligible"}, SHUT), "outcome not_eligible told, eligible is true"),
        (_verdict({**OPEN, "last_day": "2026-03-17"}, SHUT), "last_day 2026-03-17 told"),
        (_verdict({**OPEN, "pays": NO_FREIGHT}, SHUT), "pays"),
        (_verdict(OPEN, {**SHUT, "reasons": [{"code": "made_up", "clause": "ST-N1"}]}), "because of made_up told"),
        (_verdict(OPEN, SHUT, text="until Tuesday 17 March 2026"), "2026-03-17 is no day of this matter"),
        ({**_verdict(OPEN, SHUT), "custom": {**_verdict(OPEN, SHUT)["custom"], "dates": [OTHER_DATE]}}, "dates"),
        (_verdict(OPEN, SHUT, _remedy(("store_policy", "upgrade"), "eligible")), "know nothing"),
    ],
)
def test_a_wrong_claim_is_caught_in_the_payload_and_in_the_text(told: dict[str, Any], complaint: str) -> None:
    found = _judged(OPENS, replace(TOLD, replies=[told, CONFIRM]), SAYS_YES)
    assert len(found.wrong) == 1
    assert complaint in found.wrong[0]


def test_a_wrong_day_to_send_it_back_by_is_caught() -> None:
    late = _reply("Your RMA number", "rma", number="RMA-7K4P-9XQ-M3C", return_by="2026-03-31T23:59:59")
    assert "return_by 2026-03-31 told" in _judged(OPENS, TOLD, replace(SAYS_YES, replies=[late])).wrong[0]


def test_what_is_still_asked_for_is_no_claim() -> None:
    unsettled = _verdict({**OPEN, "outcome": "needs_information", "last_day": None, "pays": None}, SHUT)
    assert _judged(OPENS, replace(TOLD, replies=[unsettled, CONFIRM]), SAYS_YES).wrong == []


@pytest.mark.parametrize(
    "turns",
    [
        (OPENS, replace(TOLD, rows=SAYS_YES.rows), SAYS_YES),
        (OPENS, TOLD, replace(SAYS_NO, rows=SAYS_YES.rows)),
        (OPENS, TOLD, replace(SAYS_YES, rows=(("rmas", "exchange"),))),
    ],
)
def test_a_write_before_a_yes_after_a_no_or_of_something_else_is_caught(turns: tuple[Turn, ...]) -> None:
    assert len(_judged(*turns).unasked) == 1


@pytest.mark.parametrize(
    "told",
    [
        _reply("Is it the copper kettle?", "note"),
        _reply("It was 39.90 EUR.", "note"),
        _reply("Which item?", "question", ("Copper kettle",), asks="line"),
        _reply("It travels.", "order", tracking="TR5512345"),
        _reply("Shipped on Monday 2 March 2026.", "note"),
    ],
)
def test_a_fact_told_before_the_owner_is_known_is_caught_and_is_none_afterwards(told: dict[str, Any]) -> None:
    assert len(_judged(replace(OPENS, replies=[told]), TOLD, SAYS_YES).leaks) == 1
    assert _judged(OPENS, replace(TOLD, replies=[told, *TOLD.replies]), SAYS_YES).leaks == []


def test_somebody_elses_order_is_nobodys_business_at_any_time() -> None:
    theirs = _reply("The Wall clock has not been shipped.", "note")
    assert len(_judged(OPENS, replace(TOLD, replies=[theirs, *TOLD.replies]), SAYS_YES).leaks) == 1


@pytest.mark.parametrize(
    ("turns", "lacks"),
    [
        ((OPENS,), "eligible is true, nothing told"),
        ((OPENS, replace(TOLD, replies=[_verdict(OPEN), CONFIRM]), SAYS_YES), "not_eligible is true, nothing told"),
        ((OPENS, TOLD), "nothing offered"),
        ((OPENS, TOLD, replace(SAYS_YES, rows=())), "the store holds []"),
        ((OPENS, TOLD, replace(SAYS_YES, rows=SAYS_YES.rows * 2)), "the store holds"),
    ],
)
def test_a_matter_that_was_not_settled_is_caught(turns: tuple[Turn, ...], lacks: str) -> None:
    assert lacks in (_judged(*turns).unsolved or "")


def test_a_yes_at_a_shop_that_approves_by_hand_leaves_a_ticket_and_no_return() -> None:
    by_hand = replace(TRUTH, by_hand=True)
    ticket = replace(SAYS_YES, rows=(("tickets", "return_refund"),), replies=[_reply("A person", "ticket")])
    assert _judged(OPENS, TOLD, ticket, truth=by_hand).unsolved is None
    assert _judged(*GOOD, truth=by_hand).unsolved is not None


def test_a_question_that_comes_back_right_after_its_answer_is_counted() -> None:
    again = Turn("PE-40000", [_reply("I did not get that.", "note"), ASKED], answers="order.number", proven=False)
    found = _judged(OPENS, again, TOLD, SAYS_YES)
    assert (found.asked_twice, found.fallbacks, found.turns) == (["order.number"], 1, 4)


def test_two_talks_are_the_same_whatever_numbers_were_drawn() -> None:
    other = _reply(
        "Your RMA number: RMA-0000-111-222", "rma", number="RMA-0000-111-222", return_by="2026-03-30T23:59:59"
    )
    same, another = replace(SAYS_YES, replies=[other]), replace(SAYS_YES, said="yep")
    talks = [Talk("customer 0", [OPENS, TOLD, last]) for last in (SAYS_YES, same, another)]
    first, second, third = (digest([talk]) for talk in talks)
    assert first == second != third


def test_the_same_seed_makes_the_same_people_and_another_makes_others() -> None:
    first = [make_persona(3, number, number // 4, VOICES) for number in range(40)]
    again = [make_persona(3, number, number // 4, VOICES) for number in range(40)]
    others = [make_persona(4, number, number // 4, VOICES) for number in range(40)]

    def told(people: list[Persona]) -> list[Any]:
        return [(each.now, each.goal, each.bought, each.strangers, each.facts, each.temper) for each in people]

    assert told(first) == told(again) != told(others)


def test_what_the_judge_looks_for_in_the_text_is_what_the_bot_says() -> None:
    words = Words.load()
    assert all(words(name).startswith(LOST) for name in ("rephrase", "likely", "offer_person"))
    assert "Good to hear" in words("glad_it_works")
    assert words("choice_person") == "Talk to a person"
    assert (words("choice_yes"), words("choice_no")) == ("Yes", "No")


def test_slips_leave_numbers_and_addresses_alone() -> None:
    said = "please return order PE-40000 for customer.0@example.com"
    slipped = with_slips(said, 1.0, random.Random(1))
    assert slipped != said
    assert slipped.endswith("PE-40000 for customer.0@example.com")
