"""The page as the server gives it."""

import re
from pathlib import Path

import pytest

from order_store import parse_shops, save_shops

PAGE = Path(__file__).resolve().parents[2] / "gateway" / "page"
STATIC = PAGE / "static"
WIDGET = PAGE.parent / "widget"
FORBIDDEN = (
    r"innerHTML|outerHTML|HTMLUnsafe|parseFromString|createContextualFragment|insertAdjacentHTML|srcdoc"
    r"|document\.write|\beval\b|\bFunction\("
)
NASTY = "<script>alert(1)</script>\"' &"


def test_the_page_of_a_shop_holds_its_chat_and_names_it(gateway):
    page = gateway.http.get("/?shop=inkwell").text
    assert '<aftercare-chat page shop="inkwell" name="Inkwell &amp; Sons">' in page
    assert '<h1 class="unseen">Inkwell &amp; Sons</h1>' in page
    assert "$" not in page


def test_a_shop_whose_name_is_markup_stays_text(gateway, database):
    with database.write() as session:
        settings = {"programmes": ["after_sales"], "timezone": "Europe/Berlin", "country": "DE"}
        save_shops(session, parse_shops({"shops": {"nasty": {"name": NASTY, **settings}}}))
    for path in ("/?shop=nasty", "/"):
        page = gateway.http.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("environment", ["demo", "test"])
def test_without_a_shop_there_is_one_to_choose_where_things_are_tried_out(start, environment):
    page = start({"AFTERCARE_ENV": environment}).http.get("/").text
    assert re.findall(r'href="(/\?shop=[^"]+)"', page) == ["/?shop=inkwell", "/?shop=lantern"]


def test_in_production_nobody_is_told_which_shops_there_are(start):
    gateway = start({"AFTERCARE_ENV": "production", "AFTERCARE_CLOCK": ""})
    for path in ("/", "/?shop=nowhere"):
        page = gateway.http.get(path).text
        assert "/?shop=KEY" in page
        assert "inkwell" not in page.lower()


@pytest.mark.parametrize("asked", ["nowhere", "INKWELL", "%00", "%F0%9F%98%80", "'%20OR%201=1"])
def test_an_unknown_shop_has_no_page(gateway, asked):
    answer = gateway.http.get(f"/?shop={asked}")
    assert answer.status_code == 404
    assert "No such shop" in answer.text


def test_the_page_is_not_written_by_scripts():
    """Nothing said can become markup: text is set as text, and no script or style is inline."""
    for file in [*STATIC.glob("*.js"), *WIDGET.rglob("*.js")]:
        source = file.read_text(encoding="utf-8")
        assert not re.search(FORBIDDEN, source), file
    for file in PAGE.glob("*.html"):
        source = file.read_text(encoding="utf-8")
        assert not re.search(r"\son\w+=|\sstyle=|<style|javascript:", source), file
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", source)), file


def test_the_page_takes_nothing_from_elsewhere():
    for file in [*PAGE.glob("*.html"), *STATIC.iterdir(), *WIDGET.rglob("*.js")]:
        source = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://\w", source), file


READ_TOGETHER = [
    ("ink", "surface"),
    ("ink-soft", "surface"),
    ("ink-soft", "ground"),
    ("on-accent", "accent"),
    ("accent-strong", "surface"),
    ("accent-strong", "tint"),
]


@pytest.mark.parametrize("palette", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), READ_TOGETHER)
def test_every_text_of_our_own_pages_stands_out_from_its_ground(palette, text, ground):
    """WCAG 2.2 asks for 4.5 to 1 (1.4.3)."""
    style = (STATIC / "page.css").read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\);", style)
    colours = {name: both[palette] for name, *both in pairs}
    lighter, darker = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour):
    if len(colour) == 4:
        colour = "#" + "".join(digit * 2 for digit in colour[1:])
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
