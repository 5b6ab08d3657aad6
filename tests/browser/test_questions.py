"""Questions in a browser: what they accept, what they say, and what they do without."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from chainrule.practice import TEMPLATES, TOPICS
from chainrule.practice.worked import worked
from chainrule.slips import SLIPS
from chainrule.worksheet import sheet
from docs.questions import KNOWLEDGE_CHECK

PAGE = "start/one-neuron/"
NUMBER = "one-neuron.weight-gradient"
CHOICE_PAGE = "code/gradient-checking/"
CHOICE = "cost-and-checking.blind-check"


def shown(page: Page, id: str) -> Locator:
    return page.locator(f'.question[data-question="{id}"]')


@pytest.fixture
def page(reader: BrowserContext, site: str) -> Iterator[Page]:
    page = reader.new_page()
    page.goto(site + PAGE)
    page.evaluate("localStorage.removeItem('chainrule.questions')")
    yield page
    page.close()


def reply(question: Locator, text: str) -> Locator:
    """Type an answer and press Enter; what is said to it."""
    entry = question.get_by_label("Your number")
    entry.fill(text)
    entry.press("Enter")
    return question.locator(".question__said")


# Numbers --------------------------------------------------------------------------------------


READINGS = {
    "0.25": [0.25],
    " 0,25 ": [0.25],
    ".25": [0.25],
    "1/4": [0.25],
    "-1/-4": [0.25],
    "2.5e-1": [0.25],
    "2,5E-1": [0.25],
    "\u22120.25": [-0.25],
    "+0.25": [0.25],
    "2.5\u00d710^-1": [0.25],
    "2.5 * 10^(-1)": [0.25],
    "2.5\u00b710\u207b\u00b9": [0.25],
    "1\u202f000": [1000],
    "2,534": [2.534, 2534],
    "0,534": [0.534],
    "": [],
    "a quarter": [],
    "1/0": [],
    "1/2/3": [],
    "1,234.5": [],
    "--1": [],
    "0x10": [],
    "NaN": [],
    "Infinity": [],
    "1e999": [],
}


def test_a_number_is_read_as_people_write_it(page: Page) -> None:
    read = """async texts => {
        const script = document.querySelector('script[src$="questions.js"]');
        return texts.map((await import(script.src)).parse);
    }"""
    for (text, means), found in zip(
        READINGS.items(), page.evaluate(read, list(READINGS)), strict=True
    ):
        assert found == pytest.approx(means), text


def test_the_key_is_accepted_within_one_percent(page: Page) -> None:
    question, key = shown(page, NUMBER), TEMPLATES[NUMBER].make(0).value
    assert key is not None
    for factor in (1.0, 1.009, 0.991):
        expect(reply(question, f"{key * factor:.9f}")).to_contain_text("Right.")
    for factor in (1.02, 0.98):
        expect(reply(question, f"{key * factor:.9f}")).to_contain_text("Carry more digits")


@pytest.mark.parametrize("wrong", TEMPLATES[NUMBER].make(0).wrong, ids=lambda wrong: wrong.slip)
def test_a_wrong_number_is_answered_with_its_own_mistake(page: Page, wrong) -> None:
    question = shown(page, NUMBER)
    said = reply(question, f"{wrong.value:.4g}")
    expect(said).to_contain_text("Not yet. You get this number if you")
    why = question.locator(f'[data-slip="{wrong.slip}"] .question__why').text_content()
    assert why
    assert why in (said.text_content() or "")
    anchor = wrong.slip.replace("_", "-")
    expect(said.get_by_role("link")).to_have_attribute(
        "href", re.compile(rf"/mistakes/gallery/#slip-{anchor}$")
    )


def test_a_wrong_number_nobody_knows_gets_a_hint(page: Page) -> None:
    question, key = shown(page, NUMBER), TEMPLATES[NUMBER].make(0).value
    assert key is not None
    expect(reply(question, str(key * 100))).to_contain_text("the decimal point is not")
    expect(reply(question, str(key / 2))).to_contain_text("half the answer")
    expect(reply(question, str(key * 7.3))).to_contain_text("No mistake we know")


def test_nonsense_is_met_with_a_kind_sentence(page: Page) -> None:
    question = shown(page, NUMBER)
    expect(reply(question, "<b>dunno</b>")).to_contain_text("does not read as a number")
    expect(question.get_by_label("Your number")).to_be_focused()
    expect(question.get_by_label("Your number")).to_have_attribute("aria-invalid", "true")


# Choices --------------------------------------------------------------------------------------


def test_arrow_keys_choose_and_enter_answers(page: Page, site: str) -> None:
    page.goto(site + CHOICE_PAGE)
    question, made = shown(page, CHOICE), TEMPLATES[CHOICE].make(0)
    said = question.locator(".question__said")
    question.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    for _ in range(made.options.index(made.answer)):
        page.keyboard.press("ArrowDown")
        expect(said).to_be_empty()
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Right.")


def test_a_wrong_choice_says_why(page: Page, site: str) -> None:
    page.goto(site + CHOICE_PAGE)
    question, made = shown(page, CHOICE), TEMPLATES[CHOICE].make(0)
    question.get_by_text(made.wrong[0].text).first.click()
    question.get_by_role("button", name="Check").click()
    expect(question.locator(".question__said")).to_contain_text(made.wrong[0].why[:40])


def test_checking_without_a_choice_asks_for_one(page: Page, site: str) -> None:
    page.goto(site + CHOICE_PAGE)
    question = shown(page, CHOICE)
    question.get_by_role("button", name="Check").click()
    expect(question.locator(".question__said")).to_contain_text("Choose one")


# Fresh numbers --------------------------------------------------------------------------------


def test_new_numbers_are_those_of_the_next_seed_and_are_checked(page: Page) -> None:
    question = shown(page, NUMBER)
    for seed in (1, 2):
        question.get_by_role("button", name="New numbers").click()
        expect(question).to_have_attribute("data-seed", str(seed))
        expect(question.get_by_label("Your number")).to_be_focused()
        made = TEMPLATES[NUMBER].make(seed)
        assert page.url.endswith(f"#q={NUMBER}.{seed}")
        expect(reply(question, f"{made.value:.4g}")).to_contain_text("Right.")
        wrong = made.wrong[0]
        expect(reply(question, f"{wrong.value:.4g}")).to_contain_text("You get this number if")
        assert "⟦" not in question.inner_text()


def test_a_seed_in_the_address_brings_its_numbers(reader: BrowserContext, site: str) -> None:
    page = reader.new_page()
    page.goto(f"{site}{PAGE}#q={NUMBER}.5")
    question = shown(page, NUMBER)
    expect(question).to_have_attribute("data-seed", "5")
    expect(question).to_be_in_viewport()
    expect(reply(question, f"{TEMPLATES[NUMBER].make(5).value:.4g}")).to_contain_text("Right.")
    page.close()


@pytest.mark.parametrize("hash", ["#q=one-neuron.weight-gradient.99999", "#q=no.such.1", "#q=%zz"])
def test_an_address_that_makes_no_sense_breaks_nothing(
    reader: BrowserContext, site: str, hash: str
) -> None:
    page = reader.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site}{PAGE}{hash}")
    expect(reply(shown(page, NUMBER), "1/3")).not_to_be_empty()
    assert errors == []
    page.close()


def test_without_a_connection_the_old_numbers_stay(page: Page) -> None:
    question = shown(page, NUMBER)
    page.route("**/questions/*.json", lambda route: route.abort())
    question.get_by_role("button", name="New numbers").click()
    expect(question.locator(".question__said")).to_contain_text("could not be loaded")
    expect(question).to_have_attribute("data-seed", "0")


# What is kept, and what is not needed ---------------------------------------------------------


def test_what_was_answered_is_kept_in_this_browser(page: Page) -> None:
    question, made = shown(page, NUMBER), TEMPLATES[NUMBER].make(0)
    expect(reply(question, f"{made.wrong[0].value:.4g}")).to_contain_text("Not yet")
    expect(reply(question, f"{made.value:.4g}")).to_contain_text("Right")
    kept = json.loads(page.evaluate("localStorage.getItem('chainrule.questions')"))[NUMBER]
    assert (kept["right"], kept["wrong"]) == (1, 1)
    assert kept["slips"] == {made.wrong[0].slip: 1}


@pytest.mark.parametrize(
    "fault",
    [
        "Storage.prototype.setItem = () => { throw new DOMException('full') }",
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no') }})",
        "localStorage.setItem('chainrule.questions', '{bad')",
        "localStorage.setItem('chainrule.questions', '[1]')",
        "localStorage.setItem('chainrule.questions', 'null')",
    ],
)
def test_questions_work_where_storage_does_not(browser: Browser, site: str, fault: str) -> None:
    context = browser.new_context()
    context.add_init_script(fault)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(site + PAGE)
    made = TEMPLATES[NUMBER].make(0)
    expect(reply(shown(page, NUMBER), f"{made.value:.4g}")).to_contain_text("Right")
    assert errors == []
    context.close()


def test_without_scripts_every_answer_can_be_read(
    reader_without_scripts: BrowserContext, site: str
) -> None:
    page = reader_without_scripts.new_page()
    page.goto(site + PAGE)
    question = shown(page, NUMBER)
    expect(question.get_by_role("button")).to_have_count(0)
    expect(question.get_by_label("Your number")).to_be_hidden()
    question.locator("summary").click()
    answer = question.locator(".question__key")
    expect(answer).to_contain_text("You get this number if you leave out the slope of the sigmoid")
    page.close()


# Practice -------------------------------------------------------------------------------------


def test_the_knowledge_check_counts_and_asks_again(reader: BrowserContext, site: str) -> None:
    page = reader.new_page()
    page.goto(site + "practice/knowledge-check/")
    position = page.locator(".questions__position")
    for place, template in enumerate(KNOWLEDGE_CHECK, start=1):
        expect(position).to_have_text(f"Question {place} of 5")
        expect(page.locator(".question:visible")).to_have_count(1)
        question, made = shown(page, template.id), template.make(0)
        if made.kind == "choice":
            question.get_by_role("radio").nth(made.options.index(made.answer)).check()
            question.get_by_role("button", name="Check").click()
        else:
            reply(question, f"{made.value:.4g}" if place > 2 else "1e9")
        expect(question.locator(".question__said")).not_to_be_empty()
        page.locator(".questions__next").click()
    expect(position).to_contain_text("4 of 5 right at the first try. Worth another look:")
    page.locator(".questions__next").click()
    expect(position).to_have_text("Question 1 of 5")
    expect(shown(page, KNOWLEDGE_CHECK[1].id)).to_have_attribute("data-seed", "1")
    page.close()


def test_a_worked_example_stops_at_the_first_wrong_line(reader: BrowserContext, site: str) -> None:
    page = reader.new_page()
    page.goto(site + "practice/worked-example/")
    example = shown(page, "worked.3")
    blank = [line.question for line in worked(3, 0).lines if line.blank]
    entries = example.get_by_role("textbox")
    expect(entries).to_have_count(len(blank))
    entries.nth(0).fill(f"{blank[0].value:.4g}")
    entries.nth(1).fill(f"{blank[1].wrong[0].value:.4g}")
    entries.nth(1).press("Enter")
    said = example.locator("li .question__said")
    expect(said.nth(0)).to_contain_text("Right")
    expect(said.nth(1)).to_contain_text("You get this number if")
    expect(said.nth(2)).to_be_empty()
    expect(entries.nth(1)).to_be_focused()
    for entry, question in zip(entries.all(), blank, strict=True):
        entry.fill(f"{question.value:.4g}")
    example.get_by_role("button", name="Check").click()
    expect(example).to_contain_text("Every line is right.")
    page.close()


def test_progress_is_counted_saved_and_forgotten(page: Page, site: str) -> None:
    expect(reply(shown(page, NUMBER), f"{TEMPLATES[NUMBER].make(0).value:.4g}")).to_contain_text(
        "Right"
    )
    page.goto(site + "practice/")
    panel = page.locator(".progress")
    expect(panel.locator('[data-topic="one-neuron"]')).to_have_text(
        f"1 of {len(TOPICS['one-neuron'])}"
    )
    with page.expect_download() as download:
        panel.get_by_role("button", name="Save as a file").click()
    assert NUMBER in json.loads(download.value.path().read_text(encoding="utf-8"))
    panel.get_by_role("button", name="Forget me").click()
    expect(panel).to_contain_text("Nothing has been answered")
    assert page.evaluate("localStorage.getItem('chainrule.questions')") is None


def test_a_sheet_in_the_browser_is_the_sheet_of_the_command_line(
    reader: BrowserContext, site: str
) -> None:
    page = reader.new_page()
    page.goto(site + "practice/worksheets/")
    page.get_by_label("Topic").select_option("batches")
    page.get_by_label("Sheet", exact=True).fill("7")
    page.get_by_label("Questions", exact=True).fill("5")
    page.get_by_role("button", name="Make the sheet").click()
    questions = sheet("batches", 7, 5).questions
    expect(page.locator(".worksheet__questions h3")).to_have_text(
        [f"{k}. {TEMPLATES[question.id].title}" for k, question in enumerate(questions, 1)]
    )
    keys = page.locator(".worksheet__key .question__right").all()
    for question, key in zip(questions, keys, strict=True):
        if question.kind == "number":
            assert key.get_attribute("data-value") == repr(question.value)
    page.emulate_media(media="print")
    expect(page.locator(".worksheet")).to_be_hidden()
    expect(page.locator(".worksheet__key")).to_have_css("break-before", "page")
    page.close()


def test_every_mistake_that_is_linked_stands_in_the_gallery(
    reader: BrowserContext, site: str
) -> None:
    answer = reader.request.get(site + "mistakes/gallery/")
    gallery = set(re.findall(r'id="slip-([\w-]+)"', answer.text()))
    linked = {
        wrong.slip.replace("_", "-")
        for template in TEMPLATES.values()
        for wrong in template.make(0).wrong
        if wrong.slip in SLIPS
    }
    assert linked <= gallery
