"""What the PyTorch baselines share: options, timing, and lines of JSON with the keys of our own benchmarks.

A baseline is a table from the names of its cases, which are those of its Java twin, to functions that return figures.
"""
import argparse
import json
import math
import os
import statistics
import time

import torch

SAMPLE_MS = 20
LEAST_SAMPLES, MOST_SAMPLES, ENOUGH_MS = 5, 15, 10_000
WARM_UPS = 3


def measure(work):
    """Median, best and processor time of one call; samples and budget as in Measurement.java."""
    first = min(_millis(work, 1) for _ in range(WARM_UPS))
    calls = max(1, math.ceil(SAMPLE_MS / first))
    wall, begin, cpu = [], time.perf_counter(), time.process_time()
    while len(wall) < LEAST_SAMPLES or (
            len(wall) < MOST_SAMPLES and (time.perf_counter() - begin) * 1e3 < ENOUGH_MS):
        wall.append(_millis(work, calls))
    cpu = (time.process_time() - cpu) * 1e3 / (len(wall) * calls)
    return {"wall_ms": statistics.median(wall), "wall_ms_best": min(wall), "cpu_ms": cpu}


def _millis(work, calls):
    begin = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - begin) * 1e3 / calls


def rate(figures, name, count):
    """Adds how many of something are done in a second, where one call does `count` of them."""
    figures[name] = 1e3 * count / figures["wall_ms"]
    figures[name + "_best"] = 1e3 * count / figures["wall_ms_best"]
    figures[name + "_by_cpu"] = 1e3 * count / figures["cpu_ms"]
    return figures


def flop(figures, operations):
    """Adds the speed in 10^9 floating-point operations a second."""
    return rate(figures, "gflops", 1e-9 * operations)


def run(bench, about, cases):
    """Measures the cases that are selected on the command line, all of them by default, and prints a line for each.

    cases(options) returns the table; options.threads and options.hot (torch.compile or nothing) are for it.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cases", default="", help="names with commas between, all if empty")
    parser.add_argument("--compile", action="store_true", help="compile what is called most, where the baseline can")
    options = parser.parse_args()
    options.hot = torch.compile if options.compile else lambda function: function
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    table = cases(options)
    for name in [n for n in options.cases.split(",") if n] or table:
        if name not in table:
            parser.error(f"{bench} has no case {name}, expected one of {', '.join(table)}")
        figures = {k: float(f"{v:.5g}") for k, v in table[name]().items()}
        line = {"bench": bench, "case": name, "threads": options.threads, **figures, "cpu": processor(),
                "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 2), "torch": torch.__version__,
                "compiled": options.compile}
        print(json.dumps(line), flush=True)


def processor():
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return "unknown"
