package io.github.mbrl4j.identify;

import io.github.mbrl4j.identify.Estimate.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.distribution.TDistribution;

/** Turns what was found into an {@link Identification}: errors, intervals, diagnostics and warnings. */
final class Report {

    private static final double UPPER_TAIL = 0.975;

    /** Damping far below the errors of differences, so that what is undetermined shows. */
    private static final double NO_DAMPING = 1e-20;

    /** Autocorrelation that makes intervals noticeably too narrow. */
    private static final double MUCH_AUTOCORRELATION = 0.2;

    /** Error of an integrator's step, in standard deviations of the noise, that is worth a word. */
    private static final double MUCH_INTEGRATION_ERROR = 0.1;

    private final Structure structure;
    private final NoiseModel noise;
    private final Log log;
    private final Found found;
    private final List<Parameter> parameters;
    private final Point point;
    private final boolean[] held;

    Report(Structure structure, NoiseModel noise, Log log, Found found) {
        this.structure = structure;
        this.noise = noise;
        this.log = log;
        this.found = found;
        this.parameters = structure.parameters();
        this.point = found.result().point();
        this.held = found.result().atBound();
    }

    Identification identification(ParametricDynamics model) {
        List<double[][]> blocks = found.problem().linearise(point);
        if (blocks == null) {
            throw new IllegalStateException("derivatives are not finite at " + structure.describe(found.values()));
        }
        Information withPriors = information(blocks, found.problem().priorRows(point), held);
        Information ofData = information(blocks, List.of(), new boolean[held.length]);
        List<Estimate> estimates = estimates(withPriors);
        List<Ambiguity> ambiguities = ofData.ambiguities(parameters);
        List<DimensionResiduals> residuals = new ArrayList<>();
        for (int d = 0; d < structure.observationSize(); d++) {
            residuals.add(found.statistics().summary(d));
        }
        int used = found.problem().transitions();
        return new Identification(
                noise,
                estimates,
                correlation(withPriors.covariance(), estimates),
                residuals,
                ambiguities,
                warnings(estimates, ambiguities, residuals),
                found.result().converged(),
                found.iterations(),
                used,
                log.rows() - used,
                found.problem().segments().size(),
                model);
    }

    private Information information(List<double[][]> blocks, List<double[]> priors, boolean[] given) {
        Shooting problem = found.problem();
        Elimination elimination = Elimination.of(
                problem.freeze(blocks, given),
                problem.ownUnknowns(),
                parameters.size(),
                problem.freezeShared(priors, given),
                NO_DAMPING);
        return new Information(elimination.parameterTriangle(), problem.parameterScale(), found.values(), given);
    }

    private List<Estimate> estimates(Information information) {
        double[][] covariance = information.covariance();
        double quantile = new TDistribution(found.statistics().freedom()).inverseCumulativeProbability(UPPER_TAIL);
        List<Estimate> estimates = new ArrayList<>();
        for (int j = 0; j < parameters.size(); j++) {
            Parameter parameter = parameters.get(j);
            double value = found.values()[j];
            Status status = status(j, information);
            double error = switch (status) {
                case FOUND -> Math.sqrt(covariance[j][j]);
                case UNIDENTIFIED -> Double.POSITIVE_INFINITY;
                case AT_LOWER_BOUND, AT_UPPER_BOUND -> Double.NaN;
            };
            double reach = held[j] ? 0 : quantile * error;
            estimates.add(new Estimate(
                    parameter.name(),
                    value,
                    error,
                    parameter.clip(value - reach),
                    parameter.clip(value + reach),
                    status));
        }
        return estimates;
    }

    private Status status(int j, Information information) {
        if (held[j]) {
            return found.values()[j] <= parameters.get(j).low() ? Status.AT_LOWER_BOUND : Status.AT_UPPER_BOUND;
        }
        return information.isUndetermined(j) ? Status.UNIDENTIFIED : Status.FOUND;
    }

    private static double[][] correlation(double[][] covariance, List<Estimate> estimates) {
        int count = estimates.size();
        double[][] correlation = new double[count][count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                boolean known = estimates.get(i).status() == Status.FOUND
                        && estimates.get(j).status() == Status.FOUND;
                correlation[i][j] =
                        known ? covariance[i][j] / Math.sqrt(covariance[i][i] * covariance[j][j]) : Double.NaN;
            }
        }
        return correlation;
    }

    private List<String> warnings(
            List<Estimate> estimates, List<Ambiguity> ambiguities, List<DimensionResiduals> residuals) {
        List<String> warnings = new ArrayList<>();
        if (!found.result().converged()) {
            warnings.add("the search did not converge; allow more iterations or begin elsewhere");
        }
        for (Estimate estimate : estimates) {
            if (estimate.status() == Status.AT_LOWER_BOUND || estimate.status() == Status.AT_UPPER_BOUND) {
                warnings.add(estimate.name() + " is held by its bound " + estimate.value()
                        + ": the fit would be better beyond it");
            }
        }
        ambiguities.forEach(ambiguity -> warnings.add(ambiguity.toString()));
        if (found.cutSegments() > 0) {
            warnings.add(found.cutSegments()
                    + " of the segments could not be followed over their whole length and were cut: small"
                    + " errors grow too fast there, or the equations miss something");
        }
        if (log.gaps() > 0) {
            warnings.add("rows do not join in " + log.gaps() + " places within episodes; segments end there");
        }
        addConstants(warnings);
        residuals.forEach(residual -> addAutocorrelation(residual, warnings));
        addIntegrationError(warnings);
        return warnings;
    }

    private void addConstants(List<String> warnings) {
        for (int d = 0; d < structure.observationSize(); d++) {
            if (log.isConstantObservation(d)) {
                warnings.add("dimension " + d + " of the observations is constant and tells nothing");
            }
        }
        for (int d = 0; d < structure.actions().size(); d++) {
            if (log.isConstantAction(d)) {
                warnings.add("dimension " + d + " of the actions is constant; its effect may not be told from others");
            }
        }
    }

    private static void addAutocorrelation(DimensionResiduals residual, List<String> warnings) {
        double chance = 4 / Math.sqrt(residual.measurements());
        if (residual.autocorrelation() > Math.max(MUCH_AUTOCORRELATION, chance)) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "residuals of dimension %d go on from step to step (autocorrelation %.2f): the equations miss something or"
                            + " the noise is not white, and intervals are too narrow",
                    residual.dimension(),
                    residual.autocorrelation()));
        }
    }

    private void addIntegrationError(List<String> warnings) {
        double error = found.problem().integrationError(found.values());
        if (error > MUCH_INTEGRATION_ERROR) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "an integrator's step errs by up to %.2g standard deviations of the noise; take more substeps",
                    error));
        }
    }
}
