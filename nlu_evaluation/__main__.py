"""`python -m nlu_evaluation report|leaks|timing|several`, in .venv-rasa at the root; `make` has most of them."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

from rich.console import Console

from nlu_evaluation.examples import UnreadableExamplesError
from nlu_evaluation.outside import OutsideSetError

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: list[str]) -> int:
    """Does what was asked; 0 done, 1 leaks were found, 2 bad input, told in a sentence."""
    asked = _parser().parse_args(arguments)
    _quieten()
    console = Console()
    try:
        if asked.what == "report":
            return _report(console, asked)
        if asked.what == "leaks":
            return _leaks(console, asked)
        if asked.what == "several":
            return _several(console, asked)
        return _timing(asked)
    except (OutsideSetError, UnreadableExamplesError) as problem:
        return _refuse(str(problem))


def _report(console: Console, asked: argparse.Namespace) -> int:
    from rasa.shared.exceptions import RasaException

    from nlu_evaluation.measuring import DefaultPipelineError, measure

    try:
        measure(console, ROOT / "var" / "nlu-report", asked.sets, asked.epochs)
    except (DefaultPipelineError, RasaException) as problem:
        return _refuse(str(problem))
    return 0


def _leaks(console: Console, asked: argparse.Namespace) -> int:
    from bot.nlu.onnx_encoder import EncoderMissingError
    from nlu_evaluation.leaks import look_for_leaks

    try:
        return int(look_for_leaks(console, ROOT / "bot" / "data" / "nlu", asked.sets, asked.show))
    except EncoderMissingError as problem:
        return _refuse(str(problem))


def _timing(asked: argparse.Namespace) -> int:
    from rasa.shared.exceptions import RasaException

    from nlu_evaluation.timing import tell_timing

    try:
        tell_timing(asked.model)
    except RasaException as problem:
        return _refuse(str(problem))
    return 0


def _several(console: Console, asked: argparse.Namespace) -> int:
    from rasa.shared.exceptions import RasaException

    from nlu_evaluation.several import tell_several

    try:
        tell_several(console, asked.model, ROOT / "bot" / "data" / "nlu")
    except RasaException as problem:
        return _refuse(str(problem))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nlu_evaluation", description="How well the bot understands.")
    parts = parser.add_subparsers(dest="what", required=True)
    report = parts.add_parser("report", help="cross-validation and outside sets, into var/nlu-report")
    report.add_argument("--sets", type=Path, help="a folder of outside utterances, or one file")
    report.add_argument("--epochs", type=_rounds, default=100, help="of Rasa's default pipeline; 0 leaves it out")
    leaks = parts.add_parser("leaks", help="outside utterances that stand in the training data")
    leaks.add_argument("--sets", type=Path, required=True, help="a folder of outside utterances, or one file")
    leaks.add_argument("--show", action="store_true", help="show the outside text too")
    timing = parts.add_parser("timing", help="milliseconds a message on one core, as JSON")
    timing.add_argument("model", type=Path)
    several = parts.add_parser("several", help="how often one request is taken for several")
    several.add_argument("model", type=Path)
    return parser


def _rounds(told: str) -> int:
    if not told.isdecimal():
        raise argparse.ArgumentTypeError(f"{told!r} is no number of epochs; 0 leaves the default pipeline out")
    return int(told)


def _quieten() -> None:
    """What Rasa's own dependencies have to say about each other helps nobody here."""
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").propagate = False
    for name, value in (
        ("TF_CPP_MIN_LOG_LEVEL", "2"),
        ("CUDA_VISIBLE_DEVICES", "-1"),
        ("SQLALCHEMY_SILENCE_UBER_WARNING", "1"),
        ("RASA_TELEMETRY_ENABLED", "false"),
    ):
        os.environ.setdefault(name, value)


def _refuse(problem: str) -> int:
    sys.stderr.write(f"{problem}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
