package io.github.mbrl4j.report;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The pictures of a {@link ModelReport}. */
final class ModelReportCharts {

    private ModelReportCharts() {}

    static LineChart errors(ModelReport report) {
        double[] x = report.steps().stream().mapToDouble(ModelReport.Step::step).toArray();
        LineChart chart = LineChart.of(
                        report.model() + ": error over the steps ahead",
                        String.format(
                                "useful for %d steps · plan over %d · roll out %d",
                                report.usefulHorizon().steps(),
                                report.planningHorizon().steps(),
                                report.rolloutLength().steps()),
                        "steps ahead",
                        "error as a share of the spread")
                .line("model", x, figures(report, ModelReport.Step::error))
                .line("persistence", x, figures(report, ModelReport.Step::persistence));
        double[] linear = figures(report, ModelReport.Step::linear);
        return Double.isNaN(linear[0]) ? chart : chart.line("linear", x, linear);
    }

    private static double[] figures(ModelReport report, ToDoubleFunction<ModelReport.Step> figure) {
        return report.steps().stream().mapToDouble(figure).toArray();
    }

    /** One step ahead and as far as plans go. */
    static LineChart calibration(ModelReport report) {
        double[] nominal = percent(ModelReport.CURVE);
        LineChart chart = LineChart.of(
                        report.model() + ": calibration",
                        "above the dashed line the model is too timid, below it too sure",
                        "predicted interval, %",
                        "came true within, %")
                .dashedLine("as promised", nominal, nominal);
        int planning = report.planningHorizon().steps();
        int[] steps = planning > 1 ? new int[] {1, planning} : new int[] {1};
        for (int k : steps) {
            chart = chart.line(
                    k == 1 ? "1 step" : k + " steps",
                    nominal,
                    percent(report.steps().get(k - 1).curve()));
        }
        return chart;
    }

    private static double[] percent(List<Double> shares) {
        return shares.stream().mapToDouble(share -> 100 * share).toArray();
    }
}
