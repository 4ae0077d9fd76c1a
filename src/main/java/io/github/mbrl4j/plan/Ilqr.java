package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ControlProblem;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.SequenceObjective;
import io.github.mbrl4j.core.TrajectoryObjective;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The iterative linear-quadratic regulator with bounds on the actions: control-limited differential dynamic programming (Tassa,
 * Mansard and Todorov, ICRA 2014), with linearised dynamics. Each iteration linearises the dynamics along the best trajectory so far,
 * makes a convex quadratic model of its costs, finds the best local feedback policy within the bounds, and tries several
 * lengths of that step side by side. For continuous actions and smooth problems, where it is the planner to beat: a
 * linear-quadratic problem is solved in one iteration.
 *
 * <p>The objective has to show its control problem ({@link TrajectoryObjective}), as the predicted return of a world model does. The
 * search follows expected next states in double precision, with Jacobians by the model's own gradients where it has them, otherwise by
 * central differences. Derivatives that are not finite count as 0: nothing is known there.
 *
 * <p>The plan is the best sequence that the objective has scored, and its predicted return is that score. Sequences scored at first
 * are what the objective proposes (at most half of the starts), the warm start, and uniformly drawn ones; the search goes on from
 * the best. If none could be scored, the plan is the warm start.
 *
 * <p><b>Limits.</b> It walks downhill from where it starts, so it finds the valley, not the lowest of several. Terminations, risk
 * and penalties that are in the score but not in the control problem decide which step is taken, but not where it points.
 * On a noisy objective steps are judged by chance; plan with expected next states then.
 *
 * <p><b>Deviations from the paper.</b> (1) Second derivatives of the dynamics are left out, as in iLQR. (2) The costs' Hessians are
 * made positive semi-definite by leaving out directions of negative curvature, so the backward pass cannot fail. (3) The bounded
 * quadratic problem of each step is solved exactly, by active sets instead of projected Newton steps. (4) The
 * regularisation is relative to the return's own curvature by the actions, so that units do not matter. (5) All step sizes are
 * scored in one batch and the best is taken, if it is better than what is known; there is no least improvement.
 *
 * <p>Adding a constant to the return, or multiplying it by a positive constant, changes the actions by no more than
 * rounding. Memory: H·(D² + D + 1) rows with D = S + A, for differences. Time of an iteration: that of the differences, 2·D·H model
 * steps for the dynamics (H·S backward rows instead if they have gradients) and as many rewards as there are rows; and 2·n + 1
 * rollouts for n step sizes. The deadline is looked at before each of these. For one thread at a time; the objective may use many.
 */
public final class Ilqr extends SearchPlanner {

    /** By how much the factor of the regularisation changes from one success or failure to the next. */
    private static final double GROWTH = 2;

    private static final double LEAST_REGULARISATION = 1e-9;

    private final IlqrConfig config;

    /**
     * Makes a planner.
     *
     * @param config its settings
     */
    public Ilqr(IlqrConfig config) {
        this(config, null);
    }

    private Ilqr(IlqrConfig config, @Nullable Duration timeLimit) {
        super(config.horizon(), timeLimit);
        this.config = config;
    }

    /**
     * The same planner under a hard deadline.
     *
     * @param time after which a plan is the best sequence scored so far, above 0
     * @return a new planner without a warm start
     * @throws IllegalArgumentException if the time is 0 or negative
     */
    public Ilqr withDeadline(Duration time) {
        return new Ilqr(config, time);
    }

    /**
     * The settings.
     *
     * @return the settings given to the constructor
     */
    public IlqrConfig config() {
        return config;
    }

    @Override
    public boolean accepts(ActionSpace actions) {
        return areContinuous(actions);
    }

    @Override
    Search newSearch(SequenceSpace space) {
        return new Descent(space);
    }

    private final class Descent extends Search {
        private final Batch starts;
        private final Batch proposals;
        private final Batch candidates;
        private final Ranking ofStarts = new Ranking(config.starts());
        private final Ranking ofCandidates = new Ranking(config.stepSizes());
        private @Nullable Neighbourhood neighbourhood;

        /** Return of the best sequence so far. */
        private double best;

        Descent(SequenceSpace space) {
            super(space);
            starts = new Batch(config.starts(), space.length());
            proposals = new Batch(config.starts() / 2, space.length());
            candidates = new Batch(config.stepSizes(), space.length());
        }

        @Override
        void run(SequenceObjective objective, RandomStreams streams, Tally tally) {
            ControlProblem problem = requireTrajectory(objective).controlProblem();
            placeStarts(objective, streams);
            best = Double.NEGATIVE_INFINITY;
            if (!improves(objective, starts, ofStarts, tally)) {
                return;
            }
            Neighbourhood near = neighbourhoodOf(problem);
            double regularisation = config.regularisation();
            double factor = 1;
            boolean moved = true;
            for (int iteration = 0; iteration < config.iterations() && !tally.isOver(); iteration++) {
                if (moved) {
                    near.explore(problem, incumbent.sequence());
                }
                near.improve(problem.discount(), regularisation);
                if (tally.isOver() || near.largestChange() < config.tolerance()) {
                    return;
                }
                if (!near.write(problem, candidates, tally)) {
                    return;
                }
                moved = improves(objective, candidates, ofCandidates, tally);
                factor = moved ? Math.min(1, factor) / GROWTH : Math.max(1, factor) * GROWTH;
                regularisation = Math.max(LEAST_REGULARISATION, regularisation * factor);
            }
        }

        private TrajectoryObjective requireTrajectory(SequenceObjective objective) {
            if (objective instanceof TrajectoryObjective shown) {
                return shown;
            }
            throw new IllegalArgumentException(String.format(
                    "objective is %s, which does not show its states, expected a TrajectoryObjective; maybe use Cem",
                    objective.getClass().getName()));
        }

        /** What is proposed, the warm start, and uniformly drawn sequences. */
        private void placeStarts(SequenceObjective objective, RandomStreams streams) {
            space.sampleUniform(streams.stream("ilqr"), starts);
            int proposed = propose(objective, proposals, streams);
            for (int n = 0; n < proposed; n++) {
                proposals.copyRow(n, starts, n);
            }
            space.write(start, starts, proposed);
        }

        /** Scores sequences; true if one of them is better than all before. */
        private boolean improves(SequenceObjective objective, Batch sequences, Ranking ranking, Tally tally) {
            ranking.score(objective, sequences, tally);
            tally.countIteration();
            incumbent.offerBest(sequences, ranking);
            boolean better = ranking.hasFinite() && ranking.of(ranking.best()) > best;
            best = better ? ranking.of(ranking.best()) : best;
            return better;
        }

        private Neighbourhood neighbourhoodOf(ControlProblem problem) {
            Neighbourhood current = neighbourhood;
            int stateSize = problem.dynamics().stateSize();
            if (current == null || current.stateSize() != stateSize) {
                current = new Neighbourhood(space, stateSize);
                neighbourhood = current;
            }
            return current;
        }
    }
}
