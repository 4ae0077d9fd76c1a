package io.github.mbrl4j.nn;

import java.util.List;

/**
 * Stops training when a score no longer falls, and restores the parameters of the best score. For one thread at a time.
 */
public final class EarlyStopping {

    private final List<Tensor> parameters;
    private final List<float[]> best;
    private final int patience;
    private final double minImprovement;
    private double bestScore = Double.POSITIVE_INFINITY;
    private double reference = Double.POSITIVE_INFINITY;
    private int withoutImprovement;

    /**
     * Watches parameters.
     *
     * @param parameters saved at the best score and restored by {@link #restoreBest}
     * @param patience epochs without improvement after which to stop, at least 1
     * @param minImprovement share of the score by which it must fall to count as an improvement, for example 0.01
     * @throws IllegalArgumentException if patience is below 1 or minImprovement is not a number of at least 0
     */
    public EarlyStopping(List<Tensor> parameters, int patience, double minImprovement) {
        if (patience < 1) {
            throw new IllegalArgumentException("patience is " + patience + ", expected at least 1");
        }
        if (!(minImprovement >= 0)) {
            throw new IllegalArgumentException("minImprovement is " + minImprovement + ", expected 0 or more");
        }
        this.parameters = List.copyOf(parameters);
        this.best = this.parameters.stream().map(p -> p.values().clone()).toList();
        this.patience = patience;
        this.minImprovement = minImprovement;
    }

    /**
     * Tells the score of the present parameters.
     *
     * @param score the smaller the better; NaN counts as no improvement
     * @return true if training should stop
     */
    public boolean stopAfter(double score) {
        if (score < bestScore) {
            bestScore = score;
            for (int i = 0; i < best.size(); i++) {
                System.arraycopy(parameters.get(i).values(), 0, best.get(i), 0, best.get(i).length);
            }
        }
        // A first score has nothing to be compared with; ∞ − ∞ would be NaN.
        if (Double.isInfinite(reference)
                ? score < reference
                : reference - score > minImprovement * Math.abs(reference)) {
            reference = score;
            withoutImprovement = 0;
        } else {
            withoutImprovement++;
        }
        return withoutImprovement >= patience;
    }

    /**
     * Puts the parameters of the best score back; those from the start if there was no finite score.
     *
     * @return the best score
     */
    public double restoreBest() {
        for (int i = 0; i < best.size(); i++) {
            System.arraycopy(best.get(i), 0, parameters.get(i).values(), 0, best.get(i).length);
        }
        return bestScore;
    }
}
