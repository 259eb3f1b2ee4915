"""The machines hold what they promise, and what happens to a row is what its audit trail tells."""

import threading
from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from order_store import (
    AuditEntry,
    Base,
    Database,
    ImpossibleTransition,
    Order,
    Refund,
    Repair,
    Rma,
    history,
    name_of,
    new_number,
    possible_events,
    replay,
    state_of,
    transition,
)
from order_store.lifecycles import LIFECYCLES
from order_store.machines import LINE, MACHINES, RMA
from order_store.stepping import CASE, Lifecycle
from scripts.lifecycles_page import COMMAND, PAGE, page
from tests.store.conftest import NOW
from tests.store.test_store_finding import a_dispute, an_rma

State = dict[str, str]
BY = {"at": NOW, "who": "shop:desk", "why": "ST-D4"}


def beginnings(lifecycle: Lifecycle) -> Iterator[State]:
    """The states a row can begin in: one for each value of the columns that never change."""
    for values in product(*lifecycle.given.values()):
        yield lifecycle.beginning | dict(zip(lifecycle.given, values, strict=True))


def after(lifecycle: Lifecycle, state: State) -> Iterator[State]:
    """The states one step away."""
    for event in lifecycle.possible(state):
        step = lifecycle.step(event, state)
        assert step is not None
        yield state | step.leads_to


def reachable(lifecycle: Lifecycle) -> list[State]:
    found = list(beginnings(lifecycle))
    for state in found:
        found += [each for each in after(lifecycle, state) if each not in found]
    return found


def is_done(lifecycle: Lifecycle, state: Mapping[str, str]) -> bool:
    return state[CASE] == "closed" if CASE in lifecycle.columns else not lifecycle.possible(state)


# -- the machines --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lifecycle", MACHINES, ids=lambda each: each.name)
class TestMachine:
    def test_its_steps_speak_of_states_there_are(self, lifecycle: Lifecycle) -> None:
        known = {**lifecycle.columns, **lifecycle.given}
        for step in lifecycle.steps:
            for column, states in step.needs.items():
                assert set(states) <= set(known[column]), step
            assert set(step.leads_to) <= set(lifecycle.columns) & set(step.needs), step
            assert all(state in lifecycle.columns[column] for column, state in step.leads_to.items()), step

    def test_every_state_can_be_reached(self, lifecycle: Lifecycle) -> None:
        for column, states in lifecycle.columns.items():
            assert {state[column] for state in reachable(lifecycle)} == set(states)

    def test_every_step_can_be_taken(self, lifecycle: Lifecycle) -> None:
        taken = {id(lifecycle.step(event, state)) for state in reachable(lifecycle) for event in lifecycle.events}
        assert [step for step in lifecycle.steps if id(step) not in taken] == []

    @given(data=st.data())
    def test_no_sequence_of_events_reaches_a_state_that_is_not_told(
        self, lifecycle: Lifecycle, data: st.DataObject
    ) -> None:
        state = data.draw(st.sampled_from(list(beginnings(lifecycle))))
        for event in data.draw(st.lists(st.sampled_from(lifecycle.events), max_size=20)):
            step = lifecycle.step(event, state)
            assert (step is not None) == (event in lifecycle.possible(state))
            state |= step.leads_to if step is not None else {}
            assert all(state[column] in states for column, states in lifecycle.columns.items())


ENDING = [lifecycle for lifecycle in MACHINES if lifecycle is not LINE]
"""An article runs out and comes back for ever; everything else comes to an end."""


@pytest.mark.parametrize("lifecycle", ENDING, ids=lambda each: each.name)
def test_from_every_state_there_is_a_way_to_an_end(lifecycle: Lifecycle) -> None:
    states = reachable(lifecycle)
    ending = [state for state in states if is_done(lifecycle, state)]
    for state in states * 12:
        if state not in ending and any(each in ending for each in after(lifecycle, state)):
            ending.append(state)
    assert [state for state in states if state not in ending] == []


def test_a_closed_return_is_never_changed_again_unless_it_expired() -> None:
    for state in reachable(RMA):
        assert state[CASE] == "open" or state["decision"] == "expired" or RMA.possible(state) == ()


def test_of_what_expired_only_the_goods_move_or_it_holds_again_as_it_was() -> None:
    """It was handed over in time and nobody had said so; else its parcel goes back."""
    for state in reachable(RMA):
        if state["decision"] == "expired" and state[CASE] == "closed":
            assert RMA.step("accept", state) is None
            for each in after(RMA, state):
                moved = {column for column, _ in each.items() - state.items()}
                assert moved == {"goods"} or each == state | RMA.beginning | {"decision": "approved"} or not moved


def test_of_a_closed_case_only_money_still_moves() -> None:
    for lifecycle in MACHINES:
        if CASE not in lifecycle.columns:
            continue
        for state in reachable(lifecycle):
            if state[CASE] == "closed" and state.get("decision") != "expired":
                moved = {column for each in after(lifecycle, state) for column, _ in each.items() - state.items()}
                assert moved <= {"settlement", "fee"}


def test_a_decision_is_never_taken_back() -> None:
    undone = {"requested": set(), "approved": {"requested"}}
    for state in reachable(RMA):
        for each in after(RMA, state):
            final = {"accepted", "accepted_in_part", "rejected", "cancelled", "expired"}
            if state["decision"] in final and each[CASE] == state[CASE]:
                assert each["decision"] == state["decision"]
            assert each["decision"] not in undone.get(state["decision"], set())


def test_money_moves_only_after_the_decision() -> None:
    for state in reachable(RMA):
        if state["settlement"] in {"due", "refunded", "exchanged", "repaired"}:
            assert state["decision"] in {"accepted", "accepted_in_part"}


def test_every_kind_of_case_has_a_machine_and_every_machine_a_table() -> None:
    assert list(LIFECYCLES.values()) == list(MACHINES)
    for table, lifecycle in LIFECYCLES.items():
        columns = set(table.__table__.columns.keys())
        assert {*lifecycle.columns, *lifecycle.given} - {CASE} <= columns
        assert (lifecycle.ends in columns) == (CASE in lifecycle.columns)


def test_the_page_of_lifecycles_says_what_the_machines_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), f"docs/lifecycles.md is out of date; run: {COMMAND}"


# -- rows ----------------------------------------------------------------------------------------------------


def a_repair(line_id: int) -> Repair:
    return Repair(line_id=line_id, number=new_number("repair"), received_at=NOW, idempotency_key=new_number("repair"))


def stored(database: Database, row: Base) -> Base:
    with database.write() as session:
        session.add(row)
    return row


def test_a_step_changes_the_state_and_says_who_when_why_and_from_where(database: Database, order: Order) -> None:
    rma = stored(database, an_rma(order.lines[0].id, decision="approved"))
    with database.write() as session:
        transition(session, session.merge(rma), "send", **BY, details={"quantity": 1})
    with database.read() as session:
        rma = session.get_one(Rma, 1)
        (entry,) = history(session, rma)
    assert rma.goods == "sent"
    assert (entry.at, entry.who, entry.why) == (NOW, "shop:desk", "ST-D4")
    assert (entry.what, entry.subject) == ("rma.send", "rma:1")
    assert entry.details == {"from": {"goods": "awaited"}, "to": {"goods": "sent"}, "quantity": 1}


def test_an_impossible_step_is_refused_by_name_and_changes_nothing(database: Database, order: Order) -> None:
    rma = stored(database, an_rma(order.lines[0].id, number="RMA-1", decision="approved"))
    with pytest.raises(ImpossibleTransition) as refused, database.write() as session:
        transition(session, session.merge(rma), "refund", **BY)
    assert str(refused.value) == (
        "RMA-1 (goods awaited, decision approved, settlement none, case open, remedy return_refund): refund is not"
        " possible; possible now: cancel, expire, send, receive_in_part, receive"
    )
    with database.read() as session:
        assert state_of(session.get_one(Rma, 1))["settlement"] == "none"
        assert session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.subject == "rma:1")) == 0


def test_an_event_nobody_knows_is_refused_like_one_that_cannot_be(database: Database, order: Order) -> None:
    rma = stored(database, an_rma(order.lines[0].id))
    with pytest.raises(ImpossibleTransition, match="burn is not possible"), database.write() as session:
        transition(session, session.merge(rma), "burn", **BY)


def test_what_is_over_says_so(database: Database, order: Order) -> None:
    rma = stored(database, an_rma(order.lines[0].id, decision="cancelled", settlement="void"))
    with database.write() as session:
        transition(session, session.merge(rma), "close", **BY)
    with pytest.raises(ImpossibleTransition, match="nothing can happen to it any more"), database.write() as session:
        transition(session, session.get_one(Rma, 1), "send", **BY)
    with database.read() as session:
        assert session.get_one(Rma, 1).closed_at == NOW


def test_a_row_without_a_number_is_called_by_its_kind_and_id(database: Database, order: Order) -> None:
    with database.read() as session:
        assert name_of(order.lines[0]) == f"line {order.lines[0].id}"
        assert possible_events(session.merge(order.lines[0])) == ("run_out",)


def test_a_step_is_taken_from_the_state_in_the_store_not_from_the_one_in_memory(
    database: Database, order: Order
) -> None:
    rma = stored(database, an_rma(order.lines[0].id, decision="approved"))
    with database.write() as session:
        transition(session, session.get_one(Rma, 1), "send", **BY)
    assert isinstance(rma, Rma)
    assert rma.goods == "awaited"
    with database.write() as session:
        session.add(rma)
        with pytest.raises(ImpossibleTransition):
            transition(session, rma, "send", **BY)


def test_of_steps_at_the_same_time_one_is_taken(database: Database, order: Order) -> None:
    stored(database, an_rma(order.lines[0].id, decision="approved"))
    start, taken, refused = threading.Barrier(4), [], []

    def cancel() -> None:
        start.wait()
        try:
            with database.write() as session:
                taken.append(transition(session, session.get_one(Rma, 1), "cancel", **BY))
        except ImpossibleTransition as error:
            refused.append(error)

    threads = [threading.Thread(target=cancel) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), len(refused)) == (1, 3)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_audit_trail_replayed_gives_the_state_and_the_last_word_stands(
    database: Database, order: Order, data: st.DataObject
) -> None:
    line = order.lines[0].id
    kind = data.draw(st.sampled_from(["rma", "dispute", "repair"]))
    with database.write() as session:
        remedy = data.draw(st.sampled_from(["return_refund", "exchange", "warranty_repair"]))
        row = {"rma": an_rma(line, remedy=remedy), "dispute": a_dispute(line), "repair": a_repair(line)}[kind]
        session.add(row)
        session.flush()
        events = LIFECYCLES[type(row)].events
        for event in data.draw(st.lists(st.sampled_from(events), min_size=3, max_size=25)):
            # Half of the time one that can happen, so that cases get far.
            if data.draw(st.booleans()) and possible_events(row):
                event = data.draw(st.sampled_from(possible_events(row)))
            before = state_of(row)
            if event in possible_events(row):
                transition(session, row, event, **BY)
            else:
                with pytest.raises(ImpossibleTransition):
                    transition(session, row, event, **BY)
                assert state_of(row) == before
            assert replay(session, row) == state_of(row)
        session.refresh(row)
        assert replay(session, row) == state_of(row)
        session.rollback()


def test_a_refund_is_paid_once(database: Database, order: Order) -> None:
    line = order.lines[0]
    refund = Refund(
        line_id=line.id,
        amount=line.unit_price,
        currency="EUR",
        because="cancelled",
        requested_at=NOW,
        idempotency_key="a",
    )
    stored(database, refund)
    with database.write() as session:
        transition(session, session.get_one(Refund, 1), "pay", **BY)
    with pytest.raises(ImpossibleTransition, match="refund 1"), database.write() as session:
        transition(session, session.get_one(Refund, 1), "pay", **BY)
