// What the smaller explorers share: settings that can be undone, their fields, and their drawing.
//
// An explorer is a class with `name`, `fields` (how each setting is read), `start` (what they are
// at first), and methods that are pure functions: `compute(settings)`, `layout()`, the markup with
// a [data-part] for everything that changes, `parts(settings, numbers)`, the markup of each, and
// `spoken(settings, numbers)`, a sentence for those who listen. It may have `check(settings)`,
// which raises a Mistake, `hides(settings)`, the fields that mean nothing now, `does(what)` for
// buttons of its own, `tries`, settings worth a look, and for things that are dragged
// `dragged(what, point, settings)` and `nudged(what, way, settings)`, what a drag to a place and
// an arrow key change.

import { Element } from "./element.mjs";
import { put } from "./morph.mjs";
import { Mistake, escaped, numberIn, oneOf, written } from "./numbers.mjs";

// How settings are read -------------------------------------------------------------------------

// A number from `least` to `most`. A slider of it moves by `step`; with `log`, its exponent does.
export function amount(noun, least, most, { step = 0.01, log = false, whole = false } = {}) {
  const read = (text) => {
    const value = numberIn(text);
    if (whole && !Number.isInteger(value)) throw new Mistake(noun, `The ${noun} must be a whole number.`);
    if (value < least || value > most)
      throw new Mistake(noun, `The ${noun} must be from ${written(least)} to ${written(most)}.`);
    return value;
  };
  return { noun, least, most, step, log, whole, read };
}

// One of several; `known` has what each is called.
export const choice = (noun, known) => ({ noun, known, read: (name) => oneOf(name, known, noun, noun) });

// On or off.
export const toggle = (noun) => ({ noun, read: (text) => ["true", "1", true].includes(text) });

// Controls --------------------------------------------------------------------------------------

export function slider(fields, name, label) {
  const { noun, least, most, step, log } = fields[name];
  const [low, high] = log ? [Math.log10(least), Math.log10(most)] : [least, most];
  return (
    `<div class="explorer__field"><label>${label} <input type="text" inputmode="decimal" autocomplete="off" data-name="${name}"></label>` +
    `<input type="range" min="${low}" max="${high}" step="${step}" data-name="${name}" aria-label="${escaped(noun)}, to drag"></div>`);
}

export const field = (name, label) =>
  `<label class="explorer__field">${label} <input type="text" autocomplete="off" data-name="${name}"></label>`;

export function select(fields, name, label) {
  const { known } = fields[name];
  const options = Object.entries(known).map(([value, text]) => `<option value="${value}">${escaped(text)}</option>`);
  return `<label class="explorer__field">${label} <select data-name="${name}">${options.join("")}</select></label>`;
}

export const checkbox = (fields, name, label) =>
  `<label class="explorer__field"><input type="checkbox" data-name="${name}"> ${label}</label>`;

// Settings worth a look, by name: what of the start is different.
export const toTry = (tries, label) =>
  `<label class="explorer__field">${label} <select data-tries><option value="" hidden>your own</option>${
    Object.keys(tries).map((name) => `<option>${escaped(name)}</option>`).join("")}</select></label>`;

export const button = (does, text) => `<button type="button" data-does="${does}">${text}</button>`;

// The address -----------------------------------------------------------------------------------

// "#e=chain-rule&x=1.5": what differs from the start; nothing if nothing does.
export function toAddress({ name, start }, settings) {
  const changed = Object.keys(start).filter((key) => settings[key] !== start[key]);
  return changed.length ? `#e=${name}` + changed.map((key) => `&${key}=${settings[key]}`).join("") : "";
}

// Back again; null for an address of something else. Raises Mistake.
export function fromAddress({ name, fields, start }, hash) {
  if (!hash.startsWith(`#e=${name}&`)) return null;
  const settings = { ...start };
  for (const part of hash.slice(1).split("&").slice(1)) {
    const [key, text = ""] = part.split("=");
    if (!Object.hasOwn(fields, key)) throw new Mistake("address", `The address is damaged: it has no “${escaped(key.slice(0, 20))}”.`);
    settings[key] = fields[key].read(text);
  }
  return settings;
}

// The element -----------------------------------------------------------------------------------

export class Explorer extends Element {
  wake() {
    this.settings = { ...this.start };
    this.past = [];
    this.innerHTML =
      this.layout() +
      `<div class="explorer__bar">${button("undo", "Undo")}${button("restart", "As it was")}</div>` +
      `<p class="explorer__said" role="status"></p><p class="unseen explorer__voice" aria-live="polite"></p>`;
    this.addEventListener("input", ({ target }) => target.type === "range" && this.slid(target));
    this.addEventListener("change", ({ target }) => this.changed(target));
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("keydown", (event) => this.pressed(event));
    this.addEventListener("pointerdown", (event) => this.taken(event));
    this.addEventListener("pointermove", (event) => this.pulled(event));
    for (const end of ["pointerup", "pointercancel"]) this.addEventListener(end, () => this.released());
    this.draw();
    this.fromLocation();
  }

  // State

  read(hash) {
    return fromAddress(this, hash);
  }

  restart() {
    this.adopt(this.start);
  }

  address() {
    return toAddress(this, this.settings);
  }

  adopt(settings) {
    this.check?.(settings);
    this.settings = settings;
    this.say("");
    this.draw();
  }

  // A change of the reader's. A drag is one change, however long; it can be undone at once.
  change(partial, held = false) {
    const after = { ...this.settings, ...partial };
    this.check?.(after);
    if (!this.held) this.past.push(this.settings);
    this.adopt(after);
    this.held = held;
    this.announce();
    this.tellAddress();
  }

  undo() {
    const before = this.past.pop();
    if (!before) return;
    this.adopt(before);
    this.announce();
    this.tellAddress();
  }

  // What the reader does

  slid(field) {
    const { log } = this.fields[field.dataset.name];
    const value = log ? Number((10 ** field.valueAsNumber).toPrecision(3)) : field.valueAsNumber;
    const beside = this.querySelector(`[type="text"][data-name="${field.dataset.name}"]`);
    this.attempt(beside, () => this.change({ [field.dataset.name]: value }, true));
  }

  changed(field) {
    const { name, tries } = field.dataset;
    if (tries !== undefined) return this.change({ ...this.start, ...this.tries[field.value] });
    if (!name) return;
    if (field.type === "range") return this.released();
    this.attempt(field, () =>
      this.change({ [name]: this.fields[name].read(field.type === "checkbox" ? field.checked : field.value) }));
  }

  clicked(event) {
    const does = event.target.closest("button")?.dataset.does;
    if (does === "undo") this.undo();
    else if (does === "restart") this.change(this.start);
    else if (does) this.does(does);
  }

  pressed(event) {
    const { target, key } = event;
    if (this.undoes(event)) return;
    const what = target.dataset?.drag;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
    if (!what || !way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.change(this.nudged(what, way, this.settings));
  }

  // Things in a drawing that can be dragged have [data-drag].
  taken(event) {
    const handle = event.target.closest("[data-drag]");
    if (!handle || event.button) return;
    event.preventDefault();
    handle.focus();
    this.setPointerCapture(event.pointerId);
    this.dragging = { what: handle.dataset.drag, svg: handle.ownerSVGElement };
  }

  pulled(event) {
    if (!this.dragging) return;
    const { what, svg } = this.dragging;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    this.change(this.dragged(what, [x, y], this.settings), true);
  }

  released() {
    this.dragging = null;
    if (!this.held) return;
    this.held = false;
    this.announce();
  }

  // Drawing

  draw() {
    const { settings } = this;
    const numbers = (this.numbers = this.compute(settings));
    const parts = this.parts(settings, numbers);
    for (const [part, html] of Object.entries(parts))
      if (html !== this.drawn?.[part]) put(this.part(`[data-part="${part}"]`), html);
    this.drawn = parts;
    const hidden = this.hides?.(settings) ?? [];
    for (const field of this.querySelectorAll("[data-name]")) {
      this.show(field, settings[field.dataset.name]);
      field.closest(".explorer__field").hidden = hidden.includes(field.dataset.name);
    }
    if (this.tries) this.part("[data-tries]").value = this.tried();
    this.part("[data-does=undo]").disabled = !this.past.length;
  }

  // The name of what is shown, however many steps it has gone.
  tried() {
    const { settings, start, tries } = this;
    const known = (name) => Object.entries({ ...start, ...tries[name] })
      .every(([key, value]) => key === "steps" || settings[key] === value);
    return Object.keys(tries).find(known) ?? "";
  }

  show(field, value) {
    const { log } = this.fields[field.dataset.name];
    if (field.type === "checkbox") field.checked = value;
    else if (field.type === "range") {
      field.value = log ? Math.log10(value) : value;
      field.setAttribute("aria-valuetext", written(value));
    } else if (!field.hasAttribute("aria-invalid")) field.value = value;
  }

  moves() {
    return this.held;
  }

  told() {
    return this.spoken(this.settings, this.numbers);
  }
}
