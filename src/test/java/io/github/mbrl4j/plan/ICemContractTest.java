package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Planner;
import org.junit.jupiter.api.Nested;

/** iCEM keeps the planners' contract, with and without what it adds to CEM. */
class ICemContractTest {

    private static ICemConfig settings(int horizon) {
        return ICemConfig.defaults().withHorizon(horizon).withPopulation(130);
    }

    @Nested
    class BestCandidate extends PlannerContract {
        @Override
        Planner planner(int horizon) {
            return new ICem(settings(horizon));
        }
    }

    @Nested
    class ElitesMean extends PlannerContract {
        @Override
        Planner planner(int horizon) {
            return new ICem(settings(horizon).withAnswer(CemConfig.Answer.ELITE_MEAN));
        }
    }

    @Nested
    class OneIterationKeepingAllElites extends PlannerContract {
        @Override
        Planner planner(int horizon) {
            return new ICem(
                    settings(horizon).withIterations(1).withPopulation(400).withKeptFraction(1));
        }
    }

    @Nested
    class WhiteNoiseKeepingNothing extends PlannerContract {
        @Override
        Planner planner(int horizon) {
            return new ICem(
                    settings(horizon).withNoiseExponent(0).withKeptFraction(0).withPopulationDecay(1));
        }
    }
}
