"""The end of an RMA: what both its own steps and those of its repair come to."""

from order_store import Rma

from .acting import Acting


def close_when_done(acting: Acting, rma: Rma) -> None:
    """Close the RMA if goods, decision and money are all at rest."""
    acting.step_if_possible(rma, "close", "done")


def went_back(acting: Acting, rma: Rma, carrier: str | None, tracking: str | None, why: str) -> None:
    """The goods are on their way to the customer. Raises ImpossibleTransition."""
    acting.step(rma, "send_back", why)
    rma.outbound_carrier, rma.outbound_tracking = carrier, tracking
    close_when_done(acting, rma)


def stays(acting: Acting, rma: Rma, why: str) -> None:
    """What was rejected stays with the shop. Raises ImpossibleTransition."""
    acting.step(rma, "keep", why)
    close_when_done(acting, rma)
