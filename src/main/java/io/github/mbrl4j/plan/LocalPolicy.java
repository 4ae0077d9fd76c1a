package io.github.mbrl4j.plan;

import java.util.Arrays;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * A better way to act near a trajectory, u = ū + α·k + K·(x − x̄): what the backward pass of iLQR finds from the linearised
 * dynamics and the quadratic costs, with the actions kept within their bounds (Tassa, Mansard and Todorov 2014, equations 5, 10 and
 * 11). One thread at a time.
 */
final class LocalPolicy {

    private final SequenceSpace space;
    private final int stateSize;
    private final int actionSize;

    /** Open-loop changes k [H][A]. */
    private final double[][] changes;

    /** Feedback K [H] of [A, S]. */
    private final RealMatrix[] gains;

    /** The largest curvature of the cost by an action seen in this pass, as fractions of half its range. */
    private double stiffness;

    LocalPolicy(SequenceSpace space, int stateSize) {
        this.space = space;
        this.stateSize = stateSize;
        actionSize = space.actions().size();
        int horizon = space.length() / actionSize;
        changes = new double[horizon][actionSize];
        gains = new RealMatrix[horizon];
    }

    /** The change k of the action at a time [A]. */
    double[] change(int time) {
        return changes[time];
    }

    /** The feedback K at a time [A, S]. */
    RealMatrix gain(int time) {
        return gains[time];
    }

    /** How far a whole step moves the action that it moves most, as a fraction of its range. */
    double largestChange() {
        double largest = 0;
        for (int i = 0; i < space.length(); i++) {
            double change = Math.abs(changes[i / actionSize][i % actionSize]);
            largest = Math.max(largest, change / space.range(i));
        }
        return largest;
    }

    /**
     * The backward pass.
     *
     * @param trajectory x̄ and ū
     * @param linearisation f_x and f_u
     * @param costs ℓ and its end, with their derivatives
     * @param discount γ
     * @param regularisation μ
     */
    void improve(
            Trajectory trajectory, Linearisation linearisation, Costs costs, double discount, double regularisation) {
        stiffness = 0;
        stayFrom(trajectory.steps());
        RealVector slope = new ArrayRealVector(costs.ofEnd().gradient(), false);
        RealMatrix curvature = costs.ofEnd().hessian();
        for (int t = trajectory.steps() - 1; t >= 0; t--) {
            RealMatrix fx = linearisation.byState(t);
            RealMatrix fu = linearisation.byAction(t);
            RealMatrix vxx = curvature.scalarMultiply(discount);
            RealVector vx = slope.mapMultiply(discount);
            RealVector lx = new ArrayRealVector(costs.ofStep(t).gradient(), 0, stateSize);
            RealVector lu = new ArrayRealVector(costs.ofStep(t).gradient(), stateSize, actionSize);
            RealVector qx = lx.add(fx.preMultiply(vx));
            RealVector qu = lu.add(fu.preMultiply(vx));
            RealMatrix qxx =
                    block(costs, t, 0, 0).add(fx.transpose().multiply(vxx).multiply(fx));
            RealMatrix qux =
                    block(costs, t, 1, 0).add(fu.transpose().multiply(vxx).multiply(fx));
            RealMatrix quu =
                    block(costs, t, 1, 1).add(fu.transpose().multiply(vxx).multiply(fu));

            solve(t, trajectory.actions[t], regularised(t, quu, qu, regularisation), qu, qux);
            RealVector k = new ArrayRealVector(changes[t], false);
            RealMatrix gain = gains[t];
            slope = qx.add(gain.preMultiply(quu.operate(k).add(qu))).add(qux.preMultiply(k));
            RealMatrix cross = gain.transpose().multiply(qux);
            curvature = symmetric(qxx.add(gain.transpose().multiply(quu).multiply(gain))
                    .add(cross)
                    .add(cross.transpose()));
        }
    }

    /** After the end of an episode there is nothing to improve. */
    private void stayFrom(int time) {
        for (int t = time; t < changes.length; t++) {
            Arrays.fill(changes[t], 0);
            gains[t] = MatrixUtils.createRealMatrix(actionSize, stateSize);
        }
    }

    /** A block of the cost's Hessian: 0 for states, 1 for actions. */
    private RealMatrix block(Costs costs, int time, int row, int column) {
        int[] first = {0, stateSize};
        int[] last = {stateSize - 1, stateSize + actionSize - 1};
        return costs.ofStep(time).hessian().getSubMatrix(first[row], last[row], first[column], last[column]);
    }

    /**
     * Q_uu with μ times the scale of the problem on its diagonal. The scale is the largest curvature or slope of the steps from
     * here on, by actions in units of half their range; so neither the unit of the return nor those of the actions matter, and
     * with μ above 1 no action moves further than half its range divided by μ.
     */
    private RealMatrix regularised(int time, RealMatrix quu, RealVector qu, double regularisation) {
        for (int j = 0; j < actionSize; j++) {
            double unit = unit(time, j);
            stiffness = Math.max(stiffness, quu.getEntry(j, j) * unit * unit);
            stiffness = Math.max(stiffness, Math.abs(qu.getEntry(j)) * unit);
        }
        RealMatrix sum = quu.copy();
        double scale = stiffness > 0 ? stiffness : 1;
        for (int j = 0; j < actionSize; j++) {
            double unit = unit(time, j);
            sum.addToEntry(j, j, regularisation * scale / (unit * unit));
        }
        return sum;
    }

    private double unit(int time, int j) {
        return 0.5 * space.range(time * actionSize + j);
    }

    /** The best change within the bounds, and the feedback of the numbers that are not at a bound. */
    private void solve(int time, double[] action, RealMatrix quu, RealVector qu, RealMatrix qux) {
        double[] low = new double[actionSize];
        double[] high = new double[actionSize];
        for (int j = 0; j < actionSize; j++) {
            low[j] = Math.min(0, space.low[time * actionSize + j] - action[j]);
            high[j] = Math.max(0, space.high[time * actionSize + j] - action[j]);
        }
        gains[time] = MatrixUtils.createRealMatrix(actionSize, stateSize);
        if (!Double.isFinite(quu.getNorm() + qu.getL1Norm() + qux.getNorm())) {
            Arrays.fill(changes[time], 0); // costs that explode along the trajectory give no advice
            return;
        }
        BoxQp qp = BoxQp.solve(quu, qu.toArray(), low, high);
        changes[time] = qp.solution();
        if (qp.free().length > 0) {
            int[] all = new int[stateSize];
            Arrays.setAll(all, i -> i);
            RealMatrix ofFree = qp.freeSolver().solve(qux.getSubMatrix(qp.free(), all));
            for (int row = 0; row < qp.free().length; row++) {
                gains[time].setRowVector(
                        qp.free()[row], ofFree.getRowVector(row).mapMultiply(-1));
            }
        }
    }

    private static RealMatrix symmetric(RealMatrix matrix) {
        return matrix.add(matrix.transpose()).scalarMultiply(0.5);
    }
}
