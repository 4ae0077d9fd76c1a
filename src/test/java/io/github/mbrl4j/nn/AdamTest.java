package io.github.mbrl4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdamTest {

    /** Sets the gradient of Σ c_i (p_i − t_i)² / 2. */
    private static void differentiate(Tensor p, float[] curvature, float[] target) {
        for (int i = 0; i < p.size(); i++) {
            p.gradients()[i] += curvature[i] * (p.values()[i] - target[i]);
        }
    }

    @Test
    void reachesTheMinimumOfAnIllConditionedQuadratic() {
        Tensor p = Tensor.parameter(1, 3);
        float[] curvature = {1e-2f, 1, 1e3f};
        float[] target = {2, -1, 0.5f};
        Adam adam = new Adam(0.01);
        adam.add(p, 0);
        for (int step = 0; step < 5_000; step++) {
            differentiate(p, curvature, target);
            adam.step();
        }
        assertThat(p.values()).containsExactly(target, within(1e-3f));
    }

    @Test
    void theFirstStepHasTheLengthOfTheLearningRate() {
        Tensor p = Tensor.parameter(1, 2);
        Adam adam = new Adam(0.1);
        adam.add(p, 0);
        p.gradients()[0] = 1e-3f;
        p.gradients()[1] = -1e3f;
        adam.step();
        assertThat(p.values()).containsExactly(new float[] {-0.1f, 0.1f}, within(1e-5f));
        assertThat(p.gradients()).containsOnly(0);
    }

    @Test
    void agreesWithTheAlgorithmOfThePaper() {
        Tensor p = Tensor.parameter(1, 1);
        Adam adam = new Adam(0.05);
        double decay = 0.3;
        adam.add(p, decay);
        p.values()[0] = 1;
        double value = 1;
        double mean = 0;
        double square = 0;
        for (int t = 1; t <= 200; t++) {
            differentiate(p, new float[] {2}, new float[] {3});
            double gradient = 2 * (value - 3) + decay * value;
            mean = 0.9 * mean + 0.1 * gradient;
            square = 0.999 * square + 0.001 * gradient * gradient;
            value -= 0.05 * (mean / (1 - Math.pow(0.9, t))) / (Math.sqrt(square / (1 - Math.pow(0.999, t))) + 1e-8);
            adam.step();
            assertThat((double) p.values()[0]).as("step %d", t).isCloseTo(value, within(1e-4));
        }
    }

    @Test
    void everyParameterHasItsOwnWeightDecay() {
        Tensor free = Tensor.parameter(1, 1);
        Tensor decayed = Tensor.parameter(1, 1);
        Adam adam = new Adam(0.01);
        adam.add(free, 0);
        adam.add(decayed, 0.5);
        for (int step = 0; step < 4_000; step++) {
            differentiate(free, new float[] {1}, new float[] {3});
            differentiate(decayed, new float[] {1}, new float[] {3});
            adam.step();
        }
        // (p − 3) + 0.5 p = 0
        assertThat(free.values()[0]).isCloseTo(3, within(1e-3f));
        assertThat(decayed.values()[0]).isCloseTo(2, within(1e-3f));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1e-3, Double.NaN, Double.POSITIVE_INFINITY})
    void theLearningRateIsFiniteAndPositive(double learningRate) {
        assertThatThrownBy(() -> new Adam(learningRate))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("learningRate is " + learningRate);
    }

    @Test
    void aStateIsACopyAndGoesOnWhereItWas() {
        Adam adam = new Adam(0.1);
        Tensor p = Tensor.parameter(1, 2);
        adam.add(p, 0);
        p.gradients()[0] = 1;
        adam.step();
        Adam.State state = adam.state();
        float[] at = p.values().clone();
        p.gradients()[1] = -2;
        adam.step();
        float[] after = p.values().clone();
        assertThat(state.steps()).isEqualTo(1);
        assertThat(state.means().get(0)).containsExactly(new float[] {0.1f, 0}, within(1e-7f));

        System.arraycopy(at, 0, p.values(), 0, 2);
        adam.restore(state);
        p.gradients()[1] = -2;
        adam.step();
        assertThat(p.values()).containsExactly(after);
    }

    @Test
    void aStateOfOtherParametersIsRejected() {
        Adam adam = new Adam(0.1);
        adam.add(Tensor.parameter(1, 2), 0);
        Adam.State none = new Adam.State(3, List.of(), List.of());
        assertThatThrownBy(() -> adam.restore(none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 steps of 0 and 0 parameters, expected 0 or more steps of 1");
        Adam.State wide = new Adam.State(3, List.of(new float[2]), List.of(new float[3]));
        assertThatThrownBy(() -> adam.restore(wide))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("state has 2 and 3 moments of parameter 0, expected 2");
        assertThat(adam.state().steps()).isZero();
    }
}
