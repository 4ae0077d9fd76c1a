package io.github.mbrl4j.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.SequenceObjective;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.ActionRate;
import io.github.mbrl4j.model.Constraint;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.rollout.ConstraintReport;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which actions of a plan the controllers execute, and when they plan again; and many environments at once. */
class PlanExecutionTest {

    /** A point on a line that moves by the action, with normal noise where it is sampled. */
    private static final class Line implements DynamicsModel {
        @Override
        public int stateSize() {
            return 1;
        }

        @Override
        public ActionSpace actionSpace() {
            return ActionSpace.continuous(1, -1, 1);
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            for (int row = 0; row < states.rows(); row++) {
                next.set(row, 0, states.get(row, 0) + actions.get(row, 0));
            }
        }

        @Override
        public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
            predict(states, actions, next);
            for (int row = 0; row < states.rows(); row++) {
                next.set(row, 0, next.get(row, 0) + 0.1f * (float) random.nextGaussian());
            }
        }
    }

    private static final WorldModel WORLD = WorldModel.of(new Line(), (s, a, next) -> -Math.abs(next[0] - 3));

    /** Plans four actions, 0.1 to 0.4, and as many more as plans were made; writes down how it is called. */
    private static final class Recorder implements Planner {
        final List<String> calls = new ArrayList<>();
        private int plans;

        @Override
        public Plan plan(SequenceObjective objective, RandomGenerator random) {
            double[][] actions = new double[4][1];
            for (int t = 0; t < 4; t++) {
                actions[t][0] = 0.1 * plans + 0.01 * (t + 1);
            }
            calls.add("plan " + plans++);
            return new Plan(actions, 0, new Plan.Statistics(1, 1, 0, 1, false));
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

    private static List<Double> act(Policy controller, int steps) {
        RandomGenerator random = new SplittableRandom(1);
        List<Double> actions = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            actions.add(Math.round(100 * controller.act(new double[1], random)[0]) / 100.0);
        }
        return actions;
    }

    private static MpcOptions every(int steps) {
        return MpcOptions.defaults().withReplanEvery(steps);
    }

    @Test
    void someActionsOfAPlanAreExecutedBeforeTheNext() {
        Recorder planner = new Recorder();
        MpcController controller = new MpcController(planner, WORLD, every(3));
        assertThat(act(controller, 7)).containsExactly(0.01, 0.02, 0.03, 0.11, 0.12, 0.13, 0.21);
        assertThat(planner.calls).containsExactly("plan 0", "advance 3", "plan 1", "advance 3", "plan 2");
        controller.reset();
        assertThat(act(controller, 1)).containsExactly(0.31);
        assertThat(planner.calls).endsWith("plan 2", "reset", "plan 3");
    }

    @Test
    void aPlanThatIsAtItsEndIsFollowedByAnother() {
        Recorder planner = new Recorder();
        assertThat(act(new MpcController(planner, WORLD, every(9)), 6))
                .containsExactly(0.01, 0.02, 0.03, 0.04, 0.11, 0.12);
        assertThat(planner.calls).containsExactly("plan 0", "advance 4", "plan 1");
    }

    @Test
    void theOpenLoopExecutesWholePlans() {
        Recorder planner = new Recorder();
        OpenLoopController controller = new OpenLoopController(planner, WORLD, every(2));
        assertThat(controller.lastPlan()).isEmpty();
        assertThat(act(controller, 9)).containsExactly(0.01, 0.02, 0.03, 0.04, 0.11, 0.12, 0.13, 0.14, 0.21);
        assertThat(planner.calls).containsExactly("plan 0", "advance 4", "plan 1", "advance 4", "plan 2");
        assertThat(controller.lastPlan().orElseThrow().action(0)[0]).isCloseTo(0.21, within(1e-12));
        controller.reset();
        assertThat(act(controller, 1)).containsExactly(0.31);
    }

    @Test
    void theOpenLoopIsBlindWithinAPlanAndTheClosedLoopIsNot() {
        RandomGenerator random = new SplittableRandom(1);
        OpenLoopController open = new OpenLoopController(new Recorder(), WORLD);
        open.act(new double[1], random);
        assertThat(open.act(new double[] {Double.NaN}, random)[0]).isEqualTo(0.02);
        MpcController closed = new MpcController(new Recorder(), WORLD, every(3));
        closed.act(new double[1], random);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> closed.act(new double[] {Double.NaN}, random))
                .withMessageContaining("observation[0] is NaN");
        assertThat(closed.act(new double[1], random)[0]).isEqualTo(0.02);
    }

    @Test
    void randomNumbersAreDrawnByPlansOnly() {
        SplittableRandom random = new SplittableRandom(1);
        MpcController controller = new MpcController(cem(), WORLD, every(3));
        for (int step = 0; step < 4; step++) {
            controller.act(new double[1], random);
        }
        SplittableRandom other = new SplittableRandom(1);
        for (int draws = 0; draws < 4; draws++) {
            other.nextLong();
        }
        assertThat(random.nextLong()).isEqualTo(other.nextLong());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100})
    void whatIsExecutedKeepsTheLimitOnTheActionRate(int replanEvery) {
        WorldModel world = WORLD.withActionRate(ActionRate.limit(0.2));
        MpcController controller = new MpcController(cem(), world, every(replanEvery));
        RandomGenerator random = new SplittableRandom(1);
        double state = 0;
        double last = Double.NaN;
        for (int step = 0; step < 12; step++) {
            double action = controller.act(new double[] {state}, random)[0];
            if (step > 0) {
                assertThat(Math.abs(action - last)).isLessThanOrEqualTo(0.2 + 1e-12);
            }
            last = action;
            state += action;
        }
        controller.reset();
        assertThat(controller.act(new double[] {100}, random)[0])
                .as("an episode begins freely")
                .isLessThan(-0.5);
    }

    @Test
    void theReportIsOnThePlanThatIsExecuted() {
        WorldModel world = WORLD.withConstraint(
                Constraint.of("below 2", (s, a, next) -> next[0] - 2).withPenalty(100));
        RolloutConfig rollouts = RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION);
        MpcController free = new MpcController(
                cem(),
                WORLD.withConstraint(world.constraints().get(0).withPenalty(0)),
                MpcOptions.defaults().withRollouts(rollouts));
        MpcController bound =
                new MpcController(cem(), world, MpcOptions.defaults().withRollouts(rollouts));
        assertThatIllegalStateException()
                .isThrownBy(() -> bound.constraintReport(10))
                .withMessageContaining("no plan");
        RandomGenerator random = new SplittableRandom(1);
        free.act(new double[1], random);
        bound.act(new double[1], random);
        ConstraintReport.Figures violated = free.constraintReport(10).of("below 2");
        assertThat(violated.chance()).isEqualTo(1);
        assertThat(violated.expectedViolation()).isGreaterThan(0.5);
        assertThat(bound.constraintReport(10).of("below 2").expectedViolation()).isLessThan(0.1);
    }

    private static Cem cem() {
        return new Cem(CemConfig.defaults().withHorizon(6).withPopulation(60).withElites(6));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void aFleetActsAsSingleControllersDo(int threads) {
        int m = 3;
        MpcOptions options = every(2).withRollouts(new RolloutConfig(4, Propagation.TS1, 0.9));
        List<MpcController> singles = new ArrayList<>();
        for (int i = 0; i < m; i++) {
            singles.add(new MpcController(cem(), WORLD, options.withWorkers(new Workers(1))));
        }
        MpcFleet fleet = new MpcFleet(m, PlanExecutionTest::cem, WORLD, options.withWorkers(new Workers(threads)));
        assertThat(fleet.environments()).isEqualTo(m);
        RandomGenerator random = new SplittableRandom(5);
        RandomGenerator same = new SplittableRandom(5);
        double[][] states = {{0}, {2}, {5}};
        for (int step = 0; step < 6; step++) {
            if (step == 3) {
                fleet.reset(1);
                singles.get(1).reset();
            }
            double[][] actions = fleet.act(states, random);
            RandomStreams streams = RandomStreams.of(same.nextLong());
            for (int i = 0; i < m; i++) {
                assertThat(actions[i]).isEqualTo(singles.get(i).act(states[i], streams.stream("environment", i)));
                states[i] = new double[] {states[i][0] + actions[i][0]};
            }
        }
        assertThat(fleet.controller(2).lastPlan()).isPresent();
        fleet.reset();
        assertThat(fleet.controller(2).lastPlan()).isEmpty();
    }

    @Test
    void mistakesWithAFleetAreNamed() {
        Cem one = cem();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MpcFleet(2, () -> one, WORLD))
                .withMessageContaining("same planner for two environments");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MpcFleet(0, PlanExecutionTest::cem, WORLD))
                .withMessageContaining("environments is 0");
        List<Recorder> planners = new ArrayList<>();
        MpcFleet fleet = new MpcFleet(
                2,
                () -> {
                    planners.add(new Recorder());
                    return planners.get(planners.size() - 1);
                },
                WORLD);
        RandomGenerator random = new SplittableRandom(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fleet.act(new double[3][1], random))
                .withMessageContaining("observations has length 3, expected 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fleet.act(new double[][] {{0}, {Double.NaN}}, random))
                .withMessageContaining("observation[0] is NaN");
        assertThat(planners.get(0).calls).as("no plan was made for the others").isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> every(0)).withMessageContaining("replanEvery is 0");
    }
}
