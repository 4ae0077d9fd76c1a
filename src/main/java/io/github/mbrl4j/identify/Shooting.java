package io.github.mbrl4j.identify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sum of squares that is minimised: each logged observation against what the equations predict from the start of its segment, in
 * units of the noise, and each parameter against its prior. For one thread at a time.
 */
final class Shooting {

    /** Rows are compressed when there are so many, where no start state does it. */
    private static final int BLOCK = 256;

    /** Damping that keeps what is undetermined out of the statistics. */
    private static final double LITTLE = 1e-10;

    private final Structure structure;
    private final List<Segment> segments;
    private final boolean freeStarts;
    private final double[] stateScale;
    private final double[] parameterScale;
    private final double[] noise;
    private final Shot shot;
    private final double[][] residuals;
    private final double[][][] jacobian;

    /**
     * A sum of squares over segments.
     *
     * @param freeStarts whether the segments' start states are unknown; else they are what the first observation shows, and that
     *     observation is not compared
     * @param noise standard deviation of the noise of each observed dimension [O]
     */
    Shooting(Structure structure, List<Segment> segments, boolean freeStarts, double[] noise) {
        this.structure = structure;
        this.segments = segments;
        this.freeStarts = freeStarts;
        this.noise = noise.clone();
        this.stateScale = stateScale(structure, segments);
        this.parameterScale =
                structure.parameters().stream().mapToDouble(Parameter::scale).toArray();
        this.shot = new Shot(structure, stateScale, parameterScale);
        int longest = segments.stream().mapToInt(Segment::steps).max().orElse(0) + 1;
        this.residuals = new double[longest][structure.observationSize()];
        this.jacobian = new double[longest][structure.observationSize()][structure.stateSize() + parameterScale.length];
    }

    private static double[] stateScale(Structure structure, List<Segment> segments) {
        double[] squares = new double[structure.stateSize()];
        int count = 0;
        for (Segment segment : segments) {
            for (double[] observation : segment.observations()) {
                double[] state = structure.infer(observation);
                for (int d = 0; d < state.length; d++) {
                    squares[d] += state[d] * state[d];
                }
                count++;
            }
        }
        for (int d = 0; d < squares.length; d++) {
            squares[d] = squares[d] > 0 ? Math.sqrt(squares[d] / count) : 1;
        }
        return squares;
    }

    Shooting withNoise(double[] newNoise) {
        return new Shooting(structure, segments, freeStarts, newNoise);
    }

    int transitions() {
        return segments.stream().mapToInt(Segment::steps).sum();
    }

    /** The largest error of one integrator's step from a logged state, in standard deviations of the noise; 0 in discrete time. */
    double integrationError(double[] parameters) {
        if (structure.finerSteppers() == null) {
            return 0;
        }
        Stepper coarse = structure.steppers().get();
        Stepper fine = structure.finerSteppers().get();
        double[] next = new double[structure.stateSize()];
        double[] seen = new double[noise.length];
        double[] seenFinely = new double[noise.length];
        double largest = 0;
        for (Segment segment : segments) {
            for (int k = 0; k < segment.steps(); k++) {
                double[] state = structure.infer(segment.observations()[k]);
                coarse.step(state, segment.actions()[k], parameters, next);
                structure.observe(next, seen);
                fine.step(state, segment.actions()[k], parameters, next);
                structure.observe(next, seenFinely);
                for (int d = 0; d < noise.length; d++) {
                    largest = Math.max(largest, Math.abs(structure.difference(d, seen[d], seenFinely[d])) / noise[d]);
                }
            }
        }
        return largest;
    }

    double[] noise() {
        return noise.clone();
    }

    double[] parameterScale() {
        return parameterScale;
    }

    List<Parameter> parameters() {
        return structure.parameters();
    }

    /** Given parameters, each segment beginning in the state that its first observation shows. */
    Point at(double[] parameters) {
        return at(parameters, new double[0][]);
    }

    /**
     * Given parameters and what is known of the states from an earlier fit.
     *
     * @param states by row of the log, null or missing where nothing is known: what the observation shows is taken then
     */
    Point at(double[] parameters, double[] @Nullable [] states) {
        double[][] starts = new double[segments.size()][];
        for (int m = 0; m < starts.length; m++) {
            Segment segment = segments.get(m);
            double[] known = segment.row() < states.length ? states[segment.row()] : null;
            starts[m] = known == null ? structure.infer(segment.observations()[0]) : known;
        }
        return new Point(parameters.clone(), starts);
    }

    /** The states that a point's segments pass through, by row of the log. */
    double[] @Nullable [] states(Point point) {
        Segment last = segments.get(segments.size() - 1);
        double[][] states = new double[last.row() + last.steps() + 1][];
        Stepper stepper = structure.steppers().get();
        for (int m = 0; m < segments.size(); m++) {
            Segment segment = segments.get(m);
            double[] state = point.starts()[m];
            // The end of an episode has the number of the row that begins the next, which is the one that stays.
            states[segment.row()] = state;
            for (int k = 0; k < segment.steps(); k++) {
                double[] next = new double[state.length];
                stepper.step(state, segment.actions()[k], point.parameters(), next);
                states[segment.row() + k + 1] = next;
                state = next;
            }
        }
        return states;
    }

    /** Numbers that are compared. */
    int measurements() {
        int observations = 0;
        for (Segment segment : segments) {
            observations += segment.steps() + (freeStarts ? 1 : 0);
        }
        return observations * structure.observationSize();
    }

    /** Numbers that are sought. */
    int unknowns() {
        return parameterScale.length + (freeStarts ? segments.size() * structure.stateSize() : 0);
    }

    /** Whether there are more measurements than unknowns. */
    boolean isDetermined() {
        return measurements() > unknowns();
    }

    /** The sum of squares; infinite where the equations cannot be followed. */
    double cost(Point point) {
        double sum = 0;
        for (double[] row : priorRows(point)) {
            sum += row[parameterScale.length] * row[parameterScale.length];
        }
        for (int m = 0; m < segments.size() && Double.isFinite(sum); m++) {
            sum += squares(point, m);
        }
        return sum;
    }

    /**
     * By how much each segment's squared residuals exceed what the noise makes of them, in standard deviations of that (the mean
     * square of n normal numbers has one of √(2/n)).
     */
    double[] misfits(Point point) {
        double[] misfits = new double[segments.size()];
        for (int m = 0; m < misfits.length; m++) {
            int count = (segments.get(m).steps() + 1 - firstCompared()) * noise.length;
            misfits[m] = (squares(point, m) / count - 1) / Math.sqrt(2.0 / count);
        }
        return misfits;
    }

    /** One segment's share of the sum; infinite where it cannot be followed. */
    private double squares(Point point, int m) {
        Segment segment = segments.get(m);
        if (!shot.residuals(segment, point.starts()[m], point.parameters(), residuals)) {
            return Double.POSITIVE_INFINITY;
        }
        double sum = 0;
        for (int k = firstCompared(); k <= segment.steps(); k++) {
            for (int d = 0; d < noise.length; d++) {
                double whitened = residuals[k][d] / noise[d];
                sum += whitened * whitened;
            }
        }
        return sum;
    }

    List<Segment> segments() {
        return segments;
    }

    /** Where the equations cannot be followed, in words; null if they can. */
    @Nullable
    String divergence(Point point) {
        for (int m = 0; m < segments.size(); m++) {
            Segment segment = segments.get(m);
            if (!shot.residuals(segment, point.starts()[m], point.parameters(), residuals)) {
                return shot.divergence(segment, point.starts()[m], point.parameters());
            }
        }
        return null;
    }

    private int firstCompared() {
        return freeStarts ? 0 : 1;
    }

    int ownUnknowns() {
        return freeStarts ? structure.stateSize() : 0;
    }

    /** The linearised problem's rows by block; null where they are not finite. */
    @Nullable
    List<double[][]> linearise(Point point) {
        List<double[][]> blocks = new ArrayList<>();
        List<double[]> rows = new ArrayList<>();
        for (int m = 0; m < segments.size(); m++) {
            if (!follow(point, m)) {
                return null;
            }
            addRows(m, rows);
            if (freeStarts || rows.size() >= BLOCK || m == segments.size() - 1) {
                blocks.add(Elimination.triangle(rows));
                rows.clear();
            }
        }
        return blocks;
    }

    private boolean follow(Point point, int m) {
        return shot.linearise(segments.get(m), point.starts()[m], point.parameters(), residuals, jacobian);
    }

    private void addRows(int m, List<double[]> rows) {
        for (int k = firstCompared(); k <= segments.get(m).steps(); k++) {
            for (int d = 0; d < noise.length; d++) {
                rows.add(row(k, d));
            }
        }
    }

    /** [start | parameters | residual] in units of the scales and of the noise. */
    private double[] row(int k, int d) {
        int skipped = structure.stateSize() - ownUnknowns();
        double[] row = new double[ownUnknowns() + parameterScale.length + 1];
        for (int j = 0; j < row.length - 1; j++) {
            row[j] = jacobian[k][d][skipped + j] / noise[d];
        }
        row[row.length - 1] = residuals[k][d] / noise[d];
        return row;
    }

    /** The priors as rows [parameters | residual]. */
    List<double[]> priorRows(Point point) {
        List<double[]> rows = new ArrayList<>();
        for (int j = 0; j < parameterScale.length; j++) {
            Parameter parameter = structure.parameters().get(j);
            if (parameter.hasPrior()) {
                double[] row = new double[parameterScale.length + 1];
                row[j] = parameterScale[j] / parameter.priorDeviation();
                row[parameterScale.length] =
                        (point.parameters()[j] - parameter.priorMean()) / parameter.priorDeviation();
                rows.add(row);
            }
        }
        return rows;
    }

    /** The point moved by a step in units of the scales; parameters stay within their bounds. */
    Point moved(Point point, Elimination elimination) {
        double[] shared = elimination.solveShared();
        double[] parameters = new double[shared.length];
        for (int j = 0; j < shared.length; j++) {
            double before = point.parameters()[j];
            parameters[j] = structure.parameters().get(j).clip(before + parameterScale[j] * shared[j]);
            shared[j] = (parameters[j] - before) / parameterScale[j];
        }
        double[][] starts = new double[segments.size()][];
        for (int m = 0; m < starts.length; m++) {
            starts[m] = point.starts()[m].clone();
            if (freeStarts) {
                double[] own = elimination.solveOwn(m, shared);
                for (int d = 0; d < own.length; d++) {
                    starts[m][d] += stateScale[d] * own[d];
                }
            }
        }
        return new Point(parameters, starts);
    }

    /** What is left between prediction and log, with how many independent measurements it is worth. */
    ResidualStatistics statistics(Point point, boolean[] frozen) {
        List<double[][]> blocks = linearise(point);
        if (blocks == null) {
            throw new IllegalStateException("derivatives are not finite at " + structure.describe(point.parameters()));
        }
        int own = ownUnknowns();
        int count = parameterScale.length;
        Elimination elimination =
                Elimination.of(freeze(blocks, frozen), own, count, freezeShared(priorRows(point), frozen), LITTLE);
        ResidualStatistics statistics = new ResidualStatistics(noise.length);
        for (int m = 0; m < segments.size(); m++) {
            follow(point, m);
            if (freeStarts || !follows(m)) {
                statistics.interrupt();
            }
            double[][] observations = segments.get(m).observations();
            for (int k = firstCompared(); k < observations.length; k++) {
                for (int d = 0; d < noise.length; d++) {
                    double[] row = row(k, d);
                    zero(row, own, frozen);
                    double change = structure.difference(d, observations[k][d], observations[0][d]);
                    statistics.add(d, residuals[k][d], change, elimination.leverage(m, row));
                }
            }
        }
        return statistics;
    }

    /** Whether a single step begins where the one before it ended. */
    private boolean follows(int m) {
        return m > 0
                && segments.get(m).row() == segments.get(m - 1).row() + 1
                && Arrays.equals(
                        segments.get(m).observations()[0],
                        segments.get(m - 1).observations()[segments.get(m - 1).steps()]);
    }

    /** The blocks without the influence of parameters that must not move. */
    List<double[][]> freeze(List<double[][]> blocks, boolean[] frozen) {
        List<double[][]> result = new ArrayList<>(blocks.size());
        for (double[][] block : blocks) {
            double[][] copy = new double[block.length][];
            for (int i = 0; i < copy.length; i++) {
                copy[i] = block[i].clone();
                zero(copy[i], ownUnknowns(), frozen);
            }
            result.add(copy);
        }
        return result;
    }

    List<double[]> freezeShared(List<double[]> rows, boolean[] frozen) {
        List<double[]> result = new ArrayList<>();
        for (double[] row : rows) {
            double[] copy = row.clone();
            zero(copy, 0, frozen);
            result.add(copy);
        }
        return result;
    }

    private static void zero(double[] row, int from, boolean[] frozen) {
        for (int j = 0; j < frozen.length; j++) {
            if (frozen[j]) {
                row[from + j] = 0;
            }
        }
    }
}
