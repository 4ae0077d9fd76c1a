package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Differences;
import io.github.mbrl4j.core.DifferentiableReward;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.nn.Activation;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import org.junit.jupiter.api.Test;

class LearnedRewardTest {

    private static final ActionSpace ACTIONS =
            ActionSpace.product(ActionSpace.continuous(1, -2, 2), ActionSpace.discrete(3));

    private static final EnvSpec SPEC = new EnvSpec("Wheel", 2, ACTIONS, 100);

    /** Full batches, no regularisation, nothing held out, no hidden layer: least squares, trained to its optimum. */
    private static final NetworkConfig LINEAR = new NetworkConfig(
            List.of(), Activation.SWISH, new TrainingConfig(0.03, List.of(0.0), 100_000, 1_500, 1_500, 0, 0));

    private static final NetworkConfig SMALL = NetworkConfig.defaults().withHidden(List.of(32));

    private static ReplayBuffer data(int n, RewardModel reward, long seed) {
        return data(n, 0.01, reward, seed);
    }

    private static ReplayBuffer data(int n, double change, RewardModel reward, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        ReplayBuffer data = ReplayBuffer.of(SPEC, n);
        for (int i = 0; i < n; i++) {
            double[] s = {random.nextGaussian(), random.nextGaussian()};
            double[] a = ACTIONS.sample(random);
            double[] next = {s[0] + change * random.nextGaussian(), s[1] + change * a[0]};
            data.add(new Transition(s, a, reward.reward(s, a, next), next, false, false, i == 0));
        }
        return data;
    }

    private static LearnedReward fitted(NetworkConfig config, ReplayBuffer data) {
        LearnedReward reward = new LearnedReward(SPEC, config);
        reward.fit(data, new SplittableRandom(3));
        return reward;
    }

    private static float[] rewards(RewardModel reward, Transitions data) {
        float[] rewards = new float[data.size()];
        reward.rewards(data.observations(), data.actions(), data.next(), rewards);
        return rewards;
    }

    /** The change counts for as much as the state, though it is a hundred times smaller. */
    @Test
    void withoutHiddenLayersItIsLeastSquares() {
        RandomGenerator noise = new SplittableRandom(9);
        RewardModel rule = (s, a, next) ->
                2 * s[0] - a[0] + 100 * (next[0] - s[0]) + (a[1] == 2 ? 3 : 0) + 0.5 * noise.nextGaussian();
        ReplayBuffer data = data(400, rule, 1);
        Transitions all = data.all();
        double[][] x = new double[all.size()][];
        double[] y = new double[all.size()];
        for (int row = 0; row < all.size(); row++) {
            double[] s = all.observations().row(row);
            double[] a = all.actions().row(row);
            double[] next = all.next().row(row);
            x[row] = new double[] {s[0], s[1], a[0], a[1] == 1 ? 1 : 0, a[1] == 2 ? 1 : 0, next[0] - s[0]};
            y[row] = all.rewards()[row];
        }
        // The change of s1 is an action times a number: it adds no column of its own.
        OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
        regression.newSampleData(y, x);
        double[] residuals = regression.estimateResiduals();
        float[] learned = rewards(fitted(LINEAR, data), all);
        for (int row = 0; row < all.size(); row++) {
            assertThat((double) learned[row]).isCloseTo(y[row] - residuals[row], within(5e-3));
        }
    }

    @Test
    void aRewardThatIsAlwaysTheSameIsPredictedAsThat() {
        LearnedReward reward = fitted(SMALL, data(100, (s, a, next) -> 1, 1));
        assertThat(rewards(reward, data(300, (s, a, next) -> 0, 2).all())).containsOnly(1);
    }

    @Test
    void gradientsAreThoseOfDifferences() {
        for (ObservationTransform transform : List.of(ObservationTransform.IDENTITY, ObservationTransform.angles(1))) {
            LearnedReward reward = new LearnedReward(SPEC, SMALL, transform);
            reward.fit(
                    data(300, 0.5, (s, a, next) -> Math.sin(s[1]) * a[0] + next[0] - s[0], 1), new SplittableRandom(3));
            Transitions rows = data(150, 0.5, (s, a, next) -> 0, 2).all(); // more than a tile
            Batch[] own = gradients(reward, rows);
            Batch[] byDifferences = gradients(Differences.of((RewardModel) reward), rows);
            assertThat(rewards(reward, rows)).isEqualTo(own[3].array());
            for (int k = 0; k < 3; k++) {
                for (int row = 0; row < 150; row++) {
                    // The choice, in the second column of actions, has no derivative.
                    int columns = k == 1 ? 1 : 2;
                    for (int c = 0; c < columns; c++) {
                        double expected = byDifferences[k].get(row, c);
                        assertThat((double) own[k].get(row, c))
                                .isCloseTo(expected, within(5e-3 + 5e-3 * Math.abs(expected)));
                    }
                    assertThat(own[1].get(row, 1)).isZero();
                }
            }
        }
    }

    /** By state, by action, by next state; last the rewards. */
    private static Batch[] gradients(DifferentiableReward reward, Transitions rows) {
        Batch[] gradients = {new Batch(0, 2), new Batch(0, 2), new Batch(0, 2), new Batch(rows.size(), 1)};
        reward.rewards(
                rows.observations(),
                rows.actions(),
                rows.next(),
                gradients[3].array(),
                gradients[0],
                gradients[1],
                gradients[2]);
        return gradients;
    }

    @Test
    void learnsTheRewardOfThePendulumFromLabels() {
        Pendulum env = new Pendulum();
        RandomGenerator random = new SplittableRandom(1);
        Policy policy = Policy.uniform(env.actionSpace());
        LearnedReward reward = new LearnedReward(env.spec(), NetworkConfig.defaults());
        Transitions unlabelled = Episodes.collect(env, policy, 10, random).all();
        float[] labels = rewards(env.reward(), unlabelled);
        TrainingReport report = reward.fit(
                new Transitions(
                        unlabelled.observations(),
                        unlabelled.actions(),
                        labels,
                        unlabelled.next(),
                        unlabelled.terminated()),
                random);
        assertThat(report.validationLoss()).isLessThan(0.02);
        Transitions held = Episodes.collect(env, policy, 10, random).all();
        float[] learned = rewards(reward, held);
        double error = 0;
        double variance = 0;
        double mean = 0;
        for (float actual : held.rewards()) {
            mean += actual / held.size();
        }
        for (int row = 0; row < held.size(); row++) {
            error += Math.pow(learned[row] - held.rewards()[row], 2);
            variance += Math.pow(held.rewards()[row] - mean, 2);
        }
        assertThat(1 - error / variance).as("R²").isGreaterThan(0.98);
    }

    @Test
    void oneRowIsPredictedAsInABatch() {
        LearnedReward reward = fitted(SMALL, data(100, (s, a, next) -> s[0] * a[0], 1));
        Transitions rows = data(140, (s, a, next) -> 0, 2).all();
        float[] all = rewards(reward, rows);
        for (int row = 0; row < 140; row += 13) {
            double one = reward.reward(
                    rows.observations().row(row),
                    rows.actions().row(row),
                    rows.next().row(row));
            assertThat(one).isCloseTo(all[row], within(1e-6));
        }
    }

    @Test
    void equalSeedsGiveEqualRewards() {
        ReplayBuffer data = data(100, (s, a, next) -> s[0] * a[0], 1);
        assertThat(rewards(fitted(SMALL, data), data.all())).isEqualTo(rewards(fitted(SMALL, data), data.all()));
    }

    @Test
    void mistakesAreNamed() {
        LearnedReward reward = new LearnedReward(SPEC, SMALL);
        assertThatThrownBy(() -> reward.reward(new double[2], new double[2], new double[2]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has not been fitted");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reward.fit(ReplayBuffer.of(SPEC, 5), new SplittableRandom(1)))
                .withMessageContaining("data is empty");
        Transitions data = data(20, (s, a, next) -> 0, 1).all();
        data.rewards()[7] = Float.NaN;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reward.fit(data, new SplittableRandom(1)))
                .withMessageContaining("is NaN in row 7");
        LearnedReward ready = fitted(SMALL, data(50, (s, a, next) -> s[0], 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ready.rewards(new Batch(2, 2), new Batch(1, 2), new Batch(2, 2), new float[2]))
                .withMessageContaining("actions has 1 rows and next 2, expected 2 as states has");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ready.rewards(new Batch(2, 3), new Batch(2, 2), new Batch(2, 2), new float[2]))
                .withMessageContaining("states has 3 columns, expected 2");
    }
}
