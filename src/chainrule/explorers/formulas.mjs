// Formulas with the numbers of this network in them.

import { LEAK, LOSSES } from "./engine.mjs";
import { lowered, raised } from "./numbers.mjs";
import { PIECES, coloured, equals, glued, inner, number, piece, product, together, total } from "./pieces.mjs";

const s0 = "⟦0⟧", s1 = "⟦1⟧";

Object.assign(PIECES, {
  "←": ["\\leftarrow", "←"],
  "→": ["\\to", "→"], "½": ["\\tfrac12", "½"], "2": ["2", "2"],
  L: ["\\loss{L}", "L"], η: ["\\eta", "η"], s: ["s", "s"], "∂": ["\\g{\\partial L/\\partial}", "∂L/∂"],
  "f′": ["f'(" + s0 + ")", "f′(" + s0 + ")"],
  over: ["/" + s0, "/" + s0],
  "|": [",\\quad", ", "],
  square: ["(" + s0 + "-" + s1 + ")^2", "(" + s0 + " − " + s1 + ")²"],
  logistic: ["\\ln(1+e^{" + s0 + "})", "ln(1 + e^" + s0 + ")"],
  exp: ["e^{" + s0 + "}", "e^(" + s0 + ")"],
  ln: ["\\ln(" + s0 + ")", "ln(" + s0 + ")"],
  identity: [s0, s0],
  sigmoid: ["\\sigma(" + s0 + ")", "σ(" + s0 + ")"],
  tanh: ["\\tanh(" + s0 + ")", "tanh(" + s0 + ")"],
  relu: ["\\max(0,\\," + s0 + ")", "max(0, " + s0 + ")"],
  leaky_relu: ["\\max(" + s0 + ",\\," + LEAK + "\\," + s0 + ")", "max(" + s0 + ", " + LEAK + "·" + s0 + ")"],
  softplus: ["\\ln(1+e^{" + s0 + "})", "ln(1 + e^" + s0 + ")"],
  gelu_tanh: ["\\mathrm{GELU}(" + s0 + ")", "GELU(" + s0 + ")"],
  "sigmoid′": [s0 + "\\,(1-" + s0 + ")", s0 + "·(1 − " + s0 + ")"],
  "tanh′": ["1-" + s0 + "^2", "1 − " + s0 + "²"],
  "softplus′": ["\\sigma(" + s0 + ")", "σ(" + s0 + ")"],
  "gelu_tanh′": ["\\mathrm{GELU}'(" + s0 + ")", "GELU′(" + s0 + ")"],
});

const ROLES = { w: "t-weight", b: "t-weight", δ: "t-grad" }; // every other letter is an activation

const BOOK = "2-2-1";

// The letters of a network of these sizes. The 2-2-1 network has those of the book, where neurons
// are counted through: h₁, h₂ and neuron 3. Others say the layer: a⁽²⁾₁. Layer 0 is the input.
export class Names {
  constructor(sizes) {
    this.sizes = sizes;
    this.depth = sizes.length - 1;
    this.book = sizes.join("-") === BOOK;
  }

  // The letter, the index and the layer, the last two empty where nothing needs telling apart.
  parts(letter, k, j, i) {
    const last = k === this.depth;
    if (letter === "a") letter = k === 0 ? "x" : last ? "y" : this.book ? "h" : "a";
    const one = this.sizes[k] === 1;
    if (this.book) {
      const neuron = last && "wbzδ".includes(letter) ? 3 : j + 1;
      const index = letter === "w" ? `${neuron}${i + 1}` : "yt".includes(letter) ? "" : neuron;
      return [letter, String(index), ""];
    }
    const index = letter === "w" ? `${j + 1}${i + 1}` : one ? "" : String(j + 1);
    return [letter, index, "xytp".includes(letter) || this.depth === 1 ? "" : String(k)];
  }

  symbol(letter, k, j, i) {
    const [name, index, layer] = this.parts(letter, k, j, i);
    const scripts = layer && index ? `<span class="scripts">(${layer})<br>${index}</span>`
      : layer ? `<sup>(${layer})</sup>` : index && `<sub>${index}</sub>`;
    return {
      html: `<span class="glued ${ROLES[name] ?? "t-act"}"><i class="mathnormal">${name}</i>${scripts}</span>`,
      text: name + (layer && `⁽${raised(layer)}⁾`) + lowered(index),
    };
  }

  slope(letter, k, j, i) {
    return glued(piece("∂"), this.symbol(letter, k, j, i));
  }

  neuron(k, j) {
    if (this.book) return k === 2 ? "the output neuron" : `hidden neuron ${j + 1}`;
    return this.sizes[k] === 1 ? `the neuron of layer ${k}` : `neuron ${j + 1} of layer ${k}`;
  }
}

// One thing computed -------------------------------------------------------------------------

// `at` says what: {kind, k, j, i}, layers from 1, neurons from 0. `scene` is the pass it belongs to:
// names, settings, step, before and after (the layers of the network), example.
export function valueOf({ kind, k, j, i }, { step, after, again, example }) {
  const layer = step.layers[k - 1];
  switch (kind) {
    case "product": return layer.W[j][i] * layer.a_in[example][i];
    case "z": case "a": case "slope": case "delta": return layer[kind][example][j];
    case "loss": return step.loss;
    case "dL_da": return layer.dL_da[example][j];
    case "path": return step.layers[k].delta[example][i] * step.layers[k].W[i][j];
    case "dW": return layer.dW[j][i];
    case "db": return layer.db[j];
    case "W": return after[k - 1].W[j][i];
    case "b": return after[k - 1].b[j];
    case "y again": return again.y[example][j];
    case "loss again": return again.loss;
  }
}

// The lines that explain it: the formula in letters, with the numbers, and what comes out.
export function explain(at, scene) {
  const { k, j, i, kind } = at;
  const { names, settings, step, example } = scene;
  const layer = step.layers[k - 1];
  const value = coloured(number(valueOf(at, scene)), "player__value");
  const batch = settings.x.length;
  const share = settings.reduction === "mean" && batch > 1 ? [piece("over", batch)] : [];
  const a_in = (unit) => names.symbol("a", k - 1, unit);
  const weight = (to, from, level = k) => names.symbol("w", level, to, from);

  switch (kind) {
    case "product": {
      const w = layer.W[j][i], a = layer.a_in[example][i];
      return equals(product(weight(j, i), a_in(i)),
        product(number(w, "t-weight"), inner(a, "t-act")), value);
    }
    case "z": {
      const bias = layer.b ? [names.symbol("b", k, j)] : [];
      const biasValue = layer.b ? [inner(layer.b[j], "t-weight")] : [];
      return equals(names.symbol("z", k, j),
        total([...layer.W[j].map((_, n) => product(weight(j, n), a_in(n))), ...bias]),
        total([...layer.W[j].map((w, n) =>
          product(n ? inner(w, "t-weight") : number(w, "t-weight"),
            inner(layer.a_in[example][n], "t-act"))), ...biasValue]),
        value);
    }
    case "a": {
      const z = layer.z[example][j];
      return equals(names.symbol("a", k, j), piece(layer.activation, names.symbol("z", k, j)),
        ...(layer.activation === "identity" ? [] : [piece(layer.activation, number(z, "t-act"))]),
        value);
    }
    case "loss": return lossLines(scene);
    case "dL_da":
      return k === names.depth ? lossSlope(at, scene, value, share) : arriving(at, scene, value);
    case "path": {
      const above = step.layers[k];
      return equals(product(names.symbol("δ", k + 1, i), weight(i, j, k + 1)),
        product(number(above.delta[example][i], "t-grad"), inner(above.W[i][j], "t-weight")), value);
    }
    case "slope": return slopeLine(at, scene, value);
    case "delta":
      return equals(names.symbol("δ", k, j),
        product(names.slope("a", k, j), piece("f′", names.symbol("z", k, j))),
        product(number(layer.dL_da[example][j], "t-grad"), inner(layer.slope[example][j])), value);
    case "dW": {
      const terms = layer.delta.map((row, e) =>
        product(e ? inner(row[j], "t-grad") : number(row[j], "t-grad"),
          inner(layer.a_in[e][i], "t-act")));
      const letters = batch === 1 ? [product(names.symbol("δ", k, j), a_in(i))] : [];
      return equals(names.slope("w", k, j, i), ...letters, total(terms), value);
    }
    case "db": {
      const terms = layer.delta.map((row, e) => (e ? inner : number)(row[j], "t-grad"));
      return equals(names.slope("b", k, j),
        ...(batch === 1 ? [names.symbol("δ", k, j)] : [total(terms)]), value);
    }
    case "W": return change(names.symbol("w", k, j, i), names.slope("w", k, j, i),
      layer.W[j][i], layer.dW[j][i], scene, value);
    case "b": return change(names.symbol("b", k, j), names.slope("b", k, j),
      layer.b[j], layer.db[j], scene, value);
    case "y again":
      return together(names.symbol("a", names.depth, j), piece("="),
        number(step.y[example][j], "t-act"), piece("→"), value);
    case "loss again":
      return together(piece("L"), piece("="), number(step.loss, "t-loss"), piece("→"),
        coloured(value, "t-loss"));
  }
}

function change(symbol, slope, old, gradient, { settings }, value) {
  const rate = settings.learning_rate;
  return equals(
    together(symbol, piece("←"), symbol, piece("−"), product(piece("η"), slope)),
    together(number(old, "t-weight"), piece("−"), product(inner(rate), inner(gradient, "t-grad"))),
    value);
}

function arriving({ k, j }, { names, step, example, slip, after }, value) {
  const above = step.layers[k];
  const W = slip === "updated_weights" && after ? after[k].W : above.W;
  return equals(names.slope("a", k, j),
    total(above.W.map((_, m) => product(names.symbol("δ", k + 1, m), names.symbol("w", k + 1, m, j)))),
    total(W.map((row, m) =>
      product((m ? inner : number)(above.delta[example][m], "t-grad"), inner(row[j], "t-weight")))),
    value);
}

function slopeLine({ k, j }, { names, step, example }, value) {
  const { activation, z, a } = step.layers[k - 1];
  const left = piece("f′", names.symbol("z", k, j));
  const [z_j, a_j] = [z[example][j], a[example][j]];
  const name = `${activation}′`;
  if (!PIECES[name]) return equals(left, value); // one of two numbers, nothing to compute
  const ofA = activation === "sigmoid" || activation === "tanh";
  const letter = ofA ? names.symbol("a", k, j) : names.symbol("z", k, j);
  return equals(left, piece(name, letter), piece(name, inner(ofA ? a_j : z_j, "t-act")), value);
}

// The loss of the example that is shown; of a batch, also what becomes of all of them.
function lossLines({ names, settings, step, example }) {
  const { loss, target, reduction, x } = settings;
  const y = step.y[example], t = target[example];
  const depth = names.depth;
  const symbols = y.map((_, j) => [names.symbol("a", depth, j), names.symbol("t", depth, j)]);
  const numbers = y.map((y_j, j) => [number(y_j, "t-act"), inner(t[j], "t-act")]);
  const own = number(LOSSES[loss].f(y, t), "t-loss");
  const line = equals(piece("L"), lossTerms(loss, symbols, y), lossTerms(loss, numbers, y), own);
  if (x.length === 1) return line;
  const each = step.y.map((row, e) => LOSSES[loss].f(row, target[e]));
  const all = total(each.map((one) => number(one, "t-loss")));
  const whole = reduction === "mean" ? together(piece("group", all), piece("over", x.length)) : all;
  return together(line, piece("|"), equals(piece("L"), whole, number(step.loss, "t-loss")));
}

function lossTerms(loss, pairs, y) {
  const squares = total(pairs.map(([y_j, t_j]) => piece("square", y_j, t_j)));
  const bracketed = pairs.length > 1 ? piece("group", squares) : squares;
  switch (loss) {
    case "half_squared_error": return together(piece("½"), bracketed);
    case "squared_error": return squares;
    case "mean_squared_error":
      return y.length > 1 ? glued(bracketed, piece("over", y.length)) : squares;
    case "binary_cross_entropy":
      return total(pairs.map(([y_j, t_j]) =>
        piece("group", together(piece("logistic", y_j), piece("−"), product(t_j, y_j)))));
    case "softmax_cross_entropy": {
      const s = piece("ln", total(pairs.map(([y_j]) => piece("exp", y_j))));
      return total(pairs.map(([y_j, t_j]) =>
        product(t_j, piece("group", together(s, piece("−"), y_j)))));
    }
  }
}

function lossSlope({ k, j }, { names, settings, step, example }, value, share) {
  const { loss, target } = settings;
  const y = step.y[example], t = target[example];
  const probabilities = LOSSES[loss].probabilities?.(y);
  const letter = names.symbol(probabilities ? "p" : "a", k, j);
  const half = loss === "half_squared_error" || probabilities;
  const outputs = loss === "mean_squared_error" && y.length > 1 ? [piece("over", y.length)] : [];
  const write = (left, right) => {
    const difference = together(left, piece("−"), right);
    if (half && !share.length) return difference;
    return glued(...(half ? [] : [piece("2")]), piece("group", difference), ...outputs, ...share);
  };
  const numbers = write(number((probabilities ?? y)[j], "t-act"), inner(t[j], "t-act"));
  return equals(names.slope("a", k, j), write(letter, names.symbol("t", k, j)), numbers, value);
}
