package io.github.mbrl4j.identify;

import java.util.Arrays;
import java.util.List;

/** Estimates of the noise of each observed dimension, never less than the rounding of the log. */
final class NoiseScale {

    /** The noise first assumed, as a share of the changes within a segment. */
    private static final double FIRST = 0.05;

    /** Rows are float32: what is logged is at least as uncertain as their rounding. */
    private static final double FLOAT_ROUNDING = 0x1p-25;

    private final Structure structure;
    private final double[] least;

    NoiseScale(Structure structure, Log log) {
        this.structure = structure;
        this.least = new double[structure.observationSize()];
        for (Segment stretch : log.stretches()) {
            for (double[] observation : stretch.observations()) {
                for (int d = 0; d < least.length; d++) {
                    least[d] = Math.max(least[d], FLOAT_ROUNDING * Math.abs(observation[d]));
                }
            }
        }
        for (int d = 0; d < least.length; d++) {
            least[d] = least[d] == 0 ? FLOAT_ROUNDING : least[d];
        }
    }

    /** A guess before anything was fitted. */
    double[] first(List<Segment> segments) {
        double[] noise = new double[least.length];
        int count = 0;
        for (Segment segment : segments) {
            double[] first = segment.observations()[0];
            for (double[] observation : segment.observations()) {
                for (int d = 0; d < noise.length; d++) {
                    double change = structure.difference(d, observation[d], first[d]);
                    noise[d] += change * change;
                }
                count++;
            }
        }
        for (int d = 0; d < noise.length; d++) {
            noise[d] = Math.max(least[d], FIRST * Math.sqrt(noise[d] / count));
        }
        return noise;
    }

    /** By the squares of the residuals. */
    double[] of(ResidualStatistics statistics) {
        double[] noise = new double[least.length];
        Arrays.setAll(noise, d -> Math.max(least[d], statistics.deviation(d)));
        return noise;
    }

    /** By their median, which segments that went astray do not change. */
    double[] robust(ResidualStatistics statistics) {
        double[] noise = new double[least.length];
        Arrays.setAll(noise, d -> Math.max(least[d], statistics.robustDeviation(d)));
        return noise;
    }
}
