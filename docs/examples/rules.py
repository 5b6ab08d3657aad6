"""One gradient, three rules: what each makes of it."""

from contextlib import redirect_stdout

from chainrule import Adam, Momentum, forward, gradients, spec, update

with redirect_stdout(None):  # what it prints belongs on its own page
    from docs.examples import one_step

worked = spec.check_spec(one_step.specification)
x, t, loss = worked.x, worked.t, worked.loss
rules = {
    "plain": Momentum(learning_rate=0.5, beta=0.0),
    "momentum": Momentum(learning_rate=0.5, beta=0.9),
    "Adam": Adam(learning_rate=0.05),
}

first_step, losses = {}, {}
for name, rule in rules.items():
    network, states = list(worked.network), None
    history = []
    for _ in range(101):
        history.append(
            loss.value(forward(network, x)[-1].a, t, reduction="sum")
        )
        g = gradients(network, x, t, loss, reduction="sum")
        network, states = update(rule, network, g, states)
        if len(history) == 1:
            moved = [
                after.affine.W[0, 0] - before.affine.W[0, 0]
                for before, after in zip(
                    worked.network, network, strict=True
                )
            ]
    first_step[name] = moved
    losses[name] = {step: history[step] for step in (0, 1, 10, 100)}
    print(
        f"{name:9} first step: w11 {moved[0]:.5f}  w31 {moved[1]:.5f}   "
        f"loss after 10: {history[10]:.5f}  100: {history[100]:.6f}"
    )

ratio = first_step["plain"][1] / first_step["plain"][0]
