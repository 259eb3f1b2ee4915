"""These tests need Rasa, spaCy and onnxruntime: `make test` runs them with .venv-rasa's Python."""

from importlib.util import find_spec

collect_ignore_glob = ["test_*.py"] if find_spec("rasa") is None else []
