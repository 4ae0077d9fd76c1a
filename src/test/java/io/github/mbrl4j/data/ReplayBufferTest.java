package io.github.mbrl4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Transition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplayBufferTest {

    private static final int[] NONE = {};

    /** Transition number i: every number tells i and where it belongs. */
    private static Transition numbered(int i, boolean terminated, boolean truncated, boolean first) {
        return new Transition(
                new double[] {i + 0.125, i + 0.25, -i},
                new double[] {i + 0.5, 2 * i},
                100 + i,
                new double[] {i + 1.125, i + 1.25, -i - 1},
                terminated,
                truncated,
                first);
    }

    private static Transition numbered(int i) {
        return numbered(i, i % 7 == 6, i % 5 == 4, i % 3 == 0);
    }

    private static ReplayBuffer filled(int capacity, int count) {
        ReplayBuffer buffer = new ReplayBuffer(3, 2, capacity);
        for (int i = 0; i < count; i++) {
            buffer.add(numbered(i));
        }
        return buffer;
    }

    private static void assertEqual(Transition actual, Transition expected) {
        assertThat(actual.observation()).containsExactly(expected.observation());
        assertThat(actual.action()).containsExactly(expected.action());
        assertThat(actual.reward()).isEqualTo(expected.reward());
        assertThat(actual.next()).containsExactly(expected.next());
        assertThat(actual.terminated()).isEqualTo(expected.terminated());
        assertThat(actual.truncated()).isEqualTo(expected.truncated());
        assertThat(actual.first()).isEqualTo(expected.first());
    }

    private static void assertHolds(ReplayBuffer buffer, int firstNumber, int count) {
        assertThat(buffer.size()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            assertEqual(buffer.transition(i), numbered(firstNumber + i));
        }
    }

    @Test
    void keepsWhatIsAddedInOrder() {
        ReplayBuffer buffer = filled(10, 4);
        assertHolds(buffer, 0, 4);
        assertThat(buffer.capacity()).isEqualTo(10);
        assertThat(buffer.observationSize()).isEqualTo(3);
        assertThat(buffer.actionSize()).isEqualTo(2);
        assertThat(buffer).hasToString("ReplayBuffer[4 of 10, O=3, A=2]");
    }

    @Test
    void newTransitionsReplaceTheOldestAtEverySeam() {
        for (int capacity : new int[] {1, 2, 7}) {
            for (int count = 0; count <= 3 * capacity; count++) {
                int kept = Math.min(count, capacity);
                assertHolds(filled(capacity, count), count - kept, kept);
            }
        }
    }

    @Test
    void growsOverChunkBoundariesAndWrapsThere() {
        for (int capacity : new int[] {1023, 1024, 1025, 2048, 2500}) {
            for (int count : new int[] {1023, 1024, 1025, 2499, 5003}) {
                int kept = Math.min(count, capacity);
                assertHolds(filled(capacity, count), count - kept, kept);
            }
        }
    }

    @Test
    void wideRowsUseSmallChunks() {
        int observationSize = 300_000;
        ReplayBuffer buffer = new ReplayBuffer(observationSize, 1, 5);
        double[] o = new double[observationSize];
        for (int i = 0; i < 8; i++) {
            o[observationSize - 1] = i;
            buffer.add(new Transition(o, new double[1], i, o, false, false, false));
        }
        for (int i = 0; i < 5; i++) {
            assertThat(buffer.transition(i).next()[observationSize - 1]).isEqualTo(i + 3);
        }
    }

    @Test
    void aLargeCapacityTakesNoMemoryByItself() {
        List<ReplayBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            buffers.add(new ReplayBuffer(376, 17, 10_000_000));
        }
        assertThat(buffers).allMatch(buffer -> buffer.size() == 0);
        assertThat(new ReplayBuffer(3, 2, Integer.MAX_VALUE).sequenceStarts(1)).isEmpty();
    }

    @Test
    void clearForgetsEverything() {
        ReplayBuffer buffer = filled(5, 8);
        buffer.clear();
        assertThat(buffer.size()).isZero();
        assertThat(buffer.all().size()).isZero();
        buffer.add(numbered(3));
        assertHolds(buffer, 3, 1);
    }

    @Test
    void returnsCopies() {
        ReplayBuffer buffer = filled(5, 5);
        Transition given = numbered(5);
        buffer.add(given);
        given.observation()[0] = 99;
        buffer.transition(4).next()[0] = 99;
        buffer.all().observations().set(0, 0, 99);
        assertHolds(buffer, 1, 5);
    }

    @Test
    void badTransitionsAreNamedAndLeaveTheBufferUnchanged() {
        double[] o = {1, 2, 3};
        double[] a = {4, 5};
        double nan = Double.NaN;
        ReplayBuffer buffer = filled(4, 6);
        assertRejected(
                buffer,
                new Transition(new double[2], a, 0, o, false, false, false),
                "observation has length 2, expected 3");
        assertRejected(buffer, new Transition(o, o, 0, o, false, false, false), "action has length 3, expected 2");
        assertRejected(buffer, new Transition(o, a, 0, a, false, false, false), "next has length 2, expected 3");
        assertRejected(
                buffer,
                new Transition(new double[] {0, nan, 0}, a, 0, o, false, false, false),
                "observation[1] is NaN");
        assertRejected(
                buffer,
                new Transition(o, new double[] {1 / 0.0, 0}, 0, o, false, false, false),
                "action[0] is Infinity");
        assertRejected(buffer, new Transition(o, a, nan, o, false, false, false), "reward is NaN");
        assertRejected(buffer, new Transition(o, a, 1e39, o, false, false, false), "reward is 1.0E39");
        assertRejected(
                buffer,
                new Transition(o, a, 0, new double[] {0, 0, -1e300}, false, false, false),
                "next[2] is -1.0E300");
    }

    private static void assertRejected(ReplayBuffer buffer, Transition bad, String message) {
        assertThatThrownBy(() -> buffer.add(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
        assertHolds(buffer, 2, 4);
    }

    @Test
    void badSizesAndNumbersAreNamed() {
        assertThatThrownBy(() -> new ReplayBuffer(0, 1, 1)).hasMessage("observationSize is 0, expected at least 1");
        assertThatThrownBy(() -> new ReplayBuffer(1, 0, 1)).hasMessage("actionSize is 0, expected at least 1");
        assertThatThrownBy(() -> new ReplayBuffer(1, 1, -1)).hasMessage("capacity is -1, expected at least 1");
        ReplayBuffer buffer = filled(4, 3);
        for (int bad : new int[] {-1, 3}) {
            assertThatThrownBy(() -> buffer.transition(bad))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("transition " + bad + " of a replay buffer that holds 3");
            assertThatThrownBy(() -> buffer.gather(new int[] {0, bad})).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> buffer.sample(0, new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> buffer.sequenceStarts(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReplayBuffer(3, 2, 4).sample(1, new SplittableRandom(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the replay buffer is empty; add transitions before sampling");
    }

    @Test
    void takesTheSizesOfASpecification() {
        ReplayBuffer buffer = ReplayBuffer.of(new EnvSpec("any", 5, ActionSpace.continuous(3, -1, 1), 9), 7);
        assertThat(buffer).hasToString("ReplayBuffer[0 of 7, O=5, A=3]");
    }

    @Test
    void gathersRowsInTheOrderAsked() {
        ReplayBuffer buffer = filled(6, 9);
        int[] indices = {5, 0, 0, 3};
        Transitions rows = buffer.gather(indices);
        assertThat(rows.size()).isEqualTo(4);
        for (int i = 0; i < indices.length; i++) {
            assertRowEquals(rows, i, numbered(3 + indices[i]));
        }
        assertThat(rows).hasToString("Transitions[4 x (O=3, A=2)]");
        assertThat(buffer.gather(NONE).size()).isZero();
        Transitions all = buffer.all();
        assertThat(all.size()).isEqualTo(6);
        for (int i = 0; i < 6; i++) {
            assertRowEquals(all, i, numbered(3 + i));
        }
    }

    private static void assertRowEquals(Transitions rows, int i, Transition expected) {
        assertThat(rows.observations().row(i)).containsExactly(expected.observation());
        assertThat(rows.actions().row(i)).containsExactly(expected.action());
        assertThat((double) rows.rewards()[i]).isEqualTo(expected.reward());
        assertThat(rows.next().row(i)).containsExactly(expected.next());
        assertThat(rows.terminated()[i]).isEqualTo(expected.terminated());
    }

    @Test
    void showsItselfAsNd4jMatrices() {
        Transitions rows = filled(6, 4).all();
        assertThat(rows.observationMatrix().shape()).containsExactly(4, 3);
        assertThat(rows.actionMatrix().shape()).containsExactly(4, 2);
        assertThat(rows.rewardMatrix().shape()).containsExactly(4, 1);
        assertThat(rows.nextMatrix().shape()).containsExactly(4, 3);
        assertThat(rows.observationMatrix().getDouble(2, 1)).isEqualTo(2.25);
        assertThat(rows.actionMatrix().getDouble(3, 1)).isEqualTo(6);
        assertThat(rows.rewardMatrix().getDouble(3, 0)).isEqualTo(103);
        assertThat(rows.nextMatrix().getDouble(1, 2)).isEqualTo(-2);
    }

    @Test
    void samplesUniformlyWithReplacement() {
        ReplayBuffer buffer = filled(10, 14);
        int n = 100_000;
        Transitions rows = buffer.sample(n, new SplittableRandom(1));
        int[] counts = new int[10];
        for (int i = 0; i < n; i++) {
            int number = (int) rows.rewards()[i] - 100;
            assertRowEquals(rows, i, numbered(number));
            counts[number - 4]++;
        }
        // standard deviation of a count: sqrt(n · 0.1 · 0.9) = 95
        for (int count : counts) {
            assertThat(count).isBetween(10_000 - 5 * 95, 10_000 + 5 * 95);
        }
        assertThat(buffer.sample(50, new SplittableRandom(2)).rewards())
                .containsExactly(buffer.sample(50, new SplittableRandom(2)).rewards());
    }

    /** Episodes of one to seven steps, which end, are cut off, or stop without a word; the reward of transition i is i. */
    private static ReplayBuffer episodes(int capacity, int transitions) {
        ReplayBuffer buffer = new ReplayBuffer(1, 1, capacity);
        SplittableRandom random = new SplittableRandom(5);
        boolean first = true;
        for (int i = 0; i < transitions; i++) {
            int end = random.nextInt(8); // 0: terminated, 1: truncated, 2: another episode begins all the same
            buffer.add(new Transition(
                    new double[] {i}, new double[] {-i}, i, new double[] {i + 1}, end == 0, end == 1, first));
            first = end <= 2;
        }
        return buffer;
    }

    @Test
    void sequencesSumTheRewardsOfTheirEpisodeAlone() {
        int steps = 4;
        double discount = 0.9;
        ReplayBuffer buffer = episodes(300, 500);
        MultiStepTransitions drawn = buffer.sampleSequences(5000, steps, discount, new SplittableRandom(2));
        Set<Integer> lengths = new HashSet<>();
        for (int row = 0; row < 5000; row++) {
            int start = (int) drawn.transitions().observations().get(row, 0);
            assertThat(drawn.transitions().actions().get(row, 0)).isEqualTo(-start);
            double sum = 0;
            int length = 0;
            Transition last;
            do {
                last = buffer.transition(start + length - 200);
                sum += Math.pow(discount, length) * last.reward();
                length++;
            } while (length < steps
                    && !last.terminated()
                    && !last.truncated()
                    && start + length < 500
                    && !buffer.transition(start + length - 200).first());
            lengths.add(length);
            assertThat((double) drawn.transitions().rewards()[row]).isCloseTo(sum, within(1e-3));
            assertThat(drawn.transitions().next().get(row, 0)).isEqualTo(start + length);
            assertThat(drawn.transitions().terminated()[row]).isEqualTo(last.terminated());
            assertThat((double) drawn.discounts()[row]).isCloseTo(Math.pow(discount, length), within(1e-6));
        }
        assertThat(lengths).containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    @Test
    void sequencesOfOneStepAreTransitions() {
        ReplayBuffer buffer = episodes(100, 80);
        Transitions plain = buffer.sample(50, new SplittableRandom(3));
        MultiStepTransitions drawn = buffer.sampleSequences(50, 1, 0.9, new SplittableRandom(3));
        assertThat(drawn.transitions().rewards()).isEqualTo(plain.rewards());
        assertThat(drawn.transitions().next().array()).isEqualTo(plain.next().array());
        assertThat(drawn.transitions().terminated()).isEqualTo(plain.terminated());
        assertThat(drawn.discounts()).containsOnly(0.9f);
        assertThatThrownBy(() -> buffer.sampleSequences(1, 0, 0.9, new SplittableRandom(3)))
                .hasMessageContaining("steps is 0");
        assertThatThrownBy(() -> buffer.sampleSequences(1, 1, 1.5, new SplittableRandom(3)))
                .hasMessageContaining("discount is 1.5");
        assertThatThrownBy(() -> new MultiStepTransitions(plain, new float[3]))
                .hasMessageContaining("discounts has length 3, expected 50");
    }

    @Test
    void appendsAnotherBuffer() {
        ReplayBuffer buffer = filled(2000, 1);
        ReplayBuffer other = new ReplayBuffer(3, 2, 1500);
        for (int i = 1; i < 2600; i++) {
            other.add(numbered(i));
        }
        assertThat(other.transition(0).first()).isFalse();
        buffer.addAll(other);
        assertThat(buffer.size()).isEqualTo(1501);
        Transition seam = numbered(1100);
        assertEqual(buffer.transition(0), numbered(0));
        assertEqual(
                buffer.transition(1),
                new Transition(
                        seam.observation(),
                        seam.action(),
                        seam.reward(),
                        seam.next(),
                        seam.terminated(),
                        seam.truncated(),
                        true));
        for (int i = 2; i < 1501; i++) {
            assertEqual(buffer.transition(i), numbered(1099 + i));
        }
        buffer.addAll(filled(900, 900));
        assertThat(buffer.size()).isEqualTo(2000);
        assertEqual(buffer.transition(1999), numbered(899));

        assertThatThrownBy(() -> buffer.addAll(buffer)).hasMessageContaining("this buffer itself");
        assertThatThrownBy(() -> buffer.addAll(new ReplayBuffer(3, 1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("other has O=3, A=1, expected O=3, A=2");
    }

    @Test
    void appendsALongerBufferThanItself() {
        ReplayBuffer buffer = filled(3, 3);
        buffer.addAll(filled(20, 11));
        assertHolds(buffer, 8, 3);
    }

    @Test
    void appendsAListUpToTheOffendingTransition() {
        ReplayBuffer buffer = filled(9, 1);
        Transition bad = new Transition(new double[1], new double[2], 0, new double[3], false, false, false);
        assertThatThrownBy(() -> buffer.addAll(List.of(numbered(1), numbered(2), bad, numbered(3))))
                .isInstanceOf(IllegalArgumentException.class);
        assertHolds(buffer, 0, 3);
    }

    @Test
    void appendsSingleRowsThatJoinNothing() {
        ReplayBuffer source = filled(10, 10);
        ReplayBuffer buffer = filled(8, 1);
        buffer.addAll(source.gather(new int[] {2, 6, 3, 4}));
        assertThat(buffer.size()).isEqualTo(5);
        assertRowEquals(buffer.all(), 1, numbered(2));
        assertRowEquals(buffer.all(), 4, numbered(4));
        assertThat(buffer.transition(2).terminated()).isTrue();
        assertThat(buffer.transition(2).truncated()).isFalse();
        assertThat(buffer.transition(3).truncated()).isTrue();
        assertThat(buffer.sequenceStarts(1)).hasSize(5);
        assertThat(buffer.sequenceStarts(2)).isEmpty();

        Transitions bad = source.gather(new int[] {1, 2, 3});
        bad.next().set(1, 2, Float.NaN);
        assertThatThrownBy(() -> buffer.addAll(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("next is NaN in row 1, column 2, expected a finite number");
        assertThat(buffer.size()).isEqualTo(5);
    }

    @Test
    void transitionsOfUnequalLengthAreRejected() {
        Batch o = new Batch(2, 3);
        Batch a = new Batch(2, 1);
        assertThatThrownBy(() -> new Transitions(o, a, new float[3], o, new boolean[2]))
                .hasMessage("rewards has length 3, expected 2, one for each row");
        assertThatThrownBy(() -> new Transitions(o, new Batch(1, 1), new float[2], o, new boolean[2]))
                .hasMessage("actions has 1 rows, expected 2 as observations has");
        assertThatThrownBy(() -> new Transitions(o, a, new float[2], a, new boolean[2]))
                .hasMessage("next has 1 columns, expected 3");
    }

    @Test
    void sequencesLieWithinOneEpisode() {
        ReplayBuffer buffer = new ReplayBuffer(3, 2, 100);
        buffer.add(numbered(0, false, false, true));
        buffer.add(numbered(1, false, false, false));
        buffer.add(numbered(2, true, false, false));
        // the flag "first" is missing: the end before it still separates
        buffer.add(numbered(3, false, false, false));
        buffer.add(numbered(4, false, true, false));
        // the environment failed after 6: no end, but a first transition follows
        buffer.add(numbered(5, false, false, true));
        buffer.add(numbered(6, false, false, false));
        buffer.add(numbered(7, false, false, true));
        assertThat(buffer.sequenceStarts(1)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(buffer.sequenceStarts(2)).containsExactly(0, 1, 3, 5);
        assertThat(buffer.sequenceStarts(3)).containsExactly(0);
        assertThat(buffer.sequenceStarts(4)).isEmpty();
    }

    @Test
    void sequencesNeverCrossTheSeam() {
        // Random episodes in a small ring, against the definition applied to what was added.
        RandomGenerator random = new SplittableRandom(3);
        int capacity = 13;
        ReplayBuffer buffer = new ReplayBuffer(3, 2, capacity);
        int[] episodeOf = new int[400];
        int episode = 0;
        boolean first = true;
        for (int i = 0; i < episodeOf.length; i++) {
            boolean end = random.nextInt(5) == 0;
            boolean terminates = random.nextBoolean();
            buffer.add(numbered(i, end && terminates, end && !terminates, first));
            episodeOf[i] = episode;
            episode += end ? 1 : 0;
            first = end;
            int oldest = i + 1 - buffer.size();
            for (int length = 1; length <= 6; length++) {
                int k = length - 1;
                int[] expected = IntStream.range(0, Math.max(0, buffer.size() - k))
                        .filter(j -> episodeOf[oldest + j] == episodeOf[oldest + j + k])
                        .toArray();
                assertThat(buffer.sequenceStarts(length)).containsExactly(expected);
                for (int start : expected) {
                    Transition last = buffer.transition(start + k);
                    assertThat(last.reward() - buffer.transition(start).reward())
                            .isEqualTo(k);
                }
            }
        }
        assertThat(Arrays.stream(buffer.sequenceStarts(2)).max().orElseThrow()).isLessThan(capacity - 1);
    }
}
