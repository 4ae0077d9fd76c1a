package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.DifferentiableObjective;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.SequenceObjective;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.plan.GradientShootingConfig.Bounds;
import io.github.mbrl4j.rollout.LinearQuadraticWorld;
import io.github.mbrl4j.rollout.PredictedReturn;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientShootingTest {

    private static final GradientShootingConfig CONFIG =
            GradientShootingConfig.defaults().withHorizon(3).withStarts(4);

    private static final ContinuousActions SPACE = ActionSpace.continuous(1, -2, 6);

    /** −Σ (uᵢ − target)² with its gradient; each of both infinite, if wanted, from a border on. */
    private static class Hill implements DifferentiableObjective {
        final double target;
        double gradientBorder = Double.POSITIVE_INFINITY;
        int calls;
        int rows;
        double scale = 1;

        Hill(double target) {
            this.target = target;
        }

        @Override
        public ActionSpace actionSpace() {
            return SPACE;
        }

        @Override
        public void evaluate(Batch sequences, double[] returns) {
            for (int n = 0; n < sequences.rows(); n++) {
                returns[n] = 0;
                for (double u : sequences.row(n)) {
                    returns[n] -= scale * (u - target) * (u - target);
                }
            }
        }

        @Override
        public boolean evaluate(Batch sequences, double[] returns, Batch gradients, Deadline deadline) {
            calls++;
            rows += sequences.rows();
            evaluate(sequences, returns);
            gradients.resize(sequences.rows());
            for (int n = 0; n < sequences.rows(); n++) {
                for (int i = 0; i < sequences.columns(); i++) {
                    float u = sequences.get(n, i);
                    boolean broken = u > gradientBorder;
                    gradients.set(n, i, broken ? Float.NaN : (float) (-2 * scale * (u - target)));
                }
            }
            return !deadline.hasPassed();
        }
    }

    private static Plan plan(GradientShootingConfig config, SequenceObjective objective) {
        return new GradientShooting(config).plan(objective, new SplittableRandom(1));
    }

    @ParameterizedTest
    @EnumSource(Bounds.class)
    void climbsToTheTop(Bounds bounds) {
        Hill hill = new Hill(1.234);
        Plan plan = plan(CONFIG.withBounds(bounds).withIterations(150), hill);
        for (int t = 0; t < 3; t++) {
            assertThat(plan.action(t)[0]).isCloseTo(1.234, within(0.01));
        }
        assertThat(plan.statistics().evaluations()).isEqualTo(hill.rows);
        assertThat(plan.statistics().iterations()).isEqualTo(hill.calls);
        assertThat(plan.statistics().nonFiniteCandidates()).isZero();
    }

    @Test
    void reachesTheBoundItself() {
        Plan plan = plan(CONFIG, new Hill(100));
        for (int t = 0; t < 3; t++) {
            assertThat(plan.action(t)[0]).isEqualTo(6);
        }
        Plan squashed = plan(CONFIG.withBounds(Bounds.SQUASH), new Hill(100));
        assertThat(squashed.action(0)[0]).isBetween(5.9, 6.0);
    }

    @Test
    void stopsEarlyWhereNothingRises() {
        Hill hill = new Hill(2); // the middle, where the first start is
        Plan plan = plan(CONFIG.withStarts(1).withIterations(1000).withPatience(5), hill);
        assertThat(plan.statistics().iterations()).isLessThan(10);
        assertThat(plan.predictedReturn()).isZero();
        assertThat(plan.statistics().cut()).isFalse();
    }

    @Test
    void theScaleOfTheReturnDoesNotMatter() {
        Plan expected = plan(CONFIG, new Hill(1));
        for (double scale : new double[] {1e-12, 1e12}) {
            Hill hill = new Hill(1);
            hill.scale = scale;
            Plan plan = plan(CONFIG, hill);
            assertThat(plan.action(0)[0]).isCloseTo(expected.action(0)[0], within(1e-3));
        }
    }

    @Test
    void aGradientThatIsNotFiniteRanksLastAndIsCounted() {
        Hill hill = new Hill(5);
        hill.gradientBorder = 3;
        Plan plan = plan(CONFIG, hill);
        for (int t = 0; t < 3; t++) {
            assertThat(plan.action(t)[0]).isBetween(2.8, 3.0);
        }
        assertThat(plan.statistics().nonFiniteCandidates()).isPositive();
        Hill broken = new Hill(5);
        broken.gradientBorder = -10;
        Plan none = plan(CONFIG, broken);
        assertThat(none.predictedReturn()).isNaN();
        assertThat(none.action(0)).containsExactly(2);
        assertThat(none.statistics().nonFiniteCandidates()).isEqualTo(4);
        assertThat(broken.calls).isOne();
    }

    @Test
    void aLongGradientIsShortened() {
        // the first gradient points the wrong way and is a million times the others, so Adam remembers it for long
        class Explosion extends Hill {
            Explosion() {
                super(5);
            }

            @Override
            public boolean evaluate(Batch sequences, double[] returns, Batch gradients, Deadline deadline) {
                super.evaluate(sequences, returns, gradients, deadline);
                for (int i = 0; i < 3 && calls == 1; i++) {
                    gradients.array()[i] *= -1e6f;
                }
                return true;
            }
        }
        GradientShootingConfig config = CONFIG.withStarts(1).withPatience(100);
        double free = plan(config, new Explosion()).predictedReturn();
        double limited = plan(config.withMaxGradientNorm(100), new Explosion()).predictedReturn();
        assertThat(limited).isGreaterThan(-0.1).isGreaterThan(free + 1);
    }

    @Test
    void moreStartsFindTheHigherHill() {
        // two hills: a low one in the middle, where the warm start is, and a high one that is farther off
        SequenceObjective hills = FakeObjective.of(
                SPACE, u -> Math.exp(-(u[0] - 2) * (u[0] - 2) * 4) + 5 * Math.exp(-(u[0] - 4.5) * (u[0] - 4.5) * 4));
        GradientShootingConfig config = CONFIG.withHorizon(1).withDifferences();
        assertThat(plan(config.withStarts(1), hills).predictedReturn()).isLessThan(1.1);
        assertThat(plan(config.withStarts(16), hills).predictedReturn()).isGreaterThan(4.9);
    }

    @Test
    void finishesWhatAnotherPlannerBegan() {
        SequenceObjective hills = FakeObjective.of(
                SPACE, u -> Math.exp(-(u[0] - 2) * (u[0] - 2) * 4) + 5 * Math.exp(-(u[0] - 4.5) * (u[0] - 4.5) * 4));
        CemConfig few = CemConfig.defaults()
                .withHorizon(1)
                .withPopulation(30)
                .withElites(3)
                .withIterations(1);
        Plan first = new Cem(few).plan(hills, new SplittableRandom(1));
        GradientShooting hybrid =
                new GradientShooting(CONFIG.withHorizon(1).withStarts(1).withDifferences()).after(new Cem(few));
        Plan plan = hybrid.plan(hills, new SplittableRandom(1));
        assertThat(first.predictedReturn()).isLessThan(4.9);
        assertThat(plan.predictedReturn()).isGreaterThan(4.99);
        assertThat(plan.statistics().evaluations())
                .isEqualTo(31 + 3L * plan.statistics().iterations());
    }

    /** So high a cliff that its difference is beyond the range of float. */
    @ParameterizedTest
    @ValueSource(doubles = {1e38, 1e40, 1e300})
    void aCliffByDifferencesIsNoSlope(double depth) {
        ActionSpace around = ActionSpace.continuous(1, -1, 1);
        SequenceObjective cliff = FakeObjective.of(around, u -> u[0] > 0.5 ? -depth : u[0]);
        for (long seed = 0; seed < 50; seed++) {
            Plan plan = new GradientShooting(CONFIG.withHorizon(2).withDifferences())
                    .plan(cliff, new SplittableRandom(seed));
            assertThat(around.contains(plan.action(0))).isTrue();
            assertThat(around.contains(plan.action(1))).isTrue();
            assertThat(plan.predictedReturn()).isBetween(0.0, 0.5);
        }
    }

    @Test
    void theFirstPlannerKeepsTheDeadlineToo() {
        CemConfig many =
                CemConfig.defaults().withHorizon(3).withIterations(1000).withVarianceFloor(0);
        GradientShooting hybrid =
                new GradientShooting(CONFIG).after(new Cem(many)).withDeadline(Duration.ofNanos(1));
        Plan plan = hybrid.plan(new Hill(1), new SplittableRandom(1));
        assertThat(plan.statistics().cut()).isTrue();
        assertThat(plan.statistics().evaluations()).isLessThan(2L * many.population());
        assertThat(plan.predictedReturn()).isFinite();
    }

    @Test
    void theFirstPlannerNeedsTheSameHorizonAndTheSameActions() {
        GradientShooting hybrid =
                new GradientShooting(CONFIG).after(new Cem(CemConfig.defaults().withHorizon(7)));
        assertThatThrownBy(() -> hybrid.plan(new Hill(1), new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("plans 7 actions")
                .hasMessageContaining("horizon, which is 3");
        assertThat(hybrid.accepts(ActionSpace.discrete(2))).isFalse();
        assertThat(hybrid.accepts(SPACE)).isTrue();
    }

    @Test
    void anObjectiveWithoutGradientIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> plan(CONFIG, FakeObjective.of(SPACE, u -> 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no gradient")
                .hasMessageContaining("withDifferences()");
    }

    @Test
    void choicesAreRefused() {
        ActionSpace mixed = ActionSpace.product(SPACE, ActionSpace.discrete(3));
        assertThatThrownBy(() -> plan(CONFIG.withDifferences(), FakeObjective.of(mixed, u -> 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected continuous ones")
                .hasMessageContaining("maybe use Cem");
        assertThat(new GradientShooting(CONFIG).accepts(ActionSpace.product(SPACE, SPACE)))
                .isTrue();
    }

    @Test
    void aDeadlineEndsTheClimb() {
        Hill slow = new Hill(1) {
            @Override
            public boolean evaluate(Batch sequences, double[] returns, Batch gradients, Deadline deadline) {
                super.evaluate(sequences, returns, gradients, deadline);
                while (!deadline.hasPassed()) {
                    Thread.onSpinWait();
                }
                return true;
            }
        };
        GradientShooting planner =
                new GradientShooting(CONFIG.withIterations(1_000_000)).withDeadline(Duration.ofMillis(5));
        Plan plan = planner.plan(slow, new SplittableRandom(1));
        assertThat(plan.statistics().cut()).isTrue();
        assertThat(plan.statistics().iterations()).isOne();
        assertThat(plan.predictedReturn()).isFinite();
    }

    @Test
    void threadsDoNotChangeThePlan() {
        LinearQuadraticWorld problem = new LinearQuadraticWorld(new SplittableRandom(3), 4, 2, 12);
        GradientShootingConfig config = GradientShootingConfig.defaults()
                .withHorizon(12)
                .withStarts(300)
                .withIterations(5);
        double[][] actions = new double[2][];
        for (int threads = 1; threads <= 2; threads++) {
            PredictedReturn objective = new PredictedReturn(
                    problem.world(),
                    RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION),
                    new Workers(threads));
            objective.startFrom(problem.start(), new SplittableRandom(1));
            Plan plan = new GradientShooting(config).plan(objective, new SplittableRandom(2));
            actions[threads - 1] = new double[] {plan.predictedReturn(), plan.action(0)[0], plan.action(11)[1]};
        }
        assertThat(actions[1]).isEqualTo(actions[0]);
    }

    @Test
    void knowsItsSettings() {
        assertThat(new GradientShooting(CONFIG)
                        .withDeadline(Duration.ofMillis(1))
                        .config())
                .isEqualTo(CONFIG);
        assertThat(Arrays.asList(
                        CONFIG.withHorizon(9).horizon(),
                        CONFIG.withStarts(9).starts(),
                        CONFIG.withIterations(9).iterations(),
                        CONFIG.withPatience(9).patience()))
                .containsOnly(9);
        assertThat(CONFIG.withLearningRate(0.5).learningRate()).isEqualTo(0.5);
        assertThat(CONFIG.withMaxGradientNorm(7).maxGradientNorm()).isEqualTo(7);
        assertThat(CONFIG.withBounds(Bounds.SQUASH).bounds()).isEqualTo(Bounds.SQUASH);
        assertThat(CONFIG.differences()).isFalse();
        assertThat(CONFIG.withDifferences().differences()).isTrue();
    }

    @Test
    void settingsOutsideTheirRangesAreRefused() {
        assertRefused(() -> CONFIG.withHorizon(0), "horizon is 0");
        assertRefused(() -> CONFIG.withStarts(0), "starts is 0");
        assertRefused(() -> CONFIG.withIterations(0), "iterations is 0");
        assertRefused(() -> CONFIG.withLearningRate(0), "learningRate is 0.0");
        assertRefused(() -> CONFIG.withLearningRate(Double.NaN), "learningRate is NaN");
        assertRefused(() -> CONFIG.withMaxGradientNorm(0), "maxGradientNorm is 0.0");
        assertRefused(() -> CONFIG.withPatience(0), "patience is 0");
    }

    private static void assertRefused(ThrowingCallable change, String message) {
        assertThatThrownBy(change).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }
}
