"""One training step of a probabilistic ensemble: Gaussian likelihood, fused Adam. Twin of EnsembleTrain.java."""
import functools

import torch

from common import flop, measure, rate, run
from ensemble import Ensemble, multiply_adds

MEMBERS, WIDTH, BATCH, ROWS = 5, 200, 256, 78 * 256

TASKS = {"large": (23, 18, 4), "cartpole": (5, 4, 3)}  # inputs, targets, layers


def figures(task, hot):
    inputs, targets, layers = TASKS[task]
    x = torch.randn(ROWS, inputs)
    y = torch.tanh(x @ torch.randn(inputs, targets) / inputs**0.5) + 0.1 * torch.randn(ROWS, targets)
    bootstrap = torch.randint(ROWS, (MEMBERS, ROWS))
    model = Ensemble(MEMBERS, inputs, targets, WIDTH, layers)
    adam = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=3e-5, fused=True)
    loss_of = hot(model.loss)
    position = 0

    def step():
        nonlocal position
        rows = bootstrap[:, position : position + BATCH]
        position = (position + BATCH) % ROWS
        adam.zero_grad(set_to_none=True)
        loss_of(x[rows], y[rows]).backward()
        adam.step()

    m = rate(measure(step), "steps_per_s", 1)
    rate(m, "samples_per_s", BATCH)
    rate(m, "member_samples_per_s", BATCH * MEMBERS)
    training = 3 * multiply_adds(inputs, targets, WIDTH, layers) - inputs * WIDTH
    return flop(m, 2 * BATCH * MEMBERS * training)


def cases(options):
    return {task: functools.partial(figures, task, options.hot) for task in TASKS}


if __name__ == "__main__":
    run("ensemble_train", __doc__, cases)
