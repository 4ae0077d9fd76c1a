package io.github.mbrl4j.report;

import io.github.mbrl4j.core.Require;
import java.util.HashSet;
import java.util.List;

/**
 * How a {@link ModelReport} is made.
 *
 * @param steps how many steps ahead K, at least 1; fewer where no held-out episode is so long
 * @param starts from how many places of the held-out data at most, at least 1, drawn from all of them; time grows in proportion
 * @param particles draws P of each future, at least 19; one less than a multiple of 40 makes the intervals of 50, 80, 90 and 95 %
 *     exact
 * @param angles dimensions of the state that are angles in radians, whose errors are taken the short way round
 * @param planningError the largest error that is good enough to plan with, as a share of the spread of the states, above 0
 * @param rolloutError the same for training on imagined data, above 0 and usually smaller
 * @param seed of the starts and the particles
 */
public record ModelReportConfig(
        int steps,
        int starts,
        int particles,
        List<Integer> angles,
        double planningError,
        double rolloutError,
        long seed) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public ModelReportConfig {
        Require.positive("steps", steps);
        Require.positive("starts", starts);
        Require.that(particles >= 19, "particles is %d, expected at least 19 to tell an interval of 90 %%", particles);
        angles = List.copyOf(angles);
        Require.that(
                angles.stream().allMatch(angle -> angle >= 0) && new HashSet<>(angles).size() == angles.size(),
                "angles is %s, expected different dimensions from 0 on",
                angles);
        requirePositive("planningError", planningError);
        requirePositive("rolloutError", rolloutError);
    }

    private static void requirePositive(String name, double value) {
        Require.that(value > 0 && Double.isFinite(value), "%s is %s, expected a finite number above 0", name, value);
    }

    /**
     * 30 steps from up to 500 starts with 79 particles; errors up to a half of the spread to plan with, up to a fifth to train on.
     *
     * @return the defaults
     */
    public static ModelReportConfig defaults() {
        return new ModelReportConfig(30, 500, 79, List.of(), 0.5, 0.2, 1);
    }

    /**
     * The same with another number of steps.
     *
     * @param steps see the record's component
     * @return the changed copy
     */
    public ModelReportConfig withSteps(int steps) {
        return new ModelReportConfig(steps, starts, particles, angles, planningError, rolloutError, seed);
    }

    /**
     * The same with another number of starts.
     *
     * @param starts see the record's component
     * @return the changed copy
     */
    public ModelReportConfig withStarts(int starts) {
        return new ModelReportConfig(steps, starts, particles, angles, planningError, rolloutError, seed);
    }

    /**
     * The same with another number of particles.
     *
     * @param particles see the record's component
     * @return the changed copy
     */
    public ModelReportConfig withParticles(int particles) {
        return new ModelReportConfig(steps, starts, particles, angles, planningError, rolloutError, seed);
    }

    /**
     * The same with other angles.
     *
     * @param angles see the record's component
     * @return the changed copy
     */
    public ModelReportConfig withAngles(List<Integer> angles) {
        return new ModelReportConfig(steps, starts, particles, angles, planningError, rolloutError, seed);
    }

    /**
     * The same with another limit for planning.
     *
     * @param planningError see the record's component
     * @return the changed copy
     */
    public ModelReportConfig withPlanningError(double planningError) {
        return new ModelReportConfig(steps, starts, particles, angles, planningError, rolloutError, seed);
    }

    /**
     * The same with another limit for imagined data.
     *
     * @param rolloutError see the record's component
     * @return the changed copy
     */
    public ModelReportConfig withRolloutError(double rolloutError) {
        return new ModelReportConfig(steps, starts, particles, angles, planningError, rolloutError, seed);
    }

    /**
     * The same with another seed.
     *
     * @param seed see the record's component
     * @return the changed copy
     */
    public ModelReportConfig withSeed(long seed) {
        return new ModelReportConfig(steps, starts, particles, angles, planningError, rolloutError, seed);
    }
}
