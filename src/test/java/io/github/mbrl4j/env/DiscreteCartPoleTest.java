package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Step;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DiscreteCartPoleTest extends EnvContractTest {

    @Override
    protected Env create() {
        return new DiscreteCartPole();
    }

    @Override
    protected double[] survive(double[] s, RandomGenerator random) {
        return new double[] {s[2] + 0.5 * s[3] + 0.02 * s[0] + 0.05 * s[1] > 0 ? 1 : 0};
    }

    /** The continuous one is compared with a recording of Gymnasium, whose actions are these. */
    @Test
    void pushesAsTheContinuousOneDoesAtItsBounds() {
        DiscreteCartPole choices = new DiscreteCartPole();
        CartPole forces = new CartPole();
        for (int episode = 0; episode < 20; episode++) {
            RandomGenerator random = new SplittableRandom(episode);
            assertThat(choices.reset(new SplittableRandom(episode))).isEqualTo(forces.reset(random));
            Step step;
            do {
                int choice = random.nextInt(2);
                step = choices.step(new double[] {choice});
                assertThat(step.observation())
                        .isEqualTo(
                                forces.step(new double[] {choice == 0 ? -1 : 1}).observation());
            } while (!step.done());
        }
    }

    @Test
    void actionsThatAreNoChoiceAreNamed() {
        DiscreteCartPole env = new DiscreteCartPole();
        env.reset(new SplittableRandom(1));
        for (double wrong : new double[] {-1, 0.5, 2}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> env.step(new double[] {wrong}))
                    .withMessageContainingAll(String.valueOf(wrong), "from 0 to 1");
        }
    }
}
