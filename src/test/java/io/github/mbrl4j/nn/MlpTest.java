package io.github.mbrl4j.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MlpTest {

    private static float[] normal(int length, long seed) {
        float[] values = new float[length];
        VectorMath.gaussian(new SplittableRandom(seed), values, length);
        return values;
    }

    private static float[] onTape(Mlp network, float[] x, int rows, int inputs) {
        Tape tape = new Tape();
        Tensor in = tape.constant(rows, inputs);
        System.arraycopy(x, 0, in.values(), 0, in.size());
        Tensor out = network.forward(tape, in);
        assertThat(out.rows()).isEqualTo(rows);
        return Arrays.copyOf(out.values(), out.size());
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void frozenItPredictsAsOnTheTape(Activation activation) {
        for (List<Integer> hidden : List.of(List.<Integer>of(), List.of(7), List.of(40, 9, 33))) {
            Mlp network = new Mlp(5, hidden, 3, activation, new SplittableRandom(1));
            network.biases().forEach(b -> VectorMath.gaussian(new SplittableRandom(2), b.values(), b.size()));
            FrozenMlp frozen = network.freeze();
            for (int rows : new int[] {1, 2, 3, 4, 5, 8, 17, 31, 64, 100, 127, 128}) {
                float[] x = normal(rows * 5, rows);
                float[] untouched = x.clone();
                float[] out = new float[rows * 3];
                frozen.forward(x, rows, out);
                assertThat(x).isEqualTo(untouched);
                assertThat(out)
                        .as("%s, hidden layers %s, %d rows", activation, hidden, rows)
                        .containsExactly(onTape(network, x, rows, 5), within(2e-5f));
            }
        }
    }

    @Test
    void scaledItsOutputsAndTheirGradientsAreMultiplied() {
        Mlp network = new Mlp(5, List.of(7, 6), 3, Activation.TANH, new SplittableRandom(1));
        network.biases().forEach(b -> VectorMath.gaussian(new SplittableRandom(2), b.values(), b.size()));
        FrozenMlp frozen = network.freeze();
        float[] factors = {2, 0, -0.5f};
        FrozenMlp scaled = frozen.scaled(factors);
        float[] x = normal(20 * 5, 3);
        float[] plain = new float[20 * 3];
        float[] out = new float[20 * 3];
        frozen.forward(x, 20, plain);
        scaled.forward(x, 20, out);
        for (int i = 0; i < out.length; i++) {
            assertThat(out[i]).isCloseTo(plain[i] * factors[i % 3], within(1e-6f));
        }
        // A gradient by the scaled outputs is one by the plain outputs that was multiplied.
        float[] gradients = normal(20 * 3, 4);
        float[] multiplied = new float[20 * 3];
        for (int i = 0; i < multiplied.length; i++) {
            multiplied[i] = gradients[i] * factors[i % 3];
        }
        assertThat(inputGradients(scaled, x, gradients))
                .containsExactly(inputGradients(frozen, x, multiplied), within(1e-6f));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> frozen.scaled(new float[2]))
                .withMessage("factors has length 2, expected 3, one for each output");
    }

    private static float[] inputGradients(FrozenMlp network, float[] x, float[] outputGradients) {
        MlpPass pass = network.newPass();
        pass.forward(x, 20, new float[20 * 3]);
        float[] inputGradients = new float[20 * 5];
        pass.backward(outputGradients, inputGradients);
        return inputGradients;
    }

    @Test
    void manyTilesTogetherAreTheWholeBatch() {
        Mlp network = new Mlp(5, List.of(7), 3, Activation.TANH, new SplittableRandom(1));
        float[] x = normal(300 * 5, 3);
        float[] expected = onTape(network, x, 300, 5);
        float[] out = new float[300 * 3];
        for (int from = 0; from < 300; from += FrozenMlp.TILE) {
            int rows = Math.min(FrozenMlp.TILE, 300 - from);
            float[] tile = new float[rows * 3];
            network.freeze().forward(Arrays.copyOfRange(x, from * 5, (from + rows) * 5), rows, tile);
            System.arraycopy(tile, 0, out, from * 3, tile.length);
        }
        assertThat(out).containsExactly(expected, within(2e-5f));
    }

    @Test
    void theFrozenCopyKeepsTheWeightsOfItsTime() {
        Mlp network = new Mlp(2, List.of(4), 1, Activation.SWISH, new SplittableRandom(1));
        FrozenMlp frozen = network.freeze();
        float[] x = {0.3f, -2};
        float[] before = new float[1];
        frozen.forward(x, 1, before);
        network.weights().forEach(w -> Arrays.fill(w.values(), 9));
        network.biases().forEach(b -> Arrays.fill(b.values(), 9));
        float[] after = new float[1];
        frozen.forward(x, 1, after);
        assertThat(after).isEqualTo(before);
        network.freeze().forward(x, 1, after);
        assertThat(after[0]).isNotEqualTo(before[0]);
    }

    @Test
    void frozenNetworksOfManySizesShareAThread() {
        List<Mlp> networks = IntStream.range(0, 6)
                .mapToObj(i -> new Mlp(
                        1 + i, List.of(3 + 40 * (i % 2), 2 + 5 * i), 1 + i, Activation.TANH, new SplittableRandom(i)))
                .toList();
        List<FrozenMlp> frozen = networks.stream().map(Mlp::freeze).toList();
        List<String> wrong = new ArrayList<>();
        IntStream.range(0, 200).parallel().forEach(round -> {
            int i = round % 6;
            int rows = 1 + round % 128;
            float[] x = normal(rows * (1 + i), round);
            float[] out = new float[rows * (1 + i)];
            frozen.get(i).forward(x, rows, out);
            float[] expected = onTape(networks.get(i), x, rows, 1 + i);
            for (int k = 0; k < out.length; k++) {
                if (!(Math.abs(out[k] - expected[k]) <= 2e-5)) {
                    synchronized (wrong) {
                        wrong.add("network " + i + ", " + rows + " rows: " + out[k] + " instead of " + expected[k]);
                    }
                    return;
                }
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void theFirstWeightsAreATruncatedNormalDistribution() {
        for (long seed = 1; seed <= 3; seed++) {
            Mlp network = new Mlp(25, List.of(1000, 100), 4, Activation.SWISH, new SplittableRandom(seed));
            int[] fanIn = {25, 1000, 100};
            // The standard deviation of a normal distribution cut at ±2, by its closed form 1 − 4 φ(2) / (2 Φ(2) − 1).
            double shrinkage = Math.sqrt(1 - 4 * 0.05399096651 / 0.95449973610);
            for (int layer = 0; layer < 2; layer++) {
                double deviation = 0.5 / Math.sqrt(fanIn[layer]);
                DescriptiveStatistics weights = new DescriptiveStatistics();
                for (float w : network.weights().get(layer).values()) {
                    weights.addValue(w / deviation);
                }
                double n = weights.getN();
                assertThat(weights.getMean()).as("mean, seed %d", seed).isCloseTo(0, within(4 / Math.sqrt(n)));
                assertThat(weights.getStandardDeviation())
                        .as("deviation, seed %d", seed)
                        .isCloseTo(shrinkage, within(4 / Math.sqrt(n)));
                assertThat(weights.getMax()).isBetween(1.99, 2.0 + 1e-6);
                assertThat(weights.getMin()).isBetween(-2.0 - 1e-6, -1.99);
            }
            network.biases().forEach(b -> assertThat(b.values()).containsOnly(0));
        }
    }

    @Test
    void theSameSeedGivesTheSameWeights() {
        Mlp a = new Mlp(3, List.of(8), 2, Activation.TANH, new SplittableRandom(5));
        Mlp b = new Mlp(3, List.of(8), 2, Activation.TANH, new SplittableRandom(5));
        Mlp c = new Mlp(3, List.of(8), 2, Activation.TANH, new SplittableRandom(6));
        assertThat(a.weights().get(0).values()).isEqualTo(b.weights().get(0).values());
        assertThat(a.weights().get(0).values()).isNotEqualTo(c.weights().get(0).values());
    }

    private static float[] outputs(Mlp network, float[] x, int rows) {
        float[] out = new float[rows * network.outputs()];
        network.freeze().forward(x, rows, out);
        return out;
    }

    @Test
    void thawedItHasTheSameBits() {
        for (List<Integer> hidden : List.of(List.<Integer>of(), List.of(7), List.of(40, 9, 65))) {
            Mlp network = new Mlp(5, hidden, 3, Activation.RELU, new SplittableRandom(1));
            network.weights().get(0).values()[2] = -0f;
            network.biases().forEach(b -> VectorMath.gaussian(new SplittableRandom(2), b.values(), b.size()));
            Mlp thawed = network.freeze().thaw();
            assertThat(thawed.activation()).isEqualTo(Activation.RELU);
            for (int layer = 0; layer <= hidden.size(); layer++) {
                assertThat(thawed.weights().get(layer).values())
                        .containsExactly(network.weights().get(layer).values());
                assertThat(thawed.biases().get(layer).values())
                        .containsExactly(network.biases().get(layer).values());
            }
        }
    }

    @Test
    void standardisationsFoldIntoTheOuterLayers() {
        double[] mean = {1, -20, 0.3, 5, 0};
        double[] scale = {2, 7, 0.01, 1, 30};
        double[] outMean = {3, -4};
        double[] outScale = {0.5, 20};
        float[] z = normal(40 * 5, 3);
        float[] x = new float[z.length];
        for (int i = 0; i < z.length; i++) {
            x[i] = (float) (mean[i % 5] + scale[i % 5] * z[i]);
        }
        for (List<Integer> hidden : List.of(List.<Integer>of(), List.of(7), List.of(16, 9))) {
            Mlp network = new Mlp(5, hidden, 3, Activation.TANH, new SplittableRandom(1));
            network.biases().forEach(b -> VectorMath.gaussian(new SplittableRandom(2), b.values(), b.size()));
            Mlp folded = network.firstOutputs(2).foldInputs(mean, scale).foldOutputs(outMean, outScale);
            float[] standardised = outputs(network, z, 40);
            float[] raw = outputs(folded, x, 40);
            for (int row = 0; row < 40; row++) {
                for (int j = 0; j < 2; j++) {
                    double expected = outMean[j] + outScale[j] * standardised[3 * row + j];
                    assertThat((double) raw[2 * row + j]).isCloseTo(expected, within(1e-5 * (5 + outScale[j])));
                }
            }
        }
    }

    @Test
    void refusesParametersThatDoNotFit() {
        Mlp network = new Mlp(5, List.of(7), 3, Activation.TANH, new SplittableRandom(1));
        assertThatThrownBy(() -> new Mlp(network.weights(), network.biases().subList(0, 1), Activation.TANH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 weights and 1 biases");
        List<Tensor> swapped =
                List.of(network.weights().get(1), network.weights().get(0));
        assertThatThrownBy(() -> new Mlp(swapped, network.biases(), Activation.TANH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("biases of layer 0 are 1 x 7, expected 1 x 3");
        assertThatThrownBy(() -> network.foldInputs(new double[4], new double[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mean has length 4, expected 5");
        assertThatThrownBy(() -> network.firstOutputs(4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count is 4, expected 1 to 3");
        assertThatThrownBy(() -> Tensor.parameter(2, 3, new float[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 2 x 3");
    }

    @Test
    void aConstantViewPassesGradientsOnAndGetsNone() {
        Mlp network = new Mlp(3, List.of(8), 2, Activation.SWISH, new SplittableRandom(5));
        float[] expected = inputGradient(network);
        assertThat(network.parameters())
                .hasSize(4)
                .allSatisfy(p -> assertThat(p.gradients()).isNotEqualTo(new float[p.size()]));
        network.parameters().forEach(Tensor::clearGradient);
        assertThat(inputGradient(network.asConstant())).isEqualTo(expected);
        assertThat(network.parameters())
                .allSatisfy(p -> assertThat(p.gradients()).containsOnly(0));
        network.weights().get(0).values()[0] += 1;
        assertThat(inputGradient(network.asConstant())).as("live weights").isNotEqualTo(expected);
    }

    private static float[] inputGradient(Mlp network) {
        Tape tape = new Tape();
        Tensor x = tape.variable(4, 3);
        System.arraycopy(normal(12, 1), 0, x.values(), 0, 12);
        tape.backward(tape.sum(network.forward(tape, x)));
        return GradientCheck.leading(x.gradients(), x);
    }

    @Test
    void aCopyFollowsAsFarAsItIsTold() {
        Mlp network = new Mlp(3, List.of(8), 2, Activation.TANH, new SplittableRandom(5));
        Mlp copy = network.copy();
        float[] before = copy.weights().get(1).values().clone();
        float[] trained = network.weights().get(1).values();
        Arrays.fill(trained, 2);
        assertThat(copy.weights().get(1).values()).isEqualTo(before);
        copy.moveTowards(network, 0.25);
        for (int i = 0; i < before.length; i++) {
            assertThat(copy.weights().get(1).values()[i]).isCloseTo(0.75f * before[i] + 0.5f, within(1e-6f));
        }
        copy.moveTowards(network, 1);
        assertThat(copy.weights().get(1).values()).isEqualTo(trained);
        Mlp narrower = new Mlp(3, List.of(7), 2, Activation.TANH, new SplittableRandom(5));
        assertThatIllegalArgumentException().isThrownBy(() -> copy.moveTowards(narrower, 0.5));
    }
}
