package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.SequenceObjective;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The discounted return that a world model predicts for sequences of actions from one start state, averaged over particles:
 * Σ γᵗ r(sₜ, aₜ, sₜ₊₁), and γᴴ V(s_H) where there is a terminal value.
 *
 * <p>One rule for terminations: the step that terminates still earns its reward; afterwards rewards and terminal value are 0.
 * A particle whose state, reward or terminal value is not finite before that makes the return of its sequence NaN.
 *
 * <p>Rollouts run in tiles of neighbouring rows, each tile through all steps in one thread. Tiles and their random streams
 * depend on the sizes alone, so the number of threads does not change a bit. For one caller at a time.
 *
 * <p>With TS∞, particle p of candidate n has member (n + p + an offset drawn for each evaluation) mod E: with P a multiple of
 * E every candidate meets every member equally often, where PETS leaves that to chance.
 */
public final class PredictedReturn implements SequenceObjective {

    /** Rows of a tile: few enough for the cache, enough for the matrix product. */
    private static final int TILE = 128;

    /** As many as an array can hold. */
    private static final int MOST_ROLLOUTS = Integer.MAX_VALUE - 8;

    private final WorldModel world;
    private final RolloutConfig config;
    private final Workers workers;
    private double @Nullable [] start;
    private RandomStreams streams = RandomStreams.of(0);
    private long evaluations;

    /**
     * Makes an objective; it needs a start state before it can be evaluated.
     *
     * @param world what to imagine with
     * @param config particles, propagation and discount
     * @param workers threads to run tiles on
     */
    public PredictedReturn(WorldModel world, RolloutConfig config, Workers workers) {
        this.world = world;
        this.config = config;
        this.workers = workers;
    }

    /**
     * Sets the state that all rollouts start from.
     *
     * @param state [S], finite as floats, copied
     * @param random source of the particles' randomness; one number is drawn
     * @throws IllegalArgumentException if the state has another length or is not finite as floats
     */
    public void startFrom(double[] state, RandomGenerator random) {
        start = Require.finiteFloats("state", state, world.dynamics().stateSize())
                .clone();
        streams = RandomStreams.of(random.nextLong());
        evaluations = 0;
    }

    @Override
    public ActionSpace actionSpace() {
        return world.dynamics().actionSpace();
    }

    @Override
    public void evaluate(Batch sequences, double[] returns) {
        double[] from = start;
        if (from == null) {
            throw new IllegalStateException("no start state; call startFrom(state, random) first");
        }
        int actionSize = actionSpace().size();
        Require.that(
                sequences.columns() % actionSize == 0,
                "sequences has %d columns, expected a multiple of the action size %d",
                sequences.columns(),
                actionSize);
        Require.that(
                returns.length >= sequences.rows(),
                "returns has length %d, expected at least %d, one for each sequence",
                returns.length,
                sequences.rows());
        long rollouts = (long) sequences.rows() * particles();
        Require.that(
                rollouts <= MOST_ROLLOUTS,
                "%d sequences of %d particles are %d rollouts, expected at most %d; maybe set fewer particles",
                sequences.rows(),
                particles(),
                rollouts,
                MOST_ROLLOUTS);
        RandomStreams evaluation = streams.family("evaluation", evaluations++);
        List<Tile> tiles = tiles(sequences.rows(), evaluation.stream("members"));
        double[][] tileReturns = new double[tiles.size()][];
        workers.forEach(
                tiles.size(),
                i -> tileReturns[i] =
                        tiles.get(i).imagine(world, config, from, sequences, evaluation.stream("tile", i)));
        Arrays.fill(returns, 0, sequences.rows(), 0);
        for (int i = 0; i < tileReturns.length; i++) {
            tiles.get(i).addMeans(tileReturns[i], particles(), returns);
        }
    }

    /** The rollouts of N candidates, grouped by model and cut into tiles of nearly equal size. */
    private List<Tile> tiles(int candidates, RandomGenerator random) {
        List<? extends DynamicsModel> models = List.of(world.dynamics());
        int size = TILE;
        if (world.dynamics() instanceof EnsembleModel ensemble) {
            switch (config.propagation()) {
                case TS_INFINITY -> models = ensemble.members();
                // The ensemble deals a tile out to its members at each step; each shall get a full share.
                case TS1 -> size = TILE * ensemble.members().size();
                case EXPECTATION -> {}
            }
        }
        int offset = random.nextInt(models.size());
        List<Tile> tiles = new ArrayList<>();
        for (int m = 0; m < models.size(); m++) {
            int[] rows = candidatesOf(m, models.size(), candidates, offset);
            int parts = (rows.length + size - 1) / size;
            for (int part = 0; part < parts; part++) {
                int begin = (int) ((long) rows.length * part / parts);
                int end = (int) ((long) rows.length * (part + 1) / parts);
                tiles.add(new Tile(models.get(m), Arrays.copyOfRange(rows, begin, end)));
            }
        }
        return tiles;
    }

    /** The candidate of each particle that a model imagines. */
    private int[] candidatesOf(int model, int models, int candidates, int offset) {
        int[] rows = new int[candidates * particles()];
        int count = 0;
        for (int n = 0; n < candidates; n++) {
            for (int p = 0; p < particles(); p++) {
                if ((n + p + offset) % models == model) {
                    rows[count++] = n;
                }
            }
        }
        return Arrays.copyOf(rows, count);
    }

    private int particles() {
        return config.propagation() == Propagation.EXPECTATION ? 1 : config.particles();
    }
}
