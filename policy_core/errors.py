"""What can go wrong, in one tree.

PolicyError
├── CaseError        a case that cannot be judged: the path of the field and what was expected
└── ParameterError   a parameter file that cannot be trusted: the file, the key and the mend
"""


class PolicyError(ValueError):
    """The base of everything policy_core raises on purpose."""


class CaseError(PolicyError):
    """A case is malformed or contradicts itself.

    `path` is the field in dotted form ("order.paid_at"; "" for the case as a whole), `message` what was
    expected there.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path
        self.message = message


class ParameterError(PolicyError):
    """A parameter set does not load: `where` is the file or shop, `key` the entry, `mend` what to change."""

    def __init__(self, where: str, key: str, mend: str) -> None:
        super().__init__(f"{where}: {key}: {mend}")
        self.where = where
        self.key = key
        self.mend = mend


_LONGEST_SHOWN = 60


def shown(value: object) -> str:
    """A told value as a message quotes it: short whatever was told."""
    if isinstance(value, int) and value.bit_length() > 4 * _LONGEST_SHOWN:
        return "a number too large to show"
    quoted = repr(value) if isinstance(value, str | int | float | None) else f"a {type(value).__name__}"
    return quoted if len(quoted) <= _LONGEST_SHOWN else quoted[: _LONGEST_SHOWN - 3] + "…"
