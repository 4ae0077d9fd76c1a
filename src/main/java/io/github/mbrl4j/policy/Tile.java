package io.github.mbrl4j.policy;

import io.github.mbrl4j.nn.FrozenMlp;

/** What a thread needs to take some rows through a policy and its critics. */
final class Tile {

    static final int ROWS = FrozenMlp.TILE;

    private static final ThreadLocal<Tile> OF_THREAD = ThreadLocal.withInitial(() -> new Tile(0, 0));

    private final int observationSize;
    private final int actionSize;

    /** Observations as networks see them. */
    final float[] inputs;

    /** Rows of [observation | action] as critics see them. */
    final float[] pairs;

    final float[] parameters;
    final float[] noise;
    final float[] spread;
    final float[] scratch;
    final float[] actions;
    final float[] logDensities = new float[ROWS];
    final float[] values = new float[ROWS];
    final float[] memberValues = new float[ROWS];

    private Tile(int observationSize, int actionSize) {
        this.observationSize = observationSize;
        this.actionSize = actionSize;
        inputs = new float[ROWS * observationSize];
        pairs = new float[ROWS * (observationSize + actionSize)];
        parameters = new float[ROWS * 2 * actionSize];
        noise = new float[ROWS * actionSize];
        spread = noise.clone();
        scratch = noise.clone();
        actions = noise.clone();
    }

    int pairWidth() {
        return observationSize + actionSize;
    }

    /** Puts inputs and actions side by side. */
    void joinPairs(int rows) {
        for (int row = 0; row < rows; row++) {
            int start = row * pairWidth();
            System.arraycopy(inputs, row * observationSize, pairs, start, observationSize);
            System.arraycopy(actions, row * actionSize, pairs, start + observationSize, actionSize);
        }
    }

    /** The buffers of this thread for these sizes. */
    static Tile of(Scaling scaling) {
        Tile tile = OF_THREAD.get();
        if (tile.observationSize != scaling.observationSize() || tile.actionSize != scaling.actionSize()) {
            tile = new Tile(scaling.observationSize(), scaling.actionSize());
            OF_THREAD.set(tile);
        }
        return tile;
    }
}
