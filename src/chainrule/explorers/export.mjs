// What can be taken away as text: a program, a spec.


export function specOf(settings) {
  const one = settings.x.length === 1;
  return { ...settings, x: one ? settings.x[0] : settings.x, target: one ? settings.target[0] : settings.target };
}

export const json = (settings) => JSON.stringify(specOf(settings), null, 1).replace(
  /\[[^[\]{}]*\]/g, (row) => row.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]")) + "\n";

// A program that prints these numbers with the reference code.
export function python(settings) {
  const literal = (value) => JSON.stringify(value).replaceAll(",", ", ");
  const array = (rows) => `np.array(${literal(rows)}, dtype=float)`;
  const { layers, loss, reduction, x, target, learning_rate, steps, update_biases } = settings;
  const network = layers.map(({ W, b, activation }) =>
    `    cr.Layer(\n        cr.Affine(\n            W=${array(W)},\n            b=${b ? array(b) : `np.zeros(${W.length})`},\n        ),\n        cr.ACTIVATIONS["${activation}"],\n    ),`);
  const followed = layers.map(({ b }) => (b && update_biases ? "True" : "False"));
  const stays = followed.includes("False");
  return `"""A network from the player of Chainrule, step by step. Needs: pip install chainrule"""

import numpy as np

import chainrule as cr

network = [
${network.join("\n")}
]
loss = cr.LOSSES["${loss}"]
x = ${array(x)}
t = ${array(target)}
learning_rate = ${learning_rate}
${stays ? `moving = [${followed.join(", ")}]  # which layers have a bias that is updated\n` : ""}
for update in range(1, ${steps + 1}):
    tape = cr.forward(network, x)
    y = tape[-1].a
    print(f"update {update}: loss", loss.value(y, t, reduction="${reduction}"))
    gradients = cr.backward(network, tape, loss.gradient(y, t, reduction="${reduction}"))
    if update in (1, ${steps}):
        for k, (record, slope) in enumerate(zip(tape, gradients, strict=True), start=1):
            print(f"layer {k}: z =", record.z.tolist(), "a =", record.a.tolist())
            print(f"layer {k}: dW =", slope.W.tolist(), "db =", slope.b.tolist())
${stays ? `    gradients = [
        slope if moves else cr.Affine(slope.W, 0 * slope.b)
        for slope, moves in zip(gradients, moving, strict=True)
    ]
` : ""}    network = cr.sgd(network, gradients, learning_rate)

for k, layer in enumerate(network, start=1):
    print(f"layer {k}: new W =", layer.affine.W.tolist(), "b =", layer.affine.b.tolist())
y = cr.forward(network, x)[-1].a
print("loss at the end", loss.value(y, t, reduction="${reduction}"))
`;
}
