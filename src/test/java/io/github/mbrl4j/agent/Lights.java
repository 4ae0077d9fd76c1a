package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Step;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** One of three lights is on; choosing its number pays 1. Each episode is 5 steps. */
final class Lights implements Env {

    private static final EnvSpec SPEC = new EnvSpec("Lights", 3, ActionSpace.discrete(3), 5);

    private RandomGenerator random = new SplittableRandom(1);
    private int lit;
    private int steps;
    int failAfter = Integer.MAX_VALUE;

    @Override
    public EnvSpec spec() {
        return SPEC;
    }

    @Override
    public double[] reset(RandomGenerator newRandom) {
        random = newRandom;
        steps = 0;
        return light();
    }

    private double[] light() {
        lit = random.nextInt(3);
        return lights(lit);
    }

    static double[] lights(int lit) {
        double[] lights = new double[3];
        lights[lit] = 1;
        return lights;
    }

    @Override
    public Step step(double[] action) {
        if (failAfter-- == 0) {
            throw new IllegalStateException("out of order");
        }
        double reward = action[0] == lit ? 1 : 0;
        return new Step(light(), reward, false, ++steps == 5);
    }
}
