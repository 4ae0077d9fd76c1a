package io.github.mbrl4j.env;

import static io.github.mbrl4j.env.CliffClimb.fell;
import static io.github.mbrl4j.env.CliffClimb.height;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CliffClimbTest extends EnvContractTest {

    private static final double[] RIGHT = {1};
    private static final double[] LEFT = {-1};

    @Override
    protected Env create() {
        return new CliffClimb();
    }

    private static Step stepFrom(double x, double action) {
        CliffClimb env = new CliffClimb();
        env.restoreState(new double[] {x, 0});
        return env.step(new double[] {action});
    }

    @Test
    void theFurtherRightTheHigherUntilTheLedge() {
        assertThat(height(-2)).isEqualTo(-2);
        assertThat(height(1.25)).isEqualTo(1.25);
        assertThat(height(3)).isEqualTo(3);
        assertThat(height(4)).as("half-way across").isCloseTo(0, within(1e-12));
        assertThat(height(5)).isCloseTo(-3, within(1e-12));
        assertThat(height(50)).isCloseTo(-3, within(1e-12));
        for (double x = 3; x < 4.98; x += 0.01) {
            assertThat(height(x + 0.01)).isLessThan(height(x));
        }
        assertThat(height(Double.NaN)).isNaN();
    }

    @Test
    void walksAndEarnsTheHeight() {
        Step up = stepFrom(1, 1);
        assertThat(up.observation()[0]).isCloseTo(1.15, within(1e-12));
        assertThat(up.reward()).isCloseTo(1.15, within(1e-12));
        assertThat(stepFrom(1, -0.5).observation()[0]).isCloseTo(0.925, within(1e-12));
        // Half-way across the drop the ground falls 4.5 : 1, 3 steeper than what holds: 3 · 0.66 m/s of sliding.
        assertThat(stepFrom(4, 0).observation()[0]).isCloseTo(4 + 0.1 * 3 * 0.66, within(1e-12));
        // Just past the ledge feet still hold.
        assertThat(stepFrom(3.1, 0).observation()[0]).isEqualTo(3.1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {3.61, 4, 5, 7})
    void whoFellCannotComeBack(double x) {
        CliffClimb env = new CliffClimb();
        env.restoreState(new double[] {x, 0});
        for (int i = 0; i < 50; i++) {
            Step step = env.step(LEFT);
            assertThat(fell(step.observation())).as("step %d", i).isTrue();
            assertThat(step.terminated()).isFalse();
        }
    }

    @Test
    void whoHasNotFallenCanComeBack() {
        CliffClimb env = new CliffClimb();
        env.restoreState(new double[] {3.59, 0});
        Step step = env.step(LEFT);
        while (!step.done()) {
            assertThat(fell(step.observation())).isFalse();
            step = env.step(LEFT);
        }
        assertThat(step.observation()[0]).isLessThan(1);
    }

    @Test
    void chanceHardlyLeavesTheStart() {
        CliffClimb env = new CliffClimb();
        RandomGenerator random = new SplittableRandom(1);
        for (int i = 0; i < 300; i++) {
            for (Transition transition : Episodes.run(env, Policy.uniform(env.actionSpace()), random)) {
                assertThat(transition.next()[0]).isLessThan(2.9);
            }
        }
    }

    @Test
    void walkingOnIsTheFall() {
        CliffClimb env = new CliffClimb();
        Episode episode = Episodes.run(env, (observation, random) -> RIGHT.clone(), new SplittableRandom(2));
        int ledge = 0;
        while (episode.transitions().get(ledge).next()[0] < 3) {
            ledge++;
        }
        assertThat(ledge).isBetween(18, 20);
        assertThat(fell(episode.transitions().get(49).next())).isTrue();
        assertThat(episode.transitions().get(49).reward()).isCloseTo(-3, within(1e-9));
    }

    @Test
    void whoKnowsTheDropStopsAtTheLedge() {
        CliffClimb env = new CliffClimb();
        MpcController controller =
                new MpcController(new Cem(CemConfig.defaults()), WorldModel.of(env.trueDynamics(), env));
        Episode episode = Episodes.run(env, controller, new SplittableRandom(3));
        double[] last = episode.transitions().get(49).next();
        assertThat(last[0]).isCloseTo(3, within(0.2));
        assertThat(episode.totalReward()).isGreaterThan(110);
        assertThat(env.knownReward()).as("the ledge is not given away").isEmpty();
    }

    @Test
    void windPushesByItsScaleAndOnlyInSamples() {
        int n = 20_000;
        Batch states = new Batch(n, 1);
        states.fillRows(new double[] {1});
        Batch actions = new Batch(n, 1);
        Batch next = new Batch(n, 1);
        CliffClimb env = new CliffClimb(0.1);
        env.trueDynamics().predict(states, actions, next);
        assertThat(next.get(n - 1, 0)).isEqualTo(1);
        env.trueDynamics().sample(states, actions, new SplittableRandom(4), next);
        double[] pushes = new double[n];
        for (int i = 0; i < n; i++) {
            pushes[i] = next.get(i, 0) - 1;
        }
        assertThat(Arrays.stream(pushes).average().orElseThrow()).isCloseTo(0, within(0.003));
        assertThat(Math.sqrt(Arrays.stream(pushes).map(x -> x * x).average().orElseThrow()))
                .isCloseTo(0.1, within(0.002));
    }

    @Test
    void badWindAndSeedsAreRejected() {
        for (double wind : new double[] {-0.1, Double.NaN, 2}) {
            assertThatThrownBy(() -> new CliffClimb(wind))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("wind is " + wind);
        }
        CliffClimb env = new CliffClimb(0.1);
        env.restoreState(new double[] {1, 7, 12});
        for (double seed : new double[] {-1, 0.5, 1 << 24}) {
            assertThatThrownBy(() -> env.restoreState(new double[] {2, 8, seed}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("state[2], the seed of the noise, is " + seed);
        }
        assertThat(env.saveState()).containsExactly(1, 7, 12);
    }
}
