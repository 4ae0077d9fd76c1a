package io.github.mbrl4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Central differences against derivatives by hand. */
class DifferencesTest {

    private static final Batch STATES =
            Batch.ofRows(new double[] {0.5, -1}, new double[] {2, 0.25}, new double[] {-100, 3});
    private static final Batch ACTIONS =
            Batch.ofRows(new double[] {0.3, 1}, new double[] {-0.7, 0}, new double[] {1, 2});

    private static final ActionSpace SPACE =
            ActionSpace.product(ActionSpace.continuous(1, -2, 2), ActionSpace.discrete(3));

    /** s' = (s0·s1 + a0², s1 + choice). */
    private static class Model implements DynamicsModel {
        final List<Integer> calls = new ArrayList<>();

        @Override
        public int stateSize() {
            return 2;
        }

        @Override
        public ActionSpace actionSpace() {
            return SPACE;
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            calls.add(states.rows());
            next.resize(states.rows());
            for (int row = 0; row < states.rows(); row++) {
                float a = actions.get(row, 0);
                next.set(row, 0, states.get(row, 0) * states.get(row, 1) + a * a);
                next.set(row, 1, states.get(row, 1) + Math.round(actions.get(row, 1)));
            }
        }
    }

    /** The same with the reward s0·a0. */
    private static final class Rewarding extends Model implements RewardingDynamics {
        @Override
        public boolean predictsReward() {
            return true;
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
            predict(states, actions, next);
            for (int row = 0; row < states.rows(); row++) {
                rewards[row] = states.get(row, 0) * actions.get(row, 0);
            }
        }

        @Override
        public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
            predict(states, actions, next, rewards);
        }
    }

    private static void assertClose(Batch actual, double[]... expected) {
        assertThat(actual.rows()).isEqualTo(expected.length);
        for (int row = 0; row < expected.length; row++) {
            for (int c = 0; c < expected[row].length; c++) {
                assertThat((double) actual.get(row, c))
                        .isCloseTo(expected[row][c], within(2e-3 * Math.max(1, Math.abs(expected[row][c]))));
            }
        }
    }

    @Test
    void ofAReward() {
        DifferentiableReward reward = Differences.of((s, a, next) -> s[0] * s[1] + Math.sin(a[0]) * next[1]);
        assertThat(reward.reward(new double[] {2, 3}, new double[] {0, 0}, new double[2]))
                .isEqualTo(6);
        Batch byState = new Batch(0, 2);
        Batch byAction = new Batch(0, 2);
        Batch byNext = new Batch(0, 2);
        float[] rewards = new float[3];
        reward.rewards(STATES, ACTIONS, STATES, rewards, byState, byAction, byNext);
        assertThat(rewards[1]).isCloseTo((float) (0.5 + Math.sin(-0.7) * 0.25), within(1e-6f));
        assertClose(byState, new double[] {-1, 0.5}, new double[] {0.25, 2}, new double[] {3, -100});
        assertClose(byAction, new double[] {-Math.cos(0.3), 0}, new double[] {0.25 * Math.cos(-0.7), 0}, new double[] {
            3 * Math.cos(1), 0
        });
        assertClose(
                byNext, new double[] {0, Math.sin(0.3)}, new double[] {0, Math.sin(-0.7)}, new double[] {0, Math.sin(1)
                });
    }

    @Test
    void ofAValue() {
        DifferentiableValue value = Differences.of(s -> s[0] * s[0] * s[1]);
        assertThat(value.value(new double[] {2, 3})).isEqualTo(12);
        float[] values = new float[3];
        Batch gradients = new Batch(0, 2);
        value.values(STATES, values, gradients);
        assertThat(values).containsExactly(-0.25f, 1, 30_000);
        assertClose(gradients, new double[] {-1, 0.25}, new double[] {1, 4}, new double[] {-600, 10_000});
    }

    @Test
    void ofDynamicsInOneCallWithoutGradientsOfChoices() {
        Model model = new Model();
        DifferentiableStep step = Differences.of(model).differentiableStep();
        Batch next = new Batch(0, 2);
        step.forward(STATES, ACTIONS, null, next, null);
        assertThat(next.row(0)).containsExactly(new double[] {-0.41, 0}, within(1e-6));
        Batch byState = new Batch(3, 2);
        byState.fillRows(new double[] {1000, 0});
        Batch byAction = new Batch(3, 2);
        step.backward(
                Batch.ofRows(new double[] {1, 0}, new double[] {2, 1}, new double[] {0, 1}), null, byState, byAction);
        assertClose(byState, new double[] {999, 0.5}, new double[] {1000.5, 5}, new double[] {1000, 1});
        assertClose(byAction, new double[] {0.6, 0}, new double[] {-2.8, 0}, new double[] {0, 0});
        assertThat(model.calls).containsExactly(3, 2 * (2 + 2) * 3);
    }

    @Test
    void ofDynamicsThatPredictTheReward() {
        DifferentiableDynamics dynamics = Differences.of(new Rewarding());
        assertThat(((RewardingDynamics) dynamics).predictsReward()).isTrue();
        DifferentiableStep step = dynamics.differentiableStep();
        float[] rewards = new float[3];
        step.forward(STATES, ACTIONS, null, new Batch(0, 2), rewards);
        assertThat(rewards[0]).isCloseTo(0.15f, within(1e-6f));
        Batch byState = new Batch(3, 2);
        Batch byAction = new Batch(3, 2);
        step.backward(new Batch(3, 2), new float[] {1, 2, 0}, byState, byAction);
        assertClose(byState, new double[] {0.3, 0}, new double[] {-1.4, 0}, new double[] {0, 0});
        assertClose(byAction, new double[] {0.5, 0}, new double[] {4, 0}, new double[] {0, 0});
    }

    @Test
    void ofAnEnsembleWrapsTheMembersOnce() {
        Model member = new Model();
        DifferentiableDynamics kept = Differences.of(new Model());
        class Ensemble extends Model implements EnsembleModel {
            @Override
            public List<? extends DynamicsModel> members() {
                return List.of(member, kept);
            }
        }
        DifferentiableDynamics dynamics = Differences.of(new Ensemble());
        List<? extends DynamicsModel> members = ((EnsembleModel) dynamics).members();
        assertThat(members.get(0)).isInstanceOf(DifferentiableDynamics.class);
        assertThat(members.get(1)).isSameAs(kept);
        assertThat(((EnsembleModel) dynamics).members()).isSameAs(members);
    }

    @Test
    void whatIsNotThereIsAnError() {
        DifferentiableDynamics dynamics = Differences.of(new Model());
        assertThat(((RewardingDynamics) dynamics).predictsReward()).isFalse();
        assertThatThrownBy(() -> ((RewardingDynamics) dynamics).predict(STATES, ACTIONS, new Batch(0, 2), new float[3]))
                .hasMessageContaining("does not predict rewards");
        assertThatThrownBy(() ->
                        dynamics.differentiableStep().backward(new Batch(1, 2), null, new Batch(1, 2), new Batch(1, 2)))
                .hasMessageContaining("no forward pass");
    }
}
