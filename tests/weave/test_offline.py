"""Modules as classic scripts, and a folder as a zip that is the same every time."""

import zipfile
from pathlib import Path

import dukpy
import pytest

from weave.errors import WeaveError
from weave.offline import LINK, STRING, classic, link, named, pack


@pytest.fixture
def site(tmp_path: Path) -> Path:
    files = {
        "entry.mjs": 'import { twice } from "./twice.mjs";\n'
        'import("./later.mjs").then((later) => later.three);\n'
        "export const four = twice(2);\n",
        "twice.mjs": 'import { two } from "./two.mjs";\n'
        "export function twice(x) { return two * x; }\n",
        "two.mjs": "export const two = 2;\n",
        "later.mjs": 'import { two } from "./two.mjs";\nexport const three = two + 1;\n',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_module_stands_after_those_it_imports_and_each_stands_once(site: Path):
    text = link(site / "entry.mjs")
    places = [text.index(name) for name in ("const two", "function twice", "const four")]
    assert places == sorted(places)
    assert text.count("const two") == 1
    assert "import" not in text
    assert "export" not in text


def test_what_is_loaded_later_is_there_at_once(site: Path):
    assert "Promise.resolve({ three }).then" in link(site / "entry.mjs")


def test_the_script_gives_what_the_modules_gave(site: Path):
    (site / "entry.mjs").write_text('import { twice } from "./twice.mjs";\nresult(twice(2));\n')
    told = "var four; function result(x) { four = x; } var document = {currentScript: {src: ''}};"
    script = link(site / "entry.mjs").replace("const ", "var ").replace("() =>", "function ()")
    assert dukpy.evaljs(f"{told}\n{script}\nfour") == 4


@pytest.mark.parametrize(
    "line", ["export default 1;", 'import * as all from "./two.mjs";', "export { two };"]
)
def test_a_form_that_is_not_understood_is_named(site: Path, line: str):
    (site / "entry.mjs").write_text(f"{line}\n")
    with pytest.raises(WeaveError, match=r"entry\.mjs: cannot be made a classic script"):
        link(site / "entry.mjs")


def test_a_page_loads_scripts_in_place_of_modules(site: Path):
    page = site / "deep/page.html"
    page.parent.mkdir()
    page.write_text('<html><head><script type="module" src="../entry.mjs"></script></head></html>')
    linked: dict[Path, str] = {}
    text = classic(page, site, linked)
    assert '<script defer src="../entry.js"></script>' in text
    assert text.startswith('<html><head><script src="../assets/offline.js"></script>')
    assert list(linked) == [site / "entry.mjs"]


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ('<a href="../part/topic/">', '<a href="../part/topic.html">'),
        ('<a href="../part/topic/#place">', '<a href="../part/topic.html#place">'),
        ("<a href=../part/topic/?h=x>", "<a href=../part/topic.html?h=x>"),
        ('<a href="../part/">', '<a href="../part/index.html">'),
        ('<a href="../gone/">', '<a href="../gone/">'),
        ('<a href="../../">', '<a href="../../">'),  # not ours
        ("<code>'../part/topic/'</code>", "<code>'../part/topic/'</code>"),
    ],
)
def test_a_link_to_a_folder_names_its_page(site: Path, text: str, then: str):
    for name in ("part/topic.html", "part/index.html", "deep/page.html"):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_text("")
    assert named(LINK, text, site / "deep", site) == then


def test_a_link_that_a_script_makes_names_its_page(site: Path):
    (site / "part").mkdir()
    (site / "part/topic.html").write_text("")
    (site / "assets").mkdir()
    text = "new URL(`../part/topic/#slip-${name}`, import.meta.url)"
    then = "new URL(`../part/topic.html#slip-${name}`, import.meta.url)"
    assert named(STRING, text, site / "assets", site) == then


def test_a_module_loaded_in_another_way_is_an_error(site: Path):
    page = site / "page.html"
    page.write_text('<head></head><script type="module">1</script>')
    with pytest.raises(WeaveError, match=r"page\.html: a module is loaded in an unknown way"):
        classic(page, site, {})


def test_the_same_folder_gives_the_same_zip(site: Path, tmp_path: Path):
    pack(site, tmp_path.parent / "one.zip")
    for path in site.iterdir():
        path.touch()
    pack(site, tmp_path.parent / "two.zip")
    one, two = tmp_path.parent / "one.zip", tmp_path.parent / "two.zip"
    assert one.read_bytes() == two.read_bytes()
    assert all(name.startswith(f"{site.name}/") for name in zipfile.ZipFile(one).namelist())
