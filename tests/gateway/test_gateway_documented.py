"""docs/http.md says all there is: every route, problem, setting and payload the page shows."""

import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from gateway.problems import ProblemKind

ROOT = Path(__file__).resolve().parents[2]


DOCUMENTED = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")


def routes(app):
    """What is routed, as (method, path); the browser's own questions (HEAD, OPTIONS) go with them."""
    found = set()
    for route in app.routes:
        for method in getattr(route, "methods", None) or {"GET"}:
            if method not in {"HEAD", "OPTIONS"}:
                found.add((method, route.path.replace(":path}", "}")))
    return found


def test_every_route_is_documented(gateway):
    for method, path in routes(gateway.app) - {("GET", "/page")}:
        assert f"`{method} {path}" in DOCUMENTED, f"docs/http.md does not say what {method} {path} does"
    assert all(isinstance(route, APIRoute) or route.path == "/page" for route in gateway.app.routes)


@pytest.mark.parametrize("kind", ProblemKind, ids=lambda kind: kind.code)
def test_every_problem_is_documented(kind):
    assert f"| `{kind.code}` | {kind.status} |" in DOCUMENTED


def test_every_setting_is_documented():
    source = (ROOT / "gateway" / "settings.py").read_text(encoding="utf-8")
    for name in set(re.findall(r"AFTERCARE_[A-Z_]+", source)):
        assert f"`{name}`" in DOCUMENTED, f"docs/http.md does not say what {name} sets"


def test_every_custom_kind_the_page_shows_is_documented():
    scripts = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "gateway" / "widget").rglob("*.js"))
    numbered = re.search(r"numbers: \{(.*?)\}", scripts, re.DOTALL)
    assert numbered is not None
    shown = set(re.findall(r'kind === "(\w+)"', scripts)) | set(re.findall(r"(\w+): \"", numbered[1]))
    assert {"rma", "verdict", "question", "unavailable"} <= shown
    for kind in shown:
        assert re.search(rf'"kind": [^,`]*"{kind}"', DOCUMENTED), f"docs/http.md does not show a {kind}"


def test_every_custom_kind_anybody_sends_is_documented():
    """The actions write most payloads; whoever adds a kind there tells embedding pages of it here."""
    sources = [*ROOT.glob("bot/actions/*.py"), *ROOT.glob("casework/*.py"), *ROOT.glob("gateway/*.py")]
    written = "".join(file.read_text(encoding="utf-8") for file in sources)
    said = (ROOT / "domain.yml").read_text(encoding="utf-8")
    sent = set(re.findall(r'"v": \w+,\s+"kind": "(\w+)"', written)) | set(
        re.findall(r"^ +kind: (\w+)$", said, re.MULTILINE)
    )
    assert {"verdict", "question", "unavailable"} <= sent
    for kind in sent:
        assert f'"kind": "{kind}"' in DOCUMENTED, f"docs/http.md does not show a {kind}"
