package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class InverseModelTest {

    private static final MixtureConfig SMALL =
            MixtureConfig.defaults().withNetwork(NetworkConfig.defaults().withHidden(List.of(32, 32)));

    /** s' as a function of s and a. */
    private record World(EnvSpec spec, Law law) implements DynamicsModel {

        interface Law {
            double[] next(double[] state, double[] action);
        }

        World(int size, ActionSpace space, Law law) {
            this(new EnvSpec("world", size, space, 100), law);
        }

        @Override
        public int stateSize() {
            return spec.observationSize();
        }

        @Override
        public ActionSpace actionSpace() {
            return spec.actionSpace();
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            for (int row = 0; row < states.rows(); row++) {
                next.setRow(row, law.next(states.row(row), actions.row(row)));
            }
        }

        ReplayBuffer data(int n, RandomGenerator random) {
            ReplayBuffer data = ReplayBuffer.of(spec, n);
            for (int i = 0; i < n; i++) {
                double[] s = new double[stateSize()];
                for (int c = 0; c < s.length; c++) {
                    s[c] = random.nextDouble(-2, 2);
                }
                double[] a = actionSpace().sample(random);
                data.add(new Transition(s, a, 0, law.next(s, a), false, true, true));
            }
            return data;
        }
    }

    /** Two actions lead to the same next state. */
    private static final World SQUARE =
            new World(1, ActionSpace.continuous(1, -1, 1), (s, a) -> new double[] {s[0] + a[0] * a[0]});

    @Test
    void findsBothActionsThatLeadToTheSameState() {
        RandomGenerator random = new SplittableRandom(1);
        InverseModel inverse = new InverseModel(SQUARE.spec(), SMALL);
        inverse.fit(SQUARE.data(3000, random), random);
        int rows = 2000;
        Batch states = new Batch(rows, 1);
        Batch next = new Batch(rows, 1);
        next.fillRows(new double[] {0.49});
        Batch drawn = new Batch(0, 1);
        inverse.sample(states, next, random, drawn);
        int positive = 0;
        int near = 0;
        for (int row = 0; row < rows; row++) {
            positive += drawn.get(row, 0) > 0 ? 1 : 0;
            near += Math.abs(Math.abs(drawn.get(row, 0)) - 0.7) < 0.1 ? 1 : 0;
        }
        assertThat(positive / (double) rows).isBetween(0.35, 0.65);
        assertThat(near / (double) rows).isGreaterThan(0.95);
        assertThat(Math.abs(inverse.mode(new double[] {0}, new double[] {0.49})[0]))
                .isCloseTo(0.7, within(0.05));
        double[] logDensity = inverse.logDensity(
                new Batch(3, 1), rowsOf(0.49, 3), Batch.ofRows(new double[] {0.7}, new double[] {-0.7}, new double[] {0
                }));
        assertThat(logDensity[0]).isGreaterThan(logDensity[2] + 5);
        assertThat(logDensity[1]).isGreaterThan(logDensity[2] + 5);
    }

    private static Batch rowsOf(double value, int rows) {
        Batch batch = new Batch(rows, 1);
        batch.fillRows(new double[] {value});
        return batch;
    }

    @Test
    void theCycleClosesForAMixtureAndNotForASingleGaussian() {
        RandomGenerator random = new SplittableRandom(2);
        ReplayBuffer data = SQUARE.data(3000, random);
        ReplayBuffer unseen = SQUARE.data(1000, random);
        InverseModel mixture = new InverseModel(SQUARE.spec(), SMALL);
        InverseModel gaussian = new InverseModel(SQUARE.spec(), SMALL.withComponents(1));
        mixture.fit(data, random);
        gaussian.fit(data, random);
        CycleReport closed = CycleReport.of(mixture, SQUARE, unseen, random);
        CycleReport open = CycleReport.of(gaussian, SQUARE, unseen, random);
        assertThat(closed.cycle()[0]).isLessThan(0.06);
        assertThat(open.cycle()[0]).isGreaterThan(0.7);
        assertThat(closed.recorded()[0]).isLessThan(1e-6);
        // E(a² − b²)² / E a⁴ = 2 (1/5 − 1/9) / (1/5) for a and b uniform in [−1, 1]
        assertThat(closed.random()[0]).isCloseTo(Math.sqrt(8.0 / 9), within(0.08));
        assertThat(closed.toString()).contains("1000 transitions").contains("inverse");
    }

    @Test
    void discreteActionsHaveProbabilities() {
        World steps = new World(1, ActionSpace.discrete(4), (s, a) ->
                new double[] {s[0] + new double[] {-0.1, 0.1, 0.1, 0.3}[(int) a[0]]});
        RandomGenerator random = new SplittableRandom(3);
        InverseModel inverse = new InverseModel(steps.spec(), SMALL);
        inverse.fit(steps.data(1000, random), random);
        assertThat(inverse.mode(new double[] {0.5}, new double[] {0.4})).containsExactly(0);
        assertThat(inverse.mode(new double[] {-1}, new double[] {-0.7})).containsExactly(3);
        double[] log = inverse.logDensity(
                new Batch(4, 1),
                rowsOf(0.1, 4),
                Batch.ofRows(new double[] {0}, new double[] {1}, new double[] {2}, new double[] {2.5}));
        assertThat(Math.exp(log[0])).isLessThan(0.01);
        assertThat(Math.exp(log[1])).isCloseTo(0.5, within(0.1));
        assertThat(Math.exp(log[2])).isCloseTo(0.5, within(0.1));
        assertThat(log[3]).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void mixedActionsKeepTheirPlacesAndBounds() {
        ActionSpace space = ActionSpace.product(
                ActionSpace.continuous(1, 0, 2), ActionSpace.discrete(3), ActionSpace.continuous(1, -1, 0));
        World world = new World(3, space, (s, a) -> new double[] {s[0] + a[0], s[1] + a[2], s[2] + a[1]});
        RandomGenerator random = new SplittableRandom(4);
        InverseModel inverse = new InverseModel(world.spec(), SMALL);
        assertThat(inverse.fit(world.data(1500, random), random)).hasSize(2);
        double[] action = inverse.mode(new double[] {0, 0, 0}, new double[] {1.5, -0.4, 1});
        assertThat(action).containsExactly(new double[] {1.5, 1, -0.4}, within(0.15));
        Batch drawn = new Batch(0, 3);
        Batch states = new Batch(500, 3);
        inverse.sample(states, states, random, drawn);
        for (int row = 0; row < drawn.rows(); row++) {
            assertThat(space.contains(drawn.row(row))).isTrue();
        }
    }

    @Test
    void badInputIsNamed() {
        RandomGenerator random = new SplittableRandom(5);
        InverseModel inverse = new InverseModel(SQUARE.spec(), SMALL);
        assertThatThrownBy(() -> inverse.mode(new double[1], new double[1]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has not been fitted");
        assertThatThrownBy(() -> inverse.fit(SQUARE.data(7, random), random))
                .hasMessage("data has 7 rows, expected at least 20 to learn from; maybe collect more data");
        assertThatThrownBy(() -> inverse.fit(new ReplayBuffer(2, 1, 10), random))
                .hasMessage("data has O=2, A=1, expected O=1, A=1");
        inverse.fit(SQUARE.data(50, random), random);
        assertThatThrownBy(() -> inverse.mode(new double[] {Double.NaN}, new double[1]))
                .hasMessageContaining("state[0] is NaN");
        assertThatThrownBy(() -> inverse.mode(new Batch(2, 1), new Batch(3, 1), new Batch(2, 1)))
                .hasMessage("next has 3 rows, expected 2 as states has");
        assertThatThrownBy(() -> inverse.mode(new Batch(2, 1), new Batch(2, 1), new Batch(2, 2)))
                .hasMessage("actions has 2 columns, expected 1");
        assertThatThrownBy(() -> CycleReport.of(inverse, SQUARE, new ReplayBuffer(1, 1, 10), random))
                .hasMessageContaining("data is empty");
        World choices = new World(1, ActionSpace.discrete(2), (s, a) -> s);
        ReplayBuffer wrong = ReplayBuffer.of(choices.spec(), 100);
        for (int i = 0; i < 30; i++) {
            wrong.add(new Transition(new double[1], new double[] {i}, 0, new double[1], false, true, true));
        }
        assertThatThrownBy(() -> new InverseModel(choices.spec(), SMALL).fit(wrong, random))
                .hasMessageContaining("column 0 of the actions is 2.0 in row 2, expected a whole number from 0 to 1");
    }
}
