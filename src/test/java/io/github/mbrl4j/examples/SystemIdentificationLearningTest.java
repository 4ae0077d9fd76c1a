package io.github.mbrl4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Accuracy and honesty of the estimates over many logs. */
@Tag("learning")
class SystemIdentificationLearningTest {

    @Test
    void medianErrorIsBelowOnePercentAndIntervalsCoverTheTruth() {
        int seeds = 100;
        Map<String, double[]> errors = new LinkedHashMap<>();
        Map<String, Integer> covered = new LinkedHashMap<>();
        for (int seed = 1; seed <= seeds; seed++) {
            for (Map<String, Object> row : rows(seed)) {
                String name = (String) row.get("name");
                double truth = (double) row.get("truth");
                double error = Math.abs((double) row.get("estimate") / truth - 1);
                errors.computeIfAbsent(name, n -> new double[seeds])[seed - 1] = error;
                boolean inside = (double) row.get("low") <= truth && truth <= (double) row.get("high");
                covered.merge(name, inside ? 1 : 0, Integer::sum);
            }
        }
        System.err.printf("%-24s %14s %14s %10s%n", "parameter", "median of 20", "largest of 20", "covered");
        errors.forEach((name, all) -> {
            double[] twenty = Arrays.copyOf(all, 20);
            Arrays.sort(twenty);
            System.err.printf(
                    Locale.ROOT,
                    "%-24s %12.3f %% %12.3f %% %6d/100%n",
                    name,
                    100 * (twenty[9] + twenty[10]) / 2,
                    100 * twenty[19],
                    covered.get(name));
        });
        errors.forEach((name, all) -> {
            double[] twenty = Arrays.copyOf(all, 20);
            Arrays.sort(twenty);
            assertThat((twenty[9] + twenty[10]) / 2).as(name).isLessThan(0.01);
            assertThat(covered.get(name)).as(name).isBetween(90, 99);
        });
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rows(int seed) {
        return (List<Map<String, Object>>) ExamplesTest.run(SystemIdentification::main, "--seed", "" + seed)
                .get("parameters");
    }
}
