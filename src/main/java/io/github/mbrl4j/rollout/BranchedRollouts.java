package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.model.WorldModel;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Short rollouts of a policy in a world model that branch from states that were really visited: synthetic transitions for any learner
 * (Janner, Fu, Zhang, Levine 2019, arXiv 1906.08253, algorithm 2, lines 6 to 8).
 *
 * <p>From each start state the policy takes k steps in the model. A transition that terminates is the last of its rollout; so is one
 * whose action, next state or reward is not finite, which is dropped and counted. The end of a rollout after k steps is no
 * termination. Constraints and the action rate of the world model are for planners and play no part. Nor does the terminal value,
 * unless there is a risk ({@link BranchConfig#risk}): then each reward is less by what the members of the ensemble disagree about, as in
 * MOPO (Yu et al. 2020, arXiv 2005.13239, algorithm 2), but measured on their outcomes r + γ V(s').
 *
 * <p>Rollouts run in tiles, each through all k steps in one thread, with a random stream of its own. Tiles depend on the sizes alone, so
 * the number of threads does not change a bit. Several threads call the policy at once unless the workers are one. With TS∞ the
 * members get equal numbers of rollouts, give or take one.
 *
 * <p>Immutable. Safe for use by many threads if the world model is.
 */
public final class BranchedRollouts {

    /** Rows of a tile: each of five members then has a hundred of them, enough for the matrix product. */
    private static final int ROWS = 512;

    /** Tiles that are held in memory until they are handed over. */
    private static final int BLOCK = 32;

    private final WorldModel world;
    private final BranchConfig config;
    private final Workers workers;
    private final @Nullable Disagreement disagreement;

    /**
     * Prepares rollouts.
     *
     * @param world dynamics, reward and termination, supplied or learned
     * @param config steps, propagation, and how many transitions may be dropped
     * @param workers threads to run tiles on; results do not depend on it
     * @throws IllegalArgumentException if there is a risk, but no ensemble whose members could disagree
     */
    public BranchedRollouts(WorldModel world, BranchConfig config, Workers workers) {
        this(world, config, workers, null);
    }

    private BranchedRollouts(
            WorldModel world, BranchConfig config, Workers workers, @Nullable Disagreement disagreement) {
        this.world = world;
        this.config = config;
        this.workers = workers;
        this.disagreement = disagreement;
        Require.that(
                !doubts() || world.dynamics() instanceof EnsembleModel,
                "the dynamics are %s, expected an ensemble, whose members can disagree; maybe use EnsembleDynamics, or Risk.mean()",
                world.dynamics().getClass().getSimpleName());
    }

    /**
     * The same, but the steps that are outside of the data are counted ({@link BranchReport#outside}), which costs a prediction of
     * each member.
     *
     * @param newDisagreement of the ensemble that these rollouts are imagined with
     * @return the changed copy
     * @throws IllegalArgumentException if the dynamics are no ensemble
     */
    public BranchedRollouts within(Disagreement newDisagreement) {
        return new BranchedRollouts(world, config, workers, newDisagreement);
    }

    /** Whether the members are asked one by one. */
    private boolean doubts() {
        return disagreement != null || !config.risk().equals(Risk.mean());
    }

    /**
     * Imagines from states that are drawn uniformly, with replacement, from all of a data set.
     *
     * @param data what was really visited, not modified
     * @param policy chooses the actions of many rows at a time; without memory
     * @param rollouts how many to begin, at least 1
     * @param random source of all randomness; one number is drawn
     * @return at most k transitions for each rollout
     * @throws IllegalArgumentException if there are no rollouts, or data and world model have other sizes
     * @throws IllegalStateException if the data set is empty, the model is not fitted, or more transitions than allowed are not finite
     */
    public Imagined imagine(ReplayBuffer data, Policy policy, int rollouts, RandomGenerator random) {
        ReplayBuffer all = room(rollouts);
        BranchReport report = imagine(data, policy, rollouts, random, all);
        return new Imagined(all.all(), report);
    }

    /**
     * The same, appended to a buffer.
     *
     * @param data what was really visited, not modified
     * @param policy chooses the actions of many rows at a time; without memory
     * @param rollouts how many to begin, at least 1
     * @param random source of all randomness; one number is drawn
     * @param into where transitions are appended, another buffer than the data; it has those that are finite also if there is an error
     * @return the counts
     * @throws IllegalArgumentException if there are no rollouts, or the buffers and the world model have other sizes
     * @throws IllegalStateException if the data set is empty, the model is not fitted, or more transitions than allowed are not finite
     */
    public BranchReport imagine(
            ReplayBuffer data, Policy policy, int rollouts, RandomGenerator random, ReplayBuffer into) {
        Require.positive("rollouts", rollouts);
        requireFitting("data", data);
        requireFitting("into", into);
        Require.that(
                into != data, "into is the data set itself, expected another buffer: what is imagined is not data");
        if (data.size() == 0) {
            throw new IllegalStateException("the data set is empty, so there is no state to branch from; collect real"
                    + " transitions first, by Episodes.collect(...) for example");
        }
        return run(
                rollouts, (from, to, own) -> data.sample(to - from, own).observations(), policy, random, into::addAll);
    }

    /**
     * Imagines from given states, one rollout from each.
     *
     * @param starts R states [R, S], finite, not modified
     * @param policy chooses the actions of many rows at a time; without memory
     * @param random source of all randomness; one number is drawn
     * @return at most k transitions for each state
     * @throws IllegalArgumentException if there are no states, or they are of another size or not finite
     * @throws IllegalStateException if the model is not fitted, or more transitions than allowed are not finite
     */
    public Imagined imagine(Batch starts, Policy policy, RandomGenerator random) {
        Require.that(starts.rows() > 0, "starts is empty, expected at least one state");
        starts.requireColumns("starts", world.dynamics().stateSize());
        for (int i = 0; i < starts.rows() * starts.columns(); i++) {
            Require.that(
                    Float.isFinite(starts.array()[i]),
                    "starts is %s in row %d, column %d, expected a finite number",
                    starts.array()[i],
                    i / starts.columns(),
                    i % starts.columns());
        }
        ReplayBuffer all = room(starts.rows());
        BranchReport report =
                run(starts.rows(), (from, to, own) -> rows(starts, from, to), policy, random, all::addAll);
        return new Imagined(all.all(), report);
    }

    private ReplayBuffer room(int rollouts) {
        long most = (long) Require.positive("rollouts", rollouts) * config.steps();
        Require.that(
                most <= Integer.MAX_VALUE,
                "%d rollouts of %d steps are %d transitions, expected at most %d; maybe imagine them in several calls",
                rollouts,
                config.steps(),
                most,
                Integer.MAX_VALUE);
        return new ReplayBuffer(world.dynamics().stateSize(), world.dynamics().actionSize(), (int) most);
    }

    private static Batch rows(Batch starts, int from, int to) {
        Batch some = new Batch(to - from, starts.columns());
        System.arraycopy(starts.array(), from * starts.columns(), some.array(), 0, some.rows() * some.columns());
        return some;
    }

    private void requireFitting(String name, ReplayBuffer buffer) {
        DynamicsModel model = world.dynamics();
        Require.that(
                buffer.observationSize() == model.stateSize() && buffer.actionSize() == model.actionSize(),
                "%s has O=%d, A=%d, expected O=%d, A=%d as the world model has",
                name,
                buffer.observationSize(),
                buffer.actionSize(),
                model.stateSize(),
                model.actionSize());
    }

    /** Where the rollouts of a tile begin. */
    private interface Starts {
        Batch of(int from, int to, RandomGenerator random);
    }

    private BranchReport run(
            int rollouts, Starts starts, Policy policy, RandomGenerator random, Consumer<Transitions> sink) {
        RandomStreams streams = RandomStreams.of(random.nextLong());
        List<? extends DynamicsModel> models = models();
        int offset = streams.stream("members").nextInt(models.size());
        int tiles = tiles(rollouts, models.size());
        BranchReport report = BranchReport.NONE;
        String fault = null;
        for (int first = 0; first < tiles; first += BLOCK) {
            BranchTile[] block = new BranchTile[Math.min(BLOCK, tiles - first)];
            int begin = first;
            workers.forEach(block.length, i -> {
                int tile = begin + i;
                RandomGenerator own = streams.stream("tile", tile);
                int from = (int) ((long) rollouts * tile / tiles);
                int to = (int) ((long) rollouts * (tile + 1) / tiles);
                block[i] = new BranchTile(
                        world,
                        starts.of(from, to, own),
                        config.steps(),
                        doubts() ? new Doubt(world, config, disagreement, to - from) : null);
                imagine(block[i], models.get((tile + offset) % models.size()), policy, own);
            });
            for (BranchTile tile : block) {
                sink.accept(tile.transitions());
                report = report.plus(tile.report());
                fault = fault == null ? tile.fault() : fault;
            }
        }
        requireFinite(report, fault);
        return report;
    }

    private void imagine(BranchTile tile, DynamicsModel model, Policy policy, RandomGenerator random) {
        for (int t = 0; t < config.steps() && tile.lives(); t++) {
            tile.step(model, policy, config.propagation() != Propagation.EXPECTATION, random);
        }
    }

    /** With TS∞ a tile has one member, and all members have equally many tiles. */
    private List<? extends DynamicsModel> models() {
        return config.propagation() == Propagation.TS_INFINITY && world.dynamics() instanceof EnsembleModel ensemble
                ? ensemble.members()
                : List.of(world.dynamics());
    }

    private static int tiles(int rollouts, int models) {
        int needed = (int) (((long) rollouts + ROWS - 1) / ROWS);
        return Math.min(rollouts, (needed + models - 1) / models * models);
    }

    private void requireFinite(BranchReport report, @Nullable String fault) {
        if (report.nonFiniteShare() > config.nonFiniteShare()) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "%d of %d imagined transitions are not finite, at first %s, expected a share of at most %s; maybe the model saw too"
                            + " few data for rollouts of %d steps, or the supplied reward is not defined everywhere",
                    report.nonFinite(),
                    report.nonFinite() + report.transitions(),
                    fault,
                    config.nonFiniteShare(),
                    config.steps()));
        }
    }
}
