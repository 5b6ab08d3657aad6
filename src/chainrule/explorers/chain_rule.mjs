// <cr-chain-rule>: a small change on its way through two functions, three, or a fork.

import { Explorer, amount, choice, select, slider } from "./explorer.mjs";
import { written } from "./numbers.mjs";
import { PIECES, coloured, equals, inner, number, piece, product, shown, together, total } from "./pieces.mjs";

const sigmoid = (z) => 0.5 * (1 + Math.tanh(0.5 * z));

// f(u, c) and its slope at u; c is the number of "times a number" and "plus a number".
const FUNCTIONS = {
  square: { f: (u) => u ** 2, df: (u) => 2 * u },
  cube: { f: (u) => u ** 3, df: (u) => 3 * u ** 2 },
  sine: { f: Math.sin, df: Math.cos },
  sigmoid: { f: sigmoid, df: (u) => sigmoid(u) * (1 - sigmoid(u)) },
  tanh: { f: Math.tanh, df: (u) => 1 - Math.tanh(u) ** 2 },
  exp: { f: Math.exp, df: Math.exp },
  times: { f: (u, c) => u * c, df: (u, c) => c },
  plus: { f: (u, c) => u + c, df: () => 1 },
};
const NAMES = {
  square: "square", cube: "cube", sine: "sine", sigmoid: "sigmoid", tanh: "tanh",
  exp: "exponential", times: "times a number", plus: "plus a number",
};
const ARROWS = {
  two: ["u/x", "L/u"], three: ["u/x", "v/u", "L/v"], fork: ["u/x", "w/x", "L/u", "L/w"],
};

const fields = {
  shape: choice("shape", { two: "two functions", three: "three functions", fork: "a fork" }),
  f: choice("function", NAMES), g: choice("function", NAMES), k: choice("function", NAMES),
  join: choice("join", { product: "L = u · w", sum: "L = u + w" }),
  c: amount("number", -5, 5),
  x: amount("x", -3, 3),
  dx: amount("wiggle", -1, 1),
};

export const START = { shape: "three", f: "square", g: "sine", k: "cube", join: "product", c: 3, x: 2, dx: 0.01 };

// Every value at x and at x + dx, each local slope, the slope of each value in x.
export function compute(settings) {
  const { x, dx } = settings;
  const values = valuesAt(settings, x);
  const local = localSlopes(settings, values);
  const slopes = { x: 1 };
  for (const [arrow, slope] of Object.entries(local)) {
    const [after, before] = arrow.split("/");
    slopes[after] = (slopes[after] ?? 0) + slope * slopes[before]; // times along a path, plus at a join
  }
  return { values, nudged: valuesAt(settings, x + dx), local, slopes, slope: slopes.L };
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

function localSlopes({ shape, f, g, k, join, c }, { x, u, v, w }) {
  const [first, second, third] = [f, g, k].map((name) => FUNCTIONS[name].df);
  if (shape === "two") return { "u/x": first(x, c), "L/u": second(u, c) };
  if (shape === "three") return { "u/x": first(x, c), "v/u": second(u, c), "L/v": third(v, c) };
  const product = join === "product";
  return { "u/x": first(x, c), "w/x": second(x, c), "L/u": product ? w : 1, "L/w": product ? u : 1 };
}

// The formula -----------------------------------------------------------------------------------

Object.assign(PIECES, { dLdx: ["\\g{\\partial L/\\partial x}", "∂L/∂x"] });
for (const arrow of new Set(Object.values(ARROWS).flat())) {
  const [after, before] = arrow.split("/");
  PIECES[arrow] = [`\\g{\\partial ${after}/\\partial ${before}}`, `∂${after}/∂${before}`];
}

const PATHS = { two: [["L/u", "u/x"]], three: [["L/v", "v/u", "u/x"]], fork: [["L/u", "u/x"], ["L/w", "w/x"]] };

function formula({ shape }, { local, slope }) {
  const along = (path, sign) => path.map(sign).reduce((left, right) => product(left, right));
  const letters = total(PATHS[shape].map((path) => along(path, (arrow) => piece(arrow))));
  const numbers = total(PATHS[shape].map((path) => along(path, (arrow) => inner(local[arrow], "t-grad"))));
  return shown(equals(piece("dLdx"), letters, numbers, coloured(number(slope), "explorer__value")));
}

// The table: what each value did, and what its slope said it would ----------------------------------

function table({ dx }, { values, nudged, slopes }) {
  const rows = Object.keys(values).map((name) => {
    const measured = nudged[name] - values[name], predicted = slopes[name] * dx;
    return `<tr><th scope="row"><i>${name}</i></th>${[values[name], measured, predicted, measured - predicted]
      .map((value) => `<td>${written(value)}</td>`).join("")}</tr>`;
  });
  return (
    `<table class="explorer__table"><thead><tr><th scope="col">quantity</th><th scope="col">value</th><th scope="col">its change, measured</th><th scope="col">slope times <i>dx</i></th><th scope="col">difference</th></tr></thead><tbody>${rows.join("")}</tbody></table>`);
}

// The element ---------------------------------------------------------------------------------------

const parts = (settings, numbers) => ({ formula: formula(settings, numbers), table: table(settings, numbers) });

export function still(settings, numbers) {
  return Object.values(parts(settings, numbers)).map((html) => `<div>${html}</div>`).join("");
}

class ChainRule extends Explorer {
  name = "chain-rule";
  fields = fields;
  start = START;
  compute = compute;
  parts = parts;

  layout() {
    return `
<div class="explorer__bar">${select(fields, "shape", "Through")}${select(fields, "f", "first")}${select(fields, "g", "second")}${select(fields, "k", "third")}${select(fields, "join", "join")}</div>
<div class="explorer__bar">${slider(fields, "x", "<i>x</i>")}${slider(fields, "dx", "wiggle <i>dx</i>")}${slider(fields, "c", "number")}</div>
<div data-part="formula"></div><div data-part="table" class="explorer__scrolls"></div>`;
  }

  spoken({ dx }, { values, nudged, slope }) {
    return `x moves by ${written(dx)}, L by ${written(nudged.L - values.L)}. The slopes say ${written(slope * dx)}.`;
  }
}

customElements.define("cr-chain-rule", ChainRule);
