package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableObjective;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
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
public final class PredictedReturn implements DifferentiableObjective {

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

    /** What each rollout's return counts in the score of its candidate. */
    private double[] weights = {};

    private Batch rolloutGradients = new Batch(0, 1);
    private final Map<DynamicsModel, Queue<TileGradient>> climbers = new ConcurrentHashMap<>();

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
        evaluate(sequences, returns, Deadline.NEVER);
    }

    @Override
    public boolean evaluate(Batch sequences, double[] returns, Deadline deadline) {
        double[] from = startState();
        check(sequences, returns);
        double[] outcomes = outcomes(sequences.rows() * particles());
        boolean complete = forEachTile(sequences.rows(), models(), (model, rollouts, noise) -> {
            TileRollout rollout = borrow();
            boolean done = rollout.imagine(model, rollouts, particles(), from, sequences, noise, deadline, outcomes);
            idle.add(rollout);
            return done;
        });
        average(outcomes, sequences.rows(), returns);
        return complete;
    }

    /**
     * Scores candidates and computes the gradient of each score, through the dynamics, the reward and the terminal value. Noise is
     * taken as given; terminations are, too, so their gradient is 0.
     *
     * @throws IllegalStateException if a part of the world model has no gradient, with TS1 of an ensemble, or before there is a
     *     start state
     */
    @Override
    public boolean evaluate(Batch sequences, double[] returns, Batch gradients, Deadline deadline) {
        double[] from = startState();
        check(sequences, returns);
        gradients.requireColumns("gradients", sequences.columns());
        List<? extends DynamicsModel> models = models();
        Gradients.require(world, models, config.propagation());
        climbers.keySet().retainAll(models);
        int rollouts = sequences.rows() * particles();
        double[] outcomes = outcomes(rollouts);
        Arrays.fill(weights(rollouts), 0, rollouts, 1.0 / particles());
        Batch each = particles() == 1 ? gradients : rolloutGradients(sequences.columns());
        each.resize(rollouts);
        boolean complete = forEachTile(sequences.rows(), models, (model, numbers, noise) -> {
            Queue<TileGradient> resting = climbers.computeIfAbsent(model, m -> new ConcurrentLinkedQueue<>());
            TileGradient climber = borrow(resting, model);
            boolean done =
                    climber.climb(numbers, particles(), from, sequences, noise, deadline, outcomes, weights, each);
            resting.add(climber);
            return done;
        });
        average(outcomes, sequences.rows(), returns);
        if (each != gradients) {
            Gradients.add(each, particles(), gradients.resize(sequences.rows()));
        }
        return complete;
    }

    private double[] startState() {
        double[] from = start;
        if (from == null) {
            throw new IllegalStateException("no start state; call startFrom(state, random) first");
        }
        return from;
    }

    /** What is done with one tile. */
    private interface TileWork {
        boolean run(DynamicsModel model, int[] rollouts, @Nullable RandomGenerator noise);
    }

    /** One evaluation: all tiles, each with its model and noise; returns whether all were done. */
    private boolean forEachTile(int candidates, List<? extends DynamicsModel> models, TileWork work) {
        RandomStreams evaluation = streams.family("evaluation", evaluations++);
        int offset = evaluation.stream("members").nextInt(models.size());
        List<Tiling.Tile> tiles = tiling(candidates, models.size()).tiles();
        boolean[] done = new boolean[tiles.size()];
        workers.forEach(tiles.size(), i -> {
            Tiling.Tile tile = tiles.get(i);
            DynamicsModel model = models.get((tile.group() + offset) % models.size());
            RandomGenerator noise =
                    config.propagation() == Propagation.EXPECTATION ? null : evaluation.stream("tile", i);
            done[i] = work.run(model, tile.rollouts(), noise);
        });
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

    private TileGradient borrow(Queue<TileGradient> resting, DynamicsModel model) {
        TileGradient climber = resting.poll();
        return climber == null ? new TileGradient(world, config, (DifferentiableDynamics) model) : climber;
    }

    private double[] weights(int rollouts) {
        if (weights.length < rollouts) {
            weights = new double[rollouts];
        }
        return weights;
    }

    private Batch rolloutGradients(int columns) {
        if (rolloutGradients.columns() != columns) {
            rolloutGradients = new Batch(0, columns);
        }
        return rolloutGradients;
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
