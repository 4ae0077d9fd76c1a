package io.github.mbrl4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.agent.Mbpo;
import io.github.mbrl4j.agent.MbpoConfig;
import io.github.mbrl4j.agent.RolloutSchedule;
import io.github.mbrl4j.agent.SacLearnerConfig;
import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.gym.GymnasiumEnv;
import io.github.mbrl4j.gym.Python;
import io.github.mbrl4j.model.TrainingConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Agents learn in Gymnasium's own environments, over seeds that nothing was tuned on ({@code -Dmbrl4j.firstSeed} and
 * {@code -Dmbrl4j.lastSeed} choose others). Prints every return: the tables of {@code docs/gymnasium.md}. Run by
 * {@code mvn -Plearning test -Dtest=GymnasiumLearningTest} with a Python that has gymnasium[mujoco].
 */
@Tag("learning")
class GymnasiumLearningTest {

    private static final long FIRST_SEED = Long.getLong("mbrl4j.firstSeed", 131);
    private static final long LAST_SEED = Long.getLong("mbrl4j.lastSeed", 135);

    @Test
    void petsSwingsUpThePendulum() {
        Python.requireGymnasium();
        for (long seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
            assertThat(returns(seed, "--env", "Pendulum-v1", "--trials", "10")).anyMatch(r -> r > -200);
        }
    }

    @Test
    void petsBalancesTheInvertedPendulum() {
        Python.requireMujoco();
        for (long seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
            assertThat(returns(seed, "--env", "InvertedPendulum-v5", "--trials", "20", "--until", "1000"))
                    .last()
                    .isEqualTo(1000.0);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Double> returns(long seed, String... options) {
        List<String> arguments = new ArrayList<>(List.of("--seed", String.valueOf(seed), "--threads", "1"));
        Collections.addAll(arguments, options);
        long begin = System.nanoTime();
        Map<String, Object> result = ExamplesTest.run(PetsGymnasium::main, arguments.toArray(String[]::new));
        System.out.printf(Locale.ROOT, "%s in %.0f s%n", result, (System.nanoTime() - begin) * 1e-9);
        return (List<Double>) result.get("returns");
    }

    /** Much less work than the paper's: fewer random steps, smaller networks, a quarter of the updates. */
    private static final MbpoConfig HALF_CHEETAH = MbpoConfig.defaults()
            .withInitialSteps(1000)
            .withModelEvery(500)
            .withEnsemble(MbpoConfig.defaults()
                    .ensemble()
                    .withTraining(TrainingConfig.defaults().withMaxEpochs(20)))
            .withSchedule(new RolloutSchedule(1000, 1, 2, 1, 1))
            .withRetainedEpochs(1)
            .withUpdateRatio(10)
            .withLearner(
                    SacLearnerConfig.defaults().withHidden(List.of(128, 128)).withLearningRate(1e-3));

    @Test
    void mbpoImprovesTheHalfCheetahOverARandomPolicy() {
        Python.requireMujoco();
        int steps = Integer.getInteger("mbrl4j.steps", 10_000);
        for (long seed = FIRST_SEED; seed <= LAST_SEED; seed++) {
            try (GymnasiumEnv env = GymnasiumEnv.make("HalfCheetah-v5")) {
                Mbpo agent = Mbpo.on(env)
                        .config(HALF_CHEETAH)
                        .seed(seed)
                        .workers(new Workers(1))
                        .build();
                double random = Evaluation.of(env, Policy.uniform(env.actionSpace()), 5, seed)
                        .mean();
                double[] curve = new double[steps / 1000];
                long begin = System.nanoTime();
                for (int i = 0; i < curve.length; i++) {
                    agent.train(1000);
                    curve[i] = Evaluation.of(env, agent, 5, seed).mean();
                }
                System.out.printf(
                        Locale.ROOT,
                        "MBPO on HalfCheetah-v5 seed %d, %.0f s: random %.0f; mean of 5 episodes after every 1000 steps %s%n",
                        seed,
                        (System.nanoTime() - begin) * 1e-9,
                        random,
                        Arrays.toString(
                                Arrays.stream(curve).mapToLong(Math::round).toArray()));
                assertThat(curve[curve.length - 1]).isGreaterThan(random);
            }
        }
    }
}
