"""The same promises in Firefox. `make check-all` runs this where Firefox is installed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from chainrule.practice import TEMPLATES

from .axe import ABOUT_COLOUR, AXE, RUN, STANDARDS, UNDRAWN
from .conftest import pages
from .firefox import Firefox, find, started
from .test_privacy import KEPT

pytestmark = pytest.mark.long

NUMBER = "one-neuron.weight-gradient"
WATCH = """() => {
    window.refused = [];
    addEventListener("securitypolicyviolation",
        e => refused.push(`${e.violatedDirective} ${e.sample}`));
}"""


@pytest.fixture(scope="module")
def firefox() -> Iterator[Firefox]:
    pytest.importorskip("websockets")
    executable = find()
    if executable is None:
        pytest.skip("Firefox is not installed here")
    with started(executable) as one:
        one.before_each_page(WATCH)
        yield one


@pytest.mark.parametrize("address", pages(), ids=lambda page: page or "home")
def test_a_page_asks_nobody_breaks_no_rule_and_pleases_axe(
    firefox: Firefox, site: str, address: str, record: Any
) -> None:
    firefox.events.clear()
    firefox.open(site + address)
    refused, asked = firefox.evaluate("refused"), firefox.requests()
    elsewhere = [url for url in asked if urlsplit(url).netloc not in (urlsplit(site).netloc, "")]
    # Firefox lays out a large page while it arrives, and then complains of half a formula.
    assert [error for error in firefox.errors() if "number of children" not in error] == []
    scripts = "[...document.querySelectorAll('msub, msup')]"
    assert firefox.evaluate(f"{scripts}.filter(one => one.children.length !== 2).length") == 0
    firefox.evaluate(f"(() => {{ {AXE}; {UNDRAWN} }})()")
    rules = {"type": "tag", "values": list(STANDARDS)}
    found = firefox.evaluate(f"({RUN})(['html', {rules}])")
    firefox.evaluate("document.body.setAttribute('data-md-color-scheme', 'slate')")
    rules = {"type": "rule", "values": list(ABOUT_COLOUR)}
    found += firefox.evaluate(f"({RUN})(['html', {rules}])")
    record("firefox", pages={address}, requests=len(asked), elsewhere=len(elsewhere),
           refused=len(refused), violations=len(found))  # fmt: skip
    assert (elsewhere, refused, found) == ([], [], [])


def test_a_whole_visit_keeps_what_is_listed_and_no_cookie(
    firefox: Firefox, site: str, record: Any
) -> None:
    firefox.events.clear()
    firefox.open(f"{site}start/one-neuron/")
    firefox.evaluate("document.querySelector('label[for^=__palette]:not([hidden])').click()")
    firefox.press("/")
    firefox.wait_for("document.activeElement.matches('.md-search__input')")
    firefox.press("gradient")
    firefox.wait_for("document.querySelector('.md-search-result__link')")
    firefox.open(f"{site}practice/one-neuron/")
    question = f"document.querySelector('.question[data-question=\"{NUMBER}\"]')"
    firefox.evaluate(f"{question}.querySelector('input').focus()")
    firefox.press([*f"{TEMPLATES[NUMBER].make(0).value:.6g}", "\ue007"])  # and Enter
    firefox.wait_for(f"{question}.querySelector('.question__said').textContent.includes('Right')")
    firefox.open(f"{site}network/player/")
    firefox.evaluate("document.querySelector('cr-player [data-does=on]').click()")
    firefox.wait_for("document.querySelector('.player__place').textContent === '2/14'")
    kept = firefox.evaluate(f"({KEPT})()")
    assert sorted(kept["storage"]) == ["/book/.__palette", "chainrule.questions"]
    assert (kept["databases"], kept["caches"], kept["workers"]) == ([], [], 0)
    cookies, asked = firefox.cookies(), firefox.requests()
    elsewhere = [url for url in asked if urlsplit(url).netloc not in (urlsplit(site).netloc, "")]
    record("firefox", requests=len(asked), elsewhere=len(elsewhere), cookies=len(cookies))
    assert (cookies, elsewhere) == ([], [])
    assert firefox.evaluate("refused") == []
    assert firefox.errors() == []


def test_what_is_planted_is_refused(firefox: Firefox, site: str, record: Any) -> None:
    firefox.open(f"{site}404.html")
    firefox.evaluate("void (document.body.innerHTML += '<p style=\"color:red\">')")
    firefox.wait_for("refused.length > 0")
    firefox.evaluate("fetch('https://elsewhere.invalid/').catch(() => 0)")
    firefox.wait_for("refused.some(one => one.startsWith('connect-src'))")
    record("firefox", planted=2)
