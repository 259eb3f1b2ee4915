"""The slip says what the customer was told, on one page, in print that any scanner and any reader takes."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp

from casework.dossier import Dossier
from casework.granting import grant
from casework.slips import MOST_ADDRESS_LINES, slip_of, slip_pdf
from order_store import Database, find_rma, save_shops
from policy_core import RemedyName
from tests.casework.orders import NOW, a_dossier, a_line, a_shop, line_of, tell, told

FAULT = {"reason": "defective", "complete": True, "caused_by_customer": False, "labels_intact": True}
A4 = (595, 842)
LETTER = (612, 792)


def _issue(database: Database, dossier: Dossier, remedy: str) -> str:
    with database.write() as session:
        granted = grant(session, dossier, line_of(session, dossier), RemedyName(remedy), NOW, "c1:1")
    assert granted.number is not None
    return granted.number


def _slip(database: Database, number: str, shop: str = "quill", later: timedelta = timedelta()) -> bytes:
    with database.read() as session:
        rma = find_rma(session, shop, number)
        assert rma is not None
        return slip_pdf(rma, rma.line.order.shop, NOW + later)


def _a_return(database: Database, **order: Any) -> str:
    """The number of a return for a change of mind; `order` changes what is ordered."""
    tell(database, told(**order))
    return _issue(database, a_dossier("return_item", reason="change_of_mind"), "return_refund")


def _a_repair_shop_return(database: Database) -> str:
    """The number of a return the after-sales policy confirmed, with AS-P2's note and AS-X7's week."""
    tell(database, told(shop="voltaic"))
    return _issue(database, a_dossier("report_defect", shop="voltaic", **FAULT), "return_refund")


def _change_shop(database: Database, **settings: Any) -> None:
    with database.write() as session:
        save_shops(session, [a_shop("quill", **settings)])


def _text(pdf: bytes) -> str:
    (page,) = pypdf.PdfReader(BytesIO(pdf)).pages
    return page.extract_text()


def _scanned(pdf: bytes) -> dict[str, str]:
    """What a camera and a scanner read off the printed page, by the kind of code."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=3).to_pil()
    finally:
        document.close()
    return {str(code.format): code.text for code in zxingcpp.read_barcodes(picture)}


def test_the_codes_hold_the_number_exactly(sqlite_shops: Database) -> None:
    number = _a_return(sqlite_shops)
    assert _scanned(_slip(sqlite_shops, number)) == {"QR Code": number, "Code 128": number}


def test_the_text_can_be_copied_out_in_the_order_it_is_read(sqlite_shops: Database) -> None:
    number = _a_repair_shop_return(sqlite_shops)
    text = _text(_slip(sqlite_shops, number, "voltaic"))
    places = [
        text.find(part)
        for part in (
            number,
            "Returns",
            "Musterstrasse 1",
            "Order",
            "QC-1001",
            "2 \N{MULTIPLICATION SIGN} Copper kettle",
            "Tuesday 17 March 2026, end of day, Shanghai time",
            "What to put in",
            "proof of purchase",
            "Sending it",
            "regular carrier",
            *("Name", "Address", "E-mail or phone", "Fault", "Does not work", "What you wish for"),
        )
    ]
    assert -1 not in places
    assert places == sorted(places)


def test_a_shop_with_rma_numbers_asks_for_its_package_its_number_outside_and_insurance(sqlite_shops: Database) -> None:
    text = " ".join(_text(_slip(sqlite_shops, _a_return(sqlite_shops))).split())
    put_in, sending = text.split("What to put in")[1].split("Sending it")
    assert "original package with everything that came with it" in put_in
    assert "Write the number clearly on the outside" in sending
    assert "Insure the parcel" in sending
    assert "proof of purchase" not in text


def test_nothing_of_the_customer_is_on_the_page(sqlite_shops: Database) -> None:
    text = _text(_slip(sqlite_shops, _a_return(sqlite_shops)))
    assert not [word for word in ("Ada", "Fenn", "example.com", "23125") if word in text]


def test_where_the_policy_names_no_day_the_slip_says_so(sqlite_shops: Database) -> None:
    assert "sets no last day" in _text(_slip(sqlite_shops, _a_return(sqlite_shops)))


def test_the_same_rma_is_the_same_slip_whenever_it_is_printed(shops: Database) -> None:
    number = _a_repair_shop_return(shops)
    first = _slip(shops, number, "voltaic")
    with shops.write() as session:
        rma = find_rma(session, "voltaic", number)
        assert rma is not None
        rma.handed_over_at = rma.closed_at = NOW + timedelta(days=2)
    assert _slip(shops, number, "voltaic", later=timedelta(days=60)) == first


def test_an_order_told_anew_that_contradicts_itself_leaves_a_slip_without_a_day(sqlite_shops: Database) -> None:
    number = _a_repair_shop_return(sqlite_shops)
    with sqlite_shops.write() as session:
        rma = find_rma(session, "voltaic", number)
        assert rma is not None
        assert rma.line.shipment is not None
        rma.line.shipment.delivered_at = rma.line.shipment.shipped_at - timedelta(days=3)  # type: ignore[operator]
    assert "The day you were told with the number." in _text(_slip(sqlite_shops, number, "voltaic"))


@pytest.mark.parametrize(("country", "size"), [("DE", A4), ("CN", A4), ("US", LETTER), ("CA", LETTER)])
def test_it_fits_the_paper_of_the_shops_country(sqlite_shops: Database, country: str, size: tuple[int, int]) -> None:
    number = _a_return(sqlite_shops)
    _change_shop(sqlite_shops, country=country)
    (page,) = pypdf.PdfReader(BytesIO(_slip(sqlite_shops, number))).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == size


@pytest.mark.parametrize(
    "line",
    [
        "上海市浦东新区丰收路88号",
        "東京都千代田区ことぶき町1-2",
        "서울특별시 중구 가람로 3",
        "Wrocław, Święty Żółw 7",
        "Αθήνα, Οδός Φωτός 5",
        "Ужгород, вулиця Їжака 4",
        "Reykjavík, Þórðargata 9",
    ],
)
def test_addresses_are_printed_in_the_letters_they_are_written_in(sqlite_shops: Database, line: str) -> None:
    number = _a_return(sqlite_shops)
    _change_shop(sqlite_shops, service_center=[line])
    text = _text(_slip(sqlite_shops, number))
    assert line.replace(" ", "") in "".join(text.split())


def test_letters_no_face_has_cost_a_mark_not_the_slip(sqlite_shops: Database) -> None:
    number = _a_return(sqlite_shops)
    _change_shop(sqlite_shops, service_center=["Straße\x00 7 🎁 <b>&amp;"])
    assert "Straße 7 ? <b>&amp;" in _text(_slip(sqlite_shops, number))


def test_a_shop_without_an_address_has_the_customer_ask(sqlite_shops: Database) -> None:
    number = _a_return(sqlite_shops)
    _change_shop(sqlite_shops, service_center=[])
    assert "Ask Quill for the address" in _text(_slip(sqlite_shops, number))


def test_however_much_there_is_to_say_it_is_one_page(sqlite_shops: Database) -> None:
    number = _a_return(sqlite_shops, lines=[a_line(title="An item with a title of its own " * 15)])
    _change_shop(sqlite_shops, service_center=["A very long line of an address " * 30] * 40, name="Quill " * 200)
    pdf = _slip(sqlite_shops, number)
    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) == 1
    assert _scanned(pdf) == {"QR Code": number, "Code 128": number}
    with sqlite_shops.read() as session:
        rma = find_rma(session, "quill", number)
        assert rma is not None
        assert len(slip_of(rma, rma.line.order.shop).address) == MOST_ADDRESS_LINES


def test_a_reader_that_speaks_is_told_title_and_language(sqlite_shops: Database) -> None:
    number = _a_return(sqlite_shops)
    reader = pypdf.PdfReader(BytesIO(_slip(sqlite_shops, number)))
    assert reader.metadata is not None
    assert reader.metadata.title == f"Return slip {number}"
    assert reader.trailer["/Root"]["/Lang"] == "en"  # type: ignore[index]
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"] is not False  # type: ignore[index]


def test_a_slip_needs_an_rma_of_a_session_that_is_still_open(sqlite_shops: Database) -> None:
    number = _a_return(sqlite_shops)
    with sqlite_shops.read() as session:
        rma = find_rma(session, "quill", number)
        assert rma is not None
        shop = rma.line.order.shop
    with pytest.raises(ValueError, match="session that is still open"):
        slip_pdf(rma, shop, NOW)
