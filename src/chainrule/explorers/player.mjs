// <cr-player>: one network, four views of it that move together.
//
// The page holds the drawing and the table already; this element puts the same drawing in their
// place and makes it answer. All it draws is a function of `settings` and `view`.

import { ACTIVATIONS, LOSSES, REDUCTIONS, SLIPS, findings, slipApplies, trace } from "./engine.mjs";
import { Element } from "./element.mjs";
import { Names, explain } from "./formulas.mjs";
import { DERIVED, PRESETS } from "./generated.mjs";
import { put, putParts } from "./morph.mjs";
import { Mistake, escaped, numberIn, range, written } from "./numbers.mjs";
import { piece, shown } from "./pieces.mjs";
import { GRAINS, PHASES, keyOf, sizesOf, words } from "./steps.mjs";
import { LIMITS, checked, fromAddress, reshaped, settingsOf, toAddress } from "./state.mjs";
import { MOST_ROWS, code, curve, described, diagram, formula, isWrong, rowsOf, sceneOf, sketch, table } from "./view.mjs";

const SPEEDS = { slow: 2400, steady: 1200, quick: 350 };
const PHASE_NAMES = { forward: "Forward", loss: "Loss", backward: "Backward", update: "Update", again: "Loss again" };
const NARROW = 560; // pixels, below which the network runs from top to bottom
const TABLE_FOLLOWS = 120; // milliseconds: so many formulas would hold up the drawing
const A_BIT = 4; // milliseconds, of work on the table at a time
const SEARCHED = 20; // updates; a slip that has not shown by then hardly will
const START = { update: 0, position: 0, grain: "neuron", example: 0, slip: "" };

const options = (entries, chosen) => entries.map(([value, text]) =>
  `<option value="${escaped(value)}"${value === chosen ? " selected" : ""}>${escaped(text)}</option>`).join("");
const button = (does, text, label = "") =>
  `<button type="button" data-does="${does}"${label && ` aria-label="${label}" title="${label}"`}>${text}</button>`;

// Fields for a network of this shape, still empty; each has the path or the name of what it sets.
function fields({ layers, x, target }) {
  const sizes = sizesOf(layers), names = new Names(sizes), depth = layers.length;
  const input = (path) => `<input type="text" inputmode="decimal" autocomplete="off" ${path}>`;
  const cell = (path, symbol) => `<td><label>${symbol} ${input(`data-path="${path}"`)}</label></td>`;
  const unseen = ({ text }) => `<span class="unseen">${escaped(text)}</span>`;
  const field = (inner) => `<label class="player__field">${inner}</label>`;
  const choice = (name, entries, label = "") => `<select name="${name}"${label && ` aria-label="${label}"`}>${options(entries)}</select>`;
  const units = (k, label) => choice(`units.${k}`, range(LIMITS.units).map((n) => [n + 1, n + 1]), label);
  const check = (name) => `<input type="checkbox" name="${name}">`;
  const called = (known) => Object.keys(known).map((name) => [name, words(name)]);
  const rows = (list) => list.map((cells) => `<tr>${cells.join("")}</tr>`).join("");

  const inputs = range(sizes[0]).map((i) => names.symbol("a", 0, i));
  const targets = range(sizes[depth]).map((j) => names.symbol("t", depth, j));
  const data = rows(x.map((row, e) => [
    ...row.map((_, i) => cell(`x.${e}.${i}`, unseen(inputs[i]))),
    ...target[e].map((_, j) => cell(`t.${e}.${j}`, unseen(targets[j])))]));
  const weights = layers.map(({ W, b }, n) => {
    const k = n + 1;
    const cells = rows(W.map((row, j) => [
      ...row.map((_, i) => cell(`W.${n}.${j}.${i}`, shown(names.symbol("w", k, j, i)))),
      b ? cell(`b.${n}.${j}`, shown(names.symbol("b", k, j))) : ""]));
    return `<fieldset><legend>Layer ${k}</legend><div class="player__bar">
${field(`neurons ${units(k, `Neurons of layer ${k}`)}`)}
${field(`activation ${choice(`activation.${n}`, called(ACTIVATIONS))}`)}
${field(`${check(`bias.${n}`)} bias`)}</div>
<div class="player__scrolls"><table><caption class="unseen">Weights of layer ${k}</caption><tbody>${cells}</tbody></table></div></fieldset>`;
  });
  return `
<div class="player__bar">
  ${field(`learning rate ${shown(piece("η"))} ${input('name="learning_rate"')}`)}
  ${field(`updates ${input('name="steps"')}`)}
  ${field(`loss ${choice("loss", called(LOSSES))}`)}
  ${field(`over the batch ${choice("reduction", called(REDUCTIONS))}`)}
  ${field(`${check("update_biases")} update the biases`)}
</div>
<fieldset><legend>Data</legend><div class="player__bar">${field(`inputs ${units(0, "Number of inputs")}`)}${
  button("add example", "Add an example")}${x.length > 1 ? button("drop example", "Drop the last") : ""}</div>
<div class="player__scrolls"><table><caption>Examples</caption><thead><tr>${
  [...inputs, ...targets].map((s) => `<th scope="col">${shown(s)}</th>`).join("")}</tr></thead><tbody>${data}</tbody></table></div></fieldset>
${weights.join("")}
<div class="player__bar">${button("add layer", "Add a layer")}${depth > 1 ? button("drop layer", "Drop a layer") : ""}</div>`;
}

// What stands at a path, W.0.1.2 or activation.0, or under the name of a setting.
function settingAt(path, settings) {
  const [kind, n, j, i] = path.split(".");
  const { layers, x, target } = settings;
  switch (kind) {
    case "W": return layers[n].W[j][i];
    case "b": return layers[n].b[j];
    case "x": return x[n][j];
    case "t": return target[n][j];
    case "units": return sizesOf(layers)[n];
    case "activation": return layers[n].activation;
    case "bias": return Boolean(layers[n].b);
    default: return settings[kind];
  }
}

class Player extends Element {
  wake() {
    this.past = [];
    this.traces = new Map();
    this.hears = document.querySelector("cr-player") === this && !this.hasAttribute("embedded");
    this.first = this.getAttribute("preset") || "demo";
    this.load(this.first);
    this.build();
    this.fromLocation();
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("change", (event) => this.changed(event));
    this.addEventListener("input", (event) => this.dragged(event));
    this.addEventListener("keydown", (event) => this.pressed(event));
    this.addEventListener("submit", (event) => this.submitted(event));
    this.watching = new ResizeObserver(() => this.resized());
    this.watching.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.pause();
  }

  // State ------------------------------------------------------------------------------------

  load(preset) {
    const { spec, slip } = PRESETS[preset];
    this.settings = settingsOf(spec);
    this.view = { ...START, slip };
    this.preset = preset;
  }

  fromLocation() {
    super.fromLocation();
    this.rebuildFields();
    this.draw();
  }

  read(hash) {
    return fromAddress(hash, PRESETS);
  }

  restart() {
    this.load(this.first);
  }

  address() {
    const untouched = this.preset === this.first &&
      JSON.stringify(this.view) === JSON.stringify({ ...START, slip: PRESETS[this.preset].slip });
    return untouched ? "" : toAddress(this.settings, this.view, this.preset, PRESETS);
  }

  // Take over settings that have been checked, if the first pass can be computed with them.
  adopt({ settings, view, preset }) {
    const { steps, stopped } = trace(settings);
    if (!steps.length) throw new Mistake("numbers", overflowSentence(stopped));
    this.settings = settings;
    this.view = { ...this.view, ...view };
    if (!slipApplies(this.view.slip, settings)) this.view.slip = "";
    this.preset = preset;
    this.say("");
  }

  // A change of the reader's that can be undone. Raises Mistake, and then nothing has changed.
  change(settings, view = {}) {
    const before = { settings: this.settings, view: this.view, preset: this.preset };
    this.adopt({ settings: checked(settings), view, preset: "" });
    this.past.push(before);
    this.rebuildFields();
    this.draw();
  }

  choose(preset) {
    if (!preset) return this.rebuildFields(); // "Your own" says what is shown; it leads nowhere
    this.past.push({ settings: this.settings, view: this.view, preset: this.preset });
    this.load(preset);
    this.say("");
    this.rebuildFields();
    this.draw();
  }

  undo() {
    const before = this.past.pop();
    if (!before) return;
    Object.assign(this, before);
    this.say("");
    this.rebuildFields();
    this.draw();
  }

  traceWith(slip) {
    if (this.traced !== this.settings) this.traces.clear();
    this.traced = this.settings;
    if (!this.traces.has(slip)) this.traces.set(slip, trace(this.settings, { slip, derived: DERIVED }));
    return this.traces.get(slip);
  }

  sceneAt(view = this.view) {
    const found = this.traceWith(view.slip);
    const update = Math.min(view.update, found.steps.length - 1);
    const example = Math.min(view.example, this.settings.x.length - 1);
    const right = view.slip ? this.traceWith("") : null;
    return sceneOf(found, { ...view, update, example, right: right?.steps[update] ? right : null });
  }

  // Moving -----------------------------------------------------------------------------------

  go(view) {
    this.view = { ...this.view, ...view };
    this.draw();
  }

  step(by) {
    const { position, steps, update } = this.scene;
    const updates = this.traceWith(this.view.slip).steps.length;
    const next = position + by;
    if (next >= 0 && next < steps.length) this.go({ position: next });
    else if (next < 0 && update > 0) this.go({ update: update - 1, position: 1e6 });
    else if (next >= steps.length && update + 1 < updates) this.go({ update: update + 1, position: 0 });
    else this.pause();
  }

  play() {
    if (this.timer) return this.pause();
    const { position, steps, update } = this.scene;
    const last = this.traceWith(this.view.slip).steps.length - 1;
    if (position === steps.length - 1 && update === last) this.go({ update: 0, position: 0 });
    this.timer = setInterval(() => this.step(1), SPEEDS[this.part("[name=speed]").value]);
    this.tellPlaying();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    if (this.built) this.tellPlaying();
  }

  tellPlaying() {
    const playing = Boolean(this.timer);
    const control = this.part("[data-does=play]");
    control.textContent = playing ? "Pause" : "Play";
    control.setAttribute("aria-pressed", playing);
  }

  toPhase(phase) {
    this.pause();
    this.go({ position: this.scene.steps.findIndex((s) => s.phase === phase) });
  }

  // The first number that the slip makes wrong, in this or a later update.
  toFirstWrong() {
    this.pause();
    const updates = Math.min(this.traceWith(this.view.slip).steps.length, SEARCHED);
    for (let update = 0; update < updates; update++) {
      const scene = this.sceneAt({ ...this.view, update, position: 1e6 });
      const position = scene.steps.findIndex((s) => s.atoms.some((atom) => isWrong(atom, scene)));
      if (position >= 0) return this.go({ update, position });
    }
    this.say("With this network and these numbers the slip makes no difference.");
  }

  // What the reader does ----------------------------------------------------------------------

  clicked(event) {
    const { does, phase } = event.target.closest("button")?.dataset ?? {};
    const place = event.target.closest("[data-edit]")?.dataset.edit;
    if (phase) return this.toPhase(phase);
    if (place) return this.editHere(place);
    const last = () => this.go({ update: this.traceWith(this.view.slip).steps.length - 1, position: 1e6 });
    const doing = {
      first: () => this.go({ update: 0, position: 0 }), back: () => this.step(-1), on: () => this.step(1),
      last, play: () => this.play(), undo: () => this.undo(), wrong: () => this.toFirstWrong(),
      "add layer": () => this.addLayer(1), "drop layer": () => this.addLayer(-1),
      "add example": () => this.addExample(1), "drop example": () => this.addExample(-1),
      link: () => this.copyLink(), close: () => this.closeEditor(),
    }[does];
    if (does && does !== "play") this.pause();
    if (doing) doing();
    else if (does) this.takeAway(does);
  }

  changed({ target }) {
    const { name, value, dataset } = target;
    if (dataset.path) return this.attempt(target, () => this.setNumber(dataset.path, value));
    if (target.type === "range") {
      this.dragging = false;
      return this.announce();
    }
    const selects = {
      preset: () => this.choose(value),
      grain: () => this.regrain(value),
      example: () => this.go({ example: Number(value) }),
      slip: () => this.go({ slip: value }),
      speed: () => { if (this.timer) { this.pause(); this.play(); } },
    }[name];
    if (selects) return selects();
    const settings = this.settings;
    const [kind, k] = name.split(".");
    const edits = {
      loss: () => this.change(this.withLoss(value)),
      reduction: () => this.change({ ...settings, reduction: value }),
      learning_rate: () => this.change({ ...settings, learning_rate: numberIn(value, name) }),
      steps: () => this.change({ ...settings, steps: numberIn(value, name) }),
      update_biases: () => this.change({ ...settings, update_biases: target.checked }),
      activation: () => this.change({ ...settings, layers: settings.layers.map((layer, n) =>
        n === Number(k) ? { ...layer, activation: value } : layer) }),
      bias: () => this.change({ ...settings, layers: settings.layers.map((layer, n) =>
        n === Number(k) ? { ...layer, b: target.checked ? layer.W.map(() => 0) : null } : layer) }),
      units: () => this.change(reshaped(settings,
        sizesOf(settings.layers).map((size, n) => (n === Number(k) ? Number(value) : size)))),
    }[kind];
    if (edits) this.attempt(target, edits);
  }

  dragged({ target }) {
    if (target.type !== "range") return;
    this.pause();
    this.dragging = true;
    if (target.name === "position") this.go({ position: Number(target.value) });
    if (target.name === "update") this.go({ update: Number(target.value), position: 1e6 });
  }

  pressed(event) {
    const { target, key } = event;
    if (this.undoes(event)) return;
    if (key === "Escape" && target.closest(".player__editor")) return this.closeEditor();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest("input, select, textarea, summary, a, pre")) return;
    const onStage = target.closest(".player__stage");
    const doing = {
      ArrowRight: () => this.step(1), ArrowLeft: () => this.step(-1),
      Home: () => this.go({ update: 0, position: 0 }), End: () => this.go({ position: 1e6 }),
      ...(onStage && { " ": () => this.play(),
        1: () => this.regrain("path"), 2: () => this.regrain("neuron"), 3: () => this.regrain("layer") }),
    }[key];
    if (!doing) return;
    event.preventDefault();
    if (key !== " ") this.pause();
    doing();
  }

  // Another size of step, at the same place in the work.
  regrain(grain) {
    const at = keyOf(this.scene.now.atoms[0]);
    const scene = this.sceneAt({ ...this.view, grain, position: 1e6 });
    const same = scene.steps.find((s) => s.atoms.some((atom) => keyOf(atom) === at)) ??
      scene.steps.find((s) => s.phase === this.scene.now.phase);
    this.go({ grain, position: scene.steps.findIndex((s) => s.title === same.title) });
    this.part("[name=grain]").value = grain;
  }

  attempt(field, edit) {
    this.pause();
    super.attempt(field, edit);
    if (field?.matches("select, [type=checkbox]")) this.fill(field);
  }

  setNumber(path, text) {
    const [kind, n, j, i] = path.split(".").map((part, place) => (place ? Number(part) : part));
    const value = numberIn(text, path);
    const { layers, x, target } = this.settings;
    const inRow = (rows) => rows.map((row, e) => (e === n ? row.map((v, c) => (c === j ? value : v)) : row));
    const inLayer = (edit) => layers.map((layer, k) => (k === n ? { ...layer, ...edit(layer) } : layer));
    this.change({
      ...this.settings,
      ...(kind === "x" && { x: inRow(x) }),
      ...(kind === "t" && { target: inRow(target) }),
      ...(kind === "W" && { layers: inLayer(({ W }) => ({
        W: W.map((row, r) => (r === j ? row.map((w, c) => (c === i ? value : w)) : row)) })) }),
      ...(kind === "b" && { layers: inLayer(({ b }) => ({ b: b.map((v, r) => (r === j ? value : v)) })) }),
    });
  }

  withLoss(loss) {
    const { layers, target } = this.settings;
    if (!LOSSES[loss].probabilities) return { ...this.settings, loss };
    // Logits come straight from the sum, and the targets have to be probabilities.
    const squashed = target.map((row) => row.map((t) => Math.min(1, Math.max(0, t))));
    const one = squashed.map((row) => row.map((t, j) =>
      loss !== "softmax_cross_entropy" ? t : Number(j === row.indexOf(Math.max(...row)))));
    const last = { ...layers.at(-1), activation: "identity" };
    return { ...this.settings, loss, target: one, layers: [...layers.slice(0, -1), last] };
  }

  addLayer(by) {
    const sizes = sizesOf(this.settings.layers);
    const next = by > 0 ? [...sizes.slice(0, -1), 2, sizes.at(-1)] : [...sizes.slice(0, -2), sizes.at(-1)];
    this.attempt(null, () => {
      const { layers } = this.settings;
      const kept = by > 0 ? [...layers.slice(0, -1), { W: [], b: [], activation: layers[0].activation }, layers.at(-1)]
        : [...layers.slice(0, -2), layers.at(-1)];
      this.change(reshaped({ ...this.settings, layers: kept }, next));
    });
  }

  addExample(by) {
    this.attempt(null, () => {
      const { x, target } = this.settings;
      this.change(by > 0 ? { ...this.settings, x: [...x, x.at(-1)], target: [...target, target.at(-1)] }
        : { ...this.settings, x: x.slice(0, -1), target: target.slice(0, -1) });
    });
  }

  // One number, changed where it is drawn.
  editHere(place) {
    const form = this.part(".player__editor");
    const [kind, n, j, i] = place.split(".").map((part, at) => (at ? Number(part) : part));
    const { names } = this.scene;
    const symbol = { W: () => names.symbol("w", n + 1, j, i), b: () => names.symbol("b", n + 1, j),
      x: () => names.symbol("a", 0, j), t: () => names.symbol("t", names.depth, j) }[kind]();
    form.hidden = false;
    form.innerHTML = `<label>${shown(symbol)} <input type="text" inputmode="decimal" autocomplete="off" data-here="${place}" value="${settingAt(place, this.settings)}"></label>` +
      `<button type="submit">Set</button>${button("close", "Leave it")}`;
    form.querySelector("input").select();
    this.came = document.activeElement;
    form.querySelector("input").focus();
  }

  submitted(event) {
    event.preventDefault();
    const field = this.part(".player__editor").querySelector("input");
    this.attempt(field, () => {
      this.setNumber(field.dataset.here, field.value);
      this.closeEditor();
    });
    if (field.hasAttribute("aria-invalid")) field.focus();
  }

  closeEditor() {
    this.part(".player__editor").hidden = true;
    this.part(".player__stage").focus();
  }

  async copyLink() {
    const address = new URL(toAddress(this.settings, this.view, this.preset, PRESETS), location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      this.say("The link is copied.");
    } catch {
      this.say("The browser does not let a page copy. The link is in the address bar.");
    }
  }

  async takeAway(what) {
    try {
      const files = await import("./files.mjs");
      await files.save(what, { settings: this.settings, svg: this.part(".player__diagram").firstElementChild, page: this });
    } catch {
      this.say("The file could not be made.");
    }
  }

  // Drawing ----------------------------------------------------------------------------------

  build() {
    const presets = Object.entries(PRESETS).map(([name, { title }]) => [name, title]);
    const slips = [["", "none"], ...Object.keys(SLIPS).map((name) => [name, words(name)])];
    this.innerHTML = `
<div class="player__bar">
  <label class="player__grow">Network <select name="preset"><option value="" hidden>Your own</option>${options(presets, this.preset)}</select></label>
  ${button("undo", "Undo")}
</div>
<p class="player__watch"></p>
<div class="player__bar player__controls" role="group" aria-label="Steps">
  ${button("first", "Start")}${button("back", "Back")}${button("play", "Play")}${button("on", "Step")}${button("last", "End")}
  <label>a step is <select name="grain">${options(Object.entries(GRAINS), this.view.grain)}</select></label>
  <label>speed <select name="speed">${options(Object.keys(SPEEDS).map((s) => [s, s]), "steady")}</select></label>
</div>
<div class="player__time">
  <div class="player__phases" role="group" aria-label="Phases"></div>
  <label><span class="unseen">Step</span><input type="range" name="position" min="0"></label>
  <div class="player__updates" hidden><label><span class="player__count"></span> <input type="range" name="update" min="0"></label><div class="player__course"></div></div>
</div>
<p class="explorer__said" role="status"></p>
<div class="player__stage" tabindex="0" role="group" aria-label="The network. Arrow keys step, Space plays, 1 to 3 choose the size of a step.">
  <div class="player__left">
    <label class="player__which" hidden>Example <select name="example"></select></label>
    <div class="player__diagram"></div>
    <form class="player__editor" hidden></form>
    <div class="player__code"></div>
  </div>
  <div class="player__right-hand">
    <p class="player__title"><span class="player__place"></span> </p>
    <div class="player__formula"></div>
    <ul class="player__notes"></ul>
  </div>
</div>
<p class="unseen explorer__voice" aria-live="polite"></p>
<details class="player__fold player__change"><summary>Change the network</summary><div class="player__fields"></div></details>
<details class="player__fold"><summary>Spot the slip</summary>
  <p>Switch on a mistake that people make, and watch where the numbers first go wrong.</p>
  <div class="player__bar"><label>Mistake <select name="slip">${options(slips, this.view.slip)}</select></label>${button("wrong", "To the first wrong number")}</div>
</details>
<details class="player__fold player__all"><summary>Every number of this update</summary><div class="player__scroll" tabindex="0" role="group" aria-label="Every number of this update"></div></details>
<details class="player__fold"><summary>Take it with you</summary>
  <p>The link leads back to this network at this step. The program runs with <code>chainrule</code> alone and prints these numbers; the JSON is for <code>python -m chainrule trace</code>.</p>
  <div class="player__bar">${button("link", "Copy the link")}${button("python", "Python program")}${button("json", "JSON")}${button("svg", "Picture (SVG)")}${button("png", "Picture (PNG)")}</div>
</details>`;
    this.built = true;
    this.part(".player__all").addEventListener("toggle", () => this.drawTable());
    this.part(".player__change").addEventListener("toggle", () => this.rebuildFields());
  }

  resized() {
    const narrow = this.clientWidth < NARROW;
    if (narrow === this.narrow) return;
    this.narrow = narrow;
    this.draw();
  }

  draw() {
    const scene = (this.scene = this.sceneAt());
    const { now, position, steps, update } = scene;
    this.view = { ...this.view, update, position, example: scene.example };
    this.narrow ??= this.clientWidth < NARROW;
    this.drawDiagram(scene);
    const [place, title] = this.part(".player__title").childNodes;
    place.textContent = `${position + 1}/${steps.length}`;
    title.nodeValue = ` ${now.title}`;
    putParts(this.part(".player__formula"), formula(scene));
    const listings = code(scene);
    if (listings !== this.listed) put(this.part(".player__code"), (this.listed = listings));
    this.drawTime(scene);
    putParts(this.part(".player__notes"), new Map(this.notes(scene).map((note) => [note, `<li>${escaped(note)}</li>`])));
    this.part("[data-does=undo]").disabled = !this.past.length;
    this.part("[name=slip]").value = this.view.slip;
    clearTimeout(this.tabling);
    this.tabling = setTimeout(() => this.drawTable(), TABLE_FOLLOWS);
    this.announce();
    this.tellAddress();
  }

  // A network of another shape is drawn anew; of the same one, only what has changed.
  drawDiagram(scene) {
    const box = this.part(".player__diagram");
    const shape = [scene.names.sizes, this.narrow].join();
    if (shape !== this.drawnShape) box.innerHTML = diagram(scene, this.narrow);
    const [svg] = box.children, { groups } = sketch(scene, this.narrow);
    svg.setAttribute("aria-label", described(scene));
    groups.forEach((parts, n) => putParts(svg.firstElementChild.children[n], parts));
    this.drawnShape = shape;
  }

  drawTime({ now, position, steps, update }) {
    const phases = PHASES.filter((phase) => steps.some((s) => s.phase === phase));
    const share = (phase) => steps.filter((s) => s.phase === phase).length;
    const bar = this.part(".player__phases");
    const shape = phases.map((phase) => `${phase}${share(phase)}`).join();
    if (bar.dataset.shape !== shape) {
      bar.dataset.shape = shape;
      bar.innerHTML = phases.map((phase) =>
        `<button type="button" data-phase="${phase}">${PHASE_NAMES[phase]}</button>`).join("");
    }
    for (const tab of bar.children) {
      const order = phases.indexOf(tab.dataset.phase) - phases.indexOf(now.phase);
      tab.dataset.when = order < 0 ? "past" : order > 0 ? "ahead" : "now";
      if (order === 0) tab.setAttribute("aria-current", "step");
      else tab.removeAttribute("aria-current");
    }
    const slider = this.part("[name=position]");
    slider.max = steps.length - 1;
    slider.value = position;
    slider.setAttribute("aria-valuetext", `${position + 1} of ${steps.length}: ${now.title}`);
    const found = this.traceWith(this.view.slip);
    const updates = this.part(".player__updates");
    updates.hidden = this.settings.steps < 2;
    if (updates.hidden) return;
    this.part(".player__count").textContent = `Update ${update + 1} of ${this.settings.steps}`;
    const long = this.part("[name=update]");
    long.max = found.steps.length - 1;
    long.value = update;
    if (this.curved !== found || this.curvedAt !== update) this.part(".player__course").innerHTML = curve(found, update);
    [this.curved, this.curvedAt] = [found, update];
  }

  // What is worth a word, as soon as the reader can see it.
  notes({ step, known, names, update, position, steps, now }) {
    const seen = ({ layer, unit }) => known.has(keyOf({ kind: "slope", k: layer + 1, j: unit }));
    const done = now.phase === "update" || now.phase === "again";
    const notes = findings(step).flatMap((found) => {
      const who = found.unit === undefined ? "" : names.neuron(found.layer + 1, found.unit);
      const Who = who && who[0].toUpperCase() + who.slice(1);
      const all = this.settings.x.length > 1 ? " for every example" : "";
      if (found.state === "dead" && seen(found)) return `${Who} is dead${all}: its slope is 0, and no gradient passes.`;
      if (found.state === "saturated" && seen(found)) return `${Who} is saturated${all}: its slope is only ${written(found.slope, 2)}.`;
      if (found.state === "vanished" && done) return `The gradient has vanished: in layer 1 it is ${written(found.share, 2)} of that in the last layer.`;
      if (found.state === "no gradient" && done) return "No weight has a gradient. The update changes nothing.";
      return [];
    });
    const { stopped, steps: done_steps } = this.traceWith(this.view.slip);
    if (stopped && update === done_steps.length - 1 && position === steps.length - 1) notes.push(overflowSentence(stopped));
    return notes;
  }

  // The rows are made when the table is opened, and filled a few at a time.
  drawTable() {
    if (!this.part(".player__all").open) return;
    const box = this.part(".player__scroll"), { scene } = this;
    const rows = rowsOf(scene).flatMap(([, atoms]) => atoms.slice(0, MOST_ROWS));
    const shape = rows.map(keyOf).join();
    if (shape !== this.tabled?.shape) {
      box.innerHTML = table(scene, () => "");
      this.rows = new Map([...box.querySelectorAll("[data-key]")].map((row) => [row.dataset.key, row]));
    }
    const drawn = { shape, step: scene.step, after: scene.after, example: scene.example };
    if (!this.tabled || Object.keys(drawn).some((part) => drawn[part] !== this.tabled[part])) this.fillTable(rows, scene);
    this.tabled = drawn;
    for (const row of box.querySelectorAll(".now")) row.classList.remove("now");
    for (const atom of scene.now.atoms) this.rows.get(keyOf(atom))?.classList.add("now");
    const row = this.rows.get(keyOf(scene.now.atoms[0]));
    if (row) box.scrollTop = row.offsetTop - box.clientHeight / 2;
  }

  fillTable(rows, scene) {
    clearTimeout(this.filling);
    const end = performance.now() + A_BIT;
    let n = 0;
    for (; n < rows.length && performance.now() < end; n++) {
      const [cell] = this.rows.get(keyOf(rows[n])).cells;
      cell.innerHTML = shown(explain(rows[n], scene));
    }
    if (n < rows.length) this.filling = setTimeout(() => this.fillTable(rows.slice(n), scene));
  }

  // The controls say what is set. Fields for a network of this shape are made once, then filled.
  rebuildFields() {
    const { settings: { layers, x, update_biases }, preset, view } = this;
    this.part(".player__editor").hidden = true; // what it was about may be gone
    this.part("[name=preset]").value = preset;
    this.part(".player__watch").textContent = preset ? PRESETS[preset].watch : "";
    this.part("[name=grain]").value = view.grain;
    this.part(".player__which").hidden = x.length < 2;
    put(this.part("[name=example]"), options(x.map((row, e) =>
      [String(e), `${e + 1} of ${x.length}: (${row.map((v) => written(v, 3)).join(", ")})`]),
    String(Math.min(view.example, x.length - 1))));
    if (!this.part(".player__change").open) return;
    const box = this.part(".player__fields");
    const shape = [sizesOf(layers), x.length, layers.map(({ b }) => Boolean(b))].join();
    if (shape !== this.shape) box.innerHTML = fields(this.settings);
    this.shape = shape;
    for (const field of box.querySelectorAll("input, select")) {
      if (field.hasAttribute("aria-invalid")) this.complainAt(field, "");
      this.fill(field);
    }
  }

  fill(field) {
    const value = settingAt(field.dataset.path ?? field.name, this.settings);
    if (field.type === "checkbox") field.checked = value;
    else if (field.value !== String(value)) field.value = value;
  }

  // Words --------------------------------------------------------------------------------------

  moves() {
    return this.timer || this.dragging;
  }

  told() {
    const { scene } = this, { title, atoms } = scene.now;
    return `${title}. ${atoms.slice(0, 3).map((atom) => explain(atom, scene).text).join(". ")}`;
  }
}

function overflowSentence({ step, layer, name }) {
  const what = { z: "a pre-activation", a: "an activation", loss: "the loss", delta: "an error", dW: "a gradient", db: "a gradient", W: "a weight" }[name];
  const where = layer === null ? "" : ` in layer ${layer + 1}`;
  return `In update ${step} ${what}${where} is too large for any number: it overflows, and the trace ends there.`;
}

customElements.define("cr-player", Player);
