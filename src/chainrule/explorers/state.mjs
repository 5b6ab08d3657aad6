// What the reader has set: checked wherever it comes from, and written into the address.

import { ACTIVATIONS, LOSSES, REDUCTIONS, SLIPS } from "./engine.mjs";
import { LARGEST, Mistake, between, generator, numberIn, oneOf, range } from "./numbers.mjs";
import { GRAINS, sizesOf, words } from "./steps.mjs";

export const LIMITS = { layers: 6, units: 8, examples: 16, updates: 1000, size: LARGEST };

// A spec of the command line as settings: examples as rows, defaults filled in.
export function settingsOf(spec) {
  const rows = (values) => (Array.isArray(values[0]) ? values : [values]);
  return checked({
    layers: spec.layers.map(({ W, b = null, activation }) => ({ W, b, activation })),
    loss: spec.loss, reduction: spec.reduction ?? "sum",
    x: rows(spec.x), target: rows(spec.target),
    learning_rate: spec.learning_rate, steps: spec.steps ?? 1,
    update_biases: spec.update_biases ?? true,
  });
}

// The settings as they came, if all is well with them; otherwise a Mistake.
export function checked(settings) {
  const { layers, x, target, loss, reduction } = settings;
  between(layers.length, 1, LIMITS.layers, "sizes", "The number of layers");
  for (const size of sizesOf(layers)) between(size, 1, LIMITS.units, "sizes", "The neurons of a layer");
  for (const [k, { W, b, activation }] of layers.entries()) {
    oneOf(activation, ACTIVATIONS, `activation.${k}`, "activation");
    const n_in = sizesOf(layers)[k];
    if (W.some((row) => row.length !== n_in) || (b && b.length !== W.length))
      throw new Mistake("sizes", `The weights of layer ${k + 1} do not fit its size.`);
  }
  oneOf(loss, LOSSES, "loss", "loss");
  oneOf(reduction, REDUCTIONS, "reduction", "reduction");
  between(x.length, 1, LIMITS.examples, "examples", "The number of examples");
  if (target.length !== x.length) throw new Mistake("examples", "Every example needs a target.");
  const sizes = sizesOf(layers);
  if (x.some((row) => row.length !== sizes[0]) || target.some((row) => row.length !== sizes.at(-1)))
    throw new Mistake("examples", "Every example needs one number for each input and each output.");
  for (const values of [x, target, ...layers.map(({ W }) => W), ...layers.map(({ b }) => b ?? [])])
    for (const value of values.flat())
      if (typeof value !== "number" || !(Math.abs(value) <= LIMITS.size))
        throw new Mistake("numbers", "Every number must be at most a million, up or down.");
  if (!(settings.learning_rate >= 0 && settings.learning_rate <= LIMITS.size))
    throw new Mistake("learning_rate", "The learning rate must be a number of at least 0.");
  between(settings.steps, 1, LIMITS.updates, "steps", "The number of updates");
  if (LOSSES[loss].probabilities) checkLogits(settings);
  return settings;
}

// Two losses hold their own squashing: they want logits, and targets that are probabilities.
function checkLogits({ layers, loss, target }) {
  if (layers.at(-1).activation !== "identity")
    throw new Mistake("loss", `The ${words(loss)} takes logits: the last activation must be identity.`);
  for (const row of target) {
    if (row.some((t) => t < 0 || t > 1))
      throw new Mistake("t", `With the ${words(loss)} a target is a probability from 0 to 1.`);
    const total = row.reduce((a, b) => a + b, 0);
    if (loss === "softmax_cross_entropy" && Math.abs(total - 1) > 1e-6)
      throw new Mistake("t", "With the softmax cross entropy the targets of an example add up to 1.");
  }
}

// Another shape: what fits is kept, the rest is drawn from a seed, the same every time.
export function reshaped(settings, sizes) {
  const draw = generator(sizes.reduce((seed, n) => seed * 31 + n, 7));
  const layers = sizes.slice(1).map((n_out, k) => {
    const old = settings.layers[k], n_in = sizes[k];
    const reach = Math.sqrt(6 / (n_in + n_out));
    const fresh = () => Math.round((2 * draw() - 1) * reach * 100) / 100;
    const grid = (value) => range(n_out).map((j) => range(n_in).map((i) => value(j, i)));
    const W = grid((j, i) => {
      const drawn = fresh();
      return old?.W[j]?.[i] ?? drawn;
    });
    const b = old && !old.b ? null : range(n_out).map((j) => old?.b[j] ?? 0);
    return { W, b, activation: (old ?? settings.layers.at(-1)).activation };
  });
  const fit = (row, n) => range(n).map((i) => row[i] ?? 0.5);
  const softmax = settings.loss === "softmax_cross_entropy";
  const target = settings.target.map((row) => fit(row, sizes.at(-1)));
  return {
    ...settings, layers,
    x: settings.x.map((row) => fit(row, sizes[0])),
    target: softmax ? target.map((row) => row.map((_, j) => (j === 0 ? 1 : 0))) : target,
  };
}

// The address --------------------------------------------------------------------------------

// "#p=demo&at=7" for a preset as it is; otherwise sizes, activations, weights and data, so that a
// person can read it: n=2-2-1, w=0.15,0.2,…:0.35,0.35/… with the biases of a layer behind a colon.
export function toAddress(settings, view, preset, presets) {
  const fields = preset ? { p: preset } : {
    n: sizesOf(settings.layers).join("-"),
    f: settings.layers.map((l) => l.activation).join("."),
    w: settings.layers.map(({ W, b }) => `${W.flat().join(",")}:${b ? b.join(",") : ""}`).join("/"),
    x: settings.x.map((row) => row.join(",")).join("/"),
    t: settings.target.map((row) => row.join(",")).join("/"),
    l: settings.loss, r: settings.reduction, e: settings.learning_rate, k: settings.steps,
    ...(settings.update_biases ? {} : { fixed: 1 }),
  };
  const { update, position, grain, example, slip } = view;
  const seen = { u: update, at: position, by: grain === "neuron" ? 0 : grain, ex: example, slip };
  for (const [name, value] of Object.entries(seen)) if (value) fields[name] = value;
  if (preset && slip === presets[preset].slip) delete fields.slip;
  else if (preset && !slip) fields.slip = "none";
  return "#" + Object.entries(fields).map(([name, value]) => `${name}=${value}`).join("&");
}

// Back again: {settings, view, preset}; null for an address that is not ours. Raises Mistake.
export function fromAddress(hash, presets) {
  let text;
  try {
    text = decodeURIComponent(hash);
  } catch {
    throw new Mistake("address", "The address is damaged.");
  }
  if (!/^#(p|n)=/.test(text)) return null;
  const fields = Object.fromEntries(text.slice(1).split("&").map((part) => {
    const cut = part.indexOf("=");
    return [part.slice(0, cut), part.slice(cut + 1)];
  }));
  const whole = (name, most) =>
    name in fields ? between(Number(fields[name]), 0, most, "address", `“${name}” in the address`) : 0;
  const view = {
    update: whole("u", LIMITS.updates - 1), position: whole("at", 1e5), example: whole("ex", LIMITS.examples - 1),
    grain: oneOf(fields.by ?? "neuron", GRAINS, "address", "size of a step"),
    slip: (fields.slip ?? "none") === "none" ? "" : oneOf(fields.slip, SLIPS, "address", "slip"),
  };
  if (fields.p) {
    const preset = oneOf(fields.p, presets, "address", "network");
    const { spec, slip } = presets[preset];
    return { settings: settingsOf(spec), view: "slip" in fields ? view : { ...view, slip }, preset };
  }
  return { settings: checked(settingsIn(fields)), view, preset: "" };
}

function settingsIn(fields) {
  for (const name of ["n", "f", "w", "x", "t", "l", "e"])
    if (!(name in fields)) throw new Mistake("address", `The address is damaged: “${name}” is missing.`);
  const numbers = (text) => text.split(",").map((part) => numberIn(part, "address"));
  const sizes = fields.n.split("-").map(Number);
  between(sizes.length - 1, 1, LIMITS.layers, "address", "The number of layers");
  for (const size of sizes) between(size, 1, LIMITS.units, "address", "The neurons of a layer");
  const activations = fields.f.split("."), weights = fields.w.split("/");
  if (activations.length !== sizes.length - 1 || weights.length !== sizes.length - 1)
    throw new Mistake("address", "The address is damaged: its layers do not match.");
  const layers = weights.map((text, k) => {
    const [W, b] = text.split(":");
    const flat = numbers(W), n_in = sizes[k];
    if (flat.length !== n_in * sizes[k + 1])
      throw new Mistake("address", `The address is damaged: layer ${k + 1} has not the right number of weights.`);
    const rows = range(sizes[k + 1]).map((j) => flat.slice(j * n_in, (j + 1) * n_in));
    return { W: rows, b: b ? numbers(b) : null, activation: activations[k] };
  });
  return {
    layers, x: fields.x.split("/").map(numbers), target: fields.t.split("/").map(numbers),
    loss: fields.l, reduction: fields.r ?? "sum", learning_rate: numberIn(fields.e, "address"),
    steps: "k" in fields ? Number(fields.k) : 1, update_biases: !fields.fixed,
  };
}
