package io.github.mbrl4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Differences;
import io.github.mbrl4j.core.DifferentiableReward;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.nn.Mlp;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class NetworkRewardTest {

    private static final EnvSpec SPEC = new EnvSpec(
            "Crane", 3, ActionSpace.product(ActionSpace.continuous(1, -2, 2), ActionSpace.discrete(2)), 100);

    private static final Mlp NETWORK = TrainedNetworks.tanh(9, 1);

    private static final double[] MEAN = {1, 0, 0, 0.5, 0, 0, 0, 2, 0};
    private static final double[] SCALE = {2, 1, 1, 1, 1, 0.5, 3, 1, 1};

    static Stream<NetworkReward> rewards() {
        return Stream.of(
                        NetworkReward.of(Dl4jNetworks.toDl4j(NETWORK), SPEC),
                        NetworkReward.of(TrainedNetworks.graph(NETWORK), SPEC),
                        NetworkReward.of(
                                TrainedNetworks.graph(NETWORK, List.of("s", "a", "next"), new int[] {1}), SPEC),
                        NetworkReward.of(
                                TrainedNetworks.sameDiff(NETWORK, new int[] {9}, new int[] {1}),
                                List.of("in0"),
                                "out0",
                                SPEC),
                        NetworkReward.of(
                                TrainedNetworks.sameDiff(NETWORK, new int[] {3, 3, 3}, new int[] {1}),
                                List.of("in0", "in1", "in2"),
                                "out0",
                                SPEC))
                .map(r -> r.withInputs(Normalizer.of(MEAN, SCALE))
                        .withTarget(Normalizer.of(new double[] {-3}, new double[] {5})));
    }

    private static Batch actions(int rows) {
        Batch actions = TrainedNetworks.normal(rows, 2, 2);
        for (int row = 0; row < rows; row++) {
            actions.set(row, 1, row % 2);
        }
        return actions;
    }

    private static double expected(double[] s, double[] a, double[] next) {
        double[] row = {s[0], s[1], s[2], a[0], a[1] == 0 ? 1 : 0, a[1], next[0], next[1], next[2]};
        float[] x = new float[9];
        for (int i = 0; i < 9; i++) {
            x[i] = (float) ((row[i] - MEAN[i]) / SCALE[i]);
        }
        float[] out = new float[1];
        NETWORK.freeze().forward(x, 1, out);
        return 5 * out[0] - 3;
    }

    @ParameterizedTest
    @MethodSource("rewards")
    void isWhatTheNetworkSays(NetworkReward reward) {
        for (int rows : new int[] {0, 1, 150}) {
            Batch states = TrainedNetworks.normal(rows, 3, 1);
            Batch next = TrainedNetworks.normal(rows, 3, 3);
            float[] rewards = new float[rows];
            reward.rewards(states, actions(rows), next, rewards);
            for (int row = 0; row < rows; row++) {
                double told = expected(states.row(row), actions(rows).row(row), next.row(row));
                assertThat((double) rewards[row]).isCloseTo(told, within(2e-5));
                if (row < 3) {
                    assertThat(reward.reward(states.row(row), actions(rows).row(row), next.row(row)))
                            .isCloseTo(told, within(2e-5));
                }
            }
        }
    }

    /** Rewards, then the gradients by state, action and next state. */
    private static float[] all(DifferentiableReward reward, int rows) {
        float[] rewards = new float[rows];
        Batch byState = new Batch(0, 3);
        Batch byAction = new Batch(0, 2);
        Batch byNext = new Batch(0, 3);
        reward.rewards(
                TrainedNetworks.normal(rows, 3, 1),
                actions(rows),
                TrainedNetworks.normal(rows, 3, 3),
                rewards,
                byState,
                byAction,
                byNext);
        float[] all = Arrays.copyOf(rewards, rows * 9);
        int to = rows;
        for (Batch part : List.of(byState, byAction, byNext)) {
            for (int row = 0; row < rows; row++) {
                for (int c = 0; c < part.columns(); c++) {
                    // The derivative by a choice means nothing.
                    all[to++] = part == byAction && c == 1 ? 0 : part.get(row, c);
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("rewards")
    void gradientsAreThoseOfDifferences(NetworkReward reward) {
        for (int rows : new int[] {1, 140}) {
            assertThat(all(reward, rows)).containsExactly(all(Differences.of(reward), rows), within(5e-3f));
        }
        assertThat(all(reward, 20))
                .as("the engine's own")
                .containsExactly(all(rewards().findFirst().orElseThrow(), 20), within(2e-5f));
    }

    @ParameterizedTest
    @MethodSource("rewards")
    void eightThreadsSeeWhatOneSees(NetworkReward reward) {
        float[] expected = all(reward, 30);
        boolean[] equal = new boolean[64];
        new Workers(8).forEach(equal.length, i -> equal[i] = Arrays.equals(all(reward, 30), expected));
        assertThat(equal).doesNotContain(false);
    }

    @Test
    void anInputThatDoesNotCountHasNoSlope() {
        SameDiff graph = SameDiff.create();
        graph.placeHolder("s", DataType.FLOAT, -1, 3);
        graph.placeHolder("a", DataType.FLOAT, -1, 3);
        graph.placeHolder("next", DataType.FLOAT, -1, 3)
                .mmul("r", graph.var("w", Nd4j.create(new float[] {1, -2, 3}, 3, 1)));
        NetworkReward reward = NetworkReward.of(graph, List.of("s", "a", "next"), "r", SPEC);
        float[] all = all(reward, 1);
        assertThat(Arrays.copyOfRange(all, 1, 9)).containsExactly(0, 0, 0, 0, 0, 1, -2, 3);
    }

    @Test
    void wrongWidthsSayWhatWasExpected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkReward.of(Dl4jNetworks.toDl4j(TrainedNetworks.tanh(6, 1)), SPEC))
                .withMessage(
                        "network reads 6 columns, expected 9 columns (3 for the observation, 3 for the action, 3 for"
                                + " the next observation)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkReward.of(TrainedNetworks.mixed(9, 2), SPEC))
                .withMessage("network predicts 1 row(s) of 2 columns from one row, expected one of 1 columns (1 for the"
                        + " reward)");
        NetworkReward reward = NetworkReward.of(Dl4jNetworks.toDl4j(NETWORK), SPEC);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reward.withInputs(Normalizer.identity(6)))
                .withMessage("inputs has 6 columns, expected 9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reward.withTarget(Normalizer.identity(2)))
                .withMessage("target has 2 columns, expected 1");
        assertThat(reward).hasToString("NetworkReward[MultiLayerNetwork on the engine of mbrl4j]");
    }
}
