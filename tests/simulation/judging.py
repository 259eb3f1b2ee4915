"""What of a talk was not as it should be: claims against the truth, writes nobody asked for, facts told to anybody."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.simulation.claims import wrong_claims
from tests.simulation.personas import Persona
from tests.simulation.premises import turns_on_false_premises
from tests.simulation.settled import expected_rows, unsolved
from tests.simulation.stored import Left
from tests.simulation.talk import LOST, Row, Talk
from tests.simulation.truth import Truth, days_in


@dataclass(frozen=True)
class Findings:
    """What came of one talk. `unsolved` says what was missing, None where nothing was; `misheard`: how many
    turns told a verdict with something said back in it that is not so.
    """

    talk: Talk
    goal: str
    wrong: Sequence[str] = ()
    unasked: Sequence[str] = ()
    leaks: Sequence[str] = ()
    unsolved: str | None = None
    turns: int = 0
    fallbacks: int = 0
    asked_twice: Sequence[str] = field(default_factory=tuple)
    misheard: int = 0

    @property
    def is_grave(self) -> bool:
        """Whether something happened that must never happen."""
        return bool(self.wrong or self.unasked or self.leaks)


def judge(talk: Talk, persona: Persona, truth: Truth, left: Left) -> Findings:
    """What is to be said of a talk that left `left` in the store."""
    return Findings(
        talk=talk,
        goal=persona.goal,
        wrong=list(wrong_claims(talk, persona, truth, left)),
        unasked=list(unasked_writes(talk, truth)),
        leaks=list(leaks(talk, truth)),
        unsolved=unsolved(talk, persona, truth, left),
        turns=len(talk.turns),
        fallbacks=sum(turn.text.startswith(LOST) for turn in talk.turns),
        asked_twice=list(asked_twice(talk)),
        misheard=len(list(turns_on_false_premises(talk, persona))),
    )


def unasked_writes(talk: Talk, truth: Truth) -> Iterator[str]:
    """Rows that came in a turn without the customer's yes to them: to that line, that remedy and so many pieces.

    A yes is used up by the rows it leaves.
    """
    before: Counter[Row] = Counter()
    for place, turn in enumerate(talk.turns, start=1):
        agreed = Counter(expected_rows(turn.yes_to, truth) if turn.yes_to is not None else ())
        for row in (Counter(turn.rows) - before - agreed).elements():
            pieces = f" for {row.pieces}" if row.pieces is not None else ""
            line = f" of line {row.line + 1}" if row.line is not None else ""
            yield f"turn {place}: {row.table} holds {row.wish}{line}{pieces}, to which nobody has said yes"
        before |= Counter(turn.rows)


def leaks(talk: Talk, truth: Truth) -> Iterator[str]:
    """What was told of an order before its owner was known, and anything of somebody else's."""
    for place, turn in enumerate(talk.turns, start=1):
        told = json.dumps(
            [(reply["text"], reply["choices"], reply["custom"]) for reply in turn.replies], ensure_ascii=False
        )
        secrets = truth.strangers if turn.proven else (*truth.strangers, *truth.secrets)
        for secret in secrets:
            if re.search(rf"(?<![\w.-]){re.escape(secret)}(?![\w-])", told, re.I):
                yield f"turn {place}: {secret!r}"
        days = [day for day in days_in(told) if day != truth.opens_on]
        if not turn.proven and not turn.custom("ticket") and days:
            yield f"turn {place}: {days[0]}"


def asked_twice(talk: Talk) -> Iterator[str]:
    """Questions that came again right after they had been answered, and not for what comes next."""
    for turn in talk.turns:
        if turn.answers is not None and turn.question == turn.answers and not turn.custom("next"):
            yield turn.answers
