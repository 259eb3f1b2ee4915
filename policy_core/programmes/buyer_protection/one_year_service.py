"""The one-year service: bought with the item, open after a waiting period (OW-1 to OW-4)."""

from datetime import date

from ...codes import NextStep, Payer, Programme, RemedyName
from ...conditions import FAULTS, reason_not_in
from ...days import after_days, after_years
from ...facts import Facts
from ...rules import Remedy, Terms, eligible, not_eligible, not_yet, pays_both
from ...verdict import Obligation, Period


def _on_line(facts: Facts) -> bool:
    return facts.line.one_year_service is True


def _not_on_line(facts: Facts) -> bool:
    return not _on_line(facts)


def _not_completed(facts: Facts) -> bool:
    return _on_line(facts) and facts.completed_day is None


def _waiting_until(facts: Facts) -> date | None:
    """The last day of the waiting period; None without the service or before completion (OW-2)."""
    if not _on_line(facts) or facts.completed_day is None:
        return None
    return after_days(facts.completed_day, facts.days("service_waiting_days"))


def _last_day(facts: Facts) -> date | None:
    waiting_until = _waiting_until(facts)
    return None if waiting_until is None else after_years(waiting_until, facts.days("service_years"))


def _first_day(facts: Facts) -> date | None:
    waiting_until = _waiting_until(facts)
    return None if waiting_until is None else after_days(waiting_until, 1)


def _waiting(facts: Facts) -> bool:
    waiting_until = _waiting_until(facts)
    return waiting_until is not None and facts.today <= waiting_until


def _ended(facts: Facts) -> bool:
    return facts.is_over(_last_day(facts))


def _while_waiting(facts: Facts) -> Terms:
    first_day = _first_day(facts)
    if first_day is None:
        return Terms()
    return Terms(opens_at=facts.start(first_day), next_step=NextStep.CONTACT_SELLER)


def _terms(facts: Facts) -> Terms:
    first_day, last_day = _first_day(facts), _last_day(facts)
    return Terms(
        pays=pays_both(Payer.UNSPECIFIED),
        opens_at=None if first_day is None else facts.start(first_day),
        closes_at=None if last_day is None else facts.end(last_day),
        obligations=(Obligation("provider_terms_apply", "OW-3"),),
    )


ONE_YEAR_SERVICE = Remedy(
    name=RemedyName.ONE_YEAR_SERVICE,
    programme=Programme.BUYER_PROTECTION,
    rows=(
        not_eligible("service_not_included", "OW-1", _not_on_line),
        not_eligible("not_a_fault", "OW-2", reason_not_in(FAULTS)),
        not_yet("order_not_completed", "OW-2", _not_completed),
        not_yet("waiting_period", "OW-2", _waiting),
        # While waiting, the seller and then a dispute are the way, as long as the protection runs.
        not_yet("waiting_period", "OW-4", _waiting),
        not_eligible("service_ended", "OW-2", _ended),
    ),
    grants=(eligible("within_service", "OW-2"),),
    terms=_terms,
    while_waiting=_while_waiting,
)


def service_opens(facts: Facts) -> Period | None:
    """The first day the service can be applied for (OW-2)."""
    first_day = _first_day(facts)
    return None if first_day is None else Period("one_year_service_opens", "OW-2", first_day)


def service_ends(facts: Facts) -> Period | None:
    """The last day the service can be applied for (OW-2)."""
    last_day = _last_day(facts)
    return None if last_day is None else Period("one_year_service_ends", "OW-2", last_day)
