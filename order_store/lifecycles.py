"""Changing states: by the steps of the machines alone, each with its row in the audit trail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_store import machines
from order_store.audit import record
from order_store.errors import StoreError
from order_store.finding import lock_line
from order_store.stepping import CASE, Lifecycle
from order_store.tables import (
    AuditEntry,
    BackorderChoice,
    Base,
    Dispute,
    Line,
    PrivacyRequest,
    Refund,
    Repair,
    Rma,
    Ticket,
)

LIFECYCLES: Final[Mapping[type[Base], Lifecycle]] = {
    Rma: machines.RMA,
    Dispute: machines.DISPUTE,
    BackorderChoice: machines.BACKORDER,
    Refund: machines.REFUND,
    Repair: machines.REPAIR,
    PrivacyRequest: machines.PRIVACY,
    Ticket: machines.TICKET,
    Line: machines.LINE,
}
"""The lifecycle of each table that has one."""


class ImpossibleTransition(StoreError):  # noqa: N818
    """An event that cannot happen to a row in its state; the text names all three, and what can happen instead.

    `kind` is the lifecycle's name, `name` what people call the row.
    """

    def __init__(self, kind: str, name: str, state: Mapping[str, str], event: str, possible: tuple[str, ...]) -> None:
        told = ", ".join(f"{column} {value}" for column, value in state.items())
        instead = f"possible now: {', '.join(possible)}" if possible else "nothing can happen to it any more"
        super().__init__(f"{name} ({told}): {event} is not possible; {instead}")
        self.kind, self.name = kind, name
        self.state, self.event, self.possible = dict(state), event, possible


def lifecycle_of(row: Base) -> Lifecycle:
    """The lifecycle `row` goes through. Raises LookupError for a row of a table that has none."""
    return LIFECYCLES[type(row)]


def state_of(row: Base) -> dict[str, str]:
    """The row's state as it is held in memory, by column; the columns no step changes are left out."""
    lifecycle = lifecycle_of(row)
    return {column: _value(row, column, lifecycle) for column in lifecycle.columns}


def possible_events(row: Base) -> tuple[str, ...]:
    """What can happen to the row in its present state."""
    return lifecycle_of(row).possible(_whole_state(row))


def hold(session: Session, row: Base) -> None:
    """Locks the row until the transaction ends, its order line first, and reads it anew.

    Whoever writes to a line's cases takes the line's lock first, so two never wait for each other.
    """
    session.flush()
    line_id = row.id if isinstance(row, Line) else getattr(row, "line_id", None)
    if line_id is None:
        session.refresh(row, with_for_update=True)
        return
    lock_line(session, line_id)
    session.refresh(row)


def transition(
    session: Session,
    row: Base,
    event: str,
    *,
    at: datetime,
    who: str,
    why: str,
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Lets `event` happen to the stored `row`, locked and read anew, and writes its entry in the audit trail.

    `who` is a code ("customer", "shop:desk", "worker"), `why` a clause or a code; `details` holds ids and codes.
    The entry's details also say from which state to which. Raises ImpossibleTransition, and writes nothing then.
    """
    hold(session, row)
    lifecycle, whole = lifecycle_of(row), _whole_state(row)
    step = lifecycle.step(event, whole)
    if step is None:
        raise ImpossibleTransition(lifecycle.name, name_of(row), whole, event, lifecycle.possible(whole))
    for column, state in step.leads_to.items():
        if column == CASE:
            setattr(row, _ends(lifecycle), at if state == "closed" else None)
        else:
            setattr(row, column, state)
    session.flush()
    changed = {"from": {column: whole[column] for column in step.leads_to}, "to": dict(step.leads_to)}
    return record(
        session,
        at=at,
        who=who,
        what=f"{lifecycle.name}.{event}",
        subject=subject_of(row),
        why=why,
        details={**changed, **(details or {})},
    )


def subject_of(row: Base) -> str:
    """What the audit trail calls the row: "rma:17"."""
    return f"{lifecycle_of(row).name}:{_attribute(row, 'id')}"


def name_of(row: Base) -> str:
    """What people call the row: its number, else its kind and id."""
    return str(getattr(row, "number", None) or subject_of(row).replace(":", " "))


def history(session: Session, row: Base) -> list[AuditEntry]:
    """Everything the audit trail holds of the row, oldest first."""
    return list(
        session.scalars(select(AuditEntry).where(AuditEntry.subject == subject_of(row)).order_by(AuditEntry.id))
    )


def replay(session: Session, row: Base) -> dict[str, str]:
    """The row's state as its audit trail tells it, from the beginning to now."""
    state = lifecycle_of(row).beginning
    for entry in history(session, row):
        state |= entry.details.get("to", {})
    return state


def _whole_state(row: Base) -> dict[str, str]:
    lifecycle = lifecycle_of(row)
    return {column: _value(row, column, lifecycle) for column in (*lifecycle.columns, *lifecycle.given)}


def _value(row: Base, column: str, lifecycle: Lifecycle) -> str:
    if column == CASE:
        return "open" if _attribute(row, _ends(lifecycle)) is None else "closed"
    return str(_attribute(row, column))


def _ends(lifecycle: Lifecycle) -> str:
    if lifecycle.ends is None:
        raise ValueError(f"the lifecycle {lifecycle.name} has no end")
    return lifecycle.ends


def _attribute(row: Base, name: str) -> Any:
    return getattr(row, name)
