package io.github.mbrl4j.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.Differences;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.model.ActionRate;
import io.github.mbrl4j.model.Constraint;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.TrainingConfig;
import io.github.mbrl4j.model.WorldModel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The gradient of the predicted return, against matrices, and against differences of the return itself. */
class PredictedReturnGradientTest {

    private static final RolloutConfig EXPECTATION = new RolloutConfig(1, Propagation.EXPECTATION, 1);

    private record Scores(double[] returns, Batch gradients) {}

    private static PredictedReturn objective(WorldModel world, RolloutConfig config, int threads, double... start) {
        PredictedReturn objective = new PredictedReturn(world, config, new Workers(threads));
        objective.startFrom(start, new SplittableRandom(42));
        return objective;
    }

    private static Scores gradients(PredictedReturn objective, Batch sequences) {
        double[] returns = new double[sequences.rows()];
        Batch gradients = new Batch(0, sequences.columns());
        gradients.resize(sequences.rows());
        Arrays.fill(gradients.array(), 77);
        assertThat(objective.evaluate(sequences, returns, gradients, Deadline.NEVER))
                .isTrue();
        return new Scores(returns, gradients);
    }

    private static Batch sequences(int n, int width, double scale, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        Batch sequences = new Batch(n, width);
        for (int i = 0; i < n * width; i++) {
            sequences.array()[i] = (float) (scale * random.nextGaussian());
        }
        return sequences;
    }

    @ParameterizedTest
    @CsvSource({"1, true, 1", "1, false, 1", "0.9, true, 1", "0.9, true, 300", "0, true, 3"})
    void agreesWithMatrices(double discount, boolean value, int candidates) {
        LinearQuadraticWorld problem = new LinearQuadraticWorld(new SplittableRandom(3), 4, 2, 12);
        WorldModel world = value ? problem.world() : problem.withoutValue();
        Batch sequences = sequences(candidates, 24, 1, 5);
        Scores scores = gradients(objective(world, EXPECTATION.withDiscount(discount), 1, problem.start()), sequences);
        double[] expected = new double[24];
        for (int n = 0; n < candidates; n++) {
            double score = problem.gradient(sequences.row(n), discount, value, expected);
            assertThat(scores.returns[n]).isCloseTo(score, within(2e-5 * Math.abs(score)));
            double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            assertThat(scores.gradients.row(n)).containsExactly(expected, within(1e-5 * largest));
        }
    }

    private static final EnvSpec SPEC = new EnvSpec("Spring", 2, ActionSpace.continuous(1, -2, 2), 100);

    private static final class Fitted {
        static final EnsembleDynamics PLAIN = fit(false);
        static final EnsembleDynamics WITH_REWARD = fit(true);

        private static EnsembleDynamics fit(boolean learnedReward) {
            RandomGenerator random = new SplittableRandom(1);
            ReplayBuffer data = ReplayBuffer.of(SPEC, 400);
            for (int i = 0; i < 400; i++) {
                double[] s = {random.nextGaussian(), random.nextGaussian()};
                double[] a = SPEC.actionSpace().sample(random);
                double[] next = {
                    s[0] + 0.2 * s[1], s[1] - 0.2 * Math.sin(s[0]) + 0.2 * a[0] + 0.1 * random.nextGaussian()
                };
                data.add(new Transition(s, a, -s[0] * s[0], next, false, false, i == 0));
            }
            EnsembleConfig config = EnsembleConfig.defaults()
                    .withMembers(3)
                    .withElites(3)
                    .withHidden(List.of(16, 16))
                    .withLearnedReward(learnedReward)
                    .withTraining(TrainingConfig.defaults().withMaxEpochs(10));
            EnsembleDynamics model = new EnsembleDynamics(SPEC, config, ObservationTransform.angles(0), new Workers(1));
            model.fit(data, new SplittableRandom(2));
            return model;
        }
    }

    private static WorldModel spring() {
        return WorldModel.of(
                        Fitted.PLAIN,
                        Differences.of((s, a, next) -> -s[0] * s[0] - 0.1 * next[1] * next[1] - 0.01 * a[0] * a[0]))
                .withTerminalValue(Differences.of(s -> -3 * s[0] * s[0]));
    }

    /** Differences of the return itself, all with the same noise. */
    private static void assertAgreesWithDifferences(WorldModel world, RolloutConfig config) {
        int horizon = 8;
        Batch sequences = sequences(5, horizon, 1, 9);
        Scores scores = gradients(objective(world, config, 1, 0.7, -0.3), sequences);
        double[] same = new double[5];
        objective(world, config, 1, 0.7, -0.3).evaluate(sequences, same);
        assertThat(scores.returns).containsExactly(same, within(1e-6));
        float h = 0.01f;
        for (int i = 0; i < horizon; i++) {
            double[] up = new double[5];
            double[] down = new double[5];
            objective(world, config, 1, 0.7, -0.3).evaluate(moved(sequences, i, h), up);
            objective(world, config, 1, 0.7, -0.3).evaluate(moved(sequences, i, -h), down);
            for (int n = 0; n < 5; n++) {
                double expected = (up[n] - down[n]) / (2 * h);
                assertThat((double) scores.gradients.get(n, i))
                        .isCloseTo(expected, within(2e-3 + 5e-3 * Math.abs(expected)));
            }
        }
    }

    private static Batch moved(Batch batch, int column, float by) {
        Batch copy = new Batch(0, batch.columns());
        copy.copyFrom(batch);
        for (int row = 0; row < copy.rows(); row++) {
            copy.set(row, column, copy.get(row, column) + by);
        }
        return copy;
    }

    @ParameterizedTest
    @EnumSource(
            value = Propagation.class,
            names = {"TS_INFINITY", "EXPECTATION"})
    void agreesWithDifferencesOfTheReturn(Propagation propagation) {
        assertAgreesWithDifferences(spring(), new RolloutConfig(7, propagation, 0.95));
    }

    @Test
    void agreesWithDifferencesOfTheReturnThatIsLearned() {
        assertAgreesWithDifferences(
                WorldModel.of(Fitted.WITH_REWARD), new RolloutConfig(4, Propagation.TS_INFINITY, 1));
    }

    static Stream<Risk> risks() {
        return Stream.of(Risk.mean(), Risk.meanMinusSpread(0.7), Risk.cvar(0.4));
    }

    /** Violations without a kink, for differences know none. */
    @ParameterizedTest
    @MethodSource("risks")
    void goesThroughRiskPenaltiesAndTheRateOfActions(Risk risk) {
        WorldModel world = spring().withConstraint(Constraint.of("position", (s, a, next) -> next[0] * next[0])
                        .withPenalty(3))
                .withConstraint(
                        Constraint.of("effort", (s, a, next) -> Math.exp(a[0])).withPenalty(2))
                .withActionRate(ActionRate.penalty(0.4));
        RolloutConfig config = new RolloutConfig(6, Propagation.TS_INFINITY, 0.95).withRisk(risk);
        assertAgreesWithDifferences(world, config);
    }

    @Test
    void goesThroughAPenaltyBesideALearnedReward() {
        WorldModel world = WorldModel.of(Fitted.WITH_REWARD)
                .withConstraint(Constraint.of("position", (s, a, next) -> next[0] * next[0])
                        .withPenalty(3));
        assertAgreesWithDifferences(world, EXPECTATION);
    }

    @Test
    void eachEvaluationHasTheNoiseThatItWouldHaveWithoutGradient() {
        RolloutConfig config = new RolloutConfig(5, Propagation.TS_INFINITY, 1);
        Batch sequences = sequences(40, 6, 1, 9);
        PredictedReturn one = objective(spring(), config, 1, 0.5, 0);
        PredictedReturn other = objective(spring(), config, 1, 0.5, 0);
        double[] first = gradients(one, sequences).returns;
        double[] second = gradients(one, sequences).returns;
        double[] expected = new double[40];
        other.evaluate(sequences, expected);
        assertThat(first).containsExactly(expected, within(1e-5));
        other.evaluate(sequences, expected);
        assertThat(second).containsExactly(expected, within(1e-5));
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void threadsDoNotChangeABit() {
        RolloutConfig config = new RolloutConfig(5, Propagation.TS_INFINITY, 0.9);
        Batch sequences = sequences(200, 6, 1, 9);
        Scores one = gradients(objective(spring(), config, 1, 0.5, 0), sequences);
        PredictedReturn objective = objective(spring(), config, 2, 0.5, 0);
        for (int k = 0; k < 3; k++) {
            objective.startFrom(new double[] {0.5, 0}, new SplittableRandom(42));
            Scores two = gradients(objective, sequences);
            assertThat(two.returns).isEqualTo(one.returns);
            assertThat(two.gradients.array()).isEqualTo(one.gradients.array());
        }
    }

    /** s' = s + a, or infinite where s is above 10. */
    private static class Steps implements DynamicsModel {
        @Override
        public int stateSize() {
            return 1;
        }

        @Override
        public ActionSpace actionSpace() {
            return ActionSpace.continuous(1, -100, 100);
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            for (int row = 0; row < states.rows(); row++) {
                float s = states.get(row, 0);
                next.set(row, 0, s > 10 ? Float.POSITIVE_INFINITY : s + actions.get(row, 0));
            }
        }
    }

    @Test
    void afterATerminationNothingCounts() {
        // r = s', V = 5s; ends with s' > 4, and everything is infinite later
        WorldModel world = WorldModel.of(new Steps(), (s, a, next) -> next[0])
                .withTermination((s, a, next) -> next[0] > 4)
                .withTerminalValue(s -> 5 * s[0])
                .withDifferences();
        Batch sequences =
                Batch.ofRows(new double[] {1, 1, 1, 0}, new double[] {1, 50, 1, 1}, new double[] {20, 1, 1, 1});
        Scores scores = gradients(objective(world, EXPECTATION, 1, 0), sequences);
        assertThat(scores.returns).containsExactly(new double[] {1 + 2 + 3 + 3 + 15, 1 + 51, 20}, within(1e-4));
        assertThat(scores.gradients.row(0)).containsExactly(new double[] {9, 8, 7, 6}, within(0.02));
        assertThat(scores.gradients.row(1)).containsExactly(new double[] {2, 1, 0, 0}, within(0.02));
        assertThat(scores.gradients.row(2)).containsExactly(new double[] {1, 0, 0, 0}, within(0.02));
    }

    @Test
    void whereAllHaveTerminatedTheRestIsZero() {
        WorldModel world = WorldModel.of(new Steps(), (s, a, next) -> next[0])
                .withTermination((s, a, next) -> true)
                .withTerminalValue(s -> 5 * s[0])
                .withDifferences();
        Scores scores = gradients(objective(world, EXPECTATION, 1, 0), sequences(4, 3, 1, 1));
        for (int n = 0; n < 4; n++) {
            assertThat(scores.gradients.row(n)).containsExactly(new double[] {1, 0, 0}, within(0.01));
        }
    }

    @Test
    void aRolloutThatIsNotFiniteHarmsNoOther() {
        WorldModel world = WorldModel.of(new Steps(), (s, a, next) -> next[0]).withDifferences();
        Batch sequences = Batch.ofRows(new double[] {1, 1, 1}, new double[] {20, 1, 1}, new double[] {2, 2, 2});
        Scores scores = gradients(objective(world, EXPECTATION, 1, 0), sequences);
        assertThat(scores.returns[1]).isNaN();
        assertThat(scores.gradients.row(0)).containsExactly(new double[] {3, 2, 1}, within(0.01));
        assertThat(scores.gradients.row(2)).containsExactly(new double[] {3, 2, 1}, within(0.01));
    }

    @Test
    void aDeadlineThatHasPassedLeavesNoScore() throws InterruptedException {
        Deadline passed = Deadline.after(Duration.ofNanos(1));
        Thread.sleep(1);
        double[] returns = {1, 1, 1};
        boolean complete = objective(spring(), EXPECTATION, 1, 0.5, 0)
                .evaluate(sequences(3, 4, 1, 1), returns, new Batch(3, 4), passed);
        assertThat(complete).isFalse();
        assertThat(returns).containsOnly(Double.NaN);
    }

    @Test
    void aModelThatIsFittedAgainIsFollowed() {
        EnsembleDynamics model = Fitted.fit(true);
        PredictedReturn objective =
                objective(WorldModel.of(model), new RolloutConfig(3, Propagation.TS_INFINITY, 1), 1, 0.5, 0);
        Batch sequences = sequences(4, 3, 1, 1);
        gradients(objective, sequences);
        ReplayBuffer data = ReplayBuffer.of(SPEC, 50);
        for (int i = 0; i < 50; i++) {
            data.add(new Transition(
                    new double[] {i, 0}, new double[] {0}, i, new double[] {i, 1}, false, false, i == 0));
        }
        model.fit(data, new SplittableRandom(3));
        objective.startFrom(new double[] {0.5, 0}, new SplittableRandom(42));
        double[] expected = new double[4];
        objective(WorldModel.of(model), new RolloutConfig(3, Propagation.TS_INFINITY, 1), 1, 0.5, 0)
                .evaluate(sequences, expected);
        assertThat(gradients(objective, sequences).returns).containsExactly(expected, within(1e-5));
    }

    private static void assertNoGradient(WorldModel world, Propagation propagation, String... message) {
        PredictedReturn objective = objective(
                world,
                new RolloutConfig(1, propagation, 1),
                1,
                new double[world.dynamics().stateSize()]);
        assertThatThrownBy(() -> gradients(objective, new Batch(2, 4)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(message);
    }

    @Test
    void aPartWithoutGradientIsNamedWithTheRemedy() {
        assertNoGradient(
                WorldModel.of(new Steps(), Differences.of((s, a, next) -> 0)),
                Propagation.EXPECTATION,
                "dynamics Steps",
                "world.withDifferences()");
        assertNoGradient(
                WorldModel.of(Differences.of(new Steps()), (s, a, next) -> 0),
                Propagation.EXPECTATION,
                "the reward",
                "world.withDifferences()");
        assertNoGradient(
                WorldModel.of(Differences.of(new Steps()), Differences.of((s, a, next) -> 0))
                        .withTerminalValue(s -> 0),
                Propagation.EXPECTATION,
                "the terminal value",
                "world.withDifferences()");
        assertNoGradient(spring(), Propagation.TS1, "TS1", "TS_INFINITY or EXPECTATION");
    }

    @Test
    void differencesKeepWhatHasAGradient() {
        WorldModel world = spring();
        WorldModel same = world.withDifferences();
        assertThat(same.dynamics()).isSameAs(world.dynamics());
        assertThat(same.reward()).isEqualTo(world.reward());
        assertThat(same.terminalValue()).isEqualTo(world.terminalValue());
        assertThat(WorldModel.of(Fitted.WITH_REWARD).withDifferences().reward()).isEmpty();
    }
}
