// <cr-chain-rule>: a small change on its way through two functions, three, or a fork.

import { dot, drawing, line, power, scale, segment, whole, words } from "./drawing.mjs";
import { Explorer, amount, button, choice, select, slider } from "./explorer.mjs";
import { range, written } from "./numbers.mjs";
import { PIECES, coloured, equals, inner, number, piece, product, shown, together, total } from "./pieces.mjs";

const sigmoid = (z) => 0.5 * (1 + Math.tanh(0.5 * z));
const u0 = "⟦0⟧", c1 = "⟦1⟧";

// f(u, c) and its slope at u; c is the number of "times a number" and "plus a number". `tex` and
// `slope` write both out, ⟦0⟧ being the letter of u.
const FUNCTIONS = {
  square: { f: (u) => u ** 2, df: (u) => 2 * u, tex: [`${u0}^2`, `${u0}²`], slope: [`2${u0}`, `2${u0}`] },
  cube: { f: (u) => u ** 3, df: (u) => 3 * u ** 2, tex: [`${u0}^3`, `${u0}³`], slope: [`3${u0}^2`, `3${u0}²`] },
  sine: { f: Math.sin, df: Math.cos, tex: [`\\sin ${u0}`, `sin ${u0}`], slope: [`\\cos ${u0}`, `cos ${u0}`] },
  sigmoid: {
    f: sigmoid, df: (u) => sigmoid(u) * (1 - sigmoid(u)),
    tex: [`\\sigma(${u0})`, `σ(${u0})`], slope: [`\\sigma(${u0})\\,(1-\\sigma(${u0}))`, `σ(${u0})(1 − σ(${u0}))`],
  },
  tanh: {
    f: Math.tanh, df: (u) => 1 - Math.tanh(u) ** 2,
    tex: [`\\tanh ${u0}`, `tanh ${u0}`], slope: [`1-\\tanh^2 ${u0}`, `1 − tanh² ${u0}`],
  },
  exp: { f: Math.exp, df: Math.exp, tex: [`e^{${u0}}`, `e^${u0}`], slope: [`e^{${u0}}`, `e^${u0}`] },
  times: { f: (u, c) => u * c, df: (u, c) => c, tex: [`${c1}\\,${u0}`, `${c1}·${u0}`], slope: [c1, c1] },
  plus: { f: (u, c) => u + c, df: () => 1, tex: [`${u0}+${c1}`, `${u0} + ${c1}`], slope: ["1", "1"] },
};
const NAMES = {
  square: "square", cube: "cube", sine: "sine", sigmoid: "sigmoid", tanh: "tanh",
  exp: "exponential", times: "times a number", plus: "plus a number",
};

// The arrows of a shape, "after/before" with the setting that says which function it is, and the
// paths from x to L.
const SHAPES = {
  two: { "u/x": "f", "L/u": "g" },
  three: { "u/x": "f", "v/u": "g", "L/v": "k" },
  fork: { "u/x": "f", "w/x": "g", "L/u": "join", "L/w": "join" },
};
const PATHS = { two: [["L/u", "u/x"]], three: [["L/v", "v/u", "u/x"]], fork: [["L/u", "u/x"], ["L/w", "w/x"]] };
const ends = (arrow) => arrow.split("/");

const fields = {
  shape: choice("shape", { two: "two functions", three: "three functions", fork: "a fork" }),
  f: choice("function", NAMES), g: choice("function", NAMES), k: choice("function", NAMES),
  join: choice("join", { product: "L = u · w", sum: "L = u + w" }),
  x: amount("x", -3, 3),
  dx: amount("wiggle", -1, 1),
  c: amount("number", -5, 5),
};

export const START = { shape: "three", f: "square", g: "sine", k: "cube", join: "product", x: 2, dx: 0.01, c: 3 };

// Numbers ---------------------------------------------------------------------------------------

// Every value at x and at x + dx, each local slope, and the slope of each value in x.
export function compute(settings) {
  const values = valuesAt(settings, settings.x);
  const local = localSlopes(settings, values);
  const slopes = { x: 1 };
  for (const [arrow, slope] of Object.entries(local)) {
    const [after, before] = ends(arrow);
    slopes[after] = (slopes[after] ?? 0) + slope * slopes[before]; // times along a path, plus at a join
  }
  return { values, nudged: valuesAt(settings, settings.x + settings.dx), local, slopes };
}

function valuesAt({ shape, f, g, k, join, c }, x) {
  const [first, second, third] = [f, g, k].map((name) => FUNCTIONS[name].f);
  const u = first(x, c);
  if (shape === "two") return { x, u, L: second(u, c) };
  if (shape === "three") {
    const v = second(u, c);
    return { x, u, v, L: third(v, c) };
  }
  const w = second(x, c);
  return { x, u, w, L: join === "product" ? u * w : u + w };
}

function localSlopes(settings, values) {
  const product = settings.join === "product";
  return Object.fromEntries(Object.entries(SHAPES[settings.shape]).map(([arrow, setting]) => {
    const before = values[ends(arrow)[1]];
    if (setting !== "join") return [arrow, FUNCTIONS[settings[setting]].df(before, settings.c)];
    return [arrow, product ? values[arrow === "L/u" ? "w" : "u"] : 1];
  }));
}

// What each value did, and what its slope said it would do.
function changes({ dx }, { values, nudged, slopes }) {
  return Object.keys(values).map((name) => {
    const measured = name === "x" ? dx : nudged[name] - values[name];
    return { name, value: values[name], measured, predicted: slopes[name] * dx };
  });
}

// How far the quotient of a wiggle is from the slope.
function offBy(settings, dx) {
  const { values, nudged, slopes } = compute({ ...settings, dx });
  return Math.abs((nudged.L - values.L) / dx - slopes.L);
}

// Formulas --------------------------------------------------------------------------------------

const LETTERS = { x: "\\act{x}", u: "\\act{u}", v: "\\act{v}", w: "\\act{w}", L: "\\loss{L}" };
for (const [letter, tex] of Object.entries(LETTERS)) PIECES[letter] = [tex, letter];
for (const [name, { tex, slope }] of Object.entries(FUNCTIONS)) {
  PIECES[name] = tex;
  PIECES[`${name}′`] = slope;
}
for (const arrow of ["L/x", ...new Set(Object.values(SHAPES).flatMap(Object.keys))]) {
  const [after, before] = ends(arrow);
  PIECES[arrow] = [`\\g{\\partial ${after}/\\partial ${before}}`, `∂${after}/∂${before}`];
}
PIECES["≈"] = ["\\approx", "≈"];
PIECES.Δx = ["\\Delta x", "Δx"];
PIECES.ΔL = ["\\Delta L", "ΔL"];

const value = (one) => coloured(number(one), "explorer__value");

function formula(settings, { local, slopes }) {
  const along = (path, sign) => path.map(sign).reduce((left, right) => product(left, right));
  const paths = PATHS[settings.shape];
  const letters = total(paths.map((path) => along(path, (arrow) => piece(arrow))));
  const numbers = total(paths.map((path) => along(path, (arrow) => inner(local[arrow], "t-grad"))));
  const sum = paths.length > 1 ? [total(paths.map((path) =>
    inner(path.reduce((slope, arrow) => slope * local[arrow], 1), "t-grad")))] : [];
  const change = together(piece("ΔL"), piece("≈"), product(piece("L/x"), piece("Δx")));
  return [
    equals(piece("L/x"), letters),
    together(piece("="), equals(numbers, ...sum, value(slopes.L))),
    equals(change, product(number(slopes.L, "t-grad"), inner(settings.dx)), value(slopes.L * settings.dx)),
  ].map((one) => `<p>${shown(one)}</p>`).join("");
}

// One function: its name, and its slope with the number.
function caption(arrow, setting, settings, local) {
  const [after, before] = ends(arrow);
  const { c } = settings, letter = piece(before), own = settings[setting];
  const factor = inner(c);
  const slope = ["times", "plus"].includes(own) ? [] : [piece(`${own}′`, letter)];
  return `<span>${shown(equals(piece(after), piece(own, letter, factor)))}</span><span>${
    shown(equals(piece(arrow), ...slope, number(local[arrow], "t-grad")))}</span>`;
}

// Pictures --------------------------------------------------------------------------------------

const ROLE = { x: "activation", u: "activation", v: "activation", w: "activation", L: "loss" };
const BAR = 46; // half the width that the largest change gets

// The values as nodes, the slopes on the arrows, and under each node what it did and what its slope
// says: two bars, to the right if it grew.
function graph(settings, numbers, upright) {
  const rows = changes(settings, numbers);
  const fork = settings.shape === "fork";
  const spots = placed(rows.map(({ name }) => name), fork, upright);
  const largest = Math.max(...rows.flatMap(({ measured, predicted }) => [measured, predicted]).map(Math.abs).filter(Number.isFinite), 0);
  const arrows = Object.keys(SHAPES[settings.shape]).map((arrow) => {
    const [after, before] = ends(arrow);
    return arrowBetween(spots[before], spots[after], `× ${written(numbers.local[arrow], 3)}`, upright, fork);
  });
  const nodes = rows.map(({ name, value, measured, predicted }) => {
    const [x, y] = spots[name];
    const length = (change) => (largest && Number.isFinite(change) ? (change / largest) * BAR : 0);
    const bar = (change, top, high, role) => {
      const long = length(change);
      return `<rect x="${(x + Math.min(0, long)).toFixed(1)}" y="${y + top}" width="${Math.abs(long).toFixed(1)}" height="${high}" class="${role}"/>`;
    };
    return (
      dot(x, y, 25, `tint-${ROLE[name]} stroke-${ROLE[name]}`, 'stroke-width="1.4"') +
      words(x, y - 3, name, `${ROLE[name]} math`, 'font-size="17"') +
      words(x, y + 13, written(value, 3), "ink", 'font-size="12"') +
      segment(x, y + 33, x, y + 57, "muted") +
      bar(measured, 35, 8, `fill-${ROLE[name]}`) + bar(predicted, 47, 8, "fill-gradient") +
      words(x, y + 72, written(measured, 3), ROLE[name], 'font-size="12"'));
  });
  const label = `The values ${rows.map(({ name }) => name).join(", ")} in a ${fork ? "fork" : "row"}, with what each did when x moved, and what its slope says. The numbers are in the table below.`;
  return drawing(sizeOf(settings.shape, upright), label,
    `<g text-anchor="middle">${arrows.join("")}${nodes.join("")}</g>`, { name: upright ? "narrow" : "wide" });
}

const sizeOf = (shape, upright) =>
  upright ? [330, { two: 400, three: 540, fork: 400 }[shape]] : [640, shape === "fork" ? 260 : 120];

function placed(names, fork, upright) {
  if (fork)
    return upright ? { x: [165, 34], u: [75, 174], w: [255, 174], L: [165, 314] }
      : { x: [80, 90], u: [320, 34], w: [320, 164], L: [560, 90] };
  const gap = 480 / (names.length - 1);
  return Object.fromEntries(names.map((name, n) => [name, upright ? [165, 34 + 140 * n] : [80 + gap * n, 34]]));
}

function arrowBetween([x1, y1], [x2, y2], label, upright, fork) {
  const start = upright ? 80 : 0; // the bars are in the way
  const [fromY, d] = [y1 + start, Math.hypot(x2 - x1, y2 - y1 - start)];
  const [ux, uy] = [(x2 - x1) / d, (y2 - fromY) / d];
  const [ax, ay] = upright ? [x1, fromY] : [x1 + 27 * ux, fromY + 27 * uy];
  const [bx, by] = [x2 - 30 * ux, y2 - 30 * uy];
  const head = `<path d="M${bx - 8 * ux + 4 * uy},${by - 8 * uy - 4 * ux}L${bx},${by}L${bx - 8 * ux - 4 * uy},${by - 8 * uy + 4 * ux}" fill="none" class="stroke-gradient"/>`;
  const [mx, my] = [(ax + bx) / 2, (ay + by) / 2];
  const beside = upright ? (fork && x2 < x1 || fork && x1 < x2 && y1 > 100 ? [-8, 4, "end"] : [8, 4, "start"]) : [0, -8, "middle"];
  return segment(ax, ay, bx, by, "gradient", 'stroke-width="1.3"') + head +
    words(mx + beside[0], my + beside[1], label, "gradient", `text-anchor="${beside[2]}" font-weight="600"`);
}

// One function around its input, as near as the wiggle: the curve, its tangent, and both changes.
function plot(arrow, setting, settings, { values, nudged, local }) {
  const [after, before] = ends(arrow), own = FUNCTIONS[settings[setting]];
  const [from, to, slope] = [values[before], values[after], local[arrow]];
  const moved = nudged[before] - from;
  const reach = 2.6 * Math.abs(moved) || 0.5, steps = 48;
  const curve = range(steps + 1).map((n) => {
    const u = from - reach + (2 * reach * n) / steps;
    return [u, own.f(u, settings.c)];
  });
  const heights = [...curve.map(([, y]) => y), to + slope * reach, to - slope * reach];
  const label = `${after} as a function of ${before} near ${written(from, 3)}, with its tangent.`;
  if (!heights.every(Number.isFinite)) return drawing([200, 130], label, words(100, 65, "too large to draw", "muted", 'text-anchor="middle"'));
  const half = Math.max(...heights.map((y) => Math.abs(y - to))) || 1;
  const X = scale([from - reach, from + reach], [4, 196]), Y = scale([to - half, to + half], [124, 6]);
  const [right, top, tangent] = [X(from + moved), Y(nudged[after]), Y(to + slope * moved)];
  return drawing([200, 130], label,
    segment(4, Y(to), 196, Y(to), "hairline") +
    line(curve.map(([u, y]) => [X(u), Y(y)]), "ink", 'stroke-width="1.6"') +
    segment(X(from - reach), Y(to - slope * reach), X(from + reach), Y(to + slope * reach), "gradient", 'stroke-width="1.3" stroke-dasharray="5 3"') +
    segment(X(from), Y(to), right, Y(to), ROLE[before], 'stroke-width="3"') +
    segment(right, Y(to), right, top, ROLE[after], 'stroke-width="3"') +
    dot(right, tangent, 3.2, "fill-gradient") + dot(X(from), Y(to), 3.5, "fill-ink"));
}

// How far the quotient is off, for smaller and smaller wiggles.
const SMALLEST = -12;
const decay = (settings) => whole(SMALLEST * 3, 0).map((n) => n / 3).map((e) => [e, offBy(settings, 10 ** e)])
  .filter(([, off]) => off > 0 && Number.isFinite(off)).map(([e, off]) => [e, Math.log10(off)]);

function shrinking(settings, points, upright) {
  const size = [upright ? 330 : 640, 190];
  const label = "How far the quotient of the changes is from the slope, against the size of the wiggle, both on a logarithmic axis.";
  if (!points.length) return drawing(size, label, words(size[0] / 2, 95, "The quotient is the slope, whatever the wiggle.", "muted", 'text-anchor="middle"'), { name: upright ? "narrow" : "wide" });
  const low = Math.floor(Math.min(...points.map(([, y]) => y))), high = Math.max(low + 1, Math.ceil(Math.max(...points.map(([, y]) => y))));
  const X = scale([0, SMALLEST], [52, size[0] - 24]), Y = scale([low, high], [150, 12]);
  const every = Math.ceil((high - low) / 5);
  const grid = whole(low, high, every).map((e) =>
    segment(52, Y(e), size[0] - 12, Y(e), "hairline") + words(46, Y(e) + 4, power(e), "muted", 'text-anchor="end"'));
  const ticks = whole(SMALLEST, 0, upright ? 4 : 2).map((e) => words(X(e), 168, power(e), "muted", 'text-anchor="middle"'));
  const here = Math.log10(Math.abs(settings.dx)), off = Math.log10(offBy(settings, settings.dx));
  const marker = Number.isFinite(here) && Number.isFinite(off) && here >= SMALLEST
    ? segment(X(here), 12, X(here), 150, "activation") + dot(X(here), Y(off), 5, "fill-activation") : "";
  return drawing(size, label, grid.join("") + ticks.join("") +
    words((52 + size[0] - 12) / 2, 186, "the wiggle Δx, smaller to the right", "muted", 'text-anchor="middle"') +
    line(points.map(([x, y]) => [X(x), Y(y)]), "gradient", 'stroke-width="1.6"') + marker, { name: upright ? "narrow" : "wide" });
}

// The table and the sentences -----------------------------------------------------------------------

function table(settings, numbers) {
  const rows = changes(settings, numbers).map(({ name, value, measured, predicted }) =>
    `<tr><th scope="row">${shown(piece(name))}</th>${[value, measured, predicted, measured - predicted]
      .map((one) => `<td>${written(one)}</td>`).join("")}</tr>`);
  return (
    `<table class="explorer__table explorer__numbers"><caption class="unseen">Each value, what it did, and what its slope says</caption><thead><tr><td></td>` +
    ["value", "change, measured", "slope times Δx", "difference"].map((head) => `<th scope="col">${head}</th>`).join("") +
    `</tr></thead><tbody>${rows.join("")}</tbody></table>`);
}

const NEARLY_FLAT = 0.01;

function notes(settings, { values, nudged, local, slopes }) {
  const lost = Object.keys(values).find((name) => !Number.isFinite(values[name]) || !Number.isFinite(nudged[name]));
  if (lost) return [`${lost} is too large for any number: it overflows, and what comes after it is lost.`];
  const found = [];
  if (!settings.dx) found.push("The wiggle is 0. Nothing moves, and a quotient of two zeros says nothing.");
  for (const [arrow, setting] of Object.entries(SHAPES[settings.shape])) {
    const [after, before] = ends(arrow);
    const flat = ["sigmoid", "tanh"].includes(settings[setting]) && Math.abs(local[arrow]) < NEARLY_FLAT;
    if (flat) found.push(`At this ${before} the ${settings[setting]} is nearly flat. Of a change of ${before}, ${after} shows only ${written(Math.abs(local[arrow]), 2)} times as much.`);
  }
  if (slopes.L === 0) found.push("The slope is 0: a small enough wiggle of x leaves L where it is.");
  const [now, tenth] = [offBy(settings, settings.dx), offBy(settings, settings.dx / 10)];
  if (now > 0 && tenth > 0)
    found.push(`The measured quotient is off by ${written(now, 2)}. With a tenth of the wiggle it is off by ${written(tenth, 2)}.`);
  return found;
}

// The element ---------------------------------------------------------------------------------------

function parts(settings, numbers) {
  const functions = Object.entries(SHAPES[settings.shape]).filter(([, setting]) => setting !== "join");
  const points = decay(settings);
  const second = { two: ["u", "L"], three: ["u", "v"], fork: ["x", "w"] }[settings.shape];
  return {
    second: `from <i>${second[0]}</i> to <i>${second[1]}</i>`,
    graph: graph(settings, numbers, false) + graph(settings, numbers, true),
    formula: formula(settings, numbers),
    notes: notes(settings, numbers).map((text) => `<li>${text}</li>`).join(""),
    plots: functions.map(([arrow, setting]) =>
      `<div class="explorer__plot">${plot(arrow, setting, settings, numbers)}<p>${caption(arrow, setting, settings, numbers.local)}</p></div>`).join(""),
    table: table(settings, numbers),
    shrinking: shrinking(settings, points, false) + shrinking(settings, points, true),
  };
}

const BODY = `
<div data-part="graph" class="explorer__picture"></div>
<div data-part="formula" class="explorer__formula"></div>
<ul data-part="notes" class="explorer__notes"></ul>
<h3 class="explorer__head">What each function does to the change</h3>
<div data-part="plots" class="explorer__plots"></div>
<p class="explorer__key">Solid: what happened. Purple: what the slope says. The window is a few wiggles wide, so a small wiggle shows the curve from very near.</p>
<div data-part="table" class="explorer__scrolls" tabindex="0" role="group" aria-label="The table of numbers"></div>
<h3 class="explorer__head">How far the quotient is from the slope</h3>
<div data-part="shrinking" class="explorer__picture"></div>`;

export function still(settings, numbers) {
  const drawn = parts(settings, numbers);
  return BODY.replace(/(<\w+ data-part="(\w+)"[^>]*>)/g, (tag, _, part) => tag + drawn[part]);
}

class ChainRule extends Explorer {
  name = "chain-rule";
  fields = fields;
  start = START;
  compute = compute;
  parts = parts;

  layout() {
    return `
<div class="explorer__bar">${select(fields, "shape", "Through")}${select(fields, "f", "from <i>x</i> to <i>u</i>")}${
      select(fields, "g", '<span data-part="second"></span>')}${select(fields, "k", "from <i>v</i> to <i>L</i>")}${select(fields, "join", "where they meet")}</div>
<div class="explorer__bar">${slider(fields, "x", "<i>x</i>")}${slider(fields, "dx", "wiggle Δ<i>x</i>")}${slider(fields, "c", "the number")}
${button("tenth", "A tenth of the wiggle")}</div>${BODY}`;
  }

  hides({ shape, f, g, k, join }) {
    const used = Object.values(SHAPES[shape]).map((setting) => ({ f, g, k, join })[setting]);
    return [...["k", "join"].filter((name) => !Object.values(SHAPES[shape]).includes(name)),
      ...(used.includes("times") || used.includes("plus") ? [] : ["c"])];
  }

  does() {
    this.change({ dx: Number((this.settings.dx / 10).toPrecision(12)) });
  }

  spoken(settings, numbers) {
    const { measured, predicted } = changes(settings, numbers).at(-1);
    return `x moves by ${written(settings.dx)}, L by ${written(measured)}. The slopes say ${written(predicted)}.`;
  }
}

customElements.define("cr-chain-rule", ChainRule);
