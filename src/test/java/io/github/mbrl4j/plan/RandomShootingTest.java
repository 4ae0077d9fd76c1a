package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RandomShootingTest {

    private static final DiscreteActions CHOICES = ActionSpace.discrete(3);

    @Nested
    class Contract extends PlannerContract {
        @Override
        Planner planner(int horizon) {
            return new RandomShooting(
                    RandomShootingConfig.defaults().withHorizon(horizon).withPopulation(700));
        }
    }

    private static RandomShooting shooting(int horizon, int population) {
        return new RandomShooting(new RandomShootingConfig(horizon, population));
    }

    private static double matches(double[] sequence, int... target) {
        double sum = 0;
        for (int i = 0; i < target.length; i++) {
            sum += sequence[i] == target[i] ? 1 : 0;
        }
        return sum;
    }

    @Test
    void findsTheBestOfAllDiscreteSequences() {
        FakeObjective objective = FakeObjective.of(CHOICES, u -> matches(u, 2, 0, 1, 2));
        Plan plan = shooting(4, 2000).plan(objective, new SplittableRandom(1)); // 81 sequences
        assertThat(plan.predictedReturn()).isEqualTo(4);
        assertThat(plan.action(0)).containsExactly(2);
        assertThat(plan.action(1)).containsExactly(0);
        assertThat(plan.action(2)).containsExactly(1);
        assertThat(plan.action(3)).containsExactly(2);
    }

    @Test
    void drawsDiscreteChoicesEquallyOften() {
        FakeObjective objective = FakeObjective.of(CHOICES, u -> 0);
        shooting(10, 3001).plan(objective, new SplittableRandom(1));
        int[] counts = new int[3];
        for (float[] sequence : objective.sequencesSeen.subList(1, 3001)) {
            for (float choice : sequence) {
                counts[(int) choice]++;
            }
        }
        for (int count : counts) {
            assertThat(count).isBetween(9_600, 10_400); // sd 82 around 10,000
        }
    }

    @Test
    void drawsContinuousActionsOverTheWholeRange() {
        FakeObjective objective = FakeObjective.of(ActionSpace.continuous(1, -3, 5), u -> 0);
        shooting(10, 3001).plan(objective, new SplittableRandom(1));
        double sum = 0;
        double squares = 0;
        float smallest = 9;
        float largest = -9;
        for (float[] sequence : objective.sequencesSeen.subList(1, 3001)) {
            for (float action : sequence) {
                sum += action;
                squares += (action - 1.0) * (action - 1.0);
                smallest = Math.min(smallest, action);
                largest = Math.max(largest, action);
            }
        }
        assertThat(sum / 30_000).isBetween(0.94, 1.06);
        assertThat(squares / 30_000).isBetween(64 / 12.0 - 0.1, 64 / 12.0 + 0.1);
        assertThat(smallest).isBetween(-3f, -2.99f);
        assertThat(largest).isBetween(4.99f, 5f);
    }

    @Test
    void theWarmStartIsTheFirstCandidate() {
        RandomShooting planner = shooting(4, 50);
        FakeObjective first = FakeObjective.of(CHOICES, u -> matches(u, 2, 1, 1, 2));
        Plan plan = planner.plan(first, new SplittableRandom(1));
        assertThat(first.sequencesSeen.get(0)).containsExactly(0, 0, 0, 0);
        planner.advance(1);
        FakeObjective second = FakeObjective.of(CHOICES, u -> 0);
        planner.plan(second, new SplittableRandom(2));
        assertThat(second.sequencesSeen.get(0))
                .containsExactly((float) plan.action(1)[0], (float) plan.action(2)[0], (float) plan.action(3)[0], 0);
    }

    @Test
    void aDeterministicObjectiveNeverGetsWorse() {
        RandomShooting planner = shooting(6, 20);
        FakeObjective objective =
                FakeObjective.of(ActionSpace.continuous(1, -1, 1), u -> -Math.abs(u[0] - 0.5) - Math.abs(u[5] + 0.5));
        double last = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < 20; k++) {
            double found = planner.plan(objective, new SplittableRandom(k)).predictedReturn();
            assertThat(found).isGreaterThanOrEqualTo(last);
            last = found;
        }
    }

    @Test
    void theFirstOfSeveralBestCandidatesWins() {
        RandomShooting planner = shooting(2, 50);
        FakeObjective objective = FakeObjective.ofBatch(CHOICES, (sequences, returns) -> {
            for (int n = 0; n < returns.length; n++) {
                returns[n] = n == 11 || n == 30 ? 1 : 0;
            }
        });
        Plan plan = planner.plan(objective, new SplittableRandom(1));
        float[] eleventh = objective.sequencesSeen.get(11);
        assertThat(plan.action(0)).containsExactly(eleventh[0]);
        assertThat(plan.action(1)).containsExactly(eleventh[1]);
    }

    @Test
    void withoutAnyScoreDiscretePlansAreTheWarmStart() {
        RandomShooting planner = shooting(2, 50);
        Plan cold = planner.plan(FakeObjective.of(CHOICES, u -> Double.NaN), new SplittableRandom(1));
        assertThat(cold.action(0)).containsExactly(0);
        planner.plan(FakeObjective.of(CHOICES, u -> matches(u, 2, 2)), new SplittableRandom(1));
        DiscreteActions fewer = ActionSpace.discrete(2);
        Plan clipped = planner.plan(FakeObjective.of(fewer, u -> Double.NaN), new SplittableRandom(1));
        assertThat(clipped.action(0)).containsExactly(1);
        assertThat(clipped.predictedReturn()).isNaN();
    }
}
