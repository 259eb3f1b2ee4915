"""Verdicts on one core: inside the process, and through `aftercare decide --batch` with the memory it takes.

A second is one of processor time (a batch keeps one core busy), so that other load on the machine counts little.
Linux alone tells what a process took.
"""

import itertools
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

from rich.console import Console
from rich.table import Table

from policy_core import AddressError, Cause, ClaimReason, Programme, Stock, decide, read_case, read_json

ROOT = Path(__file__).resolve().parent.parent
CASES = 2_000
BATCH = 20_000
ROUNDS = 3
FEW, MANY = 10_000, 1_000_000

Mix: TypeAlias = list[list[Programme]]

ONE_EACH: Mix = [[each] for each in Programme]
ALL: Mix = [list(Programme)]
_ZONES = (("Asia/Shanghai", "CN"), ("Europe/Berlin", "DE"), ("America/New_York", "US"), ("Europe/London", "GB"))
_TODAY = datetime(2026, 2, 17, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Run:
    """One batch through the command: cases a second of processor time, and its peak resident memory."""

    cases_a_second: float
    peak_mb: float


def measure(console: Console) -> None:
    """Prints both tables."""
    verdicts = Table("verdicts, one core", "in the process", "decide --batch", title="Cases a second")
    for name, mix in (("one programme each, mixed", ONE_EACH), ("all three programmes", ALL)):
        through_command = median(batch(lines_of(BATCH, mix), BATCH).cases_a_second for _ in range(ROUNDS))
        verdicts.add_row(name, f"{in_process(mix):,.0f}", f"{through_command:,.0f}")
    console.print(verdicts)

    memory = Table("lines", "peak resident memory", "cases a second", title="aftercare decide --batch")
    for count in (FEW, MANY):
        run = batch(lines_of(count, ONE_EACH), count)
        memory.add_row(f"{count:,}", f"{run.peak_mb:,.1f} MB", f"{run.cases_a_second:,.0f}")
    console.print(memory)


def in_process(mix: Mix) -> float:
    """Cases a second through reading, deciding and writing: the median over some rounds."""
    lines = list(lines_of(CASES, mix))

    def once() -> float:
        began = time.process_time()
        for line in lines:
            decide(read_case(read_json(line))).to_json()
        return len(lines) / (time.process_time() - began)

    return median(once() for _ in range(ROUNDS))


def batch(lines: Iterable[str], count: int) -> Run:
    """Sends `count` lines through `aftercare decide --batch -`.

    Timed from the answer to the first line, so that it shows the batch and not the start of Python.
    """
    lines = iter(lines)
    command = [sys.executable, "-m", "cli", "decide", "--batch", "-"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        stdin, stdout = process.stdin.fileno(), process.stdout.fileno()
        _send(stdin, itertools.islice(lines, 1))
        _receive(stdout, 1)
        sender = threading.Thread(target=_send, args=(stdin, lines))
        began = _processor_seconds(process.pid)
        sender.start()
        _receive(stdout, count - 1)
        seconds = _processor_seconds(process.pid) - began
        sender.join()
        peak_mb = _peak_mb(process.pid)
    if process.returncode != 0:
        raise RuntimeError(f"decide --batch ended with {process.returncode}")
    return Run((count - 1) / seconds, peak_mb)


def lines_of(count: int, mix: Mix) -> Iterator[str]:
    """As many cases of shops' days, the same ones every time; the programmes in turn, all else at random."""
    chance = random.Random(20260217)  # noqa: S311 - cases, not secrets
    for index in range(count):
        yield json.dumps(_case(chance, [str(each) for each in mix[index % len(mix)]]))


def _case(chance: random.Random, programmes: list[str]) -> dict[str, Any]:
    now = _TODAY + timedelta(minutes=chance.randrange(365 * 24 * 60))
    zone, country = chance.choice(_ZONES)
    # Most ask within weeks of their order, some when the warranty is on their mind.
    paid = now - timedelta(minutes=int(chance.triangular(60, 420 * 24 * 60, 14 * 24 * 60)))
    shipped = paid + timedelta(hours=chance.randrange(4, 120))
    delivered = shipped + timedelta(hours=chance.randrange(20, 400))
    reason = chance.choice(list(ClaimReason))
    arrived = reason is not ClaimReason.NOT_RECEIVED and chance.random() < 0.9
    case: dict[str, Any] = {
        "as_of": now.isoformat(),
        "shop": {"programmes": programmes, "timezone": zone, "country": country},
        "order": {
            "paid_at": paid.isoformat(),
            "shipped_at": shipped.isoformat() if chance.random() < 0.9 or arrived else None,
            "delivered_at": delivered.isoformat() if arrived else None,
            "protection_ends_at": (paid + timedelta(days=75)).isoformat(),
            "on_platform": True,
            "account_standing": "good",
            "address_error": chance.choices(list(AddressError), (96, 2, 2))[0],
        },
        "line": {"stock": chance.choices(list(Stock), (9, 1))[0], "one_year_service": chance.random() < 0.3},
        "claim": {"reason": reason, "photos": chance.choice((None, 0, 1, 3))},
    }
    for flag, usually in (("complete", True), ("caused_by_customer", False), ("labels_intact", True)):
        case["claim"][flag] = chance.choices((usually, not usually, None), (80, 10, 10))[0]
    if chance.random() < 0.1:
        case["claim"]["cause"] = chance.choice(list(Cause))
    if chance.random() < 0.15:
        issued = delivered + timedelta(days=chance.randrange(20))
        case["rma"] = {"programme": chance.choice(programmes), "issued_at": issued.isoformat()}
    if chance.random() < 0.1:
        case["shop"]["parameters"] = {"return_days": 14, "rma_return_days": 45}
    return case


def _send(to: int, lines: Iterable[str]) -> None:
    while some := list(itertools.islice(lines, 200)):
        with_ends = memoryview("".join(f"{line}\n" for line in some).encode())
        while with_ends:
            with_ends = with_ends[os.write(to, with_ends) :]


def _receive(source: int, count: int) -> None:
    while count > 0:
        answers = os.read(source, 1 << 20)
        if not answers:
            raise RuntimeError("decide --batch ended before the last answer")
        count -= answers.count(b"\n")


def _processor_seconds(process: int) -> float:
    after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")  # in user and in system mode


def _peak_mb(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:"))
