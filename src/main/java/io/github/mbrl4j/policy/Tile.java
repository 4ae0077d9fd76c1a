package io.github.mbrl4j.policy;

import io.github.mbrl4j.nn.FrozenMlp;

/** What a thread needs to take some rows through a policy and its critics. */
final class Tile {

    static final int ROWS = FrozenMlp.TILE;

    private static final ThreadLocal<Tile> OF_THREAD = ThreadLocal.withInitial(() -> new Tile(0, 0));

    private final int observationSize;
    private final int actionSize;

    /** Rows of an observation, or of an observation and an action. */
    final float[] inputs;

    final float[] parameters;
    final float[] noise;
    final float[] spread;
    final float[] scratch;
    final float[] actions;
    final float[] logDensities = new float[ROWS];
    final float[] values = new float[ROWS];

    private Tile(int observationSize, int actionSize) {
        this.observationSize = observationSize;
        this.actionSize = actionSize;
        inputs = new float[ROWS * (observationSize + actionSize)];
        parameters = new float[ROWS * 2 * actionSize];
        noise = new float[ROWS * actionSize];
        spread = noise.clone();
        scratch = noise.clone();
        actions = noise.clone();
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
