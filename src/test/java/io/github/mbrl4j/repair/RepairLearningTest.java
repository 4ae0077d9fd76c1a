package io.github.mbrl4j.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.Recording;
import io.github.mbrl4j.env.Pendulum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pendulum under random torques, seen every 100 ms. Prints the tables of {@code docs/models/interpolation.md}. */
@Tag("learning")
class RepairLearningTest {

    private static final double NOISE = 0.02;

    /** Every second step of the simulation is a frame; both torques between two frames are their action. */
    private static List<Recording> log(int episodes, String name, RandomStreams streams) {
        Pendulum env = new Pendulum();
        List<Recording> log = new ArrayList<>();
        for (int i = 0; i < episodes; i++) {
            List<Transition> steps = Episodes.run(env, Policy.uniform(env.actionSpace()), streams.stream(name, i))
                    .transitions();
            double[][] frames = new double[steps.size() / 2][];
            double[][] actions = new double[frames.length - 1][];
            Arrays.setAll(frames, t -> steps.get(2 * t).observation());
            Arrays.setAll(actions, t -> new double[] {
                steps.get(2 * t).action()[0], steps.get(2 * t + 1).action()[0]
            });
            log.add(new Recording(frames, actions));
        }
        return log;
    }

    @ParameterizedTest
    @ValueSource(longs = {81, 82, 83, 84, 85})
    void atMostHalfTheErrorOfAStraightLine(long seed) {
        RandomStreams streams = RandomStreams.of(seed);
        List<Recording> train = log(20, "train", streams);
        List<Recording> unseen = log(10, "unseen", streams);
        for (boolean actions : new boolean[] {false, true}) {
            InterpolatorConfig config =
                    InterpolatorConfig.defaults().withMaxSpan(2).withActions(actions);
            FrameInterpolator interpolator = FrameInterpolator.fit(train, config, streams.stream("fit"));
            double[] learned = new double[3];
            double[] line = new double[3];
            double[] z = new double[3];
            int n = 0;
            for (Recording truth : unseen) {
                Repaired filled = interpolator.fill(everySecondMissing(truth));
                for (int t : filled.estimated()) {
                    n++;
                    for (int c = 0; c < 3; c++) {
                        double wanted = truth.frames()[t][c];
                        double error = filled.recording().frames()[t][c] - wanted;
                        learned[c] += error * error;
                        z[c] += Math.pow(error / filled.deviations()[t][c], 2);
                        line[c] += Math.pow((truth.frames()[t - 1][c] + truth.frames()[t + 1][c]) / 2 - wanted, 2);
                    }
                }
            }
            for (int c = 0; c < 3; c++) {
                System.out.printf(
                        Locale.ROOT,
                        "seed %d, %s actions, dimension %d: error %.4f, straight line %.4f, ratio %.3f, rms z %.2f%n",
                        seed,
                        actions ? "with" : "without",
                        c,
                        Math.sqrt(learned[c] / n),
                        Math.sqrt(line[c] / n),
                        Math.sqrt(learned[c] / line[c]),
                        Math.sqrt(z[c] / n));
            }
            for (int c = 0; c < 3; c++) {
                // Unseen torques leave the speed uncertain: nothing can be better than 0.3 there, see the page.
                double most = !actions && c == 2 ? 0.7 : 0.5;
                assertThat(Math.sqrt(learned[c] / line[c])).isLessThan(most);
            }
        }
    }

    private static Recording everySecondMissing(Recording recording) {
        double[][] frames = recording.frames().clone();
        for (int t = 1; t < frames.length; t += 2) {
            frames[t] = new double[] {Double.NaN, Double.NaN, Double.NaN};
        }
        return new Recording(frames, recording.actions());
    }

    /** Precision and recall of all seeds together; those of single seeds, with 130 to 160 faults each, scatter by 2 %. */
    @Test
    void faultsOfFiveDeviationsOfTheNoiseAreFound() {
        int[] total = new int[3];
        for (long seed = 91; seed <= 95; seed++) {
            RandomStreams streams = RandomStreams.of(seed);
            List<Recording> good = disturbed(log(50, "good log", streams), 0, List.of(), streams.stream("noise"));
            List<Set<Integer>> faults = new ArrayList<>();
            List<Recording> bad = disturbed(log(50, "log", streams), 0.03, faults, streams.stream("noise and faults"));
            InterpolatorConfig config = InterpolatorConfig.defaults().withActions(true);
            FaultFinder finder = new FaultFinder(FrameInterpolator.fit(good, config, streams.stream("fit")), 2e-4);
            int[] counts = count(finder, bad, faults);
            print("seed " + seed, counts);
            Arrays.setAll(total, i -> total[i] + counts[i]);
        }
        print("together", total);
        assertThat(precision(total)).isGreaterThanOrEqualTo(0.95);
        assertThat(recall(total)).isGreaterThanOrEqualTo(0.95);
    }

    /** Faults found, faults missed, false alarms. */
    private static int[] count(FaultFinder finder, List<Recording> log, List<Set<Integer>> faults) {
        int[] counts = new int[3];
        for (int i = 0; i < log.size(); i++) {
            Faults found = finder.find(log.get(i));
            for (int t = 0; t < log.get(i).length(); t++) {
                boolean fault = faults.get(i).contains(t);
                counts[0] += fault && found.contains(t) ? 1 : 0;
                counts[1] += fault && !found.contains(t) ? 1 : 0;
                counts[2] += !fault && found.contains(t) ? 1 : 0;
            }
        }
        return counts;
    }

    private static double precision(int[] counts) {
        return counts[0] / (double) (counts[0] + counts[2]);
    }

    private static double recall(int[] counts) {
        return counts[0] / (double) (counts[0] + counts[1]);
    }

    private static void print(String what, int[] counts) {
        System.out.printf(
                Locale.ROOT,
                "%s: %d faults found, %d missed, %d false alarms: precision %.3f, recall %.3f%n",
                what,
                counts[0],
                counts[1],
                counts[2],
                precision(counts),
                recall(counts));
    }

    /** Adds noise of 2 % of each number's spread, and to a share of the inner frames ±5 deviations of it in each number. */
    private static List<Recording> disturbed(
            List<Recording> log, double share, List<Set<Integer>> faults, RandomGenerator random) {
        double[] noise = {NOISE * 0.7, NOISE * 0.7, NOISE * 3.5};
        List<Recording> disturbed = new ArrayList<>();
        for (Recording recording : log) {
            double[][] frames = new double[recording.length()][3];
            Set<Integer> here = new TreeSet<>();
            for (int t = 0; t < frames.length; t++) {
                boolean fault = t > 0 && t < frames.length - 1 && random.nextDouble() < share;
                for (int c = 0; c < 3; c++) {
                    double jump = fault ? (random.nextBoolean() ? 5 : -5) * noise[c] : 0;
                    frames[t][c] = recording.frames()[t][c] + noise[c] * random.nextGaussian() + jump;
                }
                if (fault) {
                    here.add(t);
                }
            }
            if (share > 0) {
                faults.add(here);
            }
            disturbed.add(new Recording(frames, recording.actions()));
        }
        return disturbed;
    }
}
