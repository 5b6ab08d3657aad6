// Checks answers, says which mistake a number reveals, and puts fresh numbers into a question.
//
// The page reads without this script: every question stands there with its answer folded away.
// All that is known about the answers is taken from that folded part, so nothing is said twice.

const TOLERANCE = 0.01;
const CLOSE = 0.05;
const STORE = "chainrule.questions";

// Reading a number --------------------------------------------------------------------------

// The numbers a text can mean. "2,534" means 2.534 to some readers and 2534 to others.
export function parse(text) {
  const tidy = text
    .normalize("NFKC")
    .replace(/[\s_]/g, "")
    .replace(/[−–‐‑]/g, "-")
    .replace(/(?:[x×*·]10\^?|e)\(?([+-]?\d+)\)?$/i, "e$1");
  const [top, bottom, ...more] = tidy.split("/");
  if (more.length) return [];
  if (bottom === undefined) return decimal(top);
  return decimal(top).flatMap((p) => decimal(bottom).map((q) => p / q)).filter(Number.isFinite);
}

function decimal(text) {
  if (!/^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i.test(text)) return [];
  const readings = [Number(text.replace(",", "."))];
  if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) readings.push(Number(text.replace(",", "")));
  return readings.filter(Number.isFinite);
}

export const near = (number, value, tolerance) =>
  Math.abs(number - value) <= tolerance * Math.abs(value);

// What to say to a number that is neither the key nor a known mistake.
export function hint(number, key) {
  if (near(number, key, CLOSE)) return "It is near. Carry more digits and give three of them.";
  if (near(-number, key, TOLERANCE)) return "The size is right, the sign is not.";
  const factor = number / key;
  const power = Math.round(Math.log10(Math.abs(factor)));
  if (power && near(factor, 10 ** power, TOLERANCE))
    return "The digits are right, the decimal point is not.";
  for (const [value, words] of [[2, "twice"], [0.5, "half"]])
    if (near(factor, value, TOLERANCE)) return `This is ${words} the answer.`;
  return "No mistake we know leads to this number.";
}

// Judging an answer -------------------------------------------------------------------------

const UNREADABLE = "This does not read as a number. Write 0.25, 0,25, 1/4 or 2.5e-1.";
const NOT_LOADED = { verdict: "unread", words: "New numbers could not be loaded. The numbers above still work." };

// What to say to a number; `known` is the part of the page that holds the key and the mistakes.
function judged(text, known) {
  if (!text.trim()) return { verdict: "unread", words: "Write a number first." };
  const numbers = parse(text);
  if (!numbers.length) return { verdict: "unread", words: UNREADABLE };
  const means = (item) => numbers.some((number) => near(number, Number(item.dataset.value), TOLERANCE));
  const right = known.querySelector(".question__right");
  if (means(right)) return rightly(right);
  const mistake = [...known.querySelectorAll("[data-slip]")].find(means);
  return mistake ? wrongly(mistake) : { verdict: "wrong", words: hint(numbers[0], Number(right.dataset.value)) };
}

// What to say to a choice.
function chosen(option, known) {
  if (!option) return { verdict: "unread", words: "Choose one of the answers first." };
  const item = known.querySelector(`[data-option="${option.value}"]`);
  return item.matches(".question__right") ? rightly(item) : wrongly(item);
}

const rightly = (item) => ({
  verdict: "right", words: "The answer is ", from: item.querySelector(".question__answer"),
});
const wrongly = (item) => ({
  verdict: "wrong", words: "", from: item.querySelector(".question__why"), slip: item.dataset.slip,
  link: "gallery" in item.dataset ? galleryLink(item.dataset.slip) : "",
});

// Where the bug gallery shows this mistake, with the code and what it does.
function galleryLink(slip) {
  const link = document.createElement("a");
  link.href = new URL(`../mistakes/gallery/#slip-${slip.replaceAll("_", "-")}`, import.meta.url);
  link.textContent = "This mistake in the gallery";
  return link;
}

// One question ------------------------------------------------------------------------------
//
// It tells whoever listens that it has been answered, with `right` in the event's detail.

class Question {
  constructor(article) {
    this.article = article;
    this.id = article.dataset.question;
    this.seed = Number(article.dataset.seed);
    article.addEventListener("click", (event) => {
      if (event.target.closest(".question__check")) this.check();
      if (event.target.closest(".question__again")) this.again();
    });
    article.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("input")) return;
      event.preventDefault();
      this.check();
    });
    this.wake();
  }

  find(selector) {
    return this.article.querySelector(selector);
  }

  // Show what only works with this script.
  wake() {
    for (const part of this.article.querySelectorAll("[hidden]")) part.hidden = false;
  }

  check() {
    const entry = this.find("input[type=text]");
    const said = entry
      ? judged(entry.value, this.find(".question__key"))
      : chosen(this.find("input:checked"), this.find(".question__key"));
    this.say(this.find(".question__said"), said);
    if (entry) this.mark(entry, said);
    if (said.verdict !== "unread") this.answered(said);
  }

  mark(entry, { verdict }) {
    entry.setAttribute("aria-invalid", String(verdict === "unread"));
    if (verdict === "unread") entry.focus();
  }

  answered({ verdict, slip }) {
    const right = verdict === "right";
    record(this.id, right, slip);
    this.article.dispatchEvent(new CustomEvent("answered", { bubbles: true, detail: { right } }));
  }

  // Emptied first, so that the same sentence is read out again when it is said again.
  say(place, { verdict, words, from, link = "" }) {
    const mark = document.createElement("strong");
    mark.textContent = { right: "Right. ", wrong: "Not yet. ", unread: "" }[verdict];
    const copies = from ? [...from.childNodes].map((node) => node.cloneNode(true)) : [];
    place.dataset.verdict = verdict;
    place.replaceChildren();
    setTimeout(() => place.replaceChildren(mark, words, ...copies, " ", link), 20);
  }

  async again() {
    await this.next();
    history.replaceState(null, "", `#q=${this.id}.${this.seed}`);
    this.find("input")?.focus();
  }

  async next() {
    try {
      const known = await instances(this.id);
      this.show(known, (this.seed + 1) % known.seeds.length);
    } catch {
      this.say(this.find(".question__said"), NOT_LOADED);
    }
  }

  show(known, seed) {
    this.find(".question__body").innerHTML = filled(known, seed);
    this.article.dataset.seed = this.seed = seed;
    this.wake();
  }
}

// A question with the numbers of a seed, as HTML that was made with the page.
function filled({ forms, seeds }, seed) {
  const [form, numbers] = seeds[seed];
  return forms[form].replace(/⟦(\d+)⟧/g, (_, place) => numbers[place]);
}

const fetched = new Map();

function instances(id) {
  const address = new URL(`../questions/${id}.json`, import.meta.url);
  if (!fetched.has(id)) {
    const answer = fetch(address).then((answer) => {
      if (answer.ok) return answer.json();
      throw new Error(`${address}: ${answer.status}`);
    });
    answer.catch(() => fetched.delete(id));
    fetched.set(id, answer);
  }
  return fetched.get(id);
}

// A worked example: the lines that are left out, in order, up to the first that is wrong.
class Worked extends Question {
  check() {
    const entries = [...this.article.querySelectorAll("input")];
    for (const place of this.article.querySelectorAll(".question__said")) place.replaceChildren();
    for (const entry of entries) {
      const said = judged(entry.value, this.find(`[data-line="${entry.id}"]`));
      const place = entry.closest("li").querySelector(".question__said");
      this.say(place, said.verdict === "right" ? { ...said, words: "", from: null } : said);
      this.mark(entry, said);
      if (said.verdict === "right") continue;
      if (said.verdict === "wrong") this.answered(said);
      return entry.focus();
    }
    this.say(this.find(".question__body > .question__said"), { verdict: "right", words: "Every line is right." });
    this.answered({ verdict: "right" });
  }
}

// Several questions, one at a time ----------------------------------------------------------

class Round {
  constructor(box, questions) {
    this.box = box;
    this.questions = questions;
    this.position = make("p", "questions__position");
    this.position.setAttribute("role", "status");
    this.next = make("button", "questions__next");
    this.next.type = "button";
    this.next.addEventListener("click", () => this.go(this.place + 1));
    box.prepend(this.position);
    box.append(this.next);
    box.addEventListener("answered", ({ target, detail }) => {
      const id = target.dataset.question;
      if (!this.first.has(id)) this.first.set(id, detail.right);
    });
    this.begin();
  }

  begin() {
    this.first = new Map();
    this.go(0);
  }

  go(place) {
    const of = this.questions.length;
    if (place > of) return this.repeat();
    this.place = place;
    this.questions.forEach((question, k) => (question.article.hidden = k !== place));
    this.next.textContent =
      place < of - 1 ? "Next question" : place < of ? "See how it went" : "Again, with new numbers";
    this.position.textContent = place < of ? `Question ${place + 1} of ${of}` : this.result();
  }

  result() {
    const right = [...this.first.values()].filter(Boolean).length;
    const missed = this.questions.filter((question) => !this.first.get(question.id));
    const titles = missed.map((question) => question.find(".question__title").lastChild.textContent.trim());
    return `${right} of ${this.questions.length} right at the first try.` +
      (titles.length ? ` Worth another look: ${titles.join("; ")}.` : "");
  }

  async repeat() {
    await Promise.all(this.questions.map((question) => question.next()));
    this.begin();
  }
}

function make(tag, name) {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}

// What was answered, kept in this browser only ----------------------------------------------

export function progress() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE));
    return Object.fromEntries(Object.entries(kept ?? {}).filter(([, one]) => one?.slips));
  } catch {
    return {};
  }
}

function forget() {
  try {
    localStorage.removeItem(STORE);
  } catch {
    // Where storage is blocked there is nothing to forget.
  }
}

function record(id, right, slip) {
  const all = progress();
  const one = (all[id] ??= { right: 0, wrong: 0, slips: {} });
  one[right ? "right" : "wrong"] += 1;
  one.last = new Date().toISOString();
  if (slip) one.slips[slip] = (one.slips[slip] ?? 0) + 1;
  try {
    localStorage.setItem(STORE, JSON.stringify(all));
  } catch {
    // Storage is blocked or full. The question works without it.
  }
}

// A list of the topics with what was answered, and two buttons: take it along, or forget it.
function showProgress(box) {
  const all = progress();
  const answered = Object.values(all);
  const right = answered.filter((one) => one.right).length;
  box.querySelector(".progress__said").textContent = answered.length
    ? `${right} of ${box.dataset.of} questions answered right at least once.`
    : "Nothing has been answered in this browser yet.";
  for (const topic of box.querySelectorAll("[data-topic]")) {
    const known = Object.keys(all).filter((id) => id.startsWith(`${topic.dataset.topic}.`) && all[id].right);
    topic.textContent = `${known.length} of ${topic.dataset.of}`;
  }
}

function keepProgress(box) {
  box.addEventListener("click", (event) => {
    if (event.target.matches(".progress__export")) {
      const link = document.createElement("a");
      link.href = `data:application/json,${encodeURIComponent(JSON.stringify(progress(), null, 1))}`;
      link.download = "chainrule-progress.json";
      link.click();
    }
    if (event.target.matches(".progress__forget")) {
      forget();
      showProgress(box);
    }
  });
  for (const part of box.querySelectorAll("[hidden]")) part.hidden = false;
  showProgress(box);
}

// Worksheets --------------------------------------------------------------------------------
//
// The same sheets as `python -m chainrule worksheet`: topic, seed and count decide everything.

async function makeSheet(form) {
  const { topic, seed, count } = Object.fromEntries(new FormData(form));
  const { questions: all, orders } = await instances("worksheets");
  const chosen = orders[topic][seed].slice(0, count).map((place) => all[place]);
  const parts = await Promise.all(chosen.map(async ([id, title]) => [title, await instances(id)]));
  const sheet = make("div", "worksheet__questions");
  const key = make("div", "worksheet__key");
  sheet.append(heading("h2", `${form.topic.selectedOptions[0].text}, sheet ${seed}`));
  key.append(heading("h2", `Key to sheet ${seed}`));
  for (const [place, [title, known]] of parts.entries()) {
    const whole = make("div", "");
    whole.innerHTML = filled(known, seed);
    for (const dead of whole.querySelectorAll("input, .question__act, .provenance")) dead.remove();
    const asked = make("section", "");
    asked.append(heading("h3", `${place + 1}. ${title}`), ...whole.querySelectorAll(".question__prompt, .question__options"));
    if (!asked.querySelector(".question__options")) asked.append(make("div", "worksheet__room"));
    sheet.append(asked);
    key.append(heading("h3", `${place + 1}. ${title}`), ...whole.querySelector(".question__key").children);
    key.querySelectorAll("summary").forEach((summary) => summary.remove());
  }
  return [sheet, key];
}

function heading(level, text) {
  const element = document.createElement(level);
  element.textContent = text;
  return element;
}

function keepWorksheet(form) {
  form.hidden = false;
  const [said, sheet] = [".worksheet__said", ".worksheet__sheet"].map((name) => document.querySelector(name));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      sheet.replaceChildren(...(await makeSheet(form)));
      said.textContent = "The sheet and its key stand below.";
    } catch {
      said.textContent = "The sheet could not be made, because its questions could not be loaded.";
    }
  });
  form.querySelector(".worksheet__print").addEventListener("click", () => print());
}

// The page ----------------------------------------------------------------------------------

const questions = new Map();

for (const article of document.querySelectorAll(".question")) {
  const kind = article.matches(".question--worked") ? Worked : Question;
  questions.set(article.dataset.question, new kind(article));
}
for (const box of document.querySelectorAll(".questions[data-one-at-a-time]"))
  new Round(box, [...box.querySelectorAll(".question")].map((article) => questions.get(article.dataset.question)));
for (const box of document.querySelectorAll(".progress")) keepProgress(box);
for (const form of document.querySelectorAll(".worksheet")) keepWorksheet(form);

// "#q=one-neuron.step.7" asks for one question with the numbers of one seed.
async function follow() {
  const [, id, seed] = /^#q=([\w.-]+)\.(\d+)$/.exec(location.hash) ?? [];
  const question = questions.get(id);
  if (!question) return;
  question.article.scrollIntoView();
  if (Number(seed) === question.seed) return;
  try {
    const known = await instances(id);
    if (known.seeds[seed]) question.show(known, Number(seed));
  } catch {
    question.say(question.find(".question__said"), NOT_LOADED);
  }
}

addEventListener("hashchange", follow);
follow();
