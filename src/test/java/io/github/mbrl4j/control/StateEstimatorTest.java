package io.github.mbrl4j.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.StateEstimator;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What controllers tell an estimator, and what they plan from. */
class StateEstimatorTest {

    /** A filter with memory: [estimates so far, the last observation's sum, the last action]. */
    private static final class Memory implements StateEstimator {
        final List<String> calls = new ArrayList<>();

        @Override
        public int observationSize() {
            return 2;
        }

        @Override
        public double[] estimate(double @Nullable [] previous, double @Nullable [] action, double[] observation) {
            calls.add(
                    previous == null
                            ? "begin" + (action == null ? "" : " after an action")
                            : "after " + (int) previous[0]);
            return new double[] {
                previous == null ? 1 : previous[0] + 1, observation[0] + observation[1], action == null ? -9 : action[0]
            };
        }
    }

    /** States of three numbers, of which the first rows planned from are remembered. */
    private static final class Spy implements DynamicsModel {
        final List<double[]> starts = new ArrayList<>();
        boolean failing;

        @Override
        public int stateSize() {
            return 3;
        }

        @Override
        public ActionSpace actionSpace() {
            return ActionSpace.continuous(1, -1, 1);
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            if (failing) {
                throw new IllegalStateException("failing");
            }
            starts.add(states.row(0));
            next.copyFrom(states);
        }
    }

    private final Memory memory = new Memory();
    private final Spy spy = new Spy();
    private final RandomGenerator random = new SplittableRandom(1);

    private WorldModel world() {
        return WorldModel.of(spy, (s, a, next) -> -a[0] * a[0]).withEstimator(memory);
    }

    private static Cem cem(int horizon) {
        return new Cem(CemConfig.defaults()
                .withHorizon(horizon)
                .withElites(2)
                .withPopulation(10)
                .withIterations(1));
    }

    private static MpcOptions every(int steps) {
        return MpcOptions.defaults().withReplanEvery(steps).withWorkers(new Workers(1));
    }

    private double[] plannedFrom() {
        return spy.starts.get(spy.starts.size() - 1);
    }

    @Test
    void theStateBeforeAndTheActionSinceAreToldAndForgottenAtReset() {
        MpcController controller = new MpcController(cem(2), world(), every(1));
        double[] first = controller.act(new double[] {0.25, 0.5}, random);
        assertThat(plannedFrom()).containsExactly(1, 0.75, -9);
        double[] second = controller.act(new double[] {1, 2}, random);
        assertThat(plannedFrom()).containsExactly(2, 3, (float) first[0]);
        controller.act(new double[] {1, 1}, random);
        assertThat(plannedFrom()).containsExactly(3, 2, (float) second[0]);
        controller.reset();
        controller.act(new double[] {0, 0}, random);
        assertThat(plannedFrom()).containsExactly(1, 0, -9);
        assertThat(memory.calls).containsExactly("begin", "after 1", "after 2", "begin");
    }

    @Test
    void stepsBetweenPlansAreSeenToo() {
        MpcController controller = new MpcController(cem(3), world(), every(3));
        for (int step = 0; step < 4; step++) {
            controller.act(new double[2], random);
        }
        assertThat(memory.calls).containsExactly("begin", "after 1", "after 2", "after 3");
        assertThat(plannedFrom()[0]).isEqualTo(4);
    }

    @Test
    void theOpenLoopBeginsAnewAtEachLook() {
        OpenLoopController controller = new OpenLoopController(cem(2), world(), every(1));
        for (int step = 0; step < 5; step++) {
            controller.act(new double[2], random);
        }
        assertThat(memory.calls).containsExactly("begin", "begin", "begin");
    }

    @Test
    void aPlanThatFailsIsNotRemembered() {
        MpcController controller = new MpcController(cem(2), world(), every(1));
        controller.act(new double[2], random);
        spy.failing = true;
        assertThatThrownBy(() -> controller.act(new double[2], random)).hasMessageContaining("failing");
        spy.failing = false;
        controller.act(new double[2], random);
        assertThat(memory.calls).containsExactly("begin", "after 1", "after 1");
    }

    @Test
    void observationsAndStatesHaveWidthsOfTheirOwn() {
        MpcController controller = new MpcController(cem(2), world(), every(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controller.act(new double[3], random))
                .withMessageContaining("observation has length 3, expected 2");
        WorldModel wrong = world().withEstimator(StateEstimator.identity(2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MpcController(cem(2), wrong, every(1)).act(new double[2], random))
                .withMessageContaining("state has length 2, expected 3");
    }

    @Test
    void eachEnvironmentOfAFleetHasAMemory() {
        MpcFleet fleet = new MpcFleet(2, () -> cem(2), world(), every(1));
        fleet.act(new double[2][2], random);
        fleet.reset(1);
        fleet.act(new double[2][2], random);
        assertThat(memory.calls).containsExactly("begin", "begin", "after 1", "begin");
    }

    @Test
    void withoutAnEstimatorTheObservationIsTheState() {
        StateEstimator identity = WorldModel.of(spy, (s, a, next) -> 0).estimator();
        double[] observation = {1, 2, 3};
        double[] state = identity.estimate(new double[3], new double[1], observation);
        assertThat(state).containsExactly(1, 2, 3).isNotSameAs(observation);
        assertThat(identity.observationSize()).isEqualTo(3);
    }
}
