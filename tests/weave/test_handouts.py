"""The code of a page as a notebook."""

import nbformat
import pytest

from weave.handouts import Listing, address, heading_above, notebook, quotation
from weave.sources import roots

PAGE = "# Title\n\nText\n\n## First { #one }\n\nHERE\n\n### Second\n\nTHERE\n"


@pytest.mark.parametrize(
    ("place", "heading"), [("Text", "Title"), ("HERE", "First"), ("THERE", "Second"), ("# T", "")]
)
def test_code_stands_under_the_heading_it_had_on_the_page(place: str, heading: str):
    assert heading_above(PAGE, PAGE.index(place)) == heading


def test_a_notebook_keeps_code_and_output_in_the_order_of_the_page():
    listings = [
        Listing("One", "x = 1", ""),
        Listing("One", "print(2)", "2\n"),
        Listing("Two", "", ""),
    ]
    made = notebook("Page", listings)
    nbformat.validate(made)
    sources = [cell["source"].splitlines()[0] if cell["source"] else "" for cell in made["cells"]]
    assert sources == ["# Page", "## One", "x = 1", "print(2)", "## Two", ""]
    assert [cell["outputs"][0]["text"] for cell in made["cells"] if cell.get("outputs")] == ["2\n"]


def test_a_quotation_prints_the_source_of_the_symbol(capsys, pytestconfig):
    exec(quotation("chainrule.network.backward", roots(pytestconfig.rootpath)), {})
    printed = capsys.readouterr().out
    assert printed.startswith("def backward(")
    assert "return gradients[::-1]" in printed


def test_the_address_of_a_notebook_follows_the_page():
    assert address("network/forward.md") == "downloads/pages/network/forward.ipynb"
