package io.github.mbrl4j.core;

/** Lets functions of observations read the states of a model. Safe for use by many threads, each of which has buffers of its own. */
final class ExpectedObservations {

    private final ObservedDynamics model;
    private final ThreadLocal<Pair> pairs = ThreadLocal.withInitial(Pair::new);

    ExpectedObservations(ObservedDynamics model) {
        this.model = model;
    }

    /** What is expected to be seen before and after a step. */
    private final class Pair {
        final Batch before = new Batch(0, model.estimator().observationSize());
        final Batch after = new Batch(0, model.estimator().observationSize());

        Pair of(Batch states, Batch next) {
            model.observe(states, before.resize(states.rows()));
            model.observe(next, after.resize(next.rows()));
            return this;
        }
    }

    private Pair see(Batch states, Batch next) {
        return pairs.get().of(states, next);
    }

    RewardModel reward(RewardModel ofObservations) {
        return new RewardModel() {
            @Override
            public double reward(double[] state, double[] action, double[] next) {
                Pair seen = see(Batch.ofRows(state), Batch.ofRows(next));
                return ofObservations.reward(seen.before.row(0), action, seen.after.row(0));
            }

            @Override
            public void rewards(Batch states, Batch actions, Batch next, float[] rewards) {
                Pair seen = see(states, next);
                ofObservations.rewards(seen.before, actions, seen.after, rewards);
            }
        };
    }

    TerminationModel termination(TerminationModel ofObservations) {
        return new TerminationModel() {
            @Override
            public boolean terminated(double[] state, double[] action, double[] next) {
                Pair seen = see(Batch.ofRows(state), Batch.ofRows(next));
                return ofObservations.terminated(seen.before.row(0), action, seen.after.row(0));
            }

            @Override
            public void terminated(Batch states, Batch actions, Batch next, boolean[] terminated) {
                Pair seen = see(states, next);
                ofObservations.terminated(seen.before, actions, seen.after, terminated);
            }
        };
    }
}
