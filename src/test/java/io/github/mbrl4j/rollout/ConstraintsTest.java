package io.github.mbrl4j.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.Constraint;
import io.github.mbrl4j.model.WorldModel;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConstraintsTest {

    private static final RolloutConfig ONE = new RolloutConfig(1, Propagation.TS1, 1);

    /** s' = s + a, plus normal noise where it is sampled. */
    private record Walk(double noise) implements DynamicsModel {
        @Override
        public int stateSize() {
            return 1;
        }

        @Override
        public ActionSpace actionSpace() {
            return ActionSpace.continuous(1, -10, 10);
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            for (int row = 0; row < states.rows(); row++) {
                next.set(row, 0, states.get(row, 0) + actions.get(row, 0));
            }
        }

        @Override
        public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
            predict(states, actions, next);
            for (int row = 0; row < states.rows(); row++) {
                next.set(row, 0, (float) (next.get(row, 0) + noise * random.nextGaussian()));
            }
        }
    }

    /** The reward is the position reached. */
    private static WorldModel world(double noise) {
        return WorldModel.of(new Walk(noise), (s, a, next) -> next[0]);
    }

    private static final Constraint BELOW_TWO = Constraint.of("below 2", (s, a, next) -> next[0] - 2);

    private static PredictedReturn objective(WorldModel world, RolloutConfig config, int threads) {
        PredictedReturn objective = new PredictedReturn(world, config, new Workers(threads));
        objective.startFrom(new double[1], new SplittableRandom(4));
        return objective;
    }

    private static double score(WorldModel world, RolloutConfig config, double... plan) {
        double[] returns = new double[1];
        objective(world, config, 1).evaluate(Batch.ofRows(plan), returns);
        return returns[0];
    }

    private static Plan plan(double... actions) {
        double[][] sequence = new double[actions.length][];
        for (int t = 0; t < actions.length; t++) {
            sequence[t] = new double[] {actions[t]};
        }
        return new Plan(sequence, 0, new Plan.Statistics(1, 1, 0, 1, false));
    }

    @Test
    void aPenaltyIsSubtractedFromTheRewardOfItsStep() {
        WorldModel world = world(0).withConstraint(BELOW_TWO.withPenalty(10));
        // Positions 1, 3, 4: rewards 8, violations 1 and 2.
        assertThat(score(world, ONE, 1, 2, 1)).isEqualTo(8 - 10 * 3);
        assertThat(score(world, ONE.withDiscount(0.5), 1, 2, 1)).isEqualTo(1 + 1.5 + 1 - 10 * (0.5 + 0.5));
        assertThat(score(world, ONE, 1, 1, 0)).as("on the border it holds").isEqualTo(5);
    }

    @Test
    void aConstraintWithoutCostChangesNothing() {
        assertThat(score(world(0).withConstraint(BELOW_TWO), ONE, 1, 2, 1)).isEqualTo(8);
    }

    @Test
    void constraintsOnActionsAndSeveralOfThemAddUp() {
        WorldModel world = world(0).withConstraint(BELOW_TWO.withPenalty(10))
                .withConstraint(Constraint.of("gently", (s, a, next) -> Math.abs(a[0]) - 1)
                        .withPenalty(3));
        assertThat(score(world, ONE, 1, 2, 1)).isEqualTo(8 - 10 * 3 - 3 * 1);
    }

    @Test
    void afterTerminationNothingIsViolatedAnyMore() {
        WorldModel world =
                world(0).withConstraint(BELOW_TWO.withPenalty(10)).withTermination((s, a, next) -> next[0] > 2.5);
        // The terminating step counts, reward and penalty.
        assertThat(score(world, ONE, 1, 2, 1)).isEqualTo(4 - 10);
        assertThat(objective(world, ONE, 1).report(plan(1, 2, 1), 7).of("below 2"))
                .isEqualTo(new ConstraintReport.Figures("below 2", 1, 1, 1));
    }

    @Test
    void aChanceIsTheShareOfParticlesThatViolateAtAnyStep() {
        WorldModel world = world(0).withConstraint(BELOW_TWO.withChance(0.1, 100));
        assertThat(score(world, ONE, 1, 2, 1)).isEqualTo(8 - 100 * 0.9);
        assertThat(score(world, ONE, 1, 1, 0)).isEqualTo(5);
        // One step of normal noise: P(1 + 0.5 z > 2) = P(z > 2) = 0.02275.
        RolloutConfig many = ONE.withParticles(40_000);
        double free = score(world(0.5), many, 1);
        WorldModel strict = world(0.5).withConstraint(BELOW_TWO.withChance(0, 100));
        assertThat(free - score(strict, many, 1)).isCloseTo(2.275, within(0.3));
        WorldModel lenient = world(0.5).withConstraint(BELOW_TWO.withChance(0.03, 100));
        assertThat(score(lenient, many, 1)).isEqualTo(free);
    }

    @Test
    void theReportTellsExpectedViolationAndChance() {
        WorldModel world = world(0.5)
                .withConstraint(BELOW_TWO.withChance(0.01, 100))
                .withConstraint(Constraint.of("gently", (s, a, next) -> Math.abs(a[0]) - 0.25));
        ConstraintReport report = objective(world, ONE, 2).report(plan(1), 40_000);
        assertThat(report.particles()).isEqualTo(40_000);
        // E max(0, 1 + 0.5 z − 2) = 0.5·(φ(2) − 2·(1 − Φ(2))) = 0.5 · 0.008491.
        assertThat(report.of("below 2").expectedViolation()).isCloseTo(0.0042455, within(0.0006));
        assertThat(report.of("below 2").chance()).isCloseTo(0.02275, within(0.003));
        assertThat(report.of("below 2").isKept()).isFalse();
        assertThat(report.of("gently")).isEqualTo(new ConstraintReport.Figures("gently", 0.75, 1, 1));
        assertThat(report.of("gently").isKept()).isTrue();
        assertThat(report.toString()).contains("below 2: expected violation 0.00", "of 0.0100 allowed", "\ngently");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> report.of("above"))
                .withMessage("name is above, expected one of [below 2, gently]");
    }

    @Test
    void aReportDoesNotChangeWhatFollows() {
        WorldModel world = world(1).withConstraint(BELOW_TWO.withPenalty(1));
        double[] without = new double[2];
        double[] with = new double[2];
        PredictedReturn plain = objective(world, ONE, 1);
        PredictedReturn reporting = objective(world, ONE, 1);
        for (int i = 0; i < 2; i++) {
            double[] one = new double[1];
            plain.evaluate(Batch.ofRows(new double[] {1, 1}), one);
            without[i] = one[0];
            reporting.evaluate(Batch.ofRows(new double[] {1, 1}), one);
            with[i] = one[0];
            ConstraintReport report = reporting.report(plan(1, 1), 50);
            assertThat(reporting.report(plan(1, 1), 50)).isEqualTo(report);
        }
        assertThat(with).isEqualTo(without);
        PredictedReturn expected = objective(world, ONE.withPropagation(Propagation.EXPECTATION), 1);
        assertThat(expected.report(plan(1, 2), 50))
                .isEqualTo(new ConstraintReport(1, List.of(new ConstraintReport.Figures("below 2", 1, 1, 1))));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void aViolationThatIsNotFiniteMakesTheReturnNan(double bad) {
        for (double weight : new double[] {0, 1}) {
            WorldModel world = world(0).withConstraint(Constraint.of("odd", (s, a, next) -> a[0] > 5 ? bad : -1)
                    .withPenalty(weight));
            assertThat(score(world, ONE, 1, 1)).isEqualTo(3);
            assertThat(score(world, ONE, 1, 6)).isNaN();
            ConstraintReport.Figures figures =
                    objective(world, ONE, 1).report(plan(1, 6), 3).of("odd");
            assertThat(figures.expectedViolation()).isNaN();
            assertThat(figures.chance()).isEqualTo(1);
        }
    }

    @Test
    void riskSeesPenalties() {
        WorldModel world = WorldModel.of(new Walk(1), (s, a, next) -> 0)
                .withConstraint(
                        Constraint.of("below 0", (s, a, next) -> next[0]).withPenalty(1));
        RolloutConfig many = ONE.withParticles(2_000);
        // −E max(0, z) = −φ(0); the mean of the worst half is −E[z | z > 0] = −2 φ(0).
        assertThat(score(world, many, 0)).isCloseTo(-0.3989, within(0.05));
        assertThat(score(world, many.withRisk(Risk.cvar(0.5)), 0)).isCloseTo(-0.7979, within(0.05));
    }

    @Test
    void theNumberOfThreadsDoesNotChangeABit() {
        WorldModel world = world(1).withConstraint(BELOW_TWO.withPenalty(2).withChance(0.1, 5));
        RolloutConfig config = ONE.withParticles(7).withRisk(Risk.meanMinusSpread(1));
        Batch plans = new Batch(300, 4);
        RandomGenerator random = new SplittableRandom(6);
        for (int i = 0; i < 1_200; i++) {
            plans.array()[i] = (float) random.nextGaussian();
        }
        double[] one = new double[300];
        objective(world, config, 1).evaluate(plans, one);
        double[] three = new double[300];
        objective(world, config, 3).evaluate(plans, three);
        assertThat(three).isEqualTo(one);
    }

    @Test
    void thePenaltyAsARewardIsThatOfTheRollout() {
        RewardModel reward = BELOW_TWO.withPenalty(10).penaltyAsReward();
        assertThat(reward.reward(new double[1], new double[1], new double[] {2.5}))
                .isEqualTo(-5);
        assertThat(reward.reward(new double[1], new double[1], new double[] {1}))
                .isZero();
        float[] rewards = new float[2];
        reward.rewards(new Batch(2, 1), new Batch(2, 1), Batch.wrap(new float[] {2.5f, 1}, 2, 1), rewards);
        assertThat(rewards).containsExactly(-5, 0);
    }

    @Test
    void mistakesAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BELOW_TWO.withPenalty(-1))
                .withMessageContaining("penalty is -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BELOW_TWO.withChance(1.5, 1))
                .withMessageContaining("allowedChance is 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BELOW_TWO.withChance(0.5, Double.NaN))
                .withMessageContaining("chanceWeight is NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Constraint.of(" ", BELOW_TWO.model()))
                .withMessageContaining("name is blank");
        WorldModel world = world(0).withConstraint(BELOW_TWO);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> world.withConstraint(BELOW_TWO.withPenalty(3)))
                .withMessageContaining("two constraints named below 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> objective(world, ONE, 1).report(plan(1), 0))
                .withMessageContaining("particles is 0");
        assertThatIllegalStateException()
                .isThrownBy(() -> new PredictedReturn(world, ONE, new Workers(1)).report(plan(1), 1))
                .withMessageContaining("no start state");
    }
}
