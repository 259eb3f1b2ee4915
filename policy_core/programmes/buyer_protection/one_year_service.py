"""The one-year service: bought with the item, open after a waiting period (OW-1 to OW-4)."""

from datetime import datetime

from ...codes import NextStep, Payer, Programme, RemedyName
from ...conditions import FAULTS, reason_not_in
from ...counting import DAY_AFTER, Count
from ...facts import Facts
from ...figures import ParameterName
from ...rules import Remedy, Terms, eligible, not_eligible, not_yet, pays_both
from ...verdict import Obligation, Period


def _on_line(facts: Facts) -> bool:
    return facts.line.one_year_service is True


def _not_on_line(facts: Facts) -> bool:
    return not _on_line(facts)


def _not_completed(facts: Facts) -> bool:
    return _on_line(facts) and facts.completed_day is None


def _count(facts: Facts, *names: ParameterName) -> Count | None:
    """OW-2; None without the service or before completion."""
    if not _on_line(facts) or facts.completed_day is None:
        return None
    return facts.count("order.completed_at", facts.completed_day, *names)


def _waiting_period(facts: Facts) -> Count | None:
    return _count(facts, ParameterName.SERVICE_WAITING_DAYS)


def _service(facts: Facts) -> Count | None:
    return _count(facts, ParameterName.SERVICE_WAITING_DAYS, ParameterName.SERVICE_YEARS)


def _first_day(facts: Facts) -> Count | None:
    waiting_period = _waiting_period(facts)
    return None if waiting_period is None else waiting_period.plus(DAY_AFTER)


def _opens_at(facts: Facts) -> datetime | None:
    first_day = _first_day(facts)
    return None if first_day is None else facts.start(first_day.last_day)


def _waiting(facts: Facts) -> bool:
    opens_at = _opens_at(facts)
    return opens_at is not None and facts.now < opens_at


def _ended(facts: Facts) -> bool:
    return facts.is_over(_service(facts))


def _while_waiting(facts: Facts) -> Terms:
    opens_at = _opens_at(facts)
    return Terms(opens_at=opens_at, next_step=NextStep.CONTACT_SELLER) if opens_at else Terms()


def _terms(facts: Facts) -> Terms:
    return Terms(
        pays=pays_both(Payer.UNSPECIFIED),
        opens_at=_opens_at(facts),
        obligations=(Obligation("provider_terms_apply", "OW-3"),),
    )


ONE_YEAR_SERVICE = Remedy(
    name=RemedyName.ONE_YEAR_SERVICE,
    programme=Programme.BUYER_PROTECTION,
    rows=(
        not_eligible("service_not_included", "OW-1", _not_on_line),
        not_eligible("not_a_fault", "OW-2", reason_not_in(FAULTS)),
        not_yet("order_not_completed", "OW-2", _not_completed),
        not_yet("waiting_period", "OW-2", _waiting, _first_day),
        # While waiting, the seller and then a dispute are the way, as long as the protection runs.
        not_yet("waiting_period", "OW-4", _waiting),
        not_eligible("service_ended", "OW-2", _ended, _service),
    ),
    grants=(eligible("within_service", "OW-2", window=_service),),
    terms=_terms,
    while_waiting=_while_waiting,
)


def service_opens(facts: Facts) -> Period | None:
    """The first day the service can be applied for (OW-2)."""
    window = _first_day(facts)
    return None if window is None else Period("one_year_service_opens", "OW-2", window)


def service_ends(facts: Facts) -> Period | None:
    """The last day the service can be applied for (OW-2)."""
    window = _service(facts)
    return None if window is None else Period("one_year_service_ends", "OW-2", window)
