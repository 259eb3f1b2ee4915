"""The vocabulary of cases and verdicts. Every value is a contract: other people's programs read it."""

from enum import StrEnum


class Programme(StrEnum):
    """A written policy a shop subscribes to."""

    BUYER_PROTECTION = "buyer_protection"
    AFTER_SALES = "after_sales"
    STORE_POLICY = "store_policy"


class ClaimReason(StrEnum):
    """Why the customer is asking."""

    CHANGE_OF_MIND = "change_of_mind"
    ORDERED_WRONG = "ordered_wrong"
    DEFECTIVE = "defective"
    DAMAGED = "damaged"
    NOT_AS_DESCRIBED = "not_as_described"
    WRONG_ITEM = "wrong_item"
    MISSING_PARTS = "missing_parts"
    NOT_RECEIVED = "not_received"
    RETURNED_BY_CUSTOMS = "returned_by_customs"
    OUT_OF_STOCK = "out_of_stock"
    SOFTWARE_UPGRADE = "software_upgrade"


class Cause(StrEnum):
    """What brought a fault about, where it is none of quality (AS-X4, AS-X6)."""

    COLLISION = "collision"
    BURN_OUT = "burn_out"
    MODIFICATION = "modification"
    FOREIGN_MATTER = "foreign_matter"
    WRONG_INSTALLATION = "wrong_installation"
    MISUSE = "misuse"
    FORCE_MAJEURE = "force_majeure"


class Standing(StrEnum):
    """The customer's account (BP-4e)."""

    GOOD = "good"
    SUSPENDED = "suspended"


class AddressError(StrEnum):
    """Whose mistake a wrong delivery address was (BP-4c)."""

    NONE = "none"
    CUSTOMER = "customer"
    CARRIER = "carrier"


class Stock(StrEnum):
    """Whether the shop has the line's item (ST-O1)."""

    IN_STOCK = "in_stock"
    OUT_OF_STOCK = "out_of_stock"


class ProofValidity(StrEnum):
    """The state of the proof of purchase (AS-X3)."""

    VALID = "valid"
    INVALID = "invalid"
    FORGED = "forged"


class RemedyName(StrEnum):
    """What a customer can be given."""

    DISPUTE = "dispute"
    ONE_YEAR_SERVICE = "one_year_service"
    RETURN_REFUND = "return_refund"
    EXCHANGE = "exchange"
    WARRANTY_REPAIR = "warranty_repair"
    PAID_REPAIR = "paid_repair"
    SOFTWARE_UPGRADE = "software_upgrade"
    CANCEL = "cancel"
    REFUSE_DELIVERY = "refuse_delivery"
    WAIT_BACKORDER = "wait_backorder"
    REFUND_NOW = "refund_now"


class Outcome(StrEnum):
    """What the policy says of a remedy for one case."""

    ELIGIBLE = "eligible"
    ELIGIBLE_AFTER_INSPECTION = "eligible_after_inspection"
    NEEDS_INFORMATION = "needs_information"
    NOT_YET = "not_yet"
    REFER_TO_PERSON = "refer_to_person"
    NOT_ELIGIBLE = "not_eligible"

    @property
    def is_open(self) -> bool:
        """Whether the customer can have the remedy now."""
        return self in _OPEN


_OPEN = frozenset({Outcome.ELIGIBLE, Outcome.ELIGIBLE_AFTER_INSPECTION})


class Payer(StrEnum):
    """Who bears a carriage; `none`: nothing travels; `unspecified`: the policy does not say."""

    CUSTOMER = "customer"
    SHOP = "shop"
    NONE = "none"
    UNSPECIFIED = "unspecified"


class NextStep(StrEnum):
    """What the customer does first to have an open remedy."""

    CONTACT_SELLER = "contact_seller"
    CONFIRM_RETURN = "confirm_return"
    REQUEST_RMA = "request_rma"
    SEND_BACK = "send_back"
