package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.DiscreteCartPole;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * DQN balances CartPole-v1 in the end, over seeds that nothing was tuned on. Prints every return. Run by
 * {@code mvn -Plearning test -Dtest=DqnLearningTest}; {@code -Dmbrl4j.firstSeed} and {@code -Dmbrl4j.lastSeed} choose other seeds.
 */
@Tag("learning")
class DqnLearningTest {

    @Test
    void balancesTheCartPole() {
        List<List<Evaluation>> runs = new ArrayList<>();
        for (long seed : LearningRun.seeds(6, 10)) {
            Dqn agent = Dqn.on(new DiscreteCartPole())
                    .seed(seed)
                    .workers(new Workers(1))
                    .build();
            runs.add(LearningRun.of(agent, new DiscreteCartPole(), 100_000, 5000));
        }
        assertThat(runs).allMatch(run -> LearningRun.last(run) >= 475);
    }
}
