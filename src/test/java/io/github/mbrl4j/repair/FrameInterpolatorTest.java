package io.github.mbrl4j.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.data.Recording;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class FrameInterpolatorTest {

    private static final InterpolatorConfig SMALL = small(InterpolatorConfig.defaults());

    static InterpolatorConfig small(InterpolatorConfig config) {
        var network = config.density().network();
        var training = network.training().withMaxEpochs(40).withBatchSize(32);
        return config.withDensity(
                config.density().withNetwork(network.withHidden(List.of(32, 32)).withTraining(training)));
    }

    /** Oscillations of many amplitudes, a frame every 0.5 rad. */
    static List<Recording> oscillations(int episodes, int length, double step, RandomGenerator random) {
        List<Recording> recordings = new ArrayList<>();
        for (int episode = 0; episode < episodes; episode++) {
            double amplitude = random.nextDouble(0.5, 2);
            double phase = random.nextDouble(0, 2 * Math.PI);
            double[][] frames = new double[length][];
            for (int t = 0; t < length; t++) {
                double angle = phase + step * t;
                frames[t] = new double[] {amplitude * Math.cos(angle), amplitude * Math.sin(angle)};
            }
            recordings.add(Recording.of(frames));
        }
        return recordings;
    }

    /** A sum of actions drawn from the standard normal distribution. */
    private static List<Recording> walks(int episodes, int length, RandomGenerator random) {
        List<Recording> recordings = new ArrayList<>();
        for (int episode = 0; episode < episodes; episode++) {
            double[][] frames = new double[length][1];
            double[][] actions = new double[length - 1][1];
            for (int t = 1; t < length; t++) {
                actions[t - 1][0] = random.nextGaussian();
                frames[t][0] = frames[t - 1][0] + actions[t - 1][0];
            }
            recordings.add(new Recording(frames, actions));
        }
        return recordings;
    }

    private static Recording without(Recording recording, int... missing) {
        double[][] frames = recording.frames().clone();
        for (int t : missing) {
            frames[t] = new double[recording.observationSize()];
            Arrays.fill(frames[t], Double.NaN);
        }
        return new Recording(frames, recording.actions());
    }

    @Test
    void aCurveIsFilledFarBetterThanByALine() {
        RandomGenerator random = new SplittableRandom(1);
        FrameInterpolator interpolator = FrameInterpolator.fit(oscillations(20, 30, 0.5, random), SMALL, random);
        double error = 0;
        double line = 0;
        for (Recording truth : oscillations(10, 30, 0.5, random)) {
            Repaired filled = interpolator.fill(without(truth, 5, 11, 12, 18, 19, 20));
            assertThat(filled.estimated()).containsExactly(5, 11, 12, 18, 19, 20);
            assertThat(filled.missing()).isEmpty();
            for (int t : filled.estimated()) {
                error = Math.max(error, Math.abs(filled.recording().frames()[t][0] - truth.frames()[t][0]));
            }
            line = Math.max(
                    line, Math.abs((truth.frames()[17][0] + truth.frames()[21][0]) / 2 - truth.frames()[19][0]));
            assertThat(filled.recording().frames()[6]).isEqualTo(truth.frames()[6]);
            assertThat(filled.deviations()[6]).containsExactly(0, 0);
        }
        assertThat(error).isLessThan(0.1 * line);
    }

    /** Between two frames of a random walk lies a Brownian bridge: a straight line, with the variance p·q/(p + q). */
    @Test
    void theDeviationOfARandomWalkIsThatOfABrownianBridge() {
        RandomGenerator random = new SplittableRandom(2);
        FrameInterpolator interpolator = FrameInterpolator.fit(walks(20, 50, random), SMALL, random);
        Recording walk = walks(1, 20, random).get(0);
        Repaired filled = interpolator.fill(without(walk, 3, 8, 9, 14, 15, 16));
        assertThat(filled.deviations()[3][0]).isCloseTo(Math.sqrt(1.0 / 2), within(0.1));
        assertThat(filled.deviations()[8][0]).isCloseTo(Math.sqrt(2.0 / 3), within(0.1));
        assertThat(filled.deviations()[15][0]).isCloseTo(1, within(0.12));
        double[][] frames = walk.frames();
        assertThat(filled.recording().frames()[8][0])
                .isCloseTo(frames[7][0] + (frames[10][0] - frames[7][0]) / 3, within(0.3));
    }

    @Test
    void actionsTellWhatIsOtherwiseUncertain() {
        RandomGenerator random = new SplittableRandom(3);
        FrameInterpolator interpolator = FrameInterpolator.fit(walks(20, 50, random), SMALL.withActions(true), random);
        Recording walk = walks(1, 20, random).get(0);
        Repaired filled = interpolator.fill(without(walk, 3, 14, 15, 16));
        for (int t : new int[] {3, 14, 15, 16}) {
            assertThat(filled.recording().frames()[t][0]).isCloseTo(walk.frames()[t][0], within(0.15));
            assertThat(filled.deviations()[t][0]).isLessThan(0.1);
        }
    }

    @Test
    void theRateIsDoubledByWhatWasLearnedAtTheSlowRate() {
        RandomGenerator random = new SplittableRandom(4);
        FrameInterpolator interpolator = FrameInterpolator.fit(oscillations(20, 30, 0.5, random), SMALL, random);
        Recording fine = oscillations(1, 41, 0.25, random).get(0);
        double[][] slow = new double[21][];
        for (int t = 0; t < slow.length; t++) {
            slow[t] = fine.frames()[2 * t];
        }
        Repaired doubled = interpolator.doubleRate(Recording.of(slow));
        assertThat(doubled.recording().length()).isEqualTo(41);
        assertThat(doubled.estimated()).hasSize(20).startsWith(1, 3, 5);
        double error = 0;
        double line = 0;
        for (int t = 1; t < 41; t += 2) {
            double truth = fine.frames()[t][0];
            error += Math.pow(doubled.recording().frames()[t][0] - truth, 2);
            line += Math.pow((fine.frames()[t - 1][0] + fine.frames()[t + 1][0]) / 2 - truth, 2);
        }
        assertThat(Math.sqrt(error / line)).isLessThan(0.25);
    }

    @Test
    void doublingRepeatsActionsAndLeavesGapsOpen() {
        RandomGenerator random = new SplittableRandom(5);
        FrameInterpolator interpolator = FrameInterpolator.fit(walks(5, 30, random), SMALL.withActions(true), random);
        Recording walk = without(walks(1, 4, random).get(0), 2);
        Repaired doubled = interpolator.doubleRate(walk);
        assertThat(doubled.missing()).containsExactly(3, 4, 5);
        assertThat(doubled.recording().actions()).hasNumberOfRows(6);
        assertThat(doubled.recording().actions()[1]).isEqualTo(walk.actions()[0]);
    }

    @Test
    void whatCannotBeEstimatedStaysMissing() {
        RandomGenerator random = new SplittableRandom(6);
        FrameInterpolator interpolator = FrameInterpolator.fit(oscillations(5, 30, 0.5, random), SMALL, random);
        Recording recording = oscillations(1, 20, 0.5, random).get(0);
        Repaired filled = interpolator.fill(without(recording, 0, 5, 6, 7, 8, 12, 19));
        assertThat(filled.missing()).containsExactly(0, 5, 6, 7, 8, 19);
        assertThat(filled.estimated()).containsExactly(12);
        assertThat(filled.recording().present(6)).isFalse();
        double[][] half = recording.frames().clone();
        half[4] = new double[] {7, Double.NaN};
        Repaired halfFilled = interpolator.fill(Recording.of(half));
        assertThat(halfFilled.recording().frames()[4][0]).isEqualTo(7);
        assertThat(halfFilled.recording().frames()[4][1]).isCloseTo(recording.frames()[4][1], within(0.1));
        assertThat(halfFilled.deviations()[4][0]).isZero();
    }

    @Test
    void equalSeedsGiveEqualInterpolators() {
        List<Recording> recordings = oscillations(3, 20, 0.5, new SplittableRandom(7));
        Recording gap = without(recordings.get(0), 4);
        double[] first = FrameInterpolator.fit(recordings, SMALL, new SplittableRandom(8))
                .fill(gap)
                .recording()
                .frames()[4];
        double[] second = FrameInterpolator.fit(recordings, SMALL, new SplittableRandom(8))
                .fill(gap)
                .recording()
                .frames()[4];
        assertThat(first).isEqualTo(second);
    }

    @Test
    void badInputIsNamed() {
        RandomGenerator random = new SplittableRandom(9);
        List<Recording> good = oscillations(3, 20, 0.5, random);
        assertThatThrownBy(() -> FrameInterpolator.fit(List.of(), SMALL, random))
                .hasMessageContaining("recordings is empty");
        // Joined, these would be an episode of 100 frames.
        assertThatThrownBy(() -> FrameInterpolator.fit(oscillations(50, 2, 0.5, random), SMALL, random))
                .hasMessage("recordings hold 0 frames with others on both sides, expected at least 20;"
                        + " maybe the episodes are too short");
        assertThatThrownBy(() -> FrameInterpolator.fit(good, SMALL.withActions(true), random))
                .hasMessageContaining("a recording has no actions");
        assertThatThrownBy(() -> FrameInterpolator.fit(
                        List.of(good.get(0), walks(1, 9, random).get(0)), SMALL, random))
                .hasMessage("a recording has frames of length 1, expected 2");
        FrameInterpolator interpolator = FrameInterpolator.fit(good, SMALL, random);
        assertThatThrownBy(() -> interpolator.fill(walks(1, 9, random).get(0)))
                .hasMessage("a recording has frames of length 1, expected 2");
        assertThatThrownBy(() -> SMALL.withMaxSpan(1)).hasMessageContaining("maxSpan is 1");
    }
}
