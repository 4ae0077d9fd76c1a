package io.github.mbrl4j.bench;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.env.Pendulum;
import java.util.List;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Steps of the built-in environments with random actions, resets included. Several threads step one environment each. */
@State(Scope.Thread)
public class EnvStepping implements Bench {

    private static final String CART_POLE = "cartpole";
    private static final String PENDULUM = "pendulum";

    /** What to step. */
    @Param(CART_POLE)
    public String environment = CART_POLE;

    private final RandomGenerator random = RandomStreams.of(0).stream("stepping");
    private Env env = new CartPole();

    /** Begins an episode. */
    @Setup
    public void begin() {
        env = environment.equals(CART_POLE) ? new CartPole() : new Pendulum();
        env.reset(random);
    }

    /**
     * Makes one step.
     *
     * @return what came of it
     */
    @Benchmark
    public Step run() {
        Step step = env.step(env.actionSpace().sample(random));
        if (step.done()) {
            env.reset(random);
        }
        return step;
    }

    @Override
    public String name() {
        return "env_stepping";
    }

    @Override
    public List<Case> cases(int threads) {
        return List.of(
                new Case(CART_POLE, () -> measure(CART_POLE, threads)),
                new Case(PENDULUM, () -> measure(PENDULUM, threads)));
    }

    private static Figures measure(String environment, int threads) {
        Measurement step =
                Jmh.on(EnvStepping.class).with("environment", environment).measure(threads);
        return Figures.of(step).rate("steps_per_s", threads);
    }
}
