package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.data.Indices;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.TrainableDynamics;
import io.github.mbrl4j.model.TransitionCodec;
import java.util.List;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A forward model that is a Deeplearning4j network, built from your own configuration and trained by Deeplearning4j itself.
 *
 * <pre>{@code
 * MultiLayerConfiguration network = new NeuralNetConfiguration.Builder()
 *         .seed(7).updater(new Adam(1e-3)).list()
 *         .layer(new DenseLayer.Builder().nIn(Dl4jDynamics.inputSize(env.spec())).nOut(64).activation(Activation.TANH).build())
 *         .layer(new OutputLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY)
 *                 .nIn(64).nOut(Dl4jDynamics.outputSize(env.spec())).build())
 *         .build();
 * Pets agent = Pets.on(env)
 *         .dynamics(new Dl4jDynamics(env.spec(), network, Dl4jConfig.defaults()))
 *         .config(PetsConfig.defaults().withRollouts(
 *                 RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION)))
 *         .build();
 * }</pre>
 *
 * <p>The network reads state and action and predicts the change of the state, all standardised ({@link TransitionCodec}), so
 * its last layer should be linear with squared error. It is deterministic: several particles of one plan would all see the
 * same, so plan by expectation.
 *
 * <p><b>Speed.</b> Fitting is Deeplearning4j's. Predictions and gradients are those of {@link NetworkDynamics}: on our engine if the
 * network is a chain of dense layers that {@link Dl4jNetworks#toMlp} can import, as that above is; else on Deeplearning4j, where every
 * operation has a price of tens of microseconds. Both use one ND4J thread for each thread of ours, whatever {@code OMP_NUM_THREADS} says.
 *
 * <p><b>Randomness.</b> Initial weights come from the configuration's seed, the order of the rows from the generator given
 * to {@link #fit}. Dropout and the like draw from ND4J's generator of the fitting thread, which each fit seeds anew. Equal
 * seeds, data and histories give equal predictions.
 *
 * <p>Prediction is safe from many threads, also while {@link #fit} runs in one.
 */
public final class Dl4jDynamics implements RewardingDynamics, DifferentiableDynamics, TrainableDynamics {

    /** Rows that run through the network together where memory would otherwise grow with the data. */
    private static final int TILE = 4096;

    private final EnvSpec spec;
    private final ObservationTransform transform;
    private final Dl4jConfig config;
    private final MultiLayerNetwork initial;
    private volatile @Nullable Fitted fitted;

    /** What a fit leaves, replaced as a whole by the next. */
    private record Fitted(TransitionCodec codec, MultiLayerNetwork network, NetworkDynamics model) {}

    /**
     * Makes a model whose network sees observations as they are.
     *
     * @param spec the environment's sizes and actions
     * @param network layers, updater, loss and seed; its first layer has {@code nIn} {@link #inputSize(EnvSpec)} and its last
     *     {@code nOut} {@link #outputSize(EnvSpec, boolean)}; copied
     * @param config how it is trained
     * @throws IllegalArgumentException if the network has other widths, or does not map rows to rows
     * @throws IllegalStateException if ND4J has no backend
     */
    public Dl4jDynamics(EnvSpec spec, MultiLayerConfiguration network, Dl4jConfig config) {
        this(spec, network, config, ObservationTransform.IDENTITY);
    }

    /**
     * Makes a model.
     *
     * @param spec the environment's sizes and actions
     * @param network layers, updater, loss and seed; its first layer has {@code nIn}
     *     {@link #inputSize(EnvSpec, ObservationTransform)} and its last {@code nOut} {@link #outputSize(EnvSpec, boolean)};
     *     copied
     * @param config how it is trained
     * @param transform what the network sees of an observation
     * @throws IllegalArgumentException if the network has other widths, or does not map rows to rows
     * @throws IllegalStateException if ND4J has no backend
     */
    public Dl4jDynamics(
            EnvSpec spec, MultiLayerConfiguration network, Dl4jConfig config, ObservationTransform transform) {
        this.spec = spec;
        this.transform = transform;
        this.config = config;
        int inputs = inputSize(spec, transform);
        int outputs = outputSize(spec, config.learnedReward());
        requireWidths(network, inputs, outputs);
        this.initial = new MultiLayerNetwork(network.clone());
        initial.init();
        requireRows(initial, rawCodec(spec, transform, config.learnedReward()));
    }

    /**
     * The {@code nIn} that the first layer needs: the observation, and the action (a discrete action as one column for each
     * choice).
     *
     * @param spec the environment's sizes and actions
     * @return the width of the network's input
     * @throws IllegalStateException if ND4J has no backend
     */
    public static int inputSize(EnvSpec spec) {
        return inputSize(spec, ObservationTransform.IDENTITY);
    }

    /**
     * The {@code nIn} that the first layer needs with a transform of the observation.
     *
     * @param spec the environment's sizes and actions
     * @param transform what the network sees of an observation
     * @return the width of the network's input
     * @throws IllegalStateException if ND4J has no backend
     */
    public static int inputSize(EnvSpec spec, ObservationTransform transform) {
        // The configuration that is built next needs it, and DL4J's own failure tells no remedy.
        Backend.require();
        return TransitionCodec.inputSize(spec, transform);
    }

    /**
     * The {@code nOut} that the last layer needs without a learned reward: one for each dimension of the observation.
     *
     * @param spec the environment's sizes and actions
     * @return the width of the network's output
     */
    public static int outputSize(EnvSpec spec) {
        return outputSize(spec, false);
    }

    /**
     * The {@code nOut} that the last layer needs.
     *
     * @param spec the environment's sizes and actions
     * @param learnedReward whether the reward is learned, too, in a last column
     * @return the width of the network's output
     */
    public static int outputSize(EnvSpec spec, boolean learnedReward) {
        return spec.observationSize() + (learnedReward ? 1 : 0);
    }

    private static TransitionCodec rawCodec(EnvSpec spec, ObservationTransform transform, boolean learnedReward) {
        TransitionCodec.Builder codec = TransitionCodec.builder(spec).transform(transform);
        return (learnedReward ? codec.reward() : codec).build();
    }

    private static void requireWidths(MultiLayerConfiguration network, int inputs, int outputs) {
        List<NeuralNetConfiguration> layers = network.getConfs();
        Require.that(!layers.isEmpty(), "network has no layers, expected at least an output layer");
        if (layers.get(0).getLayer() instanceof FeedForwardLayer first) {
            Require.that(
                    first.getNIn() == inputs,
                    "layer 0 (%s) has nIn %d, expected %d: the features of an observation and the columns of an action; "
                            + "maybe use Dl4jDynamics.inputSize(spec)",
                    first.getClass().getSimpleName(),
                    first.getNIn(),
                    inputs);
        }
        int last = layers.size() - 1;
        if (layers.get(last).getLayer() instanceof FeedForwardLayer head && head.getNOut() > 0) {
            Require.that(
                    head.getNOut() == outputs,
                    "layer %d (%s) has nOut %d, expected %d: one for each dimension of an observation, and one for the "
                            + "reward if it is learned; maybe use Dl4jDynamics.outputSize(spec, learnedReward)",
                    last,
                    head.getClass().getSimpleName(),
                    head.getNOut(),
                    outputs);
        }
    }

    /** Whatever its layers are: one row in must give one row out. */
    private static void requireRows(MultiLayerNetwork network, TransitionCodec codec) {
        NetworkDynamics.of(network, codec);
        Require.that(
                network.getOutputLayer() instanceof IOutputLayer,
                "the last layer has no loss, expected an OutputLayer (or LossLayer), with squared error for example");
    }

    @Override
    public FitReport fit(ReplayBuffer data, RandomGenerator random) {
        long start = System.nanoTime();
        Transitions all = data.all();
        TransitionCodec codec =
                TransitionCodec.fit(all, spec, transform, config.directTargets(), config.learnedReward());
        RandomStreams streams = RandomStreams.of(random.nextLong());
        Batch x = codec.encode(all.observations(), all.actions());
        Batch y = codec.targets(all);
        Fitted before = fitted;
        MultiLayerNetwork network = copyToTrain(
                before == null ? initial : before.network(),
                streams.stream("dropout").nextLong());
        double loss = Backend.onOneThread(() -> train(network, x, y, streams));
        NetworkDynamics model = NetworkDynamics.of(network, codec);
        double error = meanSquaredError(model, x, y);
        requireFinite("mean squared error", error, config.epochs());
        fitted = new Fitted(codec, network, model);
        return new FitReport(
                all.size(),
                List.of(new FitReport.Member(loss, error, config.epochs())),
                List.of(0),
                (System.nanoTime() - start) * 1e-9);
    }

    /** Returns DL4J's score, which has the regularisation in it, averaged over the last epoch. */
    private double train(MultiLayerNetwork network, Batch x, Batch y, RandomStreams streams) {
        Batch inputs = new Batch(0, x.columns());
        Batch targets = new Batch(0, y.columns());
        double loss = Double.NaN;
        for (int epoch = 0; epoch < config.epochs(); epoch++) {
            int[] order = Indices.permutation(x.rows(), streams.stream("epoch", epoch));
            double total = 0;
            for (int from = 0; from < order.length; from += config.batchSize()) {
                int to = Math.min(order.length, from + config.batchSize());
                gather(x, order, from, to, inputs);
                gather(y, order, from, to, targets);
                try (INDArray features = inputs.toINDArray();
                        INDArray labels = targets.toINDArray()) {
                    network.fit(features, labels);
                }
                requireFinite("loss", network.score(), epoch + 1);
                total += network.score() * (to - from);
            }
            network.incrementEpochCount();
            loss = total / order.length;
        }
        return loss;
    }

    private static void gather(Batch source, int[] rows, int from, int to, Batch target) {
        target.resize(to - from);
        for (int i = from; i < to; i++) {
            source.copyRow(rows[i], target, i - from);
        }
    }

    /**
     * Copies a network with its weights, the state of its updater and its counters.
     *
     * @param noiseSeed seed of ND4J's generator in this thread from now on; dropout draws from it
     */
    private static MultiLayerNetwork copyToTrain(MultiLayerNetwork source, long noiseSeed) {
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

    private static double meanSquaredError(NetworkDynamics model, Batch x, Batch y) {
        double total = 0;
        Batch tile = new Batch(0, x.columns());
        for (int from = 0; from < x.rows(); from += TILE) {
            tile.resize(Math.min(TILE, x.rows() - from));
            System.arraycopy(x.array(), from * x.columns(), tile.array(), 0, tile.rows() * x.columns());
            Batch out = model.outputs(tile);
            for (int i = 0, j = from * y.columns(); i < out.rows() * out.columns(); i++, j++) {
                double error = out.array()[i] - y.array()[j];
                total += error * error;
            }
        }
        return total / ((double) y.rows() * y.columns());
    }

    private static void requireFinite(String what, double value, int epoch) {
        if (!Double.isFinite(value)) {
            throw new IllegalStateException(String.format(
                    "training diverged (%s %s in epoch %d); maybe the learning rate of the network's updater is too high. "
                            + "The model predicts as before, and the next fit starts from there",
                    what, value, epoch));
        }
    }

    private Fitted requireFitted() {
        Fitted model = fitted;
        if (model == null) {
            throw new IllegalStateException("the model has not been fitted; call fit(data, random) first");
        }
        return model;
    }

    /**
     * The fitted network, to be saved by {@code ModelSerializer} for example. It reads and predicts what {@link #codec()}
     * encodes and decodes.
     *
     * @return a copy with weights and updater state, which belongs to the caller
     * @throws IllegalStateException if the model has not been fitted
     */
    public MultiLayerNetwork network() {
        return requireFitted().network().clone();
    }

    /**
     * What stands between transitions and the fitted network.
     *
     * @return the codec of the last fit
     * @throws IllegalStateException if the model has not been fitted
     */
    public TransitionCodec codec() {
        return requireFitted().codec();
    }

    @Override
    public int stateSize() {
        return spec.observationSize();
    }

    @Override
    public ActionSpace actionSpace() {
        return spec.actionSpace();
    }

    @Override
    public boolean predictsReward() {
        return config.learnedReward();
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next) {
        requireFitted().model().predict(states, actions, next);
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
        requireFitted().model().predict(states, actions, next, rewards);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
        predict(states, actions, next, rewards);
    }

    @Override
    public DifferentiableStep differentiableStep() {
        return new CurrentStep();
    }

    @Override
    public String toString() {
        Fitted now = fitted;
        return "Dl4jDynamics[" + (now == null ? "not fitted" : now.model()) + "]";
    }

    /** A step of the model as it is at the forward pass. */
    private final class CurrentStep implements DifferentiableStep {
        private @Nullable NetworkDynamics model;
        private @Nullable DifferentiableStep step;

        @Override
        public void forward(
                Batch states, Batch actions, @Nullable RandomGenerator random, Batch next, float @Nullable [] rewards) {
            NetworkDynamics now = requireFitted().model();
            DifferentiableStep current = step;
            if (current == null || model != now) {
                current = now.differentiableStep();
                model = now;
                step = current;
            }
            current.forward(states, actions, random, next, rewards);
        }

        @Override
        public void backward(
                Batch nextGradients, float @Nullable [] rewardGradients, Batch stateGradients, Batch actionGradients) {
            if (step == null) {
                throw new IllegalStateException("there was no forward pass to go back through");
            }
            step.backward(nextGradients, rewardGradients, stateGradients, actionGradients);
        }
    }
}
