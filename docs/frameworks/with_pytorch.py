"""The worked network in PyTorch. Slopes are added to what is in .grad."""

import torch

torch.set_default_dtype(torch.float64)  # the default is single precision
W1 = torch.tensor([[0.15, 0.20], [0.25, 0.30]], requires_grad=True)
b1 = torch.tensor([0.35, 0.35], requires_grad=True)
W2 = torch.tensor([[0.40, 0.45]], requires_grad=True)
b2 = torch.tensor([0.60], requires_grad=True)
x, t = torch.tensor([0.5, 0.8]), torch.tensor([1.0])

h = torch.sigmoid(W1 @ x + b1)
y = torch.sigmoid(W2 @ h + b2)
L = 0.5 * ((y - t) ** 2).sum()
L.backward()

named = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
for name, parameter in named.items():
    print(name, parameter.grad.tolist())
