"""Matrix products, one for each thread, as in Gemm.java. A frozen matrix is nothing special to PyTorch."""
import functools

import torch

from common import flop, measure, run

SHAPES = [
    "2048x2048x2048", "1024x1024x1024", "500x23x200", "500x200x200", "10000x200x200", "256x200x200", "256x256x256",
    "128x200x200", "64x200x200", "1x200x200", "frozen_500x200x200", "frozen_256x200x200", "frozen_128x200x200",
    "frozen_64x200x200", "frozen_128x23x200", "frozen_128x200x36", "frozen_1x200x200",
]


def figures(shape, products):
    m, k, n = map(int, shape.removeprefix("frozen_").split("x"))
    a, b, c = torch.randn(products, m, k), torch.randn(products, k, n), torch.empty(products, m, n)
    if products == 1:
        a, b, c = a[0], b[0], c[0]
        work = functools.partial(torch.mm, a, b, out=c)
    else:
        work = functools.partial(torch.bmm, a, b, out=c)
    return flop(measure(work), 2 * products * m * k * n)


def cases(options):
    return {shape: functools.partial(figures, shape, options.threads) for shape in SHAPES}


if __name__ == "__main__":
    run("gemm", __doc__, cases)
