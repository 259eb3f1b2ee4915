"""`aftercare import` and `aftercare shops`: what a person sees, and how the command ends."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner, Result

from cli.import_progress import opened_file
from cli.importing import import_file, load_shops
from order_store import AuditEntry, Database
from tests.store.conftest import told

PROJECT = Path(__file__).parents[2]
SAMPLES = Path(__file__).parent / "import_samples"

application = typer.Typer()
application.command("import")(import_file)
application.command("shops")(load_shops)

Run = Callable[..., Result]


@pytest.fixture
def run(store_url: str) -> Run:
    environ = {
        "AFTERCARE_DATABASE_URL": store_url,
        "AFTERCARE_ENV": "test",
        "AFTERCARE_CLOCK": "2026-03-10T10:30:00+01:00",
        "COLUMNS": "200",
    }

    def invoke(*arguments: object, given: bytes = b"") -> Result:
        return CliRunner().invoke(application, [str(each) for each in arguments], input=given, env=environ)

    return invoke


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders.jsonl"


def shown(result: Result) -> str:
    return " ".join(result.output.split())


@pytest.mark.usefixtures("shop")
class TestImport:
    def test_orders_taken_end_well_and_again_change_nothing(self, run: Run, file: Path, database: Database) -> None:
        file.write_text(json.dumps([told(), told(number="IW-2")]), encoding="utf-8")
        first, second = run("import", file), run("import", file, "--format", "native")
        assert (first.exit_code, second.exit_code) == (0, 0)
        assert "│ 2 │ 0 │ 0 │ 0 │" in shown(first)
        assert "│ 0 │ 0 │ 2 │ 0 │" in shown(second)
        with database.read() as session:
            assert session.get_one(AuditEntry, 1).at.isoformat() == "2026-03-10T09:30:00+00:00"

    def test_a_refused_order_is_shown_with_line_number_field_and_reason(self, run: Run, file: Path) -> None:
        bad = told(number="IW-2", paid_at="soon", colour="red")
        file.write_text(f"{json.dumps(told())}\n{json.dumps(bad)}\n", encoding="utf-8")
        result = run("import", file)
        assert result.exit_code == 1
        assert "│ 1 │ 0 │ 0 │ 1 │" in shown(result)
        assert "│ line 2 │ IW-2 │ colour │ is no field of the format" in shown(result)
        assert "│ │ │ paid_at │ expected an instant with its offset such as 2026-03-01T10:00:00+01:00, found" in shown(
            result
        )

    def test_standing_input_is_read_for_a_dash(self, run: Run) -> None:
        result = run("import", "-", given=json.dumps([told()]).encode())
        assert result.exit_code == 0
        assert "│ 1 │ 0 │ 0 │ 0 │" in shown(result)

    def test_many_refused_orders_are_shown_in_part(self, run: Run, file: Path) -> None:
        file.write_text(json.dumps([told(number=f"IW-{n}", paid_at="soon") for n in range(60)]), encoding="utf-8")
        result = run("import", file)
        assert result.exit_code == 1
        assert "… and 10 more" in shown(result)

    @pytest.mark.parametrize(
        ("sample", "order_format"),
        [
            ("shopify_orders.csv", "shopify"),
            ("shopify_orders.json", "shopify"),
            ("woocommerce_orders.jsonl", "woocommerce"),
        ],
    )
    def test_another_systems_file_is_taken_and_its_losses_are_named(
        self, run: Run, sample: str, order_format: str
    ) -> None:
        result = run("import", SAMPLES / sample, "--format", order_format, "--shop", "inkwell")
        assert result.exit_code == 1
        assert "Taken with a loss" in shown(result)
        assert "│ money already paid back: not taken, so the chat does not know of it │" in shown(result)
        assert "Not taken, since they are over" in shown(result)
        assert "│ 1 │ cancelled │" in shown(result)

    def test_orders_that_went_out_of_the_store_are_counted(self, run: Run, file: Path) -> None:
        order = json.loads((SAMPLES / "woocommerce_orders.jsonl").read_text(encoding="utf-8").splitlines()[0])
        for status, exit_code in (("completed", 0), ("cancelled", 0)):
            file.write_text(json.dumps(order | {"status": status}), encoding="utf-8")
            result = run("import", file, "--format", "woocommerce", "--shop", "inkwell")
            assert result.exit_code == exit_code
        assert "│ 1 │ of them were in the store and were taken out of it │" in shown(result)

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (["--format", "shopify"], "names no shop; name the shop its orders are of with --shop KEY (inkwell)"),
            (["--format", "woocommerce", "--shop", "papermill"], "is for 'papermill', which is none of the store"),
            (["--shop", "inkwell"], "a native order names its shop itself"),
        ],
    )
    def test_the_shop_is_named_where_the_file_does_not(
        self, run: Run, file: Path, options: list[str], words: str
    ) -> None:
        file.write_text(json.dumps([told()]), encoding="utf-8")
        result = run("import", file, *options)
        assert result.exit_code == 2
        assert words in shown(result)

    def test_marks_in_what_was_told_are_shown_as_they_are(self, run: Run, file: Path) -> None:
        file.write_text(json.dumps([told(number="[red]IW-2[/red]", paid_at="[bold]")]), encoding="utf-8")
        assert "[red]IW-2[/red]" in shown(run("import", file))


@pytest.mark.parametrize(
    ("text", "words"),
    [(None, "cannot be read"), ("", "is empty"), ("number;shop\n1;inkwell\n", "write a JSON list of orders")],
)
def test_a_file_that_cannot_be_read_ends_with_2_and_one_message(
    run: Run, file: Path, text: str | None, words: str
) -> None:
    if text is not None:
        file.write_text(text, encoding="utf-8")
    result = run("import", file)
    assert result.exit_code == 2
    assert words in shown(result)
    assert "Traceback" not in result.output


def test_a_terminal_sees_how_far_the_file_is_read(file: Path) -> None:
    file.write_bytes(b"x" * 5000)
    terminal, pipe = (Console(file=StringIO(), force_terminal=is_terminal, width=100) for is_terminal in (True, False))
    for output, seen in ((terminal, True), (pipe, False)):
        with opened_file(file, output) as stream:
            assert [len(stream.read(4000)) for _ in range(3)] == [4000, 1000, 0]
        assert isinstance(output.file, StringIO)
        assert ("orders.jsonl" in output.file.getvalue()) is seen


def test_orders_of_no_known_shop_say_how_to_load_one(run: Run, file: Path) -> None:
    file.write_text(json.dumps([told()]), encoding="utf-8")
    result = run("import", file)
    assert result.exit_code == 1
    assert "aftercare shops FILE" in shown(result)


def test_a_store_without_tables_gets_them(empty_store_url: str, file: Path) -> None:
    file.write_text("[]", encoding="utf-8")
    result = CliRunner().invoke(application, ["import", str(file)], env={"AFTERCARE_DATABASE_URL": empty_store_url})
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"AFTERCARE_DATABASE_URL": "mysql://a/b"}, "sqlite:///path/to/file.db"),
        ({"AFTERCARE_CLOCK": "2026-03-10T10:30:00Z", "AFTERCARE_ENV": "production"}, "AFTERCARE_CLOCK"),
    ],
)
def test_a_wrong_setting_ends_with_2_and_says_which(
    sqlite_url: str, file: Path, environ: dict[str, str], words: str
) -> None:
    file.write_text("[]", encoding="utf-8")
    result = CliRunner().invoke(
        application, ["import", str(file)], env={"AFTERCARE_DATABASE_URL": sqlite_url} | environ
    )
    assert result.exit_code == 2
    assert words in shown(result)


def test_shops_are_loaded_from_their_file(run: Run) -> None:
    first, second = run("shops", PROJECT / "demo" / "shops.yml"), run("shops", PROJECT / "demo" / "shops.yml")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "│ inkwell │ new │" in shown(first)
    assert "│ inkwell │ unchanged │" in shown(second)


def test_a_shops_file_that_cannot_be_taken_ends_with_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shops.yml").write_text("shops: {inkwell: {name: Inkwell}}", encoding="utf-8")
    result = run("shops", tmp_path / "shops.yml")
    assert result.exit_code == 2
    assert "shop inkwell: programmes: is missing" in shown(result)
