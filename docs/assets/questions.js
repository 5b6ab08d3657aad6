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

// One question ------------------------------------------------------------------------------

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
    if (entry) this.checkNumber(entry);
    else this.checkOption(this.find("input:checked"));
  }

  checkNumber(entry) {
    const numbers = parse(entry.value);
    entry.setAttribute("aria-invalid", String(!numbers.length));
    if (!numbers.length) {
      this.say("unread", "This does not read as a number. Write 0.25, 0,25, 1/4 or 2.5e-1.");
      entry.focus();
      return;
    }
    const right = this.find(".question__right");
    const key = Number(right.dataset.value);
    const means = (value) => numbers.some((number) => near(number, value, TOLERANCE));
    if (means(key)) return this.right();
    const slip = [...this.article.querySelectorAll("[data-slip]")].find((item) =>
      means(Number(item.dataset.value)),
    );
    if (slip) return this.wrong(slip);
    this.say("wrong", hint(numbers[0], key));
    record(this.id, false);
  }

  checkOption(chosen) {
    if (!chosen) return this.say("unread", "Choose one of the answers first.");
    const known = this.find(`.question__key [data-option="${chosen.value}"]`);
    if (known.matches(".question__right")) this.right();
    else this.wrong(known);
  }

  right() {
    this.say("right", "The answer is ", this.find(".question__answer"));
    record(this.id, true);
  }

  wrong(item) {
    this.say("wrong", "", item.querySelector(".question__why"));
    record(this.id, false, item.dataset.slip);
  }

  // Emptied first, so that the same sentence is read out again when it is said again.
  say(verdict, words, from) {
    const said = this.find(".question__said");
    const mark = document.createElement("strong");
    mark.textContent = { right: "Right. ", wrong: "Not yet. ", unread: "" }[verdict];
    const copies = from ? [...from.childNodes].map((node) => node.cloneNode(true)) : [];
    said.dataset.verdict = verdict;
    said.replaceChildren();
    setTimeout(() => said.append(mark, words, ...copies), 20);
  }

  async again() {
    try {
      const known = await instances(this.id);
      this.show(known, (this.seed + 1) % known.seeds.length);
      history.replaceState(null, "", `#q=${this.id}.${this.seed}`);
      this.find("input").focus();
    } catch {
      this.say("unread", "New numbers could not be loaded. The numbers above still work.");
    }
  }

  show({ forms, seeds }, seed) {
    const [form, numbers] = seeds[seed];
    const fresh = forms[form].replace(/⟦(\d+)⟧/g, (_, place) => numbers[place]);
    this.find(".question__body").innerHTML = fresh;
    this.article.dataset.seed = this.seed = seed;
    this.wake();
  }
}

const fetched = new Map();

function instances(id) {
  const address = new URL(`../questions/${id}.json`, import.meta.url);
  if (!fetched.has(id))
    fetched.set(id, fetch(address).then((answer) => {
      if (answer.ok) return answer.json();
      throw new Error(`${address}: ${answer.status}`);
    }));
  return fetched.get(id);
}

// What was answered, kept in this browser only ----------------------------------------------

export function progress() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) ?? {};
  } catch {
    return {};
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

// The page ----------------------------------------------------------------------------------

const questions = new Map();

for (const article of document.querySelectorAll(".question"))
  questions.set(article.dataset.question, new Question(article));

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
    else question.say("unread", `There are no numbers ${seed} for this question.`);
  } catch {
    question.say("unread", "These numbers could not be loaded. The numbers above still work.");
  }
}

addEventListener("hashchange", follow);
follow();
