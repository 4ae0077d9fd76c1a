package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class RolloutScheduleTest {

    /** The authors' code, which is not the formula of the paper but the same numbers. */
    private static int reference(int epoch, int minEpoch, int maxEpoch, int minLength, int maxLength) {
        double y = minLength;
        if (epoch > minEpoch) {
            double dx = Math.min((epoch - minEpoch) / (double) (maxEpoch - minEpoch), 1);
            y = dx * (maxLength - minLength) + minLength;
        }
        return (int) y;
    }

    @Test
    void agreesWithTheFormulaOfThePaper() {
        for (int[] s :
                new int[][] {{20, 150, 1, 15}, {20, 100, 1, 25}, {20, 300, 1, 25}, {1, 15, 1, 1}, {0, 7, 5, 2}}) {
            RolloutSchedule schedule = new RolloutSchedule(250, s[0], s[1], s[2], s[3]);
            for (int epoch = 0; epoch <= s[1] + 5; epoch++) {
                int expected = reference(epoch, s[0], s[1], s[2], s[3]);
                assertThat(schedule.length(250 * epoch)).isEqualTo(expected);
                assertThat(schedule.length(250 * epoch + 249)).isEqualTo(expected);
            }
        }
    }

    @Test
    void knownPointsOfHopper() {
        RolloutSchedule hopper = MbpoConfig.hopper().schedule();
        assertThat(hopper.length(0)).isEqualTo(1);
        assertThat(hopper.length(20_000)).isEqualTo(1);
        assertThat(hopper.length(29_999)).isEqualTo(1);
        assertThat(hopper.length(30_000)).isEqualTo(2);
        assertThat(hopper.length(85_000)).isEqualTo(8);
        assertThat(hopper.length(149_999)).isEqualTo(14);
        assertThat(hopper.length(150_000)).isEqualTo(15);
        assertThat(hopper.length(1_000_000)).isEqualTo(15);
        assertThat(RolloutSchedule.constant(4).length(123_456)).isEqualTo(4);
    }

    @Test
    void mistakesAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RolloutSchedule(1000, 5, 5, 1, 2))
                .withMessageContainingAll("lastEpoch is 5", "firstEpoch", "constant(k)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RolloutSchedule(0, 0, 1, 1, 1))
                .withMessageContaining("epochSteps is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RolloutSchedule(1, -1, 1, 1, 1))
                .withMessageContaining("firstEpoch is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RolloutSchedule.constant(0))
                .withMessageContaining("firstLength is 0");
    }
}
