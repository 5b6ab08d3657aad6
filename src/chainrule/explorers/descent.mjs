// <cr-descent>: a loss, a start and a learning rate, and where they lead.

import { dot, drawing, line, power, scale, segment, whole, words } from "./drawing.mjs";
import { Explorer, amount, checkbox, choice, select, slider, toggle } from "./explorer.mjs";
import { generator, range, written } from "./numbers.mjs";
import { PIECES, coloured, equals, inner, number, piece, product, shown, together } from "./pieces.mjs";

const EXAMPLES = [-2, -1, 1, 2], TARGETS = [0.05, 0.4, 0.6, 0.95]; // of the neuron
const TILTS = [[0.6, 0.3], [-0.6, 0.3], [0.3, -0.6], [-0.3, 0]]; // of a surface, one an example
const BETA = 0.9, BETA2 = 0.999, EPSILON = 1e-8;

// Surfaces -----------------------------------------------------------------------------------------

// The mean of `each` over the examples, or over the one that is a batch.
const mean = (batch, each) => {
  const among = batch === null ? EXAMPLES.map((_, e) => e) : [batch];
  return among.reduce((sum, e) => sum + each(e), 0) / among.length;
};

const sigmoid = (z) => 0.5 * (1 + Math.tanh(0.5 * z));
const neuron = {
  loss: ([w, b = 0]) => mean(null, (e) => 0.5 * (sigmoid(w * EXAMPLES[e] + b) - TARGETS[e]) ** 2),
  slope: (weights, settings, batch) => {
    const [w, b = 0] = weights;
    const delta = (e) => {
      const y = sigmoid(w * EXAMPLES[e] + b);
      return (y - TARGETS[e]) * y * (1 - y);
    };
    return [mean(batch, (e) => delta(e) * EXAMPLES[e]), mean(batch, delta)].slice(0, weights.length);
  },
};

// A loss with the same slope everywhere more or less: each example tilts the surface its own way.
const tilted = (loss, slope) => ({
  loss,
  slope: (w, settings, batch) => slope(w, settings).map((g, i) => (batch === null ? g : g - TILTS[batch][i])),
});

const curvatures = ({ curvature1, curvature2 }) => [curvature1, curvature2];
const bowl = tilted(
  (w, settings) => w.reduce((sum, w_i, i) => sum + w_i ** 2 * (0.5 * curvatures(settings)[i]), 0),
  (w, settings) => w.map((w_i, i) => curvatures(settings)[i] * w_i));
const well = (w) => 0.25 * (w * w - 1) ** 2 + 0.125 * w + 0.15;
const valleys1 = tilted(([w]) => well(w), ([w]) => [0.125 + w * (w * w - 1)]);
const valleys2 = tilted(
  ([w1, w2]) => well(w1) + 0.5 * (w2 - 0.5 * w1) ** 2,
  ([w1, w2]) => [-0.5 * (w2 - 0.5 * w1) + 0.125 + w1 * (w1 * w1 - 1), w2 - 0.5 * w1]);

// `top` is the loss at the upper edge of the picture, for a surface in one direction.
const SURFACES = {
  bowl1: { ...bowl, size: 1, title: "a bowl in one direction", top: ({ curvature1 }) => 4.6 * curvature1 },
  neuron1: { ...neuron, size: 1, title: "one neuron, its weight", top: () => 0.3 },
  valleys1: { ...valleys1, size: 1, title: "two valleys in one direction", top: () => 2.4 },
  bowl2: { ...bowl, size: 2, title: "a bowl in two directions" },
  neuron2: { ...neuron, size: 2, title: "one neuron, weight and bias" },
  valleys2: { ...valleys2, size: 2, title: "two valleys in two directions" },
};
const EDGE = { w1: 3, w2: 2.4 }; // the picture reaches from −EDGE to EDGE

const fields = {
  surface: choice("surface", Object.fromEntries(Object.entries(SURFACES).map(([name, { title }]) => [name, title]))),
  w1: amount("start w₁", -EDGE.w1, EDGE.w1, { step: 0.05 }),
  w2: amount("start w₂", -EDGE.w2, EDGE.w2, { step: 0.05 }),
  curvature1: amount("curvature λ₁", 0.1, 20, { log: true }),
  curvature2: amount("curvature λ₂", 0.1, 20, { log: true }),
  rate: amount("learning rate", 0.001, 100, { log: true }),
  steps: amount("number of steps", 1, 200, { step: 1, whole: true }),
  momentum: toggle("momentum"),
  adam: toggle("Adam"),
  noise: toggle("batch noise"),
  seed: amount("seed", 0, 9999, { step: 1, whole: true }),
};

export const START = {
  surface: "bowl2", w1: -2.3, w2: 1, curvature1: 1, curvature2: 10, rate: 0.05, steps: 30,
  momentum: true, adam: false, noise: false, seed: 1,
};

// Methods ------------------------------------------------------------------------------------------

// Each has the state before the first step, and a step: the new weights and the new state.
const METHODS = {
  plain: {
    title: "Plain descent", role: "weight", dash: "",
    start: () => null,
    step: (w, g, state, rate) => [w.map((w_i, i) => w_i - rate * g[i]), state],
  },
  momentum: {
    title: "Momentum", role: "activation", dash: "6 3",
    start: (w) => w.map(() => 0),
    step: (w, g, v, rate) => {
      const next = v.map((v_i, i) => BETA * v_i + g[i]);
      return [w.map((w_i, i) => w_i - rate * next[i]), next];
    },
  },
  adam: {
    title: "Adam", role: "gradient", dash: "2 3",
    start: (w) => ({ m: w.map(() => 0), s: w.map(() => 0), t: 0 }),
    step: (w, g, state, rate) => {
      const t = state.t + 1;
      const m = state.m.map((m_i, i) => BETA * m_i + (1 - BETA) * g[i]);
      const s = state.s.map((s_i, i) => BETA2 * s_i + (1 - BETA2) * g[i] ** 2);
      const moved = w.map((w_i, i) => {
        const m_hat = m[i] / (1 - BETA ** t), s_hat = s[i] / (1 - BETA2 ** t);
        return w_i - (rate * m_hat) / (Math.sqrt(s_hat) + EPSILON);
      });
      return [moved, { m, s, t }];
    },
  },
};

// Numbers ------------------------------------------------------------------------------------------

// The paths of the methods that are switched on, and the learning rate that is too large.
export function compute(settings) {
  const batches = batchesOf(settings);
  const chosen = Object.keys(METHODS).filter((name) => name === "plain" || settings[name]);
  return {
    paths: Object.fromEntries(chosen.map((name) => [name, pathOf(METHODS[name], settings, batches)])),
    bound: boundOf(settings),
  };
}

// Which example each step looks at; null is all of them.
function batchesOf({ seed, steps, noise }) {
  const draw = generator(seed);
  return [...Array(steps)].map(() => (noise ? Math.floor(draw() * TILTS.length) : null));
}

// The weights and the whole loss at the start and after each step; `stopped` at an overflow.
function pathOf(method, settings, batches) {
  const { loss, slope } = SURFACES[settings.surface];
  let w = startOf(settings), state = method.start(w);
  const path = { w: [w], loss: [loss(w, settings)], stopped: null };
  for (const [n, batch] of batches.entries()) {
    [w, state] = method.step(w, slope(w, settings, batch), state, settings.rate);
    const now = loss(w, settings);
    if (![...w, now].every(Number.isFinite)) return { ...path, stopped: n + 1 };
    path.w.push(w);
    path.loss.push(now);
  }
  return path;
}

const startOf = ({ surface, w1, w2 }) => [w1, w2].slice(0, SURFACES[surface].size);

// 2/λ of the steepest direction; a surface that is no bowl has no one curvature.
function boundOf(settings) {
  const { surface } = settings;
  if (!surface.startsWith("bowl")) return null;
  return 2 / Math.max(...curvatures(settings).slice(0, SURFACES[surface].size));
}

// Pictures -----------------------------------------------------------------------------------------

const SIZE = [330, 270];
const ROOM = { left: 34, right: 326, top: 6, bottom: 246 };
const across = scale([-EDGE.w1, EDGE.w1], [ROOM.left, ROOM.right]);
const up = scale([-EDGE.w2, EDGE.w2], [ROOM.bottom, ROOM.top]);
const near = (value) => Math.max(-2000, Math.min(2000, value)); // far outside is as good as farther
const height = (settings) => scale([0, SURFACES[settings.surface].top(settings)], [ROOM.bottom, ROOM.top]);

function axes(settings, flat) {
  const tick = (value) => words(across(value), ROOM.bottom + 17, written(value), "muted", 'text-anchor="middle"');
  const name = (x, y, letter, index, role) => words(x, y, `${letter}<tspan class="main" dy="3" font-size="0.7em">${index}</tspan>`, `${role} math`, 'text-anchor="middle" font-size="15"');
  const upright = flat ? [-2, 0, 2].map((value) => words(ROOM.left - 6, up(value) + 4, written(value), "muted", 'text-anchor="end"')).join("") + name(14, 76, "w", "2", "weight")
    : name(14, 30, "L", "", "loss");
  return [-2, 0, 2].map(tick).join("") + upright + name(ROOM.right - 20, ROOM.bottom + 18, "w", flat ? "1" : "", "weight") +
    segment(ROOM.left, ROOM.bottom, ROOM.right, ROOM.bottom, "hairline") + segment(ROOM.left, ROOM.top, ROOM.left, ROOM.bottom, "hairline");
}

// What does not change while the start is dragged: the curve, or lines of equal loss.
const GRID = [50, 40];
const drawnBefore = new Map(); // the last one: to find lines of equal loss takes longer than all else
function ground(settings) {
  const key = [settings.surface, ...curvatures(settings)].join();
  if (!drawnBefore.has(key)) {
    drawnBefore.clear();
    drawnBefore.set(key, groundOf(settings));
  }
  return drawnBefore.get(key);
}

function groundOf(settings) {
  const { size, loss, title } = SURFACES[settings.surface];
  if (size === 2) return drawing(SIZE, `Lines of equal loss: ${title}.`, axes(settings, true) + contours((w) => loss(w, settings)));
  const Y = height(settings);
  const points = range(121).map((n) => -EDGE.w1 + (n * EDGE.w1) / 60).map((w) => [across(w), Y(loss([w], settings))]);
  return drawing(SIZE, `The loss against the weight: ${title}.`, axes(settings, false) + inside(line(points, "loss", 'stroke-width="1.6"')));
}

// A drawing in a drawing is cut off at its edge.
const inside = (inner) =>
  `<svg aria-hidden="true" x="${ROOM.left}" y="${ROOM.top}" width="${ROOM.right - ROOM.left}" height="${ROOM.bottom - ROOM.top}" viewBox="${ROOM.left} ${ROOM.top} ${ROOM.right - ROOM.left} ${ROOM.bottom - ROOM.top}">${inner}</svg>`;

// Marching squares: in every cell of a grid, where the surface crosses a level.
const LEVELS = 9;
function contours(loss) {
  const [columns, rows] = GRID;
  const x = (i) => -EDGE.w1 + (2 * EDGE.w1 * i) / columns, y = (j) => -EDGE.w2 + (2 * EDGE.w2 * j) / rows;
  const values = range(rows + 1).map((j) => range(columns + 1).map((i) => loss([x(i), y(j)])));
  const all = values.flat(), low = Math.min(...all), high = Math.max(...all);
  const levels = range(LEVELS).map((n) => low + (high - low) * ((n + 0.6) / LEVELS) ** 2); // closer together where it is low
  const lines = levels.map(() => "");
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const corners = [values[j][i], values[j][i + 1], values[j + 1][i], values[j + 1][i + 1]];
      const least = Math.min(...corners), most = Math.max(...corners);
      for (const [n, level] of levels.entries())
        if (least < level && level <= most)
          for (const [a, b] of crossing(values, i, j, level)) lines[n] += `M${place(a)}L${place(b)}`;
    }
  const paths = lines.map((d, n) =>
    `<path d="${d}" fill="none" class="stroke-loss" stroke-width="1" stroke-opacity="${(0.85 - 0.05 * n).toFixed(2)}"/>`);
  return paths.join("");

  function place([i, j]) {
    return `${across(x(i)).toFixed(1)} ${up(y(j)).toFixed(1)}`;
  }
}

// The lines in which one cell is cut at this level: none, one, or at a saddle two.
function crossing(values, i, j, level) {
  const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
  const cuts = corners.flatMap(([i1, j1], n) => {
    const [i2, j2] = corners[(n + 1) % 4];
    const [a, b] = [values[j1][i1], values[j2][i2]];
    if (a < level === b < level) return [];
    const share = (level - a) / (b - a);
    return [[i1 + share * (i2 - i1), j1 + share * (j2 - j1)]];
  });
  return cuts.length === 4 ? [cuts.slice(0, 2), cuts.slice(2)] : cuts.length ? [cuts] : [];
}

const MOST_DOTS = 60;
function walks(settings, { paths }, awake) {
  const { size } = SURFACES[settings.surface];
  const spot = size === 2 ? ([w1, w2]) => [near(across(w1)), near(up(w2))]
    : ([w], loss) => [near(across(w)), near(height(settings)(loss))];
  const drawn = Object.entries(paths).map(([name, { w, loss }]) => {
    const { role, dash } = METHODS[name];
    const points = w.map((one, n) => spot(one, loss[n]));
    return line(points, role, `stroke-width="1.4"${dash && ` stroke-dasharray="${dash}"`}`) +
      points.slice(1, MOST_DOTS).map(([x, y]) => dot(x, y, 2.4, `fill-${role}`)).join("");
  });
  const [x, high] = spot(startOf(settings), paths.plain.loss[0]);
  const y = Math.max(high, ROOM.top + 6); // a start above the picture is held at its edge
  const told = startOf(settings).map((w, n) => `w${size === 2 ? "₁₂"[n] : ""} = ${written(w)}`).join(", ");
  const handle = awake ? `data-drag="start" tabindex="0" role="slider" aria-label="Start" aria-valuemin="${-EDGE.w1}" aria-valuemax="${EDGE.w1}" aria-valuenow="${settings.w1}" aria-valuetext="${told}"` : "";
  return drawing(SIZE, `The paths from the start.${awake ? " Drag the start, or move it with the arrow keys." : ""}`,
    inside(drawn.join("")) + dot(x, y, 9, "handle fill-paper stroke-ink", `stroke-width="2.5" ${handle}`), { handles: awake });
}

// The loss after each step, on a logarithmic axis.
const LOWEST = -16, HIGHEST = 16;
function losses({ steps }, { paths }) {
  const logs = Object.entries(paths).map(([name, { loss }]) =>
    [name, loss.map((one) => Math.max(LOWEST, Math.min(HIGHEST, Math.log10(one))))]);
  const all = logs.flatMap(([, values]) => values);
  const low = Math.floor(Math.min(...all, -1)), high = Math.max(low + 1, Math.ceil(Math.max(...all)));
  const X = scale([0, steps], [46, 322]), Y = scale([low, high], [ROOM.bottom, ROOM.top + 4]);
  const grid = whole(low, high, Math.ceil((high - low) / 6)).map((e) =>
    segment(46, Y(e), 322, Y(e), "hairline") + words(40, Y(e) + 4, power(e), "muted", 'text-anchor="end"'));
  const curves = logs.map(([name, values]) => {
    const { role, dash } = METHODS[name];
    return line(values.map((value, n) => [X(n), Y(value)]), role, `stroke-width="1.6"${dash && ` stroke-dasharray="${dash}"`}`);
  });
  const ends = [0, steps].map((n) => words(X(n), ROOM.bottom + 17, n, "muted", `text-anchor="${n ? "end" : "middle"}"`));
  return drawing(SIZE, "The loss after each step, on a logarithmic axis. The table below has its numbers.",
    grid.join("") + ends.join("") + words(184, ROOM.bottom + 17, "step", "muted", 'text-anchor="middle"') +
    words(14, 30, "L", "loss math", 'text-anchor="middle" font-size="15"') + curves.join(""));
}

// The learning rate on its slider, with 2/λ.
function marker({ rate }, { bound }) {
  if (bound === null) return "<span>This surface has no one curvature, so no one learning rate is the limit.</span>";
  const [low, high] = [fields.rate.least, fields.rate.most].map(Math.log10);
  const x = scale([low, high], [0, 200])(Math.log10(bound));
  const side = rate < bound ? "below it" : rate > bound ? "above it" : "right on it";
  return (
    `<svg class="drawn explorer__ruler" viewBox="0 0 200 8" preserveAspectRatio="none" aria-hidden="true"><path d="M${x.toFixed(1)} 0V8" class="stroke-ink" stroke-width="2" vector-effect="non-scaling-stroke"/></svg>` +
    `<span>The mark is the limit 2/λ = ${written(bound, 4)}. You are ${side}.</span>`);
}

// Formulas and sentences --------------------------------------------------------------------------

Object.assign(PIECES, {
  w: ["\\w{w}", "w"], w1: ["\\w{w_1}", "w₁"], w2: ["\\w{w_2}", "w₂"], η: ["\\eta", "η"],
  dw: ["\\g{\\partial L/\\partial w}", "∂L/∂w"],
  dw1: ["\\g{\\partial L/\\partial w_1}", "∂L/∂w₁"], dw2: ["\\g{\\partial L/\\partial w_2}", "∂L/∂w₂"],
  "←": ["\\leftarrow", "←"],
});

// The first step of plain descent, written out.
function formula(settings, { paths: { plain } }) {
  const before = plain.w[0], after = plain.w[1];
  if (!after) return "";
  const slope = SURFACES[settings.surface].slope(before, settings, batchesOf(settings)[0]);
  return before.map((w, n) => {
    const letter = before.length === 2 ? `w${n + 1}` : "w";
    return `<p>${shown(together(piece(letter), piece("←"), equals(
      together(piece(letter), piece("−"), product(piece("η"), piece(`d${letter}`))),
      together(number(w, "t-weight"), piece("−"), product(number(settings.rate), inner(slope[n], "t-grad"))),
      coloured(number(after[n]), "explorer__value"))))}</p>`;
  }).join("");
}

const UNMOVED = 1e-3; // of the loss, over all steps

function outcome(name, { loss, stopped }, settings) {
  const { title } = METHODS[name];
  if (stopped) return `${title} overflows: in step ${stopped} the numbers are too large for any computer number.`;
  const [first, last] = [loss[0], loss.at(-1)], n = loss.length - 1;
  const steps = n === 1 ? "one step" : `${n} steps`;
  const from = `after ${steps} the loss is ${written(last, 3)}, from ${written(first, 3)}`;
  if (last > first * (1 + 1e-9) && !settings.noise) return `${title} diverges or is thrown out: ${from}.`;
  if (last > first * (1 + 1e-9)) return `${title} ends higher than it began: ${from}.`;
  if (first - last < UNMOVED * first) return `${title} hardly moves: ${from}.`;
  return `${title}: ${from}.`;
}

function notes(settings, { paths, bound }) {
  const found = Object.entries(paths).map(([name, path]) => outcome(name, path, settings));
  const size = SURFACES[settings.surface].size;
  if (bound !== null && !settings.noise) {
    const factors = curvatures(settings).slice(0, size).map((curvature) => written(1 - settings.rate * curvature, 3));
    found.push(size === 1 ? `Each plain step multiplies w by 1 − ηλ = ${factors[0]}.`
      : `Each plain step multiplies w₁ by ${factors[0]} and w₂ by ${factors[1]}.`);
  }
  if (settings.noise) found.push("Each step goes down the loss of one example out of four, drawn at random. The loss drawn here is that of all four.");
  return found;
}

function table(settings, { paths }) {
  const last = settings.steps;
  const rows = [0, 1, 2, 3, 5, 10, 20, 50, 100, 200].filter((n) => n < last).concat(last);
  const names = Object.keys(paths);
  const heads = ["step", ...(names.map((name) => METHODS[name].title))].map((head) => `<th scope="col">${head}</th>`);
  const cell = ({ loss }, n) => `<td>${n < loss.length ? written(loss[n]) : "overflow"}</td>`;
  return (
    `<table class="explorer__table explorer__numbers"><caption>The loss after so many steps</caption><thead><tr>${heads.join("")}</tr></thead><tbody>${
      rows.map((n) => `<tr><th scope="row">${n}</th>${names.map((name) => cell(paths[name], n)).join("")}</tr>`).join("")}</tbody></table>`);
}

const legend = ({ paths }) => Object.keys(paths).map((name) => {
  const { title, role, dash } = METHODS[name];
  return `<li><svg class="drawn" width="30" height="10" viewBox="0 0 30 10" aria-hidden="true"><path d="M1 5H29" class="stroke-${role}" stroke-width="2"${dash && ` stroke-dasharray="${dash}"`}/></svg> ${title}</li>`;
}).join("");

// The element --------------------------------------------------------------------------------------

const parts = (settings, numbers, awake) => ({
  legend: legend(numbers),
  ground: ground(settings), walks: walks(settings, numbers, awake), losses: losses(settings, numbers),
  notes: notes(settings, numbers).map((text) => `<li>${text}</li>`).join(""),
  formula: formula(settings, numbers), table: table(settings, numbers),
});

const BODY = `
<ul data-part="legend" class="explorer__legend"></ul>
<div class="explorer__pair"><div class="explorer__layers"><div data-part="ground"></div><div data-part="walks"></div></div><div data-part="losses"></div></div>
<ul data-part="notes" class="explorer__notes"></ul>
<h3 class="explorer__head">The first step</h3>
<div data-part="formula" class="explorer__formula"></div>
<div data-part="table" class="explorer__scrolls" tabindex="0" role="group" aria-label="The table of numbers"></div>`;

export function still(settings, numbers) {
  const drawn = parts(settings, numbers, false);
  const set = `Surface: ${SURFACES[settings.surface].title}, with curvatures ${curvatures(settings).join(" and ")}. ` +
    `Learning rate ${settings.rate}; the limit 2/λ is ${written(numbers.bound)}.`;
  return `<p>${set}</p>` + BODY.replace(/(<\w+ data-part="(\w+)"[^>]*>)/g, (tag, _, part) => tag + drawn[part]);
}

class Descent extends Explorer {
  name = "descent";
  fields = fields;
  start = START;
  compute = compute;

  parts(settings, numbers) {
    return { ...parts(settings, numbers, true), marker: marker(settings, numbers) };
  }

  layout() {
    return `
<div class="explorer__bar">${select(fields, "surface", "Surface")}${checkbox(fields, "momentum", "momentum")}${checkbox(fields, "adam", "Adam")}${checkbox(fields, "noise", "batch noise")}</div>
<div class="explorer__bar explorer__long">${slider(fields, "rate", "learning rate <i>η</i>")}<p data-part="marker"></p></div>
<div class="explorer__bar">${slider(fields, "w1", "start <i>w</i>₁")}${slider(fields, "w2", "start <i>w</i>₂")}${slider(fields, "curvature1", "curvature <i>λ</i>₁")}${
      slider(fields, "curvature2", "curvature <i>λ</i>₂")}${slider(fields, "steps", "steps")}${slider(fields, "seed", "seed")}</div>${BODY}`;
  }

  hides({ surface, noise }) {
    const bowl = surface.startsWith("bowl"), flat = SURFACES[surface].size === 2;
    return [...(noise ? [] : ["seed"]), ...(bowl ? [] : ["curvature1"]),
      ...(bowl && flat ? [] : ["curvature2"]), ...(flat ? [] : ["w2"])];
  }

  dragged(what, [x, y], { surface }) {
    const round = (value, edge) => Math.round(Math.max(-edge, Math.min(edge, value)) * 100) / 100;
    const w1 = round(scale([ROOM.left, ROOM.right], [-EDGE.w1, EDGE.w1])(x), EDGE.w1);
    if (SURFACES[surface].size === 1) return { w1 };
    return { w1, w2: round(scale([ROOM.bottom, ROOM.top], [-EDGE.w2, EDGE.w2])(y), EDGE.w2) };
  }

  nudged(what, [right, higher], { surface, w1, w2 }) {
    const [x, y] = [across(w1 + 0.1 * right), up(w2 + 0.1 * higher)];
    return this.dragged(what, [x, SURFACES[surface].size === 1 ? 0 : y], { surface });
  }

  spoken(settings, numbers) {
    return Object.entries(numbers.paths).map(([name, path]) => outcome(name, path, settings)).join(" ");
  }
}

customElements.define("cr-descent", Descent);
