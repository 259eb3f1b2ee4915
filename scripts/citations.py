"""Where policy_core cites the clauses: in a row, an obligation, a date, a parameter, or at the rule as a reading."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import policy_core
from policy_core.programmes import REMEDIES

CORE = Path(policy_core.__file__).parent
PROGRAMMES = CORE / "programmes"
NO_RULES = (CORE / "codes.py", CORE / "clauses.py")
"""The vocabulary says what each code is about, the ledger what an id looks like; neither decides anything."""

CLAUSE_ID = re.compile(r"\b(?:BP|OW|AS|ST|GEN)-(?:[A-Z]?\d+[a-z]?|C)\b")
_CODE = re.compile(r"[a-z][a-z0-9_]*")


class Kind(Enum):
    """What rests on the clause. `READING`: named in a comment or docstring at the rule it is read for."""

    REASON = "reason"
    OBLIGATION = "obligation"
    DATE = "date"
    PARAMETER = "parameter"
    READING = "reading"


@dataclass(frozen=True)
class Citation:
    """One clause cited once. `where`: a remedy ("after_sales.exchange"), a programme, or a file of policy_core."""

    clause: str
    kind: Kind
    where: str
    code: str = ""
    outcome: str = ""

    @property
    def told(self) -> bool:
        """Whether a verdict can name the clause."""
        return self.kind in (Kind.REASON, Kind.OBLIGATION, Kind.DATE)


def citations() -> list[Citation]:
    """Every place in policy_core that cites a clause, each once, in the order of the programmes."""
    return list(dict.fromkeys((*_rows(), *_built(), *_parameters(), *_readings())))


def _rows() -> Iterator[Citation]:
    for programme, remedies in REMEDIES.items():
        for remedy in remedies:
            silent = () if remedy.silent is None else (remedy.silent,)
            for row in (*silent, *remedy.rows, *remedy.grants):
                yield Citation(row.clause, Kind.REASON, f"{programme}.{remedy.name}", row.code, row.outcome)


def _built() -> Iterator[Citation]:
    """Obligations and dates, which a rule builds with their code and clause as literals."""
    kinds = {"Obligation": Kind.OBLIGATION, "Period": Kind.DATE}
    for file in sorted(PROGRAMMES.glob("*/*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in kinds:
                literals = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
                words = [each for each in literals if isinstance(each, str)]
                code = next(word for word in words if _CODE.fullmatch(word))
                for clause in filter(CLAUSE_ID.fullmatch, words):
                    yield Citation(clause, kinds[node.func.id], file.parent.name, code)


def _parameters() -> Iterator[Citation]:
    for name, parameter in policy_core.default_policy().parameters.items():
        yield Citation(parameter.clause, Kind.PARAMETER, str(parameter.programme), str(name))


def _readings() -> Iterator[Citation]:
    for file in sorted(CORE.rglob("*.py")):
        if file not in NO_RULES:
            for said in _strings_and_comments(file):
                for clause in CLAUSE_ID.findall(said):
                    yield Citation(clause, Kind.READING, file.relative_to(CORE).as_posix())


def _strings_and_comments(file: Path) -> Iterator[str]:
    """Sentences about a rule; a string that is nothing but an id is one of the other kinds."""
    for token in tokenize.generate_tokens(io.StringIO(file.read_text(encoding="utf-8")).readline):
        if token.type == tokenize.COMMENT or (
            token.type == tokenize.STRING and not CLAUSE_ID.fullmatch(token.string.strip("\"'"))
        ):
            yield token.string
