"""Compares the benchmarks of the library with their PyTorch twins: both run alternately in one session.

Run it from the project's root with a Python that has torch:

    python src/bench/python/compare.py --bench cem_plan,ensemble_train --threads 1,2 --rounds 5

The table goes to standard output, everything that was measured to target/compare.json.
"""
import argparse
import datetime
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
BENCHES = ["gemm", "cem_plan", "grad_shooting", "ensemble_train", "sac_update", "mbpo_rollout", "kernels", "act"]  # those with a twin
PEAK = "gemm/2048x2048x2048"
BUSY = ("\nOther programs were running. Wall times on several threads mean nothing then: OpenMP's threads wait for each other; "
        "on one thread the ratios of the best and of processor time still tell something.\n")


def main():
    options = parse()
    if not options.no_build:
        subprocess.run(["mvn", "-q", "-B", "-Pbench", "process-test-classes"], cwd=ROOT, check=True, stdout=sys.stderr)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    for number in range(1, options.rounds + 1):
        for selection in options.bench:
            for threads in options.threads:
                print(f"round {number} of {options.rounds}: {selection}, threads {threads}", file=sys.stderr)
                lines += [{"round": number, **line} for line in pair(selection, threads)]
        report = {"date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"), "rounds": number,
                  "machine": machine(lines), "table": compare(lines), "lines": lines}
        options.out.write_text(json.dumps(report, indent=1) + "\n")  # what is done is kept if a later round fails
    print(heading(report))
    print(layout(report["table"]))


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", default=",".join(BENCHES), help="benches or bench/case, with commas between")
    parser.add_argument("--threads", default=",".join(sorted({"1", str(os.cpu_count())})))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "target" / "compare.json")
    parser.add_argument("--no-build", action="store_true", help="use the classes of the last run")
    options = parser.parse_args()
    options.bench = options.bench.split(",")
    if options.rounds < 1:
        parser.error("--rounds is below 1")
    options.threads = [int(t) for t in options.threads.split(",")]
    if not {"gemm", PEAK} & set(options.bench):
        options.bench.insert(0, PEAK)
    return options


def pair(selection, threads):
    """The lines of one bench, ours and PyTorch's, for the cases that both have."""
    bench, _, case = selection.partition("/")
    theirs = run([sys.executable, str(HERE / f"{bench}.py"), "--threads", str(threads), "--cases", case], threads)
    selected = ",".join(f"{bench}/{line['case']}" for line in theirs)
    ours = run(java() + [f"--bench={selected}", f"--threads={threads}"], 1)
    return [{"side": "ours", **line} for line in ours] + [{"side": "torch", **line} for line in theirs]


def java():
    libraries = (ROOT / "target" / "bench.classpath").read_text().strip()
    classes = [str(ROOT / "target" / "test-classes"), str(ROOT / "target" / "classes"), libraries]
    home = os.environ.get("JAVA_HOME")
    program = str(pathlib.Path(home, "bin", "java")) if home else "java"
    return [program, f"@{ROOT / 'src' / 'bench' / 'jvm.options'}", "-classpath", os.pathsep.join(classes),
            "io.github.mbrl4j.bench.Benchmarks"]


def run(command, openmp_threads):
    """What a program prints, line by line; our parallelism is not OpenMP's, so that ours gets one thread of it."""
    environment = {**os.environ, "OMP_NUM_THREADS": str(openmp_threads)}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]} ... {' '.join(command[-2:])} failed with exit code {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def compare(lines):
    """One row for each case and number of threads that both sides have: medians over the rounds."""
    figures = {}
    for line in lines:
        figures.setdefault((line["bench"], line["case"], line["threads"]), {}).setdefault(line["side"], []).append(line)
    both = {key: sides for key, sides in figures.items() if len(sides) == 2}
    return [row(key, sides, both[(*PEAK.split("/"), key[2])]) for key, sides in both.items()]


def row(key, sides, peak):
    ours, torch = sides["ours"], sides["torch"]
    result = {
        "bench": key[0], "case": key[1], "threads": key[2],
        "ours_ms": middle(ours, "wall_ms"), "torch_ms": middle(torch, "wall_ms"),
        "ours_ms_best": min(line["wall_ms_best"] for line in ours),
        "torch_ms_best": min(line["wall_ms_best"] for line in torch),
        "ratio": middle(torch, "wall_ms") / middle(ours, "wall_ms"),
        "ratio_best": min(x["wall_ms_best"] for x in torch) / min(x["wall_ms_best"] for x in ours),
        "ratio_cpu": middle(torch, "cpu_ms") / middle(ours, "cpu_ms"),
    }
    if "gflops" in ours[0] and "gflops" in torch[0]:
        result["ours_gflops"] = middle(ours, "gflops")
        result["torch_gflops"] = middle(torch, "gflops")
        # the peak is the faster of the two matrix products of this session
        for name, gflops in (("share_of_peak", "gflops"), ("share_of_peak_cpu", "gflops_by_cpu")):
            result[name] = middle(ours, gflops) / max(middle(lines, gflops) for lines in peak.values())
    return result


def middle(lines, name):
    return statistics.median(line[name] for line in lines)


def machine(lines):
    first = {line["side"]: line for line in reversed(lines)}
    loads = [line["load"] for line in lines]
    return {"cpu": first["ours"]["cpu"], "cores": first["ours"]["cores"], "java": first["ours"]["java"],
            "blas": first["ours"]["blas"], "torch": first["torch"]["torch"], "load": [min(loads), statistics.median(loads), max(loads)]}


def heading(report):
    m = report["machine"]
    return (f"{report['date']}, {m['cpu']}, {m['cores']} cores, load {m['load'][0]} to {m['load'][2]}; Java {m['java']}, "
            f"{m['blas']}; torch {m['torch']}; medians over {report['rounds']} rounds; a ratio above 1 means that ours "
            "is faster\n" + (BUSY if m["load"][1] > m["cores"] + 1 else ""))


def layout(table):
    head = ["bench", "case", "threads", "ours ms", "torch ms", "ratio", "of the best", "of cpu", "GFLOP/s", "of peak",
            "by cpu"]
    rows = [[r["bench"], r["case"], str(r["threads"]), f"{r['ours_ms']:.4g}", f"{r['torch_ms']:.4g}",
             f"{r['ratio']:.2f}", f"{r['ratio_best']:.2f}", f"{r['ratio_cpu']:.2f}",
             f"{r['ours_gflops']:.1f}" if "ours_gflops" in r else "",
             f"{r['share_of_peak']:.0%}" if "share_of_peak" in r else "",
             f"{r['share_of_peak_cpu']:.0%}" if "share_of_peak" in r else ""] for r in table]
    widths = [max(len(line[i]) for line in [head, *rows]) for i in range(len(head))]
    lines = [head, ["-" * w for w in widths], *rows]
    return "\n".join("| " + " | ".join(text.ljust(w) for text, w in zip(line, widths)) + " |" for line in lines)


if __name__ == "__main__":
    main()
