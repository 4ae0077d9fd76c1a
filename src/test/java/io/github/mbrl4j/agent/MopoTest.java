package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.report.TrainingHistory;
import io.github.mbrl4j.rollout.Risk;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MopoTest {

    private static final EnvSpec SPEC = new EnvSpec("Line", 1, ActionSpace.continuous(1, -1, 1), 10);

    private static final MopoConfig TINY = MopoConfig.defaults()
            .withRolloutsPerEpoch(40)
            .withRolloutLength(2)
            .withUpdatesPerEpoch(10)
            .withBatchSize(16)
            .withEnsemble(EnsembleConfig.defaults()
                    .withMembers(3)
                    .withHidden(List.of(8))
                    .withTraining(EnsembleConfig.defaults().training().withMaxEpochs(5)))
            .withLearner(SacLearnerConfig.defaults().withHidden(List.of(16, 16)));

    /** A point that moves by its action and is paid −x'²: steps of a policy that does not care. */
    private static ReplayBuffer log(int n) {
        RandomGenerator random = new SplittableRandom(5);
        ReplayBuffer log = ReplayBuffer.of(SPEC, n);
        for (int i = 0; i < n; i++) {
            double x = random.nextDouble(-2, 2);
            double a = random.nextDouble(-1, 1);
            double next = x + a;
            log.add(new Transition(
                    new double[] {x}, new double[] {a}, -next * next, new double[] {next}, false, true, true));
        }
        return log;
    }

    @Test
    void learnsFromALogWithAReward() {
        Mopo agent = Mopo.on(SPEC, log(400))
                .config(TINY.withRolloutsPerEpoch(200)
                        .withUpdatesPerEpoch(150)
                        .withBatchSize(64)
                        .withRisk(Risk.meanMinusSpread(0.5))
                        .withEnsemble(EnsembleConfig.defaults().withMembers(3).withHidden(List.of(24)))
                        .withLearner(TINY.learner().withHidden(List.of(32, 32)).withLearningRate(3e-3)))
                .workers(new Workers(2))
                .seed(2)
                .build();
        agent.train(5);
        for (double x : new double[] {-0.7, -0.3, 0.4, 0.8}) {
            assertThat(x + agent.act(new double[] {x})[0]).isCloseTo(0, within(0.3));
        }
        assertThat(agent.branches().meanPenalty()).isPositive();
        assertThat(agent.branches().transitions()).isEqualTo(400);
    }

    @Test
    void theNumberOfThreadsDoesNotChangeABit() {
        double[] actions = new double[2];
        for (int i = 0; i < 2; i++) {
            Mopo agent = Mopo.on(SPEC, log(100))
                    .config(TINY)
                    .workers(new Workers(1 + 2 * i))
                    .seed(4)
                    .build();
            agent.train(2);
            actions[i] = agent.act(new double[] {0.3})[0];
        }
        assertThat(actions[0]).isEqualTo(actions[1]);
    }

    @Test
    void trainingGoesOnAndIsWrittenDown() {
        Mopo agent = Mopo.on(SPEC, log(100)).config(TINY).build();
        assertThatThrownBy(() -> agent.act(new double[1]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("call train(epochs) first");
        assertThat(agent.branches().rollouts()).isZero();
        agent.train(1);
        TrainingHistory history = agent.train(2);
        assertThat(history.trials()).hasSize(3).allSatisfy(trial -> {
            assertThat(trial.steps()).isZero();
            assertThat(trial.envSteps()).isEqualTo(100);
            assertThat(trial.totalReward()).isNaN();
        });
        assertThat(history.trials().get(1).fitSeconds()).as("one fit").isZero();
        assertThat(agent.learner().updates()).isEqualTo(30);
        assertThat(agent.branches().rollouts()).isEqualTo(40);
        assertThat(history.toString()).contains("MOPO");
    }

    @Test
    void aSuppliedRewardAndTerminationAreUsed() {
        Mopo agent = Mopo.on(SPEC, log(100))
                .config(TINY)
                .reward((s, a, next) -> 7)
                .termination((s, a, next) -> true)
                .build();
        agent.train(1);
        assertThat(agent.branches().terminated())
                .as("no rollout has a second step")
                .isEqualTo(40);
        assertThat(agent.branches().penalty()).as("all members agree").isZero();
        assertThat(agent.world().reward()).isPresent();
    }

    @Test
    void mistakesAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mopo.on(SPEC, ReplayBuffer.of(SPEC, 5)).build())
                .withMessageContaining("log is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mopo.on(new EnvSpec("Wide", 2, SPEC.actionSpace(), 10), log(5))
                        .build())
                .withMessageContaining("the data have O=1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mopo.on(new EnvSpec("Choices", 1, ActionSpace.discrete(2), 10), log(5))
                        .build())
                .withMessageContaining("continuous");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mopo.on(SPEC, log(5)).build().train(0))
                .withMessageContaining("epochs is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TINY.withOutsideShare(-1))
                .withMessageContaining("outsideShare is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TINY.withRolloutsPerEpoch(1 << 30).withRolloutLength(1 << 10))
                .withMessageContaining("have the product");
    }

    @Test
    void settingsComeBackFromJson() {
        assertThat(Json.read(Json.write(TINY), MopoConfig.class)).isEqualTo(TINY);
    }
}
