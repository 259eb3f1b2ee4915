"""Rows of the store as plain values for JSON, as the person they are about reads them; without ids and keys."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import order_store
from order_store import Dispute, Line, Order, PrivacyRequest, Refund, Reminder, Repair, Rma, Shipment, Ticket


def which(order: Order, line: Line) -> dict[str, Any]:
    """Which item of which order something is about."""
    return {"order": order.number, "line": line.position + 1}


def told_return(lines: Mapping[int, dict[str, Any]], rma: Rma) -> dict[str, Any]:
    """A return, exchange or repair under its RMA number."""
    return {
        "number": rma.number,
        **lines[rma.line_id],
        "remedy": rma.remedy,
        "reason": rma.reason,
        "told": rma.facts,
        "issued_at": iso(rma.issued_at),
        **order_store.state_of(rma),
        "decided_because": rma.decided_because,
        "pieces": {"granted": rma.quantity, "received": rma.received_quantity, "accepted": rma.accepted_quantity},
        "sent_in": {"at": iso(rma.handed_over_at), "carrier": rma.carrier, "tracking": rma.tracking},
        "received_at": iso(rma.received_at),
        "sent_out": {"carrier": rma.outbound_carrier, "tracking": rma.outbound_tracking},
        "closed_at": iso(rma.closed_at),
    }


def told_dispute(lines: Mapping[int, dict[str, Any]], dispute: Dispute) -> dict[str, Any]:
    """A claim under buyer protection."""
    return {
        "number": dispute.number,
        **lines[dispute.line_id],
        "reason": dispute.reason,
        "told": dispute.facts,
        "opened_at": iso(dispute.opened_at),
        **order_store.state_of(dispute),
        "decided_because": dispute.decided_because,
        "claim_closed_at": iso(dispute.claim_closed_at),
    }


def told_repair(lines: Mapping[int, dict[str, Any]], repair: Repair) -> dict[str, Any]:
    """An item that was in for repair."""
    quoted = _money(repair.quote_amount, repair.quote_currency)
    return {
        "number": repair.number,
        **lines[repair.line_id],
        "received_at": iso(repair.received_at),
        **order_store.state_of(repair),
        "under_warranty": repair.under_warranty,
        "quote": quoted and {**quoted, "at": iso(repair.quoted_at), "valid_until": iso(repair.quote_valid_until)},
        "due_on": iso(repair.due_on),
        "repaired_at": iso(repair.repaired_at),
        "sent_out": {"carrier": repair.carrier, "tracking": repair.tracking},
        "closed_at": iso(repair.closed_at),
    }


def told_refund(lines: Mapping[int, dict[str, Any]], refund: Refund) -> dict[str, Any]:
    """Money that goes back, or has."""
    return {
        **lines[refund.line_id],
        **(_money(refund.amount, refund.currency) or {}),
        "because": refund.because,
        "requested_at": iso(refund.requested_at),
        "paid_at": iso(refund.paid_at),
    }


def told_reminder(lines: Mapping[int, dict[str, Any]], reminder: Reminder) -> dict[str, Any]:
    """A wish to be reminded."""
    return {
        **lines[reminder.line_id],
        "kind": reminder.kind,
        "asked_at": iso(reminder.asked_at),
        "ended_at": iso(reminder.ended_at),
        "ended_because": reminder.ended_because,
    }


def told_ticket(ticket: Ticket) -> dict[str, Any]:
    """A matter handed to a person, with what was said."""
    return {
        "number": ticket.number,
        "contact": ticket.contact,
        "about": ticket.goal,
        "remedy": ticket.remedy,
        "why": ticket.why,
        "told": ticket.facts,
        "transcript": ticket.transcript,
        "opened_at": iso(ticket.opened_at),
        **order_store.state_of(ticket),
        "closed_at": iso(ticket.closed_at),
    }


def told_request(request: PrivacyRequest) -> dict[str, Any]:
    """A privacy request."""
    return {
        "number": request.number,
        "asks_for": request.kind,
        "contact": request.contact,
        "wish": request.wish,
        "received_at": iso(request.received_at),
        "due_on": iso(request.due_on),
        **order_store.state_of(request),
        "closed_at": iso(request.closed_at),
    }


def told_order(order: Order) -> dict[str, Any]:
    """An order with its parcels and lines."""
    return {
        "number": order.number,
        "invoice": order.invoice,
        "placed_at": iso(order.placed_at),
        "paid_at": iso(order.paid_at),
        "receipt_confirmed_at": iso(order.receipt_confirmed_at),
        "address_error": order.address_error,
        "shipments": [_shipment(each) for each in order.shipments],
        "lines": [_line(line) for line in order.lines],
    }


def _shipment(shipment: Shipment) -> dict[str, Any]:
    return {
        "carrier": shipment.carrier,
        "tracking": shipment.tracking,
        "shipped_at": iso(shipment.shipped_at),
        "delivered_at": iso(shipment.delivered_at),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "title": line.title,
        "quantity": line.quantity,
        "unit_price": f"{line.unit_price:f}",
        "currency": line.currency,
        "serial": line.serial,
    }


def iso(moment: date | None) -> str | None:
    """A day, or an instant, which is a day with a time."""
    return moment.isoformat() if moment is not None else None


def _money(amount: Decimal | None, currency: str | None) -> dict[str, Any] | None:
    return None if amount is None else {"amount": f"{amount:f}", "currency": currency}
