package io.github.mbrl4j.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.ValueFunction;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.env.PendulumOptimum;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A short horizon with a terminal value is as good as a long one without: the pendulum, planned with its true equations, and V by
 * dynamic programming. Prints the table of {@code docs/planners/objective.md}.
 */
@Tag("learning")
class TerminalValueLearningTest {

    private static final int EPISODES = 10;

    @Test
    void fiveStepsWithAValueAreAsGoodAsThirtyWithout() {
        Pendulum env = new Pendulum();
        WorldModel world = WorldModel.of(env.trueDynamics(), env);
        WorldModel valued = world.withTerminalValue(valueOf(new PendulumOptimum()));
        System.out.println("terminal value: mean return of " + EPISODES + " episodes");
        for (long seed = 21; seed <= 25; seed++) {
            double shortSighted = meanReturn(env, world, 5, seed);
            double shortValued = meanReturn(env, valued, 5, seed);
            double farSighted = meanReturn(env, world, 30, seed);
            System.out.printf(
                    Locale.ROOT,
                    "seed %d: H = 5 %.1f, H = 5 with V %.1f, H = 30 %.1f%n",
                    seed,
                    shortSighted,
                    shortValued,
                    farSighted);
            assertThat(shortSighted).as("five steps alone do not swing up").isLessThan(-600);
            assertThat(shortValued).as("within 5 %% of thirty steps").isGreaterThan(1.05 * farSighted);
        }
    }

    private static ValueFunction valueOf(PendulumOptimum optimum) {
        return state -> optimum.value(Math.atan2(state[1], state[0]), state[2]);
    }

    private static double meanReturn(Pendulum env, WorldModel world, int horizon, long seed) {
        RolloutConfig exact = RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION);
        CemConfig config = CemConfig.defaults().withHorizon(horizon).withIterations(5);
        MpcController controller = new MpcController(new Cem(config), world, exact, Workers.shared());
        RandomStreams streams = RandomStreams.of(seed);
        double[] returns = new double[EPISODES];
        Arrays.setAll(
                returns,
                i -> Episodes.run(env, controller, streams.stream("episode", i)).totalReward());
        return Arrays.stream(returns).average().orElseThrow();
    }
}
