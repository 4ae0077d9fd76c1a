package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ControlProblem;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.TrajectoryObjective;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The discounted return that a world model predicts for sequences of actions from one start state, averaged over particles:
 * Σ γᵗ r(sₜ, aₜ, sₜ₊₁), and γᴴ V(s_H) where there is a terminal value.
 *
 * <p>One rule for terminations: the step that terminates still earns its reward; afterwards rewards and terminal value are 0.
 * A particle whose state, reward or terminal value is not finite before that makes the return of its sequence NaN.
 *
 * <p>Rollouts run in tiles of neighbouring rows, each tile through all steps in one thread. Tiles and their random streams
 * depend on the sizes alone, so the number of threads does not change a bit. The clock is read before each step of a tile. Buffers
 * are kept from one evaluation to the next, as many as threads work at once. For one caller at a time.
 *
 * <p>With TS∞, particle p of candidate n has member (n + p + an offset drawn for each evaluation) mod E: with P a multiple of
 * E every candidate meets every member equally often, where PETS leaves that to chance.
 */
public final class PredictedReturn implements TrajectoryObjective {

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
    private @Nullable Tiling tiling;
    private double[] outcomes = {};
    private final Queue<TileRollout> idle = new ConcurrentLinkedQueue<>();

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

    /**
     * The problem with expected next states: without particles, and without the spread among the members of an ensemble.
     *
     * @throws IllegalStateException before there is a start state
     */
    @Override
    public ControlProblem controlProblem() {
        double[] from = start;
        if (from == null) {
            throw new IllegalStateException("no start state; call startFrom(state, random) first");
        }
        return new ControlProblem(
                from, world.dynamics(), world.reward(), world.termination(), world.terminalValue(), config.discount());
    }

    @Override
    public void evaluate(Batch sequences, double[] returns) {
        evaluate(sequences, returns, Deadline.NEVER);
    }

    @Override
    public boolean evaluate(Batch sequences, double[] returns, Deadline deadline) {
        double[] from = start;
        if (from == null) {
            throw new IllegalStateException("no start state; call startFrom(state, random) first");
        }
        check(sequences, returns);
        RandomStreams evaluation = streams.family("evaluation", evaluations++);
        List<? extends DynamicsModel> models = models();
        int offset = evaluation.stream("members").nextInt(models.size());
        List<Tiling.Tile> tiles = tiling(sequences.rows(), models.size()).tiles();
        double[] outcomes = outcomes(sequences.rows() * particles());
        boolean[] done = new boolean[tiles.size()];
        workers.forEach(tiles.size(), i -> {
            Tiling.Tile tile = tiles.get(i);
            DynamicsModel model = models.get((tile.group() + offset) % models.size());
            RandomGenerator noise =
                    config.propagation() == Propagation.EXPECTATION ? null : evaluation.stream("tile", i);
            TileRollout rollout = borrow();
            done[i] = rollout.imagine(model, tile.rollouts(), particles(), from, sequences, noise, deadline, outcomes);
            idle.add(rollout);
        });
        average(outcomes, sequences.rows(), returns);
        return IntStream.range(0, done.length).allMatch(i -> done[i]);
    }

    private void check(Batch sequences, double[] returns) {
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
    }

    /** Those that particles keep to: the members with TS∞, otherwise the model as a whole. */
    private List<? extends DynamicsModel> models() {
        return config.propagation() == Propagation.TS_INFINITY && world.dynamics() instanceof EnsembleModel ensemble
                ? ensemble.members()
                : List.of(world.dynamics());
    }

    private Tiling tiling(int candidates, int groups) {
        Tiling current = tiling;
        if (current == null || !current.isFor(candidates, groups)) {
            current = new Tiling(candidates, particles(), groups, tileRows());
            tiling = current;
        }
        return current;
    }

    /** With TS1 the ensemble deals a tile out to its members at each step; each shall get a full share. */
    private int tileRows() {
        return config.propagation() == Propagation.TS1 && world.dynamics() instanceof EnsembleModel ensemble
                ? TILE * ensemble.members().size()
                : TILE;
    }

    private double[] outcomes(int rollouts) {
        if (outcomes.length < rollouts) {
            outcomes = new double[rollouts];
        }
        Arrays.fill(outcomes, 0, rollouts, Double.NaN);
        return outcomes;
    }

    private TileRollout borrow() {
        TileRollout rollout = idle.poll();
        return rollout == null ? new TileRollout(world, config) : rollout;
    }

    private void average(double[] outcomes, int candidates, double[] returns) {
        int particles = particles();
        for (int n = 0; n < candidates; n++) {
            double sum = 0;
            for (int p = 0; p < particles; p++) {
                sum += outcomes[n * particles + p];
            }
            returns[n] = sum / particles;
        }
    }

    private int particles() {
        return config.propagation() == Propagation.EXPECTATION ? 1 : config.particles();
    }
}
