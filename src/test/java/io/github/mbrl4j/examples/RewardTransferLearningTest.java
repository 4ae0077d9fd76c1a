package io.github.mbrl4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One model without reward labels solves two rewards, over seeds that nothing was tuned on: the table of
 * {@code docs/models/reward-and-termination.md}. Run by {@code mvn -Plearning test -Dtest=RewardTransferLearningTest}.
 */
@Tag("learning")
class RewardTransferLearningTest {

    @Test
    @SuppressWarnings("unchecked")
    void solvesBothRewards() {
        for (int seed = 83; seed <= 87; seed++) {
            Map<String, Object> result = ExamplesTest.run(RewardTransfer::main, "--seed", Integer.toString(seed));
            System.out.println(result);
            List<Map<String, List<Double>>> rewards = (List<Map<String, List<Double>>>) result.get("rewards");
            assertThat(rewards.get(0).get("errors"))
                    .as("radians from upright, mean of the last 100 steps")
                    .allMatch(error -> error < 0.1);
            assertThat(rewards.get(0).get("random")).allMatch(error -> error > 0.5);
            assertThat(rewards.get(1).get("errors"))
                    .as("rad/s from 4, mean of the last 100 steps")
                    .allMatch(error -> error < 1.3);
            assertThat(rewards.get(1).get("random")).allMatch(error -> error > 1.5);
        }
    }
}
