"""What the judge of simulated talks catches, on talks made up for it; and that the same seed makes the same people."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casework.premises import premises_told
from casework.words import Words
from policy_core import read_case
from tests.simulation.announced import announced_in
from tests.simulation.judging import judge
from tests.simulation.pasts import Past, Standing
from tests.simulation.personas import Persona, make_persona
from tests.simulation.premises import on_premises
from tests.simulation.stored import Left
from tests.simulation.talk import LOST, Row, Talk, Turn, Yes, digest
from tests.simulation.truth import TrueLine, Truth
from tests.simulation.voices import Voices, with_slips

VOICES = Voices.load()
NOTHING_ELSE = Left()
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
REFERRED = _remedy(CANCEL, "refer_to_person")
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
            wanted="return_refund",
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
SAYS_YES = Turn(
    "yes", [GIVEN], (Row("rmas", "return_refund", 0, 1),), answers="confirm", yes_to=Yes(0, "return_refund")
)
SAYS_NO = Turn("no", [_reply("Nothing done.", "note")], answers="confirm", said_no=True)
GOOD = (OPENS, TOLD, SAYS_YES)


def _persona() -> Persona:
    made = make_persona(1, 0, 0, VOICES)
    return replace(
        made, goal="return_item", reason="change_of_mind", past=None, vouched_for=None, second=None, also_line=None
    )


def _judged(*turns: Turn, truth: Truth = TRUTH, left: Left = NOTHING_ELSE, **persona: Any) -> Any:
    return judge(Talk("customer 0", list(turns)), replace(_persona(), **persona), truth, left)


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
        (OPENS, TOLD, replace(SAYS_YES, rows=(Row("rmas", "exchange", 0, 1),))),
    ],
)
def test_a_write_before_a_yes_after_a_no_or_of_something_else_is_caught(turns: tuple[Turn, ...]) -> None:
    assert len(_judged(*turns).unasked) == 1


ONCE = Row("rmas", "return_refund", 0, 1)


@pytest.mark.parametrize(
    "turns",
    [
        (SAYS_YES, Turn("thanks", [], (ONCE, ONCE))),
        (replace(SAYS_YES, rows=(ONCE._replace(line=1),)),),
        (replace(SAYS_YES, rows=(ONCE._replace(pieces=2),)),),
        (replace(SAYS_YES, rows=(ONCE, Row("tickets", "invoice"))),),
        (replace(SAYS_YES, yes_to=None, said="yes, but only if it costs me nothing"), replace(SAYS_YES)),
    ],
)
def test_one_yes_is_to_one_line_to_so_many_pieces_and_once(turns: tuple[Turn, ...]) -> None:
    assert len(_judged(OPENS, TOLD, *turns).unasked) == 1


def test_a_ticket_counts_by_its_number_and_why_it_was_opened() -> None:
    asked: dict[str, Any] = {"goal": "human_handoff"}
    told = Turn("a person", [_reply("A person", "ticket", number="TKT-1")])
    assert _judged(told, left=Left(tickets={"TKT-1": "asked_for_person"}), **asked).unsolved is None
    assert _judged(told, left=Left(tickets={"TKT-1": "invoice"}), **asked).unsolved == "no ticket"
    assert "no such ticket" in _judged(told, left=NOTHING_ELSE, **asked).wrong[0]
    twice = replace(told, replies=told.replies * 2)
    found = _judged(twice, left=Left(tickets={"TKT-1": "invoice"}), goal="invoice", second="human_handoff")
    assert "one ticket told as 2" in found.wrong[0]


def test_who_asks_for_two_things_has_both() -> None:
    ticket = _reply("A person", "ticket", number="TKT-1")
    own = Left(tickets={"TKT-1": "asked_for_person"})
    both = (OPENS, TOLD, replace(SAYS_YES, replies=[GIVEN, ticket]))
    assert _judged(*both, left=own, second="human_handoff").unsolved is None
    assert "no person" in (_judged(*GOOD, second="human_handoff").unsolved or "")
    assert "invoice" in (_judged(*GOOD, second="invoice").unsolved or "")
    assert _judged(*GOOD, also_line=1).unsolved == "nothing told of the second item"


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
        ((OPENS, replace(TOLD, replies=[_verdict(SHUT), CONFIRM]), SAYS_YES), "eligible is true, nothing told"),
        ((OPENS, TOLD), "nothing offered"),
        ((OPENS, TOLD, replace(SAYS_YES, rows=())), "the store holds []"),
        ((OPENS, TOLD, replace(SAYS_YES, rows=SAYS_YES.rows * 2)), "the store holds"),
    ],
)
def test_a_matter_that_was_not_settled_is_caught(turns: tuple[Turn, ...], lacks: str) -> None:
    assert lacks in (_judged(*turns).unsolved or "")


def test_of_what_is_closed_only_what_was_come_for_has_to_be_told() -> None:
    told = (OPENS, replace(TOLD, replies=[_verdict(OPEN), CONFIRM]), SAYS_YES)
    assert _judged(*told).unsolved is None
    came_to_cancel = replace(TRUTH, lines=[replace(TRUTH.own, wanted="cancel")])
    assert "cancel: not_eligible is true, nothing told" in (_judged(*told, truth=came_to_cancel).unsolved or "")
    left_to_a_person = replace(TRUTH, lines=[replace(TRUTH.own, remedies={RETURN: OPEN, CANCEL: REFERRED})])
    assert "cancel: refer_to_person is true, nothing told" in (_judged(*told, truth=left_to_a_person).unsolved or "")


def test_an_exchange_without_a_last_day_is_no_wrong_claim_and_one_with_a_made_up_day_is() -> None:
    exchange = _remedy(("store_policy", "exchange"), "eligible")
    own = replace(TRUTH.own, granted={**TRUTH.own.granted, ("store_policy", "exchange"): exchange})
    truth = replace(TRUTH, lines=[own])
    for return_by, wrong in ((None, 0), ("2026-03-30T23:59:59", 1)):
        given = _reply("Your RMA number", "rma", number="RMA-7K4P-9XQ-M3C", return_by=return_by)
        yes = replace(SAYS_YES, replies=[given], rows=(Row("rmas", "exchange", 0, 1),), yes_to=Yes(0, "exchange"))
        assert len(_judged(OPENS, TOLD, yes, truth=truth).wrong) == wrong


def test_what_is_written_for_another_reason_than_the_customers_is_a_wrong_claim() -> None:
    assert _judged(*GOOD, left=Left(reasons=("ordered_wrong",))).wrong == []  # as much a change of mind
    assert "the store holds the reason not_received" in _judged(*GOOD, left=Left(reasons=("not_received",))).wrong[0]


def test_a_yes_at_a_shop_that_approves_by_hand_leaves_a_ticket_and_no_return() -> None:
    by_hand = replace(TRUTH, by_hand=True)
    ticket = replace(
        SAYS_YES, rows=(Row("tickets", "return_refund", 0),), replies=[_reply("A person", "ticket", number="TKT-1")]
    )
    assert _judged(OPENS, TOLD, ticket, truth=by_hand).unsolved is None
    assert _judged(*GOOD, truth=by_hand).unsolved is not None


FAULTY = read_case(
    {
        "as_of": "2026-03-10T12:00:00+01:00",
        "shop": {"programmes": ["store_policy"], "timezone": "Europe/Berlin"},
        "order": {"paid_at": "2026-03-01T12:00:00+01:00", "shipped_at": "2026-03-02T12:00:00+01:00"},
        "claim": {"reason": "defective", "caused_by_customer": False, "photos": 1},
    }
)
OF_FAULTY = replace(TRUTH, lines=[replace(TRUTH.own, cases=(FAULTY,))])


def _misheard(reason: str, outcome_of: str, text: str) -> Turn:
    """A verdict that rests on `reason`, as the policies decide it for `outcome_of`."""
    (decided,) = on_premises((FAULTY,), {"claim.reason": outcome_of})
    told = [each for each in decided["remedies"] if each["remedy"] in ("return_refund", "exchange")]
    verdict = _reply(text, "verdict", line=1, remedies=told, dates=[], rests_on={"claim.reason": reason})
    return replace(TOLD, replies=[verdict, CONFIRM])


def test_a_verdict_on_a_premise_said_back_is_judged_by_it_and_has_to_be_put_right() -> None:
    words = Words.load()
    back = premises_told(words, {"claim.reason": "missing_parts"})
    on_it = _misheard("missing_parts", "missing_parts", back)
    asked: dict[str, Any] = {"truth": OF_FAULTY, "reason": "change_of_mind"}
    put_right = _judged(OPENS, on_it, TOLD, SAYS_YES, **asked)
    assert (put_right.wrong, put_right.misheard) == ([], 1)
    stands = _judged(OPENS, on_it, SAYS_NO, **asked)
    assert stands.wrong == ["at the end claim.reason stands as missing_parts, which is not so"]
    unsaid = _judged(OPENS, _misheard("missing_parts", "missing_parts", "as it is"), TOLD, SAYS_YES, **asked)
    assert any("outcome" in each for each in unsaid.wrong)
    not_even_then = _judged(OPENS, _misheard("missing_parts", "defective", back), TOLD, SAYS_YES, **asked)
    assert all("not even if" in each for each in not_even_then.wrong)
    assert not_even_then.wrong


def test_what_is_asked_besides_is_judged_without_a_reason_and_only_that() -> None:
    (without,) = on_premises((FAULTY,), {"claim.reason": None})
    verdict = _reply("The cover", "verdict", line=1, remedies=without["remedies"], dates=[])
    beside = _reply("Now to your other question", "next", goal="warranty")
    truth = replace(OF_FAULTY, lines=[replace(OF_FAULTY.own, remedies={}, matters=())])
    own = replace(TOLD, replies=[verdict, CONFIRM])
    assert _judged(OPENS, own, SAYS_YES, truth=truth).wrong
    assert _judged(OPENS, replace(own, replies=[beside, verdict]), SAYS_YES, truth=truth).wrong == []


def test_a_premise_that_is_true_excuses_nothing() -> None:
    back = premises_told(Words.load(), {"claim.reason": "change_of_mind"})
    told = _misheard("change_of_mind", "missing_parts", back)
    assert _judged(OPENS, told, TOLD, SAYS_YES, truth=OF_FAULTY, reason="change_of_mind").wrong


STANDING = Standing(
    number="RMA-7K4P-9XQ-M3C",
    status="received",
    last_day=date(2026, 3, 30),
    refund=("requested", "39.90", "EUR", "returned"),
    days=frozenset({date(2026, 3, 2)}),
)
STOOD = replace(TRUTH, standing=STANDING)
STATUS = {"number": STANDING.number, "status": "received"}
MONEY = {"state": "requested", "amount": "39.90", "currency": "EUR", "because": "returned"}


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        (_reply("It has arrived", "rma_status", **STATUS), None),
        (_reply("It is refunded", "rma_status", **{**STATUS, "status": "refunded"}), "'received'"),
        (_reply("Another", "rma_status", **{**STATUS, "number": "RMA-0000-000-000"}), STANDING.number),
        (_reply("It came on Monday 2 March 2026", "rma_status", **STATUS), None),
        (_reply("It came on Monday 9 March 2026", "rma_status", **STATUS), "2026-03-09"),
        (GIVEN, None),
        (_reply("Until then", "rma", number=STANDING.number, return_by="2026-03-31T23:59:59"), "2026-03-31"),
        (_reply("Asked for", "refund_status", lines=[{"line": 1, "refunds": [MONEY], "rma": None}]), None),
        (
            _reply(
                "More", "refund_status", lines=[{"line": 1, "refunds": [{**MONEY, "amount": "41.00"}], "rma": None}]
            ),
            "41",
        ),
        (_reply("None", "refund_status", lines=[{"line": 1, "refunds": [], "rma": None}]), "39.90"),
    ],
)
def test_what_stands_of_an_rma_and_of_its_money_is_told_as_it_is(told: dict[str, Any], complaint: str | None) -> None:
    found = _judged(OPENS, replace(TOLD, replies=[told]), truth=STOOD, goal="rma")
    assert len(found.wrong) == (complaint is not None)
    assert complaint is None or complaint in found.wrong[0]


def test_a_parcel_told_of_is_noted_with_its_own_number() -> None:
    waits = replace(STOOD, standing=replace(STANDING, status="approved"))
    sent = Past("approved", 1, "TR123456789", "Parcel Post")
    noted = Turn(
        "yes",
        [_reply("Noted", "rma_status", **{**STATUS, "status": "sent"})],
        (Row("parcels", "sent", _persona().line),),
    )
    talk = (OPENS, replace(TOLD, replies=[GIVEN]), replace(noted, yes_to=Yes(_persona().line, "sent")))
    asked: dict[str, Any] = {"truth": waits, "goal": "rma", "past": sent}
    assert _judged(*talk, left=Left(trackings=("TR123456789",)), **asked).unsolved is None
    assert "as parcels" in (_judged(*talk, left=Left(trackings=(None,)), **asked).unsolved or "")
    other = _judged(*talk, left=Left(trackings=("TR999999999",)), **asked)
    assert "holds the parcel TR999999999" in other.wrong[0]
    assert "not taken" in (_judged(*talk[:2], **asked).unsolved or "")


DUE = replace(TRUTH, due_on=date(2026, 4, 1))
TAKEN_DOWN = _reply("by Wednesday 1 April 2026", "privacy", number="PRV", asks_for="erasure", due_on="2026-04-01")
ASKS = (OPENS, Turn("yes", [TAKEN_DOWN], (Row("privacy", "erasure"),), answers="confirm", yes_to=Yes(0, "erasure")))


def test_a_request_about_personal_data_is_judged_by_its_kind_its_day_and_where_the_answer_goes() -> None:
    asked: dict[str, Any] = {"truth": DUE, "goal": "privacy_request", "wish": "erasure"}
    own = Left(contacts=(_persona().email,), due=(date(2026, 4, 1),))
    found = _judged(*ASKS, left=own, **asked)
    assert (found.wrong, found.unasked, found.unsolved) == ([], [], None)
    assert "erasure" in _judged(*ASKS, left=own, **{**asked, "wish": "access"}).wrong[0]
    assert "2026-04-02" in _judged(*ASKS, left=replace(own, due=(date(2026, 4, 2),)), **asked).wrong[0]
    assert "somebody" in _judged(*ASKS, left=replace(own, contacts=("somebody@example.com",)), **asked).wrong[0]
    without_a_yes = replace(ASKS[1], yes_to=None, said_no=True)
    assert len(_judged(OPENS, without_a_yes, left=own, **asked).unasked) == 1


def test_an_invoice_is_a_ticket_after_a_yes_and_none_after_a_no() -> None:
    ticket = _reply("Your ticket number", "ticket", number="TKT-1")
    yes = Turn("yes", [ticket], (Row("tickets", "invoice"),), answers="confirm", yes_to=Yes(0, "invoice"))
    assert _judged(OPENS, yes, goal="invoice", left=Left(tickets={"TKT-1": "invoice"})).unsolved is None
    assert "the store holds []" in (_judged(OPENS, replace(yes, rows=()), goal="invoice").unsolved or "")
    assert _judged(OPENS, SAYS_NO, goal="invoice").unsolved is None
    assert _judged(OPENS, goal="invoice").unsolved == "nothing offered"


def test_whoever_their_shop_vouches_for_is_not_asked_who_they_are() -> None:
    who = replace(OPENS, replies=[_reply("And which e-mail address?", "question", asks="customer.email")])
    assert _judged(who, TOLD, SAYS_YES).unsolved is None
    assert "for whom the shop vouches" in (_judged(who, TOLD, SAYS_YES, vouched_for=()).unsolved or "")


def test_a_parcel_is_a_yes_only_to_the_customers_own_number() -> None:
    words = Words.load()
    persona = replace(_persona(), past=Past("approved", 1, "TR123456789", "Parcel Post"))
    told = {"item": persona.title, "number": "RMA-7K4P-9XQ-M3C", "carrier": "the carrier"}
    own = words("announce_sent", tracking="TR123456789", **told)
    assert announced_in(own, persona, words, ()) == Yes(persona.line, "sent")
    assert announced_in(words("announce_sent", tracking="TR999999999", **told), persona, words, ()) is None


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
    assert digest([Talk("customer 0", [OPENS])], ["a wrong claim"]) != digest([Talk("customer 0", [OPENS])], [])


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
