package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.TerminationModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What every environment must do; a subclass says which. */
public abstract class EnvContractTest {

    /** A new environment, always alike. */
    protected abstract Env create();

    /** An action for a long episode; random ones by default. */
    protected double[] survive(double[] observation, RandomGenerator random) {
        return create().actionSpace().sample(random);
    }

    /** Whether steps are random even from a known state. */
    protected boolean noisy() {
        return false;
    }

    private record Recorded(double[] observation, double[] action, Step step) {}

    private static RandomGenerator random(long seed) {
        return new SplittableRandom(seed);
    }

    private static List<Recorded> run(Env env, double[] observation, int steps, RandomGenerator random) {
        List<Recorded> recorded = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            double[] action = env.actionSpace().sample(random);
            Step step = env.step(action);
            recorded.add(new Recorded(observation, action, step));
            if (step.done()) {
                break;
            }
            observation = step.observation();
        }
        return recorded;
    }

    /** Random transitions from many episodes. */
    private List<Recorded> transitions(int count) {
        Env env = create();
        List<Recorded> recorded = new ArrayList<>();
        for (int episode = 0; recorded.size() < count; episode++) {
            RandomGenerator random = random(episode);
            recorded.addAll(run(env, env.reset(random), count, random));
        }
        return recorded.subList(0, count);
    }

    private static void assertSame(List<Recorded> actual, List<Recorded> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            Step step = actual.get(i).step();
            Step other = expected.get(i).step();
            assertThat(step.observation()).as("step %d", i).containsExactly(other.observation());
            assertThat(step.reward()).isEqualTo(other.reward());
            assertThat(step.terminated()).isEqualTo(other.terminated());
            assertThat(step.truncated()).isEqualTo(other.truncated());
        }
    }

    private SaveableEnv saveable() {
        Env env = create();
        assumeTrue(env instanceof SaveableEnv, "the environment cannot be saved");
        return (SaveableEnv) env;
    }

    @Test
    void specIsConsistentWithWhatItDoes() {
        Env env = create();
        EnvSpec spec = env.spec();
        assertThat(create().spec()).isEqualTo(spec);
        assertThat(env.actionSpace()).isEqualTo(spec.actionSpace());
        RandomGenerator random = random(1);
        assertThat(env.reset(random)).hasSize(spec.observationSize());
        Step step = env.step(spec.actionSpace().sample(random));
        assertThat(step.observation()).hasSize(spec.observationSize());
        assertThat(env.spec()).isEqualTo(spec);
    }

    @Test
    void equalGeneratorsGiveEqualEpisodes() {
        Env env = create();
        RandomGenerator random = random(3);
        List<Recorded> expected = run(env, env.reset(random), 50, random);
        for (Env other : List.of(create(), env)) {
            RandomGenerator again = random(3);
            double[] start = other.reset(again);
            assertThat(start).containsExactly(expected.get(0).observation());
            assertSame(run(other, start, 50, again), expected);
        }
        assertThat(env.reset(random(4))).isNotEqualTo(expected.get(0).observation());
    }

    @Test
    void numbersAreFinite() {
        for (Recorded recorded : transitions(1000)) {
            assertThat(recorded.step().reward()).isFinite();
            assertThat(Arrays.stream(recorded.step().observation()).allMatch(Double::isFinite))
                    .isTrue();
        }
    }

    @Test
    void observationsAreFreshArrays() {
        Env env = create();
        RandomGenerator random = random(5);
        double[] start = env.reset(random);
        double[] kept = start.clone();
        Step first = env.step(env.actionSpace().sample(random));
        assertThat(start).containsExactly(kept);
        double[] keptNext = first.observation().clone();
        Arrays.fill(start, 77);
        Step second = env.step(env.actionSpace().sample(random));
        assertThat(first.observation()).containsExactly(keptNext);

        // What the receiver does to an observation must not reach the environment.
        Env untouched = create();
        RandomGenerator again = random(5);
        untouched.reset(again);
        untouched.step(untouched.actionSpace().sample(again));
        Step expected = untouched.step(untouched.actionSpace().sample(again));
        assertThat(second.observation()).containsExactly(expected.observation());
    }

    @Test
    void theActionIsNotModified() {
        Env env = create();
        RandomGenerator random = random(6);
        env.reset(random);
        double[] action = env.actionSpace().sample(random);
        double[] kept = action.clone();
        env.step(action);
        assertThat(action).containsExactly(kept);
    }

    @Test
    void aSavedStateContinuesExactlyOnAnotherInstance() {
        SaveableEnv env = saveable();
        SaveableEnv other = (SaveableEnv) create();
        other.reset(random(99));
        RandomGenerator random = random(7);
        run(env, env.reset(random), 5, random);
        double[] saved = env.saveState();
        double[] copy = saved.clone();
        List<Recorded> expected = run(env, new double[0], 1000, random(8));
        other.restoreState(saved);
        assertThat(other.saveState()).containsExactly(copy);
        assertSame(run(other, new double[0], 1000, random(8)), expected);
        assertThat(saved).as("the saved state is not touched").containsExactly(copy);
        env.restoreState(saved);
        assertSame(run(env, new double[0], 1000, random(8)), expected);
        // A fresh instance needs no reset.
        SaveableEnv fresh = (SaveableEnv) create();
        fresh.restoreState(saved);
        assertSame(run(fresh, new double[0], 1000, random(8)), expected);
    }

    @Test
    void theStepCounterIsPartOfTheSavedState() {
        SaveableEnv env = saveable();
        SaveableEnv other = (SaveableEnv) create();
        RandomGenerator random = random(9);
        double[] observation = env.reset(random);
        int maxSteps = env.spec().maxSteps();
        for (int step = 1; step < maxSteps; step++) {
            Step result = env.step(survive(observation, random));
            assertThat(result.done()).as("step %d", step).isFalse();
            observation = result.observation();
        }
        other.restoreState(env.saveState());
        Step last = other.step(survive(observation, random));
        assertThat(last.truncated()).isTrue();
        assertThatThrownBy(() -> other.step(survive(last.observation(), random)))
                .isInstanceOf(IllegalStateException.class);
        env.restoreState(other.saveState());
        assertThatThrownBy(() -> env.step(survive(last.observation(), random)))
                .as("the end is part of the saved state")
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void badSavedStatesAreRejectedAndChangeNothing() {
        SaveableEnv env = saveable();
        env.reset(random(10));
        double[] saved = env.saveState();
        assertThatThrownBy(() -> env.restoreState(new double[saved.length + 1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(saved.length));
        double[] broken = saved.clone();
        broken[0] = Double.NaN;
        assertThatThrownBy(() -> env.restoreState(broken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NaN");
        assertThat(env.saveState()).containsExactly(saved);
    }

    @Test
    void isTruncatedAtItsTimeLimit() {
        Env env = create();
        int maxSteps = env.spec().maxSteps();
        RandomGenerator random = random(11);
        double[] observation = env.reset(random);
        for (int step = 1; step < maxSteps; step++) {
            Step result = env.step(survive(observation, random));
            assertThat(result.done()).as("step %d", step).isFalse();
            observation = result.observation();
        }
        Step last = env.step(survive(observation, random));
        assertThat(last.truncated()).isTrue();
        assertThat(last.terminated()).isFalse();
        assertThatThrownBy(() -> env.step(survive(last.observation(), random)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reset");
        env.reset(random);
        assertThat(env.step(env.actionSpace().sample(random)).truncated()).isFalse();
    }

    @Test
    void aStepBeforeResetIsAnError() {
        Env env = create();
        double[] action = env.actionSpace().sample(random(12));
        assertThatThrownBy(() -> env.step(action))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void badActionsAreRejectedAndTheEpisodeGoesOn() {
        Env env = create();
        ActionSpace space = env.actionSpace();
        env.reset(random(13));
        assertThatThrownBy(() -> env.step(new double[space.size() + 1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("action")
                .hasMessageContaining(String.valueOf(space.size() + 1));
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            double[] action = space.sample(random(13));
            action[space.size() - 1] = bad;
            assertThatThrownBy(() -> env.step(action))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("action[" + (space.size() - 1) + "]")
                    .hasMessageContaining(String.valueOf(bad));
        }
        Env untouched = create();
        untouched.reset(random(13));
        double[] action = space.sample(random(14));
        assertThat(env.step(action).observation())
                .containsExactly(untouched.step(action).observation());
    }

    @Test
    void continuousActionsOutsideAreClipped() {
        Env env = create();
        assumeTrue(env.actionSpace() instanceof ContinuousActions, "discrete actions cannot be clipped");
        ContinuousActions box = (ContinuousActions) env.actionSpace();
        for (double side : new double[] {-1, 1}) {
            double[] outside = new double[box.size()];
            for (int i = 0; i < outside.length; i++) {
                outside[i] = side < 0 ? box.low(i) - 5 : box.high(i) + 5;
            }
            env.reset(random(15));
            Step clipped = env.step(outside);
            env.reset(random(15));
            Step bound = env.step(box.clip(outside));
            assertThat(clipped.observation()).containsExactly(bound.observation());
            assertThat(clipped.reward()).isEqualTo(bound.reward());
        }
    }

    @Test
    void knownRewardAndTerminationAgreeWithTheSteps() {
        Env env = create();
        for (Recorded recorded : transitions(1000)) {
            Step step = recorded.step();
            env.knownReward().ifPresent(reward -> {
                double expected = step.reward();
                assertThat(reward.reward(recorded.observation(), recorded.action(), step.observation()))
                        .isCloseTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
            });
            env.knownTermination()
                    .ifPresent(termination -> assertThat(termination.terminated(
                                    recorded.observation(), recorded.action(), step.observation()))
                            .isEqualTo(step.terminated()));
        }
    }

    @Test
    void batchesAgreeExactlyWithRows() {
        Env env = create();
        List<Recorded> transitions = new ArrayList<>(transitions(1000));
        int n = transitions.size();
        Batch states = new Batch(n, env.spec().observationSize());
        Batch actions = new Batch(n, env.spec().actionSize());
        Batch next = new Batch(n, env.spec().observationSize());
        for (int i = 0; i < n; i++) {
            states.setRow(i, transitions.get(i).observation());
            actions.setRow(i, transitions.get(i).action());
            next.setRow(i, transitions.get(i).step().observation());
        }
        // A model predicts states that the environment never shows, and numbers that are none.
        RandomGenerator random = random(16);
        for (int i = n / 2; i < n; i++) {
            for (int c = 0; c < states.columns(); c++) {
                states.set(i, c, (float) (4 * random.nextGaussian()));
                next.set(i, c, (float) (random.nextInt(40) == 0 ? Double.NaN : 4 * random.nextGaussian()));
            }
        }
        env.knownReward().ifPresent(reward -> assertRewardsEqualRows(reward, states, actions, next));
        env.knownTermination().ifPresent(termination -> assertEndsEqualRows(termination, states, actions, next));
    }

    private static void assertRewardsEqualRows(RewardModel reward, Batch states, Batch actions, Batch next) {
        int n = states.rows();
        float[] rewards = new float[n + 1];
        rewards[n] = 77;
        reward.rewards(states, actions, next, rewards);
        for (int i = 0; i < n; i++) {
            float expected = (float) reward.reward(states.row(i), actions.row(i), next.row(i));
            assertThat(Float.compare(rewards[i], expected)).as("row %d", i).isZero();
        }
        assertThat(rewards[n]).as("nothing is written past the rows").isEqualTo(77f);
    }

    private static void assertEndsEqualRows(TerminationModel termination, Batch states, Batch actions, Batch next) {
        int n = states.rows();
        boolean[] ends = new boolean[n + 1];
        ends[n] = true;
        termination.terminated(states, actions, next, ends);
        for (int i = 0; i < n; i++) {
            assertThat(ends[i]).isEqualTo(termination.terminated(states.row(i), actions.row(i), next.row(i)));
        }
        assertThat(ends[n]).as("nothing is written past the rows").isTrue();
    }

    private PhysicsEnv physical() {
        Env env = create();
        assumeTrue(env instanceof PhysicsEnv, "the environment does not tell its true dynamics");
        return (PhysicsEnv) env;
    }

    @Test
    void trueDynamicsAgreeWithTheSteps() {
        PhysicsEnv env = physical();
        assumeTrue(!noisy(), "the steps are random");
        List<Recorded> transitions = transitions(1000);
        int n = transitions.size();
        Batch states = new Batch(n, env.spec().observationSize());
        Batch actions = new Batch(n, env.spec().actionSize());
        for (int i = 0; i < n; i++) {
            states.setRow(i, transitions.get(i).observation());
            actions.setRow(i, transitions.get(i).action());
        }
        Batch next = new Batch(0, states.columns());
        float[] rewards = new float[n];
        RewardingDynamics model = env.trueDynamics();
        model.predict(states, actions, next, rewards);
        for (int i = 0; i < n; i++) {
            Step step = transitions.get(i).step();
            for (int c = 0; c < next.columns(); c++) {
                double expected = step.observation()[c];
                assertThat((double) next.get(i, c))
                        .as("row %d, column %d", i, c)
                        .isCloseTo(expected, within(2e-6 * Math.max(1, largest(transitions.get(i)))));
            }
            double size = Math.max(1, Math.abs(step.reward()));
            assertThat((double) rewards[i]).as("row %d", i).isCloseTo(step.reward(), within(1e-5 * size));
        }
        Batch sampled = new Batch(n, next.columns());
        model.sample(states, actions, random(1), sampled);
        assertThat(sampled.array()).containsExactly(next.array());
    }

    private static double largest(Recorded recorded) {
        return Math.max(
                Arrays.stream(recorded.observation()).map(Math::abs).max().orElseThrow(),
                Arrays.stream(recorded.step().observation())
                        .map(Math::abs)
                        .max()
                        .orElseThrow());
    }

    @Test
    void trueDynamicsKnowNothingOfTheEpisode() {
        PhysicsEnv env = physical();
        RewardingDynamics model = env.trueDynamics();
        RandomGenerator random = random(17);
        Batch states = Batch.ofRows(env.reset(random));
        Batch actions = Batch.ofRows(env.actionSpace().sample(random));
        Batch first = new Batch(1, states.columns());
        Batch second = new Batch(1, states.columns());
        model.predict(states, actions, first);
        double[] saved = env.saveState();
        run(env, states.row(0), 20, random);
        model.predict(states, actions, second);
        assertThat(second.array()).containsExactly(first.array());
        env.restoreState(saved);
        model.sample(states, actions, random, second);
        assertThat(env.saveState()).containsExactly(saved);
    }

    @Test
    void trueDynamicsClipActionsAndCheckWidths() {
        PhysicsEnv env = physical();
        RewardingDynamics model = env.trueDynamics();
        ContinuousActions box = (ContinuousActions) env.actionSpace();
        Batch states = Batch.ofRows(env.reset(random(18)));
        double[] outside = new double[box.size()];
        Arrays.fill(outside, 1e6);
        Batch clipped = new Batch(1, states.columns());
        Batch bound = new Batch(1, states.columns());
        float[] rewards = new float[2];
        float[] boundRewards = new float[2];
        model.predict(states, Batch.ofRows(outside), clipped, rewards);
        model.predict(states, Batch.ofRows(box.clip(outside)), bound, boundRewards);
        for (int c = 0; c < bound.columns(); c++) {
            assertThat(clipped.get(0, c)).isCloseTo(bound.get(0, c), within(1e-5f * Math.max(1, bound.get(0, c))));
        }
        assertThat(rewards[0]).isCloseTo(boundRewards[0], within(1e-5f * Math.max(1, Math.abs(boundRewards[0]))));
        assertThatThrownBy(() -> model.predict(new Batch(1, states.columns() + 1), Batch.ofRows(outside), bound))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("states has " + (states.columns() + 1) + " columns");
        double[] unknown = new double[states.columns()];
        Arrays.fill(unknown, Double.NaN);
        model.predict(Batch.ofRows(unknown), Batch.ofRows(box.clip(outside)), bound, rewards);
        assertThat(bound.get(0, 0)).isNaN();
        assertThat(rewards[0])
                .satisfies(reward -> assertThat(Float.isNaN(reward) || reward == 1)
                        .as("NaN, or the 1 that every step earns")
                        .isTrue());
    }
}
