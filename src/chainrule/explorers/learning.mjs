// <cr-learning>: a small network learning to tell points apart.

import { chart, decades, few } from "./chart.mjs";
import { at, dot, drawing } from "./drawing.mjs";
import { LOSSES, REDUCTIONS, backward, forward, lossOf, sum, updated } from "./engine.mjs";
import { Explorer, amount, button, choice, field, select, slider, toTry } from "./explorer.mjs";
import { Mistake, between, generator, range, written } from "./numbers.mjs";

export const START = { data: "moons", points: 1, hidden: "6", activation: "tanh", rate: 4, seed: 1, steps: 0 };
export const STILLS = [0, 30, 300, 1500]; // steps at which a page without scripts shows the network

// The numbers --------------------------------------------------------------------------------

// A number around 0, at most 0.9 away: the mean of three is more often near the middle.
const bell = (draw) => 0.6 * (draw() + draw() + draw() - 1.5);

// Points of two kinds, [x1, x2, kind]. What is drawn is drawn in this order.
const MADE = {
  clouds: (draw) => range(20).flatMap(() =>
    [-1, 1].map((side) => [side * 0.6 + bell(draw), side * 0.4 + bell(draw), side > 0 ? 1 : 0])),
  ring: (draw) => {
    const angles = range(30).map((k) => (2 * Math.PI * (k + 0.6 * draw())) / 30);
    const around = angles.map((angle) => {
      const r = 1.1 + 0.3 * draw();
      return [r * Math.cos(angle), r * Math.sin(angle), 0];
    });
    return [...range(20).map(() => [bell(draw), bell(draw), 1]), ...around];
  },
  moons: (draw) => range(20).flatMap((k) => {
    const angle = (Math.PI * (k + 0.5)) / 20;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return [[c - 0.5 + bell(draw) / 4, s - 0.25 + bell(draw) / 4, 1],
      [0.5 - c + bell(draw) / 4, 0.25 - s + bell(draw) / 4, 0]];
  }),
  xor: () => [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]],
};

// Rounded, so that every machine has the same.
export function pointsOf(name, seed) {
  const made = MADE[name](generator(seed));
  const rounded = (v) => Math.floor(100 * v + 0.5) / 100;
  return { x: made.map(([x1, x2]) => [rounded(x1), rounded(x2)]), target: made.map(([, , t]) => [t]) };
}

// Before training: weights as Xavier has them but uniform, biases zero. The output is a sigmoid.
export function startOf({ hidden, activation, seed }) {
  const draw = generator(seed);
  const sizes = [2, ...hidden.split("-").map(Number), 1];
  return sizes.slice(1).map((n_out, k) => {
    const reach = Math.sqrt(6 / (sizes[k] + n_out));
    const W = range(n_out).map(() => range(sizes[k]).map(() => reach * (2 * draw() - 1)));
    return { W, b: Array(n_out).fill(0), activation: k < sizes.length - 2 ? activation : "sigmoid" };
  });
}

// A training: the network as it is now, and the record of every step so far. A step uses all
// points; the loss is half the squared error, its mean over the points.
export function begun(settings) {
  const { x, target } = pointsOf(settings.data, settings.points);
  const run = { x, target, layers: startOf(settings), rate: settings.rate, losses: [], norms: [] };
  look(run);
  return run;
}

const LOSS = { loss: "half_squared_error", reduction: "mean" };

// What there is to see before a step: the outputs, the loss, and the length of each dL/dW.
function look(run) {
  const { layers, x, target } = run;
  const tape = forward(layers, x);
  run.y = tape.at(-1).a;
  const share = REDUCTIONS[LOSS.reduction](x.length);
  const dL_dy = run.y.map((row, e) =>
    LOSSES[LOSS.loss].df(row, target[e]).map((slope) => slope * share));
  run.gradients = backward(layers, tape, dL_dy);
  run.losses.push(lossOf({ ...LOSS, target }, run.y));
  run.norms.push(run.gradients.map(({ dW }) => Math.sqrt(sum(dW.flat().map((v) => v * v)))));
}

export function step(run) {
  run.layers = updated(run.layers, run.gradients, { learning_rate: run.rate, update_biases: true });
  look(run);
}

const done = ({ losses }) => losses.length - 1;

// What a page without scripts shows: the whole record, and the network at a few of its steps.
export function compute(settings) {
  const run = begun(settings);
  const stills = STILLS.map((last) => {
    while (done(run) < last) step(run);
    return { layers: run.layers.map(({ W, b }) => ({ W, b })), y: run.y };
  });
  return { losses: run.losses, norms: run.norms, stills };
}

// What is to be seen ---------------------------------------------------------------------------

const CELLS = 28, BANDS = 10; // of the shaded plane, along a side; of shades
const WINDOWS = { xor: [-0.4, 1.4] };
const windowOf = (data) => WINDOWS[data] ?? [-1.75, 1.75];

const rightOf = ({ y, target }) => y.filter(([value], e) => value > 0.5 === target[e][0] > 0.5).length;

// The output over the plane: more colour where it is nearer to 1, a line where it is ½; and the points,
// filled where the target is 1, with a ring where the output is on the wrong side.
function surface(data, { layers, x, target, y }, wide) {
  const [from, to] = windowOf(data), cell = wide / CELLS;
  const place = (v) => (v - from) * (wide / (to - from));
  const corners = grid((i, j) => [from + (i / CELLS) * (to - from), to - (j / CELLS) * (to - from)], CELLS + 1);
  const output = forward(layers, corners).at(-1).a.map(([value]) => value);
  const corner = (i, j) => output[j * (CELLS + 1) + i];
  const bands = Array.from({ length: BANDS }, () => "");
  for (let j = 0; j < CELLS; j++)
    for (let i = 0, start = 0; i < CELLS; i++) {
      const here = bandOf(corner, i, j);
      if (i + 1 < CELLS && bandOf(corner, i + 1, j) === here) continue;
      bands[here] += `M${at(start * cell)} ${at(j * cell)}H${at((i + 1) * cell)}v${at(cell)}H${at(start * cell)}z`;
      start = i + 1;
    }
  const shades = bands.map((path, n) =>
    `<path d="${path}" class="fill-activation" stroke="none" fill-opacity="${(0.6 * n) / (BANDS - 1)}"/>`);
  const dots = x.map(([x1, x2], e) => {
    const [cx, cy] = [place(x1), wide - place(x2)], kind = target[e][0] ? "fill-ink" : "fill-paper";
    const wrong = y[e][0] > 0.5 !== target[e][0] > 0.5;
    return dot(cx, cy, 4, `${kind} stroke-ink`, 'stroke-width="1.5"') +
      (wrong ? dot(cx, cy, 8, "stroke-weight", 'fill="none" stroke-width="2"') : "");
  });
  const label = `The output of the network over the plane of its two inputs. ${
    rightOf({ y, target })} of ${x.length} points are on the right side of the line where it is one half.`;
  return drawing([wide, wide], label,
    `<g shape-rendering="crispEdges">${shades.join("")}</g>` +
    `<path d="${halfway(corner, cell)}" fill="none" class="stroke-ink" stroke-width="1.5"/>${dots.join("")}` +
    `<path d="M0.5 0.5H${wide - 0.5}V${wide - 0.5}H0.5z" fill="none" class="stroke-hairline"/>`, { name: "plane" });
}

const grid = (make, n) => range(n).flatMap((j) => range(n).map((i) => make(i, j)));
const bandOf = (corner, i, j) => {
  const mean = (corner(i, j) + corner(i + 1, j) + corner(i, j + 1) + corner(i + 1, j + 1)) / 4;
  return Math.min(BANDS - 1, Math.floor(mean * BANDS));
};

// The line where the output is ½: in each cell, between the sides where it goes past.
function halfway(corner, cell) {
  let path = "";
  for (let j = 0; j < CELLS; j++)
    for (let i = 0; i < CELLS; i++) {
      const around = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
      const crossings = around.flatMap(([i1, j1], side) => {
        const [i2, j2] = around[(side + 1) % 4];
        const [one, other] = [corner(i1, j1) - 0.5, corner(i2, j2) - 0.5];
        if (one > 0 === other > 0) return [];
        const share = one / (one - other);
        return [`${at((i1 + share * (i2 - i1)) * cell)} ${at((j1 + share * (j2 - j1)) * cell)}`];
      });
      for (let n = 0; n < crossings.length; n += 2) path += `M${crossings[n]}L${crossings[n + 1]}`;
    }
  return path;
}

const SHOWN = 150; // steps that a curve goes through

// The steps of a record that are drawn, the first and the last among them.
function drawnSteps({ losses }) {
  const last = losses.length - 1, by = Math.max(1, last / SHOWN);
  return [...new Set(range(Math.floor(last / by) + 1).map((n) => Math.round(n * by))), ...(last ? [last] : [])];
}

function lossChart(run, wide, high) {
  const last = done(run), most = Math.max(...run.losses);
  return chart({
    wide, high, x: stepAxis(last, wide),
    y: { from: 0, to: most, title: "loss", ticks: [0, most / 2, most].map((v) => [v, written(v, 2)]) },
    curves: [{ role: "loss", points: drawnSteps(run).map((n) => [n, run.losses[n]]) }],
    label: `The loss over ${last} steps, from ${written(run.losses[0], 3)} to ${written(run.losses.at(-1), 3)}.`,
  });
}

function normChart(run, wide, high) {
  const steps = drawnSteps(run), layers = run.norms[0].map((_, k) => k);
  const seen = steps.flatMap((n) => run.norms[n]).filter((norm) => norm > 0);
  const now = layers.map((k) => `layer ${k + 1}: ${written(run.norms.at(-1)[k], 2)}`);
  return chart({
    wide, high, x: stepAxis(done(run), wide),
    y: { ...decades(Math.min(...seen, 1), Math.max(...seen, 1e-12), 4), title: "length of the gradient of each layer" },
    curves: layers.map((k) => ({
      role: "gradient", dash: k, text: `layer ${k + 1}`,
      points: steps.map((n) => [n, Math.log10(run.norms[n][k])]),
    })),
    label: `The length of the gradient in each layer, on a logarithmic axis. Now ${now.join(", ")}.`,
  });
}

const stepAxis = (last, wide) => {
  const to = Math.max(last, 10);
  return { from: 0, to, title: "step", ticks: few(0, to, wide / 60).map((n) => [n, n]) };
};

// Words ------------------------------------------------------------------------------------------

const WAITING = { steps: 500, share: 0.02, loss: 0.02 };
const UNDECIDED = 0.05; // from ½

function sentence(run) {
  const last = done(run), loss = run.losses.at(-1);
  return `Step ${last}. The loss is ${written(loss, 3)}. ${rightOf(run)} of ${run.x.length} points are on the right side.${waiting(run)}`;
}

// Training that has come to a halt, for good or for a while, with something left to learn.
function waiting({ losses, y }) {
  const then = losses.at(-1 - WAITING.steps), loss = losses.at(-1);
  if (then === undefined || loss < WAITING.loss || then - loss > WAITING.share * loss) return "";
  const undecided = y.filter(([value]) => Math.abs(value - 0.5) < UNDECIDED).length;
  const near = undecided ? ` ${undecided} of the outputs are near ½.` : "";
  return ` In the last ${WAITING.steps} steps the loss has hardly moved.${near}`;
}

const cells = (values) => values.map((value) => `<td>${value}</td>`).join("");
const heads = (names) => `<thead><tr>${names.map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead>`;

// What each point is, and what the network says of it.
function outputs({ x, target, y }) {
  const rows = x.map(([x1, x2], e) => `<tr>${cells([written(x1), written(x2), target[e][0], written(y[e][0], 3)])}</tr>`);
  const names = ["<i>x</i>₁", "<i>x</i>₂", "target <i>t</i>", "output <i>y</i>"];
  return `<table class="explorer__table">${heads(names)}<tbody>${rows.join("")}</tbody></table>`;
}

// A record at some of its steps.
function course({ losses, norms }, steps) {
  const rows = steps.map((n) =>
    `<tr><th scope="row">${n}</th>${cells([losses[n], ...norms[n]].map((v) => written(v, 3)))}</tr>`);
  const names = ["step", "loss", ...norms[0].map((_, k) => `length of ∂<i>L</i>/∂<i>W</i>, layer ${k + 1}`)];
  return `<table class="explorer__table">${heads(names)}<tbody>${rows.join("")}</tbody></table>`;
}

export function still(settings, { losses, norms, stills }) {
  const points = pointsOf(settings.data, settings.points), record = { losses, norms };
  const activations = startOf(settings).map(({ activation }) => activation);
  const planes = stills.map(({ layers, y }, n) => {
    const network = layers.map((layer, k) => ({ ...layer, activation: activations[k] }));
    return `<figure><figcaption>step ${STILLS[n]}</figcaption>${surface(settings.data, { layers: network, ...points, y }, 220)}</figure>`;
  });
  return (
    `<div class="learning__stills">${planes.join("")}</div><p>${LEGEND}</p>` +
    `<div class="learning__curves">${lossChart(record, 320, 180)}${normChart(record, 320, 180)}</div>` +
    `<div class="explorer__scrolls">${course(record, STILLS)}</div>`);
}

const LEGEND = "A filled point has target 1, an open one target 0. The stronger the colour of the plane, the nearer the output is to 1; on the line it is ½. A ring marks a point on the wrong side.";

// The element ------------------------------------------------------------------------------------

const MOST = { layers: 3, units: 8, steps: 20000 };
const FRAME = 5; // milliseconds of work before the next drawing
const SPEEDS = { slow: 1, steady: 5, quick: 100 }; // steps in a frame

// The starts from which a 2-2-1 network of sigmoids does not learn XOR within 2000 steps, of those
// numbered 1 to 100. The tests find them again with the reference.
export const STUCK = [3, 4, 9, 10, 26, 28, 31, 38, 60, 62, 66, 69, 73, 75, 80, 84, 91, 96, 99];
const XOR = { data: "xor", hidden: "2", activation: "sigmoid", rate: 8, seed: 1 };

const TRIES = {
  "Two moons": {},
  "A circle in a ring": { data: "ring", hidden: "4" },
  "A ring, two neurons": { data: "ring", hidden: "2" },
  "Three layers of sigmoids": { data: "ring", hidden: "6-6-6", activation: "sigmoid" },
  XOR,
  ...Object.fromEntries(STUCK.map((seed) => [`XOR, stuck from start ${seed}`, { ...XOR, seed }])),
};

const fields = {
  data: choice("data set", { clouds: "two clouds", ring: "a circle in a ring", moons: "two moons", xor: "XOR" }),
  points: amount("seed of the points", 0, 9999, { step: 1, whole: true }),
  hidden: { noun: "neurons of the hidden layers", read: readHidden },
  activation: choice("activation", { sigmoid: "sigmoid", tanh: "tanh", relu: "ReLU" }),
  rate: amount("learning rate", 0.01, 20, { log: true }),
  seed: amount("seed of the first weights", 0, 9999, { step: 1, whole: true }),
  steps: amount("step", 0, MOST.steps, { step: 1, whole: true }),
};

// One to three layers, each of one to eight neurons: 6, or 6-4-4.
function readHidden(text) {
  const sizes = text.trim().split(/[\s,;x×–-]+/);
  if (!sizes.every((size) => /^\d+$/.test(size)))
    throw new Mistake("hidden", "Write the neurons of each hidden layer, like 6 or 6-4.");
  between(sizes.length, 1, MOST.layers, "hidden", "The number of hidden layers");
  for (const size of sizes) between(Number(size), 1, MOST.units, "hidden", "The neurons of a hidden layer");
  return sizes.map(Number).join("-");
}

class Learning extends Explorer {
  name = "learning";
  fields = fields;
  start = START;
  tries = TRIES;

  wake() {
    super.wake();
    this.part("details").addEventListener("toggle", () => this.draw());
    new ResizeObserver(() => this.wide !== this.clientWidth && this.draw()).observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.pause();
  }

  // The training up to the step of the settings, or as far as one frame allows.
  compute(settings) {
    const { steps, ...others } = settings, key = JSON.stringify(others);
    if (key !== this.key || done(this.run) > steps) this.run = begun(settings);
    this.key = key;
    const until = performance.now() + FRAME;
    while (done(this.run) < steps && performance.now() < until) step(this.run);
    return this.run;
  }

  parts(settings, run) {
    const { side, curve } = this.widths();
    this.wide = this.clientWidth;
    const tables = this.part("details").open;
    const last = done(run);
    return {
      plane: surface(settings.data, run, side),
      loss: lossChart(run, curve, 150),
      norms: normChart(run, curve, 190),
      sentence: sentence(run),
      outputs: tables ? outputs(run) : "",
      course: tables ? course(run, [...new Set([0, 1, 10, 100, 1000, 10000, last])].filter((n) => n <= last)) : "",
    };
  }

  widths() {
    const wide = Math.max(280, Math.min(760, this.clientWidth));
    const side = Math.min(320, wide);
    return { side, curve: wide < 620 ? wide : wide - side - 24 };
  }

  draw() {
    super.draw();
    if (done(this.run) < this.settings.steps && !this.playing)
      this.frame = requestAnimationFrame(() => this.draw());
  }

  layout() {
    return `
<div class="explorer__bar">${toTry(TRIES, "Training")}</div>
<div class="explorer__bar">${select(fields, "data", "data")}${select(fields, "activation", "hidden activation")}${field("hidden", "hidden layers")}</div>
<div class="explorer__bar">${slider(fields, "rate", "rate")}${field("seed", "start")}${button("another", "Another start")}${field("points", "seed of the points")}</div>
<div class="explorer__bar learning__controls" role="group" aria-label="Training">${button("play", "Play")}${button("one", "Step")}${button("hundred", "100 steps")}${button("begin", "From the start")}
<label class="explorer__field">speed <select data-speed>${Object.keys(SPEEDS).map((name) => `<option${name === "steady" ? " selected" : ""}>${name}</option>`).join("")}</select></label></div>
<p data-part="sentence"></p>
<div class="learning__stage"><div data-part="plane"></div><div><div data-part="loss"></div><div data-part="norms"></div></div></div>
<p class="learning__legend">${LEGEND}</p>
<details class="explorer__fold"><summary>Every output, and the course of the training</summary><div class="explorer__scrolls" tabindex="0" role="group" aria-label="Outputs and course"><div data-part="outputs"></div><div data-part="course"></div></div></details>`;
  }

  // Training ---------------------------------------------------------------------------------

  go(steps) {
    this.settings = { ...this.settings, steps: Math.min(steps, MOST.steps) };
    this.draw();
  }

  play() {
    this.playing = true;
    this.tellPlaying();
    this.tick();
  }

  tick() {
    if (!this.playing) return;
    this.go(done(this.run) + SPEEDS[this.part("[data-speed]").value]);
    this.settings = { ...this.settings, steps: done(this.run) }; // what one frame allowed
    if (done(this.run) === MOST.steps) return this.pause();
    this.frame = requestAnimationFrame(() => this.tick());
  }

  pause() {
    cancelAnimationFrame(this.frame);
    if (!this.playing) return;
    this.playing = false;
    this.tellPlaying();
    this.rest();
  }

  rest() {
    this.announce();
    this.tellAddress();
  }

  tellPlaying() {
    this.part("[data-does=play]").textContent = this.playing ? "Pause" : "Play";
  }

  moves() {
    return this.playing || super.moves();
  }

  // What the reader does ---------------------------------------------------------------------

  // Whatever is changed, training begins anew: so the settings alone say what is shown.
  change(partial, held) {
    super.change({ steps: 0, ...partial }, held);
  }

  does(name) {
    if (name === "play" && !this.playing) return this.play();
    if (name === "another") return this.change({ seed: (this.settings.seed + 1) % 10000 });
    this.pause();
    const steps = { one: done(this.run) + 1, hundred: done(this.run) + 100, begin: 0 }[name];
    if (steps === undefined) return;
    this.go(steps);
    this.rest();
  }

  spoken(settings, run) {
    return sentence(run);
  }
}

customElements.define("cr-learning", Learning);
