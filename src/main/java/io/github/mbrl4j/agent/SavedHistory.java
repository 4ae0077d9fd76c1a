package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.report.TrainingHistory;
import java.util.ArrayList;
import java.util.List;

/** The trials of a history as arrays: there may be very many. */
final class SavedHistory {

    private static final int COUNTS = 3;
    private static final int FIGURES = 6;

    private SavedHistory() {}

    private record Size(int trials) {
        Size {
            Require.that(trials >= 0, "trials is %d, expected 0 or more", trials);
        }
    }

    static void put(CheckpointWriter to, TrainingHistory history) {
        int n = history.trials().size();
        int[] counts = new int[n * COUNTS];
        double[] figures = new double[n * FIGURES];
        long[] nonFinite = new long[n];
        boolean[] terminated = new boolean[n];
        for (int i = 0; i < n; i++) {
            TrainingHistory.Trial t = history.trials().get(i);
            System.arraycopy(new int[] {t.trial(), t.steps(), t.envSteps()}, 0, counts, i * COUNTS, COUNTS);
            double[] row = {
                t.totalReward(), t.modelLoss(), t.validationError(), t.fitSeconds(), t.planMillisMedian(), t.seconds()
            };
            System.arraycopy(row, 0, figures, i * FIGURES, FIGURES);
            nonFinite[i] = t.nonFiniteCandidates();
            terminated[i] = t.terminated();
        }
        to.put("trials", new Size(n));
        to.put("counts", counts, n, COUNTS);
        to.put("figures", figures, n, FIGURES);
        to.put("non-finite", nonFinite, n);
        to.put("terminated", terminated, n);
    }

    /** The trials that were saved, with the name, environment, seed and settings of the history at hand. */
    static TrainingHistory read(CheckpointReader from, TrainingHistory like) {
        int n = from.record("trials", Size.class).trials();
        int[] counts = from.ints("counts", n, COUNTS);
        double[] figures = from.doubles("figures", n, FIGURES);
        long[] nonFinite = from.longs("non-finite", n);
        boolean[] terminated = from.booleans("terminated", n);
        return from.make("trials", () -> {
            List<TrainingHistory.Trial> trials = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                int c = i * COUNTS;
                int f = i * FIGURES;
                trials.add(new TrainingHistory.Trial(
                        counts[c],
                        counts[c + 1],
                        counts[c + 2],
                        figures[f],
                        terminated[i],
                        figures[f + 1],
                        figures[f + 2],
                        figures[f + 3],
                        figures[f + 4],
                        nonFinite[i],
                        figures[f + 5]));
            }
            return new TrainingHistory(like.agent(), like.environment(), like.seed(), like.config(), trials);
        });
    }

    /** Requires that training can go on after a history. */
    static void requireBefore(TrainingHistory history, int lastTrial, int envSteps) {
        if (!history.trials().isEmpty()) {
            TrainingHistory.Trial last = history.trials().get(history.trials().size() - 1);
            Require.that(
                    last.trial() <= lastTrial,
                    "trial is %d, expected at least %d as in the history",
                    lastTrial,
                    last.trial());
            Require.that(
                    last.envSteps() <= envSteps,
                    "envSteps is %d, expected at least %d as in the history",
                    envSteps,
                    last.envSteps());
        }
    }
}
