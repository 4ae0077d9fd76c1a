package io.github.mbrl4j.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.core.Differences;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.TrainingConfig;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.GradientShooting;
import io.github.mbrl4j.plan.GradientShootingConfig;
import io.github.mbrl4j.plan.ICem;
import io.github.mbrl4j.plan.ICemConfig;
import io.github.mbrl4j.plan.Ilqr;
import io.github.mbrl4j.plan.IlqrConfig;
import io.github.mbrl4j.plan.Mppi;
import io.github.mbrl4j.plan.MppiConfig;
import io.github.mbrl4j.plan.RandomShooting;
import io.github.mbrl4j.plan.RandomShootingConfig;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.Risk;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same seed gives the same plans, bit by bit, whatever the number of threads, with every planner. */
class PlannersOnThreadsTest {

    private static final int H = 12;

    private static final EnsembleDynamics DYNAMICS = fitted();

    private static EnsembleDynamics fitted() {
        Pendulum env = new Pendulum();
        RandomStreams streams = RandomStreams.of(1);
        ReplayBuffer data = Episodes.collect(env, Policy.uniform(env.actionSpace()), 2, streams.stream("data"));
        EnsembleConfig config = EnsembleConfig.defaults()
                .withHidden(List.of(20, 20))
                .withTraining(TrainingConfig.defaults().withMaxEpochs(5));
        EnsembleDynamics dynamics =
                new EnsembleDynamics(env.spec(), config, ObservationTransform.IDENTITY, new Workers(1));
        dynamics.fit(data, streams.stream("fit"));
        return dynamics;
    }

    private static Stream<Supplier<Planner>> samplers() {
        return Stream.of(
                () -> new RandomShooting(
                        RandomShootingConfig.defaults().withHorizon(H).withPopulation(301)),
                () -> new Cem(CemConfig.defaults().withHorizon(H).withPopulation(301)),
                () -> new ICem(ICemConfig.defaults().withHorizon(H).withPopulation(301)),
                () -> new Mppi(MppiConfig.defaults().withHorizon(H).withPopulation(301)));
    }

    private static Stream<Supplier<Planner>> climbers() {
        return Stream.of(
                () -> new GradientShooting(GradientShootingConfig.defaults()
                        .withHorizon(H)
                        .withStarts(150)
                        .withIterations(5)),
                () -> new Ilqr(IlqrConfig.defaults().withHorizon(H)));
    }

    static Stream<Arguments> plannersAndRollouts() {
        RolloutConfig expected = RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION);
        RolloutConfig careful = RolloutConfig.defaults().withRisk(Risk.cvar(0.5));
        RolloutConfig mixed =
                RolloutConfig.defaults().withPropagation(Propagation.TS1).withParticles(3);
        return Stream.concat(
                samplers().flatMap(p -> Stream.of(expected, careful, mixed).map(r -> Arguments.of(p, r))),
                climbers().flatMap(p -> Stream.of(expected, careful).map(r -> Arguments.of(p, r))));
    }

    @ParameterizedTest
    @MethodSource("plannersAndRollouts")
    void theNumberOfThreadsChangesNothing(Supplier<Planner> planner, RolloutConfig rollouts) {
        List<String> alone = plans(planner.get(), rollouts, 1);
        assertThat(plans(planner.get(), rollouts, 2)).isEqualTo(alone);
        assertThat(plans(planner.get(), rollouts, 5)).isEqualTo(alone);
    }

    /** Three decisions in a row, with all that the plans say but the time. */
    private static List<String> plans(Planner planner, RolloutConfig rollouts, int threads) {
        WorldModel world = WorldModel.of(DYNAMICS, Differences.of(new Pendulum().reward()));
        MpcController controller = new MpcController(planner, world, rollouts, new Workers(threads));
        RandomGenerator random = RandomStreams.of(3).stream("plans");
        List<String> plans = new ArrayList<>();
        for (double angle = 0.5; angle < 2; angle += 0.5) {
            controller.act(new double[] {Math.cos(angle), Math.sin(angle), 0}, random);
            Plan plan = controller.lastPlan().orElseThrow();
            StringBuilder said = new StringBuilder(
                    plan.predictedReturn() + " after " + plan.statistics().evaluations() + ": ");
            for (int t = 0; t < H; t++) {
                said.append(plan.action(t)[0]).append(' ');
            }
            plans.add(said.toString());
        }
        return plans;
    }
}
