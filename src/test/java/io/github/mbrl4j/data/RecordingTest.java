package io.github.mbrl4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mbrl4j.core.Transition;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingTest {

    private static final double NAN = Double.NaN;

    private static Transition step(double from, double to, boolean end, boolean first) {
        return new Transition(new double[] {from}, new double[] {10 * from}, 0, new double[] {to}, false, end, first);
    }

    @Test
    void episodesOfABufferAreNotJoined() {
        ReplayBuffer data = new ReplayBuffer(1, 1, 10);
        data.addAll(List.of(step(0, 1, false, true), step(1, 2, true, false), step(5, 6, false, true)));
        // Cut off without a flag: the next transition says that it is the first.
        data.addAll(List.of(step(7, 8, false, true), step(8, 9, false, false)));
        List<Recording> episodes = Recording.of(data);
        assertThat(episodes).hasSize(3);
        assertThat(episodes.get(0).frames()).isDeepEqualTo(new double[][] {{0}, {1}, {2}});
        assertThat(episodes.get(0).actions()).isDeepEqualTo(new double[][] {{0}, {10}});
        assertThat(episodes.get(1).frames()).isDeepEqualTo(new double[][] {{5}, {6}});
        assertThat(episodes.get(2).frames()).isDeepEqualTo(new double[][] {{7}, {8}, {9}});
        assertThat(episodes.get(2).withoutActions().actions()).isNull();
    }

    @Test
    void aBufferThatLostTheBeginningOfAnEpisodeKeepsTheRest() {
        ReplayBuffer data = new ReplayBuffer(1, 1, 2);
        data.addAll(List.of(step(0, 1, false, true), step(1, 2, false, false), step(2, 3, true, false)));
        assertThat(Recording.of(data)).hasSize(1);
        assertThat(Recording.of(data).get(0).frames()).isDeepEqualTo(new double[][] {{1}, {2}, {3}});
        assertThat(Recording.of(new ReplayBuffer(1, 1, 2))).isEmpty();
    }

    @Test
    void pairsLeaveMissingFramesOut() {
        Recording first = Recording.of(new double[][] {{0, 0}, {1, 1}, {2, NAN}, {3, 3}, {4, 4}});
        Recording second = Recording.of(new double[][] {{9, 9}});
        Recording.Pairs pairs = Recording.pairs(List.of(first, second), 2);
        assertThat(pairs.frames().rows()).isEqualTo(2);
        assertThat(pairs.frames().row(1)).containsExactly(3, 3);
        assertThat(pairs.next().row(1)).containsExactly(4, 4);
        assertThat(first.present(2)).isFalse();
        assertThatThrownBy(() -> Recording.pairs(List.of(first), 3))
                .hasMessage("recording 0 has frames of length 2, expected 3");
    }

    @Test
    void gapsOfTimeBecomeMissingFrames() {
        Recording recording =
                Recording.atTimes(new double[] {10, 10.1, 10.405, 10.5}, new double[][] {{0}, {1}, {4}, {5}}, 0.1);
        assertThat(Arrays.deepToString(recording.frames())).isEqualTo("[[0.0], [1.0], [NaN], [NaN], [4.0], [5.0]]");
        assertThatThrownBy(() -> Recording.atTimes(new double[] {0, 0.15}, new double[2][1], 0.1))
                .hasMessageContaining("times[1] is 0.15, 1.500 intervals after the first");
        assertThatThrownBy(() -> Recording.atTimes(new double[] {0, 0.2, 0.1}, new double[3][1], 0.1))
                .hasMessage("times[2] is 0.1, expected a later one than times[1]");
        assertThatThrownBy(() -> Recording.atTimes(new double[] {0, 1}, new double[2][1], 0))
                .hasMessageContaining("interval is 0.0");
    }

    @Test
    void badInputIsNamed() {
        assertThatThrownBy(() -> Recording.of(new double[][] {{1, 2}, {3}}))
                .hasMessage("frames[1] has length 1, expected 2");
        assertThatThrownBy(() -> Recording.of(new double[][] {{Double.POSITIVE_INFINITY}}))
                .hasMessageContaining("frames[0] holds Infinity");
        assertThatThrownBy(() -> Recording.of(new double[0][1])).hasMessageContaining("number of frames is 0");
        assertThatThrownBy(() -> new Recording(new double[3][1], new double[3][1]))
                .hasMessageContaining("actions has 3 rows, expected 2");
        assertThatThrownBy(() -> new Recording(new double[3][1], new double[][] {{1}, {NAN}}))
                .hasMessageContaining("actions[1][0] is NaN");
    }

    @Test
    void itKeepsACopy() {
        double[][] frames = {{1}, {2}};
        Recording recording = Recording.of(frames);
        frames[0][0] = 7;
        assertThat(recording.frames()[0][0]).isEqualTo(1);
    }
}
