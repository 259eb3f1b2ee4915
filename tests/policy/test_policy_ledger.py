"""The clause ledger is whole: each clause is decided and pinned, or lives where it says; nothing else is cited."""

import pkgutil
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import policy_core
from casework.words import Words
from order_store.shop_settings import SETTINGS
from policy_core import ParameterError, Programme, default_clauses, read_yaml
from policy_core.clauses import Clause, Place, PlaceKind, load_clauses
from policy_core.programmes import REMEDIES
from scripts.citations import CLAUSE_ID, Citation, Kind, citations
from scripts.policy_page import COMMAND, PAGE, page

GOLDEN = Path(__file__).parent / "golden"
SHIPPED = Path(policy_core.__file__).parent / "programmes"
PREFIXES = {
    None: ("GEN-",),
    Programme.BUYER_PROTECTION: ("BP-", "OW-"),
    Programme.AFTER_SALES: ("AS-",),
    Programme.STORE_POLICY: ("ST-",),
}

LIVING_ELSEWHERE = [clause for clause in default_clauses().values() if clause.lives]


@cache
def _goldens() -> tuple[dict[str, Any], ...]:
    files = sorted(GOLDEN.glob("*/*.yml"))
    return tuple(entry for file in files for entry in _list(file))


def _list(file: Path) -> list[Any]:
    entries = read_yaml(file.read_text(encoding="utf-8"))
    assert isinstance(entries, list)
    return entries


@cache
def _cited() -> tuple[Citation, ...]:
    return tuple(citations())


@cache
def _listed() -> frozenset[str]:
    """The clauses that golden cases say they pin."""
    return frozenset(clause for golden in _goldens() for clause in golden["clauses"])


@cache
def _expected_rows() -> frozenset[tuple[str, str, str]]:
    """Every expected reason as remedy ("after_sales.exchange"), outcome and "code CLAUSE"."""
    return frozenset(
        (name, remedy["outcome"], reason)
        for golden in _goldens()
        for name, remedy in golden["expect"].get("remedies", {}).items()
        for reason in remedy.get("reasons", [])
        if "outcome" in remedy
    )


@cache
def _expected(kind: Kind) -> frozenset[str]:
    """Every expected reason, obligation or date as "code CLAUSE"."""
    return frozenset(" ".join(said.split()[:2]) for golden in _goldens() for said in _said(golden["expect"], kind))


def _said(expected: dict[str, Any], kind: Kind) -> Iterator[str]:
    if kind is Kind.DATE:
        yield from (*expected.get("dates", []), *expected.get("has_dates", []))
        return
    for remedy in expected.get("remedies", {}).values():
        yield from remedy.get(f"{kind.value}s", [])


def _expected_clauses() -> set[str]:
    kinds = (Kind.REASON, Kind.OBLIGATION, Kind.DATE)
    return {said.split()[1] for kind in kinds for said in _expected(kind)}


# -- the ledger against the rules ---------------------------------------------------------------------------------


def test_every_clause_the_rules_cite_is_in_the_ledger() -> None:
    assert {each.clause for each in _cited()} - default_clauses().keys() == set()


def test_every_clause_is_decided_by_a_rule_or_lives_elsewhere_and_never_both() -> None:
    cited = {each.clause for each in _cited()}
    neither = {clause.id for clause in default_clauses().values() if not clause.lives and clause.id not in cited}
    both = {clause.id for clause in default_clauses().values() if clause.lives and clause.id in cited}
    assert (neither, both) == (set(), set())


def test_every_clause_stands_in_the_ledger_of_its_own_programme() -> None:
    for clause in default_clauses().values():
        assert clause.id.startswith(PREFIXES[clause.programme])


def test_the_words_of_a_clause_hold_no_figure_because_figures_are_parameters() -> None:
    for clause in default_clauses().values():
        assert not re.search(r"\d", CLAUSE_ID.sub("", f"{clause.says} {clause.doubt or ''}")), clause.id


@pytest.mark.parametrize(
    ("clause", "place"),
    [pytest.param(each, place, id=f"{each.id} {place.name}") for each in LIVING_ELSEWHERE for place in each.lives],
)
def test_every_place_a_clause_lives_in_exists(clause: Clause, place: Place) -> None:
    match place.kind:
        case PlaceKind.RESPONSE:
            assert place.name.startswith("utter_")
            assert place.name in Words.load()
        case PlaceKind.SETTING:
            assert place.name in SETTINGS
        case PlaceKind.CLAUSE:
            assert not default_clauses()[place.name].lives
        case PlaceKind.CODE:
            assert pkgutil.resolve_name(place.name) is not None


# -- the ledger against the golden cases --------------------------------------------------------------------------


def test_every_clause_a_golden_case_names_is_in_the_ledger() -> None:
    assert (_listed() | _expected_clauses()) - default_clauses().keys() == set()


def test_every_clause_a_verdict_can_name_is_named_in_an_expected_one() -> None:
    assert {each.clause for each in _cited() if each.told} - _expected_clauses() == set()


def test_every_other_clause_that_is_decided_is_pinned_by_a_golden_case() -> None:
    told = {each.clause for each in _cited() if each.told}
    assert {each.clause for each in _cited()} - told - _listed() == set()


def test_every_row_of_every_remedy_decides_a_golden_case() -> None:
    rows = {
        (f"{programme}.{remedy.name}", str(row.outcome), f"{row.code} {row.clause}")
        for programme, remedies in REMEDIES.items()
        for remedy in remedies
        for row in (*remedy.rows, *remedy.grants, *filter(None, [remedy.silent]))
    }
    assert rows - _expected_rows() == set()


@pytest.mark.parametrize("kind", [Kind.REASON, Kind.OBLIGATION, Kind.DATE])
def test_the_rules_build_exactly_what_the_golden_cases_expect(kind: Kind) -> None:
    built = {f"{each.code} {each.clause}" for each in _cited() if each.kind is kind}
    assert built == _expected(kind)


# -- the page -----------------------------------------------------------------------------------------------------


def test_the_policy_page_says_what_the_ledger_the_parameters_and_the_remedies_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), f"docs/policy.md is out of date; run: {COMMAND}"


# -- what does not load -------------------------------------------------------------------------------------------

Edit = Callable[[str, str], tuple[str, str]]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Replaces a text in the store's clauses; the key and the mend of the complaint, which names the file."""
    for file in SHIPPED.rglob("clauses.yml"):
        target = tmp_path / file.relative_to(SHIPPED)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(file, target)

    def edit(old: str, new: str) -> tuple[str, str]:
        file = tmp_path / "store_policy" / "clauses.yml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(ParameterError) as caught:
            load_clauses(tmp_path)
        assert caught.value.where == str(file)
        return caught.value.key, caught.value.mend

    return edit


def test_the_shipped_ledger_is_loaded_once() -> None:
    assert default_clauses() is default_clauses()


def test_an_entry_with_an_unknown_key_names_it(edited: Edit) -> None:
    assert edited("ST-1:\n  says:", "ST-1:\n  sais: x\n  says:") == (
        "ST-1.sais",
        "unknown key: remove it or correct its spelling",
    )


def test_a_clause_without_words_is_refused(edited: Edit) -> None:
    assert edited("ST-A5:\n", "ST-X9:\n  lives: [setting: contact]\nST-A5:\n") == (
        "ST-X9.says",
        "missing: say the clause in your own words",
    )


@pytest.mark.parametrize("words", ["''", "[]", "7"])
def test_words_that_are_none_are_refused(edited: Edit, words: str) -> None:
    key, mend = edited("ST-A5:\n", f"ST-X9:\n  says: {words}\nST-A5:\n")
    assert key == "ST-X9.says"
    assert mend.startswith("expected text, got ")


def test_an_entry_that_is_only_a_sentence_is_refused(edited: Edit) -> None:
    key, mend = edited("ST-A5:\n", "ST-X9: a sentence\nST-A5:\n")
    assert key == "ST-X9"
    assert mend == "expected an entry with says, and perhaps doubt and lives, got 'a sentence'"


def test_an_assumption_says_which_doubt_it_settles(edited: Edit) -> None:
    assert edited("ST-A5:\n", "ST-A9:\n  says: x\nST-A5:\n") == (
        "ST-A9.doubt",
        "missing: an assumption says which doubt it settles",
    )


def test_a_clause_settles_no_doubt(edited: Edit) -> None:
    assert edited("ST-1:\n", "ST-1:\n  doubt: x\n") == (
        "ST-1.doubt",
        "only an assumption (an id like ST-A2) settles a doubt: remove it",
    )


def test_an_id_in_two_ledgers_is_refused(edited: Edit) -> None:
    assert edited("ST-1:\n", "AS-R1:\n  says: x\nST-1:\n") == (
        "AS-R1",
        "the id is taken in after_sales: keep one of the two",
    )


def test_an_id_twice_in_one_ledger_is_refused(edited: Edit) -> None:
    key, mend = edited("ST-2:\n", "ST-1:\n  says: x\nST-2:\n")
    assert key == "file"
    assert mend.startswith("not YAML: the key 'ST-1' is told twice")


def test_a_name_that_is_no_id_is_refused(edited: Edit) -> None:
    assert edited("ST-1:\n", "store 1:\n") == ("store 1", "no clause id: expected one like BP-4a or ST-A2")


@pytest.mark.parametrize(
    ("lives", "key", "mend"),
    [
        ("[]", "lives", "expected a list of places such as [response: utter_ticket], got a list"),
        ("utter_ticket", "lives", "expected a list of places such as [response: utter_ticket], got 'utter_ticket'"),
        ("[utter_ticket]", "lives", "expected one place such as response: utter_ticket, got 'utter_ticket'"),
        (
            "[page: utter_ticket]",
            "lives.page",
            "unknown kind of place: expected one of response, code, setting, clause",
        ),
        ("[response: '']", "lives.response", "expected its name, got ''"),
    ],
)
def test_a_place_that_is_none_is_refused(edited: Edit, lives: str, key: str, mend: str) -> None:
    assert edited("ST-1:\n", f"ST-1:\n  lives: {lives}\n") == (f"ST-1.{key}", mend)


def test_a_ledger_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"clauses\.yml: file: cannot be read"):
        load_clauses(tmp_path)
