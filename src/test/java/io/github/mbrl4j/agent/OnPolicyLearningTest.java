package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.DiscreteCartPole;
import io.github.mbrl4j.env.Pendulum;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * PPO and policy gradient learn, over seeds that nothing was tuned on. Prints every return. Run by
 * {@code mvn -Plearning test -Dtest=OnPolicyLearningTest}; {@code -Dmbrl4j.firstSeed} and {@code -Dmbrl4j.lastSeed} choose other
 * seeds.
 */
@Tag("learning")
class OnPolicyLearningTest {

    /**
     * A short look ahead is enough for the pendulum; steady gradients, steps that are not too far and become shorter, and a deviation
     * that does not vanish, keep it up.
     */
    static final PpoConfig PENDULUM = PpoConfig.defaults()
            .withStepsPerUpdate(4096)
            .withMinibatch(128)
            .withDecayUpdates(100)
            .withDiscount(0.95)
            .withValueLearningRate(1e-3)
            .withDivergenceLimit(0.02)
            .withEntropyBonus(0.01);

    @Test
    void ppoBalancesTheCartPole() {
        List<List<Evaluation>> runs = new ArrayList<>();
        for (long seed : LearningRun.seeds(1, 5)) {
            Ppo agent = Ppo.on(new DiscreteCartPole())
                    .seed(seed)
                    .workers(new Workers(1))
                    .build();
            runs.add(LearningRun.of(agent, new DiscreteCartPole(), 10 * 5 * 2048, 5 * 2048));
        }
        assertThat(runs).allMatch(run -> LearningRun.best(run) >= 475);
        assertThat(runs.stream().filter(run -> LearningRun.last(run) >= 475))
                .as("seeds that are there at the end, too; a policy may lapse for a while")
                .hasSizeGreaterThanOrEqualTo(Math.min(4, runs.size()));
    }

    /** The usual mark, -200 over all starts, where the optimum is -137.7. */
    @Test
    void ppoSwingsUpThePendulum() {
        List<List<Evaluation>> runs = new ArrayList<>();
        for (long seed : LearningRun.seeds(121, 125)) {
            Ppo agent = Ppo.on(new Pendulum())
                    .config(PENDULUM)
                    .seed(seed)
                    .workers(new Workers(1))
                    .build();
            runs.add(LearningRun.of(agent, new Pendulum(), 10 * 10 * 4096, 10 * 4096));
        }
        assertThat(runs).allMatch(run -> LearningRun.last(run) >= LearningRun.PENDULUM_OPTIMUM - 62);
    }

    @Test
    void policyGradientBalancesTheCartPole() {
        List<List<Evaluation>> runs = new ArrayList<>();
        for (long seed : LearningRun.seeds(1, 5)) {
            PolicyGradient agent = PolicyGradient.on(new DiscreteCartPole())
                    .seed(seed)
                    .workers(new Workers(1))
                    .build();
            runs.add(LearningRun.of(agent, new DiscreteCartPole(), 100_000, 10_000));
        }
        assertThat(runs).allMatch(run -> LearningRun.best(run) >= 475);
    }
}
