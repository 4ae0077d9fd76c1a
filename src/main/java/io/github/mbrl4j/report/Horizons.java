package io.github.mbrl4j.report;

import java.util.List;
import java.util.Locale;

/** How far a model can be trusted, by its errors against those of persistence and against limits. */
final class Horizons {

    private Horizons() {}

    /** The steps before the first at which the model is not better than persistence, over all dimensions. */
    static ModelReport.Horizon useful(List<ModelReport.Step> steps) {
        for (ModelReport.Step step : steps) {
            if (step.nonFinite() > 0) {
                return stopped(step, "predictions are not finite");
            }
            if (!(step.error() < step.persistence())) {
                return stopped(step, "persistence's is no larger, " + ModelReportTable.number(step.persistence(), 3));
            }
        }
        return new ModelReport.Horizon(
                steps.size(), "better than persistence in all of the " + steps.size() + " steps tested");
    }

    /** The same for one dimension. */
    static int useful(int d, List<ModelReport.Step> steps) {
        int good = 0;
        while (good < steps.size()
                && steps.get(good).nonFinite() == 0
                && steps.get(good).errors().get(d)
                        < steps.get(good).persistenceErrors().get(d)) {
            good++;
        }
        return good;
    }

    /** The steps before the first whose error is above a limit, if the model is useful for so long. */
    static ModelReport.Horizon within(double limit, List<ModelReport.Step> steps, ModelReport.Horizon useful) {
        for (ModelReport.Step step : steps.subList(0, useful.steps())) {
            if (!(step.error() <= limit)) {
                return stopped(step, String.format(Locale.ROOT, "the limit is %.2f", limit));
            }
        }
        return useful.steps() < steps.size()
                ? useful
                : new ModelReport.Horizon(
                        steps.size(),
                        String.format(Locale.ROOT, "below %.2f in all of the %d steps tested", limit, steps.size()));
    }

    private static ModelReport.Horizon stopped(ModelReport.Step step, String why) {
        return new ModelReport.Horizon(
                step.step() - 1,
                "at step " + step.step() + " the error is " + ModelReportTable.number(step.error(), 3) + ": " + why);
    }
}
