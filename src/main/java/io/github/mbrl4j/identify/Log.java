package io.github.mbrl4j.identify;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A replay buffer as stretches of observations without an episode's end or a gap inside.
 *
 * @param stretches in the order of the log
 * @param rows transitions in the log
 * @param gaps places within an episode where a row's next observation is not the following row's observation
 */
record Log(List<Segment> stretches, int rows, int gaps) {

    /** A difference of this share is rounding. */
    private static final double ROUNDING = 1e-5;

    static Log of(ReplayBuffer data, Structure structure) {
        Require.that(
                data.observationSize() == structure.observationSize(),
                "data has observations of size %d, expected %d; maybe map them to the equations' states with withObservation",
                data.observationSize(),
                structure.observationSize());
        Require.that(
                data.actionSize() == structure.actions().size(),
                "data has actions of size %d, expected %d",
                data.actionSize(),
                structure.actions().size());
        Require.that(data.size() > 0, "data is empty, expected a log to fit to");
        List<Segment> stretches = new ArrayList<>();
        List<Transition> run = new ArrayList<>();
        int gaps = 0;
        for (int row = 0; row < data.size(); row++) {
            Transition transition = data.transition(row);
            if (!run.isEmpty() && !transition.first()) {
                boolean joins = joins(run.get(run.size() - 1).next(), transition.observation(), structure);
                gaps += joins ? 0 : 1;
                if (!joins) {
                    close(run, row, stretches);
                }
            } else {
                close(run, row, stretches);
            }
            run.add(transition);
            if (transition.terminated() || transition.truncated()) {
                close(run, row + 1, stretches);
            }
        }
        close(run, data.size(), stretches);
        return new Log(stretches, data.size(), gaps);
    }

    private static boolean joins(double[] next, double[] observation, Structure structure) {
        for (int d = 0; d < next.length; d++) {
            double tolerance = ROUNDING * Math.max(Math.abs(next[d]), Math.abs(observation[d]));
            if (Math.abs(structure.difference(d, next[d], observation[d])) > tolerance) {
                return false;
            }
        }
        return true;
    }

    private static void close(List<Transition> run, int end, List<Segment> stretches) {
        int steps = run.size();
        if (steps == 0) {
            return;
        }
        double[][] observations = new double[steps + 1][];
        double[][] actions = new double[steps][];
        for (int k = 0; k < steps; k++) {
            observations[k] = run.get(k).observation();
            actions[k] = run.get(k).action();
        }
        observations[steps] = run.get(steps - 1).next();
        stretches.add(new Segment(end - steps, observations, actions));
        run.clear();
    }

    /** Segments of at most so many steps. */
    List<Segment> segments(int longest) {
        return stretches.stream()
                .flatMap(stretch -> stretch.split(longest).stream())
                .toList();
    }

    /** Each transition by itself. */
    List<Segment> singleSteps() {
        List<Segment> steps = new ArrayList<>(rows);
        for (Segment stretch : stretches) {
            for (int k = 0; k < stretch.steps(); k++) {
                steps.add(new Segment(
                        stretch.row() + k,
                        new double[][] {stretch.observations()[k], stretch.observations()[k + 1]},
                        new double[][] {stretch.actions()[k]}));
            }
        }
        return steps;
    }

    boolean isConstantObservation(int dimension) {
        return isConstant(dimension, Segment::observations);
    }

    boolean isConstantAction(int dimension) {
        return isConstant(dimension, Segment::actions);
    }

    private boolean isConstant(int dimension, Function<Segment, double[][]> rowsOf) {
        return stretches.stream()
                        .flatMap(stretch -> Arrays.stream(rowsOf.apply(stretch)))
                        .mapToDouble(row -> row[dimension])
                        .distinct()
                        .limit(2)
                        .count()
                < 2;
    }
}
