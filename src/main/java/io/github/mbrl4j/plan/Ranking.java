package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.SequenceObjective;
import java.util.Arrays;

/**
 * Scores candidates and ranks them; NaN and both infinities rank last and are counted. One thread at a time.
 *
 * <p>Candidates that tie for the last places among the best k share these places. This is the expectation of breaking ties at
 * random, without its noise, and does not depend on the order of the candidates.
 */
final class Ranking {

    private final double[] returns;
    private final double[] sorted;
    private int candidates;
    private int finite;
    private int best;

    /** Makes a ranking of so many candidates at most. */
    Ranking(int most) {
        returns = new double[most];
        sorted = new double[most];
    }

    /**
     * Scores and ranks candidates [N, H·A]. If the deadline passes, those without a score rank last and are not counted, and the
     * tally says that the search was cut.
     */
    void score(SequenceObjective objective, Batch sequences, Tally tally) {
        Arrays.fill(returns, Double.NaN); // what the objective leaves out counts as not scored
        boolean complete = objective.evaluate(sequences, returns, tally.deadline());
        rank(sequences.rows());
        if (complete) {
            tally.count(candidates, candidates - finite);
        } else {
            tally.count(finite, 0);
            tally.cut();
        }
    }

    private void rank(int rows) {
        candidates = rows;
        finite = 0;
        best = -1;
        for (int n = 0; n < rows; n++) {
            if (Double.isFinite(returns[n])) {
                sorted[finite++] = returns[n];
                if (best < 0 || returns[n] > returns[best]) {
                    best = n;
                }
            }
        }
        Arrays.sort(sorted, 0, finite);
    }

    /** Whether at least one candidate could be scored. */
    boolean hasFinite() {
        return finite > 0;
    }

    /** Whether some candidate is better than another; one that could be scored is better than one that could not. */
    boolean isInformative() {
        return finite > 0 && (finite < candidates || sorted[0] < sorted[finite - 1]);
    }

    /** The index of the best candidate, the first of several; only if one is finite. */
    int best() {
        return best;
    }

    /**
     * The best candidates, as many as there are places, fewer if fewer could be scored.
     *
     * @param rows the places, at most N; written: indices of candidates, of several at the border the first ones
     * @return how many were written
     */
    int best(int[] rows) {
        int places = Math.min(rows.length, finite);
        if (places == 0) {
            return 0;
        }
        double border = sorted[finite - places];
        int ties = 0;
        for (int i = finite - places; i < finite && sorted[i] == border; i++) {
            ties++;
        }
        int count = 0;
        for (int n = 0; count < places; n++) {
            if (Double.isFinite(returns[n]) && (returns[n] > border || returns[n] == border && ties-- > 0)) {
                rows[count++] = n;
            }
        }
        return count;
    }

    /** How far a candidate is behind the best, halved because the whole may overflow; infinite if it could not be scored. */
    double halfGap(int candidate) {
        return Double.isFinite(returns[candidate])
                ? 0.5 * sorted[finite - 1] - 0.5 * returns[candidate]
                : Double.POSITIVE_INFINITY;
    }

    /** The same for the median of those that could be scored; only if one is finite. */
    double halfGapOfMedian() {
        return 0.5 * sorted[finite - 1] - 0.5 * sorted[(finite - 1) / 2];
    }

    /** The return of a candidate. */
    double of(int candidate) {
        return returns[candidate];
    }

    /**
     * The share that each candidate has in the places of the best k, fewer if fewer could be scored.
     *
     * @param k number of places, 1 to N
     * @param shares [N], written: 1 for the best, 0 for the rest, a fraction for ties at the border
     * @return the sum of the shares: the number of places filled
     */
    int share(int k, double[] shares) {
        int places = Math.min(k, finite);
        Arrays.fill(shares, 0);
        if (places == 0) {
            return 0;
        }
        double border = sorted[finite - places];
        int above = 0;
        int ties = 0;
        for (int i = finite - 1; i >= 0 && sorted[i] >= border; i--) {
            if (sorted[i] > border) {
                above++;
            } else {
                ties++;
            }
        }
        double tieShare = (double) (places - above) / ties;
        for (int n = 0; n < candidates; n++) {
            if (Double.isFinite(returns[n]) && returns[n] >= border) {
                shares[n] = returns[n] > border ? 1 : tieShare;
            }
        }
        return places;
    }
}
