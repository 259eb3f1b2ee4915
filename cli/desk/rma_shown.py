"""`aftercare rma list` and `aftercare rma show`."""

from typing import Annotated, Final

import typer
from sqlalchemy import and_, or_, select

from casework.cases import RETURN_REMEDIES, shop_zone
from casework.paper import return_by, standing_terms
from casework.refunds import refund_of
from order_store import Line, Order, Rma, pictures_of

from .at_desk import Everything, InShop, looking, the
from .showing import say_state, show_facts, show_history, show_rows

_AT_THE_SHOP: Final = ("received_in_part", "received", "inspected")

Number = Annotated[str, typer.Argument(help="The RMA's number, however it is written.")]


def list_rmas(shop: InShop = None, everything: Everything = False) -> None:
    """The RMAs that are not closed, and expired ones whose parcel came after all; the oldest first."""
    query = select(Rma).join(Rma.line).join(Line.order).order_by(Rma.id)
    if not everything:
        came_late = and_(Rma.decision == "expired", Rma.goods.in_(_AT_THE_SHOP))
        query = query.where(or_(Rma.closed_at.is_(None), came_late))
    if shop is not None:
        query = query.where(Order.shop_key == shop)
    with looking() as acting:
        show_rows(
            "RMAs",
            ("number", "shop", "order", "remedy", "pieces", "goods", "decision", "settlement", "return by"),
            (
                (
                    *(rma.number, rma.line.order.shop_key, rma.line.order.number, rma.remedy),
                    f"{rma.received_quantity} of {rma.quantity}",
                    *(rma.goods, rma.decision, rma.settlement, _return_by(rma)),
                )
                for rma in acting.session.scalars(query)
            ),
            "There is no RMA" + ("." if everything else " that is not closed."),
        )


def show(number: Number) -> None:
    """Everything about one RMA, the customer's name and address included."""
    with looking() as acting:
        rma = the(acting, Rma, number)
        order, refund = rma.line.order, refund_of(acting.session, rma)
        show_facts(
            rma.number,
            (
                ("shop", order.shop.name),
                ("order", order.number),
                ("item", rma.line.title),
                ("customer", " ".join(filter(None, (order.customer.name, order.customer.email)))),
                ("remedy", f"{rma.remedy} ({rma.programme}), for {rma.reason}"),
                ("pieces", f"{rma.quantity} asked, {rma.received_quantity} came, {rma.accepted_quantity} accepted"),
                ("return by", _return_by(rma)),
                ("parcel", " ".join(filter(None, (rma.carrier, rma.tracking))) or None),
                ("pictures", len(pictures_of(acting.session, rma))),
                ("decided because", rma.decided_because),
                ("refund", f"{refund.amount} {refund.currency}, {refund.state}" if refund is not None else None),
                ("sent by the shop", " ".join(filter(None, (rma.outbound_carrier, rma.outbound_tracking))) or None),
                ("only the customer's word", ", ".join(rma.to_check) or None),
            ),
        )
        say_state(rma)
        show_history(acting, rma, order.shop)


def _return_by(rma: Rma) -> str | None:
    """The last local day to hand the parcel over; None also for a repair, whose RMA does not lapse."""
    if rma.remedy not in RETURN_REMEDIES:
        return None
    remedy, periods = standing_terms(rma)
    zone = shop_zone(rma.line.order.shop)
    end = return_by(remedy, periods, zone) if remedy is not None else None
    return f"{end[0].astimezone(zone):%Y-%m-%d}" if end is not None else None
