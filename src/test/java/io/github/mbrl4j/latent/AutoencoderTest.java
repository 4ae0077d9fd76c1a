package io.github.mbrl4j.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Batch;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;

class AutoencoderTest {

    private static final LatentTraining SHORT = new LatentTraining(600, 32, 1e-2);

    /** Twelve numbers that mix five of falling importance. */
    private static Batch mixture(int rows, long seed) {
        RandomGenerator mix = new SplittableRandom(1);
        double[][] weights = new double[12][5];
        for (double[] row : weights) {
            for (int j = 0; j < 5; j++) {
                row[j] = mix.nextGaussian();
            }
        }
        RandomGenerator random = new SplittableRandom(seed);
        Batch batch = new Batch(rows, 12);
        for (int r = 0; r < rows; r++) {
            double[] source = new double[5];
            for (int j = 0; j < 5; j++) {
                source[j] = random.nextGaussian() / (1 + j);
            }
            batch.setRow(r, LinearSystem.times(weights, source));
        }
        return batch;
    }

    /** What principal components of standardised columns lose: the mean of the squared singular values left out. */
    private static double lossOfPrincipalComponents(Batch rows, int kept) {
        double[][] x = new double[rows.rows()][];
        for (int r = 0; r < x.length; r++) {
            x[r] = rows.row(r);
        }
        for (int c = 0; c < rows.columns(); c++) {
            double mean = 0;
            double squares = 0;
            for (double[] row : x) {
                mean += row[c] / x.length;
            }
            for (double[] row : x) {
                squares += (row[c] - mean) * (row[c] - mean) / x.length;
            }
            for (double[] row : x) {
                row[c] = (row[c] - mean) / Math.sqrt(squares);
            }
        }
        double[] values = new SingularValueDecomposition(new Array2DRowRealMatrix(x, false)).getSingularValues();
        double lost = 0;
        for (int i = kept; i < values.length; i++) {
            lost += values[i] * values[i];
        }
        return lost / ((double) rows.rows() * rows.columns());
    }

    @Test
    void aLinearOneLosesAsMuchAsPrincipalComponents() {
        Batch rows = mixture(500, 2);
        for (int size : new int[] {1, 3}) {
            Autoencoder coder = new Autoencoder(
                    12,
                    AutoencoderConfig.defaults()
                            .withLatentSize(size)
                            .withDecoder(List.of())
                            .withTraining(new LatentTraining(2000, 100, 1e-2)));
            double error = coder.fit(rows, new SplittableRandom(3));
            double least = lossOfPrincipalComponents(rows, size);
            assertThat(error)
                    .as("%d components", size)
                    .isGreaterThan(least * 0.9999)
                    .isLessThan(least * 1.01);
        }
    }

    @Test
    void aCurveNeedsOneNumberIfTheEncoderIsNotLinear() {
        Batch arc = new Batch(400, 2);
        for (int r = 0; r < 400; r++) {
            double angle = Math.PI * r / 400;
            arc.setRow(r, new double[] {Math.cos(angle), Math.sin(angle)});
        }
        AutoencoderConfig config = AutoencoderConfig.defaults()
                .withLatentSize(1)
                .withEncoder(List.of(32, 32))
                .withDecoder(List.of(32, 32))
                .withTraining(new LatentTraining(1500, 64, 1e-2));
        double curved = new Autoencoder(2, config).fit(arc, new SplittableRandom(1));
        double straight = new Autoencoder(2, config.withEncoder(List.of()).withDecoder(List.of()))
                .fit(arc, new SplittableRandom(1));
        assertThat(straight).isGreaterThan(0.3);
        assertThat(curved).isLessThan(0.1);
    }

    @Test
    void codesAreStandardNormalAndEnd() {
        Autoencoder coder = new Autoencoder(
                12,
                AutoencoderConfig.defaults()
                        .withLatentSize(3)
                        .withEncoder(List.of(16))
                        .withDecoder(List.of(16))
                        .withTraining(SHORT));
        Batch rows = mixture(500, 4);
        coder.fit(rows, new SplittableRandom(1));
        Batch codes = coder.encode(rows);
        for (int c = 0; c < 3; c++) {
            double mean = 0;
            double squares = 0;
            for (int r = 0; r < 500; r++) {
                mean += codes.get(r, c) / 500;
                squares += codes.get(r, c) * codes.get(r, c) / 500;
            }
            assertThat(mean).isCloseTo(0, within(0.3));
            assertThat(squares).isBetween(0.6, 1.6);
        }
        Batch far = new Batch(1, 12);
        far.fillRows(new double[] {1e6, -1e6, 1e6, 0, 0, 0, 0, 0, 0, 1e6, 0, 0});
        for (int c = 0; c < 3; c++) {
            assertThat(Math.abs(coder.encode(far).get(0, c))).isLessThanOrEqualTo(6);
        }
    }

    @Test
    void aCommonScaleKeepsSmallNumbersSmall() {
        Batch rows = new Batch(200, 2);
        RandomGenerator random = new SplittableRandom(1);
        for (int r = 0; r < 200; r++) {
            rows.setRow(r, new double[] {random.nextGaussian(), 0.01 * random.nextGaussian()});
        }
        AutoencoderConfig config = AutoencoderConfig.defaults()
                .withLatentSize(1)
                .withDecoder(List.of())
                .withTraining(SHORT);
        assertThat(new Autoencoder(2, config).fit(rows, random)).isBetween(0.4, 0.6);
        assertThat(new Autoencoder(2, config.withCommonScale(true)).fit(rows, random))
                .isLessThan(1e-3);
    }

    @Test
    void equalSeedsGiveEqualCodesAndFitsGoOn() {
        Batch rows = mixture(100, 2);
        AutoencoderConfig config = AutoencoderConfig.defaults()
                .withEncoder(List.of(16))
                .withDecoder(List.of(16))
                .withTraining(SHORT);
        Autoencoder one = new Autoencoder(12, config);
        Autoencoder two = new Autoencoder(12, config);
        double first = one.fit(rows, new SplittableRandom(9));
        assertThat(two.fit(rows, new SplittableRandom(9))).isEqualTo(first);
        assertThat(two.encode(rows).array()).isEqualTo(one.encode(rows).array());
        assertThat(one.fit(rows, new SplittableRandom(10))).isLessThan(first);
    }

    @Test
    void badInputIsNamed() {
        Autoencoder coder = new Autoencoder(12, AutoencoderConfig.defaults().withTraining(SHORT));
        assertThatIllegalStateException()
                .isThrownBy(() -> coder.encode(new Batch(1, 12)))
                .withMessageContaining("call fit(observations, random) first");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> coder.fit(new Batch(5, 11), new SplittableRandom(1)))
                .withMessageContaining("observations has 11 columns, expected 12");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> coder.fit(new Batch(1, 12), new SplittableRandom(1)))
                .withMessageContaining("1 rows");
        Batch broken = mixture(10, 1);
        broken.set(3, 4, Float.NaN);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> coder.fit(broken, new SplittableRandom(1)))
                .withMessageContaining("column 4 is NaN in row 3");
        coder.fit(mixture(10, 1), new SplittableRandom(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> coder.decode(new Batch(1, 7)))
                .withMessageContaining("codes has 7 columns, expected 8");
    }

    @Test
    void divergenceLeavesItAsItWas() {
        Batch rows = mixture(50, 1);
        AutoencoderConfig config = AutoencoderConfig.defaults().withTraining(SHORT.withLearningRate(1e30));
        Autoencoder coder = new Autoencoder(12, config);
        assertThatIllegalStateException()
                .isThrownBy(() -> coder.fit(rows, new SplittableRandom(1)))
                .withMessageContaining("diverged")
                .withMessageContaining("learningRate 1.0E30");
        assertThatIllegalStateException().isThrownBy(() -> coder.encode(rows));
    }
}
