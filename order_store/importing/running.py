"""Running an import: orders read one by one, checked, and stored in batches."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError

from order_store.audit import record
from order_store.database import Database
from order_store.errors import UnreadableImport
from order_store.importing.checking import check_order
from order_store.importing.fields import Problem
from order_store.importing.reading import Entry, Readable, read_json
from order_store.importing.report import ImportReport, Refused
from order_store.importing.saving import OrderKey, Outcome, save_orders
from order_store.importing.told import ToldOrder
from order_store.tables import Shop

BATCH: Final = 500

_Checked = tuple[Entry, ToldOrder]


def import_orders(
    database: Database,
    source: Readable | Iterable[Mapping[str, Any]],
    now: datetime,
    *,
    batch_size: int = BATCH,
) -> ImportReport:
    """Takes orders in the native format into the store; the same orders again change nothing.

    `source` is a binary stream of a JSON list or JSON Lines, or the orders as mappings. Each order is
    stored whole or refused with every reason, and a refused one stops no other. A batch is one short
    transaction, so an import broken off may simply be run again. `now` (aware) dates its row in the audit
    trail.

    Raises UnreadableImport when nothing in the stream is JSON, StoreUnavailable when the database is.
    Memory grows by the order numbers of the file, to tell one that is in it twice.
    """
    with database.read() as session:
        shops = frozenset(session.scalars(select(Shop.key)))
    report = ImportReport()
    entries = _entries(source)
    checked = _checked(entries, shops, report)
    while batch := list(islice(checked, batch_size)):
        for (entry, order), outcome in zip(batch, _save(database, batch), strict=True):
            _count(report, entry, order, outcome)
    if report.refused and report.total == len(report.refused):
        _refuse_what_is_not_json(report)
    report.refused.sort(key=lambda refused: refused.item)
    if report.new or report.changed:
        with database.write() as session:
            record(
                session,
                at=now,
                who="import",
                what="orders_imported",
                subject="orders",
                why="orders told in the native format",
                details={"new": report.new, "changed": report.changed, "refused": len(report.refused)},
            )
    return report


def _entries(source: Readable | Iterable[Mapping[str, Any]]) -> Iterator[Entry]:
    if isinstance(source, Readable):
        return read_json(source)
    return (Entry(item, told=told) for item, told in enumerate(source, start=1))


def _checked(entries: Iterable[Entry], shops: frozenset[str], report: ImportReport) -> Iterator[_Checked]:
    seen: dict[OrderKey, str] = {}
    for entry in entries:
        if entry.problem is not None:
            report.refused.append(Refused(entry.item, entry.line, None, (Problem("", entry.problem),)))
            continue
        order = check_order(entry.told, shops)
        if isinstance(order, list):
            report.refused.append(Refused(entry.item, entry.line, _number(entry), tuple(order)))
            continue
        where = f"item {entry.item}" if entry.line is None else f"line {entry.line}"
        first = seen.setdefault((order.shop_key, order.number_key), where)
        if first is not where:
            twice = Problem("number", f"{order.number!r} was told in {first} already; tell each order once")
            report.refused.append(Refused(entry.item, entry.line, order.number, (twice,)))
            continue
        yield entry, order


def _save(database: Database, batch: list[_Checked]) -> list[Outcome]:
    orders = [order for _, order in batch]
    try:
        with database.write() as session:
            return save_orders(session, orders)
    except (IntegrityError, DataError) as error:
        if len(batch) == 1:
            words = " ".join(str(error.orig).split())
            return [Problem("", f"the database does not take it: {words}")]
        # One of them is to blame: each gets a transaction of its own, so that it alone is refused.
        return [outcome for one in batch for outcome in _save(database, [one])]


def _count(report: ImportReport, entry: Entry, order: ToldOrder, outcome: Outcome) -> None:
    if isinstance(outcome, Problem):
        report.refused.append(Refused(entry.item, entry.line, order.number, (outcome,)))
    elif outcome == "new":
        report.new += 1
    elif outcome == "changed":
        report.changed += 1
    else:
        report.unchanged += 1


def _refuse_what_is_not_json(report: ImportReport) -> None:
    first = report.refused[0]
    if all(refused.line is not None and not refused.path and refused.number is None for refused in report.refused):
        raise UnreadableImport(
            f"nothing in the file can be read as an order ({first.where}: {first.message});"
            " write a JSON list of orders, or one whole order per line"
        )


def _number(entry: Entry) -> str | None:
    number = entry.told.get("number") if isinstance(entry.told, Mapping) else None
    return number[:64] if isinstance(number, str) else None
