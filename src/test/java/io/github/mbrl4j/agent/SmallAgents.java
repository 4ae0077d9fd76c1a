package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.LinearDynamics;
import io.github.mbrl4j.model.MlpDynamics;
import io.github.mbrl4j.model.NetworkConfig;
import io.github.mbrl4j.model.TerminationConfig;
import io.github.mbrl4j.model.TrainingConfig;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.nio.file.Path;
import java.util.List;

/** One of each kind of agent, small enough to learn in milliseconds, with as many different parts as there are. */
enum SmallAgents {
    PETS(10, 5) {
        @Override
        Agent build(long seed, Path file, int everyTrials) {
            return pets(seed)
                    .learnTermination(new TerminationConfig(NETWORK, 0.5))
                    .checkpoint(file, everyTrials)
                    .build();
        }
    },
    PETS_LINEAR(8, 3) {
        @Override
        Agent build(long seed, Path file, int everyTrials) {
            return pets(seed)
                    .dynamics(new LinearDynamics(new Walk().spec()))
                    .reward((s, a, next) -> -next[0] * next[0])
                    .learnTerminalValue(NETWORK)
                    .checkpoint(file, everyTrials)
                    .build();
        }
    },
    PETS_MLP(4, 2) {
        @Override
        Agent build(long seed, Path file, int everyTrials) {
            return pets(seed)
                    .dynamics(new MlpDynamics(
                            new Walk().spec(), ENSEMBLE.withElites(1).withLearnedReward(true)))
                    .checkpoint(file, everyTrials)
                    .build();
        }
    },
    SAC(300, 155) {
        @Override
        Agent build(long seed, Path file, int everyTrials) {
            SacConfig config = SacConfig.defaults()
                    .withInitialSteps(40)
                    .withBatchSize(8)
                    .withUpdateRatio(0.7)
                    .withCapacity(100)
                    .withStandardised(true)
                    .withLearner(SacLearnerConfig.defaults()
                            .withHidden(List.of(8, 8))
                            .withCritics(3)
                            .withTargetCritics(2));
            return Sac.on(new Walk())
                    .config(config)
                    .seed(seed)
                    .workers(new Workers(1))
                    .checkpoint(file, everyTrials)
                    .build();
        }
    },
    MBPO(120, 66) {
        @Override
        Agent build(long seed, Path file, int everyTrials) {
            MbpoConfig config = MbpoConfig.defaults()
                    .withInitialSteps(30)
                    .withModelEvery(20)
                    .withRolloutsPerStep(3)
                    .withSchedule(new RolloutSchedule(1, 20, 60, 1, 3))
                    .withBatchSize(8)
                    .withUpdateRatio(1.5)
                    .withEnsemble(ENSEMBLE)
                    .withLearner(SacLearnerConfig.defaults().withHidden(List.of(8)));
            return Mbpo.on(new Walk())
                    .config(config)
                    .seed(seed)
                    .workers(new Workers(1))
                    .checkpoint(file, everyTrials)
                    .build();
        }
    },
    DQN(302, 142) {
        @Override
        Agent build(long seed, Path file, int everyTrials) {
            DqnConfig config = DqnConfig.defaults()
                    .withInitialSteps(30)
                    .withBatchSize(8)
                    .withUpdateRatio(0.7)
                    .withExplorationSteps(200)
                    .withLearner(DqnLearnerConfig.defaults().withHidden(List.of(8)));
            return Dqn.on(new Lights())
                    .config(config)
                    .seed(seed)
                    .workers(new Workers(1))
                    .checkpoint(file, everyTrials)
                    .build();
        }
    },
    PPO(400, 190) {
        @Override
        Agent build(long seed, Path file, int everyTrials) {
            PpoConfig config = PpoConfig.defaults().withHidden(List.of(8)).withStepsPerUpdate(60);
            return Ppo.on(new Walk())
                    .config(config)
                    .seed(seed)
                    .workers(new Workers(1))
                    .checkpoint(file, everyTrials)
                    .build();
        }
    },
    POLICY_GRADIENT(402, 190) {
        @Override
        Agent build(long seed, Path file, int everyTrials) {
            PolicyGradientConfig config =
                    PolicyGradientConfig.defaults().withHidden(List.of(8)).withStepsPerUpdate(60);
            return PolicyGradient.on(new Lights())
                    .config(config)
                    .seed(seed)
                    .workers(new Workers(1))
                    .checkpoint(file, everyTrials)
                    .build();
        }
    };

    private static final TrainingConfig TRAINING =
            new TrainingConfig(1e-3, List.of(1e-5), 32, 100, 15, 0.01, 0.1).withMaxEpochs(3);
    private static final NetworkConfig NETWORK =
            NetworkConfig.defaults().withHidden(List.of(6)).withTraining(TRAINING);
    private static final EnsembleConfig ENSEMBLE = EnsembleConfig.defaults()
            .withMembers(3)
            .withElites(2)
            .withHidden(List.of(8))
            .withTraining(TRAINING);

    /** How long it trains in all, and until the break; in trials or steps. */
    final int whole;

    final int half;

    SmallAgents(int whole, int half) {
        this.whole = whole;
        this.half = half;
    }

    /** An agent that saves itself; never, if the number of trials is large. */
    abstract Agent build(long seed, Path file, int everyTrials);

    Agent build(long seed) {
        return build(seed, Path.of("never.zip"), Integer.MAX_VALUE);
    }

    Env env() {
        return this == DQN || this == POLICY_GRADIENT ? new Lights() : new Walk();
    }

    /** Whether {@link Agent#train} counts trials. */
    boolean countsTrials() {
        return name().startsWith("PETS");
    }

    static PetsConfig petsConfig() {
        return PetsConfig.defaults()
                .withInitialSteps(30)
                .withRefitEvery(7)
                .withCapacity(80)
                .withEnsemble(ENSEMBLE)
                .withPlanner(CemConfig.defaults()
                        .withHorizon(3)
                        .withElites(4)
                        .withPopulation(12)
                        .withIterations(2))
                .withRollouts(new RolloutConfig(2, Propagation.TS_INFINITY, 0.95));
    }

    private static Pets.Builder pets(long seed) {
        return Pets.on(new Walk()).config(petsConfig()).seed(seed).workers(new Workers(1));
    }
}
