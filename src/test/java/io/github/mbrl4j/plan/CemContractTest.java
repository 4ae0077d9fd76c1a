package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Planner;
import org.junit.jupiter.api.Nested;

/** The cross-entropy method keeps the planners' contract, whichever answer it gives. */
class CemContractTest {

    @Nested
    class ElitesMean extends PlannerContract {
        @Override
        Planner planner(int horizon) {
            return new Cem(CemConfig.defaults().withHorizon(horizon));
        }
    }

    @Nested
    class BestCandidate extends PlannerContract {
        @Override
        Planner planner(int horizon) {
            return new Cem(CemConfig.defaults().withHorizon(horizon).withAnswer(CemConfig.Answer.BEST_CANDIDATE));
        }
    }

    @Nested
    class OneEliteWithoutSmoothing extends PlannerContract {
        @Override
        Planner planner(int horizon) {
            return new Cem(CemConfig.defaults()
                    .withHorizon(horizon)
                    .withElites(1)
                    .withSmoothing(0)
                    .withVarianceFloor(0));
        }
    }
}
