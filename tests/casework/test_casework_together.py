"""Facts asked as one list give the verdict they give one by one."""

from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from casework.asking_next import SLOT_OF_QUESTION, as_if_asked
from casework.asking_next import listed as asked_as_a_list
from casework.cases import Told
from casework.dossier import Dossier
from casework.hearing import hear
from casework.judged import Judged
from casework.messages import Message, Setting
from casework.together import ONE_BY_ONE, SLOT, USUAL, answered, asked_together
from order_store import Database
from tests.casework.orders import NOW, a_dossier, line_of, tell, told

UTC = ZoneInfo("UTC")
SHOPS = ("voltaic", "double")
GOALS_AND_REASONS = [
    ("return_item", "change_of_mind"),
    ("report_defect", "defective"),
    ("warranty", "defective"),
    ("request_refund", "defective"),
]


@pytest.fixture
def store(sqlite_shops: Database) -> Database:
    tell(sqlite_shops, *(told(number=f"N-{shop}", shop=shop) for shop in SHOPS))
    return sqlite_shops


@pytest.mark.parametrize(("goal", "reason"), GOALS_AND_REASONS)
@pytest.mark.parametrize("shop", SHOPS)
def test_the_verdict_is_the_one_that_asking_one_by_one_gives(
    store: Database, shop: str, goal: str, reason: str
) -> None:
    with store.read() as session:

        def judge(told: dict[str, Any]) -> tuple[Dossier, Judged]:
            dossier = a_dossier(goal, f"N-{shop}", shop, reason=reason, photos=1, **told)
            return dossier, dossier.judge(session, line, NOW)

        def one_by_one(truth: dict[str, bool], told: dict[str, Any]) -> Judged:
            told = dict(told)
            while (asked := judge(told)[1].questions) and SLOT_OF_QUESTION.get(asked[0]) in truth:
                told[SLOT_OF_QUESTION[asked[0]]] = truth[SLOT_OF_QUESTION[asked[0]]]
            return judge(told)[1]

        line = line_of(session, a_dossier(goal, f"N-{shop}", shop))
        dossier, judged = judge({})
        listed = asked_as_a_list(dossier, judged)
        for combination in product((True, False), repeat=len(listed)):
            truth = dict(zip(listed, combination, strict=True))
            unusual = {name: value for name, value in truth.items() if value is not USUAL[name]}
            text = "all of it except that" if unusual else "yes"
            answers = answered(text, listed, None if unusual else True, unusual, dont_know=False)
            assert answers == truth
            taken = as_if_asked(session, dossier, line, answers, NOW)
            assert one_by_one(truth, taken).remedies == one_by_one(truth, {}).remedies, truth


def test_two_facts_make_a_list_and_one_does_not() -> None:
    assert asked_together(["complete", "photos", "labels_intact"], None) == ("complete", "labels_intact")
    assert asked_together(["complete", "photos"], None) == ()
    assert asked_together(["complete", "labels_intact"], ONE_BY_ONE) == ()


THREE = ("complete", "activated", "labels_intact")
ALL = {"complete": True, "activated": False, "labels_intact": True}


def _said(text: str, intent: str = "inform", **facts: bool) -> dict[str, Any]:
    spans = tuple(("fact", f"{name}={str(value).lower()}") for name, value in facts.items())
    setting = Setting(SLOT, NOW, UTC, ("Kettle",), (), THREE)
    return hear(Message(text, intent, 0.9, spans), {"goal": "return_item", "requested_slot": SLOT}, setting)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("yes", "affirm"),
        ("all true", "inform"),
        ("Yes, all of that is correct.", "affirm"),
        ("everything is fine", "inform"),
    ],
)
def test_a_yes_says_that_all_of_it_is_true(text: str, intent: str) -> None:
    assert _said(text, intent) == ALL


@pytest.mark.parametrize(
    "text",
    ["all except I used it", "yes but I used it", "everything is true, but I used it", "Yes, only I used it once"],
)
def test_an_exception_counts_and_the_rest_holds(text: str) -> None:
    assert _said(text, activated=True) == ALL | {"activated": True}


def test_an_exception_that_sounds_like_a_wish_changes_no_goal() -> None:
    assert _said("yes but a part is missing", "report_missing_parts", complete=False) == ALL | {"complete": False}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("no", "deny"),
        ("not all of it", "deny"),
        ("yes but it has a tiny scratch", "affirm"),
        ("all except the thing at the back", "inform"),
        ("one by one please", "inform"),
        ("I am not sure", "dont_know"),
    ],
)
def test_what_leaves_open_which_of_them_holds_has_each_asked_alone(text: str, intent: str) -> None:
    assert _said(text, intent) == {SLOT: ONE_BY_ONE}


def test_a_fact_told_with_a_no_counts_and_the_rest_is_asked_alone() -> None:
    assert _said("no, I used it", "deny", activated=True) == {"activated": True, SLOT: ONE_BY_ONE}


def test_a_yes_that_goes_with_an_unusual_fact_is_no_yes_to_the_rest() -> None:
    assert _said("yes I used it", "affirm", activated=True) == {"activated": True, SLOT: ONE_BY_ONE}


def test_facts_told_without_a_yes_count_and_the_rest_stays_open() -> None:
    assert _said("I never used it", activated=False) == {"activated": False}
    assert _said("what a nice day") == {}


@pytest.mark.parametrize(
    "text", ["yep all there", "yes, still in the box", "yes, I have the charger", "yes no scratches"]
)
def test_a_yes_that_may_be_said_of_one_fact_leaves_the_others_to_be_asked(text: str) -> None:
    listed = ("complete", "caused_by_customer", "labels_intact")
    assert answered(text, listed, True, {}, dont_know=False) == {SLOT: ONE_BY_ONE}
    assert answered(text, listed, True, {"complete": True}, dont_know=False) == {"complete": True, SLOT: ONE_BY_ONE}


def test_the_list_and_the_case_speak_of_the_same_facts() -> None:
    assert set(USUAL) <= set(Told.__dataclass_fields__)
    assert set(USUAL) <= set(SLOT_OF_QUESTION.values())
