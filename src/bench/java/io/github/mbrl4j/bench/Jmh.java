package io.github.mbrl4j.bench;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * Times a method with JMH, in a JVM of its own, so that what the JIT learned from one case does not colour the next. That
 * JVM has the flags and the class path of this one.
 */
final class Jmh {

    private static final TimeValue ITERATION = TimeValue.milliseconds(300);
    private static final int WARM_UPS = 8;
    private static final int ITERATIONS = 10;

    private final Class<?> type;
    private final Map<String, String> parameters = new LinkedHashMap<>();

    private Jmh(Class<?> type) {
        this.type = type;
    }

    /** Prepares the one method of a class that is annotated as a benchmark of JMH. */
    static Jmh on(Class<?> type) {
        return new Jmh(type);
    }

    /** Sets a field that is annotated as a parameter. */
    Jmh with(String parameter, Object value) {
        parameters.put(parameter, String.valueOf(value));
        return this;
    }

    /** Runs the method on that many threads at once, each with a state of its own. */
    Measurement measure(int threads) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + type.getName().replace(".", "\\.") + "\\.")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.MILLISECONDS)
                .forks(1)
                .threads(threads)
                .warmupIterations(WARM_UPS)
                .warmupTime(ITERATION)
                .measurementIterations(ITERATIONS)
                .measurementTime(ITERATION)
                .addProfiler(ProcessorTime.class)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        parameters.forEach((name, value) -> options.param(name, value));
        try {
            Collection<RunResult> results = new Runner(options.build()).run();
            if (results.size() != 1) {
                throw new IllegalStateException("expected one method to time in " + type + ", found " + results.size());
            }
            return measurement(results.iterator().next());
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH failed on " + type.getName() + " with " + parameters, e);
        }
    }

    private static Measurement measurement(RunResult result) {
        Statistics wall = result.getPrimaryResult().getStatistics();
        return new Measurement(
                wall.getPercentile(50),
                wall.getMin(),
                secondary(result, ProcessorTime.LABEL),
                secondary(result, "gc.alloc.rate.norm"));
    }

    /** NaN if the profiler could not measure, and then missing in the line. */
    private static double secondary(RunResult result, String label) {
        return result.getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(label))
                .map(Map.Entry::getValue)
                .mapToDouble(Result::getScore)
                .findFirst()
                .orElse(Double.NaN);
    }
}
