package io.github.mbrl4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Differences;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.TransitionCodec;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.report.TrainingHistory;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class Dl4jDynamicsTest {

    private static final EnvSpec SPEC = new EnvSpec("linear", 2, ActionSpace.continuous(1, -1, 1), 50);
    private static final Dl4jConfig SHORT = Dl4jConfig.defaults().withEpochs(3);

    private static NeuralNetConfiguration.Builder builder(long seed, IUpdater updater) {
        return new NeuralNetConfiguration.Builder().seed(seed).updater(updater);
    }

    private static MultiLayerConfiguration network(
            NeuralNetConfiguration.Builder builder, int inputs, int hidden, int outputs) {
        return builder.list()
                .layer(new DenseLayer.Builder()
                        .nIn(inputs)
                        .nOut(hidden)
                        .activation(Activation.TANH)
                        .build())
                .layer(output(hidden, outputs))
                .build();
    }

    private static OutputLayer output(int inputs, int outputs) {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nIn(inputs)
                .nOut(outputs)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static MultiLayerConfiguration small() {
        return network(builder(1, new Adam(1e-2)), 3, 16, 2);
    }

    private static MultiLayerConfiguration linear() {
        return builder(1, new Adam(3e-2)).list().layer(output(3, 2)).build();
    }

    /** s' = A s + b a with the reward s0 - a. */
    private static ReplayBuffer linearData(int rows, double noise, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        ReplayBuffer data = ReplayBuffer.of(SPEC, rows);
        for (int i = 0; i < rows; i++) {
            double[] s = {random.nextGaussian(), 5 + 3 * random.nextGaussian()};
            double a = random.nextDouble(-1, 1);
            double[] next = {
                0.9 * s[0] + 0.1 * s[1] + noise * random.nextGaussian(),
                -0.2 * s[0] + 1.0 * s[1] + 0.5 * a + noise * random.nextGaussian()
            };
            data.add(new Transition(s, new double[] {a}, s[0] - a, next, false, false, i == 0));
        }
        return data;
    }

    private static float[] predictions(Dl4jDynamics model, ReplayBuffer data) {
        Batch states = data.all().observations();
        Batch next = new Batch(0, model.stateSize());
        model.predict(states, data.all().actions(), next);
        return Arrays.copyOf(next.array(), next.rows() * next.columns());
    }

    @Test
    void tellsTheWidthsThatANetworkNeeds() {
        assertThat(Dl4jDynamics.inputSize(SPEC)).isEqualTo(3);
        assertThat(Dl4jDynamics.inputSize(SPEC, ObservationTransform.angles(0))).isEqualTo(4);
        assertThat(Dl4jDynamics.inputSize(new EnvSpec("d", 2, ActionSpace.discrete(4), 5)))
                .isEqualTo(6);
        assertThat(Dl4jDynamics.outputSize(SPEC)).isEqualTo(2);
        assertThat(Dl4jDynamics.outputSize(SPEC, true)).isEqualTo(3);
    }

    @Test
    void refusesNetworksOfOtherWidths() {
        assertThatThrownBy(() -> new Dl4jDynamics(SPEC, network(builder(1, new Adam()), 4, 8, 2), SHORT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 0 (DenseLayer) has nIn 4, expected 3");
        assertThatThrownBy(() -> new Dl4jDynamics(SPEC, network(builder(1, new Adam()), 3, 8, 3), SHORT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 1 (OutputLayer) has nOut 3, expected 2");
        assertThatThrownBy(() -> new Dl4jDynamics(SPEC, small(), SHORT.withLearnedReward(true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has nOut 2, expected 3");
    }

    @Test
    void refusesNetworksThatDoNotMapRowsToRows() {
        MultiLayerConfiguration recurrent = builder(1, new Adam())
                .list()
                .layer(new LSTM.Builder().nIn(3).nOut(4).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .nIn(4)
                        .nOut(2)
                        .build())
                .build();
        assertThatThrownBy(() -> new Dl4jDynamics(SPEC, recurrent, SHORT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected layers that map rows [B, 3] to rows [B, 2]");
        MultiLayerConfiguration lossless = builder(1, new Adam())
                .list()
                .layer(new DenseLayer.Builder().nIn(3).nOut(2).build())
                .build();
        assertThatThrownBy(() -> new Dl4jDynamics(SPEC, lossless, SHORT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no loss");
    }

    @Test
    void refusesWrongUse() {
        Dl4jDynamics model = new Dl4jDynamics(SPEC, small(), SHORT);
        Batch states = new Batch(4, 2);
        Batch actions = new Batch(4, 1);
        Batch next = new Batch(4, 2);
        assertThatThrownBy(() -> model.predict(states, actions, next))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not been fitted");
        assertThatThrownBy(model::network).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> model.fit(ReplayBuffer.of(SPEC, 5), new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("empty");
        ReplayBuffer others = new ReplayBuffer(3, 1, 5);
        others.add(new Transition(new double[3], new double[1], 0, new double[3], false, false, true));
        assertThatThrownBy(() -> model.fit(others, new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("observations of data has 3 columns, expected 2");
    }

    @Test
    void checksWhatItIsAsked() {
        Dl4jDynamics model = new Dl4jDynamics(SPEC, small(), SHORT);
        model.fit(linearData(50, 0, 1), new SplittableRandom(1));
        Batch next = new Batch(0, 2);
        assertThatThrownBy(() -> model.predict(new Batch(4, 3), new Batch(4, 1), next))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("states has 3 columns, expected 2");
        assertThatThrownBy(() -> model.predict(new Batch(4, 2), new Batch(3, 1), next))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("actions has 3 rows, expected 4");
        assertThatThrownBy(() -> model.predict(new Batch(4, 2), new Batch(4, 1), next, new float[4]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("withLearnedReward");
        model.predict(new Batch(0, 2), new Batch(0, 1), next);
        assertThat(next.rows()).isZero();
    }

    @Test
    void learnsALinearSystemAsLeastSquaresDoes() {
        // A linear network's least-squares optimum is that of the data themselves, noise of the sample included.
        ReplayBuffer data = linearData(300, 0.05, 2);
        Dl4jDynamics model = new Dl4jDynamics(
                SPEC, linear(), Dl4jConfig.defaults().withEpochs(150).withBatchSize(300));
        FitReport report = model.fit(data, new SplittableRandom(3));
        var regression = new org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression();
        double[][] x = new double[300][];
        double[][] y = new double[2][300];
        for (int i = 0; i < 300; i++) {
            Transition t = data.transition(i);
            x[i] = new double[] {t.observation()[0], t.observation()[1], t.action()[0]};
            y[0][i] = t.next()[0];
            y[1][i] = t.next()[1];
        }
        double[] probe = {0.4, 3.0, -0.7};
        Batch next = new Batch(0, 2);
        model.predict(Batch.ofRows(new double[] {probe[0], probe[1]}), Batch.ofRows(new double[] {probe[2]}), next);
        for (int d = 0; d < 2; d++) {
            regression.newSampleData(y[d], x);
            double[] beta = regression.estimateRegressionParameters();
            double expected = beta[0] + beta[1] * probe[0] + beta[2] * probe[1] + beta[3] * probe[2];
            assertThat((double) next.get(0, d)).isCloseTo(expected, within(2e-3));
        }
        assertThat(report.rows()).isEqualTo(300);
        assertThat(report.members()).hasSize(1);
        assertThat(report.loss()).isBetween(0.0, 1.0);
        assertThat(report.validationError()).isBetween(0.0, 1.0);
    }

    @Test
    void predictsWhatTheNetworkOutputs() {
        ReplayBuffer data = linearData(200, 0.1, 4);
        Dl4jDynamics model = new Dl4jDynamics(SPEC, small(), SHORT);
        model.fit(data, new SplittableRandom(5));
        TransitionCodec codec = model.codec();
        Batch x = codec.encode(data.all().observations(), data.all().actions());
        INDArray output = model.network().output(x.toINDArray());
        Batch expected = new Batch(0, 2);
        codec.decode(data.all().observations(), Batch.of(output), expected, null);
        assertThat(predictions(model, data)).containsExactly(Arrays.copyOf(expected.array(), 400), within(1e-5f));
    }

    @Test
    void learnsTheReward() {
        ReplayBuffer data = linearData(300, 0, 6);
        MultiLayerConfiguration network =
                builder(1, new Adam(3e-2)).list().layer(output(3, 3)).build();
        Dl4jDynamics model = new Dl4jDynamics(
                SPEC,
                network,
                Dl4jConfig.defaults().withLearnedReward(true).withEpochs(150).withBatchSize(300));
        model.fit(data, new SplittableRandom(7));
        assertThat(model.predictsReward()).isTrue();
        Batch next = new Batch(0, 2);
        float[] rewards = new float[2];
        model.sample(
                Batch.ofRows(new double[] {1, 4}, new double[] {-1, 6}),
                Batch.ofRows(new double[] {0.5}, new double[] {-0.5}),
                new SplittableRandom(1),
                next,
                rewards);
        assertThat(rewards[0]).isCloseTo(0.5f, within(0.02f));
        assertThat(rewards[1]).isCloseTo(-0.5f, within(0.02f));
        assertThat(next.get(0, 0)).isCloseTo(1.3f, within(0.02f));
    }

    @Test
    void takesNetworksOfDoubles() {
        ReplayBuffer data = linearData(100, 0.1, 4);
        Dl4jDynamics model =
                new Dl4jDynamics(SPEC, network(builder(1, new Adam(1e-2)).dataType(DataType.DOUBLE), 3, 8, 2), SHORT);
        model.fit(data, new SplittableRandom(5));
        assertThat(predictions(model, data)).doesNotContain(Float.NaN);
    }

    @Test
    void goesOnFromTheLastFit() {
        ReplayBuffer data = linearData(300, 0.01, 8);
        Dl4jDynamics model = new Dl4jDynamics(SPEC, small(), SHORT.withEpochs(5));
        double first = model.fit(data, new SplittableRandom(1)).validationError();
        double second = model.fit(data, new SplittableRandom(2)).validationError();
        assertThat(second).isLessThan(first);
        assertThat(model.network().getIterationCount()).isEqualTo(2 * 5 * 5);
        assertThat(model.network().getEpochCount()).isEqualTo(10);
        assertThat(model.network().getLayerWiseConfigurations().getConf(0).getSeed())
                .isEqualTo(1);
    }

    @Test
    void equalSeedsGiveEqualPredictions() {
        ReplayBuffer data = linearData(200, 0.1, 9);
        float[][] runs = new float[3][];
        for (int run = 0; run < 3; run++) {
            // What others do with ND4J's generator must not matter.
            Nd4j.rand(run + 1, 3).close();
            Dl4jDynamics model = new Dl4jDynamics(
                    SPEC, network(builder(run == 2 ? 78 : 77, new Adam(1e-2)).dropOut(0.8), 3, 16, 2), SHORT);
            Nd4j.rand(run + 2, 5).close();
            model.fit(data, new SplittableRandom(1));
            Nd4j.rand(run + 3, 5).close();
            model.fit(data, new SplittableRandom(2));
            runs[run] = predictions(model, data);
        }
        assertThat(runs[1]).containsExactly(runs[0]);
        assertThat(runs[2]).isNotEqualTo(runs[0]);
    }

    @Test
    void divergenceLeavesTheModelAsItWas() {
        // Every step overshoots from the fourth epoch on.
        ISchedule rate = new MapSchedule.Builder(ScheduleType.EPOCH)
                .add(0, 0.05)
                .add(3, 1e3)
                .build();
        Dl4jDynamics model = new Dl4jDynamics(
                SPEC, builder(1, new Sgd(rate)).list().layer(output(3, 2)).build(), SHORT.withBatchSize(5));
        ReplayBuffer data = linearData(100, 0.1, 10);
        model.fit(data, new SplittableRandom(1));
        float[] before = predictions(model, data);
        assertThatThrownBy(() -> model.fit(data, new SplittableRandom(2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("diverged")
                .hasMessageContaining("learning rate");
        assertThat(predictions(model, data)).containsExactly(before);
        assertThat(model.network().getEpochCount()).isEqualTo(3);
    }

    @Test
    void manyThreadsPredictTheSameAsOne() {
        ReplayBuffer data = linearData(256, 0.1, 11);
        Dl4jDynamics model = new Dl4jDynamics(SPEC, small(), SHORT);
        model.fit(data, new SplittableRandom(1));
        float[] expected = predictions(model, data);
        float[][] seen = new float[200][];
        new Workers(8).forEach(seen.length, i -> {
            seen[i] = predictions(model, data);
        });
        for (float[] one : seen) {
            assertThat(one).containsExactly(expected);
        }
    }

    /** The gradient of the sum of next states by the action, after a forward pass. */
    private static float actionGradient(DifferentiableStep step) {
        Batch actions = Batch.ofRows(new double[] {0.3});
        Batch ones = Batch.ofRows(new double[] {1, 1});
        Batch byAction = new Batch(1, 1);
        step.forward(Batch.ofRows(new double[] {0.5, 4}), actions, null, new Batch(0, 2), null);
        step.backward(ones, null, new Batch(1, 2), byAction);
        return byAction.get(0, 0);
    }

    @Test
    void itsStepsHaveTheGradientOfTheLatestFit() {
        ReplayBuffer data = linearData(256, 0.1, 11);
        Dl4jDynamics model = new Dl4jDynamics(SPEC, small(), SHORT);
        DifferentiableStep step = model.differentiableStep();
        assertThatThrownBy(() -> actionGradient(step))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not been fitted");
        assertThat(model).hasToString("Dl4jDynamics[not fitted]");
        model.fit(data, new SplittableRandom(1));
        float first = actionGradient(step);
        assertThat(first).isCloseTo(actionGradient(Differences.of(model).differentiableStep()), within(2e-3f));
        assertThat(model.toString()).contains("on the engine of mbrl4j");
        model.fit(data, new SplittableRandom(2));
        assertThat(actionGradient(step))
                .isNotEqualTo(first)
                .isCloseTo(actionGradient(Differences.of(model).differentiableStep()), within(2e-3f));
    }

    private static Dl4jDynamics cartPoleModel(CartPole env, int hidden, Dl4jConfig config) {
        return new Dl4jDynamics(
                env.spec(),
                network(
                        builder(3, new Adam(3e-3)),
                        Dl4jDynamics.inputSize(env.spec()),
                        hidden,
                        Dl4jDynamics.outputSize(env.spec())),
                config);
    }

    private static PetsConfig smallPlans() {
        return PetsConfig.defaults()
                .withRefitEvery(0)
                .withPlanner(
                        CemConfig.defaults().withElites(8).withPopulation(64).withIterations(3))
                .withRollouts(RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION));
    }

    @Test
    void controlsByPlanning() {
        CartPole env = new CartPole();
        ReplayBuffer data = Episodes.collect(env, Policy.uniform(env.actionSpace()), 5, new SplittableRandom(1));
        Dl4jDynamics model = cartPoleModel(env, 16, SHORT);
        model.fit(data, new SplittableRandom(2));
        double[][] actions = new double[2][];
        for (int run = 0; run < 2; run++) {
            MpcController controller = new MpcController(
                    new Cem(smallPlans().planner().withIterations(2)),
                    WorldModel.of(model, env),
                    smallPlans().rollouts(),
                    new Workers(run + 1));
            actions[run] = controller.act(new double[4], new SplittableRandom(3));
        }
        assertThat(actions[0]).hasSize(1).doesNotContain(Double.NaN);
        assertThat(actions[1]).containsExactly(actions[0]);
    }

    @Test
    void petsRunsOnIt() {
        CartPole env = new CartPole();
        TrainingHistory history = Pets.on(env)
                .dynamics(cartPoleModel(env, 16, SHORT))
                .config(smallPlans().withInitialSteps(50))
                .seed(7)
                .build()
                .train(1);
        assertThat(history.trials()).hasSize(1);
    }

    @Test
    @Tag("learning")
    void petsLearnsCartPoleOnIt() {
        CartPole env = new CartPole();
        RandomGenerator random = new SplittableRandom(5);
        double base = 0;
        for (int episode = 0; episode < 20; episode++) {
            base += Episodes.run(env, Policy.uniform(env.actionSpace()), random).totalReward() / 20;
        }
        TrainingHistory history = Pets.on(env)
                .dynamics(cartPoleModel(env, 64, Dl4jConfig.defaults()))
                .config(smallPlans())
                .seed(7)
                .build()
                .train(4);
        double last = history.trials().get(3).totalReward();
        assertThat(last).as("returns %s, random %s", history.trials(), base).isGreaterThan(3 * base);
    }
}
