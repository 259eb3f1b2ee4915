"""Writes docs/policy.md from the clause ledger, the parameters and the remedies: python -m scripts.policy_page

The page is never edited by hand; what it says stands in policy_core/programmes.
"""

import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from policy_core import Programme, default_policy
from policy_core.clauses import Clause, Place, PlaceKind, default_clauses
from policy_core.figures import Unit
from policy_core.parameters import Parameter, Period
from policy_core.programmes import REMEDIES
from policy_core.rules import Remedy
from scripts.citations import Citation, Kind, citations

PAGE = Path(__file__).resolve().parents[1] / "docs" / "policy.md"
COMMAND = ".venv/bin/python -m scripts.policy_page"

_INTRODUCTION = f"""\
# The policies, clause by clause

What the bot decides by: every clause of the three policies in our own words, the figures in force, and the rows each
remedy is judged by. The page is made from `policy_core/programmes` by `{COMMAND}`;
its words are edited there, in `clauses.yml` and `parameters.yml`.

## How days are counted

- Days are calendar days in the shop's time zone. The day something happens is day 0: a window of 15 days that opens on
  1 March has 16 March as its last day, and is open until that day ends.
- A day ends with its last microsecond, even when the clocks go back and its last hour comes twice. A change of the
  clocks moves no date.
- A year ends on the same date a year on; after 29 February that is the 28th.
- What lies ahead of the instant of the question has not happened. Only the stored end of a protection and the end of
  a line's own warranty lie ahead by nature.
- A stored end of the protection is an instant and closes at that instant. Everything else closes with its last day.
- Instants are stored in UTC and shown in the shop's zone.

## How an outcome comes about

Every row of a remedy is tried. Where the policy is silent a person decides, and nothing else is looked at. Otherwise
a refusal goes before "not yet", that before a person, that before a question, and only where none of these holds is
the remedy open. All reasons of the outcome are told. In the tables a row of an open outcome holds where nothing above
it does.
"""

_TITLES = {
    Programme.BUYER_PROTECTION: "a marketplace, with the one-year service",
    Programme.AFTER_SALES: "a manufacturer",
    Programme.STORE_POLICY: "a shop with RMA numbers",
}
_PLACES = {
    PlaceKind.RESPONSE: "the sentence `{}`",
    PlaceKind.CODE: "`{}`",
    PlaceKind.SETTING: "the shop's setting `{}`",
    PlaceKind.CLAUSE: "repeats {}",
}


def page() -> str:
    """The whole page as Markdown."""
    cited = citations()
    parts = (_general(cited), *(_programme(programme, cited) for programme in Programme))
    return "\n".join((_INTRODUCTION, *chain.from_iterable(parts)))


def _general(cited: list[Citation]) -> Iterator[str]:
    yield "## All programmes\n"
    yield from _assumptions((each for each in default_clauses().values() if each.programme is None), cited)


def _programme(programme: Programme, cited: list[Citation]) -> Iterator[str]:
    clauses = [each for each in default_clauses().values() if each.programme is programme]
    yield f"## {programme}: {_TITLES[programme]}\n"
    yield f"### Clauses of {programme}\n"
    yield from _table(
        ("clause", "in our words", "where"),
        ((each.id, each.says, _where(each, cited)) for each in clauses if each.doubt is None),
    )
    yield f"### Assumptions of {programme}\n"
    yield from _assumptions((each for each in clauses if each.doubt is not None), cited)
    yield f"### Parameters of {programme}\n"
    yield from _table(
        ("name", "in force", "unit", "clause", "meaning"),
        (
            (f"`{each.name}`", _in_force(each), each.unit.replace("_", " "), each.clause, each.meaning)
            for each in default_policy().parameters.values()
            if each.programme is programme
        ),
    )
    for remedy in REMEDIES[programme]:
        yield f"### {programme}: {remedy.name}\n"
        yield from _table(("outcome", "reason", "clause"), _rows(remedy))
        yield from _asked(remedy)


def _rows(remedy: Remedy) -> Iterator[tuple[str, ...]]:
    silent = () if remedy.silent is None else (remedy.silent,)
    for row in (*silent, *remedy.rows, *remedy.grants):
        yield row.outcome, f"`{row.code}`", row.clause


def _asked(remedy: Remedy) -> Iterator[str]:
    paths = (*(("claim.reason",) if remedy.asks_reason else ()), *(question.path for question in remedy.questions))
    if paths:
        yield f"It may ask for {', '.join(f'`{path}`' for path in paths)}.\n"


def _assumptions(clauses: Iterable[Clause], cited: list[Citation]) -> Iterator[str]:
    yield from _table(
        ("assumption", "the doubt", "how it is read", "where"),
        ((each.id, each.doubt or "", each.says, _where(each, cited)) for each in clauses),
    )


def _where(clause: Clause, cited: list[Citation]) -> str:
    if clause.lives:
        return "; ".join(_place(each) for each in clause.lives)
    own = [each for each in cited if each.clause == clause.id]
    own = [each for each in own if each.kind is not Kind.READING] or own
    return "; ".join((*_reasons(own), *(_cited_in(each) for each in own if each.kind is not Kind.REASON)))


def _reasons(cited: list[Citation]) -> Iterator[str]:
    """The rows that rest on a clause, by remedy: "exchange: not_eligible `misused`"."""
    rows = [each for each in cited if each.kind is Kind.REASON]
    for remedy in dict.fromkeys(each.where for each in rows):
        told = (f"{each.outcome} `{each.code}`" for each in rows if each.where == remedy)
        yield f"{remedy.partition('.')[2]}: {', '.join(told)}"


def _cited_in(citation: Citation) -> str:
    if citation.kind is Kind.READING:
        return f"read in `policy_core/{citation.where}`"
    return f"{citation.kind.value} `{citation.code}`"


def _place(place: Place) -> str:
    return _PLACES[place.kind].format(place.name)


def _in_force(parameter: Parameter) -> str:
    return "; ".join(_period(parameter, each) for each in parameter.periods)


def _period(parameter: Parameter, period: Period) -> str:
    ends = {"from": period.start, "to": period.end}
    dates = " ".join(f"{name} {day}" for name, day in ends.items() if day is not None)
    if parameter.unit is Unit.FLAG:
        value = "on" if period.value else "off"
    else:
        value = "none" if period.value is None else str(period.value)
    return f"{value} ({dates})" if dates else value


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    lines = [" | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in row) for row in rows]
    if lines:
        yield "\n".join((f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {line} |" for line in lines), ""))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(Path.cwd())} written\n")
