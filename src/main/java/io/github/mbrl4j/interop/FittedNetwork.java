package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.model.TransitionCodec;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A trained network that many threads may ask at once. DL4J's networks hold the activations of the call in progress, so each
 * thread borrows a copy; the copies share one array of weights, which nobody writes. Replaced as a whole by the next fit.
 */
final class FittedNetwork {

    private final TransitionCodec codec;
    private final MultiLayerNetwork network;
    private final ConcurrentLinkedQueue<MultiLayerNetwork> idle = new ConcurrentLinkedQueue<>();

    /**
     * Takes a network that is not trained any further.
     *
     * @param codec its inputs and outputs
     * @param network belongs to this object from now on
     */
    FittedNetwork(TransitionCodec codec, MultiLayerNetwork network) {
        this.codec = codec;
        this.network = network;
    }

    TransitionCodec codec() {
        return codec;
    }

    /** The network with its updater's state; to be copied only. */
    MultiLayerNetwork network() {
        return network;
    }

    /**
     * The network's outputs.
     *
     * @param inputs [B, I], at least one row, not modified
     * @return [B, D]
     */
    Batch outputs(Batch inputs) {
        MultiLayerNetwork borrowed = idle.poll();
        if (borrowed == null) {
            borrowed =
                    new MultiLayerNetwork(network.getLayerWiseConfigurations().clone());
            borrowed.init(network.params(), false);
        }
        Batch outputs = run(borrowed, inputs);
        // Not after an exception: what state it left the copy in is unknown.
        idle.add(borrowed);
        return outputs;
    }

    /** Runs a network that no other thread uses. */
    static Batch run(MultiLayerNetwork network, Batch inputs) {
        return Backend.onOneThread(() -> {
            // Closed by hand: left to the garbage collector, memory off the heap would grow for a long time.
            try (INDArray x = inputs.toINDArray();
                    INDArray y = network.output(x, false)) {
                return Batch.of(y);
            }
        });
    }

    /**
     * Copies a network with its weights, the state of its updater and its counters.
     *
     * @param noiseSeed seed of ND4J's generator in this thread from now on; dropout draws from it
     */
    static MultiLayerNetwork copyToTrain(MultiLayerNetwork source, long noiseSeed) {
        MultiLayerConfiguration configuration =
                source.getLayerWiseConfigurations().clone();
        long seed = configuration.getConf(0).getSeed();
        configuration.getConf(0).setSeed(noiseSeed);
        MultiLayerNetwork copy = new MultiLayerNetwork(configuration);
        // Fills in random weights, and seeds the generator by the way; init(params, …) would not.
        copy.init();
        configuration.getConf(0).setSeed(seed);
        copy.setParams(source.params());
        INDArray updaterState = source.updaterState();
        if (updaterState != null) {
            copy.getUpdater().setStateViewArray(copy, updaterState.dup(), false);
        }
        return copy;
    }
}
