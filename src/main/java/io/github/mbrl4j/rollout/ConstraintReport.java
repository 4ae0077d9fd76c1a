package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.Require;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a world model expects of the constraints while a plan is executed. Immutable.
 *
 * @param particles imagined rollouts that the figures are taken from
 * @param figures one entry for each constraint, in the world model's order
 */
public record ConstraintReport(int particles, List<Figures> figures) {

    /**
     * The figures of one constraint.
     *
     * @param name the constraint
     * @param expectedViolation max(0, violation) summed over the steps of the plan, mean of the particles; NaN if a particle is not
     *     finite
     * @param chance share of the particles that violate the constraint at any step; one that is not finite does
     * @param allowedChance share that is allowed; 1 without a chance constraint
     */
    public record Figures(String name, double expectedViolation, double chance, double allowedChance) {

        /**
         * Whether the constraint is kept as often as it is to be.
         *
         * @return true unless the chance of a violation is above what is allowed
         */
        public boolean isKept() {
            return chance <= allowedChance;
        }
    }

    /**
     * Makes a report.
     *
     * @throws IllegalArgumentException if there are no particles
     */
    public ConstraintReport {
        Require.positive("particles", particles);
        figures = List.copyOf(figures);
    }

    /**
     * The figures of one constraint.
     *
     * @param name the constraint
     * @return its figures
     * @throws IllegalArgumentException if there is none of that name
     */
    public Figures of(String name) {
        return figures.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("name is " + name + ", expected one of "
                        + figures.stream().map(Figures::name).toList()));
    }

    /** A line for each constraint. */
    @Override
    public String toString() {
        return figures.stream()
                .map(each -> String.format(
                        Locale.ROOT,
                        "%s: expected violation %.4g, chance %.3g of %.3g allowed",
                        each.name(),
                        each.expectedViolation(),
                        each.chance(),
                        each.allowedChance()))
                .collect(Collectors.joining("\n"));
    }
}
