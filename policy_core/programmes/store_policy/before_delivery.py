"""What a customer can have before the goods have come: cancel, refuse, wait or be refunded (ST-N1, ST-N2, ST-O2)."""

from ...codes import Payer, Programme, RemedyName, Stock
from ...conditions import CUSTOMER_CHOICES, reason_not_in
from ...facts import Facts
from ...rules import Remedy, Terms, eligible, not_eligible, pays_both

_ST = Programme.STORE_POLICY


def _shipped(facts: Facts) -> bool:
    return facts.shipped


def _not_shipped(facts: Facts) -> bool:
    return not facts.shipped


def _delivered(facts: Facts) -> bool:
    return facts.delivered


def _in_stock(facts: Facts) -> bool:
    return facts.line.stock is not Stock.OUT_OF_STOCK


def _nothing_travels(_: Facts) -> Terms:
    return Terms(pays=pays_both(Payer.NONE))


def _customer_pays_both(_: Facts) -> Terms:
    return Terms(pays=pays_both(Payer.CUSTOMER))


CANCEL = Remedy(
    name=RemedyName.CANCEL,
    programme=_ST,
    asks_reason=False,
    rows=(not_eligible("already_shipped", "ST-N1", _shipped),),
    grants=(eligible("not_shipped", "ST-N1"),),
    terms=_nothing_travels,
)

REFUSE_DELIVERY = Remedy(
    name=RemedyName.REFUSE_DELIVERY,
    programme=_ST,
    rows=(
        not_eligible("not_a_ground", "ST-N2", reason_not_in(CUSTOMER_CHOICES)),
        not_eligible("not_shipped_yet", "ST-N2", _not_shipped),
        not_eligible("already_delivered", "ST-N2", _delivered),
    ),
    grants=(eligible("in_transit", "ST-N2"),),
    terms=_customer_pays_both,
)


def _out_of_stock_choice(name: RemedyName) -> Remedy:
    return Remedy(
        name=name,
        programme=_ST,
        asks_reason=False,
        rows=(
            not_eligible("in_stock", "ST-O2", _in_stock),
            not_eligible("already_shipped", "ST-O2", _shipped),
        ),
        grants=(eligible("out_of_stock", "ST-O2"),),
        terms=_nothing_travels,
    )


WAIT_BACKORDER = _out_of_stock_choice(RemedyName.WAIT_BACKORDER)
REFUND_NOW = _out_of_stock_choice(RemedyName.REFUND_NOW)
