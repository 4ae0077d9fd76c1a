package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.TerminationModel;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CartPoleTest extends EnvContractTest {

    @Override
    protected Env create() {
        return new CartPole();
    }

    @Override
    protected double[] survive(double[] s, RandomGenerator random) {
        return new double[] {Math.tanh(3 * (s[2] + 0.5 * s[3] + 0.02 * s[0] + 0.05 * s[1]))};
    }

    @Test
    void followsGymnasium() {
        GymnasiumRecording recording = GymnasiumRecording.read("cartpole-v1.csv", 4);
        assertThat(recording.size()).isGreaterThan(400);
        assertThat(recording.replayEachStep(new CartPole())).isLessThan(3e-7);
        assertThat(recording.replayRuns(new CartPole())).isLessThan(3e-7);
    }

    @Test
    void halfTheActionIsHalfTheForce() {
        CartPole env = new CartPole();
        double[] still = new double[5];
        env.restoreState(still);
        double half = env.step(new double[] {0.5}).observation()[1];
        env.restoreState(still);
        double full = env.step(new double[] {1}).observation()[1];
        assertThat(half).isEqualTo(full / 2);
        // a = F / (m (1 - (3/4) m_p / m)) at rest, pole upright
        assertThat(full).isCloseTo(0.02 * 10 / (1.1 - 0.75 * 0.1), within(1e-12));
    }

    @Test
    void theTerminatingStepIsRewardedToo() {
        CartPole env = new CartPole();
        env.restoreState(new double[] {2.39, 1, 0, 0, 17});
        Step step = env.step(new double[] {0});
        assertThat(step.terminated()).isTrue();
        assertThat(step.truncated()).isFalse();
        assertThat(step.reward()).isEqualTo(1);
        assertThatThrownBy(() -> env.step(new double[] {0}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the episode of CartPole ended after 18 steps; call reset to begin another");
    }

    @Test
    void terminatesBeyondItsLimitsOnly() {
        TerminationModel rule = new CartPole().termination();
        double[] any = new double[4];
        double[] a = new double[1];
        double limit = 12 * 2 * Math.PI / 360;
        for (double sign : new double[] {-1, 1}) {
            assertThat(rule.terminated(any, a, new double[] {sign * 2.4, 0, 0, 0}))
                    .isFalse();
            assertThat(rule.terminated(any, a, new double[] {sign * 2.4001, 0, 0, 0}))
                    .isTrue();
            assertThat(rule.terminated(any, a, new double[] {0, 0, sign * limit, 0}))
                    .isFalse();
            assertThat(rule.terminated(any, a, new double[] {0, 0, sign * (limit + 1e-9), 0}))
                    .isTrue();
        }
        assertThat(rule.terminated(any, a, new double[] {0, 99, 0, 99})).isFalse();
        assertThat(rule.terminated(any, a, new double[] {Double.NaN, 0, 0, 0})).isTrue();
        assertThat(rule.terminated(any, a, new double[] {0, 0, Double.NaN, 0})).isTrue();
    }

    @Test
    void startsCloseToUpright() {
        CartPole env = new CartPole();
        RandomGenerator random = new SplittableRandom(1);
        double largest = 0;
        for (int i = 0; i < 500; i++) {
            for (double x : env.reset(random)) {
                assertThat(Math.abs(x)).isLessThanOrEqualTo(0.05);
                largest = Math.max(largest, Math.abs(x));
            }
        }
        assertThat(largest).isGreaterThan(0.0495);
    }

    @Test
    void badStepCountsAreRejected() {
        for (double steps : new double[] {-1, 0.5, 201}) {
            assertThatThrownBy(() -> new CartPole().restoreState(new double[] {0, 0, 0, 0, steps}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("state[4], the number of steps, is " + steps);
        }
        assertThatThrownBy(() -> new CartPole().saveState())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("CartPole has not been started; call reset or restoreState first");
    }
}
