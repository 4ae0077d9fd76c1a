"""One row through a network, as for a single action. Twin of the network in Act.java."""
import torch
from torch import nn

from common import measure, rate, run


def figures(hot):
    sizes = [23, 200, 200, 200, 200]
    layers = [part for i, o in zip(sizes, sizes[1:]) for part in (nn.Linear(i, o), nn.SiLU())]
    network = hot(nn.Sequential(*layers, nn.Linear(200, 36)).requires_grad_(False))
    row = torch.zeros(1, 23)
    with torch.inference_mode():
        return rate(measure(lambda: network(row)), "actions_per_s", 1)


if __name__ == "__main__":
    run("act", __doc__, lambda options: {"frozen_mlp_23-4x200-36": lambda: figures(options.hot)})
