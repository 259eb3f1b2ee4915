"""What axe (Deque's checker of pages, MPL 2.0) finds wrong with a page, shadow trees included."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, within: str | None = None) -> list[str]:
    """One line a violation: the rule, what it says, and where; `within` a selector of the page."""
    options = {"runOnly": {"type": "tag", "values": WCAG_2_2_AA}}
    found = Axe().run(page, within, options).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['target']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]
