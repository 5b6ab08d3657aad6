"""What axe-core objects to on a page, in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
ABOUT_COLOUR = ("color-contrast", "link-in-text-block")
SCHEMES = ("default", "slate")

# A formula is drawn with hundreds of boxes that only the eye meets. Without them axe takes a third
# of the time; their colours are held in test_reading.
UNDRAWN = "document.querySelectorAll('katex-html').forEach(drawn => drawn.replaceChildren())"

# What lies far below has a rough size until it is laid out, and axe would measure that. The page
# lays it out when it has nothing else to do, and then sees to what scrolls.
RUN = """async ([within, rules]) => {
    const blocks = [...document.querySelectorAll(".md-content__inner > *, .question")];
    const far = () => blocks.some(one => getComputedStyle(one).contentVisibility === "auto");
    for (let turn = 0; far() && turn < 1500; turn++) await new Promise(go => setTimeout(go, 20));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { content-visibility: visible !important; }");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    const found = await axe.run(within, {runOnly: rules, resultTypes: ["violations"]});
    return found.violations.flatMap(rule => rule.nodes.map(
        node => `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
}"""


def violations(
    page: Page, within: str | None = None, rules: Sequence[str] | None = None
) -> list[str]:
    """Return every node of the page, or of the part a selector names, that breaks a rule.

    `rules` are names of single rules; without them all rules of the standards apply.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": STANDARDS}
    return page.evaluate(RUN, [within or "html", only])


def wear(page: Page, scheme: str) -> None:
    """Show the page in the colours `default` or `slate`."""
    page.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme)
