package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.model.Member;
import io.github.mbrl4j.model.TransitionCodec;
import io.github.mbrl4j.nn.FrozenMlp;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A network that you trained yourself as a forward model, with gradients: a {@link MultiLayerNetwork} or {@link ComputationGraph} of
 * Deeplearning4j, or a {@link SameDiff} graph.
 *
 * <pre>{@code
 * NetworkDynamics dynamics = NetworkDynamics.of(network, env.spec());             // [s, a] → s'
 * TransitionCodec codec = TransitionCodec.builder(env.spec())                     // [s, a] → s' − s and the reward,
 *         .deltas().reward().inputs(inputs).targets(targets).build();             // both standardised
 * NetworkDynamics dynamics = NetworkDynamics.of(network, codec);
 * }</pre>
 *
 * <p><b>Layout.</b> The network maps rows to rows. Inputs [B, I]: the observation (or its features, with a transform), then the action;
 * a discrete action is one column for each choice, 1 for the one chosen and 0 for the others. Outputs [B, D]: the next observation or
 * its change, then the reward if it is declared. A graph may have two inputs instead, first the observation and then the action, and two
 * outputs, first the next observation and then the reward.
 *
 * <p><b>Speed.</b> A {@code MultiLayerNetwork} that {@link Dl4jNetworks#toMlp} can import runs on our engine; everything else runs where
 * it was made, and each ND4J operation costs tens of microseconds. {@link #toString} tells which it is, and why.
 *
 * <p>The network is copied: training it further does not change the model. Prediction is deterministic and safe from many threads; each
 * thread in a network of Deeplearning4j at the same time costs a copy of its activations and gradients, each one in SameDiff a copy of
 * the graph.
 *
 * <p><b>Gradients</b> go through the network's own way back. The first {@link #differentiableStep} compares it with differences of the
 * outputs, because Deeplearning4j's layers go back as in training: a batch normalisation has no gradient here, and says so.
 */
public final class NetworkDynamics implements RewardingDynamics, DifferentiableDynamics {

    private final RewardingDynamics model;
    private final Supplier<DifferentiableStep> steps;
    private final ForeignNetwork network;

    private NetworkDynamics(TransitionCodec codec, ForeignNetwork network) {
        this.network = network;
        FrozenMlp engine = network.engine();
        if (engine == null) {
            CodedDynamics coded = new CodedDynamics(codec, network);
            model = coded;
            steps = coded::differentiableStep;
        } else {
            Member member = Member.of(codec, engine);
            model = member;
            steps = member::differentiableStep;
        }
    }

    /**
     * A network that maps observation and action to the next observation.
     *
     * @param network [B, I] → [B, S], copied
     * @param spec the environment's sizes and actions
     * @return the model
     * @throws IllegalArgumentException if the network has other widths, or does not map rows to rows
     */
    public static NetworkDynamics of(MultiLayerNetwork network, EnvSpec spec) {
        return of(network, TransitionCodec.builder(spec).build());
    }

    /**
     * A network whose inputs and outputs a codec describes.
     *
     * @param network [B, I] → [B, D], copied
     * @param codec changes or states, standardisation, features, reward
     * @return the model
     * @throws IllegalArgumentException if the network has other widths, or does not map rows to rows
     */
    public static NetworkDynamics of(MultiLayerNetwork network, TransitionCodec codec) {
        return new NetworkDynamics(codec, ForeignNetwork.of(network, inputs(codec), outputs(codec)));
    }

    /**
     * A graph that maps observation and action to the next observation.
     *
     * @param network [B, I] → [B, S], or with two inputs, copied
     * @param spec the environment's sizes and actions
     * @return the model
     * @throws IllegalArgumentException if the network has other widths, or does not map rows to rows
     */
    public static NetworkDynamics of(ComputationGraph network, EnvSpec spec) {
        return of(network, TransitionCodec.builder(spec).build());
    }

    /**
     * A graph whose inputs and outputs a codec describes.
     *
     * @param network [B, I] → [B, D], or with two inputs or outputs, copied
     * @param codec changes or states, standardisation, features, reward
     * @return the model
     * @throws IllegalArgumentException if the network has other widths, or does not map rows to rows
     */
    public static NetworkDynamics of(ComputationGraph network, TransitionCodec codec) {
        return new NetworkDynamics(codec, ForeignNetwork.of(network, inputs(codec), outputs(codec)));
    }

    /**
     * A SameDiff graph that maps observation and action to the next observation.
     *
     * @param network copied
     * @param inputs the names of its placeholders: one [B, I], or two for observation and action
     * @param outputs the name of the variable it predicts [B, S]
     * @param spec the environment's sizes and actions
     * @return the model
     * @throws IllegalArgumentException if there are no such variables, they have other widths, or the graph does not map rows to rows
     */
    public static NetworkDynamics of(SameDiff network, List<String> inputs, List<String> outputs, EnvSpec spec) {
        return of(network, inputs, outputs, TransitionCodec.builder(spec).build());
    }

    /**
     * A SameDiff graph whose inputs and outputs a codec describes.
     *
     * @param network copied
     * @param inputs the names of its placeholders: one [B, I], or two for observation and action
     * @param outputs the names of the variables it predicts: one [B, D], or two for next observation and reward
     * @param codec changes or states, standardisation, features, reward
     * @return the model
     * @throws IllegalArgumentException if there are no such variables, they have other widths, or the graph does not map rows to rows
     */
    public static NetworkDynamics of(
            SameDiff network, List<String> inputs, List<String> outputs, TransitionCodec codec) {
        return new NetworkDynamics(codec, ForeignNetwork.of(network, inputs, outputs, inputs(codec), outputs(codec)));
    }

    static Columns inputs(TransitionCodec codec) {
        return Columns.of(
                new Columns.Part("the observation", codec.featureSize()),
                new Columns.Part("the action", codec.inputSize() - codec.featureSize()));
    }

    static Columns outputs(TransitionCodec codec) {
        Columns.Part next = new Columns.Part("the next observation or its change", codec.stateSize());
        return codec.hasReward() ? Columns.of(next, new Columns.Part("the reward", 1)) : Columns.of(next);
    }

    /** The network's own outputs [B, D] for its own inputs [B, I]. */
    Batch outputs(Batch inputs) {
        return network.rows().outputs(inputs);
    }

    @Override
    public int stateSize() {
        return model.stateSize();
    }

    @Override
    public ActionSpace actionSpace() {
        return model.actionSpace();
    }

    @Override
    public boolean predictsReward() {
        return model.predictsReward();
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next) {
        model.predict(states, actions, next);
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
        model.predict(states, actions, next, rewards);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
        model.predict(states, actions, next, rewards);
    }

    /**
     * Makes a step that predicts, whether it is given a source of noise or not.
     *
     * @throws UnsupportedOperationException if the network's gradient is not that of its outputs; the message tells the remedy
     */
    @Override
    public DifferentiableStep differentiableStep() {
        return steps.get();
    }

    @Override
    public String toString() {
        return "NetworkDynamics[" + network + "]";
    }
}
