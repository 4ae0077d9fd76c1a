package io.github.mbrl4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The cliff over seeds that nothing was tuned on. Prints the table of {@code docs/planners/objective.md}. */
@Tag("learning")
class CliffLearningTest {

    @Test
    void theLedgeIsRespectedOnceAFallIsAmongTheData() {
        for (int seed = 11; seed <= 20; seed++) {
            Map<String, Object> result = ExamplesTest.run(CliffExperiment::main, "--seed", Integer.toString(seed));
            System.out.println(result);
            List<?> aggregating = (List<?>) result.get("fallsWithAggregation");
            assertThat(aggregating).hasSize(5);
            assertThat(aggregating.subList(2, 5))
                    .as("falls from the third trial on, with aggregation, seed %d", seed)
                    .allMatch(Boolean.FALSE::equals);
            assertThat((List<?>) result.get("fallsWithout"))
                    .as("falls without aggregation, seed %d", seed)
                    .hasSize(5)
                    .allMatch(Boolean.TRUE::equals);
            assertThat((double) result.get("closedLoopReturn"))
                    .as("closed against open loop, seed %d", seed)
                    .isGreaterThan((double) result.get("openLoopReturn"));
        }
    }
}
