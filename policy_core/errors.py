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
