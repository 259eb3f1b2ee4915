"""The widget's files: any page may load them, small, and never of two versions at once."""

import asyncio
import gzip
import re

import httpx
import pytest
from fastapi import FastAPI

from gateway import embedding
from gateway.packing import pack
from gateway.problems import answer_problems

ENTRY = 'import { open } from "./widget/panel.js";\nexport const greet = () => import("./widget/words/en.js");\n'
PANEL = 'import "./deep/dom.js";' + "".join(f"export const open{n} = () => 'a panel';\n" for n in range(40))
SERVED = pack({"panel.js": PANEL.encode()})["panel.js"].decode()


@pytest.fixture
def folder(tmp_path):
    for name, content in {
        "widget.js": ENTRY,
        "panel.js": PANEL,
        "deep/dom.js": "export {};\n",
        "words/en.js": "export default {};\n",
        "icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "notes.txt": "nothing for anybody",
    }.items():
        (tmp_path / "widget" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "widget" / name).write_text(content, encoding="utf-8")
    return tmp_path / "widget"


class Http:
    """Asks an application without a server between."""

    def __init__(self, app):
        self.transport = httpx.ASGITransport(app)

    def get(self, path, headers=None):
        return asyncio.run(self._get(path, headers))[0]

    def raw(self, path, headers):
        return asyncio.run(self._get(path, headers, as_it_comes=True))

    async def _get(self, path, headers, as_it_comes=False):
        async with (
            httpx.AsyncClient(transport=self.transport, base_url="http://gateway.example") as http,
            http.stream("GET", path, headers=headers) as answer,
        ):
            raw = b"".join([part async for part in answer.aiter_raw()]) if as_it_comes else await answer.aread()
            return answer, raw


def served(folder):
    app = FastAPI()
    answer_problems(app)
    embedding.add_to(app, folder)
    return Http(app)


@pytest.fixture
def http(folder):
    return served(folder)


def version_in(answer):
    return re.search(r'"\./widget/([0-9a-f]{16})/panel\.js"', answer.text).group(1)


def test_the_entry_names_its_modules_by_the_version_of_all_of_them(http, folder):
    answer = http.get("/widget.js")
    version = version_in(answer)
    assert f'import("./widget/{version}/words/en.js")' in answer.text
    (folder / "deep" / "dom.js").write_text("export const changed = 1;\n", encoding="utf-8")
    assert version_in(served(folder).get("/widget.js")) != version


def test_a_module_of_this_version_is_kept_for_good_and_any_other_is_not(http):
    version = version_in(http.get("/widget.js"))
    assert http.get(f"/widget/{version}/panel.js").headers["cache-control"] == embedding.CACHE_FOR_GOOD
    for path in ("/widget/panel.js", "/widget/0123456789abcdef/panel.js"):
        answer = http.get(path)
        assert (answer.text, answer.headers["cache-control"]) == (SERVED, "no-cache")
    assert http.get("/widget.js").headers["cache-control"] == embedding.ENTRY_CACHE


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/widget.js", "text/javascript; charset=utf-8"),
        ("/widget/words/en.js", "text/javascript; charset=utf-8"),
        ("/widget/icon.svg", "image/svg+xml"),
    ],
)
def test_any_page_may_load_it_as_what_it_is(http, path, kind):
    answer = http.get(path, headers={"Origin": "https://anybody.example"})
    assert answer.headers["content-type"] == kind
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("*", True), ("gzip;q=0", False), ("br", False), ("", False)],
)
def test_it_comes_packed_to_who_can_unpack_it(http, accepted, packed):
    answer, raw = http.raw("/widget/panel.js", {"Accept-Encoding": accepted})
    assert ("content-encoding" in answer.headers) is packed
    assert (gzip.decompress(raw) if packed else raw).decode() == SERVED
    assert answer.headers["vary"] == "Accept-Encoding"


def test_what_a_page_has_already_is_not_sent_again(http):
    first = http.get("/widget/panel.js")
    tag = first.headers["etag"]
    again = http.get("/widget/panel.js", headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    plain = http.get("/widget/panel.js", headers={"If-None-Match": tag, "Accept-Encoding": "identity"})
    assert plain.status_code == 200


@pytest.mark.parametrize(
    "path", ["notes.txt", "../app.py", "%2e%2e/app.py", "widget.js/x", "", "words", "x/y/panel.js"]
)
def test_nothing_else_is_served(http, path):
    answer = http.get(f"/widget/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_without_files_there_is_no_widget(tmp_path):
    assert served(tmp_path).get("/widget.js").status_code == 404
