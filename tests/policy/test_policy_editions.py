"""The files of an edition: the figures that ship, and what does not load, with the file, the key and the mend."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

import policy_core
from policy_core import ParameterError, ParameterName, Programme, default_policy, load_policy, read_case

SHIPPED = Path(policy_core.__file__).parent / "programmes"
MAY, JUNE, JULY = date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 1)

Edit = Callable[[str, str], Path]


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A copy of the shipped edition, to spoil."""
    for file in SHIPPED.rglob("*.yml"):
        target = tmp_path / file.relative_to(SHIPPED)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(file, target)
    return tmp_path


@pytest.fixture
def edited(edition: Path) -> Edit:
    """Replaces a text in the after-sales figures; the edition's folder."""

    def edit(old: str, new: str) -> Path:
        file = edition / "after_sales" / "parameters.yml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return edition

    return edit


def periods(text: str) -> str:
    return f"periods: {text}"


SEVEN = "periods: [{value: 7}]"  # of return_days, the first entry


def refusal(folder: Path, file: str = "after_sales/parameters.yml") -> tuple[str, str]:
    """The key and the mend of the complaint, which names the file."""
    with pytest.raises(ParameterError) as caught:
        load_policy(folder)
    error = caught.value
    assert error.where == str(folder / file)
    assert str(error) == f"{error.where}: {error.key}: {error.mend}"
    return error.key, error.mend


# -- the shipped edition ------------------------------------------------------------------------------------------


def test_the_shipped_figures_are_those_of_the_policies() -> None:
    figures = {
        (p.programme, p.name): p.periods[0].value for p in default_policy().parameters.values() if len(p.periods) == 1
    }
    assert figures == {
        (Programme.BUYER_PROTECTION, "dispute_days"): 15,
        (Programme.BUYER_PROTECTION, "refund_due_days"): 15,
        (Programme.BUYER_PROTECTION, "service_waiting_days"): 15,
        (Programme.BUYER_PROTECTION, "service_years"): 1,
        (Programme.AFTER_SALES, "return_days"): 7,
        (Programme.AFTER_SALES, "send_by_days"): 7,
        (Programme.AFTER_SALES, "warranty_days_with_proof"): 180,
        (Programme.AFTER_SALES, "warranty_days_without_proof"): 240,
        (Programme.AFTER_SALES, "repair_cover_days"): 60,
        (Programme.AFTER_SALES, "repair_working_days"): 3,
        (Programme.AFTER_SALES, "most_favourable_clock"): False,
        (Programme.STORE_POLICY, "rma_return_days"): 30,
        (Programme.STORE_POLICY, "change_of_mind_days"): None,
    }
    assert len(figures) == len(default_policy().parameters)


def test_every_figure_names_its_clause_and_says_what_it_means() -> None:
    prefixes = {
        Programme.BUYER_PROTECTION: ("BP-", "OW-"),
        Programme.AFTER_SALES: ("AS-",),
        Programme.STORE_POLICY: ("ST-",),
    }
    for parameter in default_policy().parameters.values():
        assert parameter.clause.startswith(prefixes[parameter.programme])
        assert parameter.meaning


def test_the_shipped_edition_is_loaded_once() -> None:
    assert default_policy() is default_policy()
    assert default_policy().version == "2026.1"


def test_an_edition_may_lie_anywhere(edition: Path) -> None:
    assert load_policy(edition) == default_policy()


def test_a_dated_figure_holds_in_its_period(edited: Edit) -> None:
    policy = load_policy(
        edited(
            SEVEN,
            periods(
                "[{to: 2026-05-31, value: 7}, {from: 2026-06-01, to: 2026-06-30, value: 10}, "
                "{from: 2026-07-01, value: 14}]"
            ),
        )
    )
    days = [date.min, MAY, date(2026, 6, 1), JUNE, JULY, date.max]
    assert [policy.number("return_days", day, {}) for day in days] == [7, 7, 10, 10, 14, 14]


def test_a_case_is_read_and_judged_by_the_edition_it_is_given(edited: Edit) -> None:
    policy = load_policy(edited(SEVEN, periods("[{value: 9}]")))
    case = read_case(
        {
            "as_of": "2026-02-19T12:00:00Z",
            "shop": {"programmes": ["after_sales"], "timezone": "UTC"},
            "order": {"paid_at": "2026-02-01T12:00:00Z", "delivered_at": "2026-02-10T12:00:00Z"},
        },
        policy,
    )
    ends = {
        period.code: period.last_day
        for edition in (None, policy)
        for period in policy_core.decide(case, edition).dates
        if period.code == "return_window_ends"
    }
    assert ends == {"return_window_ends": date(2026, 2, 19)}
    assert policy_core.decide(case).dates[0].last_day == date(2026, 2, 17)


def test_a_figure_that_may_be_none_is_no_number() -> None:
    with pytest.raises(ParameterError) as caught:
        default_policy().number("change_of_mind_days", JULY, {})
    assert caught.value.key == "change_of_mind_days"
    assert caught.value.mend == "no figure in force on 2026-07-01: it may be null"


# -- what does not load -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file",
    ["edition.yml", "buyer_protection/parameters.yml", "after_sales/parameters.yml", "store_policy/parameters.yml"],
)
class TestAnyFile:
    def test_a_missing_file_is_named(self, edition: Path, file: str) -> None:
        (edition / file).unlink()
        assert refusal(edition, file) == ("file", "cannot be read: No such file or directory")

    def test_a_folder_in_its_place_is_named(self, edition: Path, file: str) -> None:
        (edition / file).unlink()
        (edition / file).mkdir()
        assert refusal(edition, file) == ("file", "cannot be read: Is a directory")

    def test_what_is_not_utf_8_is_refused(self, edition: Path, file: str) -> None:
        (edition / file).write_bytes(b"version: \xe4")
        assert refusal(edition, file) == ("file", "not UTF-8 text: save it as UTF-8")

    def test_what_is_no_yaml_is_refused_with_its_place(self, edition: Path, file: str) -> None:
        (edition / file).write_text("version: [", encoding="utf-8")
        key, mend = refusal(edition, file)
        assert key == "file"
        assert mend.endswith("at line 1, column 11")

    @pytest.mark.parametrize("text", ["", "- version", "2026.1"])
    def test_what_holds_no_entries_is_refused(self, edition: Path, file: str, text: str) -> None:
        (edition / file).write_text(text, encoding="utf-8")
        assert refusal(edition, file) == ("file", "expected entries by name")

    def test_a_key_told_twice_is_refused_with_its_place(self, edition: Path, file: str) -> None:
        (edition / file).write_text("version: 1\nversion: 2", encoding="utf-8")
        assert refusal(edition, file) == ("file", "not YAML: the key 'version' is told twice at line 2, column 1")


@pytest.mark.parametrize("text", ["version: 2026.1", "version:", "name: x", 'version: "1"\nname: x', "version: [1]"])
def test_an_edition_is_its_version_as_text(edition: Path, text: str) -> None:
    (edition / "edition.yml").write_text(text, encoding="utf-8")
    assert refusal(edition, "edition.yml") == ("version", 'expected only a version, like version: "2026.1"')


def test_a_figure_of_another_programme_is_refused(edition: Path) -> None:
    file = edition / "store_policy" / "parameters.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("rma_return_days:", "return_days:"), encoding="utf-8")
    assert refusal(edition, "store_policy/parameters.yml") == (
        "return_days",
        "no figure of store_policy; expected rma_return_days, change_of_mind_days",
    )


def test_a_misspelt_figure_is_refused(edited: Edit) -> None:
    key, mend = refusal(edited("return_days:", "return_day:"))
    assert key == "return_day"
    assert mend.startswith("no figure of after_sales; expected return_days, send_by_days, ")


@pytest.mark.parametrize("name", ParameterName)
def test_a_figure_that_is_missing_is_named(edition: Path, name: ParameterName) -> None:
    file = f"{default_policy().parameters[name].programme}/parameters.yml"
    entries = yaml.safe_load((edition / file).read_text(encoding="utf-8"))
    del entries[name]
    (edition / file).write_text(yaml.safe_dump(entries), encoding="utf-8")
    assert refusal(edition, file) == (name, "missing: the rules rely on it")


def test_an_entry_told_twice_is_refused(edited: Edit) -> None:
    key, mend = refusal(edited("send_by_days:", "return_days:"))
    assert key == "file"
    assert mend.startswith("not YAML: the key 'return_days' is told twice at line ")


@pytest.mark.parametrize(
    ("old", "new", "key", "mend"),
    [
        (
            "clause: AS-R1",
            "clauses: AS-R1",
            "return_days.clauses",
            "unknown key: remove it or correct its spelling",
        ),
        (
            "  clause: AS-R1\n",
            "",
            "return_days.clause",
            "missing: every figure has its clause, unit, meaning and periods",
        ),
        ("clause: AS-R1", "clause: ' '", "return_days.clause", "expected text"),
        ("clause: AS-R1", "clause:", "return_days.clause", "expected text"),
        ("means: after receipt", "means: 7 #", "return_days.means", "expected text"),
        (
            "unit: days",
            "unit: weeks",
            "return_days.unit",
            "expected days, got 'weeks'",
        ),
        (
            "unit: days",
            "unit: [days]",
            "return_days.unit",
            "expected days, got a list",
        ),
        ("unit: days", "unit: working_days", "return_days.unit", "expected days, got 'working_days'"),
        ("value: 7", "value: 7.5", "return_days", "expected a whole number of days from 0 to 36500, got 7.5"),
        ("value: 7", "value: '7'", "return_days", "expected a whole number of days from 0 to 36500, got '7'"),
        ("value: 7", "value: -1", "return_days", "expected a whole number of days from 0 to 36500, got -1"),
        ("value: 7", "value: 36501", "return_days", "expected a whole number of days from 0 to 36500, got 36501"),
        ("value: 7", "value: true", "return_days", "expected a whole number of days from 0 to 36500, got True"),
        ("value: 7", "value:", "return_days", "expected a whole number of days from 0 to 36500, got None"),
        (
            "value: 3}",
            "value: x}",
            "repair_working_days",
            "expected a whole number of working days from 0 to 36500, got 'x'",
        ),
        ("value: false", "value: 0", "most_favourable_clock", "expected true or false, got 0"),
        (SEVEN, periods("7"), "return_days", "expected a list of periods: [{from: …, to: …, value: …}]"),
        (SEVEN, periods("[]"), "return_days", "expected a list of periods: [{from: …, to: …, value: …}]"),
        (SEVEN, periods("[7]"), "return_days", "expected a period with `value` and perhaps `from` and `to`, got 7"),
        (
            SEVEN,
            periods("[{from: 2026-01-01}]"),
            "return_days",
            "expected a period with `value` and perhaps `from` and `to`, got a dict",
        ),
        (
            SEVEN,
            periods("[{since: 2026-01-01, value: 7}]"),
            "return_days",
            "expected a period with `value` and perhaps `from` and `to`, got a dict",
        ),
        (
            SEVEN,
            periods("[{from: 2026-01-01, value: 7}]"),
            "return_days",
            "the first period has no `from`: it holds from the beginning",
        ),
        (
            SEVEN,
            periods("[{to: 2026-06-30, value: 7}]"),
            "return_days",
            "nothing is in force after 2026-06-30: the last period has no `to`",
        ),
        (
            SEVEN,
            periods("[{to: 2026-06-30, value: 7}, {from: 2026-07-02, value: 8}]"),
            "return_days",
            "a gap between 2026-06-30 and 2026-07-02: begin the later a day after",
        ),
        (
            SEVEN,
            periods("[{to: 2026-06-30, value: 7}, {from: 2026-06-30, value: 8}]"),
            "return_days",
            "the period from 2026-06-30 overlaps the one before it: end each period the day before the next begins",
        ),
        (
            SEVEN,
            periods("[{value: 7}, {from: 2026-06-30, value: 8}]"),
            "return_days",
            "the period from 2026-06-30 overlaps the one before it: end each period the day before the next begins",
        ),
        (
            SEVEN,
            periods("[{to: 2026-06-30, value: 7}, {value: 8}]"),
            "return_days",
            "the period from the beginning overlaps the one before it: end each period the day before the next begins",
        ),
        (
            SEVEN,
            periods("[{from: 2026-07-01, to: 2026-06-30, value: 7}]"),
            "return_days",
            "a period ends on 2026-06-30, before it begins on 2026-07-01",
        ),
        (
            SEVEN,
            periods("[{to: 2026-06-31, value: 7}]"),
            "return_days",
            "`to`: expected a day like 2026-07-01, got '2026-06-31'",
        ),
    ],
)
def test_a_wrong_entry_is_refused_with_its_key_and_its_mend(
    edited: Edit, old: str, new: str, key: str, mend: str
) -> None:
    assert refusal(edited(old, new)) == (key, mend)


def test_years_have_their_own_limit(edition: Path) -> None:
    file = edition / "buyer_protection" / "parameters.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("value: 1}", "value: 101}"), encoding="utf-8")
    assert refusal(edition, "buyer_protection/parameters.yml") == (
        "service_years",
        "expected a whole number of years from 0 to 100, got 101",
    )


@pytest.mark.parametrize("entry", ["return_days: 7", "return_days:", "return_days: [7]"])
def test_an_entry_that_is_no_mapping_is_refused(edition: Path, entry: str) -> None:
    file = edition / "after_sales" / "parameters.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(entry + "\n" + text[text.index("send_by_days:") :], encoding="utf-8")
    assert refusal(edition) == ("return_days", "expected an entry with clause, means, periods, unit")
