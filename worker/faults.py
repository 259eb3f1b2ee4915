"""Faults of our own, as they are logged."""

import traceback
from pathlib import Path


def place_of(error: BaseException) -> str:
    """What kind of fault and where in the code, innermost last; not its words, which could hold a name."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return f"{type(error).__name__} at {', '.join(f'{Path(each.filename).name}:{each.lineno}' for each in frames)}"
