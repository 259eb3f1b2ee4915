"""The set-up's modules, which live beside scripts/bootstrap.py, made importable as it does."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
