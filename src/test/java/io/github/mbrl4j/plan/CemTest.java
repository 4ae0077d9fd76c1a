package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Plan;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CemTest {

    private static final ActionSpace SPACE = ActionSpace.continuous(1, -1, 1);

    @Test
    void findsTheTopOfASphere() {
        Cem cem = new Cem(CemConfig.defaults().withHorizon(5).withIterations(20));
        FakeObjective objective = FakeObjective.of(SPACE, u -> {
            double sum = 0;
            for (double v : u) {
                sum -= (v - 0.3) * (v - 0.3);
            }
            return sum;
        });
        Plan plan = cem.plan(objective, new SplittableRandom(1));
        assertThat(plan.predictedReturn()).isCloseTo(0, within(1e-3));
        for (int t = 0; t < 5; t++) {
            assertThat(plan.action(t)[0]).isCloseTo(0.3, within(0.02));
        }
    }
}
