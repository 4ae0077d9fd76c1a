package io.github.mbrl4j.bench;

import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.model.EnsembleDynamics;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One training step of all members of an ensemble, on a batch of 256 rows each. What is timed is the fit of one epoch,
 * divided by its steps, with all that belongs to it: encoding, bootstrap, and the validation on one row. A fit of three
 * epochs takes three times as long within 3 %, so that these weigh little.
 */
final class EnsembleTrain implements Bench {

    private static final int BATCH = 256;
    private static final int STEPS = 78;

    @Override
    public String name() {
        return "ensemble_train";
    }

    @Override
    public List<Case> cases(int threads) {
        return List.of(
                new Case("large", () -> measure(Problem.LARGE, threads)),
                new Case("cartpole", () -> measure(Problem.CART_POLE, threads)));
    }

    private static Figures measure(Problem problem, int threads) {
        int rows = STEPS * BATCH + 1;
        EnsembleDynamics dynamics = problem.ensemble(1, 1.0 / rows, new Workers(threads));
        ReplayBuffer data = problem.data(rows);
        RandomGenerator random = RandomStreams.of(0).stream("fit");
        Measurement step = Measurement.of(() -> dynamics.fit(data, random)).dividedBy(STEPS);
        double memberRows = (double) BATCH * problem.members();
        return Figures.of(step)
                .rate("steps_per_s", 1)
                .rate("samples_per_s", BATCH)
                .rate("member_samples_per_s", memberRows)
                .flop(2 * memberRows * problem.trainingMultiplyAdds());
    }
}
