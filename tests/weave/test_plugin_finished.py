"""A page is made again if it or what surrounds it has changed, and is then as in a fresh build."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.weave.small import CONFIG, SITE, build, snapshot

SEARCH = "plugins: [weave, material/search: {lang: en, separator: ' ', pipeline: []}]"
THEME = (
    '<html><head><meta charset="utf-8"></head>'
    "<body>{% for item in nav %}<a href='{{ item.url }}'>{{ item.title }}</a>{% endfor %}"
    "{{ page.content }}</body></html>"
)
FILES = {
    **SITE,
    "mkdocs.yml": CONFIG.replace("plugins: [weave]", SEARCH),
    "theme/main.html": THEME,
    "docs/other.md": "# Other\n\n## Within\n\nWords, $a^2$.\n",
}


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edited(root: Path) -> None:
        text = (root / name).read_text()
        assert old in text
        (root / name).write_text(text.replace(old, new))

    return edited


CHANGES = {
    "nothing": (lambda root: None, 0),
    "words": (edit("docs/other.md", "Words", "Sentences"), 1),
    "a number": (edit("docs/examples/demo.py", "0.25", "0.75"), 1),
    "a heading within": (edit("docs/other.md", "Within", "Inside"), 1),
    "a title": (edit("docs/other.md", "# Other", "# Another"), 2),
    "the template": (edit("theme/main.html", "<body>", "<body class='new'>"), 2),
    "a setting": (edit("mkdocs.yml", "Small", "Smaller"), 2),
}
WITHOUT_ANY_CACHE = ("a number", "the template")  # the others keep what programs gave


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("built")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    done = build(root, "--strict")
    assert done.code == 0, done.output
    return root


def made_again(root: Path, change: str) -> dict[str, bytes]:
    """The site that a build makes which finds none of its pages kept."""
    for kept in [""] if change in WITHOUT_ANY_CACHE else ["finished", "rendered"]:
        shutil.rmtree(root / ".cache/weave" / kept)
    assert build(root).code == 0
    return snapshot(root / "site")


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_the_pages_it_shows_on_and_no_others(change: str, built, tmp_path):
    root = shutil.copytree(built, tmp_path / "site")
    edited, wanted = CHANGES[change]
    finished = root / ".cache/weave/finished"
    before = {path.name for path in finished.iterdir()}
    edited(root)
    assert build(root).code == 0
    assert len({path.name for path in finished.iterdir()} - before) == wanted
    rebuilt = snapshot(root / "site")
    fresh = snapshot(built / "site") if change == "nothing" else made_again(root, change)
    for site in (rebuilt, fresh):
        del site["sitemap.xml.gz"]  # which holds the time of the build
    assert rebuilt == fresh
    assert fresh["search/search_index.json"].count(b'"location"') == 3
