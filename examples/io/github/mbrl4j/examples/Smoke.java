package io.github.mbrl4j.examples;

import io.github.mbrl4j.agent.MbpoConfig;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.agent.SacLearnerConfig;
import java.util.List;

/** Settings for a run of seconds that touches everything and learns nothing. */
final class Smoke {

    static final PetsConfig PETS = PetsConfig.defaults()
            .withInitialSteps(50)
            .withEnsemble(PetsConfig.defaults()
                    .ensemble()
                    .withMembers(2)
                    .withHidden(List.of(16))
                    .withTraining(PetsConfig.defaults().ensemble().training().withMaxEpochs(2)))
            .withPlanner(PetsConfig.defaults()
                    .planner()
                    .withHorizon(4)
                    .withElites(3)
                    .withPopulation(12)
                    .withIterations(2))
            .withRollouts(PetsConfig.defaults().rollouts().withParticles(2));

    static final MbpoConfig MBPO = MbpoConfig.defaults()
            .withInitialSteps(50)
            .withModelEvery(50)
            .withRolloutsPerStep(5)
            .withBatchSize(16)
            .withUpdateRatio(2)
            .withEnsemble(PETS.ensemble())
            .withLearner(SacLearnerConfig.defaults().withHidden(List.of(16, 16)));

    private Smoke() {}
}
