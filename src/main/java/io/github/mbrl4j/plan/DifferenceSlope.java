package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.SequenceObjective;

/**
 * The gradient by central differences of the whole objective: each candidate is scored again with each of its numbers moved up, and
 * down, all in one batch. At a bound, and where one of the two has no score, the difference is taken on one side. One thread at a
 * time.
 */
final class DifferenceSlope extends Slope {

    /** How far a number is moved, as a fraction of its range: near the cube root of float's precision. */
    private static final double STEP = 0x1p-8;

    private final SequenceSpace space;

    /** The candidates; then for each of them and each number the two that were moved. */
    private final Batch stack;

    private final Ranking ranking;

    DifferenceSlope(int candidates, SequenceSpace space) {
        super(candidates, space);
        this.space = space;
        stack = new Batch(candidates * (1 + 2 * space.length()), space.length());
        ranking = new Ranking(stack.rows());
    }

    @Override
    void measure(SequenceObjective objective, Batch candidates, Incumbent incumbent, Tally tally) {
        fill(candidates);
        ranking.score(objective, stack, tally);
        incumbent.offerBest(stack, ranking);
        for (int n = 0; n < candidates.rows(); n++) {
            for (int i = 0; i < space.length(); i++) {
                gradients.set(n, i, (float) derivative(n, i));
            }
        }
    }

    /** The row of the stack in which number i of candidate n was moved up; it was moved down in the next row. */
    private int up(int n, int i) {
        return gradients.rows() + 2 * (n * space.length() + i);
    }

    private void fill(Batch candidates) {
        for (int n = 0; n < candidates.rows(); n++) {
            copy(candidates, n, n);
            for (int i = 0; i < space.length(); i++) {
                double step = STEP * space.range(i);
                place(candidates, n, i, step, up(n, i));
                place(candidates, n, i, -step, up(n, i) + 1);
            }
        }
    }

    private void place(Batch candidates, int n, int i, double step, int row) {
        copy(candidates, n, row);
        stack.set(row, i, space.round(i, space.clip(i, candidates.get(n, i) + step)));
    }

    private void copy(Batch candidates, int n, int row) {
        int width = space.length();
        System.arraycopy(candidates.array(), n * width, stack.array(), row * width, width);
    }

    private double derivative(int n, int i) {
        int up = hasScore(up(n, i)) ? up(n, i) : n;
        int down = hasScore(up(n, i) + 1) ? up(n, i) + 1 : n;
        double distance = (double) stack.get(up, i) - stack.get(down, i);
        double slope = distance == 0 ? 0 : ranking.of(up) / distance - ranking.of(down) / distance;
        return Float.isFinite((float) slope) ? slope : 0; // beyond the range of float: a cliff, not a slope
    }

    private boolean hasScore(int row) {
        return Double.isFinite(ranking.of(row));
    }

    @Override
    double returnOf(int candidate) {
        return ranking.of(candidate);
    }
}
