package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Differences;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.env.PendulumOptimum;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.GradientShooting;
import io.github.mbrl4j.plan.GradientShootingConfig;
import io.github.mbrl4j.report.TrainingHistory;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Gradient shooting swings up the pendulum, with the true model and with a learned one, over seeds that nothing was tuned on. Prints
 * every return: the tables of {@code docs/planners/gradient-shooting.md}. Run by {@code mvn -Plearning test
 * -Dtest=GradientShootingLearningTest}.
 */
@Tag("learning")
class GradientShootingLearningTest {

    private static final long FIRST = Long.getLong("first", 21);
    private static final long LAST = Long.getLong("last", 25);
    private static final int EPISODES = 5;
    private static final int TRIALS = 6;

    private static final GradientShootingConfig PLANNER =
            GradientShootingConfig.defaults().withHorizon(30).withStarts(6).withIterations(20);

    private static final RolloutConfig EXPECTATION = RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION);

    @Test
    void swingsUpThePendulumWithTheTrueModelByDifferences() {
        List<Double> means = new ArrayList<>();
        for (long seed = FIRST; seed <= LAST; seed++) {
            WorldModel world = WorldModel.of(new Pendulum().trueDynamics()).withDifferences();
            Policy controller = new MpcController(new GradientShooting(PLANNER), world, EXPECTATION, Workers.shared());
            long begin = System.nanoTime();
            double[] returns = returns(controller, seed);
            System.out.printf(
                    Locale.ROOT,
                    "true model, seed %d: mean %.1f, all %s; optimum %.1f, random policy %.1f; %.2f ms a step%n",
                    seed,
                    mean(returns),
                    round(returns),
                    mean(returns(new PendulumOptimum(), seed)),
                    mean(returns(Policy.uniform(new Pendulum().actionSpace()), seed)),
                    (System.nanoTime() - begin) * 1e-6 / (EPISODES * 200));
            means.add(mean(returns));
        }
        assertThat(means).allMatch(mean -> mean > -250);
    }

    @Test
    void swingsUpThePendulumWithALearnedModel() {
        List<Double> means = new ArrayList<>();
        for (long seed = FIRST; seed <= LAST; seed++) {
            Pendulum env = new Pendulum();
            PetsConfig config = PetsConfig.defaults().withRollouts(EXPECTATION);
            config = config.withEnsemble(
                    config.ensemble().withMembers(3).withElites(3).withHidden(List.of(100, 100)));
            Pets agent = Pets.on(env)
                    .config(config)
                    .reward(Differences.of(env.reward()))
                    .planner(new GradientShooting(PLANNER))
                    .seed(seed)
                    .build();
            TrainingHistory run = agent.train(TRIALS);
            double[] returns = returns(agent, seed);
            System.out.printf(
                    Locale.ROOT,
                    "learned model, seed %d: trials %s, then mean %.1f, all %s; optimum %.1f, random policy %.1f; plan %.2f"
                            + " ms%n",
                    seed,
                    round(run.returns()),
                    mean(returns),
                    round(returns),
                    mean(returns(new PendulumOptimum(), seed)),
                    mean(returns(Policy.uniform(env.actionSpace()), seed)),
                    run.planMillisMedian());
            means.add(mean(returns));
        }
        assertThat(means).allMatch(mean -> mean > -250);
    }

    private static double[] returns(Policy policy, long seed) {
        RandomStreams streams = RandomStreams.of(seed);
        return IntStream.range(0, EPISODES)
                .mapToDouble(e -> Episodes.run(new Pendulum(), policy, streams.stream("evaluation", e))
                        .totalReward())
                .toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static String round(double[] values) {
        return Arrays.toString(Arrays.stream(values).mapToLong(Math::round).toArray());
    }
}
