package io.github.mbrl4j.identify;

/**
 * What was found of one parameter.
 *
 * @param name of the parameter
 * @param value the estimate
 * @param standardError of the estimate; infinite if unidentified, NaN if held by a bound
 * @param low lower end of the 95 % confidence interval, not below the parameter's bound
 * @param high upper end of it, not above the bound
 * @param status whether the estimate can be used
 */
public record Estimate(String name, double value, double standardError, double low, double high, Status status) {

    /** What kind of estimate it is. */
    public enum Status {
        /** The data determine it. */
        FOUND,
        /** The fit would be better beyond the lower bound. The other parameters' errors are those with this one given. */
        AT_LOWER_BOUND,
        /** The fit would be better beyond the upper bound. The other parameters' errors are those with this one given. */
        AT_UPPER_BOUND,
        /** Other values explain the data as well; it has stayed near where it began. */
        UNIDENTIFIED
    }
}
