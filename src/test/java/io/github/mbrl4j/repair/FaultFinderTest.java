package io.github.mbrl4j.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mbrl4j.data.Recording;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class FaultFinderTest {

    private static final double NOISE = 0.01;
    private static final InterpolatorConfig SMALL = FrameInterpolatorTest.small(InterpolatorConfig.defaults());

    private static List<Recording> noisy(int episodes, RandomGenerator random) {
        List<Recording> recordings = new ArrayList<>();
        for (Recording clean : FrameInterpolatorTest.oscillations(episodes, 40, 0.3, random)) {
            double[][] frames = Arrays.stream(clean.frames())
                    .map(frame -> Arrays.stream(frame)
                            .map(x -> x + NOISE * random.nextGaussian())
                            .toArray())
                    .toArray(double[][]::new);
            recordings.add(Recording.of(frames));
        }
        return recordings;
    }

    private static Recording disturbed(Recording recording, double size, int... faults) {
        double[][] frames =
                Arrays.stream(recording.frames()).map(double[]::clone).toArray(double[][]::new);
        for (int t : faults) {
            frames[t][0] += size * NOISE;
            frames[t][1] -= size * NOISE;
        }
        return Recording.of(frames);
    }

    @Test
    void findsFaultsAndNotTheirNeighbours() {
        RandomGenerator random = new SplittableRandom(1);
        FaultFinder finder = new FaultFinder(FrameInterpolator.fit(noisy(20, random), SMALL, random), 1e-4);
        int falseAlarms = 0;
        for (Recording good : noisy(10, random)) {
            falseAlarms += finder.find(good).frames().length;
            // One alone, two side by side, and one beside an end: however large, the neighbours stay good.
            for (double size : new double[] {12, 100, 1000}) {
                Faults faults = finder.find(disturbed(good, size, 5, 20, 21, 30, 38));
                assertThat(faults.frames()).contains(5, 20, 21, 30, 38);
                falseAlarms += faults.frames().length - 5;
                assertThat(faults.contains(20)).isTrue();
                assertThat(faults.scores()[5]).isGreaterThan(faults.threshold());
                assertThat(faults.scores()[0]).isNaN();
            }
        }
        // 1600 frames were looked at.
        assertThat(falseAlarms).isLessThanOrEqualTo(3);
    }

    @Test
    void aFaultAtTheEndIsNotBlamedOnItsNeighbour() {
        RandomGenerator random = new SplittableRandom(2);
        FaultFinder finder = new FaultFinder(FrameInterpolator.fit(noisy(20, random), SMALL, random), 1e-4);
        for (Recording good : noisy(5, random)) {
            assertThat(finder.find(disturbed(good, 100, 0)).frames()).containsExactly(0);
            assertThat(finder.find(disturbed(good, 100, 39)).frames()).containsExactly(39);
        }
    }

    @Test
    void theRepairedRecordingIsCloseToTheTruth() {
        RandomGenerator random = new SplittableRandom(3);
        FaultFinder finder = new FaultFinder(FrameInterpolator.fit(noisy(20, random), SMALL, random), 1e-4);
        Recording good = noisy(1, random).get(0);
        Recording bad = disturbed(good, 50, 12, 25);
        bad.frames()[30][0] = Double.NaN;
        Repaired repaired = finder.repair(bad);
        assertThat(repaired.estimated()).containsExactly(12, 25, 30);
        for (int t : repaired.estimated()) {
            double distance = Math.abs(repaired.recording().frames()[t][0] - good.frames()[t][0]);
            assertThat(distance).isLessThan(5 * NOISE);
            assertThat(repaired.deviations()[t][0]).isBetween(NOISE / 2, 3 * NOISE);
        }
    }

    @Test
    void learnsFromTheVeryLogThatHoldsTheFaults() {
        RandomGenerator random = new SplittableRandom(4);
        List<Recording> log = new ArrayList<>();
        for (Recording good : noisy(20, random)) {
            int first = random.nextInt(2, 18);
            log.add(disturbed(good, 12, first, first + 18));
        }
        FaultFinder finder = FaultFinder.fit(log, SMALL, 1e-4, random);
        int found = 0;
        for (Recording recording : log) {
            found += finder.find(recording).frames().length;
        }
        assertThat(found).isBetween(38, 43);
    }

    @Test
    void badInputIsNamed() {
        RandomGenerator random = new SplittableRandom(5);
        FrameInterpolator interpolator = FrameInterpolator.fit(noisy(3, random), SMALL, random);
        assertThatThrownBy(() -> new FaultFinder(interpolator, 0)).hasMessageContaining("falseAlarms is 0.0");
        FaultFinder finder = new FaultFinder(interpolator, 0.01);
        assertThatThrownBy(() -> finder.find(Recording.of(new double[5][3])))
                .hasMessage("a recording has frames of length 3, expected 2");
        assertThat(finder.find(Recording.of(new double[2][2])).frames()).isEmpty();
    }
}
