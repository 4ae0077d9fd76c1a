package io.github.mbrl4j.identify;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.model.TrainableDynamics;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Equations with unknown parameters as a model: a few numbers are learned instead of a network.
 *
 * <pre>{@code
 * ParametricDynamics pendulum = ParametricDynamics.continuous(
 *         List.of(Parameter.of("mass", 0.5).within(0.1, 10), Parameter.of("length", 0.5).within(0.1, 10)),
 *         ActionSpace.continuous(1, -2, 2),
 *         2,
 *         Integrator.rungeKutta(0.05, 1),
 *         (s, a, p, ds) -> {
 *             ds[0] = s[1];
 *             ds[1] = 1.5 * 9.81 / p[1] * Math.sin(s[0]) + 3 * a[0] / (p[0] * p[1] * p[1]);
 *         });
 * Identification result = pendulum.withAngles(0).identify(log);
 * System.out.println(result);
 * }</pre>
 *
 * <p>A row of the model is what is logged: the equations' state, or what {@link #withObservation} makes of it. {@link #identify}
 * changes nothing and tells all; {@link #fit} does the same and takes the values over, so that agents refit the model as data arrive.
 *
 * <p>A model's structure never changes, the {@code with} methods return copies. Prediction is safe from many threads, also while
 * {@link #fit} runs in one. Actions are used as they are, without clipping. Rows are float32, the equations are computed in double.
 */
public final class ParametricDynamics implements TrainableDynamics {

    private final Structure structure;
    private final Equations equations;
    private final IdentificationConfig config;
    private volatile double[] values;
    private volatile @Nullable Identification last;

    private ParametricDynamics(Structure structure, Equations equations, IdentificationConfig config, double[] values) {
        this.structure = structure;
        this.equations = equations;
        this.config = config;
        this.values = values;
    }

    /**
     * A model in continuous time, ẋ = f(x, a, p), with the action held over each step.
     *
     * @param parameters the unknown numbers, at least one, with different names
     * @param actions the actions it is made for
     * @param stateSize width S of a state, at least 1
     * @param integrator the time between rows and how to follow the equations over it
     * @param derivative the equations
     * @return the model with the parameters' first guesses
     * @throws IllegalArgumentException if there is no parameter, two have the same name, or the size is below 1
     */
    public static ParametricDynamics continuous(
            List<Parameter> parameters,
            ActionSpace actions,
            int stateSize,
            Integrator integrator,
            Equations derivative) {
        Objects.requireNonNull(derivative, "derivative");
        Integrator finer = integrator.finer();
        Structure structure = new Structure(
                checked(parameters),
                Objects.requireNonNull(actions, "actions"),
                Require.positive("stateSize", stateSize),
                stateSize,
                () -> integrator.over(derivative, stateSize),
                () -> finer.over(derivative, stateSize),
                null,
                new boolean[stateSize]);
        return of(structure, derivative);
    }

    /**
     * A model in discrete time, s' = f(s, a, p).
     *
     * @param parameters the unknown numbers, at least one, with different names
     * @param actions the actions it is made for
     * @param stateSize width S of a state, at least 1
     * @param next the equations
     * @return the model with the parameters' first guesses
     * @throws IllegalArgumentException if there is no parameter, two have the same name, or the size is below 1
     */
    public static ParametricDynamics discrete(
            List<Parameter> parameters, ActionSpace actions, int stateSize, Equations next) {
        Objects.requireNonNull(next, "next");
        Structure structure = new Structure(
                checked(parameters),
                Objects.requireNonNull(actions, "actions"),
                Require.positive("stateSize", stateSize),
                stateSize,
                () -> next::evaluate,
                null,
                null,
                new boolean[stateSize]);
        return of(structure, next);
    }

    private static ParametricDynamics of(Structure structure, Equations equations) {
        return new ParametricDynamics(structure, equations, IdentificationConfig.defaults(), structure.initialValues());
    }

    private static List<Parameter> checked(List<Parameter> parameters) {
        Objects.requireNonNull(parameters, "parameters");
        Require.that(!parameters.isEmpty(), "parameters is empty, expected at least one unknown");
        Set<String> names = new HashSet<>();
        for (Parameter parameter : parameters) {
            Require.that(
                    names.add(parameter.name()),
                    "there are two parameters named %s, expected names that differ",
                    parameter.name());
        }
        return List.copyOf(parameters);
    }

    /**
     * The same with dimensions that are angles in radians: differences between log and prediction are taken the short way round.
     *
     * @param dimensions of an observation, from 0 to O − 1
     * @return the changed copy
     * @throws IllegalArgumentException if there is no such dimension
     */
    public ParametricDynamics withAngles(int... dimensions) {
        boolean[] angles = new boolean[structure.observationSize()];
        for (int dimension : dimensions) {
            Require.that(
                    dimension >= 0 && dimension < angles.length,
                    "angle is dimension %d, expected one from 0 to %d",
                    dimension,
                    angles.length - 1);
            angles[dimension] = true;
        }
        return with(new Structure(
                structure.parameters(),
                structure.actions(),
                structure.stateSize(),
                structure.observationSize(),
                structure.steppers(),
                structure.finerSteppers(),
                structure.map(),
                angles));
    }

    /**
     * The same for logs and planners that see something else than the equations' state; the rows of the model are observations
     * then. No observed dimension counts as an angle afterwards; name them once more.
     *
     * @param observationSize width O of an observation, at least 1
     * @param map what is seen of a state, and back
     * @return the changed copy
     * @throws IllegalArgumentException if the size is below 1
     */
    public ParametricDynamics withObservation(int observationSize, ObservationMap map) {
        Require.positive("observationSize", observationSize);
        return with(new Structure(
                structure.parameters(),
                structure.actions(),
                structure.stateSize(),
                observationSize,
                structure.steppers(),
                structure.finerSteppers(),
                Objects.requireNonNull(map, "map"),
                new boolean[observationSize]));
    }

    private ParametricDynamics with(Structure newStructure) {
        return new ParametricDynamics(newStructure, equations, config, values);
    }

    /**
     * The same with other settings of the fit.
     *
     * @param newConfig the settings
     * @return the changed copy
     */
    public ParametricDynamics withConfig(IdentificationConfig newConfig) {
        return new ParametricDynamics(structure, equations, Objects.requireNonNull(newConfig, "newConfig"), values);
    }

    /**
     * The same with other present values of the parameters, where the next fit begins.
     *
     * @param newValues one for each parameter, in their order, within their bounds; copied
     * @return the changed copy
     * @throws IllegalArgumentException if the number differs, or a value is not finite or beyond a bound
     */
    public ParametricDynamics withValues(double... newValues) {
        Require.finite("values", newValues, structure.parameters().size());
        for (int j = 0; j < newValues.length; j++) {
            Parameter parameter = structure.parameters().get(j);
            Require.inRange(parameter.name(), newValues[j], parameter.low(), parameter.high());
        }
        return new ParametricDynamics(structure, equations, config, newValues.clone());
    }

    /**
     * The present values of the parameters.
     *
     * @return a copy, in the order of the parameters
     */
    public double[] values() {
        return values.clone();
    }

    /**
     * The present value of a parameter.
     *
     * @param name of the parameter
     * @return its value
     * @throws IllegalArgumentException if there is no such parameter
     */
    public double value(String name) {
        for (int j = 0; j < values.length; j++) {
            if (structure.parameters().get(j).name().equals(name)) {
                return values[j];
            }
        }
        throw new IllegalArgumentException("there is no parameter " + name + ", expected one of "
                + structure.parameters().stream().map(Parameter::name).toList());
    }

    /**
     * The settings of the fit.
     *
     * @return the settings
     */
    public IdentificationConfig config() {
        return config;
    }

    /**
     * What the last {@link #fit} found.
     *
     * @return empty before the first
     */
    public Optional<Identification> lastIdentification() {
        return Optional.ofNullable(last);
    }

    /**
     * Finds the parameters from a log, beginning at the present values; this model is not changed. Randomness, where the settings
     * want any, comes from a stream of its own that is the same each time.
     *
     * @param data transitions, not modified; segments end where episodes end and where rows do not join
     * @return the parameters with their errors, and the model with them
     * @throws IllegalArgumentException if the data are of other widths or too few, or the equations change their arguments or leave
     *     a part of the result as it was
     * @throws IllegalStateException if the equations cannot be followed from any of the places to begin from
     */
    public Identification identify(ReplayBuffer data) {
        return identify(data, RandomStreams.of(0).stream("identification"));
    }

    /**
     * The same with a source of randomness, for several starts and the global search.
     *
     * @param data transitions, not modified; segments end where episodes end and where rows do not join
     * @param random source of randomness
     * @return the parameters with their errors, and the model with them
     * @throws IllegalArgumentException if the data are of other widths or too few, the equations change their arguments or leave a
     *     part of the result as it was, or a global search is asked for and a parameter has no bounds
     * @throws IllegalStateException if the equations cannot be followed from any of the places to begin from
     */
    public Identification identify(ReplayBuffer data, RandomGenerator random) {
        Log log = Log.of(data, structure);
        EquationsCheck.over(log, structure, equations, values);
        Found found = new Identifier(structure, config, log).run(values, random);
        return new Report(structure, config.noise(), log, found).identification(withValues(found.values()));
    }

    /**
     * Finds the parameters as {@link #identify} does, beginning at the present values, and takes them over. Parameters that the
     * data do not determine stay near where they were.
     *
     * @param data transitions, not modified
     * @param random source of randomness
     * @return one member, whose losses are shares of the change since the beginning of a segment that are not predicted
     * @throws IllegalArgumentException if the data are of other widths or too few
     * @throws IllegalStateException if the equations cannot be followed; the model is then as it was before
     */
    @Override
    public FitReport fit(ReplayBuffer data, RandomGenerator random) {
        long begin = System.nanoTime();
        Identification found = identify(data, random);
        last = found;
        values = found.model().values;
        double unexplained = found.residuals().stream()
                .mapToDouble(DimensionResiduals::explained)
                .filter(Double::isFinite)
                .map(explained -> 1 - explained)
                .average()
                .orElse(0);
        return new FitReport(
                data.size(),
                List.of(new FitReport.Member(unexplained, unexplained, found.iterations())),
                List.of(0),
                (System.nanoTime() - begin) * 1e-9);
    }

    @Override
    public int stateSize() {
        return structure.observationSize();
    }

    @Override
    public ActionSpace actionSpace() {
        return structure.actions();
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next) {
        states.requireColumns("states", stateSize());
        actions.requireColumns("actions", actionSize());
        next.requireColumns("next", stateSize());
        Require.that(
                actions.rows() == states.rows(),
                "actions has %d rows, expected %d as states has",
                actions.rows(),
                states.rows());
        next.resize(states.rows());
        // A copy, so that equations that write to their parameters do not change the model.
        double[] parameters = values.clone();
        Stepper stepper = structure.steppers().get();
        double[] observation = new double[stateSize()];
        double[] action = new double[actionSize()];
        double[] before = new double[structure.stateSize()];
        double[] after = new double[structure.stateSize()];
        for (int row = 0; row < states.rows(); row++) {
            states.copyRow(row, observation);
            actions.copyRow(row, action);
            structure.infer(observation, before);
            stepper.step(before, action, parameters, after);
            structure.observe(after, observation);
            next.setRow(row, observation);
        }
    }

    @Override
    public String toString() {
        return "ParametricDynamics[" + structure.describe(values) + "]";
    }
}
