"""Understanding a message on one core, with the bot as shipped and with Rasa's default pipeline; training; sizes.

A millisecond is one of processor time, so that other load on the machine counts little; training is given both ways.
"""

import json
import os
import resource
import subprocess
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from .bots import ROOT, SHIPPED, default_pipeline_model

RASA = ROOT / ".venv-rasa" / "bin"
ENCODER = ROOT / "bot" / "models" / "encoder" / "encoder.onnx"


def measure(console: Console) -> None:
    """Prints the table."""
    shown = Table(
        *("bot", "ms a message, median", "p95", "training", "model archive", "sentence encoder"),
        title="Understanding, one core",
    )
    shown.add_row("as shipped", *_milliseconds(SHIPPED), _training(), _size(SHIPPED), _size(ENCODER))
    # Its epochs are few, so that the time they took says nothing.
    default = default_pipeline_model(console)
    shown.add_row("Rasa's default pipeline (DIET)", *_milliseconds(default), "-", _size(default), "-")
    console.print(shown)


def _milliseconds(model: Path) -> tuple[str, str]:
    """Median and 95th percentile, measured by a process of its own in Rasa's environment."""
    told = subprocess.run(  # noqa: S603 - our own code on our own model
        [str(RASA / "python"), "-m", "nlu_evaluation", "timing", str(model)],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        check=True,
    )
    measured = json.loads(told.stdout.splitlines()[-1])
    return f"{measured['median_ms']:.1f}", f"{measured['p95_ms']:.1f}"


def _training() -> str:
    """Trains the whole bot as the set-up does, nothing taken from an earlier training."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        with log.open("wb") as output:
            subprocess.run(  # noqa: S603 - our own Rasa on our own files
                [
                    *(str(RASA / "rasa"), "train", "--force", "--config", "config.yml", "--domain", "domain.yml"),
                    *("--data", "bot/data", "--skip-validation", "--out", folder, "--fixed-model-name", "timed"),
                ],
                cwd=ROOT,
                env={**_environment(), "RASA_MAX_CACHE_SIZE": "0"},
                stdout=output,
                stderr=output,
                check=True,
            )
        seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"{seconds:.0f} s ({used:.0f} s of processor time)"


def _size(file: Path) -> str:
    return f"{file.stat().st_size / 1e6:.1f} MB"


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false"}
