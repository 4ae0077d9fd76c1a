package io.github.mbrl4j.report;

import java.util.Locale;

/** A {@link ModelReport} as text. */
final class ModelReportTable {

    /** Later steps are shown at a distance. */
    private static final int ALL_SHOWN_TO = 10;

    private static final int DISTANCE = 5;

    private final ModelReport report;
    private final StringBuilder text = new StringBuilder();

    private ModelReportTable(ModelReport report) {
        this.report = report;
    }

    static String of(ModelReport report) {
        ModelReportTable table = new ModelReportTable(report);
        table.head();
        table.dimensions();
        table.steps();
        return table.text.toString();
    }

    /** With so many decimals, or its power of ten where that would be too long for the table. */
    static String number(double value, int decimals) {
        boolean large = Double.isFinite(value) && Math.abs(value) >= 1000;
        return String.format(Locale.ROOT, large ? "%.1e" : "%." + decimals + "f", value);
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private void head() {
        line(
                "%s on %,d held-out transitions of %d episode%s, from %d starts",
                report.model(),
                report.transitions(),
                report.episodes(),
                report.episodes() == 1 ? "" : "s",
                report.starts());
        if (report.gaps() > 0) {
            line(
                    "gaps              rows do not join in %,d places within episodes; predictions end there",
                    report.gaps());
        }
        horizon("useful horizon", report.usefulHorizon());
        horizon("planning horizon", report.planningHorizon());
        horizon("rollout length", report.rolloutLength());
        line("linear baseline   %s", report.linearBaseline());
        if (!report.hasIntervals()) {
            line("intervals         none: the model is deterministic");
        }
        if (!Double.isNaN(report.rewardR2())) {
            line("reward            R² %.4f", report.rewardR2());
        }
        int nonFinite =
                report.steps().stream().mapToInt(ModelReport.Step::nonFinite).sum();
        if (nonFinite + report.nonFiniteDraws() > 0) {
            line("not finite        %d predictions, %d numbers drawn", nonFinite, report.nonFiniteDraws());
        }
    }

    private void horizon(String name, ModelReport.Horizon horizon) {
        line("%-17s %d step%s: %s", name, horizon.steps(), horizon.steps() == 1 ? "" : "s", horizon.reason());
    }

    private void dimensions() {
        line("");
        line("one step ahead");
        line("  dim      spread  R² change   R² state       error persistence     linear  useful%s", intervalHeader());
        ModelReport.Step first = report.steps().get(0);
        for (ModelReport.Dimension dimension : report.dimensions()) {
            int d = dimension.dimension();
            text.append(String.format(
                    Locale.ROOT,
                    "%5d%s %10.4g %10s %10s %11.4g %11.4g %10.4g %7d",
                    d,
                    dimension.angle() ? "°" : " ",
                    dimension.spread(),
                    number(dimension.r2OfChange(), 4),
                    number(dimension.r2OfState(), 4),
                    first.errors().get(d),
                    first.persistenceErrors().get(d),
                    first.linearErrors().get(d),
                    dimension.usefulHorizon()));
            if (report.hasIntervals()) {
                ModelReport.Interval interval = first.intervals().get(d);
                for (double coverage : interval.coverage()) {
                    text.append(String.format(Locale.ROOT, " %5.1f", 100 * coverage));
                }
                text.append(
                        String.format(Locale.ROOT, " %10.4g", interval.widths().get(2)));
            }
            text.append('\n');
        }
    }

    private String intervalHeader() {
        return report.hasIntervals() ? "  50 %  80 %  90 %  95 % width 90 %" : "";
    }

    private void steps() {
        boolean members = !Double.isNaN(report.steps().get(0).disagreement());
        boolean reward = !Double.isNaN(report.rewardR2());
        line("");
        line("steps ahead, over all dimensions as shares of their spread");
        line(
                " steps starts   model persistence  linear%s%s%s",
                report.hasIntervals() ? "  50 %  80 %  90 %  95 %" : "",
                members ? "  disagreement" : "",
                reward ? "  reward error" : "");
        for (ModelReport.Step step : report.steps()) {
            if (step.step() > ALL_SHOWN_TO && step.step() % DISTANCE != 0) {
                continue;
            }
            text.append(String.format(
                    Locale.ROOT,
                    "%6d %6d %7s %11s %7s",
                    step.step(),
                    step.starts(),
                    number(step.error(), 3),
                    number(step.persistence(), 3),
                    number(step.linear(), 3)));
            for (int i = 0; report.hasIntervals() && i < ModelReport.LEVELS.size(); i++) {
                double coverage = step.curve().get(ModelReport.CURVE.indexOf(ModelReport.LEVELS.get(i)));
                text.append(String.format(Locale.ROOT, " %5.1f", 100 * coverage));
            }
            text.append(members ? String.format(Locale.ROOT, " %13.2f", step.disagreement()) : "");
            text.append(reward ? String.format(Locale.ROOT, " %13.4g", step.rewardError()) : "");
            text.append(step.nonFinite() > 0 ? "  " + step.nonFinite() + " not finite" : "")
                    .append('\n');
        }
    }
}
