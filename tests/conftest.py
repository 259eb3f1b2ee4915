"""Plugins every test may use: databases of both kinds, the whole system running, and a browser."""

pytest_plugins = ["tests.postgres", "tests.system", "tests.chromium"]
