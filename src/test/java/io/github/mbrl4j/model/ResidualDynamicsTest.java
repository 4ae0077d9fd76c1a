package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Differences;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.env.RustyPendulum;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResidualDynamicsTest {

    private static final EnvSpec SPEC = new EnvSpec("Spring", 2, ActionSpace.continuous(1, -1, 1), 100);

    private static final TrainingConfig TRAINING = new TrainingConfig(1e-3, List.of(1e-5), 32, 30, 10, 0.01, 0.1);

    private static final EnsembleConfig SMALL = EnsembleConfig.defaults()
            .withMembers(3)
            .withElites(3)
            .withHidden(List.of(32))
            .withTraining(TRAINING);

    /** A function of one state and action as a model, without derivatives. */
    private interface Law extends DynamicsModel {
        double[] next(double[] state, double action);

        @Override
        default int stateSize() {
            return 2;
        }

        @Override
        default ActionSpace actionSpace() {
            return SPEC.actionSpace();
        }

        @Override
        default void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            for (int row = 0; row < states.rows(); row++) {
                next.setRow(row, next(states.row(row), actions.get(row, 0)));
            }
        }
    }

    private static final Law NOTHING_MOVES = (s, a) -> s;

    private static final Law FRICTIONLESS =
            (s, a) -> new double[] {s[0] + 0.1 * s[1], s[1] + 0.1 * (Math.sin(2 * s[0]) + a)};

    private static final DoubleUnaryOperator FRICTION = v -> 0.05 * v * Math.abs(v);

    /** Transitions of the spring with friction and noise; the reward is known to nobody. */
    private static ReplayBuffer data(int n, DoubleUnaryOperator friction, double noise, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        ReplayBuffer data = ReplayBuffer.of(SPEC, n);
        for (int i = 0; i < n; i++) {
            double[] s = {random.nextGaussian(), random.nextGaussian()};
            double[] a = SPEC.actionSpace().sample(random);
            double[] next = FRICTIONLESS.next(s, a[0]);
            next[1] -= friction.applyAsDouble(s[1]);
            next[0] += noise * random.nextGaussian();
            next[1] += noise * random.nextGaussian();
            data.add(new Transition(s, a, s[0] - a[0], next, false, false, i == 0));
        }
        return data;
    }

    private static ResidualDynamics fitted(DynamicsModel physics, EnsembleConfig config, ReplayBuffer data) {
        ResidualDynamics model = new ResidualDynamics(physics, SPEC, config);
        model.fit(data, new SplittableRandom(7));
        return model;
    }

    private static Batch gaussian(int rows, int columns, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        Batch batch = new Batch(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            batch.array()[i] = (float) random.nextGaussian();
        }
        return batch;
    }

    /** Rows well within the data. */
    private static Batch inside(int rows, int columns, long seed) {
        Batch batch = gaussian(rows, columns, seed);
        for (int i = 0; i < rows * columns; i++) {
            batch.array()[i] = 0.9f * (float) Math.tanh(batch.array()[i]);
        }
        return batch;
    }

    private static double farthest(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        return IntStream.range(0, actual.length)
                .mapToDouble(i -> Math.abs(actual[i] - expected[i]))
                .max()
                .orElseThrow();
    }

    private static float[] predictions(DynamicsModel model, Batch states, Batch actions) {
        Batch next = new Batch(states.rows(), 2);
        model.predict(states, actions, next);
        return next.array();
    }

    @Test
    void withPhysicsInWhichNothingMovesItIsTheEnsembleThatLearnsChanges() {
        ReplayBuffer data = data(200, FRICTION, 0.01, 1);
        EnsembleConfig config = SMALL.withTraining(TRAINING.withValidationFraction(0));
        ResidualDynamics residual = fitted(NOTHING_MOVES, config, data);
        EnsembleDynamics ensemble = new EnsembleDynamics(SPEC, config);
        ensemble.fit(data, new SplittableRandom(7));
        assertThat(residual.shares()).containsExactly(1, 1);
        Batch states = inside(300, 2, 2);
        Batch actions = inside(300, 1, 3);
        assertThat(farthest(predictions(residual, states, actions), predictions(ensemble, states, actions)))
                .isLessThan(1e-5);
        for (int m = 0; m < 3; m++) {
            assertThat(farthest(
                            predictions(residual.members().get(m), states, actions),
                            predictions(ensemble.members().get(m), states, actions)))
                    .isLessThan(1e-5);
        }
        Batch drawn = new Batch(300, 2);
        Batch expected = new Batch(300, 2);
        residual.sample(states, actions, new SplittableRandom(4), drawn);
        ensemble.sample(states, actions, new SplittableRandom(4), expected);
        assertThat(farthest(drawn.array(), expected.array())).isLessThan(1e-5);
    }

    @Test
    void learnsWhatThePhysicsLeavesOver() {
        ReplayBuffer data = data(400, FRICTION, 0, 1);
        ResidualDynamics model = fitted(FRICTIONLESS, SMALL, data);
        assertThat(model.shares()[1]).isGreaterThan(0.9);
        ReplayBuffer held = data(300, FRICTION, 0, 2);
        double physics = HeldOutError.after(1, FRICTIONLESS, held);
        assertThat(HeldOutError.after(1, model, held)).isLessThan(0.5 * physics);
    }

    @Test
    void whereThePhysicsIsRightNoiseIsNotTakenForKnowledge() {
        ReplayBuffer data = data(150, v -> 0, 0.2, 1);
        ResidualDynamics model = fitted(FRICTIONLESS, SMALL, data);
        Batch states = gaussian(500, 2, 2);
        Batch actions = gaussian(500, 1, 3);
        float[] physics = predictions(FRICTIONLESS, states, actions);
        float[] corrected = predictions(model, states, actions);
        DescriptiveStatistics squares = new DescriptiveStatistics();
        for (int i = 0; i < 1000; i++) {
            squares.addValue(Math.pow(corrected[i] - physics[i], 2));
        }
        assertThat(Math.sqrt(squares.getMean())).isLessThan(0.25 * 0.2);
        // What is shrunk is the correction, not the noise.
        Batch one = new Batch(2000, 2);
        Batch next = new Batch(2000, 2);
        model.sample(one, new Batch(2000, 1), new SplittableRandom(5), next);
        DescriptiveStatistics draws = new DescriptiveStatistics();
        for (int row = 0; row < 2000; row++) {
            draws.addValue(next.get(row, 1));
        }
        assertThat(draws.getStandardDeviation()).isBetween(0.14, 0.26);
    }

    @Test
    void sharesAreRegressionCoefficientsLessTheirStandardErrors() {
        RandomGenerator random = new SplittableRandom(1);
        for (int rows : new int[] {5, 9, 40}) {
            SimpleRegression regression = new SimpleRegression(false);
            double rr = 0;
            double rg = 0;
            double gg = 0;
            for (int i = 0; i < rows; i++) {
                double g = random.nextGaussian();
                double r = 0.7 * g + 0.2 * random.nextGaussian();
                regression.addData(g, r);
                rr += r * r;
                rg += r * g;
                gg += g * g;
            }
            double expected = regression.getSlope() - regression.getSlopeStdErr();
            assertThat(ResidualDynamics.share(rr, rg, gg, rows)).isCloseTo(expected, within(1e-9));
        }
        assertThat(ResidualDynamics.share(9, 3, 1, 10))
                .as("never more than all")
                .isEqualTo(1);
        assertThat(ResidualDynamics.share(1, -1, 1, 10))
                .as("never less than nothing")
                .isZero();
        assertThat(ResidualDynamics.share(1, 1, 1, 1))
                .as("one row tells nothing")
                .isZero();
        assertThat(ResidualDynamics.share(0, 0, 0, 10))
                .as("there is nothing to learn")
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 45, 60})
    void withVeryFewDataItIsNotWorseThanThePhysics(int n) {
        RustyPendulum real = new RustyPendulum(0.5, 1);
        DynamicsModel physics = new Pendulum().trueDynamics();
        for (long seed = 1; seed <= 3; seed++) {
            RandomStreams streams = RandomStreams.of(seed);
            ReplayBuffer held =
                    Episodes.collect(real, Policy.uniform(real.actionSpace()), 5, streams.stream("held out"));
            ResidualDynamics model = new ResidualDynamics(physics, real.spec(), SMALL);
            model.fit(swings(real, n, streams), streams.stream("fit"));
            assertThat(HeldOutError.after(20, model, held))
                    .isLessThanOrEqualTo(1.05 * HeldOutError.after(20, physics, held));
        }
    }

    /** The small version of {@code ResidualLearningTest}. */
    @Test
    void beatsThePhysicsAndTheNetworkAlone() {
        RustyPendulum real = new RustyPendulum(0.5, 1);
        DynamicsModel physics = new Pendulum().trueDynamics();
        RandomStreams streams = RandomStreams.of(1);
        ReplayBuffer data = swings(real, 400, streams);
        ReplayBuffer held = Episodes.collect(real, Policy.uniform(real.actionSpace()), 5, streams.stream("held out"));
        ResidualDynamics model = new ResidualDynamics(physics, real.spec(), SMALL);
        model.fit(data, streams.stream("fit"));
        EnsembleDynamics network = new EnsembleDynamics(real.spec(), SMALL);
        network.fit(data, streams.stream("fit"));
        double error = HeldOutError.after(20, model, held);
        assertThat(error).isLessThan(0.5 * HeldOutError.after(20, physics, held));
        assertThat(error).isLessThan(0.5 * HeldOutError.after(20, network, held));
    }

    private static ReplayBuffer swings(RustyPendulum real, int n, RandomStreams streams) {
        ReplayBuffer data = ReplayBuffer.of(real.spec(), n);
        Episodes.collectSteps(real, Policy.uniform(real.actionSpace()), n, streams.stream("data"), data::add);
        return data;
    }

    @Test
    void gradientsAreThoseOfDifferences() {
        EnsembleConfig config = SMALL.withLearnedReward(true);
        ResidualDynamics model = fitted(FRICTIONLESS, config, data(300, FRICTION, 0.02, 1));
        assertGradients(model);
        assertGradients(
                (RewardingDynamics & DifferentiableDynamics) model.members().get(1));
    }

    private static <D extends RewardingDynamics & DifferentiableDynamics> void assertGradients(D model) {
        Batch states = inside(150, 2, 2);
        Batch actions = inside(150, 1, 3);
        Batch weights = gaussian(150, 2, 4);
        float[] rewardWeights = gaussian(150, 1, 5).array();
        Batch[] own = gradients(model.differentiableStep(), states, actions, weights, rewardWeights);
        Batch[] byDifferences = gradients(
                Differences.of(new Hidden(model)).differentiableStep(), states, actions, weights, rewardWeights);
        for (int k = 0; k < 2; k++) {
            assertThat(farthest(own[k].array(), byDifferences[k].array())).isLessThan(5e-3);
        }
    }

    /** A model that does not show its derivatives. */
    private record Hidden(RewardingDynamics model) implements RewardingDynamics {
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
            return true;
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
            model.sample(states, actions, random, next, rewards);
        }
    }

    private static Batch[] gradients(
            DifferentiableStep step, Batch states, Batch actions, Batch weights, float[] rewardWeights) {
        step.forward(states, actions, null, new Batch(0, 2), new float[states.rows()]);
        Batch byState = new Batch(states.rows(), 2);
        Batch byAction = new Batch(states.rows(), 1);
        step.backward(weights, rewardWeights, byState, byAction);
        return new Batch[] {byState, byAction};
    }

    @Test
    void farFromTheDataTheCorrectionIsThatAtTheirEdge() {
        ReplayBuffer data = data(300, FRICTION, 0.02, 1);
        float fastest = 0;
        for (int i = 0; i < 300; i++) {
            fastest = Math.max(fastest, data.all().observations().get(i, 1));
        }
        ResidualDynamics model = fitted(FRICTIONLESS, SMALL, data);
        Batch states = Batch.ofRows(new double[] {0, fastest}, new double[] {0, fastest + 5}, new double[] {0, 1e6});
        Batch actions = new Batch(3, 1);
        float[] corrected = predictions(model, states, actions);
        float[] physics = predictions(FRICTIONLESS, states, actions);
        float atEdge = corrected[1] - physics[1];
        assertThat(atEdge).isNegative();
        assertThat(corrected[3] - physics[3]).isCloseTo(atEdge, within(1e-5f));
        // There the derivative is that of the physics alone.
        DifferentiableStep step = model.differentiableStep();
        Batch byState = new Batch(3, 2);
        step.forward(states, actions, null, new Batch(0, 2), null);
        step.backward(Batch.wrap(new float[] {0, 1, 0, 1, 0, 1}, 3, 2), null, byState, new Batch(3, 1));
        assertThat(byState.get(1, 1)).isCloseTo(1, within(1e-6f));
        assertThat(byState.get(0, 1)).isLessThan(0.99f);
    }

    @Test
    void whatIsNotANumberStaysSo() {
        ResidualDynamics model = fitted(FRICTIONLESS, SMALL, data(60, FRICTION, 0.02, 1));
        Batch states = Batch.ofRows(new double[] {Double.NaN, 0});
        assertThat(predictions(model, states, new Batch(1, 1))).containsOnly(Float.NaN);
    }

    @Test
    void aNoisyMemberGoesBackThroughWhatItDrew() {
        ResidualDynamics model = fitted(FRICTIONLESS, SMALL, data(200, FRICTION, 0.1, 1));
        RewardingDynamics member = model.members().get(0);
        Batch states = gaussian(10, 2, 2);
        Batch actions = gaussian(10, 1, 3);
        Batch drawn = new Batch(10, 2);
        member.sample(states, actions, new SplittableRandom(9), drawn);
        Batch again = new Batch(10, 2);
        ((DifferentiableDynamics) member)
                .differentiableStep()
                .forward(states, actions, new SplittableRandom(9), again, null);
        assertThat(again.array()).isEqualTo(drawn.array());
        assertThat(predictions(member, states, actions)).isNotEqualTo(drawn.array());
    }

    @Test
    void aResidualMayHaveAnotherAsItsPhysics() {
        ReplayBuffer data = data(300, FRICTION, 0, 1);
        ResidualDynamics inner = fitted(FRICTIONLESS, SMALL, data);
        ResidualDynamics outer = fitted(inner, SMALL, data);
        ReplayBuffer held = data(300, FRICTION, 0, 2);
        assertThat(HeldOutError.after(1, outer, held)).isLessThan(HeldOutError.after(1, FRICTIONLESS, held));
    }

    @Test
    void theNumberOfThreadsChangesNothing() {
        ReplayBuffer data = data(150, FRICTION, 0.1, 1);
        Batch states = gaussian(50, 2, 2);
        Batch actions = gaussian(50, 1, 3);
        float[][] predictions = new float[2][];
        for (int k = 0; k < 2; k++) {
            ResidualDynamics model = new ResidualDynamics(
                    FRICTIONLESS, SPEC, SMALL, ObservationTransform.IDENTITY, new Workers(1 + 2 * k));
            model.fit(data, new SplittableRandom(7));
            predictions[k] = predictions(model, states, actions);
        }
        assertThat(predictions[1]).isEqualTo(predictions[0]);
    }

    @Test
    void membersAreTheSameUntilTheNextFit() {
        ReplayBuffer data = data(60, FRICTION, 0.1, 1);
        ResidualDynamics model = fitted(FRICTIONLESS, SMALL, data);
        List<? extends RewardingDynamics> before = model.members();
        assertThat(model.members()).isSameAs(before).hasSize(3);
        model.fit(data, new SplittableRandom(8));
        assertThat(model.members()).isNotSameAs(before);
    }

    @Test
    void mistakesAreNamed() {
        EnvSpec other = new EnvSpec("Other", 3, SPEC.actionSpace(), 10);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResidualDynamics(FRICTIONLESS, other, SMALL))
                .withMessageContaining("physics has states of size 2, expected 3 as an observation of Other");
        EnvSpec wide = new EnvSpec("Wide", 2, ActionSpace.continuous(2, -1, 1), 10);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResidualDynamics(FRICTIONLESS, wide, SMALL))
                .withMessageContaining("physics has actions of size 1, expected 2");
        Law broken = (s, a) -> new double[] {0, s[0] > 0 ? Double.NaN : 0};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fitted(broken, SMALL, data(50, FRICTION, 0, 1)))
                .withMessageMatching("physics predicts NaN in dimension 1 for transition \\d+ of the data.*");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fitted(FRICTIONLESS, SMALL, ReplayBuffer.of(SPEC, 5)))
                .withMessageContaining("data is empty");
        ResidualDynamics model = new ResidualDynamics(FRICTIONLESS, SPEC, SMALL);
        assertThatThrownBy(model::shares).hasMessageContaining("has not been fitted");
        assertThatThrownBy(() -> model.predict(new Batch(1, 2), new Batch(1, 1), new Batch(1, 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has not been fitted");
        ResidualDynamics ready = fitted(FRICTIONLESS, SMALL, data(50, FRICTION, 0, 1));
        Batch states = new Batch(1, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ready.predict(states, new Batch(1, 1), states))
                .withMessageContaining("next is the same batch as states");
        assertThatThrownBy(() -> ready.predict(new Batch(1, 2), new Batch(1, 1), new Batch(1, 2), new float[1]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no reward head");
    }
}
