// The engine of the explorers: the trace of `chainrule.trace`, computed in the reader's browser.
//
// Names, shapes and conventions are those of the reference: W (n_out, n_in), one example a row,
// delta = dL/dz, and loss, delta and gradients include the reduction over the batch. Nothing here
// knows of a page. An overflow is not an error but a state: the trace says where it stopped.

export const LEAK = 0.01;
const GELU_SCALE = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;

const sigmoid = (z) => 0.5 * (1 + Math.tanh(0.5 * z));
const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
const gate = (z) => Math.tanh(GELU_SCALE * (z + GELU_CUBIC * z ** 3));
const gateSlope = (z) => (1 - gate(z) ** 2) * GELU_SCALE * (1 + 3 * GELU_CUBIC * z * z);

// f(z) is the activation; df(z, a) its slope at z, given a = f(z).
export const ACTIVATIONS = {
  identity: { f: (z) => z, df: () => 1 },
  sigmoid: { f: sigmoid, df: (z, a) => a * (1 - a) },
  tanh: { f: Math.tanh, df: (z, a) => 1 - a * a },
  relu: { f: (z) => (z > 0 ? z : 0), df: (z) => (z > 0 ? 1 : 0) },
  leaky_relu: { f: (z) => (z > 0 ? z : LEAK * z), df: (z) => (z > 0 ? 1 : LEAK) },
  softplus: { f: softplus, df: (z) => sigmoid(z) },
  gelu_tanh: {
    f: (z) => 0.5 * z * (1 + gate(z)),
    df: (z) => 0.5 * (1 + gate(z)) + 0.5 * z * gateSlope(z),
  },
};

export const sum = (values) => values.reduce((total, value) => total + value, 0);

function logSumExp(logits) {
  const largest = Math.max(...logits);
  return largest + Math.log(sum(logits.map((z) => Math.exp(z - largest))));
}

function softmax(logits) {
  const s = logSumExp(logits);
  return logits.map((z) => Math.exp(z - s));
}

// f(y, t) is the loss of one example, df(y, t) its slope in each output. `probabilities` says what
// the outputs stand for where a loss takes logits.
export const LOSSES = {
  half_squared_error: {
    f: (y, t) => 0.5 * sum(y.map((y_j, j) => (y_j - t[j]) ** 2)),
    df: (y, t) => y.map((y_j, j) => y_j - t[j]),
  },
  squared_error: {
    f: (y, t) => sum(y.map((y_j, j) => (y_j - t[j]) ** 2)),
    df: (y, t) => y.map((y_j, j) => 2 * (y_j - t[j])),
  },
  mean_squared_error: {
    f: (y, t) => sum(y.map((y_j, j) => (y_j - t[j]) ** 2)) / y.length,
    df: (y, t) => y.map((y_j, j) => (2 * (y_j - t[j])) / y.length),
  },
  binary_cross_entropy: {
    f: (y, t) => sum(y.map((y_j, j) => softplus(y_j) - t[j] * y_j)),
    df: (y, t) => y.map((y_j, j) => sigmoid(y_j) - t[j]),
    probabilities: (y) => y.map(sigmoid),
  },
  softmax_cross_entropy: {
    f: (y, t) => {
      const s = logSumExp(y);
      return sum(y.map((y_j, j) => t[j] * (s - y_j)));
    },
    df: (y, t) => softmax(y).map((p, j) => p * sum(t) - t[j]),
    probabilities: softmax,
  },
};

export const REDUCTIONS = { sum: () => 1, mean: (batchSize) => 1 / batchSize };

// One line for each thing that is done; a slip of the catalogue exchanges one of them.
const RIGHT = {
  z: (W_j, a_in, b_j) => sum(W_j.map((w, i) => w * a_in[i])) + b_j,
  a: (activation, z) => activation.f(z),
  dL_dy: (loss, y, t) => loss.df(y, t),
  delta: (dL_da, slope) => dL_da * slope,
  dW: (delta_j, a_in) => delta_j * a_in,
  db: (delta_j) => delta_j,
  passedDown: (delta, W, i) => sum(delta.map((delta_j, j) => delta_j * W[j][i])),
  W: (w, rate, dw) => w - rate * dw,
  b: (b, rate, db) => b - rate * db,
};

export const SLIPS = {
  bias_not_added: { z: (W_j, a_in) => sum(W_j.map((w, i) => w * a_in[i])) },
  activation_not_applied: { a: (activation, z) => z },
  reversed_error: { dL_dy: (loss, y, t) => loss.df(y, t).map((slope) => -slope) },
  missing_activation_derivative: { delta: (dL_da) => dL_da },
  slope_twice: { delta: (dL_da, slope) => dL_da * slope * slope },
  slope_added: { delta: (dL_da, slope) => dL_da + slope },
  dropped_input: { dW: (delta_j) => delta_j },
  bias_gradient_forgotten: { db: () => 0 },
  dropped_weight: { passedDown: (delta) => sum(delta) },
  one_path_only: { passedDown: (delta, W, i) => delta[0] * W[0][i] },
  updated_weights: {
    passedDown: (delta, W, i, dW, rate) =>
      sum(delta.map((delta_j, j) => delta_j * (W[j][i] - rate * dW[j][i]))),
  },
  learning_rate_forgotten: { W: (w, rate, dw) => w - dw, b: (b, rate, db) => b - db },
  step_uphill: { W: (w, rate, dw) => w + rate * dw, b: (b, rate, db) => b + rate * db },
  bias_not_updated: { b: (b) => b },
};
const REVERSIBLE = ["half_squared_error"];

// What a slip does, beside the numbers that it makes wrong itself; those after them follow from these.
export const SLIP_DOES = {
  bias_not_added: { z: "leaves the bias out" },
  activation_not_applied: { a: "passes the pre-activation on as it is" },
  reversed_error: { "dL_da top": "takes the target minus the output" },
  missing_activation_derivative: { delta: "leaves the slope out" },
  slope_twice: { delta: "multiplies by the slope twice" },
  slope_added: { delta: "adds the slope" },
  dropped_input: { dW: "leaves the input out" },
  bias_gradient_forgotten: { db: "takes 0" },
  dropped_weight: { dL_da: "leaves the weights out" },
  one_path_only: { dL_da: "keeps the first path only" },
  updated_weights: { dL_da: "goes back through the new weights" },
  learning_rate_forgotten: { W: "leaves the learning rate out", b: "leaves the learning rate out" },
  step_uphill: { W: "adds instead of subtracting", b: "adds instead of subtracting" },
  bias_not_updated: { b: "leaves the bias as it was" },
};

// Whether a slip can be made with these settings: some belong to one loss.
export function slipApplies(slip, settings) {
  return slip !== "reversed_error" || REVERSIBLE.includes(settings.loss);
}

// One record a layer, first layer first.
export function forward(layers, x, lines = RIGHT) {
  const tape = [];
  let a_in = x;
  for (const { W, b, activation } of layers) {
    const z = a_in.map((row) => W.map((W_j, j) => lines.z(W_j, row, b ? b[j] : 0)));
    const a = z.map((row) => row.map((z_j) => lines.a(ACTIVATIONS[activation], z_j)));
    tape.push({ a_in, z, a });
    a_in = a;
  }
  return tape;
}

export function lossOf({ loss, reduction, target }, y) {
  return sum(y.map((row, e) => LOSSES[loss].f(row, target[e]))) * REDUCTIONS[reduction](y.length);
}

// For each layer what arrives (dL_da), the slope, delta, dW and db.
export function backward(layers, tape, dL_dy, lines = RIGHT, rate = 0) {
  const gradients = [];
  let dL_da = dL_dy;
  for (let k = layers.length - 1; k >= 0; k--) {
    const { W, b, activation } = layers[k];
    const { a_in, z, a } = tape[k];
    const slope = z.map((row, e) => row.map((z_j, j) => ACTIVATIONS[activation].df(z_j, a[e][j])));
    const delta = dL_da.map((row, e) => row.map((arrived, j) => lines.delta(arrived, slope[e][j])));
    const dW = W.map((W_j, j) =>
      W_j.map((_, i) => sum(delta.map((row, e) => lines.dW(row[j], a_in[e][i])))));
    const db = b && b.map((_, j) => sum(delta.map((row) => lines.db(row[j]))));
    gradients.unshift({ dL_da, slope, delta, dW, db });
    dL_da = delta.map((row) => W[0].map((_, i) => lines.passedDown(row, W, i, dW, rate)));
  }
  return gradients;
}

export function updated(layers, gradients, settings, lines = RIGHT) {
  const rate = settings.learning_rate;
  return layers.map(({ W, b, activation }, k) => {
    const { dW, db } = gradients[k];
    return {
      W: W.map((W_j, j) => W_j.map((w, i) => lines.W(w, rate, dW[j][i]))),
      b: b && settings.update_biases ? b.map((b_j, j) => lines.b(b_j, rate, db[j])) : b,
      activation,
    };
  });
}

// The trace of the reference, with the batch always as rows. Beside what the reference says, each
// layer of a step has `dL_da` and `slope`. `stopped` names what overflowed first, if anything did:
// the steps before it stand. `derived` is the function SymPy made for the 2-2-1 network.
export function trace(settings, { slip = "", derived = null } = {}) {
  const lines = { ...RIGHT, ...SLIPS[slip] };
  const pass = derived && !slip && isDemo(settings) ? derivedPass(derived) : handPass(lines);
  const steps = [];
  let layers = settings.layers;
  for (let number = 1; number <= settings.steps; number++) {
    const step = pass(settings, layers);
    const overflow = overflowOf(step);
    if (overflow) return { settings, steps, final: null, stopped: { step: number, ...overflow } };
    steps.push(step);
    layers = updated(layers, step.layers, settings, lines);
    const grown = layers.findIndex(({ W, b }) => ![...W.flat(), ...(b ?? [])].every(isFinite));
    if (grown >= 0)
      return { settings, steps, final: null, stopped: { step: number, layer: grown, name: "W" } };
  }
  const tape = forward(layers, settings.x, lines);
  const final = { layers, tape, y: tape.at(-1).a, loss: lossOf(settings, tape.at(-1).a) };
  const overflow = overflowOf({ layers: tape, loss: final.loss });
  if (overflow)
    return { settings, steps, final: null, stopped: { step: settings.steps + 1, ...overflow } };
  return { settings, steps, final, stopped: null };
}

function handPass(lines) {
  return (settings, layers) => {
    const { x, target, loss, reduction, learning_rate } = settings;
    const tape = forward(layers, x, lines);
    const y = tape.at(-1).a;
    const share = REDUCTIONS[reduction](x.length);
    const dL_dy = y.map((row, e) =>
      lines.dL_dy(LOSSES[loss], row, target[e]).map((slope) => slope * share));
    const gradients = backward(layers, tape, dL_dy, lines, learning_rate);
    return {
      layers: layers.map((layer, k) => ({ ...tape[k], ...gradients[k], ...layer })),
      y,
      loss: lossOf(settings, y),
    };
  };
}

// What is not a number any more, in the order in which it was computed.
function overflowOf({ layers, loss }) {
  const finite = (values) => !values || values.flat().every(Number.isFinite);
  for (const [k, layer] of layers.entries())
    for (const name of ["z", "a"]) if (!finite(layer[name])) return { layer: k, name };
  if (!Number.isFinite(loss)) return { layer: null, name: "loss" };
  for (let k = layers.length - 1; k >= 0; k--)
    for (const name of ["delta", "dW", "db"])
      if (!finite(layers[k][name])) return { layer: k, name };
  return null;
}

// The 2-2-1 network of the book: one example, sigmoids, half squared error. -------------------

export function isDemo({ layers, loss, x }) {
  return (
    layers.length === 2 && layers[0].W[0].length === 2 && layers[0].W.length === 2 &&
    layers[1].W.length === 1 && layers.every((l) => l.b && l.activation === "sigmoid") &&
    loss === "half_squared_error" && x.length === 1
  );
}

// One pass by the derived function, its quantities put where the trace has them.
function derivedPass(derived) {
  return ({ x: [[x1, x2]], target: [[t]] }, layers) => {
    const [{ W: [[w11, w12], [w21, w22]], b: [b1, b2] }, { W: [[w31, w32]], b: [b3] }] = layers;
    const q = derived(x1, x2, t, w11, w12, w21, w22, b1, b2, w31, w32, b3);
    const hidden = {
      a_in: [[x1, x2]], z: [[q.z1, q.z2]], a: [[q.h1, q.h2]],
      dL_da: [[q.dL_dh1, q.dL_dh2]], slope: [[q.h1 * (1 - q.h1), q.h2 * (1 - q.h2)]],
      delta: [[q.dL_dz1, q.dL_dz2]],
      dW: [[q.dL_dw11, q.dL_dw12], [q.dL_dw21, q.dL_dw22]], db: [q.dL_db1, q.dL_db2],
    };
    const output = {
      a_in: hidden.a, z: [[q.z3]], a: [[q.y]], dL_da: [[q.dL_dy]], slope: [[q.y * (1 - q.y)]],
      delta: [[q.dL_dz3]], dW: [[q.dL_dw31, q.dL_dw32]], db: [q.dL_db3],
    };
    return {
      layers: [{ ...hidden, ...layers[0] }, { ...output, ...layers[1] }],
      y: output.a,
      loss: q.L,
    };
  };
}

// What is worth a word about one pass --------------------------------------------------------

const SQUASHING = ["sigmoid", "tanh"];
const CUT_OFF = ["relu"];
export const FLAT = 0.01; // a slope below this passes less than a hundredth on
export const VANISHED = 1e-3; // of the gradient at the top

// Neurons that pass no gradient on for any example, and a gradient that is lost on the way down.
export function findings({ layers }) {
  const found = [];
  for (const [k, { slope, activation, W }] of layers.entries())
    for (let j = 0; j < W.length; j++) {
      const slopes = slope.map((row) => row[j]);
      if (CUT_OFF.includes(activation) && slopes.every((s) => s === 0))
        found.push({ state: "dead", layer: k, unit: j });
      if (SQUASHING.includes(activation) && slopes.every((s) => s < FLAT))
        found.push({ state: "saturated", layer: k, unit: j, slope: Math.max(...slopes) });
    }
  const norm = ({ dW }) => Math.hypot(...dW.flat());
  const [first, last] = [norm(layers[0]), norm(layers.at(-1))];
  if (last === 0) found.push({ state: "no gradient" });
  else if (first / last < VANISHED) found.push({ state: "vanished", share: first / last });
  return found;
}
