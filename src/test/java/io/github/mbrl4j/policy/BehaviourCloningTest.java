package io.github.mbrl4j.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.Recording;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.model.InverseModel;
import io.github.mbrl4j.model.MixtureConfig;
import io.github.mbrl4j.model.NetworkConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BehaviourCloningTest {

    private static final NetworkConfig SMALL = NetworkConfig.defaults().withHidden(List.of(32, 32));

    private static final EnvSpec MIXED = new EnvSpec(
            "mixed",
            2,
            ActionSpace.product(
                    ActionSpace.discrete(3), ActionSpace.continuous(new double[] {0, -4}, new double[] {10, 4})),
            100);

    /** Chooses the third of three where the first number is large, and follows both. */
    private static double[] demonstrate(double[] s) {
        return new double[] {s[0] > 0.5 ? 2 : s[0] < -0.5 ? 0 : 1, 5 + 3 * s[0] * s[1], 2 * s[1]};
    }

    private static Batch observations(int n, RandomGenerator random) {
        Batch rows = new Batch(n, 2);
        for (int row = 0; row < n; row++) {
            rows.setRow(row, new double[] {random.nextDouble(-1, 1), random.nextDouble(-1, 1)});
        }
        return rows;
    }

    private static Batch actions(Batch observations) {
        Batch rows = new Batch(observations.rows(), 3);
        for (int row = 0; row < rows.rows(); row++) {
            rows.setRow(row, demonstrate(observations.row(row)));
        }
        return rows;
    }

    @Test
    void doesWhatTheDemonstratorDid() {
        RandomGenerator random = new SplittableRandom(1);
        Batch observations = observations(2000, random);
        ClonedPolicy policy = BehaviourCloning.fit(MIXED, observations, actions(observations), SMALL, random);
        Batch unseen = observations(500, random);
        int wrong = 0;
        for (int row = 0; row < 500; row++) {
            double[] s = unseen.row(row);
            double[] action = policy.act(s, random);
            double[] wanted = demonstrate(s);
            wrong += action[0] == wanted[0] ? 0 : 1;
            assertThat(action[1]).isCloseTo(wanted[1], within(0.6));
            assertThat(action[2]).isCloseTo(wanted[2], within(0.5));
        }
        assertThat(wrong).isLessThan(25);
        assertThat(policy.report().validationLoss()).isLessThan(0.15);
    }

    @Test
    void aBatchOnManyThreadsIsTheSameAsSingleRows() {
        RandomGenerator random = new SplittableRandom(2);
        Batch observations = observations(300, random);
        ClonedPolicy policy = BehaviourCloning.fit(MIXED, observations, actions(observations), SMALL, random);
        Batch together = new Batch(0, 3);
        policy.actions(observations, random, together);
        double[][] alone = new double[300][];
        new Workers(4).forEach(300, row -> alone[row] = policy.act(observations.row(row), new SplittableRandom(row)));
        for (int row = 0; row < 300; row++) {
            assertThat(together.row(row)).containsExactly(alone[row], within(1e-5));
            assertThat(policy.actionSpace().contains(alone[row])).isTrue();
        }
    }

    @Test
    void outputsBeyondTheBoundsAreClipped() {
        RandomGenerator random = new SplittableRandom(3);
        EnvSpec spec = new EnvSpec("line", 1, ActionSpace.continuous(1, -0.3, 0.1), 10);
        Batch x = new Batch(100, 1);
        Batch y = new Batch(100, 1);
        for (int row = 0; row < 100; row++) {
            x.set(row, 0, row / 100f - 0.6f);
            y.set(row, 0, Math.max(-0.3f, Math.min(0.1f, x.get(row, 0))));
        }
        ClonedPolicy policy = BehaviourCloning.fit(spec, x, y, SMALL, random);
        assertThat(policy.act(new double[] {50}, random)[0]).isBetween(-0.3, 0.1);
        assertThat(policy.act(new double[] {-50}, random)[0]).isBetween(-0.3, 0.1);
    }

    @Test
    void clonesFromStatesAlone() {
        RandomGenerator random = new SplittableRandom(4);
        EnvSpec spec = new EnvSpec("point", 1, ActionSpace.continuous(1, -1, 1), 30);
        ReplayBuffer played = ReplayBuffer.of(spec, 2000);
        for (int i = 0; i < 1000; i++) {
            double s = random.nextDouble(-3, 3);
            double a = random.nextDouble(-1, 1);
            played.add(new Transition(
                    new double[] {s}, new double[] {a}, 0, new double[] {s + 0.2 * a}, false, true, true));
        }
        InverseModel inverse = new InverseModel(
                spec, MixtureConfig.defaults().withComponents(2).withNetwork(SMALL));
        inverse.fit(played, random);
        // The demonstrator goes home at a speed of its own: a = −s / 3.
        List<Recording> demonstrations = new ArrayList<>();
        for (int episode = 0; episode < 20; episode++) {
            double[][] frames = new double[30][1];
            frames[0][0] = random.nextDouble(-3, 3);
            for (int t = 1; t < frames.length; t++) {
                frames[t][0] = frames[t - 1][0] * (1 - 0.2 / 3);
            }
            frames[20][0] = Double.NaN;
            demonstrations.add(Recording.of(frames));
        }
        ClonedPolicy policy = BehaviourCloning.fit(inverse, demonstrations, SMALL, random);
        for (double s = -2; s <= 2; s += 0.25) {
            assertThat(policy.act(new double[] {s}, random)[0]).isCloseTo(-s / 3, within(0.1));
        }
    }

    @Test
    void badInputIsNamed() {
        RandomGenerator random = new SplittableRandom(5);
        Batch observations = observations(30, random);
        Batch actions = actions(observations);
        assertThatThrownBy(() -> BehaviourCloning.fit(MIXED, new Batch(30, 3), actions, SMALL, random))
                .hasMessage("observations has 3 columns, expected 2");
        assertThatThrownBy(() -> BehaviourCloning.fit(MIXED, new Batch(29, 2), actions, SMALL, random))
                .hasMessage("actions has 30 rows, expected 29 as observations has");
        assertThatThrownBy(() -> BehaviourCloning.fit(MIXED, new Batch(9, 2), new Batch(9, 3), SMALL, random))
                .hasMessageContaining("observations has 9 rows, expected at least 20");
        Batch outside = actions(observations);
        outside.set(4, 1, 11);
        assertThatThrownBy(() -> BehaviourCloning.fit(MIXED, observations, outside, SMALL, random))
                .hasMessageContaining("an action in row 4 is 11.0");
        outside.set(4, 1, Float.NaN);
        assertThatThrownBy(() -> BehaviourCloning.fit(MIXED, observations, outside, SMALL, random))
                .hasMessageContaining("an action in row 4 is NaN");
        Batch noChoice = actions(observations);
        noChoice.set(2, 0, 1.5f);
        assertThatThrownBy(() -> BehaviourCloning.fit(MIXED, observations, noChoice, SMALL, random))
                .hasMessageContaining("an action in row 2 is 1.5, expected a choice");
        observations.set(7, 1, Float.NaN);
        assertThatThrownBy(() -> BehaviourCloning.fit(MIXED, observations, actions, SMALL, random))
                .hasMessageContaining("column 1 is NaN in row 7");
    }
}
