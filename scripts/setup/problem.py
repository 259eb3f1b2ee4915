"""The one error of the set-up: a sentence that says what is wrong and what to do."""

from __future__ import annotations


class SetupProblemError(Exception):
    """Something a person has to put right; printed as it is, without a traceback."""
