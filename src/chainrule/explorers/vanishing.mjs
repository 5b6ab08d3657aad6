// <cr-vanishing>: how the gradient fares on its way down a deep network.

import { chart, decades, few } from "./chart.mjs";
import { backward, forward, sum } from "./engine.mjs";
import { Explorer, amount, button, checkbox, choice, field, select, slider, toTry, toggle } from "./explorer.mjs";
import { generator, written } from "./numbers.mjs";

export const START = { depth: 20, width: 24, activation: "sigmoid", gain: 1, residual: false, seed: 1 };
const QUARTER = 0.25; // a layer, as is said of sigmoids
const LEVEL = 10; // times more or less, within which the gradient is said to keep its size

// The numbers --------------------------------------------------------------------------------

// Everything is drawn from the seed in this order: the input, the gradient to send back, and the
// weights, first layer first. So the layers stay what they are when there are more of them.
export function startOf({ depth, width, activation, gain, seed }) {
  const draw = generator(seed), spread = Math.sqrt(3); // uniform up to √3 has variance 1
  const row = (reach) => Array.from({ length: width }, () => reach * (2 * draw() - 1));
  const x = [row(spread)], dL_dy = [row(spread)];
  const reach = (gain * spread) / Math.sqrt(width);
  const layers = Array.from({ length: depth }, () => ({
    W: Array.from({ length: width }, () => row(reach)), b: Array(width).fill(0), activation,
  }));
  return { layers, x, dL_dy };
}

// In every layer, first layer first: how long delta is, and how long dL/dW.
export function compute(settings) {
  const { layers, x, dL_dy } = startOf(settings);
  const gradients = settings.residual ? pastAndThrough(layers, x, dL_dy)
    : backward(layers, forward(layers, x), dL_dy);
  return {
    delta: gradients.map(({ delta }) => lengthOf(delta)),
    dW: gradients.map(({ dW }) => lengthOf(dW)),
  };
}

const lengthOf = (rows) => Math.sqrt(sum(rows.map((row) => sum(row.map((v) => v * v)))));

// With residual connections a layer adds what it computes to what it was given, so the gradient
// comes down twice: past the layer, and through it.
function pastAndThrough(layers, x, dL_dy) {
  const plus = (one, other) => one.map((row, e) => row.map((v, i) => v + other[e][i]));
  const tape = [];
  let a = x;
  for (const layer of layers) {
    const [record] = forward([layer], a);
    tape.push(record);
    a = plus(a, record.a);
  }
  const gradients = [];
  let dL_da = dL_dy;
  for (let k = layers.length - 1; k >= 0; k--) {
    const [gradient] = backward([layers[k]], [tape[k]], dL_da);
    gradients.unshift(gradient);
    dL_da = plus(dL_da, [throughWeights(layers[k].W, gradient.delta[0])]);
  }
  return gradients;
}

const throughWeights = (W, delta) => W[0].map((_, i) => sum(W.map((W_j, j) => delta[j] * W_j[i])));

// What is to be seen ---------------------------------------------------------------------------

// How much of the gradient is left in each layer, of what there was in the last.
const shares = ({ delta }) => delta.map((length) => length / delta.at(-1));

// The factor of one layer, on average.
const factor = (left) => left[0] ** (1 / (left.length - 1));

// Where nothing is left any more, coming from above; 0 if something always is.
const lost = ({ delta }) => delta.findLastIndex((length) => length === 0) + 1;

function sentence({ depth }, numbers) {
  const layer = lost(numbers);
  if (layer === depth)
    return "Every neuron of the last layer has slope 0, so no gradient enters the network. With ReLUs that happens when one layer gives nothing but zeros: then all above it do.";
  if (layer)
    return `In layer ${layer} every neuron has slope 0. It passes nothing on, so no layer below learns anything.`;
  const left = shares(numbers), all = left[0];
  const folklore = `A quarter for each layer would be ${written(QUARTER ** (depth - 1), 2)}.`;
  const each = `${written(factor(left), 3)} for each layer`;
  if (all > LEVEL) return `From layer ${depth} down to layer 1 the gradient grows to ${written(all, 2)} times its size: ${each}. ${folklore}`;
  if (all < 1 / LEVEL) return `From layer ${depth} down to layer 1 the gradient shrinks to ${written(all, 2)} of its size: ${each}. ${folklore}`;
  return `From layer ${depth} down to layer 1 the gradient keeps about its size, ${written(all, 2)} of it: ${each}. ${folklore}`;
}

function falling(settings, numbers, wide) {
  const { depth } = settings, layers = numbers.delta.map((_, k) => k + 1);
  const measured = lost(numbers) === depth ? layers.map(() => 0) : shares(numbers);
  const folklore = layers.map((layer) => QUARTER ** (depth - layer));
  const seen = [...measured, ...folklore].filter((share) => share > 0);
  const points = (values) => values.map((v, k) => [layers[k], Math.log10(v)]); // of 0: nowhere
  return chart({
    wide, high: Math.round(Math.min(340, 200 + wide / 5)),
    x: { from: 1, to: depth, title: "layer", ticks: few(1, depth, wide / 60).map((k) => [k, k]) },
    y: { ...decades(Math.min(...seen), Math.max(...seen)), title: `size of the error, that of layer ${depth} being 1` },
    curves: [
      { role: "muted", dash: 1, points: points(folklore), text: "¼ for each layer" },
      { role: "gradient", dots: true, points: points(measured), text: "measured" },
    ],
    label: `The size of the error in each layer, on a logarithmic axis. ${sentence(settings, numbers)}`,
  });
}

function table({ depth }, numbers) {
  const left = shares(numbers);
  const rows = numbers.delta.map((length, k) => {
    const cells = [length, numbers.dW[k], left[k], QUARTER ** (depth - 1 - k)];
    return `<tr><th scope="row">${k + 1}</th>${cells.map((v) => `<td>${Number.isFinite(v) ? written(v, 3) : "–"}</td>`).join("")}</tr>`;
  });
  const heads = ["layer", "length of the error <i>δ</i>", "length of ∂<i>L</i>/∂<i>W</i>", "error, of that in the last layer", "¼ for each layer"];
  return (
    `<table class="explorer__table"><thead><tr>${heads.map((text) => `<th scope="col">${text}</th>`).join("")}</tr></thead>` +
    `<tbody>${rows.reverse().join("")}</tbody></table>`);
}

export function still(settings, numbers) {
  return (
    `<p>Twenty layers of sigmoids, as they are usually started. ${sentence(settings, numbers)}</p>` +
    `<div class="wide">${falling(settings, numbers, 680)}</div><div class="narrow">${falling(settings, numbers, 320)}</div>` +
    `<div class="explorer__scrolls">${table(settings, numbers)}</div>`);
}

// The element ----------------------------------------------------------------------------------

const NAMES = {
  sigmoid: "sigmoid", tanh: "tanh", relu: "ReLU", leaky_relu: "leaky ReLU",
  softplus: "softplus", gelu_tanh: "GELU", identity: "none",
};
const fields = {
  depth: amount("depth", 2, 40, { step: 1, whole: true }),
  width: amount("width", 1, 24, { step: 1, whole: true }),
  activation: choice("activation", NAMES),
  gain: amount("gain", 0.05, 20, { log: true }),
  residual: toggle("residual connections"),
  seed: amount("seed", 0, 9999, { step: 1, whole: true }),
};

// Worth a look: what it is called, and what of START is different.
const TRIES = {
  "Sigmoid at gain 1": {},
  "Sigmoid, larger weights": { gain: 4 },
  "A sigmoid that explodes": { gain: 16 },
  "tanh, kept level": { activation: "tanh", gain: 1.4 },
  "ReLU at gain 1": { activation: "relu" },
  "ReLU at √2": { activation: "relu", gain: 1.41 },
  "Sigmoid, residual": { residual: true },
  "ReLU, residual": { activation: "relu", residual: true },
};

class Vanishing extends Explorer {
  name = "vanishing";
  fields = fields;
  start = START;
  compute = compute;
  tries = TRIES;

  wake() {
    super.wake();
    this.part("details").addEventListener("toggle", () => this.draw());
    new ResizeObserver(() => this.wide !== widthOf(this) && this.draw()).observe(this);
  }

  parts(settings, numbers) {
    this.wide = widthOf(this);
    const open = this.part("details").open;
    return {
      sentence: sentence(settings, numbers),
      chart: falling(settings, numbers, this.wide),
      table: open ? table(settings, numbers) : "",
    };
  }

  layout() {
    return `
<div class="explorer__bar">${toTry(TRIES, "Network")}</div>
<div class="explorer__bar">${select(fields, "activation", "activation")}${checkbox(fields, "residual", "residual connections")}${field("seed", "seed")}${button("another", "Another seed")}</div>
<div class="explorer__bar">${slider(fields, "gain", "gain")}${slider(fields, "depth", "layers")}${slider(fields, "width", "neurons in each")}</div>
<p data-part="sentence"></p>
<div data-part="chart"></div>
<details class="explorer__fold"><summary>Every layer as a table</summary><div data-part="table" class="explorer__scrolls" tabindex="0" role="group" aria-label="Every layer"></div></details>`;
  }

  does() {
    this.change({ seed: (this.settings.seed + 1) % 10000 });
  }

  spoken(settings, numbers) {
    return sentence(settings, numbers);
  }
}

const widthOf = (element) => Math.max(280, Math.min(760, Math.round(element.clientWidth)));

customElements.define("cr-vanishing", Vanishing);
