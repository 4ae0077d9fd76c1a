"""A probabilistic ensemble as one batched network, weights [E, in, out]."""
import math

import torch
import torch.nn.functional as F
from torch import nn


class Ensemble(nn.Module):
    def __init__(self, members, inputs, outputs, width, layers):
        super().__init__()
        self.members, self.outputs = members, outputs
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for i, o in layer_sizes(inputs, outputs, width, layers):
            limit = 1 / math.sqrt(i)
            weight = nn.init.trunc_normal_(torch.empty(members, i, o), std=limit / 2, a=-limit, b=limit)
            self.weights.append(nn.Parameter(weight))
            self.biases.append(nn.Parameter(torch.zeros(members, 1, o)))
        self.max_logvar = nn.Parameter(torch.full((1, 1, outputs), 0.5))
        self.min_logvar = nn.Parameter(torch.full((1, 1, outputs), -10.0))

    def forward(self, x):
        """x [E, B, in] -> mean and log-variance, both [E, B, out]."""
        *hidden, last = zip(self.weights, self.biases)
        for weight, bias in hidden:
            x = F.silu(torch.baddbmm(bias, x, weight))
        mean, logvar = torch.baddbmm(last[1], x, last[0]).split(self.outputs, dim=-1)
        logvar = self.max_logvar - F.softplus(self.max_logvar - logvar)
        return mean, self.min_logvar + F.softplus(logvar - self.min_logvar)

    def loss(self, x, y):
        """Gaussian negative log-likelihood, summed over members, with the pull on the variance bounds."""
        mean, logvar = self(x)
        nll = 0.5 * ((mean - y) ** 2 * torch.exp(-logvar) + logvar)
        return nll.mean((1, 2)).sum() + 0.01 * (self.max_logvar.sum() - self.min_logvar.sum())


def layer_sizes(inputs, outputs, width, layers):
    sizes = [inputs] + [width] * layers + [2 * outputs]
    return list(zip(sizes, sizes[1:]))


def multiply_adds(inputs, outputs, width, layers):
    """Of one row through one member."""
    return sum(i * o for i, o in layer_sizes(inputs, outputs, width, layers))
