package io.github.mbrl4j.model;

import java.util.Locale;

/**
 * How the fitting of a learned termination went.
 *
 * @param rows transitions in the data
 * @param terminations how many of them terminated
 * @param heldOut rows that were not trained on; 0 if the data have too few terminations to spare one
 * @param heldOutTerminations how many of those terminated
 * @param falseAlarms held-out rows that go on, but are taken for terminations
 * @param misses held-out terminations that are taken to go on
 * @param loss the cross-entropy of the last epoch, both classes counted alike; 0 if there was nothing to train
 * @param epochs passes over the data
 * @param seconds time spent
 */
public record TerminationReport(
        int rows,
        int terminations,
        int heldOut,
        int heldOutTerminations,
        int falseAlarms,
        int misses,
        double loss,
        int epochs,
        double seconds) {

    /**
     * Whether the data had no termination, so that the model never terminates, wherever it goes.
     *
     * @return true if there was nothing to learn from
     */
    public boolean neverTerminates() {
        return terminations == 0;
    }

    /**
     * What to know of it, in a sentence.
     *
     * @return for example "80 of 2000 transitions terminated; of 200 held out, 1 false alarm(s) and 0 miss(es) among 8 terminations"
     */
    public String summary() {
        if (neverTerminates()) {
            return String.format(
                    Locale.ROOT, "none of %d transitions terminated: the model imagines that episodes never do", rows);
        }
        if (terminations == rows) {
            return String.format(Locale.ROOT, "all of %d transitions terminated: the model imagines that all do", rows);
        }
        String known = String.format(Locale.ROOT, "%d of %d transitions terminated", terminations, rows);
        return heldOut == 0
                ? known + "; none were held out"
                : String.format(
                        Locale.ROOT,
                        "%s; of %d held out, %d false alarm(s) and %d miss(es) among %d terminations",
                        known,
                        heldOut,
                        falseAlarms,
                        misses,
                        heldOutTerminations);
    }
}
