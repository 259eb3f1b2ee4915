"""`aftercare policy diff`: what a person sees of two sets of parameters, and how the command ends."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import policy_core
from cli.main import app
from order_store import Database, Order, Shipment
from tests.casework.orders import EMAIL, a_shop, open_shops, tell, told

SHIPPED_FOLDER = Path(policy_core.__file__).parent / "programmes"
SEVEN = "periods: [{value: 7}]"  # of return_days, the first entry

SHOPS = """\
shops:
  quill: {name: Quill, programmes: [store_policy], timezone: Europe/Berlin, country: DE}
  voltaic: {name: Voltaic, programmes: [after_sales], timezone: Asia/Shanghai, country: CN, parameters: %s}
"""

Run = Callable[..., Result]
Edit = Callable[[str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """A copy of the shipped edition, a text in its after-sales figures replaced."""

    def edit(old: str, new: str) -> Path:
        folder = tmp_path / "edition"
        for file in SHIPPED_FOLDER.rglob("*.yml"):
            target = folder / file.relative_to(SHIPPED_FOLDER)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
        figures = folder / "after_sales" / "parameters.yml"
        text = figures.read_text(encoding="utf-8")
        assert old in text
        figures.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return edit


@pytest.fixture
def fourteen_days(edited: Edit) -> Path:
    return edited(SEVEN, "periods: [{value: 14}]")


@pytest.fixture
def shops_file(tmp_path: Path) -> Callable[[str, str], Path]:
    """A shops.yml of this name, with these values of voltaic's own."""

    def write(name: str, parameters: str) -> Path:
        file = tmp_path / name
        file.write_text(SHOPS % parameters, encoding="utf-8")
        return file

    return write


def diff(*arguments: object, **environ: str) -> Result:
    environment = {"AFTERCARE_ENV": "test", "AFTERCARE_CLOCK": "2026-03-10T09:30:00+00:00", "COLUMNS": "250"}
    return CliRunner().invoke(app, ["policy", "diff", *map(str, arguments)], env=environment | environ)


def rows(result: Result) -> list[list[str]]:
    """The cells of every row of every table."""
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in result.stdout.splitlines() if "│" in line]


def refused(result: Result) -> str:
    assert result.exit_code == 2
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.stderr
    return " ".join(result.stderr.split())


def received(day: str, number: str) -> dict[str, object]:
    shipment = {"shipped_at": "2026-02-02T08:00:00+08:00", "delivered_at": f"{day}T12:00:00+08:00"}
    paid_at = "2026-02-01T08:00:00+08:00"
    return told(number=number, shop="voltaic", placed_at=paid_at, paid_at=paid_at, shipments=[shipment])


@pytest.fixture
def store(database: Database, store_url: str) -> str:
    """The URL of a store whose orders came to voltaic's customers 3, 10 and 20 days before the command's instant."""
    open_shops(database)
    tell(database, *(received(day, number) for day, number in (("2026-03-07", "VT-3"), ("2026-02-28", "VT-10"))))
    tell(database, received("2026-02-18", "VT-20"), told())
    return store_url


# -- the figures ------------------------------------------------------------------------------------------------------


def test_an_edition_compared_with_itself_changes_nothing(edited: Edit) -> None:
    result = diff("shipped", edited(SEVEN, SEVEN))
    assert result.exit_code == 0
    assert "Nothing changes: every parameter has the same value on every day" in result.stdout
    assert rows(result) == []


def test_a_changed_figure_is_told_with_programme_clause_and_meaning(fourteen_days: Path) -> None:
    result = diff("shipped", fourteen_days)
    assert result.exit_code == 0
    assert f"(shipped) -> edition 2026.1 ({fourteen_days})" in result.stdout
    meaning = policy_core.default_policy().parameters["return_days"].meaning
    assert rows(result) == [["return_days", "after_sales AS-R1", "7 -> 14 days", meaning]]


def test_a_dated_change_is_told_with_its_days(edited: Edit) -> None:
    dated = "[{to: 2026-05-31, value: 7}, {from: 2026-06-01, to: 2026-06-30, value: 10}, {from: 2026-07-01, value: 14}]"
    changes = [row[2] for row in rows(diff("shipped", edited(SEVEN, f"periods: {dated}")))]
    assert changes == ["7 -> 10 days from 2026-06-01 until 2026-06-30", "7 -> 14 days from 2026-07-01"]


def test_a_flag_and_no_limit_are_told_in_words(shops_file: Callable[[str, str], Path]) -> None:
    new = shops_file("new.yml", "{most_favourable_clock: true, change_of_mind_days: 14}")
    assert {row[1]: row[3] for row in rows(diff(shops_file("old.yml", "{}"), new))} == {
        "most_favourable_clock": "false -> true",
        "change_of_mind_days": "none -> 14 days",
    }


def test_shops_are_compared_on_top_of_the_shipped_edition(shops_file: Callable[[str, str], Path]) -> None:
    result = diff(shops_file("old.yml", "{return_days: 7}"), shops_file("new.yml", "{return_days: 14}"))
    assert [row[:4] for row in rows(result)] == [["voltaic", "return_days", "after_sales AS-R1", "7 -> 14 days"]]
    assert "Nothing changes" in diff(shops_file("old.yml", "{}"), shops_file("new.yml", "{return_days: 7}")).stdout


def test_a_shop_in_one_file_alone_is_said(shops_file: Callable[[str, str], Path]) -> None:
    old, new = shops_file("old.yml", "{}"), shops_file("new.yml", "{}")
    new.write_text(new.read_text(encoding="utf-8").replace("  quill:", "  papermill:"), encoding="utf-8")
    told = diff(old, new).stdout
    assert f"Shop quill is only in {old}" in told
    assert f"Shop papermill is only in {new}" in told


def test_another_programme_of_a_shop_is_told(shops_file: Callable[[str, str], Path]) -> None:
    old, new = shops_file("old.yml", "{}"), shops_file("new.yml", "{}")
    more = new.read_text(encoding="utf-8").replace("[after_sales]", "[after_sales, buyer_protection]")
    new.write_text(more, encoding="utf-8")
    (row,) = rows(diff(old, new))
    assert row[:4] == ["voltaic", "programmes", "", "after_sales -> after_sales, buyer_protection"]


# -- the orders -------------------------------------------------------------------------------------------------------


def test_the_lines_with_another_open_verdict_are_listed(fourteen_days: Path, store: str) -> None:
    result = diff("shipped", fourteen_days, "--orders", store)
    assert result.exit_code == 0, result.output
    assert "as of 2026-03-10T09:30:00+00:00" in result.stdout
    assert rows(result)[1:] == [
        [
            "VT-10",
            "K-1",
            "after_sales.return_refund",
            "change_of_mind, ordered_wrong, defective, damaged",
            "not_eligible",
            "needs_information",
        ],
        ["VT-10", "K-1", "return_window_ends (AS)", "anything", "2026-03-07", "2026-03-14"],
        ["VT-3", "K-1", "return_window_ends (AS)", "anything", "2026-03-14", "2026-03-21"],
    ]
    assert "4 lines looked at, 2 change\n" in result.stdout


def test_an_outcome_is_told_with_its_last_day(store: str, shops_file: Callable[[str, str], Path]) -> None:
    new = shops_file("new.yml", "{}")
    text = new.read_text(encoding="utf-8")
    new.write_text(text.replace("country: DE", "country: DE, parameters: {change_of_mind_days: 10}"), encoding="utf-8")
    result = diff(shops_file("old.yml", "{}"), new, "--orders", store)
    assert rows(result)[1:] == [
        [
            "QC-1001",
            "K-1",
            "store_policy.return_refund",
            "change_of_mind, ordered_wrong",
            "eligible",
            "eligible until 2026-03-15",
        ]
    ]


def test_the_word_store_is_the_database_of_the_environment(fourteen_days: Path, store: str) -> None:
    named = diff("shipped", fourteen_days, "--orders", store)
    assert diff("shipped", fourteen_days, "--orders", "store", AFTERCARE_DATABASE_URL=store).stdout == named.stdout


def test_lines_nothing_changes_for_are_counted(store: str, edited: Edit) -> None:
    result = diff("shipped", edited(SEVEN, SEVEN), "--orders", store)
    assert "4 lines looked at, 0 change\n" in result.stdout


def test_lines_of_shops_in_one_file_alone_are_counted_apart(store: str, shops_file: Callable[[str, str], Path]) -> None:
    old, new = shops_file("old.yml", "{}"), shops_file("new.yml", "{return_days: 14}")
    new.write_text(new.read_text(encoding="utf-8").replace("  quill:", "  papermill:"), encoding="utf-8")
    told = diff(old, new, "--orders", store).stdout
    assert "3 lines looked at, 2 change\n" in told
    assert "1 line left out: the shop is not in both files" in told


def test_a_line_that_cannot_be_judged_is_named_with_the_field(
    fourteen_days: Path, store: str, database: Database
) -> None:
    with database.write() as session:
        order = session.query(Order).filter_by(number="VT-20").one()
        session.query(Shipment).filter_by(order_id=order.id).one().delivered_at = order.paid_at
    result = diff("shipped", fourteen_days, "--orders", store)
    (row,) = (row for row in rows(result) if row[0] == "VT-20")
    assert row[2] == "cannot be judged: order.delivered_at: expected an instant not before order.shipped_at"
    assert "1 line cannot be judged" in result.stdout


def test_nothing_personal_is_shown(fourteen_days: Path, store: str) -> None:
    shown = diff("shipped", fourteen_days, "--orders", store).output.lower()
    assert "vt-10" in shown
    for personal in (EMAIL, "ada", "fenn", "23125", "kettle"):
        assert personal not in shown


def test_many_lines_come_in_several_tables_and_none_is_lost(
    fourteen_days: Path, sqlite_database: Database, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.policy_tables._ROWS_AT_ONCE", 4)
    open_shops(sqlite_database)
    numbers = [f"VT-{number}" for number in range(100, 123)]
    tell(sqlite_database, *(received("2026-03-07", number) for number in numbers))
    result = diff("shipped", fourteen_days, "--orders", sqlite_url)
    assert [row[0] for row in rows(result)[1:]] == numbers
    assert result.stdout.count("Shop voltaic: what changes") == 6


def test_a_long_name_breaks_no_markup(fourteen_days: Path, sqlite_database: Database, sqlite_url: str) -> None:
    open_shops(sqlite_database)
    order = received("2026-03-07", "VT-[red]1")
    order["lines"] = [{"sku": "[/bold]", "title": "x", "quantity": 1, "unit_price": "1.00", "currency": "EUR"}]
    tell(sqlite_database, order)
    assert rows(diff("shipped", fourteen_days, "--orders", sqlite_url))[1][:2] == ["VT-[red]1", "[/bold]"]


# -- what cannot be read ----------------------------------------------------------------------------------------------


def test_an_edition_and_a_shops_file_are_not_compared(shops_file: Callable[[str, str], Path]) -> None:
    file = shops_file("shops.yml", "{}")
    for arguments in ((file, "shipped"), ("shipped", file)):
        assert refused(diff(*arguments)) == (
            f"shipped is an edition and {file} a file of shops' settings: give two editions (a folder, or shipped)"
            " or two files of shops' settings"
        )


def test_a_name_nothing_has_says_what_there_can_be(tmp_path: Path) -> None:
    assert refused(diff("shipped", tmp_path / "none")) == (
        f"{tmp_path / 'none'}: no such file or folder: give an edition's folder, the word shipped, or a file of"
        " shops' settings like shops.yml"
    )


def test_a_gap_in_time_is_refused_with_file_key_and_mend(edited: Edit) -> None:
    folder = edited(SEVEN, "periods: [{to: 2026-05-31, value: 7}, {from: 2026-07-01, value: 14}]")
    assert refused(diff("shipped", folder)) == (
        f"{folder / 'after_sales' / 'parameters.yml'}: return_days: a gap between 2026-05-31 and 2026-07-01:"
        " begin the later a day after"
    )


def test_a_figure_there_is_not_is_refused_with_file_and_key(edited: Edit) -> None:
    folder = edited("return_days:", "return_dayz:")
    assert refused(diff(folder, "shipped")).startswith(f"{folder / 'after_sales' / 'parameters.yml'}: return_dayz: ")


def test_a_shops_misspelt_figure_is_refused_with_file_shop_and_key(shops_file: Callable[[str, str], Path]) -> None:
    bad = shops_file("new.yml", "{return_dayz: 14}")
    assert refused(diff(shops_file("old.yml", "{}"), bad)).startswith(
        f"{bad}: shop voltaic: parameters: return_dayz: no such parameter; there are: change_of_mind_days"
    )


def test_a_stored_value_that_is_none_is_refused_with_the_shop(
    fourteen_days: Path, store: str, database: Database
) -> None:
    with database.write() as session:
        session.merge(a_shop("voltaic", parameters={"return_days": -1}))
    assert "shop voltaic: return_days: expected a whole number of days" in refused(
        diff("shipped", fourteen_days, "--orders", store)
    )


def test_orders_needs_a_database(fourteen_days: Path) -> None:
    assert "--orders" in refused(diff("shipped", fourteen_days, "--orders"))


@pytest.mark.parametrize("url", ["mysql://example.com/orders", "orders", "sqlite://", ""])
def test_what_is_no_database_says_what_to_write(fourteen_days: Path, url: str) -> None:
    assert "sqlite:///path/to/file.db" in refused(diff("shipped", fourteen_days, "--orders", url))


def test_a_store_there_is_not_is_not_made(fourteen_days: Path, tmp_path: Path) -> None:
    file = tmp_path / "none" / "orders.db"
    said = refused(diff("shipped", fourteen_days, "--orders", f"sqlite:///{file}"))
    assert said == f"{file}: there is no such store; name one that exists, or run: aftercare migrate"
    assert not file.parent.exists()


def test_a_store_without_tables_is_left_as_it_is(fourteen_days: Path, empty_store_url: str, tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    for _ in range(2):
        assert "run: aftercare migrate" in refused(diff("shipped", fourteen_days, "--orders", empty_store_url))


def test_a_server_that_does_not_answer_is_said_in_a_sentence(fourteen_days: Path, tmp_path: Path) -> None:
    url = f"postgresql+psycopg://aftercare:secret@/none?host={tmp_path}"
    said = refused(diff("shipped", fourteen_days, "--orders", url))
    assert "cannot be used" in said
    assert "secret" not in said


def test_a_clock_set_outside_of_demo_and_test_is_refused(fourteen_days: Path, store: str) -> None:
    assert "AFTERCARE_CLOCK" in refused(diff("shipped", fourteen_days, "--orders", store, AFTERCARE_ENV="production"))


def test_the_settings_of_the_demo_are_read() -> None:
    demo = SHIPPED_FOLDER.parent.parent / "demo" / "shops.yml"
    assert "Nothing changes" in diff(demo, demo).stdout
