package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.MlpPass;

/** A network on our own engine. Safe for use by many threads, each of which keeps one tile. */
final class EngineNetwork implements RowNetwork {

    private static final int TILE = FrozenMlp.TILE;

    private final FrozenMlp network;
    private final ThreadLocal<Tile> tiles;

    EngineNetwork(FrozenMlp network) {
        this.network = network;
        this.tiles = ThreadLocal.withInitial(() -> new Tile(network));
    }

    /** What a thread needs for the rows that run through the network together. */
    private static final class Tile {
        final MlpPass pass;
        final float[] inputs;
        final float[] outputs;

        Tile(FrozenMlp network) {
            pass = network.newPass();
            inputs = new float[TILE * network.inputs()];
            outputs = new float[TILE * network.outputs()];
        }
    }

    @Override
    public Batch outputs(Batch inputs) {
        Tile tile = tiles.get();
        Batch all = new Batch(inputs.rows(), network.outputs());
        for (int from = 0; from < inputs.rows(); from += TILE) {
            int rows = Math.min(TILE, inputs.rows() - from);
            take(inputs, from, rows, tile.inputs);
            network.forward(tile.inputs, rows, tile.outputs);
            put(tile.outputs, all, from, rows);
        }
        return all;
    }

    @Override
    public Batch inputGradients(Batch inputs, Batch outputGradients) {
        Tile tile = tiles.get();
        Batch all = new Batch(inputs.rows(), network.inputs());
        for (int from = 0; from < inputs.rows(); from += TILE) {
            int rows = Math.min(TILE, inputs.rows() - from);
            take(inputs, from, rows, tile.inputs);
            tile.pass.forward(tile.inputs, rows, tile.outputs);
            take(outputGradients, from, rows, tile.outputs);
            tile.pass.backward(tile.outputs, tile.inputs);
            put(tile.inputs, all, from, rows);
        }
        return all;
    }

    private static void take(Batch batch, int from, int rows, float[] tile) {
        System.arraycopy(batch.array(), from * batch.columns(), tile, 0, rows * batch.columns());
    }

    private static void put(float[] tile, Batch batch, int from, int rows) {
        System.arraycopy(tile, 0, batch.array(), from * batch.columns(), rows * batch.columns());
    }
}
