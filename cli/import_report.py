"""What an import did, on the screen."""

from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from order_store import ImportReport

_SHOWN: Final = 50


def show_report(report: ImportReport, name: str, output: Console) -> None:
    """Prints how many orders were taken, what of them had no place, and each refused one with its reason."""
    told = {"new": report.new, "changed": report.changed, "unchanged": report.unchanged}
    told["refused"] = report.refused_count
    if report.left_out:
        told["not taken"] = report.left_out.total()
    counts = Table(*told, title=f"Orders of {escape(name)}", title_justify="left")
    counts.add_row(*map(str, told.values()))
    output.print(counts)
    if report.left_out:
        left_out = Table("orders", "why", title="Not taken, since they are over", title_justify="left")
        for why, count in report.left_out_in_words:
            left_out.add_row(str(count), why)
        if report.withdrawn:
            left_out.add_row(str(report.withdrawn), "of them were in the store and were taken out of it")
        output.print(left_out)
    if report.losses:
        losses = Table("orders", "what an order here does not have", title="Taken with a loss", title_justify="left")
        for what, count in report.losses_in_words:
            losses.add_row(str(count), what)
        output.print(losses)
    if report.refused:
        _show_refused(report, output)


def _show_refused(report: ImportReport, output: Console) -> None:
    refused = Table("where", "order", "field", "what is wrong", title="Refused, nothing of them was stored")
    for one in report.refused[:_SHOWN]:
        for place, problem in enumerate(one.problems):
            start = (one.where, escape(one.number or "?")) if place == 0 else ("", "")
            refused.add_row(*start, escape(problem.path or "-"), escape(problem.message))
    output.print(refused)
    if report.refused_count > _SHOWN:
        output.print(f"… and {report.refused_count - _SHOWN} more; mend these and import the file again.")
