package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Batch;

/** A few of the best candidates, kept to be tried again. One thread at a time. */
final class Elites {

    private final Batch sequences;
    private final int[] rows;
    private int count;

    /** Makes room for so many sequences of a space. */
    Elites(SequenceSpace space, int most) {
        sequences = new Batch(most, space.length());
        rows = new int[most];
    }

    /** Forgets all. */
    void clear() {
        count = 0;
    }

    /** Keeps the best candidates [N, H·A], copied, instead of those it had. */
    void keepBest(Batch candidates, Ranking ranking) {
        count = ranking.best(rows);
        for (int k = 0; k < count; k++) {
            candidates.copyRow(rows[k], sequences, k);
        }
    }

    /**
     * Puts the sequences into the last of the candidates, over what is there. What a sequence lacks at its end after the shift
     * stays as it is.
     *
     * @param candidates [N, H·A], written
     * @param shift leading numbers that lie in the past
     */
    void write(Batch candidates, long shift) {
        int known = (int) Math.max(0, sequences.columns() - shift);
        int offset = sequences.columns() - known;
        for (int k = 0; k < count; k++) {
            int from = k * sequences.columns() + offset;
            int to = (candidates.rows() - count + k) * candidates.columns();
            System.arraycopy(sequences.array(), from, candidates.array(), to, known);
        }
    }
}
