package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.EnvException;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.DiscreteCartPole;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.report.TrainingHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DqnTest {

    private static final DqnConfig TINY = DqnConfig.defaults()
            .withInitialSteps(50)
            .withBatchSize(16)
            .withUpdateRatio(1)
            .withExplorationSteps(200)
            .withLearner(DqnLearnerConfig.defaults().withHidden(List.of(16)));

    private static Dqn.Builder tiny() {
        return Dqn.on(new Lights()).config(TINY).workers(new Workers(1));
    }

    @Test
    void learnsWhatPays() {
        DqnConfig config =
                TINY.withLearner(TINY.learner().withLearningRate(3e-3).withDiscount(0));
        Dqn agent = tiny().config(config).seed(3).build();
        agent.train(1000);
        for (int lit = 0; lit < 3; lit++) {
            assertThat(agent.act(Lights.lights(lit))).containsExactly(lit);
            assertThat(agent.learner().policy().values(Lights.lights(lit))[lit]).isCloseTo(1, within(0.05));
        }
        assertThat(Evaluation.of(new Lights(), agent, 3, 1).mean()).isEqualTo(5);
    }

    @Test
    void theHistoryHasAllEpisodesThatEnded() {
        Dqn agent = tiny().seed(2).build();
        TrainingHistory history = agent.train(63);
        assertThat(history.agent()).isEqualTo("DQN");
        assertThat(history.envSteps()).startsWith(5, 10, 15).hasSize(12).endsWith(60);
        assertThat(agent.data().size()).isEqualTo(63);
        assertThat(agent.data().transition(62).truncated()).isTrue();
        history = agent.train(7);
        assertThat(history.envSteps()).hasSize(13).endsWith(68);
        assertThat(history.trials().get(12).steps()).isEqualTo(5);
        assertThat(agent.learner().updates()).isEqualTo(21);
    }

    @Test
    void theListenerIsToldInOrder() {
        List<String> told = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void trialStarted(int trial) {
                told.add("start " + trial);
            }

            @Override
            public void stepped(int trial, int step, Transition transition) {
                told.add(trial + "." + step);
            }

            @Override
            public void trialEnded(TrainingHistory.Trial trial) {
                told.add("end " + trial.trial());
            }
        };
        tiny().listener(listener).build().train(7);
        assertThat(told)
                .containsExactly("start 1", "1.1", "1.2", "1.3", "1.4", "1.5", "end 1", "start 2", "2.1", "2.2");
    }

    @Test
    void anyUpdateRatioIsKept() {
        for (double ratio : new double[] {0, 0.25, 1, 3}) {
            Dqn agent = tiny().config(TINY.withUpdateRatio(ratio)).build();
            agent.train(49 + 40);
            assertThat(agent.learner().updates()).isEqualTo((long) (ratio * 40));
        }
    }

    @Test
    void explorationFallsLinearlyAfterTheInitialSteps() {
        DqnConfig config = TINY.withExplorationStart(0.9).withExplorationEnd(0.1);
        assertThat(config.exploration(0)).isEqualTo(0.9);
        assertThat(config.exploration(50)).isEqualTo(0.9);
        assertThat(config.exploration(150)).isCloseTo(0.5, within(1e-12));
        assertThat(config.exploration(250)).isCloseTo(0.1, within(1e-12));
        assertThat(config.exploration(1_000_000)).isCloseTo(0.1, within(1e-12));
    }

    /** Of three equally likely choices a random one is another than the greedy one in two of three cases. */
    @Test
    void exploresAsOftenAsItShould() {
        Dqn agent = tiny().config(
                        TINY.withUpdateRatio(0).withExplorationStart(0.3).withExplorationEnd(0.3))
                .build();
        agent.train(4050);
        int others = 0;
        for (int i = 50; i < 4050; i++) {
            Transition t = agent.data().transition(i);
            double greedy = agent.learner().policy().act(t.observation(), new SplittableRandom(1))[0];
            others += t.action()[0] == greedy ? 0 : 1;
        }
        assertThat(others / 4000.0).isCloseTo(0.2, within(0.03));
    }

    @Test
    void equalSeedsGiveEqualRunsWithAnyNumberOfThreads() {
        double[] one = run(7, 1);
        assertThat(run(7, 2)).isEqualTo(one);
        assertThat(run(8, 1)).isNotEqualTo(one);
    }

    private static double[] run(long seed, int threads) {
        Dqn agent = Dqn.on(new DiscreteCartPole())
                .config(TINY)
                .seed(seed)
                .workers(new Workers(threads))
                .build();
        agent.train(400);
        return agent.learner().policy().values(new double[] {0.1, 0.2, 0.3, 0.4});
    }

    @Test
    void settingsComeBackFromJson() {
        DqnConfig config =
                DqnConfig.defaults().withUpdateRatio(2.5).withReturnSteps(3).withExplorationEnd(0.01);
        assertThat(Json.read(Json.write(config), DqnConfig.class)).isEqualTo(config);
    }

    @Test
    void nothingLearnedIsSaidSo() {
        Dqn agent = tiny().build();
        agent.train(49);
        assertThatThrownBy(() -> agent.act(new double[3]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("49 real steps", "50 are initial", "train(steps)");
    }

    @Test
    void whatWasCollectedBeforeTheEnvironmentFailedIsKept() {
        Lights env = new Lights();
        env.failAfter = 72;
        Dqn agent = Dqn.on(env).config(TINY).workers(new Workers(1)).build();
        assertThatThrownBy(() -> agent.train(100)).isInstanceOf(EnvException.class);
        assertThat(agent.data().size()).isEqualTo(72);
        env.failAfter = Integer.MAX_VALUE;
        assertThat(agent.train(28).envSteps()).hasSize(14 + 5).endsWith(97);
    }

    @Test
    void badArgumentsAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tiny().build().train(0))
                .withMessageContaining("steps is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dqn.on(new Pendulum()).build())
                .withMessageContainingAll("Pendulum", "SAC");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TINY.withExplorationEnd(1.5))
                .withMessageContaining("explorationEnd is 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TINY.withCapacity(20))
                .withMessageContaining("capacity is 20");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TINY.withUpdateRatio(-1))
                .withMessageContaining("updateRatio is -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TINY.withReturnSteps(0))
                .withMessageContaining("returnSteps is 0");
    }
}
