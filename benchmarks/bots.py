"""The bot as shipped, and the same bot trained with Rasa's default pipeline."""

import hashlib
import os
import subprocess
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "bot" / "models" / "aftercare.tar.gz"
MADE = ROOT / "var" / "bench"


def default_pipeline_model(console: Console) -> Path:
    """The bot's data trained with Rasa's default pipeline; trained once for the same data."""
    here = Path(__file__).parent / "default_pipeline"
    data = [here / "config.yml", here / "stories.yml", ROOT / "domain.yml", *sorted((ROOT / "bot/data").rglob("*.yml"))]
    fingerprint = hashlib.sha256(b"".join(file.read_bytes() for file in data)).hexdigest()[:16]
    model = MADE / f"default-{fingerprint}.tar.gz"
    if model.exists():
        return model
    MADE.mkdir(parents=True, exist_ok=True)
    log = MADE / "default-training.log"
    console.print(f"Training Rasa's default pipeline on the bot's data; this takes long ({log.relative_to(ROOT)}) …")
    with log.open("wb") as output:
        subprocess.run(  # noqa: S603 - our own Rasa on our own files
            [
                *(str(ROOT / ".venv-rasa/bin/rasa"), "train", "--config", str(here / "config.yml")),
                *("--domain", "domain.yml", "--data", "bot/data", str(here / "stories.yml")),
                *("--out", str(MADE), "--fixed-model-name", model.name.removesuffix(".tar.gz")),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false"},
            stdout=output,
            stderr=output,
            check=True,
        )
    return model
