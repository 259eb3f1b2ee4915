"""What goes into the tables in bulk is what went in one by one, and what goes wrong is told as ever."""

import itertools
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from order_store import Customer, Database, StoreUnavailable, find_order, import_orders, save_shops
from order_store.importing import rows, saving
from order_store.importing.bulk import among, insert_rows, new_ids, of_shop
from tests.postgres import closing_database
from tests.store.conftest import NOW, a_shop, told

AWKWARD = ["\\N", "\\.", 'a "quoted", word', "it's", "C:\\temp\\new", "naïve 羽 🖋", "%s ? :name {}", "NULL", "{a,b}"]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("text", AWKWARD)
def test_text_is_stored_and_found_to_the_letter(database: Database, text: str) -> None:
    order = told(invoice=text, customer={"email": "ada@example.com", "name": text})
    order["lines"][0] |= {"title": text, "one_year_service": {"provider": text, "terms_url": None}}
    assert import_orders(database, [order], NOW).new == 1
    with database.read() as session:
        stored = find_order(session, "inkwell", "IW-10482")
    assert stored is not None
    assert (stored.invoice, stored.customer.name, stored.lines[0].title) == (text, text, text)
    assert stored.lines[0].one_year_service == {"provider": text, "terms_url": None}


@pytest.mark.usefixtures("shop")
def test_rows_are_found_by_many_keys_at_once_and_only_in_their_shop(database: Database) -> None:
    with database.write() as session:
        save_shops(session, [a_shop("papermill")])
        connection = session.connection()
        made = [
            {"id": id_, "shop_key": shop, "email": email, "standing": "good"}
            for id_, (shop, email) in zip(
                new_ids(connection, Customer, 8),
                itertools.product(["inkwell", "papermill"], [*AWKWARD[:3], "z"]),
                strict=True,
            )
        ]
        insert_rows(connection, Customer, made)
        insert_rows(connection, Customer, [])
        found = of_shop(connection, "inkwell", Customer.email, [*AWKWARD[:2], "?"], Customer.email, Customer.id)
        assert {tuple(row) for row in found} == {(made[0]["email"], made[0]["id"]), (made[1]["email"], made[1]["id"])}
        assert of_shop(connection, "inkwell", Customer.email, [], Customer.id) == []
        ids = select(Customer.id).where(among(connection, Customer.id, [made[3]["id"], made[7]["id"], 99]))
        assert set(session.scalars(ids)) == {made[3]["id"], made[7]["id"]}


def test_a_server_that_goes_away_in_the_middle_is_named_and_the_batches_before_stay(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing_database(postgresql_url) as database:
        with database.write() as session:
            save_shops(session, [a_shop()])
        orders = [told(number=f"IW-{number}") for number in range(40)]
        orders[25]["lines"][0]["title"] = "Ghost"

        def while_it_is_written(told_line: Any) -> dict[str, Any]:
            values = rows.line_values(told_line)
            if values["title"] == "Ghost":
                _disconnect_everybody(database)
            return values

        with monkeypatch.context() as patched:
            patched.setattr(saving, "line_values", while_it_is_written)
            with pytest.raises(StoreUnavailable, match="check AFTERCARE_DATABASE_URL"):
                import_orders(database, orders, NOW, batch_size=10)
        report = import_orders(database, orders, NOW)
        assert (report.unchanged, report.new) == (20, 20)


def _disconnect_everybody(database: Database) -> None:
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
