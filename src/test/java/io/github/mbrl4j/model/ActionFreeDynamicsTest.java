package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.data.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ActionFreeDynamicsTest {

    private static final MixtureConfig SMALL =
            MixtureConfig.defaults().withNetwork(NetworkConfig.defaults().withHidden(List.of(32, 32)));

    private interface Process {
        double[] next(double[] state, RandomGenerator random);
    }

    private static List<Recording> record(Process process, int size, int episodes, int length, RandomGenerator random) {
        List<Recording> recordings = new ArrayList<>();
        for (int episode = 0; episode < episodes; episode++) {
            double[][] frames = new double[length][];
            frames[0] = new double[size];
            for (int c = 0; c < size; c++) {
                frames[0][c] = random.nextDouble(-2, 2);
            }
            for (int t = 1; t < length; t++) {
                frames[t] = process.next(frames[t - 1], random);
            }
            recordings.add(Recording.of(frames));
        }
        return recordings;
    }

    /** The discrete Ornstein-Uhlenbeck process: mean 0.9ᵏ·s, variance 0.3²·(1 − 0.81ᵏ)/(1 − 0.81). */
    @Test
    void meanVarianceAndQuantilesOfAnOrnsteinUhlenbeckProcess() {
        RandomGenerator random = new SplittableRandom(1);
        Process process = (s, r) -> new double[] {0.9 * s[0] + 0.3 * r.nextGaussian()};
        ActionFreeDynamics model =
                ActionFreeDynamics.fit(record(process, 1, 60, 50, random), SMALL.withComponents(2), random);
        Forecast forecast = model.forecast(new double[] {1.5}, 10, 4000, random);
        for (int k : new int[] {1, 3, 10}) {
            double mean = Math.pow(0.9, k) * 1.5;
            double deviation = 0.3 * Math.sqrt((1 - Math.pow(0.81, k)) / (1 - 0.81));
            assertThat(forecast.mean(k)[0]).as("mean of step %d", k).isCloseTo(mean, within(0.1));
            assertThat(forecast.deviation(k)[0])
                    .as("deviation of step %d", k)
                    .isCloseTo(deviation, within(0.1 * deviation));
            assertThat(forecast.quantile(k, 0, 0.95))
                    .as("quantile of step %d", k)
                    .isCloseTo(mean + 1.645 * deviation, within(0.2));
            assertThat(forecast.quantile(k, 0, 0.5)).isCloseTo(mean, within(0.1));
        }
    }

    /** Position and speed under unseen random actions; mean Aᵏ·s, covariance by P' = A·P·Aᵀ + Q. */
    @Test
    void unseenActionsBecomeSpread() {
        RandomGenerator random = new SplittableRandom(2);
        Process cart = (s, r) -> new double[] {s[0] + 0.2 * s[1], 0.9 * s[1] + 0.3 * r.nextDouble(-1, 1)};
        ActionFreeDynamics model = ActionFreeDynamics.fit(record(cart, 2, 60, 50, random), SMALL, random);
        Forecast forecast = model.forecast(new double[] {0.5, -1}, 8, 3000, random);
        double[] mean = {0.5, -1};
        double pp = 0;
        double pv = 0;
        double vv = 0;
        for (int k = 0; k < 8; k++) {
            mean = new double[] {mean[0] + 0.2 * mean[1], 0.9 * mean[1]};
            pp = pp + 0.4 * pv + 0.04 * vv;
            pv = 0.9 * pv + 0.18 * vv;
            vv = 0.81 * vv + 0.03;
        }
        assertThat(forecast.mean(8)).containsExactly(mean, within(0.1));
        assertThat(forecast.deviation(8)).containsExactly(new double[] {Math.sqrt(pp), Math.sqrt(vv)}, within(0.05));
    }

    /** s' = s ± 1: after two steps a quarter, a half and a quarter. */
    @Test
    void aForkStaysAFork() {
        RandomGenerator random = new SplittableRandom(3);
        Process fork = (s, r) -> new double[] {s[0] + (r.nextBoolean() ? 1 : -1) + 0.1 * r.nextGaussian()};
        ActionFreeDynamics model = ActionFreeDynamics.fit(record(fork, 1, 200, 10, random), SMALL, random);
        GaussianMixture next = model.next(new double[] {0.5});
        assertThat(Math.abs(next.mode()[0] - 0.5)).isCloseTo(1, within(0.05));
        assertThat(next.mean()[0]).isCloseTo(0.5, within(0.15));
        assertThat(next.logDensity(new double[] {0.5})).isLessThan(-5);
        Batch samples = model.forecast(new double[] {0}, 2, 4000, random).samples(2);
        double[] mass = new double[3];
        for (int row = 0; row < samples.rows(); row++) {
            double s = samples.get(row, 0);
            for (int peak = 0; peak < 3; peak++) {
                mass[peak] += Math.abs(s - 2 * (peak - 1)) < 0.6 ? 1.0 / samples.rows() : 0;
            }
        }
        assertThat(mass).containsExactly(new double[] {0.25, 0.5, 0.25}, within(0.08));
    }

    @Test
    void episodesAreNotJoinedAndMissingFramesAreLeftOut() {
        RandomGenerator random = new SplittableRandom(4);
        List<Recording> recordings = new ArrayList<>();
        for (int episode = 0; episode < 30; episode++) {
            // Each stays where it began; only a join, or a frame of NaN, could move it.
            double[][] frames = new double[5][1];
            for (double[] frame : frames) {
                frame[0] = 100 * episode;
            }
            frames[2][0] = Double.NaN;
            recordings.add(Recording.of(frames));
        }
        ActionFreeDynamics model = ActionFreeDynamics.fit(recordings, SMALL, random);
        assertThat(model.next(new double[] {1000}).mean()[0]).isCloseTo(1000, within(1e-3));
        assertThat(model.next(new double[] {1000}).deviation()[0]).isLessThan(1e-3);
    }

    @Test
    void equalSeedsGiveEqualForecasts() {
        Process process = (s, r) -> new double[] {0.5 * s[0] + r.nextGaussian()};
        List<Recording> recordings = record(process, 1, 5, 40, new SplittableRandom(5));
        Forecast first = ActionFreeDynamics.fit(recordings, SMALL, new SplittableRandom(6))
                .forecast(new double[] {1}, 5, 20, new SplittableRandom(7));
        Forecast second = ActionFreeDynamics.fit(recordings, SMALL, new SplittableRandom(6))
                .forecast(new double[] {1}, 5, 20, new SplittableRandom(7));
        assertThat(first.samples(5).array()).isEqualTo(second.samples(5).array());
    }

    @Test
    void badInputIsNamed() {
        RandomGenerator random = new SplittableRandom(8);
        assertThatThrownBy(() -> ActionFreeDynamics.fit(List.of(), SMALL, random))
                .hasMessageContaining("recordings is empty");
        Recording shortOne = Recording.of(new double[][] {{1}, {2}, {3}});
        assertThatThrownBy(() -> ActionFreeDynamics.fit(List.of(shortOne), SMALL, random))
                .hasMessage("pairs of frames that follow one another has 2 rows, expected at least 20 to learn from;"
                        + " maybe collect more data");
        Process process = (s, r) -> new double[] {0.5 * s[0] + r.nextGaussian()};
        ActionFreeDynamics model = ActionFreeDynamics.fit(record(process, 1, 5, 10, random), SMALL, random);
        assertThatThrownBy(() -> model.forecast(new double[2], 3, 10, random)).hasMessageContaining("expected 1");
        assertThatThrownBy(() -> model.forecast(new double[1], 0, 10, random)).hasMessageContaining("steps is 0");
        Forecast forecast = model.forecast(new double[1], 3, 10, random);
        assertThatThrownBy(() -> forecast.mean(4)).hasMessage("step is 4, expected 1 to 3");
        assertThatThrownBy(() -> forecast.quantile(1, 1, 0.5)).hasMessage("dimension is 1, expected 0 to 0");
        Batch states = new Batch(3, 1);
        assertThatThrownBy(() -> model.sample(states, random, states)).hasMessageContaining("same batch");
    }
}
