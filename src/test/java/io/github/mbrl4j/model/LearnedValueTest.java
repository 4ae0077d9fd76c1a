package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LearnedValueTest {

    private static final double DISCOUNT = 0.9;
    private static final EnvSpec SPEC = new EnvSpec("line", 1, ActionSpace.continuous(1, -1, 1), 100);

    private static LearnedValue value() {
        return new LearnedValue(SPEC, NetworkConfig.defaults(), DISCOUNT, ObservationTransform.IDENTITY);
    }

    private static Transition step(double from, double reward, boolean terminated, boolean truncated, boolean first) {
        double[] next = {from + 1};
        return new Transition(new double[] {from}, new double[1], reward, next, terminated, truncated, first);
    }

    /** Episodes that begin at −k, walk by 1, earn 1 for each step and end at 0: V(s) = (1 − γ^−s)/(1 − γ). */
    private static ReplayBuffer walks() {
        ReplayBuffer data = ReplayBuffer.of(SPEC, 10_000);
        for (int repetition = 0; repetition < 4; repetition++) {
            for (int k = 1; k <= 20; k++) {
                for (int s = -k; s < 0; s++) {
                    data.add(step(s, 1, s == -1, false, s == -k));
                }
            }
        }
        return data;
    }

    private static double truth(double state) {
        return (1 - Math.pow(DISCOUNT, -state)) / (1 - DISCOUNT);
    }

    @Test
    void itTellsItsDiscount() {
        assertThat(value().discount()).hasValue(0.9);
    }

    @Test
    void rewardsToGoAreThoseOfEachEpisode() {
        ReplayBuffer data = ReplayBuffer.of(SPEC, 10);
        data.add(step(0, 1, false, false, true));
        data.add(step(1, 2, false, false, false));
        data.add(step(2, 3, true, false, false));
        data.add(step(5, -4, false, true, true));
        data.add(step(7, 8, false, false, true)); // still under way
        double forEver = (1 + 2 + 3 - 4 + 8) / 5.0 / 0.1;
        assertThat(value().returnsToGo(data.all(), data.first()))
                .containsExactly(
                        new float[] {
                            1 + 0.9f * (2 + 0.9f * 3),
                            2 + 0.9f * 3,
                            3,
                            (float) (-4 + 0.9 * forEver),
                            (float) (8 + 0.9 * forEver)
                        },
                        within(1e-5f));
    }

    @Test
    void whatIsCutOffGoesOnWithWhatWasLearned() {
        LearnedValue value = value();
        value.fit(walks(), new SplittableRandom(1));
        ReplayBuffer cut = ReplayBuffer.of(SPEC, 10);
        cut.add(step(-11, 1, false, true, true));
        double expected = 1 + DISCOUNT * value.value(new double[] {-10});
        assertThat(value.returnsToGo(cut.all(), cut.first())[0]).isCloseTo((float) expected, within(1e-5f));
    }

    @Test
    void itFindsTheClosedForm() {
        LearnedValue value = value();
        TrainingReport report = value.fit(walks(), new SplittableRandom(1));
        assertThat(report.loss()).isFinite();
        for (double state = -20; state <= -1; state++) {
            assertThat(value.value(new double[] {state})).as("V(%s)", state).isCloseTo(truth(state), within(0.3));
        }
        assertThat(value.value(new double[] {-1e6}))
                .as("no more than was earned")
                .isLessThanOrEqualTo(truth(-20) + 1e-5);
        assertThat(value.value(new double[] {1e6}))
                .as("no less than was earned")
                .isGreaterThanOrEqualTo(1 - 1e-6);
    }

    @Test
    void batchesAreRowsAndEqualSeedsEqualValues() {
        LearnedValue value = value();
        LearnedValue again = value();
        value.fit(walks(), new SplittableRandom(3));
        again.fit(walks(), new SplittableRandom(3));
        Batch states = new Batch(300, 1);
        for (int row = 0; row < 300; row++) {
            states.set(row, 0, -row / 15f);
        }
        float[] values = new float[300];
        value.values(states, values);
        for (int row = 0; row < 300; row += 7) {
            double[] state = {states.get(row, 0)};
            assertThat(value.value(state)).isCloseTo(values[row], within(1e-4));
            assertThat(again.value(state)).isEqualTo(value.value(state));
        }
    }

    @Test
    void aConstantRewardForEverHasItsSum() {
        ReplayBuffer data = ReplayBuffer.of(SPEC, 100);
        for (int i = 0; i < 50; i++) {
            data.add(step(i, 2, false, i == 49, i == 0));
        }
        LearnedValue value = value();
        value.fit(data, new SplittableRandom(1));
        assertThat(value.value(new double[] {25})).isCloseTo(20, within(1e-3));
    }

    @Test
    void mistakesAreSaid() {
        LearnedValue value = value();
        assertThatIllegalStateException()
                .isThrownBy(() -> value.value(new double[1]))
                .withMessageContaining("fit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> value.fit(ReplayBuffer.of(SPEC, 10), new SplittableRandom(1)))
                .withMessageContaining("data is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LearnedValue(SPEC, NetworkConfig.defaults(), 1, ObservationTransform.IDENTITY))
                .withMessageContaining("discount is 1.0, expected a number from 0 to below 1");
        value.fit(walks(), new SplittableRandom(1));
        assertThat(value.value(new double[] {Double.NaN})).isNaN();
        assertThatIllegalArgumentException().isThrownBy(() -> value.value(new double[2]));
    }
}
