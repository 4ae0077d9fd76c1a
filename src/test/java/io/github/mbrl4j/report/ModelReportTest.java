package io.github.mbrl4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.LinearDynamics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import javax.imageio.ImageIO;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReportTest {

    private static final ActionSpace ACTIONS = ActionSpace.continuous(1, -10, 10);
    private static final ModelReportConfig ALL =
            ModelReportConfig.defaults().withStarts(1_000_000).withSteps(8);

    @TempDir
    Path directory;

    /** f(s, a), row by row. */
    private interface Step {
        double[] next(double[] state, double[] action);
    }

    /** A model made of a function, with independent noise of one standard deviation in each dimension. */
    private record Known(int stateSize, double noise, Step step) implements DynamicsModel {
        @Override
        public ActionSpace actionSpace() {
            return ACTIONS;
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            for (int row = 0; row < states.rows(); row++) {
                next.setRow(row, step.next(states.row(row), actions.row(row)));
            }
        }

        @Override
        public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
            predict(states, actions, next);
            for (int i = 0; i < next.rows() * stateSize; i++) {
                next.array()[i] += (float) (noise * random.nextGaussian());
            }
        }
    }

    private record Members(List<Known> members) implements EnsembleModel {
        @Override
        public int stateSize() {
            return members.get(0).stateSize();
        }

        @Override
        public ActionSpace actionSpace() {
            return ACTIONS;
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            Batch one = new Batch(0, stateSize());
            next.resize(states.rows());
            Arrays.fill(next.array(), 0, states.rows() * stateSize(), 0);
            for (Known member : members) {
                member.predict(states, actions, one);
                for (int i = 0; i < states.rows() * stateSize(); i++) {
                    next.array()[i] += one.array()[i] / members.size();
                }
            }
        }
    }

    /** Episodes of a known world under given actions; the reward is the first number of the next state. */
    private static ReplayBuffer episodes(int episodes, int length, Known world, double[] start, Policy policy) {
        RandomGenerator random = RandomStreams.of(7).stream("episodes", length);
        ReplayBuffer data = new ReplayBuffer(world.stateSize, 1, episodes * length);
        for (int episode = 0; episode < episodes; episode++) {
            double[] s = start.clone();
            for (int i = 0; i < s.length; i++) {
                s[i] += random.nextGaussian();
            }
            for (int t = 0; t < length; t++) {
                double[] a = {policy.action(t, random)};
                double[] next = world.step.next(s, a);
                for (int i = 0; i < next.length; i++) {
                    next[i] += world.noise * random.nextGaussian();
                }
                data.add(new Transition(s, a, next[0], next, false, t == length - 1, t == 0));
                s = next;
            }
        }
        return data;
    }

    private interface Policy {
        double action(int t, RandomGenerator random);
    }

    private static final Policy GAUSSIAN = (t, random) -> random.nextGaussian();

    private static final Known CURVED = new Known(2, 0.05, (s, a) ->
            new double[] {s[0] + 0.2 * s[1], 0.9 * s[1] - 0.3 * Math.sin(s[0]) + 0.2 * a[0]});

    private static ModelReport report(DynamicsModel model, ReplayBuffer heldOut, ModelReportConfig config) {
        return ModelReport.of(model, heldOut, config, null, new Workers(1));
    }

    @Test
    void errorsAreThoseOfAPlainLoop() {
        ReplayBuffer data = episodes(3, 20, CURVED, new double[] {1, 0}, GAUSSIAN);
        Known model = new Known(2, 0, (s, a) -> new double[] {s[0] + 0.19 * s[1], 0.9 * s[1] - 0.28 * s[0]});
        ModelReport report = report(model, data, ALL);
        assertThat(report.steps()).hasSize(8);
        for (int k = 1; k <= 8; k++) {
            double[] squares = new double[2];
            double[] persistence = new double[2];
            int count = 0;
            for (int episode = 0; episode < 3; episode++) {
                for (int from = 0; from + k <= 20; from++, count++) {
                    double[] start = data.transition(episode * 20 + from).observation();
                    double[] s = start;
                    for (int j = 0; j < k; j++) {
                        s = model.step.next(
                                s, data.transition(episode * 20 + from + j).action());
                    }
                    double[] truth =
                            data.transition(episode * 20 + from + k - 1).next();
                    for (int d = 0; d < 2; d++) {
                        squares[d] += (s[d] - truth[d]) * (s[d] - truth[d]);
                        persistence[d] += (start[d] - truth[d]) * (start[d] - truth[d]);
                    }
                }
            }
            ModelReport.Step step = report.steps().get(k - 1);
            assertThat(step.step()).isEqualTo(k);
            assertThat(step.starts()).isEqualTo(count);
            double overall = 0;
            for (int d = 0; d < 2; d++) {
                double error = Math.sqrt(squares[d] / count);
                assertThat(step.errors().get(d)).isCloseTo(error, within(1e-5));
                assertThat(step.persistenceErrors().get(d)).isCloseTo(Math.sqrt(persistence[d] / count), within(1e-5));
                overall += 0.5 * Math.pow(error / spread(data, d), 2);
            }
            assertThat(step.error()).isCloseTo(Math.sqrt(overall), within(1e-5));
        }
        assertThat(report.dimensions().get(1).spread()).isCloseTo(spread(data, 1), within(1e-6));
        assertThat(report.hasIntervals()).isFalse();
        assertThat(report.toString()).contains("intervals         none: the model is deterministic");
    }

    private static double spread(ReplayBuffer data, int d) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < data.size(); i++) {
            double x = data.transition(i).next()[d];
            sum += x;
            squares += x * x;
        }
        return Math.sqrt(squares / data.size() - Math.pow(sum / data.size(), 2));
    }

    /** s' = s + a, and the model adds a bias at each step: its error is k·bias, and R² follows from the actions alone. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.45, 2})
    void explainsWhatABiasLeaves(double bias) {
        Known world = new Known(1, 0, (s, a) -> new double[] {s[0] + a[0]});
        ReplayBuffer data = episodes(4, 50, world, new double[1], GAUSSIAN);
        Known model = new Known(1, 0, (s, a) -> new double[] {s[0] + a[0] + bias});
        ModelReport report = report(model, data, ALL);
        double[] actions = new double[200];
        double[] next = new double[200];
        for (int i = 0; i < 200; i++) {
            actions[i] = data.transition(i).action()[0];
            next[i] = data.transition(i).next()[0];
        }
        ModelReport.Dimension dimension = report.dimensions().get(0);
        assertThat(dimension.r2OfChange()).isCloseTo(1 - bias * bias / variance(actions), within(1e-5));
        assertThat(dimension.r2OfState()).isCloseTo(1 - bias * bias / variance(next), within(1e-5));
        for (ModelReport.Step step : report.steps()) {
            assertThat(step.errors().get(0)).isCloseTo(step.step() * bias, within(1e-5));
        }
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    }

    /**
     * Actions +1, +1, −1, −1, +1, … move the state to and fro. Over whole periods the error of persistence is 1, √2, 1, 0 at steps
     * 1 to 4, and that of a bias b is b·k: so they cross where b·k reaches them.
     */
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3, 0.4, 0.45, 0.8, 1.5})
    void theUsefulHorizonIsWhereTheErrorsCross(double bias) {
        Known world = new Known(1, 0, (s, a) -> new double[] {s[0] + a[0]});
        ReplayBuffer data = new ReplayBuffer(1, 1, 1000);
        for (int t = 0; t < 404; t++) {
            double a = t % 4 < 2 ? 1 : -1;
            double s = new double[] {0, 1, 2, 1}[t % 4];
            data.add(new Transition(
                    new double[] {s}, new double[] {a}, 0, new double[] {s + a}, false, t == 403, t == 0));
        }
        Known model = new Known(1, 0, (s, a) -> new double[] {s[0] + a[0] + bias});
        double[] persistence = {1, Math.sqrt(2), 1, 0};
        int expected = 0;
        while (expected < 4 && bias * (expected + 1) < persistence[expected]) {
            expected++;
        }
        ModelReport report = report(model, data, ALL.withPlanningError(1e9).withRolloutError(1e9));
        assertThat(report.usefulHorizon().steps()).isEqualTo(expected);
        assertThat(report.dimensions().get(0).usefulHorizon()).isEqualTo(expected);
        assertThat(report.planningHorizon()).isEqualTo(report.usefulHorizon());
        assertThat(report.usefulHorizon().reason())
                .contains("at step " + (expected + 1) + " the error is ")
                .contains("persistence's is no larger");
    }

    /** Errors of k·bias as shares of the spread, against limits between them. */
    @Test
    void planningAndRolloutsKeepBelowTheirLimits() {
        Known world = new Known(1, 0, (s, a) -> new double[] {s[0] + a[0]});
        ReplayBuffer data = episodes(4, 50, world, new double[1], GAUSSIAN);
        double bias = 0.05;
        double share = bias / spread(data, 0);
        Known model = new Known(1, 0, (s, a) -> new double[] {s[0] + a[0] + bias});
        ModelReport report =
                report(model, data, ALL.withPlanningError(5.5 * share).withRolloutError(2.5 * share));
        assertThat(report.usefulHorizon().steps()).isEqualTo(8);
        assertThat(report.usefulHorizon().reason()).isEqualTo("better than persistence in all of the 8 steps tested");
        assertThat(report.planningHorizon().steps()).isEqualTo(5);
        assertThat(report.planningHorizon().reason())
                .startsWith("at step 6 the error is ")
                .contains("the limit is");
        assertThat(report.rolloutLength().steps()).isEqualTo(2);
        assertThat(report(model, data, ALL.withPlanningError(9 * share))
                        .planningHorizon()
                        .steps())
                .isEqualTo(8);
    }

    /**
     * How often a number of N(0, 1) is within the central interval of level p of P = 79 numbers of N(0, c²), by integration over the
     * number: so many of them are below it as a binomial distribution says.
     */
    private static double coverage(double c, double p) {
        NormalDistribution normal = new NormalDistribution(0, 1);
        int outside = (int) Math.round(80 * (1 - p) / 2);
        double sum = 0;
        for (double y = -6; y < 6; y += 0.01) {
            BinomialDistribution below = new BinomialDistribution(null, 79, normal.cumulativeProbability(y / c));
            sum += 0.01 * normal.density(y) * below.cumulativeProbability(outside - 1, 79 - outside);
        }
        return sum;
    }

    /** A random walk whose model has c times its noise has c times its spread, however many steps ahead. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 2})
    void coverageIsThatOfTheClosedForm(double c) {
        Step walk = (s, a) -> new double[] {s[0] + a[0], 0.5 * s[1]};
        ReplayBuffer data = episodes(60, 40, new Known(2, 0.3, walk), new double[2], GAUSSIAN);
        ModelReport report = report(new Known(2, 0.3 * c, walk), data, ALL.withSteps(3));
        assertThat(coverage(1, 0.9)).as("the oracle itself").isCloseTo(0.9, within(1e-6));
        NormalDistribution normal = new NormalDistribution(0, 1);
        for (ModelReport.Step step : report.steps()) {
            for (int i = 0; i < 4; i++) {
                double p = ModelReport.LEVELS.get(i);
                double z = normal.inverseCumulativeProbability((1 + p) / 2);
                double covered = coverage(c, p);
                for (int d = 0; d < 2; d++) {
                    ModelReport.Interval interval = step.intervals().get(d);
                    assertThat(interval.coverage().get(i)).isCloseTo(covered, within(0.04));
                    double variance = d == 0 ? step.step() : (1 - Math.pow(0.25, step.step())) / 0.75;
                    assertThat(interval.widths().get(i))
                            .isCloseTo(2 * z * c * 0.3 * Math.sqrt(variance), within(0.08 * z * c * 0.3 * 2));
                }
                double curve = step.curve().get(ModelReport.CURVE.indexOf(p));
                assertThat(curve).isCloseTo(covered, within(0.03));
            }
        }
    }

    @Test
    void intervalsHoldAfterRecalibration() {
        EnvSpec spec = new EnvSpec("Curved", 2, ACTIONS, 100);
        EnsembleDynamics dynamics = new EnsembleDynamics(
                spec, EnsembleConfig.defaults().withMembers(3).withHidden(List.of(32, 32)));
        RandomGenerator random = RandomStreams.of(3).stream("fit");
        dynamics.fit(episodes(60, 21, CURVED, new double[2], GAUSSIAN), random);
        ReplayBuffer test = episodes(100, 23, CURVED, new double[2], GAUSSIAN);
        ModelReport before = report(dynamics, test, ALL.withSteps(1));
        dynamics.recalibrate(episodes(60, 25, CURVED, new double[2], GAUSSIAN));
        ModelReport after = report(dynamics, test, ALL.withSteps(1));
        assertThat(miscoverage(before)).isGreaterThan(0.03);
        assertThat(miscoverage(after)).isLessThan(0.03);
        assertThat(after.steps().get(0).errors())
                .isEqualTo(before.steps().get(0).errors());
    }

    /** The largest distance from what was promised, over dimensions and levels, one step ahead. */
    private static double miscoverage(ModelReport report) {
        double largest = 0;
        for (ModelReport.Interval interval : report.steps().get(0).intervals()) {
            for (int i = 0; i < 4; i++) {
                largest = Math.max(largest, Math.abs(interval.coverage().get(i) - ModelReport.LEVELS.get(i)));
            }
        }
        return largest;
    }

    /** Two members that are wrong by ±b at each step: particles that keep theirs are 2·k·b apart after k steps. */
    @Test
    void particlesKeepTheirMembers() {
        Known world = new Known(1, 0, (s, a) -> new double[] {s[0] + a[0]});
        Known up = new Known(1, 0, (s, a) -> new double[] {s[0] + a[0] + 0.5});
        Known down = new Known(1, 0, (s, a) -> new double[] {s[0] + a[0] - 0.5});
        ReplayBuffer data = episodes(2, 20, world, new double[1], GAUSSIAN);
        ModelReport report = report(new Members(List.of(up, down)), data, ALL);
        for (ModelReport.Step step : report.steps()) {
            assertThat(step.intervals().get(0).widths().get(3)).isCloseTo(step.step(), within(1e-5));
            assertThat(step.errors().get(0)).isLessThan(1e-5);
            assertThat(step.intervals().get(0).coverage().get(0)).isEqualTo(1);
        }
    }

    /** Members that disagree where they err, and members that disagree elsewhere. */
    @Test
    void disagreementIsComparedWithTheError() {
        Known world = new Known(1, 0, (s, a) -> new double[] {a[0]});
        ReplayBuffer data = episodes(4, 50, world, new double[1], GAUSSIAN);
        Known rising = new Known(1, 0, (s, a) -> new double[] {a[0] + 0.1 * s[0]});
        Known steeper = new Known(1, 0, (s, a) -> new double[] {a[0] + 0.3 * s[0]});
        ModelReport knowing = report(new Members(List.of(rising, steeper)), data, ALL.withSteps(1));
        assertThat(knowing.steps().get(0).disagreement()).isCloseTo(1, within(1e-3));
        Known mistaken = new Known(1, 0, (s, a) -> new double[] {a[0] + 0.1 * s[0] + 2 / (0.3 + Math.abs(s[0]))});
        Known opposite = new Known(1, 0, (s, a) -> new double[] {a[0] + 0.1 * s[0] - 2 / (0.3 + Math.abs(s[0]))});
        ModelReport unknowing = report(new Members(List.of(mistaken, opposite)), data, ALL.withSteps(1));
        assertThat(unknowing.steps().get(0).disagreement()).isLessThan(-0.99);
        assertThat(knowing.toString()).contains("disagreement");
    }

    @Test
    void anglesAreComparedTheShortWayRound() {
        Step turn = (s, a) -> new double[] {Math.IEEEremainder(s[0] + 0.4, 2 * Math.PI)};
        ReplayBuffer data = episodes(3, 40, new Known(1, 0, turn), new double[1], GAUSSIAN);
        Known model = new Known(1, 0.01, (s, a) -> new double[] {s[0] + 0.4 - 2 * Math.PI});
        ModelReport wrapped = report(model, data, ALL.withAngles(List.of(0)));
        for (ModelReport.Step step : wrapped.steps()) {
            assertThat(step.errors().get(0)).isLessThan(1e-4);
            double turned = Math.abs(Math.IEEEremainder(0.4 * step.step(), 2 * Math.PI));
            assertThat(step.persistenceErrors().get(0)).isCloseTo(turned, within(1e-5));
            assertThat(step.linearErrors().get(0)).isLessThan(1e-4);
            assertThat(step.intervals().get(0).widths().get(2))
                    .isCloseTo(2 * 1.645 * 0.01 * Math.sqrt(step.step()), within(0.01));
        }
        assertThat(wrapped.dimensions().get(0).angle()).isTrue();
        assertThat(wrapped.dimensions().get(0).r2OfState()).isGreaterThan(0.999);
        ModelReport plain = report(model, data, ALL);
        assertThat(plain.steps().get(0).errors().get(0)).isGreaterThan(5);
        assertThatThrownBy(() -> report(model, data, ALL.withAngles(List.of(1))))
                .hasMessageContaining("angles holds 1, expected dimensions from 0 to 0");
    }

    @Test
    void whatIsNotFiniteIsCountedAndEndsAllHorizons() {
        Known world = new Known(1, 0, (s, a) -> new double[] {s[0] + 1});
        ReplayBuffer data = episodes(1, 10, world, new double[1], GAUSSIAN);
        double limit = data.transition(4).observation()[0] + 0.5;
        Known model = new Known(1, 0.001, (s, a) -> new double[] {s[0] > limit ? Double.NaN : s[0] + 1});
        // Five starts are beyond the limit; one more with each step.
        ModelReport report = report(model, data, ALL.withSteps(3));
        assertThat(report.steps()).extracting(ModelReport.Step::nonFinite).containsExactly(5, 5, 5);
        assertThat(report.steps().get(0).starts()).isEqualTo(10);
        assertThat(report.steps().get(0).error()).isLessThan(1e-5);
        assertThat(report.usefulHorizon().steps()).isZero();
        assertThat(report.usefulHorizon().reason()).contains("predictions are not finite");
        assertThat(report.nonFiniteDraws()).isEqualTo(3 * 5 * 79);
        assertThat(report.toString()).contains("not finite        15 predictions, 1185 numbers drawn");
        Known never = new Known(1, 0, (s, a) -> new double[] {Double.NaN});
        ModelReport nothing = report(never, data, ALL.withSteps(3));
        assertThat(nothing.planningHorizon().steps()).isZero();
        assertThat(nothing.toString()).contains("NaN");
    }

    /** The reward is the next state, and the model adds a bias to both. */
    private record Rewarding(Known dynamics) implements RewardingDynamics {
        @Override
        public int stateSize() {
            return dynamics.stateSize();
        }

        @Override
        public ActionSpace actionSpace() {
            return ACTIONS;
        }

        @Override
        public boolean predictsReward() {
            return true;
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            dynamics.predict(states, actions, next);
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
            dynamics.predict(states, actions, next);
            for (int row = 0; row < states.rows(); row++) {
                rewards[row] = next.get(row, 0) + 0.25f;
            }
        }

        @Override
        public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
            predict(states, actions, next, rewards);
        }
    }

    @Test
    void predictedRewardsAreComparedToo() {
        Known world = new Known(1, 0, (s, a) -> new double[] {0.5 * s[0] + a[0]});
        ReplayBuffer data = episodes(4, 50, world, new double[1], GAUSSIAN);
        ModelReport report = report(new Rewarding(world), data, ALL);
        double[] rewards = new double[200];
        Arrays.setAll(rewards, i -> data.transition(i).reward());
        assertThat(report.rewardR2()).isCloseTo(1 - 0.0625 / variance(rewards), within(1e-5));
        assertThat(report.steps())
                .allSatisfy(step -> assertThat(step.rewardError()).isCloseTo(0.25, within(1e-5)));
        assertThat(report.toString()).contains("reward            R²");
        assertThat(report(world, data, ALL).rewardR2()).isNaN();
    }

    @Test
    void theLinearBaselineIsFittedOnOtherEpisodes() {
        ReplayBuffer data = episodes(6, 30, CURVED, new double[2], GAUSSIAN);
        Known model = new Known(2, 0, CURVED.step);
        ModelReport report = report(model, data, ALL);
        assertThat(report.linearBaseline()).isEqualTo("fitted on half of the held-out episodes, judged on the others");
        LinearDynamics[] halves = new LinearDynamics[2];
        for (int half = 0; half < 2; half++) {
            ReplayBuffer part = new ReplayBuffer(2, 1, 1000);
            for (int i = 0; i < data.size(); i++) {
                if (i / 30 % 2 == half) {
                    part.add(data.transition(i));
                }
            }
            halves[half] = new LinearDynamics(new EnvSpec("half", 2, ACTIONS, 1));
            halves[half].fit(part, RandomStreams.of(0).stream("none"));
        }
        double sum = 0;
        Batch next = new Batch(0, 2);
        for (int i = 0; i < data.size(); i++) {
            Transition t = data.transition(i);
            halves[1 - i / 30 % 2].predict(Batch.ofRows(t.observation()), Batch.ofRows(t.action()), next);
            sum += Math.pow(next.get(0, 1) - t.next()[1], 2);
        }
        assertThat(report.steps().get(0).linearErrors().get(1)).isCloseTo(Math.sqrt(sum / 180), within(1e-5));

        ModelReport trained = ModelReport.of(model, data, ALL, data, new Workers(1));
        assertThat(trained.linearBaseline()).isEqualTo("fitted on the training data");
        assertThat(trained.steps().get(0).linear())
                .isLessThan(report.steps().get(0).linear());
        ReplayBuffer one = episodes(1, 30, CURVED, new double[2], GAUSSIAN);
        assertThat(report(model, one, ALL).linearBaseline()).startsWith("none: there is one held-out episode only");
        assertThat(report(model, one, ALL).steps().get(0).linear()).isNaN();
        ReplayBuffer tiny = episodes(2, 2, CURVED, new double[2], GAUSSIAN);
        assertThat(report(model, tiny, ALL).linearBaseline())
                .startsWith("none: data has 2 transitions, expected at least");
    }

    @Test
    void isTheSameWithAnyNumberOfThreads() {
        ReplayBuffer data = episodes(10, 60, CURVED, new double[2], GAUSSIAN);
        Members model = new Members(List.of(CURVED, new Known(2, 0.04, CURVED.step), new Known(2, 0.1, CURVED.step)));
        ModelReportConfig config = ModelReportConfig.defaults().withStarts(200);
        ModelReport one = ModelReport.of(model, data, config, null, new Workers(1));
        ModelReport three = ModelReport.of(model, data, config, null, new Workers(3));
        assertThat(three).isEqualTo(one);
        assertThat(one.starts()).isEqualTo(200);
        assertThat(report(model, data, config.withSeed(2))).isNotEqualTo(one);
    }

    @Test
    void stepsEndWithTheLongestEpisode() {
        ReplayBuffer data = episodes(3, 6, CURVED, new double[2], GAUSSIAN);
        ModelReport report = ModelReport.of(CURVED, data);
        assertThat(report.steps()).hasSize(6);
        assertThat(report.steps()).extracting(ModelReport.Step::starts).containsExactly(18, 15, 12, 9, 6, 3);
        assertThat(report.episodes()).isEqualTo(3);
        assertThat(report.transitions()).isEqualTo(18);
    }

    @Test
    void hugeErrorsStayWithinTheTable() {
        ReplayBuffer data = episodes(3, 6, CURVED, new double[2], GAUSSIAN);
        Known wild = new Known(2, 0, (s, a) -> new double[] {1e15 * s[0], 0});
        String table = report(wild, data, ALL).toString();
        assertThat(table.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(100));
        assertThat(table).containsPattern("at step 1 the error is \\d\\.\\de\\+\\d\\d:");
    }

    @Test
    void allStepsOfAnEpisodeMayBeAskedFor() {
        ReplayBuffer data = episodes(3, 6, CURVED, new double[2], GAUSSIAN);
        ModelReport all = report(CURVED, data, ALL.withSteps(Integer.MAX_VALUE));
        assertThat(all.steps()).isEqualTo(report(CURVED, data, ALL.withSteps(6)).steps());
    }

    /** An exact model is exact, whatever frames were dropped. */
    @Test
    void predictionsEndWhereRowsDoNotJoin() {
        Known exact = new Known(2, 0, CURVED.step);
        ReplayBuffer all = episodes(2, 20, exact, new double[2], GAUSSIAN);
        ReplayBuffer dropped = new ReplayBuffer(2, 1, 40);
        for (int i = 0; i < 40; i++) {
            if (i != 10 && i != 33) {
                dropped.add(all.transition(i));
            }
        }
        ModelReport report = report(exact, dropped, ALL.withSteps(20));
        assertThat(report.gaps()).isEqualTo(2);
        assertThat(report.episodes()).isEqualTo(2);
        assertThat(report.steps()).hasSize(13);
        assertThat(report.steps()).allSatisfy(step -> assertThat(step.error()).isLessThan(1e-4));
        assertThat(report.toString()).contains("rows do not join in 2 places within episodes");
        assertThat(report(exact, all, ALL).gaps()).isZero();
        assertThat(report(exact, all, ALL).toString()).doesNotContain("gaps");
    }

    @Test
    void isSavedForPeopleAndPrograms() throws IOException {
        ReplayBuffer data = episodes(5, 40, CURVED, new double[2], GAUSSIAN);
        ModelReport report = ModelReport.of(CURVED, data, ALL.withSteps(12));
        Path place = directory.resolve("new").resolve("report");
        Locale usual = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            report.save(place);
        } finally {
            Locale.setDefault(usual);
        }
        assertThat(Json.read(Files.readString(place.resolve("model-report.json")), ModelReport.class))
                .isEqualTo(report);
        String table = Files.readString(place.resolve("model-report.txt"));
        assertThat(table)
                .isEqualTo(report.toString())
                .doesNotContain(",0")
                .contains("Known on 200 held-out transitions");
        assertThat(table.lines().filter(line -> line.matches(" +\\d+ +\\d+ .*")).count())
                .as("two dimensions, and steps 1 to 10 without 11 and 12")
                .isEqualTo(10);
        for (String name : List.of("errors.png", "calibration.png")) {
            assertThat(ImageIO.read(place.resolve(name).toFile()).getWidth()).isGreaterThan(500);
        }
        Known deterministic = new Known(2, 0, CURVED.step);
        Path other = directory.resolve("other");
        ModelReport.of(deterministic, data).save(other);
        assertThat(other.resolve("errors.png")).exists();
        assertThat(other.resolve("calibration.png")).doesNotExist();
        Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> report.save(directory.resolve("file")))
                .hasMessageContaining("cannot save the model report");
    }

    @Test
    void badArgumentsAreRefused() {
        ReplayBuffer data = episodes(2, 10, CURVED, new double[2], GAUSSIAN);
        assertThatThrownBy(() -> ModelReport.of(CURVED, new ReplayBuffer(2, 1, 5)))
                .hasMessageContaining("heldOut is empty");
        assertThatThrownBy(() -> ModelReport.of(CURVED, new ReplayBuffer(3, 1, 5)))
                .hasMessageContaining("heldOut has O=3, A=1, expected S=2, A=1");
        assertThatThrownBy(() -> ModelReport.of(CURVED, data, ALL, new ReplayBuffer(2, 2, 5), new Workers(1)))
                .hasMessageContaining("training has O=2, A=2");
        List<Runnable> bad = new ArrayList<>();
        bad.add(() -> ALL.withSteps(0));
        bad.add(() -> ALL.withStarts(0));
        bad.add(() -> ALL.withParticles(18));
        bad.add(() -> ALL.withAngles(List.of(-1)));
        bad.add(() -> ALL.withAngles(List.of(1, 1)));
        bad.add(() -> ALL.withPlanningError(0));
        bad.add(() -> ALL.withRolloutError(Double.NaN));
        for (Runnable call : bad) {
            assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void levelsAreThoseOfRanks() {
        assertThat(Futures.level(new double[] {-1, 1, 2})).isCloseTo(0.25, within(1e-12)); // rank 1 of 0 to 3
        assertThat(Futures.level(new double[] {1, 2, 3})).isCloseTo(0.75, within(1e-12));
        assertThat(Futures.level(new double[] {-3, -2, -1})).isCloseTo(0.75, within(1e-12));
        assertThat(Futures.level(new double[] {0, 0, 0})).isCloseTo(0, within(1e-12));
    }
}
