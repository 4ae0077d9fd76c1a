package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Env;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The contract where steps are random. */
class WindyCliffClimbTest extends EnvContractTest {

    @Override
    protected Env create() {
        return new CliffClimb(0.05);
    }

    @Override
    protected boolean noisy() {
        return true;
    }

    @Test
    void eachStepOfEachEpisodeHasItsOwnPush() {
        CliffClimb env = new CliffClimb(0.05);
        RandomGenerator random = new SplittableRandom(1);
        double sum = 0;
        double squares = 0;
        double neighbours = 0;
        int n = 400 * 50;
        for (int episode = 0; episode < 400; episode++) {
            double x = env.reset(random)[0];
            double before = 0;
            for (int i = 0; i < 50; i++) {
                double next = env.step(new double[] {0}).observation()[0];
                double push = next - x;
                sum += push;
                squares += push * push;
                neighbours += push * before;
                before = push;
                x = next;
            }
        }
        assertThat(sum / n).isCloseTo(0, within(4 * 0.05 / Math.sqrt(n)));
        assertThat(Math.sqrt(squares / n)).isCloseTo(0.05, within(0.001));
        assertThat(neighbours / squares).as("correlation of successive pushes").isCloseTo(0, within(0.03));
    }
}
