"""One iteration of planning by gradient: B plans through a deterministic network and a reward network, with Adam."""
import functools

import torch
import torch.nn.functional as F

from common import measure, rate, run

OBSERVATIONS, ACTIONS, WIDTH = 17, 6, 200


def network(outputs, layers, scale=1.0):
    sizes = [OBSERVATIONS + ACTIONS] + [WIDTH] * layers + [outputs]
    parts = [(torch.randn(i, o) / i**0.5, torch.zeros(o)) for i, o in zip(sizes, sizes[1:])]
    parts[-1] = (parts[-1][0] * scale, parts[-1][1])
    return parts


def through(parts, x):
    for weight, bias in parts[:-1]:
        x = F.silu(torch.addmm(bias, x, weight))
    weight, bias = parts[-1]
    return torch.addmm(bias, x, weight)


def figures(horizon, batch, hot):
    dynamics, reward = network(OBSERVATIONS, 3, scale=0.05), network(1, 2)
    start = torch.randn(batch, OBSERVATIONS)
    plans = torch.zeros(batch, horizon, ACTIONS, requires_grad=True)
    adam = torch.optim.Adam([plans], lr=0.02)

    def cost(plans):
        states, total = start, 0.0
        for t in range(horizon):
            x = torch.cat([states, torch.tanh(plans[:, t])], 1)
            total = total + through(reward, x)
            states = states + through(dynamics, x)
        return -total.sum()

    cost = hot(cost)

    def iteration():
        adam.zero_grad(set_to_none=True)
        cost(plans).backward()
        adam.step()

    return rate(measure(iteration), "model_steps_per_s", batch * horizon)


def cases(options):
    return {f"h{horizon}_b{batch}": functools.partial(figures, horizon, batch, options.hot)
            for horizon in (15, 30) for batch in (1, 64, 512)}


if __name__ == "__main__":
    run("grad_shooting", __doc__, cases)
