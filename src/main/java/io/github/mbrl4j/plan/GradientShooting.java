package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableObjective;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.SequenceObjective;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gradient shooting: climb the gradient of the return by the actions, u ← u + Adam(∂J/∂u), from several starts side by side. The
 * gradient goes through the world model's dynamics, reward and terminal value, from the last step back to the first. For
 * continuous actions.
 *
 * <p>The starts are what the objective proposes (at most half of them), the warm start, and uniformly drawn sequences. The plan is
 * the best sequence scored on the way, and its predicted return is the score of that very sequence. A start whose return or
 * gradient is not finite goes half of the way back to its best place.
 *
 * <p>A gradient tells the way up the hill one stands on. Where hills are many, let another planner find the hill:
 * {@link #after}. On a noisy objective, the return of particles for example, single steps are noisy and the score is optimistic,
 * because it is the largest of many.
 *
 * <p>The objective has to know its gradient ({@link DifferentiableObjective}), as the predicted return of a world model does whose
 * parts know theirs; otherwise set {@link GradientShootingConfig#withDifferences()}.
 *
 * <p>Adding a constant to the return, or multiplying it by a positive constant, changes the actions by no more than
 * rounding. Memory: some batches of N sequences; with differences one of N·(1 + 2·H·A). Time: a score and a gradient of N
 * sequences for each iteration; the last iteration only scores. For one thread at a time; the objective may use many.
 */
public final class GradientShooting extends SearchPlanner {

    /** What counts as an improvement, as a fraction of all improvement so far. */
    private static final double WORTH_MENTIONING = 1e-4;

    private final GradientShootingConfig config;
    private final @Nullable Planner first;
    private final @Nullable Duration timeLimit;

    /**
     * Makes a planner.
     *
     * @param config its settings
     */
    public GradientShooting(GradientShootingConfig config) {
        this(config, null, null);
    }

    private GradientShooting(GradientShootingConfig config, @Nullable Planner first, @Nullable Duration timeLimit) {
        super(config.horizon(), timeLimit);
        this.config = config;
        this.first = first;
        this.timeLimit = timeLimit;
    }

    /**
     * The same planner under a hard deadline, which the planner that goes first keeps, too, if it is one of this package.
     *
     * @param time after which a plan is the best sequence scored so far, above 0
     * @return a new planner without a warm start
     * @throws IllegalArgumentException if the time is 0 or negative
     */
    public GradientShooting withDeadline(Duration time) {
        return new GradientShooting(config, first, time);
    }

    /**
     * The same planner, with its first start from the plan of another: that one finds the hill, the gradient climbs to its top.
     *
     * @param planner plans first, with the same horizon; belongs to the new planner, which advances and resets it
     * @return a new planner without a warm start
     */
    public GradientShooting after(Planner planner) {
        return new GradientShooting(config, planner, timeLimit);
    }

    /**
     * The settings.
     *
     * @return the settings given to the constructor
     */
    public GradientShootingConfig config() {
        return config;
    }

    @Override
    public boolean accepts(ActionSpace actions) {
        return areContinuous(actions) && (first == null || first.accepts(actions));
    }

    @Override
    public void advance(int executed) {
        super.advance(executed);
        if (first != null) {
            first.advance(executed);
        }
    }

    @Override
    public void reset() {
        super.reset();
        if (first != null) {
            first.reset();
        }
    }

    @Override
    Search newSearch(SequenceSpace space) {
        return new Climb(space);
    }

    private final class Climb extends Search {
        private final Batch candidates;
        private final Batch proposals;

        /** The other planner's plan [H·A]. */
        private final double[] planned;

        private final Slope slope;
        private final Ascent ascent;

        Climb(SequenceSpace space) {
            super(space);
            candidates = new Batch(config.starts(), space.length());
            proposals = new Batch(config.starts() / 2, space.length());
            planned = new double[space.length()];
            slope = config.differences()
                    ? new DifferenceSlope(config.starts(), space)
                    : new KnownSlope(config.starts(), space);
            ascent = new Ascent(space, config);
        }

        @Override
        void run(SequenceObjective objective, RandomStreams streams, Tally tally) {
            Require.that(
                    config.differences() || objective instanceof DifferentiableObjective,
                    "objective is %s, which has no gradient, expected a DifferentiableObjective; maybe set"
                            + " GradientShootingConfig.withDifferences(), or use Cem",
                    objective.getClass().getName());
            Plan plan = first == null ? null : planFirst(first, objective, streams, tally);
            placeStarts(objective, streams, plan);
            ascent.begin(candidates);
            Progress progress = new Progress();
            for (int iteration = 0; iteration < config.iterations(); iteration++) {
                if (iteration > 0) {
                    ascent.step(slope, incumbent.sequence(), rate(iteration), candidates);
                }
                slope.measure(objective, candidates, incumbent, tally);
                if (iteration == 0 && plan != null) {
                    incumbent.offer(planned, plan.predictedReturn());
                }
                tally.countIteration();
                if (tally.isOver() || progress.hasEnded()) {
                    return;
                }
            }
        }

        private double rate(int iteration) {
            return config.learningRate() * 0.5 * (1 + Math.cos(Math.PI * (iteration - 1) / config.iterations()));
        }

        /** What another planner finds; null if that has no score. */
        private @Nullable Plan planFirst(
                Planner planner, SequenceObjective objective, RandomStreams streams, Tally tally) {
            RandomGenerator random = streams.stream("first planner");
            Plan plan = planner instanceof SearchPlanner ours
                    ? ours.plan(objective, random, tally.deadline())
                    : planner.plan(objective, random);
            Require.that(
                    plan.horizon() == config.horizon(),
                    "the planner that goes first plans %d actions, expected as many as horizon, which is %d",
                    plan.horizon(),
                    config.horizon());
            tally.count(plan.statistics().evaluations(), plan.statistics().nonFiniteCandidates());
            int size = space.actions().size();
            Require.that(
                    plan.action(0).length == size,
                    "the planner that goes first plans actions of size %d, expected %d",
                    plan.action(0).length,
                    size);
            for (int i = 0; i < planned.length; i++) {
                double number = checked("the first planner's plan", plan.action(i / size)[i % size]);
                planned[i] = space.round(i, space.clip(i, number));
            }
            return Double.isFinite(plan.predictedReturn()) ? plan : null;
        }

        /** Proposals, warm start, the other planner's plan, and uniformly drawn sequences, as far as there is room. */
        private void placeStarts(SequenceObjective objective, RandomStreams streams, @Nullable Plan plan) {
            space.sampleUniform(streams.stream("gradient shooting"), candidates);
            int row = propose(objective, proposals, streams);
            System.arraycopy(proposals.array(), 0, candidates.array(), 0, row * space.length());
            if (plan == null || row + 1 < candidates.rows()) {
                space.write(start, candidates, row++);
            }
            if (plan != null) {
                space.write(planned, candidates, row);
            }
        }

        /** Watches whether any start still rises; one that overshot falls for a while and rises again. */
        private final class Progress {
            private final double[] last = new double[config.starts()];
            private double begin = Double.NaN;
            private int idle;

            boolean hasEnded() {
                if (!incumbent.hasScore()) {
                    return true;
                }
                if (Double.isNaN(begin)) {
                    begin = incumbent.score();
                }
                idle = anyRises(WORTH_MENTIONING * (incumbent.score() - begin)) ? 0 : idle + 1;
                return idle >= config.patience();
            }

            private boolean anyRises(double least) {
                boolean rises = false;
                for (int n = 0; n < last.length; n++) {
                    rises |= slope.returnOf(n) - last[n] > least;
                    last[n] = slope.returnOf(n);
                }
                return rises;
            }
        }
    }
}
