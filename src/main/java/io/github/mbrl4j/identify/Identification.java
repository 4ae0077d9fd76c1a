package io.github.mbrl4j.identify;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What was found of equations with unknown parameters, and how far it can be trusted. {@link #toString} is a table for people.
 *
 * <p>Standard errors are those of a linearisation at the optimum (the Gauss-Newton Hessian) with the noise that was estimated
 * from the residuals, intervals take Student's t distribution. They are right where the equations are, and the noise is
 * white and where it was assumed to be.
 *
 * @param noise where the differences between log and equations were assumed to come from
 * @param parameters in their order
 * @param correlation of the estimates [P, P]; NaN where a parameter is held by a bound or unidentified
 * @param residuals what is left, one for each observed dimension
 * @param ambiguities directions in which these data alone, without priors, do not determine the parameters
 * @param warnings everything that one should know before the result is used, empty at best
 * @param converged whether the search ended at an optimum
 * @param iterations of Levenberg-Marquardt, in all stages together
 * @param rowsUsed transitions that were used
 * @param rowsDropped transitions that were not: those between two segments, whose ends are used all the same
 * @param segments that were followed
 * @param model the equations with the values found, for every planner
 */
public record Identification(
        NoiseModel noise,
        List<Estimate> parameters,
        double[][] correlation,
        List<DimensionResiduals> residuals,
        List<Ambiguity> ambiguities,
        List<String> warnings,
        boolean converged,
        int iterations,
        int rowsUsed,
        int rowsDropped,
        int segments,
        ParametricDynamics model) {

    /** Copies the lists. */
    public Identification {
        parameters = List.copyOf(parameters);
        residuals = List.copyOf(residuals);
        ambiguities = List.copyOf(ambiguities);
        warnings = List.copyOf(warnings);
    }

    /**
     * What was found of one parameter.
     *
     * @param name of the parameter
     * @return its estimate
     * @throws IllegalArgumentException if there is no such parameter
     */
    public Estimate parameter(String name) {
        return parameters.stream()
                .filter(estimate -> estimate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no parameter " + name + ", expected one of "
                        + parameters.stream().map(Estimate::name).toList()));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        int width = parameters.stream().mapToInt(p -> p.name().length()).max().orElse(0);
        width = Math.max(width, "parameter".length());
        String head = "%-" + width + "s  %12s %12s  %12s %12s  %s%n";
        text.append(format(head, "parameter", "value", "std. error", "95 % from", "to", "")
                        .stripTrailing())
                .append('\n');
        String row = "%-" + width + "s  %12.6g %12.3g  %12.6g %12.6g  %s";
        for (Estimate p : parameters) {
            String status = p.status() == Estimate.Status.FOUND
                    ? ""
                    : p.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            text.append(format(row, p.name(), p.value(), p.standardError(), p.low(), p.high(), status)
                            .stripTrailing())
                    .append('\n');
        }
        appendCorrelation(text, width);
        text.append(format(
                "%n%-" + width + "s  %12s %12s  %12s %12s  %s%n",
                "dimension",
                "noise sd",
                "autocorr.",
                "Durbin-Wats.",
                "largest/sd",
                "explained"));
        for (DimensionResiduals r : residuals) {
            text.append(format(
                    "%-" + width + "d  %12.4g %12.3f  %12.3f %12.2f  %.4f%n",
                    r.dimension(),
                    r.deviation(),
                    r.autocorrelation(),
                    r.durbinWatson(),
                    r.largest(),
                    r.explained()));
        }
        text.append(format(
                "%n%s noise assumed; %d rows used in %d segments, %d dropped; %s after %d iterations%n",
                noise.name().toLowerCase(Locale.ROOT),
                rowsUsed,
                segments,
                rowsDropped,
                converged ? "converged" : "NOT CONVERGED",
                iterations));
        text.append(warnings.stream().map(warning -> "! " + warning + "\n").collect(Collectors.joining()));
        return text.toString();
    }

    private void appendCorrelation(StringBuilder text, int width) {
        if (parameters.size() < 2) {
            return;
        }
        text.append('\n').append(format("%-" + width + "s", "correlation"));
        for (Estimate p : parameters) {
            text.append(format("  %" + width + "s", p.name()));
        }
        text.append('\n');
        for (int i = 0; i < parameters.size(); i++) {
            text.append(format(
                    "%-" + Math.max(width, "correlation".length()) + "s",
                    parameters.get(i).name()));
            for (int j = 0; j < parameters.size(); j++) {
                text.append(format("  %" + width + ".3f", correlation[i][j]));
            }
            text.append('\n');
        }
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
