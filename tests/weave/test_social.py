"""What a page says of itself: the same address everywhere, and pictures that are there."""

import base64
import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from weave.errors import WeaveError
from weave.feeds import Site
from weave.programs import Failure, Runner, catalogue
from weave.social import HEIGHT, WIDTH, Page, head, planned

ROOT = Path(__file__).parents[2]
SITES = ["https://host.example/", "https://host.example/any/sub/path/"]
BOOK = [
    Page("index.md", "", "Home", picture="neuron.slope"),
    Page("part/one.md", "Part", "One", "Of <one> & two.", above=("Part",), keywords=("first",)),
    Page("part/two.md", "Part", "Two", picture="bowls.limit", above=("Part",)),
    Page("end.md", "End", "End"),
]


def site(url: str = SITES[1]) -> Site:
    return Site("Book", "A book to test with. It is short.", url)


def test_a_section_has_the_picture_it_asks_for_and_else_the_first_of_all():
    pictures = planned(site(), BOOK, catalogue(ROOT))
    asked = {name: json.loads(picture.program.name) for name, picture in pictures.items()}
    assert asked == {
        "": ["neuron.slope", "A book to test with", "It is short."],
        "Part": ["bowls.limit", "Part", "One · Two"],
        "End": ["neuron.slope", "End", ""],
    }
    assert len({picture.address for picture in pictures.values()}) == 3


def test_a_book_that_asks_for_no_picture_has_none():
    assert planned(site(), [Page("index.md", "", "Home")], catalogue(ROOT)) == {}


def test_a_figure_that_there_is_not_is_named():
    with pytest.raises(WeaveError, match=r"there is no figure 'neuron\.slop'; did you mean"):
        planned(site(), [Page("index.md", "", "Home", picture="neuron.slop")], catalogue(ROOT))


def test_a_picture_has_the_size_that_is_told_is_light_and_says_its_title():
    picture = planned(site(), BOOK, catalogue(ROOT))[""]
    runner = Runner(ROOT)
    [result] = runner.run([picture.program]).values()
    runner.close()
    assert not isinstance(result, Failure), result
    data = base64.b64decode(result["png"])
    image = Image.open(io.BytesIO(data)).convert("L")
    assert image.size == (WIDTH, HEIGHT)
    assert len(data) < 100_000
    assert image.getpixel((3, 3)) > 250
    title, plot = image.crop((60, 180, 560, 360)), image.crop((620, 100, 1136, 530))
    assert all(part.getextrema()[0] < 60 for part in (title, plot))


@pytest.mark.parametrize("url", SITES)
def test_every_address_of_a_page_is_whole_and_one(url: str):
    picture = planned(site(url), BOOK, catalogue(ROOT))["Part"]
    lines = head(site(url), BOOK[1], "part/one/", picture)
    [data] = re.findall(r"<script type=\"application/ld\+json\">(.*)</script>", lines)
    page, trail = json.loads(data)["@graph"]
    assert f'<meta property="og:url" content="{url}part/one/">' in lines
    assert page["@id"] == page["url"] == f"{url}part/one/"
    assert page["isPartOf"] == {"@id": f"{url}#course"}
    assert trail["itemListElement"][-1]["item"] == f"{url}part/one/"
    assert page["image"] == url + picture.address
    assert all(found.startswith(url) for found in re.findall(r'content="(https?:[^"]*)', lines))


def test_words_cannot_leave_their_place():
    page = Page("one.md", "Part", 'A "title" </script><b>', "<i>&")
    lines = head(site(), page, "one/", None)
    assert "<b>" not in lines
    assert "<i>" not in lines
    assert lines.count("</script>") == 1
    assert json.loads(lines.split('json">')[1].removesuffix("</script>"))["@graph"][0][
        "name"
    ].endswith("<b>")


def test_the_first_page_is_the_course_and_a_site_without_an_address_says_nothing():
    assert '"@type": "Course"' in head(site(), BOOK[0], "", None)
    assert head(site(""), BOOK[0], "", None) == ""
