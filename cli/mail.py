"""`aftercare mail`: the letters that wait, those that were given up, and another try for them."""

import os
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from casework import reminders
from casework.acting import NotPossibleError
from casework.clock import Clock
from order_store import Letter, outbox
from order_store.codes import LETTER_STATES

from .desk.at_desk import NOBODY_NAMED, By, InShop, LineNumber, at_desk, the_line
from .desk.showing import say
from .importing import exit_on_error, opened_store

SHOWN = 50
NOT_FOUND = 1

app = typer.Typer(help="E-mails to customers: what waits, what was given up and why.", no_args_is_help=True)


@app.command("list")
def list_waiting() -> None:
    """How many letters were sent, wait, were given up or withdrawn; and those that wait."""
    output = Console()
    with exit_on_error(Console(stderr=True)), opened_store() as database, database.read() as session:
        counts = outbox.count_letters(session)
        table = Table(*LETTER_STATES, title="Letters", title_justify="left")
        table.add_row(*(str(counts.get(state, 0)) for state in LETTER_STATES))
        output.print(table)
        _show(outbox.letters(session, "waiting", most=SHOWN), counts.get("waiting", 0), output)


@app.command("dead")
def list_dead() -> None:
    """The letters that were given up, each with the reason; mend it, then: aftercare mail retry."""
    output = Console()
    with exit_on_error(Console(stderr=True)), opened_store() as database, database.read() as session:
        dead = outbox.letters(session, "dead", most=SHOWN)
        if not dead:
            output.print("No letter was given up.")
        _show(dead, outbox.count_letters(session).get("dead", 0), output)


@app.command("retry")
def retry(
    numbers: Annotated[
        list[int] | None,
        typer.Argument(metavar="[LETTER]...", min=1, max=2**63 - 1, help="As `mail dead` lists them."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every letter that was given up.")] = False,
) -> None:
    """Put letters that were given up back into the post, with all their tries before them.

    Exits with 1 when one of them is not among those given up; the others are put back all the same.
    """
    output, errors = Console(), Console(stderr=True)
    if bool(numbers) == every:
        errors.print("Name the letters as `aftercare mail dead` lists them, or say --all.", style="red", markup=False)
        raise typer.Exit(2)
    with exit_on_error(errors), opened_store() as database:
        now = Clock.from_environment(os.environ).now()
        with database.write() as session:
            found = outbox.retry(session, numbers if not every else None, now, "cli")
    output.print(f"{len(found)} put back" + (f": {', '.join(str(each) for each in found)}" if found else ""))
    if missing := sorted(set(numbers or ()) - set(found)):
        errors.print(f"not among those given up: {', '.join(str(each) for each in missing)}", style="red", markup=False)
        raise typer.Exit(NOT_FOUND)


@app.command("stop-reminding")
def stop_reminding(
    order: Annotated[str, typer.Argument(help="The order's number.")],
    line: LineNumber = None,
    shop: InShop = None,
    by: By = NOBODY_NAMED,
) -> None:
    """The customer has replied that they want no more reminders of an item; one that waits is not sent either."""
    with at_desk(by) as acting:
        found = the_line(acting, order, line, shop)
        name = f"{found.order.number}, line {found.position + 1}"
        stopped = [
            kind
            for kind in reminders.PERIODS
            if reminders.stop_reminding(acting.session, found, kind, acting.now, acting.who)
        ]
        if not stopped:
            raise NotPossibleError(f"{name}: its customer asked for no reminder")
    say(f"{name}: no more reminders ({', '.join(stopped)})")


def _show(letters: list[Letter], count: int, output: Console) -> None:
    if not letters:
        return
    table = Table("letter", "shop", "kind", "queued", "tries", "next try (UTC)", "what was wrong last")
    for letter in letters:
        again = _minute(letter.due_at) if letter.state == "waiting" and letter.tries else ""
        table.add_row(
            str(letter.id),
            escape(letter.shop_key),
            letter.kind,
            _minute(letter.queued_at.astimezone(ZoneInfo(letter.shop.timezone))),
            str(letter.tries),
            again,
            escape(letter.last_error or ""),
        )
    output.print(table)
    if count > len(letters):
        output.print(f"… and {count - len(letters)} more.")


def _minute(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M")
