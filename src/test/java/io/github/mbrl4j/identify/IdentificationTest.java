package io.github.mbrl4j.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.identify.Estimate.Status;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several optima, bounds, and what data cannot tell. */
class IdentificationTest {

    private static final ActionSpace ACTIONS = ActionSpace.continuous(1, -3, 3);
    private static final IdentificationConfig SINGLE_STEPS =
            IdentificationConfig.defaults().withNoise(NoiseModel.PROCESS);

    /** Rows s' = 0.5·s + f(s, a) + noise. */
    private static ReplayBuffer log(int rows, double noise, DoubleBinaryOperator f) {
        RandomGenerator random = RandomStreams.of(17).stream("log");
        ReplayBuffer data = new ReplayBuffer(1, 1, rows);
        double s = 0.3;
        for (int i = 0; i < rows; i++) {
            double a = 6 * random.nextDouble() - 3;
            double next = 0.5 * s + f.applyAsDouble(s, a) + noise * random.nextGaussian();
            data.add(new Transition(new double[] {s}, new double[] {a}, 0, new double[] {next}, false, false, i == 0));
            s = next;
        }
        return data;
    }

    private static ParametricDynamics model(Equations next, Parameter... parameters) {
        return ParametricDynamics.discrete(List.of(parameters), ACTIONS, 1, next)
                .withConfig(SINGLE_STEPS);
    }

    private static final Equations WAVE = (s, a, p, next) -> next[0] = 0.5 * s[0] + Math.sin(p[0] * a[0]);

    @Test
    void oneOfManyOptimaIsFoundFromManyPlacesOnly() {
        ReplayBuffer data = log(100, 0.05, (s, a) -> Math.sin(7.3 * a));
        ParametricDynamics wave = model(WAVE, Parameter.of("frequency", 1).within(0, 20));
        double plain = wave.identify(data).parameter("frequency").value();
        assertThat(Math.abs(plain - 7.3)).as("from the first guess alone").isGreaterThan(1);

        ParametricDynamics manyStarts = wave.withConfig(SINGLE_STEPS.withStarts(100));
        ParametricDynamics global = wave.withConfig(SINGLE_STEPS.withGlobalEvaluations(600));
        for (ParametricDynamics thorough : List.of(manyStarts, global)) {
            Estimate found = thorough.identify(data).parameter("frequency");
            assertThat(found.value()).isCloseTo(7.3, within(0.02));
            assertThat(found.low()).isLessThan(7.3);
            assertThat(found.high()).isGreaterThan(7.3);
            assertThat(thorough.identify(data).parameter("frequency")).isEqualTo(found);
        }
    }

    @Test
    void aBoundIsKeptAsAGridFindsIt() {
        // The truth, (1.5, 0.8), is beyond the bound of the gain.
        ReplayBuffer data = log(60, 0.05, (s, a) -> 1.5 * Math.tanh(0.8 * a));
        ParametricDynamics bounded = model(
                (s, a, p, next) -> next[0] = 0.5 * s[0] + p[0] * Math.tanh(p[1] * a[0]),
                Parameter.of("gain", 0.5).within(0.1, 1.2),
                Parameter.of("slope", 0.3).within(0.1, 5));
        Identification found = bounded.identify(data);
        List<Transition> rows =
                IntStream.range(0, data.size()).mapToObj(data::transition).toList();
        double bestCost = Double.POSITIVE_INFINITY;
        double[] best = new double[2];
        for (double gain = 0.1; gain <= 1.2001; gain += 0.05) {
            for (double slope = 0.1; slope <= 5; slope += 0.004) {
                double cost = 0;
                for (Transition t : rows) {
                    double predicted = 0.5 * t.observation()[0] + gain * Math.tanh(slope * t.action()[0]);
                    cost += (t.next()[0] - predicted) * (t.next()[0] - predicted);
                }
                if (cost < bestCost) {
                    bestCost = cost;
                    best = new double[] {gain, slope};
                }
            }
        }
        assertThat(found.converged()).isTrue();
        assertThat(best[0]).isCloseTo(1.2, within(1e-9));
        Estimate gain = found.parameter("gain");
        assertThat(gain.value()).isEqualTo(1.2);
        assertThat(gain.status()).isEqualTo(Status.AT_UPPER_BOUND);
        assertThat(gain.standardError()).isNaN();
        assertThat(found.parameter("slope").value()).isCloseTo(best[1], within(0.004));
        assertThat(found.parameter("slope").status()).isEqualTo(Status.FOUND);
        assertThat(found.warnings()).anyMatch(w -> w.contains("gain is held by its bound 1.2"));
        assertThat(found.correlation()[0][1]).isNaN();
        assertThat(found.toString()).contains("at upper bound");
    }

    @Test
    void aPairThatEntersAsAProductIsReportedAsSuch() {
        // Only m·l² enters.
        Identification found = ParametricDynamics.continuous(
                        List.of(
                                Parameter.of("mass", 1).within(0.1, 10),
                                Parameter.of("length", 1).within(0.1, 10),
                                Parameter.of("damping", 0.2).within(0, 5)),
                        ActionSpace.continuous(1, -2, 2),
                        2,
                        Integrator.rungeKutta(0.05, 1),
                        (s, a, p, ds) -> {
                            ds[0] = s[1];
                            ds[1] = 3 * (a[0] - p[2] * s[1]) / (p[0] * p[1] * p[1]);
                        })
                .withAngles(0)
                .identify(SimulatedLogs.log(
                        (s, a, p, ds) -> {
                            ds[0] = s[1];
                            ds[1] = 3 * (a[0] - p[2] * s[1]) / (p[0] * p[1] * p[1]);
                        },
                        SimulatedLogs.PENDULUM_TRUTH,
                        ActionSpace.continuous(1, -2, 2),
                        new double[] {3, 1},
                        0,
                        0.05,
                        2,
                        100,
                        0.01,
                        1005));
        assertThat(found.ambiguities()).hasSize(1);
        Ambiguity pair = found.ambiguities().get(0);
        assertThat(pair.deviation()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(pair.weights().keySet()).containsExactlyInAnyOrder("mass", "length");
        // Raising l by 1 % and lowering m by 2 % changes nothing; magnitudes are those of the values found.
        assertThat(pair.weights().get("mass") / pair.weights().get("length")).isCloseTo(-2, within(0.01));
        assertThat(found.parameter("mass").status()).isEqualTo(Status.UNIDENTIFIED);
        assertThat(found.parameter("mass").standardError()).isInfinite();
        assertThat(found.parameter("mass").low()).isEqualTo(0.1);
        assertThat(found.parameter("mass").high()).isEqualTo(10);
        assertThat(found.parameter("damping").status()).isEqualTo(Status.FOUND);
        assertThat(found.parameter("damping").value()).isCloseTo(0.05, within(0.002));
        double length = found.parameter("length").value();
        assertThat(found.parameter("mass").value() * length * length).isCloseTo(0.8 * 0.36, within(0.01));
        assertThat(found.converged()).isTrue();
        assertThat(found.warnings()).anyMatch(w -> w.contains("mass and length cannot be told apart"));
    }

    @Test
    void whatHasNoInfluenceAndWhatIsCollinearAreNamedApart() {
        ReplayBuffer data = log(50, 0.05, (s, a) -> 0.7 * a);
        Identification found = model(
                        (s, a, p, next) -> next[0] = p[0] * s[0] + (p[1] + p[2]) * a[0] + 0 * p[3],
                        Parameter.of("slope", 1),
                        Parameter.of("one", 1),
                        Parameter.of("other", 1),
                        Parameter.of("idle", 1))
                .identify(data);
        assertThat(found.ambiguities())
                .extracting(a -> a.weights().keySet().toString())
                .containsExactlyInAnyOrder("[one, other]", "[idle]");
        assertThat(found.ambiguities()).extracting(Ambiguity::toString).contains("idle has no influence on these data");
        assertThat(found.parameter("slope").status()).isEqualTo(Status.FOUND);
        assertThat(found.parameter("slope").value()).isCloseTo(0.5, within(0.05));
        assertThat(found.parameter("idle").value()).isCloseTo(1, within(1e-6));
    }

    @Test
    void aPriorResolvesWhatDataCannot() {
        ReplayBuffer data = log(50, 0.05, (s, a) -> 0.7 * a);
        Identification found = model(
                        (s, a, p, next) -> next[0] = p[0] * s[0] + (p[1] + p[2]) * a[0],
                        Parameter.of("slope", 1),
                        Parameter.of("one", 1).prior(0.5, 0.01),
                        Parameter.of("other", 1))
                .identify(data);
        assertThat(found.parameter("one").status()).isEqualTo(Status.FOUND);
        assertThat(found.parameter("one").value()).isCloseTo(0.5, within(1e-4));
        assertThat(found.parameter("one").standardError()).isCloseTo(0.01, within(1e-4));
        assertThat(found.parameter("other").value()).isCloseTo(0.2, within(0.03));
        // The data alone still cannot.
        assertThat(found.ambiguities()).hasSize(1);
    }

    @Test
    void whatIsHardlyDeterminedIsNamed() {
        ReplayBuffer data = log(50, 0.5, (s, a) -> 0.7 * a);
        Identification found = model(
                        (s, a, p, next) -> next[0] = 0.5 * s[0] + p[0] * a[0] + p[1] * Math.exp(-50 * a[0] * a[0]),
                        Parameter.of("gain", 1),
                        Parameter.of("bump", 0.1))
                .identify(data);
        assertThat(found.ambiguities()).hasSize(1);
        assertThat(found.ambiguities().get(0).weights()).containsOnlyKeys("bump");
        assertThat(found.ambiguities().get(0).deviation()).isBetween(1.0, 100.0);
        assertThat(found.parameter("bump").status()).isEqualTo(Status.FOUND);
        assertThat(found.warnings()).anyMatch(w -> w.startsWith("bump is hardly determined"));
    }

    @Test
    void aModelThatMissesSomethingShowsInItsResiduals() {
        ReplayBuffer data = SimulatedLogs.pendulumLog(0.01, 1006, 2, 150);
        Equations frictionless =
                (s, a, p, ds) -> SimulatedLogs.PENDULUM.evaluate(s, a, new double[] {p[0], p[1], 0}, ds);
        Identification wrong = ParametricDynamics.continuous(
                        List.of(Parameter.of("mass", 0.8), Parameter.of("length", 0.6)),
                        ActionSpace.continuous(1, -2, 2),
                        2,
                        Integrator.rungeKutta(0.05, 2),
                        frictionless)
                .withAngles(0)
                .identify(data);
        assertThat(wrong.residuals().get(1).autocorrelation()).isGreaterThan(0.3);
        assertThat(wrong.residuals().get(1).durbinWatson()).isLessThan(1.5);
        assertThat(wrong.warnings()).anyMatch(w -> w.contains("the equations miss something"));
        Identification right = SimulatedLogs.pendulum().identify(data);
        assertThat(right.warnings()).isEmpty();
        assertThat(right.residuals().get(1).autocorrelation()).isBetween(-0.2, 0.2);
        assertThat(right.residuals().get(1).durbinWatson()).isBetween(1.7, 2.3);
        assertThat(right.residuals().get(1).explained()).isBetween(0.999, 1.0);
        assertThat(right.residuals().get(1).largest()).isBetween(2.0, 5.0);
    }

    /**
     * s' = 0.8·s + a with noise in what is seen of s: single steps take it for the state, and the slope is that of a regression with
     * errors in its variable, 0.8·var(s) / (var(s) + σ²). Multiple shooting is not misled.
     */
    @Test
    void observationNoiseCallsForMultipleShooting() {
        RandomGenerator random = RandomStreams.of(1007).stream("noisy");
        ReplayBuffer data = new ReplayBuffer(1, 1, 1000);
        double s = 0;
        double seen = 0;
        for (int i = 0; i < 1000; i++) {
            double a = 2 * random.nextDouble() - 1;
            s = 0.8 * s + a;
            double next = s + 0.3 * random.nextGaussian();
            data.add(new Transition(
                    new double[] {seen}, new double[] {a}, 0, new double[] {next}, false, false, i == 0));
            seen = next;
        }
        ParametricDynamics model = model((x, a, p, next) -> next[0] = p[0] * x[0] + a[0], Parameter.of("slope", 0.5));
        double variance = 1.0 / 3 / (1 - 0.64);
        Estimate single = model.identify(data).parameter("slope");
        assertThat(single.value()).isCloseTo(0.8 * variance / (variance + 0.09), within(0.02));
        assertThat(single.high()).as("far from the truth, and sure of it").isLessThan(0.79);
        Estimate multiple =
                model.withConfig(IdentificationConfig.defaults()).identify(data).parameter("slope");
        assertThat(multiple.value()).isCloseTo(0.8, within(0.015));
        assertThat(multiple.low()).isLessThan(0.8);
        assertThat(multiple.high()).isGreaterThan(0.8);
    }

    /** Where its bias is small, as here, a single step still tells little beside its noise. */
    @Test
    void longerSegmentsTellMore() {
        ReplayBuffer data = SimulatedLogs.pendulumLog(0.01, 1007);
        ParametricDynamics pendulum = SimulatedLogs.pendulum();
        Identification single = pendulum.withConfig(SINGLE_STEPS).identify(data);
        Identification segments = pendulum.identify(data);
        Identification episodes = pendulum.withConfig(
                        IdentificationConfig.defaults().withSegmentSteps(200))
                .identify(data);
        for (int j = 0; j < 3; j++) {
            double error = segments.parameters().get(j).standardError();
            assertThat(single.parameters().get(j).standardError()).isGreaterThan(5 * error);
            assertThat(episodes.parameters().get(j).standardError()).isLessThan(0.7 * error);
        }
        assertThat(single.toString()).contains("process noise assumed");
        assertThat(segments.toString()).contains("observation noise assumed");
    }

    /** The logistic map doubles errors at each step: 1 % of noise is everything after seven steps. */
    @Test
    void segmentsThatCannotBeFollowedAreCut() {
        RandomGenerator random = RandomStreams.of(1012).stream("chaos");
        ReplayBuffer data = new ReplayBuffer(1, 1, 400);
        double s = 0.3;
        double seen = s;
        for (int i = 0; i < 400; i++) {
            s = 3.9 * s * (1 - s);
            double next = s + 0.003 * random.nextGaussian();
            data.add(new Transition(
                    new double[] {seen},
                    new double[] {random.nextDouble()},
                    0,
                    new double[] {next},
                    false,
                    false,
                    i == 0));
            seen = next;
        }
        ParametricDynamics map = ParametricDynamics.discrete(
                List.of(Parameter.of("growth", 3.5).within(0, 4)),
                ACTIONS,
                1,
                (x, a, p, next) -> next[0] = p[0] * x[0] * (1 - x[0]));
        Identification found = map.identify(data);
        assertThat(found.warnings()).anyMatch(w -> w.contains("were cut"));
        assertThat(found.segments()).isGreaterThan(8);
        Estimate growth = found.parameter("growth");
        assertThat(growth.value()).isCloseTo(3.9, within(0.002));
        assertThat(found.residuals().get(0).deviation()).isCloseTo(0.003, within(0.0005));
    }

    @Test
    void exactDataGiveExactParameters() {
        Identification found = SimulatedLogs.cartPole()
                .withConfig(IdentificationConfig.defaults().withSegmentSteps(10))
                .identify(SimulatedLogs.cartPoleLog(0, 1008));
        for (int j = 0; j < 4; j++) {
            // What is left is float32, and the integrator of the log is finer.
            assertThat(found.parameters().get(j).value()).isCloseTo(SimulatedLogs.CART_POLE_TRUTH[j], within(2e-3));
        }
    }

    @Test
    void theTableTellsAllThatCounts() {
        assertThat(SimulatedLogs.pendulum()
                        .identify(SimulatedLogs.pendulumLog(0.01, 1009, 1, 100))
                        .toString())
                .contains("parameter", "std. error", "95 % from", "mass", "length", "damping")
                .contains("correlation", "noise sd", "Durbin-Wats.", "explained")
                .contains("99 rows used in 2 segments, 1 dropped; converged after");
    }
}
