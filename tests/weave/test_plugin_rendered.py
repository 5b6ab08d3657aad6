"""A page that is kept is the page that conversion would make."""

import logging
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler

from weave.plugin_rendered import Rendered

TEXT = (
    "# Title\n\nTo [b](b.md#there) and [here](#below).\n\n## Below\n\n### Deeper `x`\n\n## Last\n"
)


class Site:
    """Two pages, converted as often as one likes."""

    def __init__(self, root: Path) -> None:
        (root / "docs").mkdir()
        (root / "mkdocs.yml").write_text("site_name: x\nmarkdown_extensions: [toc]\nplugins: []\n")
        (root / "docs/b.md").write_text("# B\n")
        self.root, self.conversions = root, 0
        self.config = load_config(str(root / "mkdocs.yml"))

    def page(self, text: str, *others: str) -> Page:
        names = ("a.md", "b.md", *others)
        folder = str(self.root / "docs"), str(self.root / "site"), True
        (self.root / "docs/a.md").write_text(text)
        files = Files([File(name, *folder) for name in names])
        page = Page(None, files.src_uris["a.md"], self.config)
        page.read_source(self.config)
        convert = page.render

        def counted(*arguments) -> None:
            self.conversions += 1
            convert(*arguments)

        page.render = counted
        counter = CountHandler()
        counter.setLevel(logging.WARNING)
        logger = logging.getLogger("mkdocs")
        logger.addHandler(counter)
        rendered = Rendered(self.root, self.config, files)
        rendered.keep(page, lambda: sum(n for _, n in counter.get_counts()))
        page.render(self.config, files)
        logger.removeHandler(counter)
        return page


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def told(page: Page) -> tuple[object, ...]:
    links = {file.src_uri: to for file, to in (page.links_to_anchors or {}).items()}
    toc = [str(link) for link in page.toc]
    active = [getattr(link, "active", False) for link in page.toc]
    return page.content, page.title, toc, active, page.present_anchor_ids, links


def test_a_kept_page_says_all_that_conversion_says(site: Site):
    first, second = site.page(TEXT), site.page(TEXT)
    assert site.conversions == 1
    assert told(first) == told(second)
    assert told(first)[1] == "Title"
    assert "there" in told(first)[-1]["b.md"]


@pytest.mark.parametrize("change", ["text", "files", "settings"])
def test_what_a_page_depends_on_has_it_converted_again(site: Site, change: str):
    site.page(TEXT)
    if change == "settings":
        site.config["mdx_configs"]["toc"] = {"permalink": True}
    site.page(TEXT + "\nMore.\n" * (change == "text"), *["c.md"] * (change == "files"))
    assert site.conversions == 2


def test_a_page_with_a_warning_warns_again(site: Site, caplog):
    broken = "# Title\n\n[gone](gone.md)\n"
    for _ in range(2):
        caplog.clear()
        site.page(broken)
        assert "gone.md" in caplog.text
    assert site.conversions == 2
