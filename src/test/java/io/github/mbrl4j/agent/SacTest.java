package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvException;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.report.TrainingHistory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SacTest {

    private static final SacConfig TINY = SacConfig.defaults()
            .withInitialSteps(50)
            .withBatchSize(16)
            .withLearner(SacLearnerConfig.defaults().withHidden(List.of(16, 16)));

    /** Guess the observation: the reward is −(a − o)². Each episode is 5 steps. */
    private static class Guess implements Env {
        private static final EnvSpec SPEC = new EnvSpec("Guess", 1, ActionSpace.continuous(1, 0, 10), 5);
        private double[] observation = new double[1];
        private RandomGenerator random = new SplittableRandom(1);
        private int steps;
        int failAfter = Integer.MAX_VALUE;

        @Override
        public EnvSpec spec() {
            return SPEC;
        }

        @Override
        public double[] reset(RandomGenerator newRandom) {
            random = newRandom;
            steps = 0;
            observation = new double[] {random.nextDouble()};
            return observation;
        }

        @Override
        public Step step(double[] action) {
            if (failAfter-- == 0) {
                throw new IllegalStateException("out of order");
            }
            double error = action[0] - 10 * observation[0];
            observation = new double[] {random.nextDouble()};
            return new Step(observation, -error * error / 100, false, ++steps == 5);
        }
    }

    private static Sac.Builder tiny(Env env) {
        return Sac.on(env).config(TINY).workers(new Workers(1));
    }

    @Test
    void learnsWhatPaysInActionsOfAnyScale() {
        SacConfig config = TINY.withUpdateRatio(1)
                .withLearner(TINY.learner()
                        .withLearningRate(3e-3)
                        .withDiscount(0)
                        .withTemperature(0.1)
                        .withEntropyPerAction(-2));
        Sac agent = Sac.on(new Guess()).config(config).seed(3).build();
        agent.train(1500);
        for (double o : new double[] {0.1, 0.5, 0.9}) {
            assertThat(agent.act(new double[] {o})[0]).isCloseTo(10 * o, within(1.0));
        }
        assertThat(agent.learner().value().value(new double[] {0.5})).isCloseTo(0, within(0.05));
    }

    @Test
    void theHistoryHasAllEpisodesThatEnded() {
        Sac agent = tiny(new Guess()).seed(2).build();
        TrainingHistory history = agent.train(63);
        assertThat(history.agent()).isEqualTo("SAC");
        assertThat(history.envSteps()).startsWith(5, 10, 15).hasSize(12).endsWith(60);
        assertThat(agent.data().size()).isEqualTo(63);
        assertThat(agent.data().transition(62).truncated()).isTrue();
        history = agent.train(7);
        assertThat(history.envSteps()).hasSize(13).endsWith(68);
        assertThat(history.trials().get(12).trial()).isEqualTo(13);
        assertThat(history.trials().get(12).steps()).isEqualTo(5);
        assertThat(agent.data().size()).isEqualTo(70);
        assertThat(agent.data().transition(63).first()).isTrue();
        double sum = 0;
        for (int i = 0; i < 5; i++) {
            sum += agent.data().transition(i).reward();
        }
        assertThat(history.trials().get(0).totalReward()).isCloseTo(sum, within(1e-5));
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
        tiny(new Guess()).listener(listener).build().train(7);
        assertThat(told)
                .containsExactly("start 1", "1.1", "1.2", "1.3", "1.4", "1.5", "end 1", "start 2", "2.1", "2.2");
    }

    @Test
    void anyUpdateRatioIsKept() {
        for (double ratio : new double[] {0, 0.25, 1, 3}) {
            Sac agent = tiny(new Guess()).config(TINY.withUpdateRatio(ratio)).build();
            agent.train(49 + 40);
            assertThat(agent.learner().updates()).isEqualTo((long) (ratio * 40));
        }
    }

    @Test
    void updatesWaitForABatch() {
        Sac agent = tiny(new Guess())
                .config(TINY.withInitialSteps(10).withBatchSize(30))
                .build();
        agent.train(29);
        assertThat(agent.learner().updates()).isZero();
        agent.train(1);
        assertThat(agent.learner().updates()).isEqualTo(1);
    }

    @Test
    void equalSeedsGiveEqualRunsWithAnyNumberOfThreads() {
        double[] one = run(7, 1);
        assertThat(run(7, 2)).isEqualTo(one);
        assertThat(run(8, 1)).isNotEqualTo(one);
    }

    private static double[] run(long seed, int threads) {
        Sac agent = Sac.on(new Pendulum())
                .config(TINY.withStandardised(true))
                .seed(seed)
                .workers(new Workers(threads))
                .build();
        agent.train(400);
        double[] actions = new double[20];
        Arrays.setAll(actions, i -> agent.act(new double[] {Math.cos(i), Math.sin(i), i})[0]);
        return actions;
    }

    @Test
    void agentsActTheSameWhateverTheRandomness() {
        Sac agent = tiny(new Guess()).build();
        agent.train(60);
        Agent shape = agent;
        double[] observation = {0.3};
        assertThat(shape.act(observation)).isEqualTo(agent.act(observation, new SplittableRandom(4)));
        assertThat(Evaluation.of(new Guess(), shape, 3, 1)).isEqualTo(Evaluation.of(new Guess(), shape, 3, 1));
    }

    @Test
    void standardisedObservationsHaveTheScaleOfTheInitialSteps() {
        Sac agent = tiny(new Guess()).config(TINY.withStandardised(true)).build();
        agent.train(60);
        assertThat(agent.learner().scaling().observations().scale()[0]).isBetween(0.2, 0.4);
        Sac plain = tiny(new Guess()).build();
        plain.train(60);
        assertThat(plain.learner().scaling().observations().scale()[0]).isEqualTo(1);
    }

    @Test
    void settingsComeBackFromJson() {
        SacConfig config = SacConfig.redq().withUpdateRatio(2.5).withStandardised(true);
        assertThat(Json.read(Json.write(config), SacConfig.class)).isEqualTo(config);
    }

    @Test
    void nothingLearnedIsSaidSo() {
        Sac agent = tiny(new Guess()).build();
        assertThatThrownBy(() -> agent.act(new double[1]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("0 of its 50", "train(steps)");
        agent.train(49);
        assertThatThrownBy(agent::learner).hasMessageContaining("49 of its 50");
    }

    @Test
    void whatWasCollectedBeforeTheEnvironmentFailedIsKept() {
        Guess env = new Guess();
        env.failAfter = 72;
        Sac agent = tiny(env).build();
        assertThatThrownBy(() -> agent.train(100))
                .isInstanceOf(EnvException.class)
                .hasMessageContaining("out of order");
        assertThat(agent.data().size()).isEqualTo(72);
        env.failAfter = Integer.MAX_VALUE;
        assertThat(agent.train(28).envSteps()).hasSize(14 + 5).endsWith(97);
    }

    @Test
    void badArgumentsAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tiny(new Guess()).build().train(0))
                .withMessageContaining("steps is 0");
        Env discrete = new Env() {
            @Override
            public EnvSpec spec() {
                return new EnvSpec("Choices", 1, ActionSpace.discrete(3), 5);
            }

            @Override
            public double[] reset(RandomGenerator random) {
                return new double[1];
            }

            @Override
            public Step step(double[] action) {
                return new Step(new double[1], 0, false, false);
            }
        };
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sac.on(discrete).build())
                .withMessageContainingAll("Choices", "continuous", "DQN");
    }
}
