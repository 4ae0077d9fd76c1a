package io.github.mbrl4j.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.control.MpcOptions;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.CartPoleImages;
import io.github.mbrl4j.env.CartPoleSwingUp;
import io.github.mbrl4j.env.ObservedEnv;
import io.github.mbrl4j.model.TrainingConfig;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.GradientShooting;
import io.github.mbrl4j.plan.GradientShootingConfig;
import io.github.mbrl4j.plan.ICem;
import io.github.mbrl4j.plan.ICemConfig;
import io.github.mbrl4j.plan.Mppi;
import io.github.mbrl4j.plan.MppiConfig;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Planners run on latent states, and move what is seen where it should be. */
class LatentPlanningTest {

    private static final LatentDynamics MODEL = model();

    private static LatentDynamics model() {
        LatentDynamics model = new LatentDynamics(
                LinearSystem.SPEC,
                LatentDynamicsTest.SMALL
                        .withTraining(new LatentTraining(800, 32, 3e-3))
                        .withEnsemble(LatentDynamicsTest.SMALL
                                .ensemble()
                                .withHidden(List.of(32, 32))
                                .withTraining(TrainingConfig.defaults()
                                        .withMaxEpochs(60)
                                        .withLearningRate(3e-3)
                                        .withMinImprovement(0.001))),
                new Workers(1));
        model.fit(LinearSystem.episodes(20, 1, false), new SplittableRandom(1));
        return model;
    }

    /** The linear system without noise; its reward asks x₀ to stay at 0. */
    private static final class Oscillator implements Env {
        private double[] x = {};
        private int steps;

        @Override
        public EnvSpec spec() {
            return LinearSystem.SPEC;
        }

        @Override
        public double[] reset(RandomGenerator random) {
            x = new double[] {1.5, 0, 0};
            steps = 0;
            return LinearSystem.see(x);
        }

        @Override
        public Step step(double[] action) {
            x = LinearSystem.next(x, action);
            steps++;
            return new Step(LinearSystem.see(x), 1 - x[0] * x[0], false, steps == 50);
        }
    }

    private static double idle() {
        return Episodes.run(new Oscillator(), (o, random) -> new double[2], new SplittableRandom(1))
                .totalReward();
    }

    static Stream<Planner> planners() {
        return Stream.of(
                new Cem(CemConfig.defaults().withHorizon(8).withPopulation(60)),
                new ICem(ICemConfig.defaults().withHorizon(8)),
                new Mppi(MppiConfig.defaults().withHorizon(8)),
                new GradientShooting(GradientShootingConfig.defaults().withHorizon(8)));
    }

    @ParameterizedTest
    @MethodSource("planners")
    void aPlannerBringsTheOscillatorToRest(Planner planner) {
        MpcController controller = new MpcController(
                planner, WorldModel.of(MODEL), MpcOptions.defaults().withWorkers(new Workers(1)));
        Episode episode = Episodes.run(new Oscillator(), controller, new SplittableRandom(2));
        assertThat(50 - episode.totalReward())
                .as("cost with %s; idleness costs %s", planner.getClass().getSimpleName(), 50 - idle())
                .isLessThan(0.6 * (50 - idle()));
    }

    @Test
    void theEstimatorMayBeGivenByHand() {
        WorldModel world = WorldModel.of(MODEL).withEstimator(MODEL.estimator());
        assertThat(world.estimator().observationSize()).isEqualTo(LinearSystem.SIZE);
        assertThat(world.dynamics().stateSize()).isEqualTo(4);
    }

    /** An environment that tells a reward and a termination of what is seen. */
    private static Env telling(RewardModel reward) {
        return new Env() {
            private final Env inner = new Oscillator();

            @Override
            public EnvSpec spec() {
                return inner.spec();
            }

            @Override
            public double[] reset(RandomGenerator random) {
                return inner.reset(random);
            }

            @Override
            public Step step(double[] action) {
                return inner.step(action);
            }

            @Override
            public Optional<RewardModel> knownReward() {
                return Optional.of(reward);
            }
        };
    }

    @Test
    void aKnownRewardIsReadThroughTheDecoder() {
        // The state that is seen as o has the reward −o₃²: another goal than that of the data.
        RewardModel reward = (o, a, next) -> -next[3] * next[3];
        MpcController controller = new MpcController(
                new Cem(CemConfig.defaults().withHorizon(8).withPopulation(60)),
                WorldModel.of(MODEL, telling(reward)),
                MpcOptions.defaults().withWorkers(new Workers(1)));
        Episode episode = Episodes.run(new Oscillator(), controller, new SplittableRandom(2));
        Episode still = Episodes.run(new Oscillator(), (o, random) -> new double[2], new SplittableRandom(1));
        assertThat(seen(episode, reward)).isGreaterThan(0.5 * seen(still, reward));
    }

    private static double seen(Episode episode, RewardModel reward) {
        return episode.transitions().stream()
                .mapToDouble(t -> reward.reward(t.observation(), t.action(), t.next()))
                .sum();
    }

    @Test
    void petsTrainsOnWhatItSees() {
        ObservedEnv env = ObservedEnv.of(new CartPoleSwingUp(), new CartPoleImages());
        LatentConfig config = LatentDynamicsTest.SMALL.withAutoencoder(
                LatentDynamicsTest.SMALL.autoencoder().withTraining(new LatentTraining(5, 8, 1e-3)));
        LatentDynamics model = new LatentDynamics(env.spec(), config, new Workers(1));
        Pets agent = Pets.on(env)
                .dynamics(model)
                .config(PetsConfig.defaults().withInitialSteps(40).withRefitEvery(0))
                .planner(new ICem(ICemConfig.defaults().withHorizon(3)))
                .workers(new Workers(1))
                .build();
        assertThat(agent.train(1).returns()).hasSize(1);
        assertThat(agent.act(new double[1152])).hasSize(1);
    }

    @Test
    void petsRefusesAModelOfOtherObservations() {
        EnvSpec other = new EnvSpec("Other", 3, ActionSpace.continuous(1, -1, 1), 10);
        LatentDynamics model = new LatentDynamics(other, LatentDynamicsTest.SMALL);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pets.on(new CartPoleSwingUp()).dynamics(model).build())
                .withMessageContaining("dynamics have states of size 3, expected 5");
    }

    @Test
    void wholeEpisodesAreAsGoodWhateverTheThreads() {
        double[] returns = new double[2];
        for (int threads = 1; threads <= 2; threads++) {
            MpcController controller = new MpcController(
                    new ICem(ICemConfig.defaults().withHorizon(8)),
                    WorldModel.of(MODEL),
                    MpcOptions.defaults().withWorkers(new Workers(threads)));
            ReplayBuffer data = Episodes.collect(new Oscillator(), controller, 1, new SplittableRandom(5));
            for (float reward : data.all().rewards()) {
                returns[threads - 1] += reward;
            }
        }
        assertThat(returns[1]).isEqualTo(returns[0]);
    }
}
