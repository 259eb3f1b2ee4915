"""Running an import: orders read one by one, checked, and stored in batches."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError

from order_store.audit import record
from order_store.database import Database
from order_store.errors import UnreadableImport
from order_store.finding import order_key
from order_store.importing.checking import check_order
from order_store.importing.fields import Problem
from order_store.importing.foreign import ForeignShop
from order_store.importing.formats import OrderFormat, read_foreign
from order_store.importing.places import Places
from order_store.importing.reading import Entry, Readable, read_json
from order_store.importing.report import ImportReport, Refused
from order_store.importing.saving import Outcome, save_orders
from order_store.importing.told import OrderKey, ToldOrder
from order_store.importing.withdrawing import Withdrawal, withdraw_orders
from order_store.tables import Shop

BATCH: Final = 1000


class _Checked(NamedTuple):
    """An entry to store; `order` is None where it is only to be taken out of the store."""

    entry: Entry
    key: OrderKey
    number: str
    order: ToldOrder | None


def import_orders(
    database: Database,
    source: Readable | Iterable[Mapping[str, Any]],
    now: datetime,
    *,
    order_format: OrderFormat = "native",
    shop: str | None = None,
    batch_size: int = BATCH,
) -> ImportReport:
    """Takes orders into the store; the same orders again change nothing.

    `source` is a binary stream in `order_format`, or the orders as mappings in the native one. `shop` is the
    key of the shop, which another system's file does not name. Each order is stored whole or refused with
    every reason, and a refused one stops no other. A batch is one short transaction, so an import broken off
    may simply be run again. `now` (aware) dates its row in the audit trail.

    Raises UnreadableImport when no order can be told apart in the stream or its shop is not known,
    StoreUnavailable when the database is. Memory does not grow with the orders, but for a few bytes each to
    tell one that is in the file twice.
    """
    with database.read() as session:
        zones = dict(session.execute(select(Shop.key, Shop.timezone)).tuples().all())
    report = ImportReport()
    checked = _checked(_entries(source, order_format, shop, zones), frozenset(zones), report)
    # One batch is read and checked while the one before it is written.
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="import") as writer:
        written: tuple[list[_Checked], Future[list[Outcome | Withdrawal]]] | None = None
        while batch := list(islice(checked, batch_size)):
            if written is not None:
                _count(report, written[0], written[1].result())
            written = batch, writer.submit(_save, database, batch)
        if written is not None:
            _count(report, written[0], written[1].result())
    if report.refused and report.total == len(report.refused):
        _refuse_what_is_not_read(report, order_format)
    report.refused.sort(key=lambda refused: refused.item)
    if report.new or report.changed or report.withdrawn:
        details = {"new": report.new, "changed": report.changed, "refused": report.refused_count}
        with database.write() as session:
            record(
                session,
                at=now,
                who="import",
                what="orders_imported",
                subject="orders",
                why=f"orders told in the {order_format} format",
                details=details | ({"withdrawn": report.withdrawn} if report.withdrawn else {}),
            )
    return report


def _entries(
    source: Readable | Iterable[Mapping[str, Any]],
    order_format: OrderFormat,
    shop: str | None,
    zones: Mapping[str, str],
) -> Iterator[Entry]:
    if not isinstance(source, Readable):
        return (Entry(item, told=told) for item, told in enumerate(source, start=1))
    if order_format == "native":
        return read_json(source)
    if shop is None or shop not in zones:
        known = ", ".join(sorted(zones)[:10]) or "none yet: load its settings with aftercare shops FILE"
        named = "names no shop" if shop is None else f"is for {shop!r}, which is none of the store"
        raise UnreadableImport(f"the file {named}; name the shop its orders are of with --shop KEY ({known})")
    return read_foreign(source, order_format, ForeignShop(shop, ZoneInfo(zones[shop])))


def _checked(entries: Iterable[Entry], shops: frozenset[str], report: ImportReport) -> Iterator[_Checked]:
    seen = Places()
    for entry in entries:
        if entry.problem is not None:
            report.refuse(Refused(entry.item, entry.line, _number(entry), (Problem("", entry.problem),)))
            continue
        if entry.left_out is not None:
            number = _number(entry) or ""
            checked = _Checked(entry, (entry.told["shop"], order_key(number)), number, None)
        else:
            order = check_order(entry.told, shops)
            if isinstance(order, list):
                _refuse(report, entry, _number(entry), order)
                continue
            checked = _Checked(entry, (order.shop_key, order.number_key), order.number, order)
        told_at = seen.first(checked.key, entry.line or entry.item)
        if told_at is not None:
            where = f"{'item' if entry.line is None else 'line'} {told_at}"
            twice = Problem("number", f"{checked.number!r} was told in {where} already; tell each order once")
            _refuse(report, entry, checked.number, [twice])
            continue
        yield checked


def _save(database: Database, batch: list[_Checked]) -> list[Outcome | Withdrawal]:
    try:
        with database.write() as session:
            saved = iter(save_orders(session, [one.order for one in batch if one.order is not None]))
            gone = withdraw_orders(session, {one.key: one.number for one in batch if one.order is None})
            return [gone[one.key] if one.order is None else next(saved) for one in batch]
    except (IntegrityError, DataError) as error:
        if len(batch) == 1:
            words = " ".join(str(error.orig).split())
            return [Problem("", f"the database does not take it: {words}")]
        # One of them is to blame: halved until it is alone, so that it alone is refused.
        half = len(batch) // 2
        return _save(database, batch[:half]) + _save(database, batch[half:])


def _count(report: ImportReport, batch: list[_Checked], outcomes: list[Outcome | Withdrawal]) -> None:
    for one, outcome in zip(batch, outcomes, strict=True):
        if isinstance(outcome, Problem):
            _refuse(report, one.entry, one.number, [outcome])
            continue
        if one.entry.left_out is not None:
            report.left_out[one.entry.left_out] += 1
            report.withdrawn += outcome == "withdrawn"
            continue
        report.new += outcome == "new"
        report.changed += outcome == "changed"
        report.unchanged += outcome == "unchanged"
        report.losses.update(one.entry.losses)


def _refuse(report: ImportReport, entry: Entry, number: str | None, problems: list[Problem]) -> None:
    """Under the names the file itself has for the fields."""
    name = entry.names or str
    named = tuple(Problem(name(problem.path), problem.message) for problem in problems)
    report.refuse(Refused(entry.item, entry.line, number, named))


def _refuse_what_is_not_read(report: ImportReport, order_format: OrderFormat) -> None:
    first = report.refused[0]
    if all(refused.line is not None and not refused.path and refused.number is None for refused in report.refused):
        expected = {
            "native": "write a JSON list of orders, or one whole order per line;"
            " for what another shop system exported, name its --format",
            "shopify": "give the CSV export of Shopify's admin, or the JSON of its Admin API",
            "woocommerce": "give the orders as WooCommerce's REST API lists them, or one per line",
        }
        raise UnreadableImport(
            f"nothing in the file can be read as an order ({first.where}: {first.message}); {expected[order_format]}"
        )


def _number(entry: Entry) -> str | None:
    number = entry.told.get("number") if isinstance(entry.told, Mapping) else None
    # Halves of characters, as broken text holds them, cannot be shown.
    return number.strip()[:64].encode(errors="replace").decode() if isinstance(number, str) else None
