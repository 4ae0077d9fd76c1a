package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.rollout.PredictedReturn;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A deadline of 10 ms for plans that need 200 ms, on an ensemble of 5 networks of 4 × 200. It measures time, so it is no part of
 * the ordinary build; run it on an idle machine. Prints the distribution.
 */
@Tag("learning")
class DeadlineLearningTest {

    private static final int PLANS = 1_000;
    private static final int WARM_UP = 100;

    @Test
    void plansAreOnTime() {
        CartPole env = new CartPole();
        RandomStreams streams = RandomStreams.of(1001);
        ReplayBuffer data = Episodes.collect(env, Policy.uniform(env.actionSpace()), 10, streams.stream("data"));
        EnsembleConfig config = EnsembleConfig.defaults().withHidden(List.of(200, 200, 200, 200));
        EnsembleDynamics dynamics = new EnsembleDynamics(
                env.spec(), config.withTraining(config.training().withMaxEpochs(3)));
        dynamics.fit(data, streams.stream("fit"));
        PredictedReturn objective =
                new PredictedReturn(WorldModel.of(dynamics, env), RolloutConfig.defaults(), Workers.shared());
        CemConfig search = CemConfig.defaults()
                .withHorizon(15)
                .withPopulation(400)
                .withElites(40)
                .withIterations(5);

        RandomGenerator random = streams.stream("plans");
        double[] start = {0.01, 0.02, 0.03, -0.01};
        Cem free = new Cem(search.withVarianceFloor(0));
        double freely = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 5; i++) {
            objective.startFrom(start, random);
            freely = Math.min(freely, free.plan(objective, random).statistics().millis());
        }

        Cem hurried = new Cem(search.withVarianceFloor(0)).withDeadline(Duration.ofMillis(10));
        double[] millis = new double[PLANS];
        long scored = 0;
        int cut = 0;
        for (int i = -WARM_UP; i < PLANS; i++) {
            long begin = System.nanoTime();
            objective.startFrom(start, random);
            Plan plan = hurried.plan(objective, random);
            double spent = (System.nanoTime() - begin) * 1e-6;
            hurried.advance(1);
            assertThat(plan.horizon()).isEqualTo(15);
            for (int t = 0; t < 15; t++) {
                assertThat(env.actionSpace().contains(plan.action(t))).isTrue();
            }
            if (i >= 0) {
                millis[i] = spent;
                scored += plan.statistics().evaluations();
                cut += plan.statistics().cut() ? 1 : 0;
            }
        }
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "deadline 10 ms, without it %.0f ms: median %.2f, 90 %% %.2f, 99 %% %.2f, 99.9 %% %.2f, latest %.2f ms; "
                        + "%d of %d cut, %.0f candidates scored on average%n",
                freely,
                millis[PLANS / 2],
                millis[PLANS * 9 / 10],
                millis[PLANS * 99 / 100],
                millis[PLANS - 2],
                millis[PLANS - 1],
                cut,
                PLANS,
                (double) scored / PLANS);
        assertThat(freely).as("milliseconds without a deadline").isGreaterThan(200);
        assertThat(cut).as("plans that say they were cut").isEqualTo(PLANS);
        assertThat(scored).as("candidates scored in time").isPositive();
        assertThat(millis[PLANS - 2]).as("99.9 % of the plans, ms").isLessThan(15);
    }
}
