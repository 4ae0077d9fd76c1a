package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ControlProblem;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.TerminationModel;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ways to the Jacobians against the closed form. */
class LinearisationTest {

    /** Two actions of different sizes, clipped by the model as simulators do. */
    private static final ActionSpace ACTIONS = ActionSpace.continuous(new double[] {-1, -0.01}, new double[] {1, 0.01});

    private static class Twisted implements DynamicsModel {
        private int calls;

        @Override
        public int stateSize() {
            return 3;
        }

        @Override
        public ActionSpace actionSpace() {
            return ACTIONS;
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            calls++;
            next.resize(states.rows());
            for (int row = 0; row < states.rows(); row++) {
                double[] s = states.row(row);
                double u = Math.max(-1, Math.min(1, actions.get(row, 0)));
                double v = Math.max(-0.01, Math.min(0.01, actions.get(row, 1)));
                next.setRow(
                        row, new double[] {Math.sin(s[0]) + s[1] * u, 0.9 * s[1] + 50 * v, s[2] + 0.1 * s[0] * s[0]});
            }
        }
    }

    /** Gives its derivatives itself. */
    private static final class Differentiable extends Twisted implements DifferentiableDynamics {
        private int backwardPasses;
        private float poison;

        @Override
        public DifferentiableStep differentiableStep() {
            return new DifferentiableStep() {
                private Batch states = new Batch(0, 3);
                private Batch actions = new Batch(0, 2);

                @Override
                public void forward(Batch s, Batch a, RandomGenerator random, Batch next, float[] rewards) {
                    states = s;
                    actions = a;
                    predict(s, a, next);
                }

                @Override
                public void backward(Batch nextGradients, float[] rewardGradients, Batch byState, Batch byAction) {
                    backwardPasses++;
                    for (int row = 0; row < states.rows(); row++) {
                        double[] s = states.row(row);
                        double[] g = nextGradients.row(row);
                        float u = actions.get(row, 0);
                        add(byState, row, 0, Math.cos(s[0]) * g[0] + 0.2 * s[0] * g[2] + poison);
                        add(byState, row, 1, u * g[0] + 0.9 * g[1]);
                        add(byState, row, 2, g[2]);
                        add(byAction, row, 0, s[1] * g[0]);
                        add(byAction, row, 1, 50 * g[1]);
                    }
                }
            };
        }

        private static void add(Batch batch, int row, int column, double value) {
            batch.set(row, column, (float) (batch.get(row, column) + value));
        }
    }

    private static final double[] SEQUENCE = {0.5, 0.002, 1, -0.01, -1, 0.01, 0, 0};

    private static Trajectory trajectory(DynamicsModel dynamics) {
        Trajectory trajectory = new Trajectory(4, 3, 2);
        trajectory.follow(
                new ControlProblem(
                        new double[] {0.3, -0.7, 1.5},
                        dynamics,
                        Optional.of((s, a, next) -> 0),
                        TerminationModel.NEVER,
                        Optional.empty(),
                        1),
                SEQUENCE);
        return trajectory;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isTheClosedFormAlsoAtTheBounds(boolean ownGradients) {
        Twisted dynamics = ownGradients ? new Differentiable() : new Twisted();
        Trajectory trajectory = trajectory(dynamics);
        assertThat(trajectory.steps()).isEqualTo(4);
        dynamics.calls = 0;
        Linearisation linearisation = new Linearisation(new SequenceSpace(ACTIONS, 4), 3);
        linearisation.of(dynamics, trajectory);
        assertThat(dynamics.calls).as("everything in one batch").isEqualTo(1);
        for (int t = 0; t < 4; t++) {
            double[] s = trajectory.states[t];
            double u = trajectory.actions[t][0];
            double[][] byState = {{Math.cos(s[0]), u, 0}, {0, 0.9, 0}, {0.2 * s[0], 0, 1}};
            double[][] byAction = {{s[1], 0}, {0, 50}, {0, 0}};
            for (int i = 0; i < 3; i++) {
                // Differences by the state are taken where the actions are a step inside the bounds.
                double error = ownGradients ? 1e-6 : 0.006;
                assertThat(linearisation.byState(t).getRow(i)).containsExactly(byState[i], within(error));
                assertThat(linearisation.byAction(t).getRow(i)).containsExactly(byAction[i], within(0.01));
            }
        }
    }

    @Test
    void whatIsNotFiniteIsZero() {
        Differentiable dynamics = new Differentiable();
        dynamics.poison = Float.NaN;
        Linearisation linearisation = new Linearisation(new SequenceSpace(ACTIONS, 4), 3);
        linearisation.of(dynamics, trajectory(dynamics));
        assertThat(dynamics.backwardPasses).isEqualTo(1);
        assertThat(linearisation.byState(0).getColumn(0)).containsExactly(0, 0, 0);
        assertThat(linearisation.byState(0).getEntry(1, 1)).isCloseTo(0.9, within(1e-6));
    }
}
