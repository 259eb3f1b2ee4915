"""`aftercare refund`: money the shop was asked to pay back."""

from typing import Annotated

import typer

from casework import disputes, refunds, returns
from casework.acting import Acting, DeskError
from casework.cases import shop_zone
from order_store import Dispute, Refund, Rma

from .at_desk import NOBODY_NAMED, By, InShop, Why, at_desk, code, looking
from .showing import say_state, show_rows

app = typer.Typer(help="Money to pay back.", no_args_is_help=True)


@app.command("list")
def list_refunds(shop: InShop = None) -> None:
    """The refunds that were requested and are not paid, the oldest first."""
    with looking() as acting:
        show_rows(
            "Refunds to pay",
            ("refund", "shop", "order", "amount", "because", "requested"),
            (
                (
                    *(refund.id, refund.line.order.shop_key, refund.line.order.number),
                    *(f"{refund.amount} {refund.currency}", _because(acting, refund)),
                    f"{refund.requested_at.astimezone(shop_zone(refund.line.order.shop)):%Y-%m-%d}",
                )
                for refund in refunds.unpaid(acting.session, shop)
            ),
            "No refund is waiting.",
        )


@app.command()
def paid(
    number: Annotated[int, typer.Argument(min=1, max=2**63 - 1, help="The refund's number in the list.")],
    why: Why = "paid",
    by: By = NOBODY_NAMED,
) -> None:
    """The money has been sent; the RMA, dispute or backorder it belongs to is settled with it."""
    with at_desk(by) as acting:
        refund, reason = acting.session.get(Refund, number), code(why, "--why")
        if refund is None:
            raise DeskError(f"there is no refund {number}; see: aftercare refund list")
        if refund.rma_id is not None:
            returns.refund(acting, acting.session.get_one(Rma, refund.rma_id), why=reason)
        elif refund.dispute_id is not None:
            disputes.refunded(acting, acting.session.get_one(Dispute, refund.dispute_id), reason)
        else:
            refunds.pay(acting, refund, reason)
    say_state(refund)


def _because(acting: Acting, refund: Refund) -> str:
    if refund.rma_id is not None:
        return acting.session.get_one(Rma, refund.rma_id).number
    if refund.dispute_id is not None:
        return acting.session.get_one(Dispute, refund.dispute_id).number
    return refund.because
