package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Step;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A noisy walk on a line that pays −x² and ends beyond ±1.5, after 12 steps at the latest. It tells neither reward nor ends. */
final class Walk implements Env {

    private static final EnvSpec SPEC = new EnvSpec("Walk", 2, ActionSpace.continuous(1, -0.5, 1), 12);

    private RandomGenerator random = new SplittableRandom(1);
    private double x;
    private int steps;

    @Override
    public EnvSpec spec() {
        return SPEC;
    }

    @Override
    public double[] reset(RandomGenerator newRandom) {
        random = newRandom;
        x = 2 * random.nextDouble() - 1;
        steps = 0;
        return new double[] {x, 0};
    }

    @Override
    public Step step(double[] action) {
        double before = x;
        x += action[0] + 0.1 * random.nextGaussian();
        steps++;
        return new Step(new double[] {x, x - before}, -x * x, Math.abs(x) > 1.5, steps == 12);
    }
}
