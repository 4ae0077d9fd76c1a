package io.github.mbrl4j.model;

import java.util.List;

/**
 * How the fitting of a model went.
 *
 * @param rows transitions in the data
 * @param members one entry for each member trained
 * @param elites which members are used for prediction, best first
 * @param seconds time spent
 */
public record FitReport(int rows, List<Member> members, List<Integer> elites, double seconds) {

    /**
     * How the fitting of one member went.
     *
     * @param loss the training loss of the last epoch; a Gaussian negative log-likelihood may be below zero
     * @param validationError mean squared error on held-out rows, in standardised units; on the training rows if none are
     *     held out
     * @param epochs passes over its data
     */
    public record Member(double loss, double validationError, int epochs) {}

    /** Copies the lists. */
    public FitReport {
        members = List.copyOf(members);
        elites = List.copyOf(elites);
    }

    /**
     * The training loss, averaged over the members.
     *
     * @return the mean loss
     */
    public double loss() {
        return members.stream().mapToDouble(Member::loss).average().orElse(Double.NaN);
    }

    /**
     * The validation error, averaged over the elites.
     *
     * @return the mean of the mean squared errors, in standardised units
     */
    public double validationError() {
        return elites.stream()
                .mapToDouble(e -> members.get(e).validationError())
                .average()
                .orElse(Double.NaN);
    }
}
