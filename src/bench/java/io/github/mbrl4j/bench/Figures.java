package io.github.mbrl4j.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers of one case under their names, in the order in which they were added, with five digits. */
final class Figures {

    private static final MathContext DIGITS = new MathContext(5);

    private final Map<String, Double> values = new LinkedHashMap<>();
    private Measurement measured = new Measurement(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** The times of a measurement and what it allocated. */
    static Figures of(Measurement measurement) {
        Figures figures = new Figures();
        figures.measured = measurement;
        return figures.with("wall_ms", measurement.wallMs())
                .with("wall_ms_best", measurement.wallMsBest())
                .with("cpu_ms", measurement.cpuMs())
                .with("allocated_bytes", measurement.allocatedBytes());
    }

    /** Adds how many of something are done in a second, where one call does {@code count} of them. */
    Figures rate(String name, double count) {
        return with(name, 1e3 * count / measured.wallMs())
                .with(name + "_best", 1e3 * count / measured.wallMsBest())
                .with(name + "_by_cpu", 1e3 * count / measured.cpuMs());
    }

    /** Adds the speed in 10⁹ floating-point operations a second, where one call takes {@code operations} of them. */
    Figures flop(double operations) {
        return rate("gflops", 1e-9 * operations);
    }

    /** Adds how many nanoseconds each of {@code count} things takes that one call does. */
    Figures nanosPer(String thing, double count) {
        return with("ns_per_" + thing, 1e6 * measured.wallMs() / count);
    }

    Figures with(String name, double value) {
        // JSON has no numbers for these; a processor time of 0 gives one
        if (Double.isFinite(value)) {
            values.put(name, new BigDecimal(value, DIGITS).doubleValue());
        }
        return this;
    }

    Map<String, Double> values() {
        return Collections.unmodifiableMap(values);
    }
}
