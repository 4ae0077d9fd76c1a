"""Elementwise operations on one matrix for each thread. Twin of Kernels.java."""
import functools

import torch

from common import measure, rate, run

aten = torch.ops.aten
COLUMNS = 200

# each takes x, y = f(x), the gradient of y, and where to write
KERNELS = {
    "relu": lambda x, y, g, out: torch.clamp_min(x, 0, out=out),
    "tanh": lambda x, y, g, out: torch.tanh(x, out=out),
    "sigmoid": lambda x, y, g, out: torch.sigmoid(x, out=out),
    "swish": lambda x, y, g, out: aten.silu.out(x, out=out),
    "softplus": lambda x, y, g, out: aten.softplus.out(x, out=out),
    "exp": lambda x, y, g, out: torch.exp(x, out=out),
    "gaussian": lambda x, y, g, out: out.normal_(),
    "relu_backward": lambda x, y, g, out: aten.threshold_backward.grad_input(g, x, 0, grad_input=out),
    "tanh_backward": lambda x, y, g, out: aten.tanh_backward.grad_input(g, y, grad_input=out),
    "swish_backward": lambda x, y, g, out: aten.silu_backward.grad_input(g, x, grad_input=out),
    "softplus_backward": lambda x, y, g, out: aten.softplus_backward.grad_input(g, x, 1, 20, grad_input=out),
}


def figures(kernel, rows, threads):
    x, g = torch.randn(rows * threads, COLUMNS), torch.randn(rows * threads, COLUMNS)
    y, out = torch.tanh(x), torch.empty_like(x)
    if kernel == "adam":
        parameter = torch.nn.Parameter(x)
        parameter.grad = g
        work = torch.optim.Adam([parameter], fused=True).step
    else:
        work = functools.partial(KERNELS[kernel], x, y, g, out)
    m = measure(work)
    m["ns_per_element"] = 1e6 * m["wall_ms"] / (rows * COLUMNS)
    return rate(m, "elements_per_s", threads * rows * COLUMNS)


def cases(options):
    return {f"{kernel}_{rows}x{COLUMNS}": functools.partial(figures, kernel, rows, options.threads)
            for rows in (128, 500) for kernel in [*KERNELS, "adam"]}


if __name__ == "__main__":
    run("kernels", __doc__, cases)
