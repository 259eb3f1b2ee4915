"""The bot as shipped, and what Rasa's default pipeline makes of the same data. Runs in both environments."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import yaml
from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "bot" / "models" / "aftercare.tar.gz"
MADE = ROOT / "var" / "bench"
DEFAULT = Path(__file__).parent / "default_pipeline"


def default_pipeline_model(console: Console) -> Path:
    """The whole bot with Rasa's default pipeline and policies; trained once for the same data."""
    config, stories = DEFAULT / "config.yml", DEFAULT / "stories.yml"
    data = [config, stories, ROOT / "domain.yml", *sorted((ROOT / "bot/data").rglob("*.yml"))]
    told = ["--config", str(config), "--domain", "domain.yml", "--data", "bot/data", str(stories)]
    return _trained(console, "default", [file.read_bytes() for file in data], told)


def default_understanding_model(console: Console, epochs: int) -> Path:
    """Rasa's default pipeline alone, taught for `epochs` rounds; trained once for the same data and rounds."""
    settings = yaml.safe_load((DEFAULT / "config.yml").read_text(encoding="utf-8"))
    del settings["policies"]
    for component in settings["pipeline"]:
        if "epochs" in component:
            component["epochs"] = epochs
    data = [file.read_bytes() for file in sorted((ROOT / "bot/data/nlu").rglob("*.yml"))]
    MADE.mkdir(parents=True, exist_ok=True)
    config = MADE / f"default-nlu-{epochs}.yml"
    config.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    told = ["nlu", "--config", str(config), "--nlu", "bot/data/nlu"]
    return _trained(console, f"default-nlu-{epochs}", [config.read_bytes(), *data], told)


def _trained(console: Console, name: str, made_from: Sequence[bytes], told: Sequence[str]) -> Path:
    fingerprint = hashlib.sha256(b"".join(made_from)).hexdigest()[:16]
    model = MADE / f"{name}-{fingerprint}.tar.gz"
    if model.exists():
        return model
    MADE.mkdir(parents=True, exist_ok=True)
    log = MADE / f"{name}-training.log"
    console.print(f"Training Rasa's default pipeline on the bot's data; this takes long ({log.relative_to(ROOT)}) …")
    with log.open("wb") as output:
        subprocess.run(  # noqa: S603 - our own Rasa on our own files
            [
                *(str(ROOT / ".venv-rasa/bin/rasa"), "train", *told),
                *("--out", str(MADE), "--fixed-model-name", model.name.removesuffix(".tar.gz")),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false"},
            stdout=output,
            stderr=output,
            check=True,
        )
    return model
