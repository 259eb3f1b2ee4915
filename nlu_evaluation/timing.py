"""How long a loaded model needs to understand a message on one core, as JSON for `make bench`."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from pathlib import Path
from statistics import median

from nlu_evaluation.examples import read_examples

DATA = Path(__file__).resolve().parents[1] / "bot" / "data" / "nlu"
MESSAGES = 300


def tell_timing(model: Path) -> None:
    """Prints {"median_ms", "p95_ms"}: milliseconds of processor time a message, so that other load counts little."""
    # Before TensorFlow and onnxruntime count the cores. Linux alone can hold a process to one.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    taken = sorted(asyncio.run(_milliseconds(model, _messages())))
    told = {"median_ms": median(taken), "p95_ms": taken[int(0.95 * len(taken))]}
    sys.stdout.write(json.dumps(told) + "\n")


def _messages() -> list[str]:
    """The same share of every intent's examples."""
    texts = [example.text for example in read_examples(DATA)]
    return texts[:: max(len(texts) // MESSAGES, 1)]


async def _milliseconds(model: Path, messages: list[str]) -> list[float]:
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    # Else every message is written out, on the clock.
    configure_structlog(logging.WARNING)
    agent = Agent.load(str(model))
    await agent.parse_message(messages[0])  # warms everything up
    taken = []
    for message in messages:
        began = time.process_time()
        await agent.parse_message(message)
        taken.append(1000 * (time.process_time() - began))
    return taken
