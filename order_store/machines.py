"""The lifecycles as data: for each kind of case its columns of states, and every step that changes them.

An event told in several steps takes the first that fits. See docs/lifecycles.md, which is made from this.
"""

from typing import Final

from order_store import states
from order_store.codes import RMA_REMEDIES, STOCKS
from order_store.stepping import CASE, CASE_STATES, Lifecycle, step, while_open

_RETURNS: Final = "return_refund|exchange"
_CLOSES: Final = "open > closed"

_LATE: Final = (
    step("revive", case="closed > open", goods="awaited", decision="expired > approved", settlement="void > none"),
    *(
        step(event, case="closed", goods=goods, decision="expired")
        for event, goods in (
            ("receive_in_part", "awaited|received_in_part > received_in_part"),
            ("receive", "awaited|received_in_part > received"),
            ("inspect", "received_in_part|received > inspected"),
            ("send_back", "inspected > sent_back"),
            ("keep", "inspected > kept"),
        )
    ),
)
"""What still happens once an RMA has expired: it was sent in time after all, or its parcel comes and goes back."""

RMA: Final = Lifecycle(
    "rma",
    {
        "goods": states.RMA_GOODS,
        "decision": states.RMA_DECISIONS,
        "settlement": states.RMA_SETTLEMENTS,
        CASE: CASE_STATES,
    },
    (
        while_open("approve", decision="requested > approved"),
        while_open("cancel", goods="awaited", decision="requested|approved > cancelled", settlement="none > void"),
        while_open("expire", goods="awaited", decision="approved > expired", settlement="none > void"),
        while_open("send", goods="awaited > sent", decision="approved"),
        while_open(
            "receive_in_part", goods="awaited|sent|received_in_part|lost > received_in_part", decision="approved"
        ),
        while_open("receive", goods="awaited|sent|received_in_part|lost > received", decision="approved"),
        while_open("lose", goods="sent > lost", decision="approved"),
        while_open("inspect", goods="received_in_part|received > inspected", decision="approved"),
        while_open("accept", goods="inspected|lost", decision="approved > accepted", settlement="none > due"),
        while_open(
            "accept_in_part", goods="inspected", decision="approved > accepted_in_part", settlement="none > due"
        ),
        while_open("reject", goods="inspected|lost", decision="approved > rejected", settlement="none > void"),
        while_open("refund", settlement="due > refunded"),
        while_open("exchange", remedy="exchange|warranty_repair", settlement="due > exchanged"),
        while_open("repair", remedy="warranty_repair", settlement="due > repaired"),
        while_open("waive", settlement="due > void"),
        while_open("send_back", remedy=_RETURNS, goods="inspected > sent_back", decision="rejected|accepted_in_part"),
        while_open(
            "send_back",
            remedy="warranty_repair",
            goods="inspected > sent_back",
            decision="rejected|accepted|accepted_in_part",
            settlement="repaired|void",
        ),
        while_open(
            "send_back",
            remedy="warranty_repair",
            goods="inspected > sent_back",
            decision="accepted_in_part",
            settlement="refunded|exchanged",
        ),
        while_open("keep", goods="inspected > kept", decision="rejected|accepted_in_part"),
        step("close", case=_CLOSES, decision="cancelled|expired"),
        *_LATE,
        step("close", case=_CLOSES, decision="rejected", goods="sent_back|kept|lost"),
        step("close", case=_CLOSES, decision="accepted", settlement="refunded|exchanged", goods="inspected|lost"),
        step("close", case=_CLOSES, decision="accepted", settlement="void", goods="inspected|lost", remedy=_RETURNS),
        step("close", case=_CLOSES, decision="accepted", settlement="repaired|void", goods="sent_back|lost"),
        step(
            "close",
            case=_CLOSES,
            decision="accepted_in_part",
            settlement="refunded|exchanged|repaired|void",
            goods="sent_back|kept",
        ),
    ),
    ends="closed_at",
    given={"remedy": RMA_REMEDIES},
)
"""A return, exchange or repair under its number: where the goods are, what was decided, what became of the money."""

DISPUTE: Final = Lifecycle(
    "dispute",
    {
        "course": states.DISPUTE_COURSES,
        "decision": states.DISPUTE_DECISIONS,
        "settlement": states.DISPUTE_SETTLEMENTS,
        CASE: CASE_STATES,
    },
    (
        while_open("answer", course="opened > seller_answered"),
        while_open(
            "decide_for_buyer",
            course="opened|seller_answered > decided",
            decision="undecided > for_buyer",
            settlement="none > due",
        ),
        while_open(
            "decide_for_seller",
            course="opened|seller_answered > decided",
            decision="undecided > for_seller",
            settlement="none > void",
        ),
        while_open(
            "withdraw",
            course="opened|seller_answered > decided",
            decision="undecided > withdrawn",
            settlement="none > void",
        ),
        step("waive", settlement="due > void"),
        step("refund", settlement="due > refunded"),
        step("close", case=_CLOSES, course="decided"),
    ),
    ends="claim_closed_at",
)
"""A claim under buyer protection; its refund may come after the claim is closed (BP-7)."""

BACKORDER: Final = Lifecycle(
    "backorder",
    {"course": states.BACKORDER_COURSES},
    (
        step("wait", course="asked > waiting"),
        step("refund", course="asked|waiting > refund_due"),
        step("release", course="asked|waiting > released"),
        step("pay", course="refund_due > refunded"),
        step("ship", course="waiting > shipped"),
    ),
)
"""What was chosen for a line that ran out (ST-O2); released: it is not sent, and nothing is paid back for it here."""

REFUND: Final = Lifecycle(
    "refund",
    {"state": states.REFUND_STATES},
    (step("pay", state="requested > paid"), step("drop", state="requested > dropped")),
)
"""Money the shop was asked to pay back; dropped: what it was owed for was waived."""

REPAIR: Final = Lifecycle(
    "repair",
    {"course": states.REPAIR_COURSES, "fee": states.REPAIR_FEES, CASE: CASE_STATES},
    (
        while_open("confirm", course="received > agreed"),
        while_open("quote", course="received|declined > quoted"),
        while_open("agree", course="quoted > agreed", fee="none > owed"),
        while_open("decline", course="received|quoted > declined"),
        while_open("lapse", course="quoted > declined"),
        step("pay", fee="owed > paid"),
        while_open("repair", course="agreed > repaired"),
        while_open("give_up", course="received|agreed > unrepairable", fee="none"),
        while_open("give_up", course="agreed > unrepairable", fee="owed > waived"),
        while_open("give_up", course="agreed > unrepairable", fee="paid > to_return"),
        step("return_fee", fee="to_return > returned"),
        step(
            "send_back",
            course="repaired|declined|unrepairable > sent_back",
            fee="none|paid|waived|to_return|returned",
            case=_CLOSES,
        ),
        step("leave", course="declined|unrepairable", fee="none|waived|to_return|returned", case=_CLOSES),
    ),
    ends="closed_at",
)
"""An item in for repair: nothing starts before a quote is agreed to (AS-P3), nothing goes back unpaid (AS-P4)."""

PRIVACY: Final = Lifecycle(
    "privacy",
    {"course": states.PRIVACY_COURSES, CASE: CASE_STATES},
    (
        while_open("verify", course="received > verified"),
        while_open("answer", course="verified > answered"),
        while_open("refuse", course="received|verified > refused"),
        step("close", case=_CLOSES, course="answered|refused"),
    ),
    ends="closed_at",
)
"""A privacy request (BP-8)."""

TICKET: Final = Lifecycle(
    "ticket",
    {"course": states.TICKET_COURSES, CASE: CASE_STATES},
    (
        step("approve", course="waiting > approved", case=_CLOSES),
        step("decline", course="waiting > declined", case=_CLOSES),
        step("answer", course="waiting > answered", case=_CLOSES),
    ),
    ends="closed_at",
)
"""What a person has to take over; a yes that waits for approval among them."""

LINE: Final = Lifecycle(
    "line",
    {"stock": STOCKS},
    (step("run_out", stock="in_stock > out_of_stock"), step("restock", stock="out_of_stock > in_stock")),
)
"""Whether an article can be sent (ST-O1); an import tells it as well."""

MACHINES: Final = (RMA, DISPUTE, BACKORDER, REFUND, REPAIR, PRIVACY, TICKET, LINE)
"""Every lifecycle there is."""
