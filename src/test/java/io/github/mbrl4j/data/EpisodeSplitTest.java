package io.github.mbrl4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class EpisodeSplitTest {

    private static RandomGenerator random(long seed) {
        return RandomStreams.of(seed).stream("split");
    }

    /** Episode e has e + 1 steps; its observations are its number. Some end with a flag, some only because another begins. */
    private static ReplayBuffer episodes(int count) {
        ReplayBuffer data = new ReplayBuffer(1, 1, 1000);
        for (int e = 0; e < count; e++) {
            for (int t = 0; t <= e; t++) {
                double[] number = {e};
                data.add(new Transition(
                        number, new double[] {t}, t, number, t == e && e % 3 == 0, t == e && e % 3 == 1, t == 0));
            }
        }
        return data;
    }

    @Test
    void everyEpisodeIsWholeAndInOnePart() {
        ReplayBuffer data = episodes(20);
        EpisodeSplit split = EpisodeSplit.of(data, 0.25, random(1));
        assertThat(split.validation().episodeStarts()).hasSize(5);
        assertThat(split.train().episodeStarts()).hasSize(15);
        assertThat(split.train().size() + split.validation().size()).isEqualTo(data.size());
        Set<Double> seen = new TreeSet<>();
        for (ReplayBuffer part : new ReplayBuffer[] {split.train(), split.validation()}) {
            int[] starts = part.episodeStarts();
            for (int i = 0; i < starts.length; i++) {
                int end = i + 1 < starts.length ? starts[i + 1] : part.size();
                double episode = part.transition(starts[i]).observation()[0];
                assertThat(seen.add(episode)).isTrue();
                assertThat(end - starts[i]).isEqualTo((int) episode + 1);
                for (int t = starts[i]; t < end; t++) {
                    assertThat(part.transition(t).observation()[0]).isEqualTo(episode);
                    assertThat(part.transition(t).action()[0]).isEqualTo(t - starts[i]);
                }
            }
        }
    }

    @Test
    void theSeedDecides() {
        ReplayBuffer data = episodes(20);
        float[] one = EpisodeSplit.of(data, 0.25, random(1)).validation().all().rewards();
        assertThat(EpisodeSplit.of(data, 0.25, random(1)).validation().all().rewards())
                .isEqualTo(one);
        assertThat(EpisodeSplit.of(data, 0.25, random(2)).validation().all().rewards())
                .isNotEqualTo(one);
    }

    @Test
    void bothPartsHaveAnEpisode() {
        assertThat(EpisodeSplit.of(episodes(2), 0.01, random(1)).validation().episodeStarts())
                .hasSize(1);
        assertThat(EpisodeSplit.of(episodes(2), 0.99, random(1)).train().episodeStarts())
                .hasSize(1);
    }

    @Test
    void aFullBufferIsSplitWhereItsEpisodesBegin() {
        ReplayBuffer data = new ReplayBuffer(1, 1, 100);
        data.addAll(episodes(20)); // the last 100 of 210 transitions: episode 14 has lost its first five steps
        assertThat(data.episodeStarts()).isEqualTo(new int[] {0, 10, 26, 43, 61, 80});
        assertThat(data.first()[0]).isFalse();
        EpisodeSplit split = EpisodeSplit.of(data, 0.5, random(3));
        assertThat(split.train().first()[0]).isTrue();
        assertThat(split.validation().first()[0]).isTrue();
    }

    @Test
    void flagsStandBesideTheRows() {
        ReplayBuffer data = episodes(3);
        assertThat(data.first()).containsExactly(true, true, false, true, false, false);
        assertThat(data.truncated()).containsExactly(false, false, true, false, false, false);
        ReplayBuffer copy = new ReplayBuffer(1, 1, 1000);
        copy.addAll(data.all(), data.truncated(), data.first());
        for (int i = 0; i < data.size(); i++) {
            assertThat(copy.transition(i)).usingRecursiveComparison().isEqualTo(data.transition(i));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> copy.addAll(data.all(), Arrays.copyOf(data.truncated(), 5), data.first()))
                .withMessage("truncated has length 5, expected 6");
    }

    @Test
    void tellsWhatCannotBeSplit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EpisodeSplit.of(episodes(1), 0.5, random(1)))
                .withMessageStartingWith("data has 1 episodes, expected at least 2");
        for (double fraction : new double[] {0, 1, -1, 20, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EpisodeSplit.of(episodes(5), fraction, random(1)))
                    .withMessageStartingWith("validationFraction is " + fraction);
        }
    }
}
