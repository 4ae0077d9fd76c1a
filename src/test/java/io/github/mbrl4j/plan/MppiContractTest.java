package io.github.mbrl4j.plan;

import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.plan.MppiConfig.TemperatureScale;
import org.junit.jupiter.api.Nested;

/** MPPI keeps the planners' contract; with an absolute temperature all but that the scale of the return does not matter. */
class MppiContractTest {

    private static MppiConfig settings(int horizon) {
        return MppiConfig.defaults().withHorizon(horizon);
    }

    @Nested
    class RelativeTemperature extends PlannerContract {
        @Override
        Planner planner(int horizon) {
            return new Mppi(settings(horizon));
        }
    }

    @Nested
    class AsInThePaper extends PlannerContract {
        @Override
        Planner planner(int horizon) {
            return new Mppi(settings(horizon)
                    .withTemperatureScale(TemperatureScale.RETURN)
                    .withTemperature(0.02)
                    .withNoiseExponent(0)
                    .withInformationWeight(1));
        }

        @Override
        boolean ignoresTheScaleOfTheReturn() {
            return false;
        }
    }

    @Nested
    class DecayingNoise extends PlannerContract {
        @Override
        Planner planner(int horizon) {
            return new Mppi(settings(horizon).withDeviationDecay(0.5).withIterations(6));
        }
    }
}
