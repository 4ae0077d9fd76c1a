package io.github.mbrl4j.rollout;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ControlProblem;
import io.github.mbrl4j.core.Deadline;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableObjective;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.TrajectoryObjective;
import io.github.mbrl4j.core.ValueFunction;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.Constraint;
import io.github.mbrl4j.model.WorldModel;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The discounted return that a world model predicts for sequences of actions from one start state, combined over particles:
 * Σ γᵗ r(sₜ, aₜ, sₜ₊₁), and γᴴ V(s_H) where there is a terminal value.
 *
 * <p>One rule for terminations: the step that terminates still earns its reward; afterwards rewards and terminal value are 0.
 * A particle whose state, reward, terminal value or violation is not finite before that makes the return of its sequence NaN.
 *
 * <p>The score of a sequence is risk(particles' returns less penalties) − Σ chance weights·max(0, p − δ) − penalty for the action
 * rate; the latter belongs to the sequence, and counts all of its steps.
 *
 * <p>Rollouts run in tiles of neighbouring rows, each tile through all steps in one thread. Tiles and their random streams
 * depend on the sizes alone, so the number of threads does not change a bit. The clock is read before each step of a tile,
 * and under a deadline the first tiles are small. Buffers are kept from one evaluation to the next, as many as threads work at
 * once. For one caller at a time.
 *
 * <p>With TS∞, particle p of candidate n has member (n + p + an offset drawn for each evaluation) mod E: with P a multiple of
 * E every candidate meets every member equally often, where PETS leaves that to chance.
 */
public final class PredictedReturn implements DifferentiableObjective, TrajectoryObjective {

    private static final Logger LOG = LoggerFactory.getLogger(PredictedReturn.class);

    /** Rows of a tile: few enough for the cache, enough for the matrix product. */
    private static final int TILE = 128;

    /** As many as an array can hold. */
    private static final int MOST_ROLLOUTS = Integer.MAX_VALUE - 8;

    private final WorldModel world;
    private final RolloutConfig config;
    private final Workers workers;
    private final @Nullable Proposals proposals;
    private double @Nullable [] start;
    private RandomStreams streams = RandomStreams.of(0);
    private long evaluations;
    private double @Nullable [] lastAction;
    private @Nullable Tiling tiling;
    private final Outcomes outcomes;
    private final SlewRate slewRate;
    private final Queue<TileRollout> idle = new ConcurrentLinkedQueue<>();

    /** The derivatives of each rollout's return by its actions [N·P, H·A]. */
    private Batch ofRollouts = new Batch(0, 1);

    private final Map<DynamicsModel, Queue<TileGradient>> climbers = new ConcurrentHashMap<>();

    /**
     * Makes an objective; it needs a start state before it can be evaluated.
     *
     * @param world what to imagine with
     * @param config particles, propagation, discount and risk
     * @param workers threads to run tiles on
     */
    public PredictedReturn(WorldModel world, RolloutConfig config, Workers workers) {
        this(world, config, workers, null);
    }

    /**
     * Makes an objective that proposes sequences to planners; it needs a start state before it can be evaluated.
     *
     * @param world what to imagine with
     * @param config particles, propagation, discount and risk
     * @param workers threads to run tiles on
     * @param proposals a policy's sequences; null for none
     */
    public PredictedReturn(WorldModel world, RolloutConfig config, Workers workers, @Nullable Proposals proposals) {
        this.proposals = proposals;
        this.world = world;
        this.config = config;
        this.workers = workers;
        outcomes = new Outcomes(world.constraints());
        slewRate = new SlewRate(world.actionRate(), world.dynamics().actionSpace());
        warnOfDiscount();
    }

    /** A value that counts later rewards otherwise than the plan does is too large or too small beside the plan's own rewards. */
    private void warnOfDiscount() {
        world.terminalValue().map(ValueFunction::discount).ifPresent(learned -> {
            if (learned.isPresent() && learned.getAsDouble() != config.discount()) {
                LOG.warn(
                        "the terminal value was learned with a discount of {}, but plans are imagined with {}; maybe"
                                + " RolloutConfig.withDiscount({})",
                        learned.getAsDouble(),
                        config.discount(),
                        learned.getAsDouble());
            }
        });
    }

    /**
     * Sets the state that all rollouts start from.
     *
     * @param state [S], finite as floats, copied
     * @param random source of the particles' randomness; one number is drawn
     * @throws IllegalArgumentException if the state has another length or is not finite as floats
     */
    public void startFrom(double[] state, RandomGenerator random) {
        startFrom(state, null, random);
    }

    /**
     * Sets the state that all rollouts start from, after an action.
     *
     * @param state [S], finite as floats, copied
     * @param executed the action executed last [A], where changes of action begin to count, copied; null at an episode's begin
     * @param random source of the particles' randomness; one number is drawn
     * @throws IllegalArgumentException if the state or the action has another length or is not finite as floats
     */
    public void startFrom(double[] state, double @Nullable [] executed, RandomGenerator random) {
        double[] from = Require.finiteFloats("state", state, world.dynamics().stateSize());
        double[] last = executed == null
                ? null
                : Require.finiteFloats("executed", executed, actionSpace().size())
                        .clone();
        start = from.clone();
        lastAction = last;
        streams = RandomStreams.of(random.nextLong());
        evaluations = 0;
    }

    @Override
    public ActionSpace actionSpace() {
        return world.dynamics().actionSpace();
    }

    /**
     * The problem with expected next states: without particles, and without the spread among the members of an ensemble.
     * Penalties of constraints are part of a supplied reward, but not of one that the dynamics predict; chances and the rate of
     * actions are not in it.
     *
     * @throws IllegalStateException before there is a start state
     */
    @Override
    public ControlProblem controlProblem() {
        return new ControlProblem(
                start(),
                world.dynamics(),
                world.reward().map(this::lessPenalties),
                world.termination(),
                world.terminalValue(),
                config.discount());
    }

    private RewardModel lessPenalties(RewardModel reward) {
        List<RewardModel> penalties = world.constraints().stream()
                .filter(constraint -> constraint.penalty() > 0)
                .map(Constraint::penaltyAsReward)
                .toList();
        return penalties.isEmpty()
                ? reward
                : (state, action, next) -> reward.reward(state, action, next)
                        + penalties.stream()
                                .mapToDouble(penalty -> penalty.reward(state, action, next))
                                .sum();
    }

    @Override
    public void evaluate(Batch sequences, double[] returns) {
        evaluate(sequences, returns, Deadline.NEVER);
    }

    @Override
    public boolean evaluate(Batch sequences, double[] returns, Deadline deadline) {
        check(sequences, returns);
        if (sequences.rows() == 0) {
            return true;
        }
        Batch actions = slewRate.follow(sequences, lastAction);
        boolean complete =
                imagine(actions, particles(), streams.family("evaluation", evaluations++), deadline, outcomes);
        score(actions, returns);
        return complete;
    }

    /**
     * Scores candidates and computes the gradient of each score, through the dynamics, the reward, the terminal value, the risk and
     * the penalties. Noise is taken as given; terminations and the chances of violations are, too, so their gradient is 0.
     *
     * @throws IllegalStateException if a part of the world model has no gradient, with TS1 of an ensemble, or before there is a
     *     start state
     */
    @Override
    public boolean evaluate(Batch sequences, double[] returns, Batch gradients, Deadline deadline) {
        check(sequences, returns);
        gradients.requireColumns("gradients", sequences.columns());
        gradients.resize(sequences.rows());
        if (sequences.rows() == 0) {
            return true;
        }
        Gradients.require(world, models(), config.propagation());
        climbers.keySet().retainAll(models());
        Batch actions = slewRate.follow(sequences, lastAction);
        if (ofRollouts.columns() != sequences.columns()) {
            ofRollouts = new Batch(0, sequences.columns());
        }
        ofRollouts.resize(sequences.rows() * particles());
        double[] from = start();
        outcomes.clear(sequences.rows(), particles());
        boolean complete = forEachTile(
                sequences.rows(),
                particles(),
                streams.family("evaluation", evaluations++),
                deadline,
                (model, rollouts, noise) -> {
                    Queue<TileGradient> resting = climbers.computeIfAbsent(model, m -> new ConcurrentLinkedQueue<>());
                    TileGradient climber = borrow(resting, model);
                    boolean done = climber.climb(rollouts, from, actions, noise, deadline, outcomes, ofRollouts);
                    resting.add(climber);
                    return done;
                });
        score(actions, returns);
        outcomes.combine(config.risk(), ofRollouts, gradients);
        slewRate.backward(sequences, actions, lastAction, config.discount(), gradients);
        return complete;
    }

    private void score(Batch actions, double[] returns) {
        for (int n = 0; n < actions.rows(); n++) {
            returns[n] = outcomes.score(config.risk(), n) - slewRate.penalty(actions, n, lastAction, config.discount());
        }
    }

    @Override
    public int propose(Batch sequences, RandomGenerator random) {
        return proposals == null ? 0 : proposals.write(world.dynamics(), start(), sequences, random);
    }

    private double[] start() {
        if (start == null) {
            throw new IllegalStateException("no start state; call startFrom(state, random) first");
        }
        return start;
    }

    /** Runs all rollouts; false if the deadline passed before all were done. */
    private boolean imagine(
            Batch sequences, int particles, RandomStreams evaluation, Deadline deadline, Outcomes outcomes) {
        double[] from = start();
        outcomes.clear(sequences.rows(), particles);
        return forEachTile(sequences.rows(), particles, evaluation, deadline, (model, rollouts, noise) -> {
            TileRollout rollout = borrow();
            boolean done = rollout.imagine(model, rollouts, from, sequences, noise, deadline, outcomes);
            idle.add(rollout);
            return done;
        });
    }

    /** What is done with one tile. */
    private interface TileWork {
        boolean run(DynamicsModel model, int[] rollouts, @Nullable RandomGenerator noise);
    }

    /** One evaluation: all tiles, each with its model and noise; returns whether all were done. */
    private boolean forEachTile(
            int candidates, int particles, RandomStreams evaluation, Deadline deadline, TileWork work) {
        List<? extends DynamicsModel> models = models();
        int offset = evaluation.stream("members").nextInt(models.size());
        List<Tiling.Tile> tiles = tiling(candidates, particles, models.size(), deadline != Deadline.NEVER)
                .tiles();
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

    /**
     * The actions that are executed, and were imagined, when a planner proposes a plan: the plan's own, as far as a limit on
     * their rate allows.
     *
     * @param plan a plan from the present start state
     * @return the plan itself where there is no limit
     */
    public Plan followed(Plan plan) {
        return slewRate.follow(plan, lastAction);
    }

    /**
     * Imagines a plan from the present start state once more and reports how the constraints fare. The randomness of evaluations
     * is left as it is.
     *
     * @param plan what would be executed
     * @param particles rollouts to imagine, at least 1; 1,000 tell a probability to about ±0.03. Without noise
     *     ({@link Propagation#EXPECTATION}) one is enough and one is used
     * @return expected violations and their probabilities; without entries if the world model has no constraints
     * @throws IllegalArgumentException if there are no particles
     * @throws IllegalStateException if there is no start state
     */
    public ConstraintReport report(Plan plan, int particles) {
        Require.positive("particles", particles);
        int used = config.propagation() == Propagation.EXPECTATION ? 1 : particles;
        Batch row = new Batch(1, plan.horizon() * actionSpace().size());
        for (int t = 0, k = 0; t < plan.horizon(); t++) {
            for (double number : plan.action(t)) {
                row.array()[k++] = (float) number;
            }
        }
        Outcomes imagined = new Outcomes(world.constraints());
        Batch actions = slewRate.follow(row, lastAction);
        imagine(actions, used, streams.family("report"), Deadline.NEVER, imagined);
        return imagined.report(0);
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

    private Tiling tiling(int candidates, int particles, int groups, boolean hurried) {
        Tiling current = tiling;
        if (current == null || !current.isFor(candidates, particles, groups, hurried)) {
            current = new Tiling(candidates, particles, groups, tileRows(), hurried);
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

    private TileRollout borrow() {
        TileRollout rollout = idle.poll();
        return rollout == null ? new TileRollout(world, config) : rollout;
    }

    private TileGradient borrow(Queue<TileGradient> resting, DynamicsModel model) {
        TileGradient climber = resting.poll();
        return climber == null ? new TileGradient(world, config, (DifferentiableDynamics) model) : climber;
    }

    private int particles() {
        return config.propagation() == Propagation.EXPECTATION ? 1 : config.particles();
    }
}
