"""Plugins every test may use: databases of both kinds, and the whole system running."""

pytest_plugins = ["tests.postgres", "tests.system"]
