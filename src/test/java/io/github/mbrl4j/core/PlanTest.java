package io.github.mbrl4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PlanTest {

    private static final Plan.Statistics STATISTICS = new Plan.Statistics(5, 1750, 3, 2_500_000, false);

    @Test
    void doesNotChangeWithItsArgumentsOrResults() {
        double[][] actions = {{1, 2}, {3, 4}};
        Plan plan = new Plan(actions, 7, STATISTICS);
        actions[0][0] = 9;
        actions[1] = new double[] {9, 9};
        plan.action(0)[1] = 9;
        assertThat(plan.action(0)).containsExactly(1, 2);
        assertThat(plan.action(1)).containsExactly(3, 4);
    }

    @Test
    void tellsWhatHappened() {
        Plan plan = new Plan(new double[][] {{1}, {2}, {3}}, -1.5, STATISTICS);
        assertThat(plan.horizon()).isEqualTo(3);
        assertThat(plan.predictedReturn()).isEqualTo(-1.5);
        assertThat(plan.statistics()).isEqualTo(STATISTICS);
        assertThat(plan.statistics().millis()).isEqualTo(2.5);
        assertThat(plan.toString()).contains("[[1.0], [2.0], [3.0]]", "predictedReturn=-1.5", "evaluations=1750");
    }

    @Test
    void needsAnAction() {
        assertThatThrownBy(() -> new Plan(new double[0][], 0, STATISTICS))
                .hasMessage("actions is empty, expected at least one");
        assertThatThrownBy(() -> new Plan(new double[][] {{1}}, 0, STATISTICS).action(1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
