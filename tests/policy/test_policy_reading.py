"""What a case may say: everything else is refused with the path of the field and what was expected there."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from policy_core import (
    Case,
    CaseError,
    Cause,
    Claim,
    ClaimReason,
    Line,
    Order,
    Programme,
    Proof,
    ProofValidity,
    Rma,
    Standing,
    Stock,
    decide,
    read_case,
)

PAID, SHIPPED, DELIVERED = "2026-02-01T09:00:00+08:00", "2026-02-05T18:00:00+08:00", "2026-02-10T14:00:00+08:00"
ISSUED, HANDED, RECEIVED = "2026-02-12T11:00:00+08:00", "2026-02-15T10:00:00+08:00", "2026-02-16T10:00:00+08:00"

HUGE = pytest.param(10**5000, id="huge")
LONG = pytest.param("x" * 10_000, id="long")


def a_case(**told: Any) -> dict[str, Any]:
    """A valid case; a dotted field of it given by its path with double underscores: order__paid_at."""
    case: dict[str, Any] = {
        "as_of": "2026-02-17T23:59:59+08:00",
        "shop": {"programmes": ["after_sales", "store_policy"], "timezone": "Asia/Shanghai", "country": "CN"},
        "order": {"paid_at": PAID, "shipped_at": SHIPPED, "delivered_at": DELIVERED},
        "line": {},
        "claim": {},
        "rma": {"programme": "store_policy", "issued_at": ISSUED, "handed_over_at": HANDED, "received_at": RECEIVED},
    }
    for place, value in told.items():
        *sections, field = place.split("__")
        holder = case
        for section in sections:
            holder = holder[section]
        holder[field] = value
    return case


def refusal(data: object) -> CaseError:
    with pytest.raises(CaseError) as caught:
        read_case(data)
    assert str(caught.value) == (f"{caught.value.path}: " if caught.value.path else "") + caught.value.message
    return caught.value


def test_a_whole_case_is_read_as_told() -> None:
    case = read_case(
        a_case(
            order={
                "paid_at": PAID,
                "shipped_at": SHIPPED,
                "delivered_at": DELIVERED,
                "receipt_confirmed_at": DELIVERED,
                "completed_at": DELIVERED,
                "protection_ends_at": "2026-04-01T00:00:00Z",
                "on_platform": True,
                "account_standing": "suspended",
                "address_error": "none",
            },
            line={
                "stock": "in_stock",
                "factory_shipped_on": "2026-01-01",
                "warranty_until": "2028-02-29",
                "one_year_service": False,
                "repaired_and_sent_back_on": "2026-02-16",
            },
            claim={
                "reason": "defective",
                "proof": {"date": "2026-02-01", "valid": "forged"},
                "complete": True,
                "activated": False,
                "resalable": True,
                "caused_by_customer": False,
                "cause": "burn_out",
                "labels_intact": True,
                "photos": 0,
            },
            rma__tracked=True,
            claim_closed_at="2026-02-17T00:00:00+08:00",
        )
    )
    delivered = datetime(2026, 2, 10, 6, tzinfo=UTC)
    assert case.as_of == datetime(2026, 2, 17, 15, 59, 59, tzinfo=UTC)
    assert case.shop.programmes == (Programme.AFTER_SALES, Programme.STORE_POLICY)
    assert (case.shop.timezone.key, case.shop.country, case.shop.parameters) == ("Asia/Shanghai", "CN", {})
    assert (case.order.delivered_at, case.order.receipt_confirmed_at) == (delivered, delivered)
    assert case.order.protection_ends_at == datetime(2026, 4, 1, tzinfo=UTC)
    assert (case.order.on_platform, case.order.account_standing) == (True, Standing.SUSPENDED)
    assert case.line == Line(Stock.IN_STOCK, date(2026, 1, 1), date(2028, 2, 29), False, date(2026, 2, 16))
    assert case.claim.proof == Proof(date(2026, 2, 1), ProofValidity.FORGED)
    assert (case.claim.reason, case.claim.cause, case.claim.photos) == (ClaimReason.DEFECTIVE, Cause.BURN_OUT, 0)
    assert case.rma is not None
    assert (case.rma.programme, case.rma.tracked) == (Programme.STORE_POLICY, True)
    assert case.claim_closed_at == datetime(2026, 2, 16, 16, tzinfo=UTC)


def test_every_instant_is_kept_in_utc() -> None:
    case = read_case(a_case())
    assert case.rma is not None
    for instant in (case.as_of, case.order.paid_at, case.order.delivered_at, case.rma.issued_at):
        assert instant is not None
        assert instant.tzinfo is UTC


def test_absent_and_null_both_mean_not_known() -> None:
    required = {"as_of": "2026-02-17T00:00:00Z", "shop": {"programmes": ["after_sales"], "timezone": "UTC"}}
    nulls = {"order": None, "line": None, "claim": None, "rma": None, "claim_closed_at": None}
    absent = read_case(required)
    assert absent == read_case({**required, **nulls})
    assert (absent.order, absent.line, absent.claim, absent.rma) == (Order(), Line(), Claim(), None)
    every_field_null = {
        "order": dict.fromkeys(Order.__slots__),
        "line": dict.fromkeys(Line.__slots__),
        "claim": dict.fromkeys(Claim.__slots__),
        "shop": {**required["shop"], "country": None, "parameters": None},  # type: ignore[dict-item]
    }
    assert absent == read_case({**required, **every_field_null})


@pytest.mark.parametrize(
    ("valid", "validity"),
    [(True, ProofValidity.VALID), (False, ProofValidity.INVALID), ("forged", ProofValidity.FORGED), (None, None)],
)
def test_a_proof_is_valid_not_valid_forged_or_not_said(valid: object, validity: ProofValidity | None) -> None:
    assert read_case(a_case(claim__proof={"valid": valid})).claim.proof == Proof(None, validity)


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("clam", "clam"),
        ("shop__name", "shop.name"),
        ("order__payed_at", "order.payed_at"),
        ("line__sku", "line.sku"),
        ("claim__why", "claim.why"),
        ("rma__number", "rma.number"),
    ],
)
def test_an_unknown_key_is_named_with_those_there_are(place: str, path: str) -> None:
    error = refusal(a_case(**{place: None}))
    assert error.path == path
    assert error.message.startswith("unknown key; expected one of ")


def test_an_unknown_key_of_a_proof_is_named() -> None:
    error = refusal(a_case(claim__proof={"day": "2026-02-01"}))
    assert (error.path, error.message) == ("claim.proof.day", "unknown key; expected one of date, valid")


def test_a_key_that_is_no_text_is_unknown() -> None:
    assert refusal({1: 2}).path == "1"


@pytest.mark.parametrize("data", [None, [], "case", 1, 0.5, True, [{}]])
def test_a_case_that_is_no_object_is_refused(data: object) -> None:
    error = refusal(data)
    assert error.path == ""
    assert error.message == "expected an object with as_of, shop, order, line, claim, rma, claim_closed_at"


@pytest.mark.parametrize("section", ["shop", "order", "line", "claim", "rma"])
@pytest.mark.parametrize("value", [[], "told", 0, False, [["paid_at", PAID]]])
def test_a_section_that_is_no_object_is_refused(section: str, value: object) -> None:
    error = refusal(a_case(**{section: value}))
    assert error.path == section
    assert error.message.startswith("expected an object with ")


@pytest.mark.parametrize("value", [None, ...])
@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("as_of", "as_of"),
        ("shop", "shop"),
        ("shop__programmes", "shop.programmes"),
        ("shop__timezone", "shop.timezone"),
        ("rma__programme", "rma.programme"),
        ("rma__issued_at", "rma.issued_at"),
    ],
)
def test_a_required_field_may_be_neither_absent_nor_null(place: str, path: str, value: object) -> None:
    case = a_case(**{place: None})
    if value is ...:
        holder = case
        for section in place.split("__")[:-1]:
            holder = holder[section]
        del holder[place.split("__")[-1]]
    error = refusal(case)
    assert (error.path, error.message) == (path, "required")


@pytest.mark.parametrize(
    "value",
    [
        "2026-02-17T10:00:00",  # no offset: whose ten o'clock?
        "2026-02-17",
        "10:00:00+08:00",
        "17.02.2026 10:00 +08:00",
        "2026-02-30T10:00:00+08:00",
        "2026-02-17T24:30:00+08:00",
        "2026-02-17T10:00:00+24:00",
        "9999-12-31T23:59:59+00:00",
        "9999-12-31T23:59:59-12:00",
        "3000-01-01T00:00:00+00:00",
        "1899-12-31T23:59:59+00:00",
        "0001-01-01T00:00:00+14:00",
        "now",
        "",
        "\x00",
        "2026-02-17\ud80010:00:00",
        1771293600,
        1771293600.5,
        HUGE,
        True,
        [],
        {},
        date(2026, 2, 17),
        datetime(2026, 2, 17, tzinfo=UTC),
    ],
)
@pytest.mark.parametrize("place", ["as_of", "order__paid_at", "rma__issued_at", "claim_closed_at"])
def test_what_is_no_instant_with_an_offset_is_refused(place: str, value: object) -> None:
    error = refusal(a_case(**{place: value}))
    assert error.path == place.replace("__", ".")
    assert "an instant with an offset, like 2026-02-17T23:59:59+08:00, between 1900 and 2999; got " in error.message


@pytest.mark.parametrize("value", ["1900-01-01T00:00:00+14:00", "2999-12-31T23:59:59.999999-12:00"])
def test_the_first_and_the_last_year_are_judged(value: str) -> None:
    decide(read_case(a_case(order={}, rma=None, as_of=value, claim_closed_at=value)))


@pytest.mark.parametrize(
    "value",
    [
        "2026-02-30",
        "2026-2-1",
        "20260201",
        "2026-W07-2",
        "2026-02-17T00:00:00+08:00",
        "\u0662\u0660\u0662\u0666-\u0660\u0662-\u0661\u0667",
        "2026-02-17\n",
        "3000-01-01",
        "1899-12-31",
        "",
        20260217,
        HUGE,
        False,
        [],
        date(2026, 2, 17),
    ],
)
def test_what_is_no_day_is_refused(value: object) -> None:
    error = refusal(a_case(line__warranty_until=value))
    assert error.path == "line.warranty_until"
    assert error.message.startswith("expected a day like 2026-02-17, between 1900 and 2999; got ")


@pytest.mark.parametrize("value", ["1900-01-01", "2999-12-31"])
def test_the_first_and_the_last_day_are_judged(value: str) -> None:
    line = {"factory_shipped_on": value, "warranty_until": value, "repaired_and_sent_back_on": value}
    decide(read_case(a_case(line=line, claim={"reason": "defective", "proof": {"date": value, "valid": True}})))


@pytest.mark.parametrize("value", ["true", "yes", 0, 1, 1.0, [], {}])
@pytest.mark.parametrize("place", ["order__on_platform", "line__one_year_service", "claim__complete", "rma__tracked"])
def test_only_true_and_false_are_flags(place: str, value: object) -> None:
    error = refusal(a_case(**{place: value}))
    assert error.path == place.replace("__", ".")
    assert error.message.startswith("expected true or false; got ")


@pytest.mark.parametrize("value", [-1, True, 2.0, "2", [], {}])
def test_photos_are_counted_in_whole_numbers(value: object) -> None:
    error = refusal(a_case(claim__photos=value))
    assert error.path == "claim.photos"
    assert error.message.startswith("expected a whole number, 0 or more; got ")


@pytest.mark.parametrize("value", ["Defective", "broken", "", 1, True, ["defective"], {"defective": 1}])
@pytest.mark.parametrize(
    "place",
    [
        "claim__reason",
        "claim__cause",
        "line__stock",
        "order__account_standing",
        "order__address_error",
        "rma__programme",
    ],
)
def test_a_word_outside_the_vocabulary_is_refused_with_the_words_there_are(place: str, value: object) -> None:
    error = refusal(a_case(**{place: value}))
    assert error.path == place.replace("__", ".")
    assert error.message.startswith("expected one of ")


@pytest.mark.parametrize("value", ["true", "valid", "false", 1, 0, []])
def test_a_proof_of_another_validity_is_refused(value: object) -> None:
    error = refusal(a_case(claim__proof={"valid": value}))
    assert error.path == "claim.proof.valid"
    assert error.message.startswith("expected true, false or forged; got ")


@pytest.mark.parametrize("value", [True, "2026-02-01", []])
def test_a_proof_is_an_object(value: object) -> None:
    error = refusal(a_case(claim__proof=value))
    assert (error.path, error.message) == ("claim.proof", "expected an object with date, valid")


@pytest.mark.parametrize("value", [[], {}, "after_sales", ("after_sales",), 1])
def test_programmes_are_a_list_of_at_least_one(value: object) -> None:
    error = refusal(a_case(shop__programmes=value))
    assert error.path == "shop.programmes"
    assert error.message == "expected a list of programmes: buyer_protection, after_sales, store_policy"


def test_an_unknown_programme_is_named_by_its_place() -> None:
    error = refusal(a_case(shop__programmes=["after_sales", "before_sales"]))
    assert error.path == "shop.programmes[1]"
    assert error.message.endswith("got 'before_sales'")


def test_a_programme_told_twice_is_refused() -> None:
    error = refusal(a_case(shop__programmes=["after_sales", "store_policy", "after_sales"]))
    assert (error.path, error.message) == ("shop.programmes", "expected each programme once")


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "Mars/Olympus",
        "europe/berlin ",
        "Europe/Berlin\n",
        "Europe",
        "Europe/",
        "/Europe/Berlin",
        "../Europe/Berlin",
        "Europe/../Europe/Berlin",
        "/etc/localtime",
        "Europe\\Berlin",
        ".",
        "..",
        "a..b/c",
        "\x00",
        "Europe/\x00",
        "\ud800",
        "Zürich/Zürich",
        "zone.tab",
        "__init__.py",
        "+08:00",
        "GMT+3",
        LONG,
        pytest.param("a/b/" * 1_000, id="deep"),
        8,
        True,
        [],
        {},
    ],
)
def test_an_unknown_time_zone_is_refused(value: object) -> None:
    error = refusal(a_case(shop__timezone=value))
    assert error.path == "shop.timezone"
    assert error.message.startswith("expected an IANA time zone like Europe/Berlin; got ")
    assert len(error.message) < 120


@pytest.mark.parametrize("value", ["localtime", "posixrules", "Factory", "posix/Europe/Berlin", "right/Europe/Berlin"])
def test_a_zone_that_differs_from_machine_to_machine_is_refused(value: str) -> None:
    assert refusal(a_case(shop__timezone=value)).path == "shop.timezone"


@pytest.mark.parametrize("value", ["UTC", "Etc/GMT+3", "America/Argentina/Buenos_Aires", "Asia/Kathmandu"])
def test_every_iana_zone_is_known(value: str) -> None:
    assert read_case(a_case(shop__timezone=value)).shop.timezone.key == value


@pytest.mark.parametrize("value", ["Germany", "de", "D", "DEU", "D1", "ÄÖ", "DE\n", "", False, 49, []])
def test_what_is_no_country_code_is_refused(value: object) -> None:
    error = refusal(a_case(shop__country=value))
    assert error.path == "shop.country"
    assert error.message.startswith("expected an ISO 3166 country code like DE; got ")


@pytest.mark.parametrize(
    ("told", "path", "than"),
    [
        ({"order__delivered_at": "2026-02-05T17:59:59.999999+08:00"}, "order.delivered_at", "order.shipped_at"),
        ({"order__receipt_confirmed_at": PAID}, "order.receipt_confirmed_at", "order.shipped_at"),
        ({"order__completed_at": "2026-02-01T08:59:59+08:00"}, "order.completed_at", "order.paid_at"),
        ({"rma__handed_over_at": "2026-02-12T10:59:59+08:00"}, "rma.handed_over_at", "rma.issued_at"),
        ({"rma__received_at": "2026-02-15T09:59:59+08:00"}, "rma.received_at", "rma.handed_over_at"),
    ],
)
def test_an_order_of_events_that_cannot_be_is_refused(told: dict[str, Any], path: str, than: str) -> None:
    error = refusal(a_case(**told))
    assert (error.path, error.message) == (path, f"expected an instant not before {than}")


@pytest.mark.parametrize(
    "told",
    [
        {"order__paid_at": "2026-02-16T00:00:00Z"},  # cash on delivery
        {"order__shipped_at": DELIVERED},
        {"order__receipt_confirmed_at": SHIPPED},  # before the carrier said so
        {"order__completed_at": PAID},
        {"order__shipped_at": None},
        {"rma__handed_over_at": ISSUED, "rma__received_at": ISSUED},
        {"rma__handed_over_at": None, "rma__received_at": PAID},
        {"rma__issued_at": PAID},
        {"claim_closed_at": "2020-01-01T00:00:00Z"},
    ],
)
def test_every_other_order_of_events_occurs(told: dict[str, Any]) -> None:
    decide(read_case(a_case(**told)))


def test_the_same_instant_in_two_zones_is_no_earlier() -> None:
    read_case(a_case(order__shipped_at="2026-02-10T06:00:00Z", order__delivered_at="2026-02-10T14:00:00+08:00"))


def test_an_rma_of_a_programme_the_shop_does_not_have_is_refused() -> None:
    error = refusal(a_case(rma__programme="buyer_protection"))
    assert error.path == "rma.programme"
    assert error.message == "expected one of the shop's programmes, got buyer_protection"


@pytest.mark.parametrize("value", [LONG, HUGE, pytest.param(-(10**5000), id="huge negative"), ["x" * 10_000]])
def test_a_message_stays_short_whatever_was_told(value: object) -> None:
    for place in ("claim__reason", "claim__complete", "shop__country", "shop__parameters"):
        told = {"return_days": value} if place == "shop__parameters" else value
        assert len(refusal(a_case(**{place: told})).message) < 250


def test_a_case_is_a_value() -> None:
    assert read_case(a_case()) == read_case(a_case())
    assert isinstance(read_case(a_case()), Case)
    assert Rma(Programme.AFTER_SALES, datetime(2026, 1, 1, tzinfo=UTC)).tracked is None
