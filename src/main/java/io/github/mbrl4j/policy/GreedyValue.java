package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableValue;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.nn.MlpPass;
import io.github.mbrl4j.nn.VectorMath;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The value of following a policy without chance, as its critics judge it: V(s) = min Q(s, tanh μ(s)). Made for the end of a
 * planner's horizon. Immutable and safe for use by many threads; a thread that asks for gradients keeps 4 bytes for each of 128 rows
 * and each hidden unit.
 */
public final class GreedyValue implements DifferentiableValue {

    private final TanhGaussianPolicy policy;
    private final Scaling scaling;
    private final Critics critics;
    private final OptionalDouble discount;
    private final ThreadLocal<Passes> passes = ThreadLocal.withInitial(Passes::new);

    /**
     * Makes a value function whose discount nobody knows.
     *
     * @param policy whose actions are judged, those without chance
     * @param critics of that policy
     */
    public GreedyValue(TanhGaussianPolicy policy, Critics critics) {
        this(policy, critics, OptionalDouble.empty());
    }

    /**
     * Makes a value function.
     *
     * @param policy whose actions are judged, those without chance
     * @param critics of that policy
     * @param discount γ that the critics were learned with, if it is known
     */
    public GreedyValue(TanhGaussianPolicy policy, Critics critics, OptionalDouble discount) {
        this.policy = policy;
        this.critics = critics;
        this.discount = discount;
        scaling = policy.scaling();
    }

    @Override
    public OptionalDouble discount() {
        return discount;
    }

    @Override
    public double value(double[] state) {
        Require.finiteFloats("state", state, scaling.observationSize());
        float[] value = new float[1];
        values(Batch.ofRows(state), value);
        return value[0];
    }

    @Override
    public void values(Batch states, float[] values) {
        scaling.requireObservations(states);
        Tile tile = Tile.of(scaling);
        for (int from = 0; from < states.rows(); from += Tile.ROWS) {
            int rows = Math.min(Tile.ROWS, states.rows() - from);
            policy.forward(states, from, rows, tile);
            policy.centre(tile, rows);
            tile.joinPairs(rows);
            critics.least(tile, rows);
            System.arraycopy(tile.values, 0, values, from, rows);
        }
    }

    @Override
    public void values(Batch states, float[] values, Batch gradients) {
        scaling.requireObservations(states);
        gradients.requireColumns("gradients", scaling.observationSize());
        gradients.resize(states.rows());
        Passes means = passes.get();
        for (int from = 0; from < states.rows(); from += Tile.ROWS) {
            int rows = Math.min(Tile.ROWS, states.rows() - from);
            means.forward(states, from, rows);
            System.arraycopy(means.tile.values, 0, values, from, rows);
            means.backward(rows);
            scaling.observationGradients(means.byObservation, from, rows, gradients);
        }
    }

    /** The way through policy and critics and back, for one thread. */
    private final class Passes {
        private final Tile tile = Tile.of(scaling);
        private final MlpPass actor = policy.network().newPass();
        private final List<MlpPass> members =
                critics.members().stream().map(member -> member.newPass()).toList();
        private final int[] lowest = new int[Tile.ROWS];
        private final float[] weights = new float[Tile.ROWS];
        private final float[] byPair = tile.pairs.clone();
        private final float[] byPairs = tile.pairs.clone();
        private final float[] byParameters = tile.parameters.clone();
        private final float[] byObservation = tile.inputs.clone();

        void forward(Batch states, int from, int rows) {
            scaling.observations(states, from, rows, tile.inputs, scaling.observationSize());
            actor.forward(tile.inputs, rows, tile.parameters);
            policy.centre(tile, rows);
            tile.joinPairs(rows);
            Arrays.fill(tile.values, 0, rows, Float.POSITIVE_INFINITY);
            for (int i = 0; i < members.size(); i++) {
                members.get(i).forward(tile.pairs, rows, tile.memberValues);
                for (int row = 0; row < rows; row++) {
                    lowest[row] = tile.memberValues[row] < tile.values[row] ? i : lowest[row];
                    tile.values[row] = Math.min(tile.values[row], tile.memberValues[row]);
                }
            }
        }

        /** dV/ds = ∂Q/∂s + ∂Q/∂a · (1 − a²) · dμ/ds, of the critic that is lowest in each row. */
        void backward(int rows) {
            int o = scaling.observationSize();
            int a = scaling.actionSize();
            Arrays.fill(byPairs, 0, rows * (o + a), 0);
            for (int i = 0; i < members.size(); i++) {
                for (int row = 0; row < rows; row++) {
                    weights[row] = lowest[row] == i ? 1 : 0;
                }
                members.get(i).backward(weights, byPair);
                VectorMath.add(byPair, byPairs, rows * (o + a));
            }
            Arrays.fill(byParameters, 0, rows * 2 * a, 0);
            for (int row = 0; row < rows; row++) {
                for (int c = 0; c < a; c++) {
                    float action = tile.actions[row * a + c];
                    byParameters[row * 2 * a + c] = byPairs[row * (o + a) + o + c] * (1 - action * action);
                }
            }
            actor.backward(byParameters, byObservation);
            for (int row = 0; row < rows; row++) {
                for (int c = 0; c < o; c++) {
                    byObservation[row * o + c] += byPairs[row * (o + a) + c];
                }
            }
        }
    }
}
