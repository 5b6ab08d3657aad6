"""The player, driven as a reader drives it."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from chainrule.explorers.presets import PRESETS
from chainrule.notation import number
from chainrule.trace import trace

from .axe import SCHEMES, violations, wear
from .conftest import PHONE, Visit

PAGE = "network/player/"
DEMO = trace(PRESETS["demo"].spec)


@pytest.fixture
def visit(reader: BrowserContext, site: str) -> Iterator[Visit]:
    page = reader.new_page()
    yield Visit(page).open(site + PAGE)
    page.close()


@pytest.fixture
def page(visit: Visit) -> Iterator[Page]:
    yield visit.page
    assert visit.errors == []


def press(page: Page, does: str, times: int = 1) -> None:
    for _ in range(times):
        page.locator(f"[data-does='{does}']").click()


def formula(page: Page) -> str:
    return page.locator(".player__formula").inner_text()


def spoken(page: Page) -> str:
    return " ".join(page.locator(".player__formula .unseen").all_text_contents())


def open_fold(page: Page, title: str) -> None:
    page.locator("summary", has_text=title).click()


# A learner takes one update ---------------------------------------------------------------------


def test_every_number_of_one_update_is_shown_in_order(page: Page) -> None:
    shown = ""
    for _ in range(14):
        shown += spoken(page)
        press(page, "on")
    step = DEMO["steps"][0]
    for layer, after in zip(step["layers"], DEMO["final"]["layers"], strict=True):
        for values in (
            layer["z"],
            layer["a"],
            layer["delta"],
            *layer["dW"],
            *after["W"],
            after["b"],
        ):
            for value in values:
                assert number(value) in shown
    expect(page.locator(".player__formula")).to_contain_text("It fell")
    assert number(DEMO["final"]["loss"]) in spoken(page)


def test_what_is_drawn_is_what_is_said(page: Page) -> None:
    """Formulas are typeset piece by piece; a piece in the wrong place would be drawn, not said."""
    for _ in range(14):
        for line in page.locator(".player__line").all():
            drawn, said = (
                line.locator(".katex").text_content(),
                line.locator(".unseen").inner_text(),
            )
            assert signs(drawn or "") == signs(said)
        press(page, "on")


def signs(text: str) -> str:
    """Letters, figures and brackets in order; an exponent or an index on its own line or not."""
    plain = unicodedata.normalize("NFKC", text).replace("⋅", "·").replace("½", "1/2")
    return "".join(sorted(re.sub(r"[^\w()·=+−←→σ∂]", "", plain.replace("·", "").replace("⁄", ""))))


def test_going_back_shows_the_step_before(page: Page) -> None:
    first = formula(page)
    press(page, "on")
    assert formula(page) != first
    press(page, "back")
    assert formula(page) == first


def test_the_line_of_the_reference_moves_with_the_step(page: Page) -> None:
    expect(page.locator(".player__mark").first).to_contain_text("z = a_in.dot(layer.affine.W.T)")
    page.locator("[data-phase=update]").click()
    expect(page.locator(".player__mark").first).to_contain_text(
        "layer.affine.W - learning_rate * gradient.W"
    )


def test_each_path_comes_by_itself_when_asked_for(page: Page) -> None:
    page.locator("[name=grain]").select_option("path")
    expect(page.locator(".player__line")).to_have_count(1)
    press(page, "on", 3)
    expect(page.locator(".player__place")).to_have_text("4/43")


def test_playing_moves_on_and_stops_at_the_end(page: Page) -> None:
    page.locator("[name=speed]").select_option("quick")
    press(page, "play")
    expect(page.locator(".player__place")).to_have_text("3/14", timeout=5000)
    press(page, "play")
    expect(page.locator("[data-does=play]")).to_have_text("Play")


def test_keys_do_what_buttons_do(page: Page) -> None:
    page.locator(".player__stage").focus()
    for key, place in [("ArrowRight", "2/14"), ("ArrowLeft", "1/14"), ("End", "14/14"),
                       ("Home", "1/14"), ("3", "1/8"), ("1", "1/43")]:  # fmt: skip
        page.keyboard.press(key)
        expect(page.locator(".player__place")).to_have_text(place)


def test_a_step_is_announced_once_and_when_it_has_come_to_rest(page: Page) -> None:
    press(page, "on", 3)
    voice = page.locator(".explorer__voice")
    expect(voice).to_contain_text("The loss. L = ½ (y − t)² = ½ (0.761163 − 1)² = 0.0285216")


# Changing things --------------------------------------------------------------------------------


def test_a_weight_is_changed_where_it_is_drawn_and_back_again(page: Page) -> None:
    page.locator('svg .edit[data-edit="W.0.0.0"]').click()
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    assert "0.5·0.5" in spoken(page).replace(" ", "")
    press(page, "undo")
    assert "0.15·0.5" in spoken(page).replace(" ", "")


@pytest.mark.parametrize("wrong", ["", "text", "1e400", "NaN"])
def test_bad_input_gets_a_sentence_beside_the_field_and_changes_nothing(
    page: Page, wrong: str
) -> None:
    before = formula(page)
    open_fold(page, "Change the network")
    field = page.locator('.player__fields [data-path="W.0.0.0"]')
    field.fill(wrong)
    field.press("Enter")
    expect(page.locator(".player__fields .explorer__error")).to_have_count(1)
    expect(field).to_have_attribute("aria-invalid", "")
    assert formula(page) == before


def test_layers_losses_and_activations_can_be_chosen(page: Page) -> None:
    open_fold(page, "Change the network")
    page.locator("[data-does='add layer']").click()
    page.locator("[name='units.2']").select_option("5")
    page.locator("[name='activation.1']").select_option("relu")
    page.locator("[name=loss]").select_option("binary_cross_entropy")
    page.locator("[data-does='add example']").click()
    press(page, "last")
    label = page.locator(".player__diagram svg").get_attribute("aria-label")
    assert label is not None
    assert label.startswith("A 2-2-5-1 network with sigmoid and ReLU and identity neurons")


@pytest.mark.parametrize("name", [name for name in PRESETS if not PRESETS[name].slip])
def test_every_preset_ends_with_the_loss_of_the_reference(page: Page, name: str) -> None:
    page.locator("[name=preset]").select_option(name)
    press(page, "last")
    assert number(trace(PRESETS[name].spec)["final"]["loss"]) in spoken(page)


def test_states_are_named_where_they_happen(page: Page) -> None:
    page.locator("[name=preset]").select_option("dead-relu")
    expect(page.locator(".player__notes li")).to_have_count(0)
    press(page, "last")
    expect(page.locator(".player__notes")).to_contain_text("The output neuron is dead")
    page.locator("[name=preset]").select_option("deep")
    press(page, "last")
    expect(page.locator(".player__notes")).to_contain_text("vanished")


def test_a_slip_is_found_where_it_first_shows(page: Page) -> None:
    open_fold(page, "Spot the slip")
    page.locator("[name=slip]").select_option("missing_activation_derivative")
    press(page, "wrong")
    expect(page.locator(".player__title")).to_contain_text("The error of the output neuron")
    expect(page.locator(".player__line.wrong")).to_contain_text("right: −0.0434192")


# The address ------------------------------------------------------------------------------------


def test_an_address_brings_a_network_back(page: Page, reader: BrowserContext, site: str) -> None:
    page.locator('svg .edit[data-edit="W.0.0.0"]').click()
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    page.locator("[data-phase=backward]").click()
    page.wait_for_timeout(500)
    other = reader.new_page()
    other.goto(page.url)
    assert formula(other) == formula(page)
    other.close()


@pytest.mark.parametrize("hash", ["#n=2-2-1&w=1", "#p=none", "#n=" + "9-" * 50 + "1", "#p=%E0%A4"])
def test_a_damaged_address_is_told_and_the_page_works(
    reader: BrowserContext, site: str, hash: str
) -> None:
    visit = Visit(reader.new_page()).open(site + PAGE + hash)
    expect(visit.page.locator(".explorer__said")).to_contain_text("last good state")
    press(visit.page, "on")
    expect(visit.page.locator(".player__place")).to_have_text("2/14")
    assert visit.errors == []
    visit.page.close()


# To take away -----------------------------------------------------------------------------------


def test_what_is_taken_away_works(page: Page, tmp_path: Path) -> None:
    open_fold(page, "Take it with you")
    for does in ("python", "json", "svg", "png"):
        with page.expect_download() as download:
            press(page, does)
        download.value.save_as(tmp_path / does)
    ran = subprocess.run(
        [sys.executable, tmp_path / "python"], capture_output=True, text=True, check=True
    )
    assert str(DEMO["final"]["loss"])[:14] in ran.stdout
    assert trace(json.loads((tmp_path / "json").read_text())) == DEMO
    assert "var(" not in (tmp_path / "svg").read_text(encoding="utf-8")
    assert (tmp_path / "png").read_bytes().startswith(b"\x89PNG")


# What it promises -------------------------------------------------------------------------------


def test_our_scripts_on_the_page_stay_small(page: Page, built: Path) -> None:
    loaded = page.evaluate("""() => performance.getEntriesByType("resource")
        .map(e => new URL(e.name).pathname).filter(path => path.endsWith("js"))""")
    loaded = [path for path in loaded if "/assets/javascripts/" not in path]  # of the theme
    sizes = {path: len(gzip.compress((built.parent / path[1:]).read_bytes())) for path in loaded}
    assert any("engine" in path for path in sizes)
    assert not any("files" in path for path in sizes)
    assert sum(sizes.values()) <= 40_000, sizes


def mid_step(page: Page) -> None:
    page.locator("[data-phase=backward]").click()


def everything_open(page: Page) -> None:
    page.locator("[name=preset]").select_option("xor")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.locator('svg .edit[data-edit="b.1.0"]').click()


def errors_shown(page: Page) -> None:
    page.evaluate("location.hash = '#p=none'")
    open_fold(page, "Change the network")
    page.locator("[name=learning_rate]").fill("much")
    page.locator("[name=learning_rate]").press("Enter")
    expect(page.locator(".explorer__error")).to_have_count(1)
    expect(page.locator(".explorer__said")).to_contain_text("last good state")


def slip_on(page: Page) -> None:
    open_fold(page, "Spot the slip")
    page.locator("[name=slip]").select_option("reversed_error")
    press(page, "wrong")
    expect(page.locator(".player__line.wrong")).to_have_count(2)


@pytest.mark.parametrize("state", [mid_step, everything_open, errors_shown, slip_on])
def test_axe_finds_nothing_while_it_is_used(page: Page, state: Callable[[Page], None]) -> None:
    state(page)
    for scheme in SCHEMES:
        wear(page, scheme)
        assert violations(page, "cr-player") == []


def test_nothing_is_said_while_a_slider_is_dragged_and_once_when_it_is_let_go(page: Page) -> None:
    page.evaluate("""() => {
        window.said = [];
        const voice = document.querySelector(".explorer__voice");
        new MutationObserver(() => said.push(voice.textContent)).observe(voice, {childList: true});
    }""")
    page.wait_for_timeout(600)
    before = len(page.evaluate("said"))
    slider = page.locator("[name=position]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 10, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    page.wait_for_timeout(600)
    assert len(page.evaluate("said")) == before
    page.mouse.up()
    page.wait_for_timeout(600)
    assert len(page.evaluate("said")) == before + 1


def test_every_control_has_a_name_and_can_be_reached_with_the_keyboard(page: Page) -> None:
    page.locator(".player__change").evaluate("fold => { fold.open = true; }")
    controls = "cr-player :is(button, select, input, summary):not(:disabled)"
    reachable = page.locator(controls).locator("visible=true")
    assert reachable.count() > 30
    assert reachable.evaluate_all("all => all.filter(e => e.tabIndex < 0).length") == 0
    assert page.locator("cr-player input:not(label input)").count() == 0


def test_back_and_forward_lead_through_the_networks_of_the_address(page: Page) -> None:
    start = formula(page)
    page.evaluate("location.hash = '#p=deep&at=3'")
    expect(page.locator(".player__place")).to_contain_text("4/")
    deep = formula(page)
    page.wait_for_timeout(400)  # the address follows a little later
    page.go_back()
    expect(page.locator("[name=preset]")).to_have_value("demo")
    assert formula(page) == start
    page.go_forward()
    expect(page.locator("[name=preset]")).to_have_value("deep")
    assert formula(page) == deep


def test_it_works_where_storage_is_blocked(browser: Browser, site: str) -> None:
    context = browser.new_context()
    context.add_init_script("""for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name,
            {get() { throw new DOMException("", "SecurityError"); }});""")
    page = context.new_page()
    page.goto(site + PAGE)
    press(page, "on")
    expect(page.locator(".player__place")).to_have_text("2/14")
    context.close()


@pytest.mark.parametrize("name", ["demo", "two-three-two", "deep", "xor"])
def test_it_can_be_used_at_four_times_the_size(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 320, "height": 256})  # of 1280 by 1024
    page.locator("[name=preset]").select_option(name)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    press(page, "last")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("name", PRESETS)
def test_nothing_sticks_out_of_a_phone_whatever_is_shown(page: Page, name: str) -> None:
    page.set_viewport_size(PHONE)
    page.locator("[name=preset]").select_option(name)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    press(page, "last")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_it_obeys_the_policy_of_the_site(page: Page) -> None:
    """What is against it is an error of the visit; the fields and every preset are put in."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    for name in PRESETS:
        page.locator("[name=preset]").select_option(name)
        press(page, "on", 2)
    page.locator('svg .edit[data-edit="W.0.0.0"]').click()
    page.keyboard.type("?")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)


def test_without_scripts_the_whole_trace_is_there(
    reader_without_scripts: BrowserContext, site: str
) -> None:
    page = reader_without_scripts.new_page()
    page.goto(site + PAGE)
    text = page.locator(".player__still").text_content() or ""
    step = DEMO["steps"][0]
    for layer in step["layers"]:
        for values in (layer["z"], layer["a"], layer["delta"], *layer["dW"]):
            assert all(number(value) in text for value in values)
    expect(page.locator(".player__still svg.narrow")).to_be_visible()
    page.close()
