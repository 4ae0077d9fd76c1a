package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.env.CliffClimb;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.rollout.PredictedReturn;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SimulatorDynamicsTest {

    /** Counts to ten by the chosen digit, which is its whole reward; above ten it has lost. */
    private static final class Counter implements SaveableEnv {
        private static final EnvSpec SPEC = new EnvSpec("Counter", 1, ActionSpace.discrete(4), 6);
        private int sum;
        private int steps;

        @Override
        public EnvSpec spec() {
            return SPEC;
        }

        @Override
        public double[] reset(RandomGenerator random) {
            sum = 0;
            steps = 0;
            return new double[] {0};
        }

        @Override
        public Step step(double[] action) {
            if (sum > 10 || steps >= 6) {
                throw new IllegalStateException("ended");
            }
            sum += (int) action[0];
            steps++;
            return new Step(new double[] {sum % 2}, action[0], sum > 10, steps == 6);
        }

        @Override
        public double[] saveState() {
            return new double[] {sum, steps};
        }

        @Override
        public void restoreState(double[] state) {
            sum = (int) state[0];
            steps = (int) state[1];
        }
    }

    private static float[] step(SimulatorDynamics model, double[][] states, double[][] actions, float[] rewards) {
        Batch next = new Batch(0, model.stateSize());
        model.predict(Batch.ofRows(states), Batch.ofRows(actions), next, rewards);
        return Arrays.copyOf(next.array(), states.length * model.stateSize());
    }

    @Test
    void stepsRewardsAndEndingsAreTheSimulators() {
        SimulatorDynamics model = SimulatorDynamics.of(Counter::new);
        assertThat(model.stateSize()).isEqualTo(3);
        assertThat(model.actionSpace()).isEqualTo(ActionSpace.discrete(4));
        float[] rewards = new float[4];
        float[] next = step(
                model,
                new double[][] {{3, 1, 0}, {9, 2, 0}, {5, 5, 0}, {11, 3, 1}},
                new double[][] {{2}, {3}, {1}, {3}},
                rewards);
        assertThat(rewards).containsExactly(2, 3, 1, 0);
        assertThat(next)
                .as("goes on, terminated, truncated, had ended")
                .containsExactly(5, 2, 0, 12, 3, 1, 6, 6, 1, 11, 3, 1);
    }

    @Test
    void imaginedEpisodesAreTheRealOnes() {
        SimulatorDynamics model = SimulatorDynamics.of(Pendulum::new);
        Pendulum env = new Pendulum();
        RandomGenerator random = new SplittableRandom(1);
        env.reset(random);
        float[] reward = new float[1];
        for (int i = 0; i < 200; i++) {
            double[] state = model.stateOf(env);
            assertThat(state).hasSize(4).endsWith(0);
            // From the same rounded state, so that the step itself is compared exactly.
            double[] rounded = Batch.ofRows(state).row(0);
            env.restoreState(Arrays.copyOf(rounded, 3));
            double[] action = Batch.ofRows(env.actionSpace().sample(random)).row(0);
            float[] next = step(model, new double[][] {state}, new double[][] {action}, reward);
            Step step = env.step(action);
            assertThat(reward[0]).isEqualTo((float) step.reward());
            double[] after = model.stateOf(env);
            assertThat(next).startsWith((float) after[0], (float) after[1], (float) after[2]);
            assertThat(next[3]).isEqualTo(step.done() ? 1 : 0);
        }
    }

    @Test
    void whatIsNotFiniteStaysSo() {
        SimulatorDynamics model = SimulatorDynamics.of(CartPole::new);
        float[] rewards = new float[2];
        float[] next = step(
                model,
                new double[][] {{0, 0, Double.NaN, 0, 3, 0}, {0, 0, 0, 0, 3, 0}},
                new double[][] {{1}, {1}},
                rewards);
        assertThat(rewards).containsExactly(Float.NaN, 1);
        for (int i = 0; i < 6; i++) {
            assertThat(next[i]).isNaN();
            assertThat(next[6 + i]).isFinite();
        }
        assertThatThrownBy(() -> step(model, new double[][] {{0, 0, 0, 0, 0.5, 0}}, new double[][] {{1}}, rewards))
                .as("an error of the simulator is not hidden")
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("state[4]");
    }

    @Test
    void plansForeseeNoiseThatIsSaved() {
        CliffClimb env = new CliffClimb(0.1);
        SimulatorDynamics model = SimulatorDynamics.of(() -> new CliffClimb(0.1));
        env.reset(new SplittableRandom(2));
        float[] reward = new float[1];
        float[] next = step(model, new double[][] {model.stateOf(env)}, new double[][] {{0.5}}, reward);
        assertThat(next[0]).isEqualTo((float) env.step(new double[] {0.5}).observation()[0]);
    }

    @Test
    void theNumberOfThreadsDoesNotMatterAndSimulatorsAreReused() {
        double[][] returns = new double[2][];
        for (int run = 0; run < 2; run++) {
            int threads = run == 0 ? 1 : 4;
            AtomicInteger made = new AtomicInteger();
            SimulatorDynamics model = SimulatorDynamics.of(() -> {
                made.incrementAndGet();
                return new CartPole();
            });
            Workers workers = new Workers(threads);
            PredictedReturn objective =
                    new PredictedReturn(model.world(), RolloutConfig.defaults().withParticles(1), workers);
            objective.startFrom(new double[] {0, 0, 0.1, 0, 180, 0}, new SplittableRandom(3));
            Batch sequences = new Batch(700, 30);
            RandomGenerator random = new SplittableRandom(4);
            for (int i = 0; i < 700 * 30; i++) {
                sequences.array()[i] = random.nextFloat(-1, 1);
            }
            returns[run] = new double[700];
            for (int repeat = 0; repeat < 5; repeat++) {
                objective.evaluate(sequences, returns[run]);
            }
            assertThat(made.get()).isLessThanOrEqualTo(threads + 1);
        }
        assertThat(returns[1]).containsExactly(returns[0]);
        assertThat(Arrays.stream(returns[0]).max().orElseThrow())
                .as("20 steps are left of the episode")
                .isEqualTo(20);
        assertThat(Arrays.stream(returns[0]).min().orElseThrow()).isLessThan(20);
    }

    @Test
    void aControllerPlansInTheSimulator() {
        CartPole env = new CartPole();
        SimulatorDynamics simulator = SimulatorDynamics.of(CartPole::new);
        MpcController controller = new MpcController(
                new Cem(CemConfig.defaults()),
                simulator.world().withTerminalValue(s -> -s[2] * s[2]),
                RolloutConfig.defaults().withParticles(1),
                Workers.shared());
        Policy policy = simulator.seeing(env, controller);
        Episode episode = Episodes.run(env, policy, new SplittableRandom(5));
        assertThat(episode.length()).isEqualTo(200);
        assertThat(episode.terminated()).isFalse();
        assertThat(controller.lastPlan()).isPresent();
        policy.reset();
        assertThat(controller.lastPlan()).isEmpty();
    }
}
