"""The player, driven as a reader drives it."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from chainrule.explorers.presets import PRESETS
from chainrule.notation import number
from chainrule.trace import trace

from .conftest import PHONE, Visit
from .test_every_page import AXE, STANDARDS

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


def test_going_back_shows_the_step_before(page: Page) -> None:
    first = formula(page)
    press(page, "on")
    assert formula(page) != first
    press(page, "back")
    assert formula(page) == first


def test_the_line_of_the_reference_moves_with_the_step(page: Page) -> None:
    expect(page.locator(".player__mark").first).to_contain_text("z = a_in @ layer.affine.W.T")
    page.locator("[data-phase=update]").click()
    expect(page.locator(".player__mark").first).to_contain_text("W=layer.affine.W - learning_rate")


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
    voice = page.locator(".player__voice")
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
    expect(page.locator(".player__fields .player__error")).to_have_count(1)
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


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_ends_with_the_loss_of_the_reference(page: Page, name: str) -> None:
    page.locator("[name=preset]").select_option(name)
    if PRESETS[name].slip:
        return
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
    expect(visit.page.locator(".player__said")).to_contain_text("last good one")
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


def test_axe_finds_nothing_while_it_is_used(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.locator('svg .edit[data-edit="b.1.0"]').click()
    page.evaluate(AXE)
    for scheme in ("default", "slate"):
        page.evaluate("s => document.body.setAttribute('data-md-color-scheme', s)", scheme)
        found = page.evaluate(
            "rules => axe.run('cr-player', {runOnly: rules, resultTypes: ['violations']})",
            {"type": "tag", "values": STANDARDS},
        )
        assert [
            f"{rule['id']}: {node['html'][:160]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ] == []


@pytest.mark.parametrize("name", PRESETS)
def test_nothing_sticks_out_of_a_phone_whatever_is_shown(page: Page, name: str) -> None:
    page.set_viewport_size(PHONE)
    page.locator("[name=preset]").select_option(name)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    press(page, "last")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_it_obeys_a_strict_policy(browser: Browser, site: str) -> None:
    """What the modules draw needs neither eval nor a style attribute."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(site + PAGE)
    broken = page.evaluate("""async () => {
        const broken = [];
        addEventListener("securitypolicyviolation", e => broken.push(e.violatedDirective));
        const policy = document.createElement("meta");
        policy.httpEquiv = "Content-Security-Policy";
        policy.content = "script-src 'self'; style-src 'self'; img-src 'self' data:";
        document.head.append(policy);
        const player = document.querySelector("cr-player");
        for (let n = 0; n < 30; n++) player.step(1);
        document.querySelectorAll("details").forEach(d => { d.open = true; });
        await new Promise(done => setTimeout(done, 300));
        return broken;
    }""")
    assert broken == []
    context.close()


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
