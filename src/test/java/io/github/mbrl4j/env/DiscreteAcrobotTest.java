package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RewardingDynamics;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DiscreteAcrobotTest extends EnvContractTest {

    @Override
    protected Env create() {
        return new DiscreteAcrobot();
    }

    @Override
    protected double[] survive(double[] s, RandomGenerator random) {
        return new double[] {s[5] > 0.05 ? 0 : s[5] < -0.05 ? 2 : 1};
    }

    @Test
    void followsGymnasium() {
        GymnasiumRecording recording = GymnasiumRecording.read("acrobot-v1.csv", 4);
        assertThat(recording.size()).isGreaterThan(300);
        // Half a unit in the last place of a float at 9π.
        assertThat(recording.replayEachStep(new DiscreteAcrobot())).isLessThan(9.6e-7);
        assertThat(recording.replayRuns(new DiscreteAcrobot())).isLessThan(9.6e-7);
    }

    @Test
    void choicesAreTorques() {
        DiscreteAcrobot choices = new DiscreteAcrobot();
        Acrobot torques = new Acrobot();
        choices.reset(new SplittableRandom(1));
        torques.reset(new SplittableRandom(1));
        for (int i = 0; i < 60; i++) {
            int choice = i / 3 % 3;
            assertThat(choices.step(new double[] {choice}).observation())
                    .containsExactly(torques.step(new double[] {choice - 1}).observation());
        }
    }

    @Test
    void trueDynamicsTakeChoices() {
        RewardingDynamics choices = new DiscreteAcrobot().trueDynamics();
        RewardingDynamics torques = new Acrobot().trueDynamics();
        assertThat(choices.actionSpace()).isEqualTo(create().actionSpace());
        Batch states = new Batch(3, 6);
        states.fillRows(new double[] {0.8, 0.6, 1, 0, 0.5, -0.5});
        Batch next = new Batch(3, 6);
        Batch expected = new Batch(3, 6);
        float[] rewards = new float[3];
        choices.predict(states, Batch.wrap(new float[] {0, 1, 2}, 3, 1), next, rewards);
        torques.predict(states, Batch.wrap(new float[] {-1, 0, 1}, 3, 1), expected);
        assertThat(next.array()).containsExactly(expected.array());
        assertThat(rewards).containsExactly(-1, -1, -1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choices.predict(states, Batch.wrap(new float[] {0, 3, 2}, 3, 1), next))
                .withMessage("action of row 1 is 3.0, expected a whole number from 0 to 2");
    }
}
