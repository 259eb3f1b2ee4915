"""A shop's settings file: what it may say, and the words for what it may not."""

from pathlib import Path
from typing import Any

import pytest

from order_store import Database, SettingsError, Shop, parse_shops, read_shops, read_yaml, save_shops

FJORD = """
shops:
  fjord:
    name: Fjord Lamps
    programmes: [after_sales, store_policy]
    parameters: {change_of_mind_days: 14, most_favourable_clock: true}
    timezone: Europe/Oslo
    country: NO
    languages: [en, nb-NO]
    contact: {name: The lamp desk, email: Lamps@Example.com, phone: "+49 30 23125 120"}
    service_center: [Fjord Lamps, Quay 4]
    opening_hours: {mon: [09:00, "17:30"], sat: ["10:00", "14:00"]}
    allowed_origins: ["https://lamps.example.com", "http://localhost:8000"]
    approval: manual
    token_secret_name: FJORD_TOKEN_SECRET
"""
LEAST = {"name": "Fjord", "programmes": ["after_sales"], "timezone": "Europe/Oslo", "country": "NO"}


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "shops.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (shop,) = read_shops(write(tmp_path, FJORD))
    assert shop.key == "fjord"
    assert shop.country == "NO"
    assert shop.parameters == {"change_of_mind_days": 14, "most_favourable_clock": True}
    assert shop.contact == {"name": "The lamp desk", "email": "lamps@example.com", "phone": "+49 30 23125 120"}
    assert shop.opening_hours == {"mon": ["09:00", "17:30"], "sat": ["10:00", "14:00"]}
    assert shop.approval == "manual"


def test_what_may_be_left_out_gets_a_value_that_promises_nothing() -> None:
    (shop,) = parse_shops({"shops": {"fjord": LEAST}})
    assert (shop.parameters, shop.opening_hours, shop.allowed_origins, shop.service_center) == ({}, {}, [], [])
    assert shop.order_numbers == []
    assert shop.contact == {"name": None, "email": None, "phone": None}
    assert (shop.languages, shop.approval, shop.token_secret_name) == (["en"], "automatic", None)


def test_order_numbers_are_taken_as_they_are_written() -> None:
    patterns = ["IW-#####", "#####", "SO26/@@ ####"]
    (shop,) = parse_shops({"shops": {"fjord": LEAST | {"order_numbers": patterns}}})
    assert shop.order_numbers == patterns


def test_saving_says_what_became_of_each_shop(database: Database) -> None:
    def save(**changes: Any) -> list[tuple[str, str]]:
        with database.write() as session:
            return list(save_shops(session, parse_shops({"shops": {"fjord": LEAST | changes}})))

    assert save() == [("fjord", "new")]
    assert save() == [("fjord", "unchanged")]
    assert save(parameters={"return_days": 14}) == [("fjord", "changed")]
    with database.read() as session:
        assert session.get_one(Shop, "fjord").parameters == {"return_days": 14}


@pytest.mark.parametrize(
    ("key", "wrong", "mend"),
    [
        ("name", " ", "the shop's name"),
        ("programmes", [], "a list of buyer_protection"),
        ("programmes", ["store_policy", "store_policy"], "none of them twice"),
        ("programmes", ["warranty"], "a list of buyer_protection"),
        ("programmes", "store_policy", "a list of buyer_protection"),
        ("timezone", "Berlin", "Europe/Berlin"),
        ("timezone", "Mars/Crater", "Europe/Berlin"),
        ("timezone", "America/Argentina", "Europe/Berlin"),
        ("timezone", "../etc", "Europe/Berlin"),
        ("country", "no", "two capitals"),
        ("country", False, "two capitals"),
        ("country", "Norway", "two capitals"),
        ("parameters", ["return_days"], "a mapping"),
        ("parameters", {"Return days": 7}, "a mapping"),
        ("languages", ["english language"], "language codes"),
        ("contact", {"mail": "a@example.com"}, "name@example.com"),
        ("contact", {"email": "nobody"}, "name@example.com"),
        ("contact", {"phone": 493023125}, "in quotes"),
        ("service_center", "Quay 4", "list of lines"),
        ("opening_hours", {"mon": ["17:00", "09:00"]}, "opening before closing"),
        ("opening_hours", {"mon": "09:00-17:00"}, "opening before closing"),
        ("opening_hours", {"mon": ["9", "17"]}, "opening before closing"),
        ("opening_hours", {"monday": ["09:00", "17:00"]}, "mon tue wed"),
        ("allowed_origins", ["https://shop.example.com/page"], "without a path"),
        ("allowed_origins", ["*"], "without a path"),
        ("allowed_origins", ["shop.example.com"], "without a path"),
        ("approval", True, "automatic or manual"),
        ("token_secret_name", "s3cret-value", "the NAME of an environment variable"),
        ("order_numbers", "IW-#####", "a list of patterns"),
        ("order_numbers", ["IW-#####", "IW-#####"], "none of them twice"),
        ("order_numbers", [None], "an unquoted # begins a comment"),
        ("order_numbers", ["IW-#####", "IW"], "'IW' cannot be a pattern: it has no # for a digit"),
        ("order_numbers", ["12345"], "it has no # for a digit"),
        ("order_numbers", ["@-###"], "'@-###' cannot be a pattern: it has fewer than 4 digits"),
        ("order_numbers", ["IW-*####"], "'*' is no letter"),
        ("order_numbers", ["IW--####"], "a separator stands between two parts"),
        ("order_numbers", ["-####"], "a separator stands between two parts"),
        ("order_numbers", ["#" * 41], "longer than 40 characters"),
        ("colour", "red", "is no setting"),
    ],
)
def test_a_wrong_setting_is_refused_with_file_shop_key_and_mend(key: str, wrong: Any, mend: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        parse_shops({"shops": {"fjord": LEAST | {key: wrong}}}, source="my/shops.yml")
    assert str(refusal.value).startswith(f"my/shops.yml: shop fjord: {key}: ")
    assert mend in str(refusal.value)


def test_a_secret_written_by_mistake_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as refusal:
        parse_shops({"shops": {"fjord": LEAST | {"token_secret_name": "s3cret-value"}}})
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize("key", sorted(LEAST))
def test_a_setting_that_is_needed_must_be_written(key: str) -> None:
    with pytest.raises(SettingsError, match=f"shop fjord: {key}: is missing"):
        parse_shops({"shops": {"fjord": {name: value for name, value in LEAST.items() if name != key}}})


@pytest.mark.parametrize("data", [None, [], {}, {"fjord": LEAST}, {"shops": []}, {"shops": {}}, {"shops": None}])
def test_a_file_without_shops_says_how_to_write_them(data: Any) -> None:
    with pytest.raises(SettingsError, match="one mapping `shops:`"):
        parse_shops(data)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (FJORD.replace("country: NO", "country: NO\n    country: SE"), "line 9: the key 'country' is told twice"),
        (FJORD + "  fjord: {}\n", "the key 'fjord' is told twice"),
        ("shops: {NO: {}, yes: {}}", "shop NO: key"),
        ("shops:\n  1: {}", "line 2: the key 1 is no text"),
        ("shops: [", "line 1"),
        ("shops: !!python/object/apply:os.system [ls]", "could not determine a constructor"),
    ],
)
def test_yaml_that_cannot_be_taken_is_refused_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(SettingsError) as refusal:
        read_shops(file)
    assert str(refusal.value).startswith(str(file))
    assert words in str(refusal.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_shops(tmp_path / "none.yml")


def test_only_true_and_false_are_booleans(tmp_path: Path) -> None:
    text = "{a: NO, b: yes, c: on, d: true, e: 2026-03-01, f: 09:30, g: 0x10, h: 010, i: 7, j: null, k: 1.5, l: 1e3}"
    assert read_yaml(write(tmp_path, text)) == {
        "a": "NO",
        "b": "yes",
        "c": "on",
        "d": True,
        "e": "2026-03-01",
        "f": "09:30",
        "g": "0x10",
        "h": "010",
        "i": 7,
        "j": None,
        "k": 1.5,
        "l": "1e3",
    }
