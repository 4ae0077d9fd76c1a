package io.github.mbrl4j.control;

import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Controls M environments of the same kind at once: one call plans for all of them, in parallel. Each environment has an
 * {@link MpcController} with a planner, and so a warm start, of its own; they share the world model.
 *
 * <p>The actions are those of M single controllers that are given the streams {@code ("environment", m)} of
 * {@link RandomStreams}, for any number of threads. A planner's deadline is that of one plan: M plans on T threads take about M/T
 * times as long. For one caller at a time.
 */
public final class MpcFleet {

    private final List<MpcController> controllers = new ArrayList<>();
    private final Workers workers;

    /**
     * Makes a fleet.
     *
     * @param environments how many, M, at least 1
     * @param planners makes a new planner for each of them
     * @param world predicts what comes of actions
     * @param options how they plan; the workers are shared by all
     * @throws IllegalArgumentException if there are no environments, a planner comes twice, or does not plan over the world's
     *     actions
     */
    public MpcFleet(int environments, Supplier<? extends Planner> planners, WorldModel world, MpcOptions options) {
        Require.positive("environments", environments);
        workers = options.workers();
        // With enough plans for all threads, none is cut up between them.
        MpcOptions each = environments < workers.threads() ? options : options.withWorkers(new Workers(1));
        Set<Planner> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int m = 0; m < environments; m++) {
            Planner planner = planners.get();
            Require.that(
                    seen.add(planner),
                    "planners returned the same planner for two environments, expected a new one each time; a planner"
                            + " remembers its last plan");
            controllers.add(new MpcController(planner, world, each));
        }
    }

    /**
     * Makes a fleet with the default options.
     *
     * @param environments how many, M, at least 1
     * @param planners makes a new planner for each of them
     * @param world predicts what comes of actions
     * @throws IllegalArgumentException if there are no environments, a planner comes twice, or does not plan over the world's
     *     actions
     */
    public MpcFleet(int environments, Supplier<? extends Planner> planners, WorldModel world) {
        this(environments, planners, world, MpcOptions.defaults());
    }

    /**
     * The number of environments.
     *
     * @return M
     */
    public int environments() {
        return controllers.size();
    }

    /**
     * Plans for all environments.
     *
     * @param observations what is seen in each [M][O], finite, not modified
     * @param random source of randomness; one number is drawn
     * @return the actions to execute [M][A]
     * @throws IllegalArgumentException if there are not M observations, or one has another length or is not finite as floats
     * @throws IllegalStateException if the model has not been fitted
     */
    public double[][] act(double[][] observations, RandomGenerator random) {
        Require.that(
                observations.length == controllers.size(),
                "observations has length %d, expected %d, one for each environment",
                observations.length,
                controllers.size());
        for (int m = 0; m < observations.length; m++) {
            // All of them before the first plan, so that a wrong one costs no plan of the others.
            controllers.get(m).check(observations[m]);
        }
        RandomStreams streams = RandomStreams.of(random.nextLong());
        double[][] actions = new double[observations.length][];
        workers.forEach(
                observations.length,
                m -> actions[m] = controllers.get(m).act(observations[m], streams.stream("environment", m)));
        return actions;
    }

    /**
     * Forgets the plan of an environment whose episode begins.
     *
     * @param environment from 0 to M − 1
     */
    public void reset(int environment) {
        controllers.get(environment).reset();
    }

    /** Forgets all plans; to be called when all episodes begin. */
    public void reset() {
        controllers.forEach(MpcController::reset);
    }

    /**
     * The controller of one environment, for its plan and its constraint report.
     *
     * @param environment from 0 to M − 1
     * @return the live controller
     */
    public MpcController controller(int environment) {
        return controllers.get(environment);
    }
}
