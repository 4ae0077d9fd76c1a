package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ControlProblem;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.SequenceObjective;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.core.TrajectoryObjective;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** iLQR keeps the planners' contract on objectives that show a control problem. */
class IlqrContractTest extends PlannerContract {

    @Override
    Planner planner(int horizon) {
        Ilqr planner = new Ilqr(IlqrConfig.defaults().withHorizon(horizon).withStarts(100));
        return new Planner() {
            @Override
            public Plan plan(SequenceObjective objective, RandomGenerator random) {
                return planner.plan(new Remembered(objective, horizon), random);
            }

            @Override
            public boolean accepts(ActionSpace actions) {
                return planner.accepts(actions);
            }

            @Override
            public void advance(int executed) {
                planner.advance(executed);
            }

            @Override
            public void reset() {
                planner.reset();
            }
        };
    }

    /** Any objective as a control problem: the state remembers all actions, and the last state's value is the return. */
    private record Remembered(SequenceObjective objective, int horizon) implements TrajectoryObjective {
        @Override
        public ActionSpace actionSpace() {
            return objective.actionSpace();
        }

        @Override
        public void evaluate(Batch sequences, double[] returns) {
            objective.evaluate(sequences, returns);
        }

        @Override
        public boolean evaluate(Batch sequences, double[] returns, Deadline deadline) {
            return objective.evaluate(sequences, returns, deadline);
        }

        @Override
        public int propose(Batch sequences, RandomGenerator random) {
            return objective.propose(sequences, random);
        }

        @Override
        public ControlProblem controlProblem() {
            return new ControlProblem(
                    new double[horizon * actionSpace().size()],
                    new Memory(actionSpace(), horizon),
                    Optional.of((state, action, next) -> 0),
                    TerminationModel.NEVER,
                    Optional.of(state ->
                            objective instanceof FakeObjective fake ? fake.unrecorded(state) : -Math.abs(state[0])),
                    1);
        }
    }

    /** A state of the last H actions. */
    private record Memory(ActionSpace actionSpace, int horizon) implements DynamicsModel {
        @Override
        public int stateSize() {
            return horizon * actionSpace.size();
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            int width = stateSize();
            int size = actionSpace.size();
            for (int row = 0; row < states.rows(); row++) {
                System.arraycopy(states.array(), row * width + size, next.array(), row * width, width - size);
                System.arraycopy(actions.array(), row * size, next.array(), (row + 1) * width - size, size);
            }
        }
    }

    /** Matrices are made for each step of a trajectory, but nothing for each candidate. */
    @Override
    @Test
    void allocatesNothingForEachCandidate() {
        assertThat(bytesOfAPlan(2000)).isCloseTo(bytesOfAPlan(100), within(4000L));
    }

    private static long bytesOfAPlan(int starts) {
        SequenceObjective constant = new SequenceObjective() {
            @Override
            public ActionSpace actionSpace() {
                return ActionSpace.continuous(2, -1, 1);
            }

            @Override
            public void evaluate(Batch sequences, double[] returns) {
                Arrays.fill(returns, 0, sequences.rows(), 1);
            }
        };
        TrajectoryObjective objective = new Remembered(constant, 4);
        Planner planner = new Ilqr(IlqrConfig.defaults().withHorizon(4).withStarts(starts));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int k = 0; k < 6; k++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            planner.plan(objective, new SplittableRandom(1));
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    @Test
    void anObjectiveThatShowsNoStatesIsAnError() {
        FakeObjective objective = FakeObjective.of(ActionSpace.continuous(1, -1, 1), u -> u[0]);
        assertThatThrownBy(() -> new Ilqr(IlqrConfig.defaults()).plan(objective, new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FakeObjective")
                .hasMessageContaining("expected a TrajectoryObjective")
                .hasMessageContaining("maybe use Cem");
        assertThat(objective.rowCounts).isEmpty();
    }

    @Test
    void discreteActionsAreAnError() {
        Ilqr planner = new Ilqr(IlqrConfig.defaults());
        assertThat(planner.accepts(ActionSpace.discrete(2))).isFalse();
        FakeObjective objective = FakeObjective.of(ActionSpace.discrete(2), u -> u[0]);
        assertThatThrownBy(() -> planner.plan(objective, new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected continuous ones")
                .hasMessageContaining("maybe use Cem");
    }
}
