package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Plan;

/** The best sequence so far and its return. One thread at a time. */
final class Incumbent {

    private final int actionSize;
    private final double[] sequence;
    private double score;

    Incumbent(SequenceSpace space) {
        actionSize = space.actions().size();
        sequence = new double[space.length()];
    }

    /** Starts from the warm start, which has no score yet. */
    void begin(double[] warmStart) {
        System.arraycopy(warmStart, 0, sequence, 0, sequence.length);
        score = Double.NaN;
    }

    /** Takes in the best of the candidates if it is better, or the first one with a score. */
    void offerBest(Batch candidates, Ranking ranking) {
        if (ranking.hasFinite() && !(score >= ranking.of(ranking.best()))) {
            replace(candidates, ranking.best(), ranking.of(ranking.best()));
        }
    }

    /** Takes a sequence [H·A] in if it is better, or the first one with a score. */
    void offer(double[] candidate, double candidateScore) {
        if (!(score >= candidateScore)) {
            System.arraycopy(candidate, 0, sequence, 0, sequence.length);
            score = candidateScore;
        }
    }

    /** Whether a candidate with a score was taken in. */
    boolean hasScore() {
        return !Double.isNaN(score);
    }

    /** Its score; NaN for the warm start. */
    double score() {
        return score;
    }

    /** Whether it has a score above another. */
    boolean isBetterThan(double otherScore) {
        return score > otherScore;
    }

    /** Takes a candidate in, better or not. */
    void replace(Batch candidates, int row, double candidateScore) {
        candidates.copyRow(row, sequence);
        score = candidateScore;
    }

    /** The sequence [H·A]; belongs to this object. */
    double[] sequence() {
        return sequence;
    }

    /** The sequence as a plan. */
    Plan toPlan(Plan.Statistics statistics) {
        double[][] actions = new double[sequence.length / actionSize][actionSize];
        for (int i = 0; i < sequence.length; i++) {
            actions[i / actionSize][i % actionSize] = sequence[i];
        }
        return new Plan(actions, score, statistics);
    }
}
