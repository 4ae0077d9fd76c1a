package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvException;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.DiscreteCartPole;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.report.TrainingHistory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The agents PPO and policy gradient. */
class OnPolicyTest {

    private static final PpoConfig PPO = PpoConfig.defaults()
            .withHidden(List.of(16))
            .withStepsPerUpdate(50)
            .withPolicyLearningRate(5e-3)
            .withDiscount(0);
    private static final PolicyGradientConfig PG = PolicyGradientConfig.defaults()
            .withHidden(List.of(16))
            .withStepsPerUpdate(50)
            .withDiscount(0);

    private static Ppo ppo(Env env, long seed, int threads) {
        return Ppo.on(env).config(PPO).seed(seed).workers(new Workers(threads)).build();
    }

    private static PolicyGradient policyGradient(Env env, long seed, int threads) {
        return PolicyGradient.on(env)
                .config(PG)
                .seed(seed)
                .workers(new Workers(threads))
                .build();
    }

    @Test
    void learnWhatPays() {
        for (Agent agent : List.of(ppo(new Lights(), 3, 1), policyGradient(new Lights(), 3, 1))) {
            agent.train(2000);
            for (int lit = 0; lit < 3; lit++) {
                assertThat(agent.act(Lights.lights(lit))).containsExactly(lit);
            }
            assertThat(Evaluation.of(new Lights(), agent, 3, 1).mean()).isEqualTo(5);
        }
    }

    @Test
    void historyGoesOnAndStepsWaitForTheirUpdate() {
        Ppo agent = ppo(new Lights(), 2, 1);
        TrainingHistory history = agent.train(48);
        assertThat(history.agent()).isEqualTo("PPO");
        assertThat(history.envSteps()).hasSize(9).startsWith(5, 10).endsWith(45);
        assertThat(agent.learner().updates()).isZero();
        history = agent.train(7);
        assertThat(history.envSteps()).hasSize(10).endsWith(53);
        assertThat(agent.learner().updates()).isEqualTo(1);
        assertThat(policyGradient(new Lights(), 2, 1).train(5).agent()).isEqualTo("policy gradient");
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
        PolicyGradient.on(new Lights()).listener(listener).build().train(7);
        assertThat(told)
                .containsExactly("start 1", "1.1", "1.2", "1.3", "1.4", "1.5", "end 1", "start 2", "2.1", "2.2");
    }

    @Test
    void equalSeedsGiveEqualRunsWithAnyNumberOfThreads() {
        double[] s = {0.1, 0.2, 0.3};
        double[] action = trained(ppo(new Pendulum(), 7, 1)).act(s);
        assertThat(trained(ppo(new Pendulum(), 7, 2)).act(s)).isEqualTo(action);
        assertThat(trained(ppo(new Pendulum(), 8, 1)).act(s)).isNotEqualTo(action);
        action = trained(policyGradient(new Pendulum(), 7, 1)).act(s);
        assertThat(trained(policyGradient(new Pendulum(), 7, 2)).act(s)).isEqualTo(action);
        PolicyGradient one = policyGradient(new DiscreteCartPole(), 7, 1);
        PolicyGradient two = policyGradient(new DiscreteCartPole(), 7, 2);
        assertThat(one.train(500).returns()).isEqualTo(two.train(500).returns());
    }

    private static Agent trained(Agent agent) {
        agent.train(300);
        return agent;
    }

    /** Wide Gaussians exceed the bounds often; what is executed never does, and what is learned from is the draw. */
    @Test
    void continuousActionsAreClippedWhenTheyAreExecuted() {
        List<Double> executed = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void stepped(int trial, int step, Transition transition) {
                executed.add(transition.action()[0]);
            }
        };
        Ppo.on(new Pendulum()).listener(listener).build().train(400);
        assertThat(executed).allMatch(a -> Math.abs(a) <= 2).contains(2.0, -2.0);
        // A standard normal is beyond ±1 with probability 0.317.
        long clipped = executed.stream().filter(a -> Math.abs(a) == 2).count();
        assertThat(clipped / 400.0).isCloseTo(0.317, within(0.08));
    }

    @Test
    void settingsComeBackFromJson() {
        PpoConfig ppo = PPO.withEntropyBonus(0.01).withDivergenceLimit(0.02);
        assertThat(Json.read(Json.write(ppo), PpoConfig.class)).isEqualTo(ppo);
        PolicyGradientConfig pg = PG.withLambda(0.9).withMinibatch(10);
        assertThat(Json.read(Json.write(pg), PolicyGradientConfig.class)).isEqualTo(pg);
    }

    @Test
    void nothingLearnedIsSaidSo() {
        for (Agent agent : List.of(ppo(new Lights(), 1, 1), policyGradient(new Lights(), 1, 1))) {
            agent.train(49);
            assertThatThrownBy(() -> agent.act(new double[3]))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("49 real steps", "stepsPerUpdate", "train(steps)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> agent.train(0))
                    .withMessageContaining("steps is 0");
        }
    }

    @Test
    void whatWasCollectedBeforeTheEnvironmentFailedIsKept() {
        Lights env = new Lights();
        env.failAfter = 32;
        Ppo agent = ppo(env, 1, 1);
        assertThatThrownBy(() -> agent.train(100)).isInstanceOf(EnvException.class);
        env.failAfter = Integer.MAX_VALUE;
        agent.train(18);
        assertThat(agent.learner().updates()).isEqualTo(1);
        assertThat(agent.history().envSteps()).hasSize(6 + 3).endsWith(47);
    }
}
