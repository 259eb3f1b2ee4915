"""`python -m benchmarks [SECTION…]`: the measurements asked for, else every one, as tables.

Ratios within one run count; absolute figures are the machine's.
"""

import sys
from importlib import import_module

from rich.console import Console

# Each is a module of this package with `measure(console)`, loaded when it is its turn.
SECTIONS = (
    "deciding",
    "importing",
    "finding",
    "understanding",
    "turns",
    "streaming",
)


def main(asked: list[str]) -> None:
    """Measure and print."""
    for name in asked:
        if name not in SECTIONS:
            sys.exit(f"no section {name!r}; there are: {', '.join(SECTIONS)}")
    console = Console()
    for name in asked or SECTIONS:
        import_module(f".{name}", __package__).measure(console)


if __name__ == "__main__":
    main(sys.argv[1:])
