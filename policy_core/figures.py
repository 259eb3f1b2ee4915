"""The figures the rules rely on: their names, and what an edition has to give for each of them."""

from dataclasses import dataclass
from enum import StrEnum

from .codes import Programme


class Unit(StrEnum):
    """What a parameter counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    YEARS = "years"
    FLAG = "flag"


class ParameterName(StrEnum):
    """Every parameter there is, as shops write it."""

    DISPUTE_DAYS = "dispute_days"
    REFUND_DUE_DAYS = "refund_due_days"
    SERVICE_WAITING_DAYS = "service_waiting_days"
    SERVICE_YEARS = "service_years"
    RETURN_DAYS = "return_days"
    SEND_BY_DAYS = "send_by_days"
    WARRANTY_DAYS_WITH_PROOF = "warranty_days_with_proof"
    WARRANTY_DAYS_WITHOUT_PROOF = "warranty_days_without_proof"
    REPAIR_COVER_DAYS = "repair_cover_days"
    REPAIR_WORKING_DAYS = "repair_working_days"
    MOST_FAVOURABLE_CLOCK = "most_favourable_clock"
    RMA_RETURN_DAYS = "rma_return_days"
    CHANGE_OF_MIND_DAYS = "change_of_mind_days"


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a parameter stands and what it counts; an `optional` one may be null: there is no such limit."""

    programme: Programme
    unit: Unit = Unit.DAYS
    optional: bool = False


SHAPES = {
    ParameterName.DISPUTE_DAYS: Shape(Programme.BUYER_PROTECTION),
    ParameterName.REFUND_DUE_DAYS: Shape(Programme.BUYER_PROTECTION),
    ParameterName.SERVICE_WAITING_DAYS: Shape(Programme.BUYER_PROTECTION),
    ParameterName.SERVICE_YEARS: Shape(Programme.BUYER_PROTECTION, Unit.YEARS),
    ParameterName.RETURN_DAYS: Shape(Programme.AFTER_SALES),
    ParameterName.SEND_BY_DAYS: Shape(Programme.AFTER_SALES),
    ParameterName.WARRANTY_DAYS_WITH_PROOF: Shape(Programme.AFTER_SALES),
    ParameterName.WARRANTY_DAYS_WITHOUT_PROOF: Shape(Programme.AFTER_SALES),
    ParameterName.REPAIR_COVER_DAYS: Shape(Programme.AFTER_SALES),
    ParameterName.REPAIR_WORKING_DAYS: Shape(Programme.AFTER_SALES, Unit.WORKING_DAYS),
    ParameterName.MOST_FAVOURABLE_CLOCK: Shape(Programme.AFTER_SALES, Unit.FLAG),
    ParameterName.RMA_RETURN_DAYS: Shape(Programme.STORE_POLICY),
    ParameterName.CHANGE_OF_MIND_DAYS: Shape(Programme.STORE_POLICY, optional=True),
}
