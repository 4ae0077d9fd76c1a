package io.github.mbrl4j.report;

import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.model.LinearDynamics;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a linear model would have predicted. It is fitted on the training data; without them, on every other held-out episode, once
 * on the even ones and once on the odd ones, and each trial is predicted by the one that has not seen it.
 *
 * @param description what it was fitted on, or why there is none
 * @param forecast null if there is none
 */
record LinearBaseline(String description, @Nullable Forecast forecast) {

    static LinearBaseline of(
            DynamicsModel model,
            HeldOut trials,
            ReplayBuffer heldOut,
            @Nullable ReplayBuffer training,
            Workers workers) {
        if (training == null && trials.episodeCount() < 2) {
            return new LinearBaseline(
                    "none: there is one held-out episode only, and no training data were given", null);
        }
        try {
            if (training != null) {
                LinearDynamics linear = fit(model, trials, training, i -> true);
                return new LinearBaseline("fitted on the training data", Forecast.of(linear, trials, workers));
            }
            LinearDynamics even = fit(model, trials, heldOut, i -> trials.episodeOfTransition(i) % 2 == 0);
            LinearDynamics odd = fit(model, trials, heldOut, i -> trials.episodeOfTransition(i) % 2 == 1);
            Forecast forecast = Forecast.choose(
                    Forecast.of(odd, trials, workers),
                    Forecast.of(even, trials, workers),
                    trials,
                    trial -> trials.episodeOf(trial) % 2 == 0);
            return new LinearBaseline("fitted on half of the held-out episodes, judged on the others", forecast);
        } catch (IllegalArgumentException tooFew) {
            return new LinearBaseline("none: " + tooFew.getMessage(), null);
        }
    }

    /** An angle that passes ±π goes on beyond: a linear model knows no jump. */
    private static LinearDynamics fit(DynamicsModel model, HeldOut trials, ReplayBuffer data, IntPredicate chosen) {
        EnvSpec spec = new EnvSpec("linear baseline", model.stateSize(), model.actionSpace(), 1);
        ReplayBuffer rows = ReplayBuffer.of(spec, data.size());
        for (int i = 0; i < data.size(); i++) {
            if (chosen.test(i)) {
                Transition t = data.transition(i);
                double[] next = new double[model.stateSize()];
                for (int d = 0; d < next.length; d++) {
                    next[d] = t.observation()[d] + trials.difference(t.next()[d], t.observation()[d], d);
                }
                rows.add(new Transition(t.observation(), t.action(), t.reward(), next, false, true, true));
            }
        }
        LinearDynamics linear = new LinearDynamics(spec);
        linear.fit(rows, RandomStreams.of(0).stream("linear baseline"));
        return linear;
    }
}
