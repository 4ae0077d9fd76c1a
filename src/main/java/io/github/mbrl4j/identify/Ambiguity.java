package io.github.mbrl4j.identify;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A direction in which parameters can be changed while the prediction of these data stays the same, or nearly so: one parameter
 * without influence, or several that cannot be told apart.
 *
 * @param weights relative change of each parameter that takes part, by name; the squares sum to about 1
 * @param deviation how far, relative to the parameters' magnitudes, the noise lets one go in this direction; infinite where
 *     nothing changes at all
 */
public record Ambiguity(Map<String, Double> weights, double deviation) {

    /** Keeps the order of the parameters. */
    public Ambiguity {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    /** A sentence. */
    @Override
    public String toString() {
        String names = String.join(" and ", weights.keySet());
        String extent = deviation == Double.POSITIVE_INFINITY
                ? "nothing changes"
                : String.format(Locale.ROOT, "the noise hides changes of %.0f %%", 100 * deviation);
        if (weights.size() == 1) {
            return deviation == Double.POSITIVE_INFINITY
                    ? names + " has no influence on these data"
                    : names + " is hardly determined by these data: " + extent;
        }
        String direction = weights.entrySet().stream()
                .map(weight -> String.format(Locale.ROOT, "%+.2f %s", weight.getValue(), weight.getKey()))
                .collect(Collectors.joining(" "));
        return names + " cannot be told apart by these data: along " + direction + " (relative changes) " + extent;
    }
}
