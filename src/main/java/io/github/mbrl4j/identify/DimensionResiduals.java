package io.github.mbrl4j.identify;

/**
 * What is left between prediction and log in one observed dimension. White noise has an autocorrelation near 0; where
 * the residuals go on from one step to the next, the equations miss something, and intervals are too narrow.
 *
 * @param dimension of the observation, from 0
 * @param measurements numbers that were compared
 * @param deviation standard deviation, in the unit of the dimension; the estimate of the noise
 * @param autocorrelation correlation with the step before, from −1 to 1
 * @param durbinWatson the statistic of Durbin and Watson, from 0 to 4; near 2 for white noise
 * @param largest the largest absolute residual, in standard deviations
 * @param explained share of the changes since the start of a segment that is predicted, at most 1; NaN if nothing changed
 */
public record DimensionResiduals(
        int dimension,
        int measurements,
        double deviation,
        double autocorrelation,
        double durbinWatson,
        double largest,
        double explained) {}
