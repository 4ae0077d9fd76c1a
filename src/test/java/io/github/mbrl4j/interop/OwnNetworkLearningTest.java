package io.github.mbrl4j.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.Indices;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.env.PendulumOptimum;
import io.github.mbrl4j.model.TransitionCodec;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.GradientShooting;
import io.github.mbrl4j.plan.GradientShootingConfig;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A network that Deeplearning4j trained on transitions of the pendulum, change of the observation and reward, is all that the planners
 * know. Prints every return: the table of {@code docs/models/own-networks.md}. Run by {@code mvn -Plearning test
 * -Dtest=OwnNetworkLearningTest}.
 */
@Tag("learning")
class OwnNetworkLearningTest {

    private static final long FIRST = Long.getLong("first", 81);
    private static final long LAST = Long.getLong("last", 85);
    private static final int EPISODES = 3;
    private static final int ROWS = 4000;
    private static final int EPOCHS = 60;
    private static final int BATCH = 100;

    private static final RolloutConfig EXPECTATION =
            RolloutConfig.defaults().withParticles(1).withPropagation(Propagation.EXPECTATION);

    /** What a user has at the end of a training of his own. */
    private record Trained(MultiLayerNetwork network, TransitionCodec codec) {}

    private static Trained train(long seed) {
        Pendulum env = new Pendulum();
        RandomStreams streams = RandomStreams.of(seed);
        RandomGenerator random = streams.stream("data");
        Batch states = new Batch(ROWS, 3);
        Batch actions = new Batch(ROWS, 1);
        for (int row = 0; row < ROWS; row++) {
            double angle = random.nextDouble(-Math.PI, Math.PI);
            states.setRow(row, new double[] {Math.cos(angle), Math.sin(angle), random.nextDouble(-8, 8)});
            actions.setRow(row, env.actionSpace().sample(random));
        }
        Batch next = new Batch(0, 3);
        float[] rewards = new float[ROWS];
        env.trueDynamics().predict(states, actions, next, rewards);

        Batch x = new Batch(ROWS, 4);
        Batch y = new Batch(ROWS, 4);
        for (int row = 0; row < ROWS; row++) {
            for (int c = 0; c < 3; c++) {
                x.set(row, c, states.get(row, c));
                y.set(row, c, next.get(row, c) - states.get(row, c));
            }
            x.set(row, 3, actions.get(row, 0));
            y.set(row, 3, rewards[row]);
        }
        Normalizer inputs = Normalizer.fit(x);
        Normalizer targets = Normalizer.fitTargets(y);
        inputs.normalize(x, x);
        targets.normalize(y, y);
        MultiLayerNetwork network = network(seed);
        fit(network, x, y, streams);
        return new Trained(
                network,
                TransitionCodec.builder(env.spec())
                        .deltas()
                        .reward()
                        .inputs(inputs)
                        .targets(targets)
                        .build());
    }

    private static MultiLayerNetwork network(long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(3e-3))
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(64).build())
                .layer(new DenseLayer.Builder().nIn(64).nOut(64).build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(64)
                        .nOut(4)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static void fit(MultiLayerNetwork network, Batch x, Batch y, RandomStreams streams) {
        Batch features = new Batch(BATCH, 4);
        Batch labels = new Batch(BATCH, 4);
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            int[] order = Indices.permutation(ROWS, streams.stream("epoch", epoch));
            for (int from = 0; from < ROWS; from += BATCH) {
                for (int i = 0; i < BATCH; i++) {
                    x.copyRow(order[from + i], features, i);
                    y.copyRow(order[from + i], labels, i);
                }
                try (INDArray f = features.toINDArray();
                        INDArray l = labels.toINDArray()) {
                    network.fit(f, l);
                }
            }
        }
    }

    @Test
    void bothPlannersSwingUpThePendulumByIt() {
        for (long seed = FIRST; seed <= LAST; seed++) {
            Trained trained = train(seed);
            NetworkDynamics dynamics = NetworkDynamics.of(trained.network(), trained.codec());
            double[] cem = returns(
                    dynamics,
                    new Cem(CemConfig.defaults()
                            .withHorizon(25)
                            .withPopulation(100)
                            .withElites(10)
                            .withIterations(5)),
                    seed);
            double[] gradient = returns(
                    dynamics,
                    new GradientShooting(GradientShootingConfig.defaults()
                            .withHorizon(30)
                            .withStarts(6)
                            .withIterations(20)),
                    seed);
            System.out.printf(
                    Locale.ROOT,
                    "seed %d: CEM mean %.1f, all %s; gradient shooting mean %.1f, all %s; optimum %.1f, random policy"
                            + " %.1f%n",
                    seed,
                    mean(cem),
                    round(cem),
                    mean(gradient),
                    round(gradient),
                    mean(returns(new PendulumOptimum(), seed)),
                    mean(returns(Policy.uniform(new Pendulum().actionSpace()), seed)));
            assertThat(mean(cem)).isGreaterThan(-300);
            assertThat(mean(gradient)).isGreaterThan(-300);
        }
    }

    private static double[] returns(NetworkDynamics dynamics, Planner planner, long seed) {
        return returns(new MpcController(planner, WorldModel.of(dynamics), EXPECTATION, new Workers(1)), seed);
    }

    private static double[] returns(Policy policy, long seed) {
        RandomStreams streams = RandomStreams.of(seed);
        return IntStream.range(0, EPISODES)
                .mapToDouble(e -> Episodes.run(new Pendulum(), policy, streams.stream("evaluation", e))
                        .totalReward())
                .toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static String round(double[] values) {
        return Arrays.toString(Arrays.stream(values).mapToLong(Math::round).toArray());
    }
}
