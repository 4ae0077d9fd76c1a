package io.github.mbrl4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ActionSpaceTest {

    @Test
    void aBoxKnowsItsBounds() {
        ContinuousActions box = ActionSpace.continuous(new double[] {-1, 0}, new double[] {1, 5});
        assertThat(box.size()).isEqualTo(2);
        assertThat(box.low(1)).isZero();
        assertThat(box.high(1)).isEqualTo(5);
        assertThat(box).hasToString("ContinuousActions[low=[-1.0, 0.0], high=[1.0, 5.0]]");
    }

    @Test
    void aBoxCopiesItsBounds() {
        double[] low = {-1};
        double[] high = {1};
        ContinuousActions box = ActionSpace.continuous(low, high);
        low[0] = -9;
        high[0] = 9;
        assertThat(box.low(0)).isEqualTo(-1);
        assertThat(box.high(0)).isEqualTo(1);
    }

    @Test
    void aBoxContainsItsBoundsAndNothingElse() {
        ContinuousActions box = ActionSpace.continuous(2, -1, 1);
        assertThat(box.contains(new double[] {-1, 1})).isTrue();
        assertThat(box.contains(new double[] {0, Math.nextUp(1.0)})).isFalse();
        assertThat(box.contains(new double[] {0, Double.NaN})).isFalse();
        assertThat(box.contains(new double[] {0})).isFalse();
    }

    @Test
    void clipGivesTheNearestActionAndKeepsItsArgument() {
        ContinuousActions box = ActionSpace.continuous(3, -1, 1);
        double[] action = {-7, 0.25, Double.POSITIVE_INFINITY};
        assertThat(box.clip(action)).containsExactly(-1, 0.25, 1);
        assertThat(action).containsExactly(-7, 0.25, Double.POSITIVE_INFINITY);
        assertThat(box.clip(new double[] {Double.NaN, 0, 0})[0]).isNaN();
        assertThatThrownBy(() -> box.clip(new double[2])).hasMessage("action has length 2, expected 3");
    }

    @Test
    void samplesFillTheBox() {
        ContinuousActions box = ActionSpace.continuous(new double[] {-3, 10}, new double[] {-1, 20});
        SplittableRandom random = new SplittableRandom(1);
        double[] sum = new double[2];
        for (int i = 0; i < 10_000; i++) {
            double[] action = box.sample(random);
            assertThat(box.contains(action)).isTrue();
            sum[0] += action[0];
            sum[1] += action[1];
        }
        assertThat(sum[0] / 10_000).isBetween(-2.03, -1.97);
        assertThat(sum[1] / 10_000).isBetween(14.85, 15.15);
    }

    @Test
    void boundsAreChecked() {
        assertThatThrownBy(() -> ActionSpace.continuous(1, 1, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("low[0] is 1.0 and high[0] is -1.0, expected low < high; maybe they are reversed");
        assertThatThrownBy(() -> ActionSpace.continuous(1, 1, 1)).hasMessageContaining("low < high");
        assertThatThrownBy(() -> ActionSpace.continuous(0, -1, 1)).hasMessage("size is 0, expected at least 1");
        assertThatThrownBy(() -> ActionSpace.continuous(1, Double.NEGATIVE_INFINITY, 1))
                .hasMessageContaining("low[0] is -Infinity, expected a finite number");
        assertThatThrownBy(() -> ActionSpace.continuous(new double[2], new double[] {1}))
                .hasMessage("high has length 1, expected 2");
        assertThatThrownBy(() -> ActionSpace.continuous(new double[0], new double[0]))
                .hasMessage("low is empty, expected at least one dimension");
    }

    @Test
    void boxesAreValues() {
        ContinuousActions box = ActionSpace.continuous(2, -1, 1);
        assertThat(box)
                .isEqualTo(ActionSpace.continuous(2, -1, 1))
                .hasSameHashCodeAs(ActionSpace.continuous(2, -1, 1))
                .isNotEqualTo(ActionSpace.continuous(2, -1, 2))
                .isNotEqualTo(ActionSpace.continuous(2, -2, 1))
                .isNotEqualTo(ActionSpace.discrete(2));
    }

    @Test
    void aDiscreteActionIsTheIndexOfTheChoice() {
        DiscreteActions three = ActionSpace.discrete(3);
        assertThat(three.size()).isEqualTo(1);
        assertThat(three.contains(new double[] {0})).isTrue();
        assertThat(three.contains(new double[] {2})).isTrue();
        assertThat(three.contains(new double[] {3})).isFalse();
        assertThat(three.contains(new double[] {-1})).isFalse();
        assertThat(three.contains(new double[] {0.5})).isFalse();
        assertThat(three.contains(new double[] {Double.NaN})).isFalse();
        assertThat(three.contains(new double[] {0, 1})).isFalse();
        assertThatThrownBy(() -> ActionSpace.discrete(1)).hasMessage("choices is 1, expected at least 2");
    }

    @Test
    void discreteSamplesAreEquallyOften() {
        SplittableRandom random = new SplittableRandom(1);
        int[] counts = new int[3];
        for (int i = 0; i < 9000; i++) {
            counts[(int) ActionSpace.discrete(3).sample(random)[0]]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(2770, 3230); // sd 45
        }
    }

    @Test
    void boundsWithoutEndInAllButNameAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ActionSpace.continuous(2, -Double.MAX_VALUE, Double.MAX_VALUE))
                .withMessage("low[0] is -1.7976931348623157E308 and high[0] is 1.7976931348623157E308, expected a range"
                        + " within that of float; maybe choose bounds that matter");
        assertThat(ActionSpace.continuous(1, -1e38, 1e38).high(0)).isEqualTo(1e38);
    }

    @Test
    void aProductIsItsPartsOneAfterAnother() {
        ActionSpace box = ActionSpace.continuous(2, -1, 1);
        ActionSpace gears = ActionSpace.discrete(3);
        ActionSpace mixed = ActionSpace.product(box, ActionSpace.product(gears, gears));
        assertThat(mixed.parts()).containsExactly(box, gears, gears);
        assertThat(mixed.size()).isEqualTo(4);
        assertThat(mixed.contains(new double[] {-1, 0.5, 2, 0})).isTrue();
        assertThat(mixed.contains(new double[] {-1.1, 0.5, 2, 0})).isFalse();
        assertThat(mixed.contains(new double[] {-1, 0.5, 3, 0})).isFalse();
        assertThat(mixed.contains(new double[] {-1, 0.5, 2})).isFalse();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100; i++) {
            assertThat(mixed.contains(mixed.sample(random))).isTrue();
        }
        assertThat(mixed).isEqualTo(ActionSpace.product(box, gears, gears));
        assertThat(box.parts()).containsExactly(box);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ActionSpace.product(box))
                .withMessageContaining("expected at least two spaces");
    }
}
