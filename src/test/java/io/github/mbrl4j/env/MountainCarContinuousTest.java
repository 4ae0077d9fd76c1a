package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.TerminationModel;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MountainCarContinuousTest extends EnvContractTest {

    @Override
    protected Env create() {
        return new MountainCarContinuous();
    }

    @Override
    protected double[] survive(double[] s, RandomGenerator random) {
        return new double[1];
    }

    @Test
    void followsGymnasium() {
        GymnasiumRecording recording = GymnasiumRecording.read("mountaincarcontinuous-v0.csv", 2);
        assertThat(recording.size()).isGreaterThan(400);
        assertThat(recording.replayEachStep(new MountainCarContinuous())).isLessThan(3e-7);
        assertThat(recording.replayRuns(new MountainCarContinuous())).isLessThan(3e-7);
    }

    /** Semi-implicit steps keep v²/2 + 0.0025/3·sin 3x but for an error that does not grow. */
    @Test
    void rollingFreelyKeepsTheEnergy() {
        MountainCarContinuous env = new MountainCarContinuous();
        env.restoreState(new double[] {-0.9, 0, 0});
        double valley = -0.0025 / 3;
        double before = energy(env.saveState()) - valley;
        for (int step = 0; step < 900; step++) {
            env.step(new double[1]);
            assertThat(energy(env.saveState()) - valley).isCloseTo(before, within(0.05 * before));
        }
    }

    private static double energy(double[] s) {
        return s[1] * s[1] / 2 + 0.0025 / 3 * Math.sin(3 * s[0]);
    }

    @Test
    void theEngineAloneIsTooWeakAndSwingingIsNot() {
        MountainCarContinuous env = new MountainCarContinuous();
        double furthest = -1;
        env.reset(new SplittableRandom(1));
        for (int step = 0; step < 999; step++) {
            furthest = Math.max(furthest, env.step(new double[] {1}).observation()[0]);
        }
        assertThat(furthest).isLessThan(0);
        double[] s = env.reset(new SplittableRandom(1));
        double total = 0;
        for (boolean done = false; !done; ) {
            Step step = env.step(new double[] {s[1] < 0 ? -1 : 1});
            s = step.observation();
            total += step.reward();
            done = step.done();
        }
        assertThat(total).isGreaterThan(85);
        assertThat(env.saveState()[2]).isLessThan(120);
    }

    @Test
    void theWallOnTheLeftStops() {
        MountainCarContinuous env = new MountainCarContinuous();
        env.restoreState(new double[] {-1.19, -0.05, 0});
        assertThat(env.step(new double[] {-1}).observation()).containsExactly((float) -1.2, 0);
    }

    @Test
    void arrivesAtTheFlagGoingRight() {
        TerminationModel rule = new MountainCarContinuous().termination();
        RewardModel reward = new MountainCarContinuous().reward();
        double[] any = {Double.NaN, Double.NaN};
        double[] a = {-7};
        assertThat(rule.terminated(any, a, new double[] {0.45, 0})).isTrue();
        assertThat(rule.terminated(any, a, new double[] {0.449, 0.07})).isFalse();
        assertThat(rule.terminated(any, a, new double[] {0.5, -0.001})).isFalse();
        assertThat(rule.terminated(any, a, any)).isFalse();
        assertThat(reward.reward(any, a, new double[] {0.45, 0}))
                .as("the action is clipped")
                .isCloseTo(99.9, within(1e-12));
        assertThat(reward.reward(any, a, any)).isNaN();
        assertThat(reward.reward(any, new double[] {0.5}, new double[] {0, 0})).isCloseTo(-0.025, within(1e-15));
    }
}
