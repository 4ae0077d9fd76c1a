package io.github.mbrl4j.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.TanhGaussian;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import io.github.mbrl4j.nn.VectorMath;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Policies and values, against the networks that they are made of, written down row by row in double. */
class LearnedValuesTest {

    private static final int O = 3;
    private static final int A = 2;
    private static final ContinuousActions ACTIONS = new ContinuousActions(new double[] {-3, 0}, new double[] {1, 0.5});
    private static final Scaling SCALING =
            new Scaling(ACTIONS, Normalizer.of(new double[] {1, -2, 0}, new double[] {2, 0.5, 3}));

    private final TanhGaussianActor actor = new TanhGaussianActor(SCALING, List.of(9, 8), new SplittableRandom(1));
    private final List<Mlp> networks = List.of(critic(2), critic(3), critic(4));
    private final TanhGaussianPolicy policy = biased(actor).freeze();
    private final Critics critics =
            new Critics(SCALING, networks.stream().map(Mlp::freeze).toList());

    private static Mlp critic(long seed) {
        Mlp network = new Mlp(O + A, List.of(8, 7), 1, Activation.RELU, new SplittableRandom(seed));
        network.biases().forEach(b -> VectorMath.gaussian(new SplittableRandom(seed), b.values(), b.size()));
        network.parameters().forEach(p -> VectorMath.multiply(p.values(), filled(p.size(), 2), p.size()));
        return network;
    }

    private static TanhGaussianActor biased(TanhGaussianActor actor) {
        Tensor last = actor.parameters().get(5);
        System.arraycopy(new float[] {0.5f, -0.2f, -1, 0.3f}, 0, last.values(), 0, 4);
        return actor;
    }

    private static float[] filled(int length, float value) {
        float[] array = new float[length];
        Arrays.fill(array, value);
        return array;
    }

    private static double[] apply(List<Tensor> parameters, double[] x) {
        double[] in = x;
        for (int l = 0; l < parameters.size(); l += 2) {
            Tensor w = parameters.get(l);
            double[] out = new double[w.columns()];
            for (int j = 0; j < out.length; j++) {
                out[j] = parameters.get(l + 1).values()[j];
                for (int i = 0; i < in.length; i++) {
                    out[j] += in[i] * w.values()[i * w.columns() + j];
                }
                out[j] = l + 2 < parameters.size() ? Math.max(out[j], 0) : out[j];
            }
            in = out;
        }
        return in;
    }

    private static double[] seen(double[] s) {
        return new double[] {(s[0] - 1) / 2, (s[1] + 2) / 0.5, s[2] / 3};
    }

    private double leastQ(double[] s, double[] unitAction) {
        double[] pair = Arrays.copyOf(seen(s), O + A);
        System.arraycopy(unitAction, 0, pair, O, A);
        return networks.stream()
                .mapToDouble(network -> apply(network.parameters(), pair)[0])
                .min()
                .orElseThrow();
    }

    private double[] centre(double[] s) {
        double[] parameters = apply(actor.parameters(), seen(s));
        return new double[] {Math.tanh(parameters[0]), Math.tanh(parameters[1])};
    }

    private static Batch states(int rows) {
        Batch states = new Batch(rows, O);
        VectorMath.gaussian(new SplittableRandom(7), states.array(), rows * O);
        return states;
    }

    @Test
    void withoutChanceThePolicyActsByTheCentreWithinTheBounds() {
        double[] s = {0.5, -1, 2};
        double[] unit = centre(s);
        double[] action = policy.deterministic().act(s, new SplittableRandom(1));
        assertThat(action[0]).isCloseTo(-1 + 2 * unit[0], within(1e-5));
        assertThat(action[1]).isCloseTo(0.25 + 0.25 * unit[1], within(1e-5));
        assertThat(policy.actionSpace()).isEqualTo(ACTIONS);
        assertThat(policy.observationSize()).isEqualTo(O);
    }

    @Test
    void samplesAreSpreadAsTheNetworkSays() {
        double[] s = {0.5, -1, 2};
        double[] parameters = apply(actor.parameters(), seen(s));
        SplittableRandom random = new SplittableRandom(3);
        int n = 20_000;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double[] action = policy.act(s, random);
            assertThat(ACTIONS.contains(action)).isTrue();
            double raw = atanh((action[0] + 1) / 2);
            sum += raw;
            squares += raw * raw;
        }
        double mean = sum / n;
        double deviation = Math.exp(parameters[A]);
        assertThat(mean).isCloseTo(parameters[0], within(4 * deviation / Math.sqrt(n)));
        assertThat(Math.sqrt(squares / n - mean * mean)).isCloseTo(deviation, within(0.03 * deviation));
    }

    private static double atanh(double x) {
        return 0.5 * Math.log((1 + x) / (1 - x));
    }

    @Test
    void manyRowsAreDrawnAsOneByOneInTraining() {
        Batch states = states(300);
        Batch actions = new Batch(0, A);
        policy.actions(states, new SplittableRandom(5), actions);
        assertThat(actions.rows()).isEqualTo(300);
        SplittableRandom random = new SplittableRandom(5);
        Tape tape = new Tape();
        for (int from = 0; from < 300; from += FrozenMlp.TILE) {
            int rows = Math.min(FrozenMlp.TILE, 300 - from);
            tape.reset();
            Tensor observations = tape.constant(rows, O);
            SCALING.observations(states, from, rows, observations.values(), O);
            Tensor noise = tape.constant(rows, A);
            VectorMath.gaussian(random, noise.values(), rows * A);
            TanhGaussian.Draw draw = actor.draw(tape, observations, noise);
            TanhGaussian.Draw constant = actor.drawConstant(tape, observations, noise);
            assertThat(Arrays.copyOf(constant.actions().values(), rows * A))
                    .isEqualTo(Arrays.copyOf(draw.actions().values(), rows * A));
            for (int i = 0; i < rows * A; i++) {
                double low = ACTIONS.low(i % A);
                double high = ACTIONS.high(i % A);
                double expected = low + (high - low) * (draw.actions().values()[i] + 1) / 2;
                assertThat((double) actions.array()[from * A + i]).isCloseTo(expected, within(1e-5));
            }
        }
    }

    @Test
    void policiesWithoutABatchMethodActRowByRow() {
        Policy lambda = (observation, random) -> new double[] {observation[0] + random.nextInt(2), 7};
        Batch states = states(5);
        Batch actions = new Batch(0, A);
        lambda.actions(states, new SplittableRandom(5), actions);
        SplittableRandom random = new SplittableRandom(5);
        for (int row = 0; row < 5; row++) {
            assertThat(actions.get(row, 0)).isEqualTo(states.get(row, 0) + random.nextInt(2));
            assertThat(actions.get(row, 1)).isEqualTo(7);
        }
    }

    @Test
    void criticsSayTheirLeast() {
        Batch states = states(200);
        Batch actions = new Batch(0, A);
        policy.actions(states, new SplittableRandom(5), actions);
        float[] values = new float[200];
        critics.values(states, actions, values);
        for (int row = 0; row < 200; row++) {
            double[] unit = {(actions.get(row, 0) + 1) / 2, (actions.get(row, 1) - 0.25) / 0.25};
            assertThat((double) values[row]).isCloseTo(leastQ(states.row(row), unit), within(1e-4));
        }
    }

    @Test
    void theGreedyValueIsTheLeastValueOfTheCentre() {
        GreedyValue value = new GreedyValue(policy, critics);
        Batch states = states(200);
        float[] values = new float[200];
        value.values(states, values);
        for (int row = 0; row < 200; row++) {
            double[] s = states.row(row);
            assertThat((double) values[row]).isCloseTo(leastQ(s, centre(s)), within(1e-4));
            assertThat(value.value(s)).isCloseTo(values[row], within(1e-5));
        }
    }

    @Test
    void theGreedyValueKnowsItsGradient() {
        GreedyValue value = new GreedyValue(policy, critics);
        Batch states = states(200);
        float[] plain = new float[200];
        float[] values = new float[200];
        Batch gradients = new Batch(0, O);
        value.values(states, plain);
        value.values(states, values, gradients);
        assertThat(values).isEqualTo(plain);
        int kinks = 0;
        double h = 1e-6;
        for (int row = 0; row < 200; row++) {
            for (int c = 0; c < O; c++) {
                double[] above = states.row(row);
                double[] below = states.row(row);
                above[c] += h;
                below[c] -= h;
                double numeric = (leastQ(above, centre(above)) - leastQ(below, centre(below))) / (2 * h);
                kinks += Math.abs(numeric - gradients.get(row, c)) > 1e-3 ? 1 : 0;
            }
        }
        assertThat(kinks).as("rows at a kink of a rectifier or of the minimum").isLessThanOrEqualTo(2);
    }

    @Test
    void theSoftValueCountsTheEntropy() {
        int draws = 4000;
        SoftValue value = new SoftValue(policy, critics, 0.7, draws, new SplittableRandom(1));
        double[] s = {0.5, -1, 2};
        double[] parameters = apply(actor.parameters(), seen(s));
        SplittableRandom random = new SplittableRandom(2);
        double sum = 0;
        int n = 50_000;
        for (int i = 0; i < n; i++) {
            double[] unit = new double[A];
            double logDensity = 0;
            for (int c = 0; c < A; c++) {
                double noise = random.nextGaussian();
                unit[c] = Math.tanh(parameters[c] + Math.exp(parameters[A + c]) * noise);
                logDensity -= noise * noise / 2 + parameters[A + c] + 0.5 * Math.log(2 * Math.PI);
                logDensity -= Math.log(1 - unit[c] * unit[c]);
            }
            sum += (leastQ(s, unit) - 0.7 * logDensity) / n;
        }
        assertThat(value.value(s)).isCloseTo(sum, within(0.1));
        float[] values = new float[300];
        Batch same = new Batch(300, O);
        same.fillRows(s);
        value.values(same, values);
        assertThat(values).containsOnly((float) value.value(s));
    }

    @Test
    void manyThreadsGetTheSameValues() {
        GreedyValue value = new GreedyValue(policy, critics);
        Batch states = states(100);
        float[] expected = new float[100];
        value.values(states, expected);
        new Workers(2).forEach(50, i -> {
            float[] values = new float[100];
            value.values(states, values, new Batch(0, O));
            assertThat(values).isEqualTo(expected);
        });
    }

    @Test
    void whatDoesNotFitIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> policy.act(new double[2], new SplittableRandom(1)))
                .withMessageContaining("observation has length 2, expected 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> policy.act(new double[] {1, Double.NaN, 2}, new SplittableRandom(1)))
                .withMessageContaining("observation[1] is NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> policy.actions(new Batch(2, 4), new SplittableRandom(1), new Batch(2, A)))
                .withMessageContaining("4 columns, expected 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> critics.values(states(3), new Batch(2, A), new float[3]))
                .withMessageContaining("actions has 2 rows, expected 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Critics(SCALING, List.of()))
                .withMessageContaining("members is empty");
        FrozenMlp wrong = new Mlp(4, List.of(3), 1, Activation.RELU, new SplittableRandom(1)).freeze();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Critics(SCALING, List.of(wrong)))
                .withMessageContainingAll("4 inputs", "O + A = 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scaling.of(new EnvSpec("Choices", 3, ActionSpace.discrete(2), 10)))
                .withMessageContainingAll("Choices", "continuous", "DQN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SCALING.requireSizes(2, 2))
                .withMessageContaining("O=2, A=2, expected O=3, A=2");
    }
}
