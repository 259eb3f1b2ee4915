"""What came of a storm: a table to read, and, where something does not hold, the evidence."""

import json
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from order_store import Base, Database
from tests.chaos.killing import Kill
from tests.chaos.storm import Talk, chats
from tests.worker.mail_server import Taken


@dataclass(frozen=True)
class Outcome:
    """Who was killed, what customers were told, which letters arrived, and what does not hold (`violations`)."""

    kills: Sequence[Kill]
    talks: Sequence[Talk]
    taken: Sequence[Taken]
    second_copies: int
    violations: Sequence[str]
    seconds: float

    def show(self, console: Console) -> None:
        """Prints it."""
        killed = Table("killed", "times", "of these while all was up", title=f"{len(self.kills)} kills")
        for victim, count in Counter(kill.victim for kill in self.kills).most_common():
            killed.add_row(victim, str(count), str(sum(kill.was_up for kill in self.kills if kill.victim == victim)))
        console.print(killed)
        turns = [turn for chat in chats(self.talks) for turn in chat.turns]
        counted = Table("what", "how many", title=f"in {self.seconds:.0f} s")
        for kind, count in sorted(Counter(talk.matter.kind.name for talk in self.talks).items()):
            counted.add_row(f"sessions for: {kind}", str(count))
        counted.add_row("messages answered", str(len(turns)))
        counted.add_row("of these sent more than once", str(sum(turn.tries > 1 for turn in turns)))
        counted.add_row(
            "of these answered with an apology", str(sum(bool(turn.custom("unavailable")) for turn in turns))
        )
        counted.add_row("letters that reached the mail server", str(len({each.message_id for each in self.taken})))
        counted.add_row("second copies of one, same Message-ID", str(self.second_copies))
        counted.add_row("violations", str(len(self.violations)))
        console.print(counted)
        for violation in self.violations:
            console.print(violation, style="red", markup=False, highlight=False)

    def keep(self, folder: Path, database: Database, below: Path) -> None:
        """Writes all there is to find out from to `folder`; the system ran `below` another."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "violations.txt").write_text("\n".join(self.violations) + "\n", encoding="utf-8")
        _lines(folder / "kills.jsonl", [asdict(kill) for kill in self.kills])
        _lines(folder / "talks.jsonl", [_talk(talk) for talk in self.talks])
        _lines(folder / "letters.jsonl", [{"id": each.message_id, "to": each.recipients} for each in self.taken])
        with database.read() as session:
            for table in sorted(Base.metadata.tables):
                rows = session.execute(select(Base.metadata.tables[table])).mappings()
                _lines(folder / "store" / f"{table}.jsonl", [dict(row) for row in rows])
        for name in ("serve.log", "tracker.db"):
            if (below / name).exists():
                shutil.copy(below / name, folder)


def _talk(talk: Talk) -> dict[str, Any]:
    turns = [asdict(turn) for turn in talk.chat.turns] if talk.chat is not None else []
    return {"matter": talk.matter.number, "kind": talk.matter.kind.name, "wrong": talk.wrong, "turns": turns}


def _lines(file: Path, rows: Sequence[dict[str, Any]]) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(json.dumps(row, default=str) + "\n" for row in rows), encoding="utf-8")
