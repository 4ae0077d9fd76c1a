package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.TerminationModel;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PendulumTest extends EnvContractTest {

    @Override
    protected Env create() {
        return new Pendulum();
    }

    @Test
    void followsGymnasium() {
        GymnasiumRecording recording = GymnasiumRecording.read("pendulum-v1.csv", 2);
        assertThat(recording.size()).isGreaterThan(400);
        assertThat(recording.replayEachStep(new Pendulum())).isLessThan(3e-7);
        assertThat(recording.replayRuns(new Pendulum())).isLessThan(3e-7);
    }

    @Test
    void rewardIsOfTheStateBeforeTheStep() {
        RewardModel reward = new Pendulum().reward();
        double[] next = {Double.NaN, Double.NaN, Double.NaN};
        assertThat(reward.reward(new double[] {1, 0, 0}, new double[] {0}, next))
                .isZero();
        assertThat(reward.reward(new double[] {-1, 0, 0}, new double[] {0}, next))
                .isCloseTo(-Math.PI * Math.PI, within(1e-12));
        assertThat(reward.reward(new double[] {0, -1, 3}, new double[] {1}, next))
                .isCloseTo(-(Math.PI * Math.PI / 4 + 0.9 + 0.001), within(1e-12));
        assertThat(reward.reward(new double[] {1, 0, 0}, new double[] {-50}, next))
                .as("the torque is clipped")
                .isCloseTo(-0.004, within(1e-15));
        assertThat(reward.reward(new double[] {Double.NaN, 0, 0}, new double[] {0}, next))
                .isNaN();
        assertThat(new Pendulum().termination()).isSameAs(TerminationModel.NEVER);
    }

    @Test
    void rewardOfABatchIsThatOfItsRowsOnTheAxesToo() {
        RewardModel reward = new Pendulum().reward();
        float[] values = {0, -0f, 1, -1, 0.5f, -0.5f, 1e-30f, -1e-30f, 3, Float.NaN, Float.POSITIVE_INFINITY};
        int n = values.length * values.length;
        Batch states = new Batch(n, 3);
        Batch actions = new Batch(n, 1);
        for (int i = 0; i < n; i++) {
            states.setRow(i, new double[] {values[i / values.length], values[i % values.length], 0.3});
            actions.set(i, 0, values[i % values.length]);
        }
        float[] rewards = new float[n];
        reward.rewards(states, actions, states, rewards);
        for (int i = 0; i < n; i++) {
            float expected = (float) reward.reward(states.row(i), actions.row(i), states.row(i));
            assertThat(Float.compare(rewards[i], expected)).as("row %d", i).isZero();
        }
    }

    @Test
    void speedIsLimited() {
        Pendulum env = new Pendulum();
        env.restoreState(new double[] {Math.PI / 2, 7.9, 0});
        assertThat(env.step(new double[] {2}).observation()[2]).isEqualTo(8);
        env.restoreState(new double[] {-Math.PI / 2, -7.9, 0});
        assertThat(env.step(new double[] {-2}).observation()[2]).isEqualTo(-8);
    }

    @Test
    void startsAnywhere() {
        Pendulum env = new Pendulum();
        RandomGenerator random = new SplittableRandom(1);
        double lowest = 1;
        double fastest = 0;
        for (int i = 0; i < 500; i++) {
            double[] o = env.reset(random);
            assertThat(Math.hypot(o[0], o[1])).isCloseTo(1, within(1e-12));
            assertThat(Math.abs(o[2])).isLessThanOrEqualTo(1);
            lowest = Math.min(lowest, o[0]);
            fastest = Math.max(fastest, Math.abs(o[2]));
        }
        assertThat(lowest).isLessThan(-0.999);
        assertThat(fastest).isGreaterThan(0.99);
    }
}
