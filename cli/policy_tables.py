"""What a comparison of two sets of parameters looks like on a terminal: what changes, and for which lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from casework.cases import shop_terms
from casework.comparing import Answer, Change, ComparedLine
from casework.figure_changes import FigureChange, figure_changes, setting_changes
from casework.parameter_sets import ParameterSet
from policy_core import ClaimReason
from policy_core.parameters import Value

_ROWS_AT_ONCE: Final = 500


def show_sets(old: ParameterSet, new: ParameterSet, output: Console) -> None:
    """Every figure that changes between two sets of one kind, or that none does."""
    if old.shops is None or new.shops is None:
        _say(f"Edition {old.policy.version} ({old.name}) -> edition {new.policy.version} ({new.name})", output)
        table = _changes_table()
        for change in figure_changes(old.policy, new.policy):
            table.add_row(*_figure_row(change))
        _show_changes(table, output)
        return
    _say(f"Shops of {old.name} -> shops of {new.name}", output)
    for one, other in ((old, new), (new, old)):
        for key in sorted((one.shops or {}).keys() - (other.shops or {}).keys()):
            _say(f"Shop {key} is only in {one.name}: it is not compared", output)
    table = _changes_table("shop")
    for key in (key for key in new.shops if key in old.shops):
        was, becomes = shop_terms(old.shops[key], old.policy), shop_terms(new.shops[key], new.policy)
        for setting in setting_changes(was, becomes):
            told = f"{setting.old or 'none'} -> {setting.new or 'none'}"
            table.add_row(key, setting.name, "", told, "what the shop's orders are judged by")
        for change in figure_changes(old.policy, new.policy, was.parameters, becomes.parameters):
            table.add_row(key, *_figure_row(change))
    _show_changes(table, output)


def _changes_table(*first: str) -> Table:
    return Table(*first, "parameter", "stands in", "changes", "means")


def _show_changes(table: Table, output: Console) -> None:
    if table.row_count:
        output.print(table)
    else:
        _say("Nothing changes: every parameter has the same value on every day", output)


def _figure_row(change: FigureChange) -> tuple[str, str, str, str]:
    parameter = change.parameter
    unit = "" if isinstance(change.new, bool) else f" {parameter.unit.replace('_', ' ')}"
    figures = f"{_shown(change.old)} -> {_shown(change.new)}{unit}"
    return (
        parameter.name,
        f"{parameter.programme} {escape(parameter.clause)}",
        figures + _when(change.start, change.end),
        escape(parameter.meaning),
    )


def _shown(value: Value) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _when(start: date | None, end: date | None) -> str:
    return "".join((f" from {start}" if start else "", f" until {end}" if end else ""))


@dataclass
class _Counts:
    looked_at: int = 0
    changed: int = 0
    left_out: int = 0
    problems: int = 0


def show_orders(compared: Iterable[ComparedLine], database: str, now: datetime, output: Console) -> None:
    """A table for each shop, in pieces, so that memory does not grow with what there is to show; then the sums."""
    _say(f"\nOrders in {database} as of {now.isoformat()}", output)
    counts = _Counts()
    shop, table = "", _orders_table("")
    for line in compared:
        if line.left_out:
            counts.left_out += 1
            continue
        if line.shop != shop or table.row_count >= _ROWS_AT_ONCE:
            _show_rows(table, output)
            shop, table = line.shop, _orders_table(line.shop)
        counts.looked_at += 1
        counts.changed += bool(line.changes)
        counts.problems += line.problem is not None
        name = (escape(line.order), escape(line.sku or f"line {line.position + 1}"))
        if line.problem is not None:
            table.add_row(*name, f"cannot be judged: {escape(line.problem)}", "", "", "")
        for change in line.changes:
            table.add_row(*name, *_change_row(change))
    _show_rows(table, output)
    _say(f"{_lines(counts.looked_at)} looked at, {counts.changed} change{'s' if counts.changed == 1 else ''}", output)
    if counts.problems:
        _say(f"{_lines(counts.problems)} cannot be judged: what is stored contradicts itself", output)
    if counts.left_out:
        _say(f"{_lines(counts.left_out)} left out: the shop is not in both files", output)


def _orders_table(shop: str) -> Table:
    return Table(
        "order",
        "line",
        "remedy or period",
        "claimed",
        "old",
        "new",
        title=f"Shop {escape(shop)}: what changes",
        title_justify="left",
    )


def _show_rows(table: Table, output: Console) -> None:
    if table.row_count:
        output.print(table)


def _change_row(change: Change) -> tuple[str, str, str, str]:
    reasons = "anything" if len(change.reasons) == len(ClaimReason) else ", ".join(change.reasons)
    return change.subject, reasons, _answer(change.old), _answer(change.new)


def _answer(answer: Answer | None) -> str:
    if answer is None:
        return "not covered"
    if answer.outcome is None:
        return str(answer.last_day)
    return answer.outcome + _when(None, answer.last_day)


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def _say(text: str, output: Console) -> None:
    output.print(text, markup=False, highlight=False, soft_wrap=True)
