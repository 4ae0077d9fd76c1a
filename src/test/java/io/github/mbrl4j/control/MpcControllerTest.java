package io.github.mbrl4j.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.SequenceObjective;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.ActionRate;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.RandomShooting;
import io.github.mbrl4j.plan.RandomShootingConfig;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MpcControllerTest {

    /** A point on a line that moves by the action, with noise where it is sampled. */
    private record Line(ActionSpace actionSpace, double noise) implements DynamicsModel {
        @Override
        public int stateSize() {
            return 1;
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            for (int row = 0; row < states.rows(); row++) {
                next.set(row, 0, (float) moved(states.get(row, 0), actions.get(row, 0)));
            }
        }

        double moved(double state, double action) {
            return state + (actionSpace.size() == 1 && actionSpace.contains(new double[] {0.5}) ? action : action - 1);
        }

        @Override
        public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
            predict(states, actions, next);
            for (int row = 0; row < states.rows(); row++) {
                next.set(row, 0, (float) (next.get(row, 0) + noise * random.nextGaussian()));
            }
        }
    }

    private static final Line LINE = new Line(ActionSpace.continuous(1, -1, 1), 0);

    private static WorldModel to(DynamicsModel line, double goal) {
        return WorldModel.of(line, (s, a, next) -> -Math.abs(next[0] - goal));
    }

    private static Cem cem() {
        return new Cem(CemConfig.defaults().withHorizon(6).withPopulation(60).withElites(6));
    }

    private static double drive(MpcController controller, Line line, double start, int steps) {
        RandomGenerator random = new SplittableRandom(3);
        controller.reset();
        double state = start;
        for (int step = 0; step < steps; step++) {
            double[] action = controller.act(new double[] {state}, random);
            assertThat(line.actionSpace().contains(action)).isTrue();
            state = line.moved(state, action[0]);
        }
        return state;
    }

    @ParameterizedTest
    @ValueSource(doubles = {4.3, -2.7, 0})
    void goesWhereTheRewardIs(double goal) {
        MpcController controller = new MpcController(cem(), to(LINE, goal));
        assertThat(drive(controller, LINE, 0.5, 12)).isCloseTo(goal, within(0.15));
        // Once more from elsewhere with the same controller.
        assertThat(drive(controller, LINE, goal + 3, 12)).isCloseTo(goal, within(0.15));
    }

    @Test
    void choosesAmongDiscreteActions() {
        Line steps = new Line(ActionSpace.discrete(3), 0);
        MpcController controller = new MpcController(
                new RandomShooting(
                        RandomShootingConfig.defaults().withHorizon(4).withPopulation(200)),
                to(steps, 3));
        assertThat(drive(controller, steps, 0, 8)).isEqualTo(3);
    }

    @Test
    void theNumberOfThreadsDoesNotChangeABit() {
        Line noisy = new Line(LINE.actionSpace(), 0.3);
        RolloutConfig rollouts = new RolloutConfig(8, Propagation.TS1, 0.9);
        double one = drive(new MpcController(cem(), to(noisy, 2), rollouts, new Workers(1)), noisy, 0, 6);
        for (int threads = 1; threads <= 3; threads++) {
            MpcController controller = new MpcController(cem(), to(noisy, 2), rollouts, new Workers(threads));
            assertThat(drive(controller, noisy, 0, 6)).as("%d threads", threads).isEqualTo(one);
        }
    }

    /** Writes down how it is called; fails where it is told to. */
    private static final class Recorder implements Planner {
        final List<String> calls = new ArrayList<>();
        boolean failing;
        boolean picky;

        @Override
        public boolean accepts(ActionSpace actions) {
            return !picky;
        }

        @Override
        public Plan plan(SequenceObjective objective, RandomGenerator random) {
            calls.add("plan");
            if (failing) {
                throw new IllegalStateException("failing");
            }
            double[] returns = new double[1];
            objective.evaluate(Batch.ofRows(new double[] {0.25, 0.5}), returns);
            return new Plan(new double[][] {{0.25}, {0.5}}, returns[0], new Plan.Statistics(1, 1, 0, 1, false));
        }

        @Override
        public void advance(int executed) {
            calls.add("advance " + executed);
        }

        @Override
        public void reset() {
            calls.add("reset");
        }
    }

    @Test
    void shiftsTheWarmStartBetweenStepsAndForgetsItBetweenEpisodes() {
        Recorder planner = new Recorder();
        MpcController controller = new MpcController(planner, to(LINE, 0));
        RandomGenerator random = new SplittableRandom(1);
        assertThat(controller.lastPlan()).isEmpty();
        assertThat(controller.act(new double[1], random)).containsExactly(0.25);
        assertThat(controller.lastPlan().orElseThrow().predictedReturn()).isEqualTo(-1);
        controller.act(new double[] {1}, random);
        assertThat(controller.lastPlan().orElseThrow().predictedReturn()).isEqualTo(-3);
        controller.act(new double[1], random);
        controller.reset();
        assertThat(controller.lastPlan()).isEmpty();
        controller.act(new double[1], random);
        assertThat(planner.calls).containsExactly("plan", "advance 1", "plan", "advance 1", "plan", "reset", "plan");
    }

    @Test
    void aPlanThatFailedDoesNotShiftTheWarmStartTwice() {
        Recorder planner = new Recorder();
        MpcController controller = new MpcController(planner, to(LINE, 0));
        RandomGenerator random = new SplittableRandom(1);
        controller.act(new double[1], random);
        planner.failing = true;
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> controller.act(new double[1], random)).hasMessage("failing");
        }
        planner.failing = false;
        controller.act(new double[1], random);
        controller.act(new double[1], random);
        assertThat(planner.calls).containsExactly("plan", "advance 1", "plan", "plan", "plan", "advance 1", "plan");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 1e39})
    void anObservationThatIsNotFiniteIsRefused(double bad) {
        Recorder planner = new Recorder();
        MpcController controller = new MpcController(planner, to(LINE, 0));
        RandomGenerator random = new SplittableRandom(1);
        controller.act(new double[1], random);
        assertThatThrownBy(() -> controller.act(new double[] {bad}, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("observation[0] is " + bad);
        assertThatThrownBy(() -> controller.act(new double[2], random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("observation has length 2, expected 1");
        assertThat(planner.calls).containsExactly("plan");
        controller.act(new double[1], random);
        assertThat(planner.calls).containsExactly("plan", "advance 1", "plan");
    }

    @Test
    void theObservationIsNotModifiedAndTheActionBelongsToTheCaller() {
        MpcController controller = new MpcController(new Recorder(), to(LINE, 0));
        RandomGenerator random = new SplittableRandom(1);
        double[] observation = {3};
        controller.act(observation, random)[0] = 99;
        assertThat(observation).containsExactly(3);
        assertThat(controller.lastPlan().orElseThrow().action(0)).containsExactly(0.25);
    }

    @Test
    void aPlannerForOtherActionsIsRefusedAtOnce() {
        EnvSpec spec = new EnvSpec("Switch", 1, ActionSpace.discrete(2), 10);
        WorldModel world = to(new EnsembleDynamics(spec, EnsembleConfig.defaults()), 0);
        Recorder picky = new Recorder();
        picky.picky = true;
        assertThatThrownBy(() -> new MpcController(picky, world))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("planner is Recorder")
                .hasMessageContaining("DiscreteActions[choices=2]")
                .hasMessageContaining("maybe use Cem");
    }

    @Test
    void twoNumbersAreDrawn() {
        SplittableRandom random = new SplittableRandom(1);
        new MpcController(cem(), to(LINE, 0)).act(new double[1], random);
        SplittableRandom other = new SplittableRandom(1);
        other.nextLong();
        other.nextLong();
        assertThat(random.nextLong()).isEqualTo(other.nextLong());
    }

    @Test
    void aModelThatHasNotBeenFittedIsNamed() {
        EnvSpec spec = new EnvSpec("Line", 1, LINE.actionSpace(), 10);
        WorldModel world = to(new EnsembleDynamics(spec, EnsembleConfig.defaults()), 0);
        for (Propagation propagation : Propagation.values()) {
            MpcController controller =
                    new MpcController(cem(), world, new RolloutConfig(2, propagation, 1), new Workers(2));
            assertThatThrownBy(() -> controller.act(new double[1], new SplittableRandom(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has not been fitted");
        }
    }

    @Test
    void goesOnFromTheActionThatWasExecutedInPlaceOfItsOwn() {
        WorldModel slow = to(LINE, 5).withActionRate(ActionRate.limit(0.1));
        MpcOptions options = MpcOptions.defaults().withReplanEvery(3);
        MpcController controller = new MpcController(cem(), slow, options);
        RandomGenerator random = new SplittableRandom(4);
        assertThatThrownBy(() -> controller.overruled(new double[1]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("call act(observation, random) first");
        double[] first = controller.act(new double[1], random);
        Plan plan = controller.lastPlan().orElseThrow();
        controller.overruled(first);
        controller.act(new double[1], random);
        assertThat(controller.lastPlan()).as("its own action is no news").containsSame(plan);
        controller.overruled(new double[] {-0.5});
        double[] next = controller.act(new double[1], random);
        assertThat(controller.lastPlan().orElseThrow())
                .as("the rest of the plan was for other states")
                .isNotSameAs(plan);
        assertThat(next[0]).as("as fast as the limit allows").isCloseTo(-0.4, within(1e-5));
        assertThatThrownBy(() -> controller.overruled(new double[] {Double.NaN}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
