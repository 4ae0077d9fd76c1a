package io.github.mbrl4j.bench;

import io.github.mbrl4j.io.Json;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs benchmarks and prints one line of JSON for each case, and nothing else, on standard output.
 *
 * <p>{@code --bench=cem_plan,gemm/256x200x200} selects benches and single cases, all of them if it is empty or missing;
 * {@code --threads=1,2} sets the numbers of threads, which are 1 and that of the processors if it is empty or missing.
 */
public final class Benchmarks {

    private static final String BENCH = "--bench=";
    private static final String THREADS = "--threads=";

    private final List<Bench> benches;
    private final PrintStream out;

    Benchmarks(List<Bench> benches, PrintStream out) {
        this.benches = benches;
        this.out = out;
    }

    /**
     * Runs the benchmarks of the library.
     *
     * @param args see above
     */
    public static void main(String... args) {
        List<Bench> all = List.of(
                new Gemm(),
                new Kernels(),
                new CemPlan(),
                new GradShooting(),
                new EnsembleTrain(),
                new SacUpdate(),
                new MbpoRollout(),
                new Act(),
                new ReplaySampling(),
                new EnvStepping(),
                new Memory(),
                new Scaling());
        new Benchmarks(all, System.out).run(args);
    }

    void run(String... args) {
        List<String> selected = List.of();
        List<Integer> threads = Stream.of(1, Machine.processors()).distinct().toList();
        for (String arg : args) {
            List<String> values =
                    Stream.of(valueOf(arg).split(",")).filter(v -> !v.isBlank()).toList();
            if (!values.isEmpty() && arg.startsWith(BENCH)) {
                selected = values;
            } else if (!values.isEmpty()) {
                threads = values.stream().map(Benchmarks::threads).toList();
            }
        }
        List<Job> jobs = jobs(selected, threads);
        jobs.forEach(this::print);
    }

    private static String valueOf(String arg) {
        if (!arg.startsWith(BENCH) && !arg.startsWith(THREADS)) {
            throw new IllegalArgumentException(
                    "unknown option " + arg + ", expected " + BENCH + "NAME,... or " + THREADS + "N,...");
        }
        return arg.substring(arg.indexOf('=') + 1);
    }

    private static int threads(String text) {
        try {
            int threads = Integer.parseInt(text.strip());
            if (threads >= 1) {
                return threads;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException("threads is " + text + ", expected a whole number from 1");
    }

    private record Job(Bench bench, Bench.Case work, int threads) {
        boolean isSelectedBy(String selection) {
            return selection.equals(bench.name()) || selection.equals(bench.name() + "/" + work.name());
        }
    }

    private List<Job> jobs(List<String> selected, List<Integer> threads) {
        List<Job> all = new ArrayList<>();
        for (Bench bench : benches) {
            for (int t : threads) {
                bench.cases(t).forEach(work -> all.add(new Job(bench, work, t)));
            }
        }
        for (String name : selected) {
            if (all.stream().noneMatch(job -> job.isSelectedBy(name))) {
                throw new IllegalArgumentException("bench is " + name + ", expected one of " + names()
                        + ", or one of its cases as in gemm/256x200x200");
            }
        }
        return all.stream()
                .filter(job -> selected.isEmpty() || selected.stream().anyMatch(job::isSelectedBy))
                .toList();
    }

    private String names() {
        return benches.stream().map(Bench::name).collect(Collectors.joining(", "));
    }

    private void print(Job job) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("bench", job.bench.name());
        line.put("case", job.work.name());
        line.put("threads", job.threads);
        line.putAll(job.work.figures().get().values());
        line.putAll(Machine.describe());
        out.println(Json.writeLine(line));
        out.flush();
    }
}
