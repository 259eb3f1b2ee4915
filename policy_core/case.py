"""The facts of one case, as told: one order line, what happened to it, and what the customer says.

Every instant is an aware `datetime` in UTC, every day a local `date` of the shop, `None` means not known.
The shape is the public one; `reading.read_case` makes it from JSON or YAML and checks it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from .codes import AddressError, Cause, ClaimReason, Programme, ProofValidity, Standing, Stock
from .errors import CaseError
from .parameters import Overrides


@dataclass(frozen=True, slots=True)
class Shop:
    """The terms the line was sold under. `parameters` are the shop's own values, by parameter name."""

    programmes: tuple[Programme, ...]
    timezone: ZoneInfo
    country: str | None = None
    parameters: Overrides = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Order:
    """What happened to the order. `delivered_at` is the carrier's word, `receipt_confirmed_at` the customer's."""

    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    receipt_confirmed_at: datetime | None = None
    completed_at: datetime | None = None
    protection_ends_at: datetime | None = None
    on_platform: bool | None = None
    account_standing: Standing | None = None
    address_error: AddressError | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What the shop knows of the item."""

    stock: Stock | None = None
    factory_shipped_on: date | None = None
    warranty_until: date | None = None
    one_year_service: bool | None = None
    repaired_and_sent_back_on: date | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """The proof of purchase: the day on it, and whether it holds."""

    day: date | None = None
    validity: ProofValidity | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What the customer says of the goods. `photos` 0: they can give none; `None`: none yet."""

    reason: ClaimReason | None = None
    proof: Proof | None = None
    complete: bool | None = None
    activated: bool | None = None
    resalable: bool | None = None
    caused_by_customer: bool | None = None
    cause: Cause | None = None
    labels_intact: bool | None = None
    photos: int | None = None


@dataclass(frozen=True, slots=True)
class Rma:
    """An RMA, or a confirmed return, already given for the line under `programme`."""

    programme: Programme
    issued_at: datetime
    handed_over_at: datetime | None = None
    received_at: datetime | None = None
    tracked: bool | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One order line to be judged as of an instant."""

    as_of: datetime
    shop: Shop
    order: Order = Order()
    line: Line = Line()
    claim: Claim = Claim()
    rma: Rma | None = None
    claim_closed_at: datetime | None = None


def check_events(case: Case) -> None:
    """Refuse events in an order that cannot have happened.

    Raises CaseError naming the later field: delivered or confirmed before shipped, completed before paid,
    an RMA handed over before it was issued or received before it was handed over.
    """
    order, rma = case.order, case.rma
    _not_before("order.delivered_at", order.delivered_at, "order.shipped_at", order.shipped_at)
    _not_before("order.receipt_confirmed_at", order.receipt_confirmed_at, "order.shipped_at", order.shipped_at)
    _not_before("order.completed_at", order.completed_at, "order.paid_at", order.paid_at)
    if rma is not None:
        _not_before("rma.handed_over_at", rma.handed_over_at, "rma.issued_at", rma.issued_at)
        _not_before("rma.received_at", rma.received_at, "rma.handed_over_at", rma.handed_over_at)
        if rma.programme not in case.shop.programmes:
            raise CaseError("rma.programme", f"expected one of the shop's programmes, got {rma.programme}")


def _not_before(path: str, later: datetime | None, than: str, earlier: datetime | None) -> None:
    if later is not None and earlier is not None and later < earlier:
        raise CaseError(path, f"expected an instant not before {than}")
