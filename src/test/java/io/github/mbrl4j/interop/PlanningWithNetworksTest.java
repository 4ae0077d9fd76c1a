package io.github.mbrl4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableReward;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tensor;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.GradientShooting;
import io.github.mbrl4j.plan.GradientShootingConfig;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Both kinds of planner find the action that is known to be best, with dynamics and reward that are networks. */
class PlanningWithNetworksTest {

    /** s' = s + a, and the reward −|s'| as softplus makes it: the best first action from s = 0.6 leads to 0. */
    private static final EnvSpec SPEC = new EnvSpec("Line", 1, ActionSpace.continuous(1, -1, 1), 10);

    private static Mlp sum() {
        return new Mlp(
                List.of(Tensor.parameter(2, 1, new float[] {1, 1})), List.of(Tensor.parameter(1, 1)), Activation.TANH);
    }

    /** −(softplus(10 s') + softplus(−10 s')) / 10 of the row [s, a, s']. */
    private static Mlp distance() {
        return new Mlp(
                List.of(
                        Tensor.parameter(3, 2, new float[] {0, 0, 0, 0, 10, -10}),
                        Tensor.parameter(2, 1, new float[] {-0.1f, -0.1f})),
                List.of(Tensor.parameter(1, 2), Tensor.parameter(1, 1)),
                Activation.SOFTPLUS);
    }

    private static SameDiff sumGraph() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 2);
        x.mmul("y", graph.var("w", Nd4j.create(new float[] {1, 1}, 2, 1)));
        return graph;
    }

    static Stream<Arguments> worlds() {
        return Stream.of(
                Arguments.of(
                        NetworkDynamics.of(Dl4jNetworks.toDl4j(sum()), SPEC),
                        NetworkReward.of(Dl4jNetworks.toDl4j(distance()), SPEC)),
                Arguments.of(
                        NetworkDynamics.of(TrainedNetworks.graph(sum()), SPEC),
                        NetworkReward.of(TrainedNetworks.graph(distance()), SPEC)),
                Arguments.of(
                        NetworkDynamics.of(sumGraph(), List.of("x"), List.of("y"), SPEC),
                        NetworkReward.of(TrainedNetworks.graph(distance()), SPEC)));
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void plannersFindTheBestAction(DifferentiableDynamics dynamics, DifferentiableReward reward) {
        Planner cem = new Cem(CemConfig.defaults()
                .withHorizon(2)
                .withPopulation(60)
                .withElites(6)
                .withIterations(6));
        Planner gradient = new GradientShooting(
                GradientShootingConfig.defaults().withHorizon(2).withStarts(3).withIterations(40));
        RolloutConfig expectation = RolloutConfig.defaults().withParticles(1).withPropagation(Propagation.EXPECTATION);
        for (Planner planner : List.of(cem, gradient)) {
            MpcController controller =
                    new MpcController(planner, WorldModel.of(dynamics, reward), expectation, new Workers(2));
            double[] action = controller.act(new double[] {0.6}, new SplittableRandom(1));
            assertThat(action[0]).as("%s with %s", planner, dynamics).isCloseTo(-0.6, within(0.05));
        }
    }
}
