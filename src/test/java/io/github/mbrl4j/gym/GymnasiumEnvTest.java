package io.github.mbrl4j.gym;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvException;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.env.DiscreteAcrobot;
import io.github.mbrl4j.env.DiscreteCartPole;
import io.github.mbrl4j.env.MountainCarContinuous;
import io.github.mbrl4j.env.Pendulum;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Gymnasium itself behind the bridge; all tests share one Python. */
class GymnasiumEnvTest {

    static final GymnasiumConfig CONFIG =
            GymnasiumConfig.defaults().withModulePath(List.of(Path.of("src/test/python")));

    private static GymnasiumProcess python;

    @BeforeAll
    static void start() {
        Python.requireGymnasium();
        python = GymnasiumProcess.start(CONFIG);
    }

    @AfterAll
    static void end() {
        if (python != null) {
            python.close();
            assertThat(python.isAlive()).isFalse();
        }
    }

    private static RandomGenerator random(long seed) {
        return new SplittableRandom(seed);
    }

    private static GymnasiumEnv odd(String name) {
        return python.make("odd_envs:" + name);
    }

    @Test
    void whoServesIsKnown() {
        assertThat(python.versions().gymnasium()).matches("\\d+\\.\\d+.*");
        assertThat(python.versions().python()).startsWith("3.");
        assertThat(python.versions().executable()).isNotBlank();
    }

    @Test
    void specificationsAreThoseOfGymnasium() {
        assertThat(python.make("Pendulum-v1").spec())
                .isEqualTo(new EnvSpec("Pendulum-v1", 3, ActionSpace.continuous(1, -2, 2), 200));
        assertThat(python.make("CartPole-v1").spec())
                .isEqualTo(new EnvSpec("CartPole-v1", 4, ActionSpace.discrete(2), 500));
        assertThat(odd("Switches-v0").spec().actionSpace())
                .isEqualTo(
                        ActionSpace.product(ActionSpace.discrete(3), ActionSpace.discrete(2), ActionSpace.discrete(4)));
        Env env = python.make("Pendulum-v1");
        assertThat(env.knownReward()).isEmpty();
        assertThat(env.knownTermination()).isEmpty();
    }

    @Test
    void argumentsReachTheEnvironment() {
        GymnasiumEnv env = python.make("Pendulum-v1", 1, Map.of("g", 9.81, "max_episode_steps", 3))
                .get(0);
        assertThat(env.attribute("g")).containsExactly(9.81);
        assertThat(env.spec().maxSteps()).isEqualTo(3);
        Episode episode = Episodes.run(env, Policy.uniform(env.actionSpace()), random(1));
        assertThat(episode.length()).isEqualTo(3);
    }

    @Test
    void seedsDecideTheEpisode() {
        GymnasiumEnv env = python.make("CartPole-v1");
        double[] first = env.reset(7);
        assertThat(env.reset(8)).isNotEqualTo(first);
        assertThat(env.reset(7)).isEqualTo(first);
        assertThat(env.reset(random(5))).isEqualTo(env.reset(random(5))).isNotEqualTo(env.reset(random(6)));
        assertThatIllegalArgumentException().isThrownBy(() -> env.reset(-1)).withMessageContaining("seed is -1");
    }

    @Test
    void terminatedAndTruncatedStayApart() {
        GymnasiumEnv pendulum =
                python.make("Pendulum-v1", 1, Map.of("max_episode_steps", 2)).get(0);
        pendulum.reset(1);
        assertThat(pendulum.step(new double[1])).matches(step -> !step.done());
        assertThat(pendulum.step(new double[1])).matches(step -> step.truncated() && !step.terminated());
        GymnasiumEnv cartPole = python.make("CartPole-v1");
        cartPole.reset(1);
        Step last = cartPole.step(new double[1]);
        while (!last.done()) {
            last = cartPole.step(new double[1]);
        }
        assertThat(last).matches(step -> step.terminated() && !step.truncated());
        GymnasiumEnv both = odd("Troublesome-v0");
        both.reset(1);
        assertThat(both.step(new double[] {8})).matches(step -> step.terminated() && step.truncated());
    }

    /** One line for each environment that exists on both sides. */
    @Test
    void theBuiltInEnvironmentsMoveAsThoseOfGymnasium() {
        assertSameTrajectories("Pendulum-v1", new Pendulum(), env -> env.attribute("state"));
        assertSameTrajectories("CartPole-v1", new DiscreteCartPole(), env -> env.attribute("state"));
        assertSameTrajectories("MountainCarContinuous-v0", new MountainCarContinuous(), env -> env.attribute("state"));
        assertSameTrajectories("Acrobot-v1", new DiscreteAcrobot(), env -> env.attribute("state"));
    }

    /** Both begin in the same state, to the last bit, and get the same actions for whole episodes. */
    private static void assertSameTrajectories(
            String id, SaveableEnv ours, Function<GymnasiumEnv, double[]> physicalState) {
        GymnasiumEnv theirs = python.make(id);
        assertThat(ours.actionSpace()).isEqualTo(theirs.actionSpace());
        for (int seed = 0; seed < 5; seed++) {
            RandomGenerator random = random(seed);
            theirs.reset(random);
            double[] state = physicalState.apply(theirs);
            ours.restoreState(Arrays.copyOf(state, state.length + 1)); // no steps so far
            for (Step expected = null; expected == null || !expected.done(); ) {
                double[] action = exactInFloat32(theirs.actionSpace().sample(random));
                expected = theirs.step(action);
                Step actual = ours.step(action);
                assertThat(actual.observation()).containsExactly(expected.observation(), within(1e-6));
                assertThat(actual.reward()).isCloseTo(expected.reward(), within(1e-6));
                assertThat(actual.terminated()).isEqualTo(expected.terminated());
                assertThat(actual.truncated() && !actual.terminated()).isEqualTo(expected.truncated());
            }
        }
    }

    /** Theirs compute with actions of float32: of multiples of 1/64, products and squares are the same there. */
    private static double[] exactInFloat32(double[] action) {
        return Arrays.stream(action).map(a -> Math.rint(64 * a) / 64).toArray();
    }

    @Test
    void shapesAreFlattenedRowByRow() {
        GymnasiumEnv env = odd("Picture-v0");
        assertThat(env.spec().observationSize()).isEqualTo(6);
        assertThat(env.actionSpace())
                .isEqualTo(ActionSpace.continuous(new double[] {-1, -2, -3, 0, 0, 0}, new double[] {1, 2, 3, 4, 5, 6}));
        env.reset(1);
        assertThat(env.step(new double[] {-1, 0.5, 3, 0.25, 4, 6}).observation())
                .containsExactly(-2, 1, 6, 0.5, 8, 12);
        double bit = 4e-7; // beyond the bound by rounding
        assertThat(env.step(new double[] {1 + bit, 0, 0, -bit, 0, 0}).observation())
                .containsExactly(2, 0, 0, 0, 0, 0);
    }

    @Test
    void choicesAreCountedFromZero() {
        GymnasiumEnv env = odd("Switches-v0");
        assertThat(env.reset(1)).containsExactly(1, 0, 0, 0);
        Step step = env.step(new double[] {2, 1, 3});
        assertThat(step.reward()).isEqualTo(7 * 100 + 1 * 10 + 4);
        assertThat(step.observation()).containsExactly(0, 0, 0, 1);
        GymnasiumEnv shifted = odd("Shifted-v0");
        assertThat(shifted.reset(1)).containsExactly(0, 0, 0);
        assertThat(shifted.step(new double[] {1}).reward()).isEqualTo(8);
        GymnasiumEnv whole = odd("Whole-v0");
        whole.reset(1);
        assertThat(whole.step(new double[] {254.6, 0.4}).reward()).isEqualTo(255);
    }

    @Test
    void whatCannotBeBridgedIsRefused() {
        assertThatThrownBy(() -> odd("Dict-v0"))
                .isInstanceOf(EnvException.class)
                .hasMessageStartingWith("making odd_envs:Dict-v0: its observation space is Dict(")
                .hasMessageContaining("FlattenObservation");
        assertThat(odd("Flat-v0").reset(1)).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> odd("Tuple-v0")).hasMessageContaining("its action space is Tuple(");
        assertThatThrownBy(() -> odd("Unbounded-v0")).hasMessageContaining("RescaleAction");
        assertThatThrownBy(() -> odd("Endless-v0")).hasMessageContaining("max_episode_steps");
        assertThat(python.make("odd_envs:Endless-v0", 1, Map.of("max_episode_steps", 12))
                        .get(0)
                        .spec()
                        .maxSteps())
                .isEqualTo(12);
        assertThatThrownBy(() -> python.make("NoSuch-v0"))
                .isInstanceOf(EnvException.class)
                .hasMessageStartingWith("making NoSuch-v0: NameNotFound: ");
        assertThatThrownBy(() -> python.make("Pendulum-v1", 1, Map.of("gravity", 3)))
                .hasMessageContaining("TypeError")
                .hasMessageContaining("gravity");
        assertThatThrownBy(() -> python.make("no_module:X-v0")).hasMessageContaining("no_module");
        assertThatIllegalArgumentException().isThrownBy(() -> python.make("Pendulum-v1", 0, Map.of()));
    }

    @Test
    void printingDoesNotHarmTheStream() {
        GymnasiumEnv env = odd("Troublesome-v0");
        env.reset(1);
        assertThat(env.step(new double[] {1}).reward())
                .as("bytes on standard input")
                .isZero();
        assertThat(env.step(new double[] {7}).reward())
                .as("after a million characters of errors")
                .isZero();
        assertThat(env.step(new double[] {0}).reward()).isZero();
    }

    @Test
    void mistakesInPythonAreShownAndOthersLiveOn() {
        GymnasiumEnv other = odd("Troublesome-v0");
        other.reset(1);
        GymnasiumEnv env = odd("Troublesome-v0");
        env.reset(1);
        env.step(new double[1]);
        assertThatThrownBy(() -> env.step(new double[] {2}))
                .isInstanceOf(EnvException.class)
                .hasMessageStartingWith("odd_envs:Troublesome-v0, step 2: ValueError: a mistake in the environment")
                .hasMessageContaining("odd_envs.py\", line");
        assertThatIllegalStateException()
                .isThrownBy(() -> env.step(new double[1]))
                .withMessageContaining("failed in its last call; call reset first");
        env.reset(1);
        env.step(new double[1]);
        other.step(new double[1]);
        assertThatThrownBy(() -> env.step(new double[] {9})).hasMessageContaining("an observation has 3 numbers");
        assertThatThrownBy(() -> other.attribute("nothing")).hasMessageContaining("AttributeError");
    }

    @Test
    void whatIsNotFiniteIsRefused() {
        GymnasiumEnv env = odd("Troublesome-v0");
        env.reset(1);
        assertThatThrownBy(() -> env.step(new double[] {5}))
                .isInstanceOf(EnvException.class)
                .hasMessageContaining("step 1: observation[1] is NaN");
        env.reset(1);
        assertThatThrownBy(() -> env.step(new double[] {6}))
                .isInstanceOf(EnvException.class)
                .hasMessageContaining("step 1: the reward is Infinity");
        assertThatIllegalStateException().isThrownBy(() -> env.step(new double[1]));
    }

    @Test
    void actionsAreChecked() {
        GymnasiumEnv pendulum = python.make("Pendulum-v1");
        pendulum.reset(1);
        assertBadAction(pendulum, "action has length 2, expected 1", 0, 0);
        assertBadAction(pendulum, "action[0] is NaN", Double.NaN);
        assertBadAction(pendulum, "action[0] is 2.1, expected a number in [-2", 2.1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pendulum.step(null))
                .withMessageContaining("null");
        GymnasiumEnv cartPole = python.make("CartPole-v1");
        cartPole.reset(1);
        assertBadAction(cartPole, "action[0] is 2.0", 2);
        assertBadAction(cartPole, "action[0] is 0.5", 0.5);
        cartPole.step(new double[] {1});
    }

    private static void assertBadAction(Env env, String message, double... action) {
        assertThatIllegalArgumentException().isThrownBy(() -> env.step(action)).withMessageContaining(message);
    }

    @Test
    void callsOutOfOrderAreRefused() {
        GymnasiumEnv env =
                python.make("Pendulum-v1", 1, Map.of("max_episode_steps", 1)).get(0);
        assertThatIllegalStateException()
                .isThrownBy(() -> env.step(new double[1]))
                .withMessageContaining("has not been started; call reset first");
        env.reset(1);
        env.step(new double[1]);
        assertThatIllegalStateException()
                .isThrownBy(() -> env.step(new double[1]))
                .withMessageContaining("ended its episode after 1 steps; call reset first");
        env.close();
        env.close();
        assertThatIllegalStateException().isThrownBy(() -> env.reset(1)).withMessageContaining("has been closed");
        assertThatIllegalStateException().isThrownBy(() -> env.attribute("g")).withMessageContaining("closed");
        assertThat(python.isAlive()).isTrue();
    }

    @Test
    void manyAtOnceAreAsOneByOne() {
        List<GymnasiumEnv> together = python.make("Pendulum-v1", 3, Map.of());
        List<GymnasiumEnv> apart = python.make("Pendulum-v1", 3, Map.of());
        double[][] observations = python.reset(together, random(1));
        RandomGenerator same = random(1);
        for (int i = 0; i < 3; i++) {
            assertThat(apart.get(i).reset(same)).isEqualTo(observations[i]);
        }
        for (int step = 0; step < 5; step++) {
            double[][] actions = {{0.1 * step}, {-0.2}, {2}};
            List<Step> steps = python.step(together, actions);
            for (int i = 0; i < 3; i++) {
                assertThat(steps.get(i))
                        .usingRecursiveComparison()
                        .isEqualTo(apart.get(i).step(actions[i]));
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> python.step(together, new double[2][1]))
                .withMessageContaining("actions has 2 rows, expected 3");
        assertThatIllegalArgumentException().isThrownBy(() -> python.step(List.of(), new double[0][]));
        GymnasiumEnv one = together.get(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> python.step(List.of(one, one), new double[2][1]))
                .withMessageContaining("twice");
        apart.get(1).close();
        assertThatIllegalStateException().isThrownBy(() -> python.reset(apart, random(1)));
        apart.get(0).step(new double[1]); // nobody was reset, nobody failed
    }

    @Test
    void threadsTakeTurns() {
        List<CompletableFuture<List<Double>>> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            GymnasiumEnv env = python.make("Pendulum-v1");
            runs.add(CompletableFuture.supplyAsync(() -> rewards(env)));
        }
        List<Double> expected = rewards(python.make("Pendulum-v1"));
        for (CompletableFuture<List<Double>> run : runs) {
            assertThat(run.join()).isEqualTo(expected);
        }
    }

    private static List<Double> rewards(GymnasiumEnv env) {
        List<Double> rewards = new ArrayList<>();
        env.reset(3);
        for (int i = 0; i < 200; i++) {
            rewards.add(env.step(new double[] {Math.sin(i)}).reward());
        }
        return rewards;
    }
}
