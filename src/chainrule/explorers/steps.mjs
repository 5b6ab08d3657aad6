// The order in which a careful person works one update: forward, loss, backward, update, and the
// loss again. A step does one or several things ("atoms"); how many is the reader's choice.

import { Names } from "./formulas.mjs";
import { range } from "./numbers.mjs";

export const PHASES = ["forward", "loss", "backward", "update", "again"];
export const GRAINS = { path: "each path", neuron: "each neuron", layer: "each layer" };

export const sizesOf = (layers) => [layers[0].W[0].length, ...layers.map(({ W }) => W.length)];
export const keyOf = ({ kind, k = 0, j = 0, i = 0 }) => `${kind}.${k}.${j}.${i}`;

// Every step of one update, in order: {phase, title, atoms}.
export function stepsOf({ layers, update_biases }, grain) {
  const sizes = sizesOf(layers);
  const names = new Names(sizes);
  const depth = layers.length;
  const steps = [];
  const add = (phase, title, atoms) => steps.push({ phase, title, atoms });

  // One layer in one phase: `work(j)` gives the groups of atoms of a neuron, each with its title.
  const layer = (phase, k, doing, work) => {
    const groups = range(sizes[k]).flatMap(work);
    if (grain === "layer")
      return add(phase, `${doing} of layer ${k}`, groups.flatMap(([, atoms]) => atoms)
        .filter(({ kind }) => kind !== "product" && kind !== "path"));
    for (const [title, atoms] of groups) {
      const short = atoms.filter(({ kind }) => kind !== "product" && kind !== "path");
      if (grain === "neuron") add(phase, title, short);
      else for (const atom of atoms) add(phase, title, [atom]);
    }
  };

  for (let k = 1; k <= depth; k++)
    layer("forward", k, "Activations", (j) => [[
      `Forward through ${names.neuron(k, j)}`,
      [...range(sizes[k - 1]).map((i) => ({ kind: "product", k, j, i })),
        { kind: "z", k, j }, { kind: "a", k, j }],
    ]]);
  add("loss", "The loss", [{ kind: "loss" }]);
  for (let k = depth; k >= 1; k--)
    layer("backward", k, "Errors and gradients", (j) => [
      [`The error of ${names.neuron(k, j)}`,
        [...(k < depth ? range(sizes[k + 1]).map((i) => ({ kind: "path", k, j, i })) : []),
          { kind: "dL_da", k, j }, { kind: "slope", k, j }, { kind: "delta", k, j }]],
      [`Gradients of ${names.neuron(k, j)}`,
        [...range(sizes[k - 1]).map((i) => ({ kind: "dW", k, j, i })),
          ...(layers[k - 1].b ? [{ kind: "db", k, j }] : [])]],
    ]);
  for (let k = 1; k <= depth; k++)
    layer("update", k, "New weights", (j) => [[
      `New weights of ${names.neuron(k, j)}`,
      [...range(sizes[k - 1]).map((i) => ({ kind: "W", k, j, i })),
        ...(layers[k - 1].b && update_biases ? [{ kind: "b", k, j }] : [])],
    ]]);
  add("again", "The loss again, with the new weights",
    [...range(sizes[depth]).map((j) => ({ kind: "y again", k: depth, j })), { kind: "loss again" }]);
  return steps;
}

// What the reader can already know after the step at `position`: its keys.
export function knownAt(steps, position) {
  return new Set(steps.slice(0, position + 1).flatMap(({ atoms }) => atoms.map(keyOf)));
}

// The connections that an atom reads along, and those its result leaves by: "k.j.i" each.
export function edgesOf({ kind, k, j, i }, sizes) {
  const into = (level, unit) => range(sizes[level - 1]).map((n) => `${level}.${unit}.${n}`);
  const outOf = (level, unit) =>
    level + 1 < sizes.length ? range(sizes[level + 1]).map((n) => `${level + 1}.${n}.${unit}`) : [];
  switch (kind) {
    case "product": case "dW": case "W": return { reads: [`${k}.${j}.${i}`], leaves: [] };
    case "path": return { reads: [`${k + 1}.${i}.${j}`], leaves: [] };
    case "z": return { reads: into(k, j), leaves: [] };
    case "a": return { reads: [], leaves: outOf(k, j) };
    case "dL_da": return { reads: outOf(k, j), leaves: [] };
    case "delta": return { reads: [], leaves: into(k, j) };
    case "y again": case "loss again":
      return { reads: range(sizes.length - 1).flatMap((level) =>
        range(sizes[level + 1]).flatMap((unit) => into(level + 1, unit))), leaves: [] };
    default: return { reads: [], leaves: [] };
  }
}

// Where the number goes next, in a sentence.
export function onward({ kind, k, j, i }, { layers }, several = false) {
  const sizes = sizesOf(layers), depth = layers.length;
  const names = new Names(sizes);
  const spelt = ["no", "the", "two", "three", "four", "five", "six", "seven", "eight"];
  const count = (n, noun) => `${spelt[n]} ${noun}${n === 1 ? "" : "s"}`;
  switch (kind) {
    case "product": return `One term of the pre-activation of ${names.neuron(k, j)}.`;
    case "z":
      return layers[k - 1].activation === "identity"
        ? "It is passed on as it is." : `It goes through the ${words(layers[k - 1].activation)} of the neuron.`;
    case "a":
      return k < depth
        ? `It goes to ${sizes[k + 1] > 1 ? `each of the ${spelt[sizes[k + 1]]} neurons of layer ${k + 1}` : names.neuron(k + 1, 0)}.`
        : "It is an output of the network. The loss compares it with its target.";
    case "loss": return "From here everything runs backward: how does the loss change with each number before it?";
    case "path": return `One path from the loss down to ${names.neuron(k, j)}. The paths add up.`;
    case "dL_da": return "Multiplied by the slope of the activation it becomes the error of the neuron.";
    case "slope": return "So much of what arrives is passed on through this neuron.";
    case "delta":
      return `It gives the gradient of ${count(sizes[k - 1], "weight")} into the neuron` +
        (layers[k - 1].b ? " and of its bias" : "") +
        (k > 1 ? ", and goes down along the old weights." : ".");
    case "dW": case "db":
      return `${several ? "They wait" : "It waits"}. No weight changes before every gradient is known.`;
    case "W": case "b":
      return `η is the learning rate. The next forward pass uses the new ${several ? "numbers" : "number"}.`;
    default: return "";
  }
}

export const words = (name) => name.replaceAll("_", " ").replace("gelu tanh", "GELU").replace("relu", "ReLU");

// The place in the reference that does it: a listing, and the name of the lines in it.
export function codeOf({ kind, k }, { layers, loss }) {
  const activation = k && layers[k - 1].activation;
  switch (kind) {
    case "product": case "z": return [["network.forward", "z"]];
    case "a": return [["network.forward", "a"], [`activations.${activation}`, "body"]];
    case "loss": return [["losses.Loss.value", "body"], [`losses.${loss}`, "body"]];
    case "dL_da":
      return k === layers.length
        ? [["losses.Loss.gradient", "body"], [`losses.${loss}_slope`, "body"]]
        : [["network.backward", "passed down"]];
    case "path": return [["network.backward", "passed down"]];
    case "slope": return [["network.backward", "delta"], [`activations.${activation}_slope`, "body"]];
    case "delta": return [["network.backward", "delta"]];
    case "dW": case "db": return [["network.backward", "gradients"]];
    case "W": return [["optimizers.sgd", "W"]];
    case "b": return [["optimizers.sgd", "b"]];
    case "y again": return [["network.forward", "a"]];
    case "loss again": return [["losses.Loss.value", "body"]];
  }
}
