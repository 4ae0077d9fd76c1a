package io.github.mbrl4j.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Whatever may be wrong with a log is named in the result or refused, never fitted silently. */
class BadLogsTest {

    private static final ActionSpace ACTIONS = ActionSpace.continuous(1, -3, 3);
    private static final IdentificationConfig DEFAULTS = IdentificationConfig.defaults();

    private static ReplayBuffer copy(ReplayBuffer data, int from, int to) {
        ReplayBuffer copy = new ReplayBuffer(data.observationSize(), data.actionSize(), 10_000);
        for (int i = from; i < to; i++) {
            copy.add(data.transition(i));
        }
        return copy;
    }

    private static ParametricDynamics decay(Parameter... parameters) {
        return ParametricDynamics.discrete(
                List.of(parameters), ACTIONS, 1, (s, a, p, next) -> next[0] = p[0] * s[0] + a[0]);
    }

    private static ReplayBuffer decayLog(int rows, double action) {
        RandomGenerator random = RandomStreams.of(3).stream("decay");
        ReplayBuffer data = new ReplayBuffer(1, 1, rows);
        double s = 5;
        for (int i = 0; i < rows; i++) {
            double next = 0.8 * s + action;
            double noisy = next + 0.01 * random.nextGaussian();
            data.add(new Transition(
                    new double[] {s}, new double[] {action}, 0, new double[] {noisy}, false, false, i == 0));
            s = noisy;
        }
        return data;
    }

    @Test
    void tooFewRowsAreRefusedWithTheCount() {
        ReplayBuffer data = SimulatedLogs.cartPoleLog(0.01, 1001);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedLogs.cartPole().identify(copy(data, 0, 1)))
                .withMessageContaining(
                        "data has 1 transitions, which are 8 numbers to compare, expected more than the 8 unknowns");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedLogs.cartPole()
                        .withConfig(DEFAULTS.withNoise(NoiseModel.PROCESS))
                        .identify(copy(data, 0, 1)))
                .withMessageContaining("expected more than the 4 unknowns, the parameters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedLogs.cartPole().identify(copy(data, 0, 0)))
                .withMessageContaining("data is empty");
    }

    @Test
    void otherWidthsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedLogs.cartPole().identify(new ReplayBuffer(5, 1, 10)))
                .withMessageContaining("data has observations of size 5, expected 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedLogs.cartPole().identify(new ReplayBuffer(4, 2, 10)))
                .withMessageContaining("data has actions of size 2, expected 1");
    }

    /** Rows are left out here and there, without a word in the log. */
    @Test
    void gapsEndSegmentsAndAreCounted() {
        ReplayBuffer whole = SimulatedLogs.pendulumLog(0.01, 1002, 1, 300);
        ReplayBuffer torn = new ReplayBuffer(2, 1, 300);
        for (int i = 0; i < 300; i++) {
            if (i != 70 && i != 71 && i != 200) {
                torn.add(whole.transition(i));
            }
        }
        Identification found = SimulatedLogs.pendulum().identify(torn);
        assertThat(found.warnings())
                .containsExactly("rows do not join in 2 places within episodes; segments end there");
        Log log = Log.of(
                torn,
                new Structure(
                        List.of(),
                        ActionSpace.continuous(1, -1, 1),
                        2,
                        2,
                        () -> (s, a, p, n) -> {},
                        null,
                        null,
                        new boolean[2]));
        assertThat(log.stretches()).extracting(Segment::steps).containsExactly(70, 128, 99);
        assertThat(log.stretches()).extracting(Segment::row).containsExactly(0, 70, 198);
        for (int j = 0; j < 3; j++) {
            double truth = SimulatedLogs.PENDULUM_TRUTH[j];
            assertThat(found.parameters().get(j).value()).isCloseTo(truth, within(0.01 * truth));
        }
    }

    /** Without the marks of the episodes' ends every jump to a new start would be taken for physics. */
    @Test
    void episodesAreNeverJoined() {
        ReplayBuffer data = SimulatedLogs.pendulumLog(0.01, 1003, 20, 15);
        Identification found = SimulatedLogs.pendulum().identify(data);
        assertThat(found.segments()).isEqualTo(20);
        assertThat(found.rowsDropped()).isZero();
        assertThat(found.warnings()).isEmpty();
    }

    @Test
    void constantColumnsAreNamed() {
        Identification found = decay(Parameter.of("factor", 0.3)).identify(decayLog(40, 1));
        assertThat(found.warnings())
                .contains("dimension 0 of the actions is constant; its effect may not be told from others");
        ReplayBuffer still = new ReplayBuffer(1, 1, 20);
        for (int i = 0; i < 20; i++) {
            still.add(new Transition(new double[1], new double[1], 0, new double[1], false, false, i == 0));
        }
        Identification nothing = decay(Parameter.of("factor", 0.3)).identify(still);
        assertThat(nothing.warnings())
                .contains("dimension 0 of the observations is constant and tells nothing")
                .contains("factor has no influence on these data");
        assertThat(nothing.parameter("factor").value()).isEqualTo(0.3);
        assertThat(nothing.parameter("factor").status()).isEqualTo(Estimate.Status.UNIDENTIFIED);
    }

    @Test
    void equationsThatDivergeAreNamedWithRowAndValues() {
        ParametricDynamics explosive = ParametricDynamics.discrete(
                List.of(Parameter.of("power", 400)), ACTIONS, 1, (s, a, p, next) -> next[0] = Math.exp(p[0] * s[0]));
        ReplayBuffer data = decayLog(30, 0.5);
        RandomGenerator random = RandomStreams.of(1).stream("fit");
        assertThatIllegalStateException()
                .isThrownBy(() -> explosive.fit(data, random))
                .withMessageContaining("in row 0 of the data the state [5.0] and the action [0.5] lead to [Infinity]")
                .withMessageContaining("power = 400.0");
        assertThat(explosive.value("power")).isEqualTo(400);
        assertThat(explosive.lastIdentification()).isEmpty();
    }

    /** A level near 0 is often seen below it. */
    @Test
    void aStateThatNoiseMadeUpIsNamed() {
        ParametricDynamics tank = ParametricDynamics.discrete(
                List.of(Parameter.of("hole", 0.1)),
                ACTIONS,
                1,
                (s, a, p, next) -> next[0] = s[0] + a[0] - p[0] * Math.sqrt(s[0]));
        ReplayBuffer data = new ReplayBuffer(1, 1, 10);
        for (int i = 0; i < 10; i++) {
            double[] level = {i == 4 ? -0.5 : 1};
            data.add(new Transition(level, new double[] {0.25}, 0, new double[] {1}, false, true, true));
        }
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        tank.withConfig(DEFAULTS.withNoise(NoiseModel.PROCESS)).identify(data))
                .withMessageContaining("in row 4 of the data the state [-0.5] and the action [0.25] lead to [NaN]")
                .withMessageContaining("the root of a level below 0");
    }

    @Test
    void equationsThatChangeWhatTheyAreGivenAreRefused() {
        List<Parameter> factor = List.of(Parameter.of("factor", 0.5));
        ReplayBuffer data = decayLog(30, 0.5);
        Map<String, Equations> changing = Map.of(
                "state, [5.0] to [2.5]",
                        (s, a, p, next) -> {
                            s[0] *= p[0];
                            next[0] = s[0] + a[0];
                        },
                "action, [0.5] to [0.0]",
                        (s, a, p, next) -> {
                            next[0] = p[0] * s[0] + a[0];
                            a[0] = 0;
                        },
                "parameters, [0.5] to [17.0]",
                        (s, a, p, next) -> {
                            next[0] = p[0] * s[0] + a[0];
                            p[0] = 17;
                        });
        changing.forEach((what, equations) -> {
            ParametricDynamics model = ParametricDynamics.discrete(factor, ACTIONS, 1, equations);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.identify(data))
                    .withMessageContaining("the equations change their argument " + what + " in row 0 of the data");
            model.predict(new Batch(1, 1), new Batch(1, 1), new Batch(1, 1));
            assertThat(model.value("factor")).isEqualTo(0.5);
        });
    }

    @Test
    void equationsThatForgetAPartOfTheResultAreRefused() {
        ReplayBuffer data = decayLog(30, 0.5);
        List<Equations> forgetful = List.of(
                (s, a, p, next) -> {
                    if (s[0] > 4) {
                        next[0] = p[0] * s[0] + a[0];
                    }
                },
                (s, a, p, next) -> next[0] += p[0] * s[0] + a[0]);
        for (Equations equations : forgetful) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ParametricDynamics.discrete(
                                    List.of(Parameter.of("factor", 0.5)), ACTIONS, 1, equations)
                            .identify(data))
                    .withMessageContaining("the equations leave result[0] as it was, or read it");
        }
    }

    @Test
    void batchesOfDifferentLengthsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        decay(Parameter.of("factor", 0.5)).predict(new Batch(1, 1), new Batch(3, 1), new Batch(3, 1)))
                .withMessage("actions has 3 rows, expected 1 as states has");
    }

    @Test
    void oneGoodPlaceToBeginFromIsEnough() {
        ParametricDynamics explosive = ParametricDynamics.discrete(
                        List.of(Parameter.of("power", 400).within(-1, 400)),
                        ACTIONS,
                        1,
                        (s, a, p, next) -> next[0] = 0.8 * s[0] + 0.5 * Math.exp(p[0] * s[0]))
                .withConfig(DEFAULTS.withStarts(1).withGlobalEvaluations(400));
        assertThat(explosive.identify(decayLog(30, 0.5)).parameter("power").value())
                .isCloseTo(0, within(0.01));
    }

    @Test
    void derivativesThatAreNotFiniteAreNamed() {
        ParametricDynamics kinked = ParametricDynamics.discrete(
                List.of(Parameter.of("root", 0)),
                ACTIONS,
                1,
                (s, a, p, next) -> next[0] = 0.8 * s[0] + Math.sqrt(p[0]) + a[0]);
        assertThatIllegalStateException()
                .isThrownBy(() -> kinked.identify(decayLog(30, 0.5)))
                .withMessageContaining("derivatives that are not finite");
    }

    @Test
    void aStepOfTheIntegratorThatIsTooLongIsNamed() {
        ReplayBuffer data = SimulatedLogs.pendulumLog(1e-5, 1004, 1, 100);
        Identification coarse = ParametricDynamics.continuous(
                        List.of(Parameter.of("mass", 0.8), Parameter.of("length", 0.6), Parameter.of("damping", 0.05)),
                        ACTIONS,
                        2,
                        Integrator.rungeKutta(0.05, 1),
                        SimulatedLogs.PENDULUM)
                .withAngles(0)
                .identify(data);
        assertThat(coarse.warnings()).anyMatch(w -> w.contains("take more substeps"));
    }

    @Test
    void tooFewIterationsDoNotCountAsConverged() {
        Structure structure = new Structure(
                List.of(Parameter.of("factor", -5)),
                ACTIONS,
                1,
                1,
                () -> (s, a, p, next) -> next[0] = Math.tanh(p[0]) * s[0] + a[0],
                null,
                null,
                new boolean[1]);
        List<Segment> steps = Log.of(decayLog(30, 0.5), structure).singleSteps();
        Shooting problem = new Shooting(structure, steps, false, new double[] {0.01});
        Point start = problem.at(new double[] {-1});
        LevenbergMarquardt.Result one = new LevenbergMarquardt(problem, 1).minimise(start);
        LevenbergMarquardt.Result many = new LevenbergMarquardt(problem, 100).minimise(start);
        assertThat(one.converged()).isFalse();
        assertThat(one.iterations()).isEqualTo(1);
        assertThat(many.converged()).isTrue();
        assertThat(many.cost()).isLessThan(one.cost());
        assertThat(Math.tanh(many.point().parameters()[0])).isCloseTo(0.8, within(0.01));
    }

    @Test
    void aGlobalSearchNeedsBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> decay(Parameter.of("factor", 0.3).within(0, Double.POSITIVE_INFINITY))
                        .withConfig(DEFAULTS.withGlobalEvaluations(100))
                        .identify(decayLog(30, 0.5)))
                .withMessageContaining("factor is within [0.0, Infinity], expected two finite bounds");
    }

    @Test
    void mistakesInTheModelAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> decay(Parameter.of("a", 1), Parameter.of("a", 2)))
                .withMessageContaining("two parameters named a");
        assertThatIllegalArgumentException()
                .isThrownBy(BadLogsTest::decay)
                .withMessageContaining("parameters is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parameter.of("a", 5).within(0, 1))
                .withMessageContaining("a: initial is 5.0, expected a finite number within [0.0, 1.0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parameter.of("a", 1).within(2, 1))
                .withMessageContaining("expected low < high");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parameter.of("a", 1).prior(1, 0))
                .withMessageContaining("priorDeviation is 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parameter.of(" ", 1))
                .withMessageContaining("name is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedLogs.pendulum().withAngles(2))
                .withMessageContaining("angle is dimension 2, expected one from 0 to 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedLogs.pendulum().withValues(1, 1, -1))
                .withMessageContaining("damping is -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedLogs.pendulum().value("weight"))
                .withMessageContaining("no parameter weight, expected one of [mass, length, damping]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withSegmentSteps(1))
                .withMessageContaining("NoiseModel.PROCESS");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Integrator.rungeKutta(0, 1))
                .withMessage("dt is 0.0, expected a finite number above 0");
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withStarts(0));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withIterations(0));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withGlobalEvaluations(-1));
    }
}
