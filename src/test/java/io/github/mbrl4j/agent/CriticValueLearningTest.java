package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.control.HorizonCheck;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.ICem;
import io.github.mbrl4j.plan.ICemConfig;
import io.github.mbrl4j.plan.Mppi;
import io.github.mbrl4j.plan.MppiConfig;
import io.github.mbrl4j.policy.GreedyValue;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A short horizon with a critic that SAC has learned is as good as a long one without, for the planners that draw samples: the pendulum, planned with its
 * true equations, on average over seeds that no setting was chosen on. Prints the table of {@code docs/planners/objective.md}. Run by
 * {@code mvn -Plearning test -Dtest=CriticValueLearningTest}.
 */
@Tag("learning")
class CriticValueLearningTest {

    private static final int EPISODES = 10;
    private static final Workers ALONE = new Workers(1);

    private static final Map<String, IntFunction<Planner>> PLANNERS = new LinkedHashMap<>();

    static {
        PLANNERS.put("CEM", h -> new Cem(CemConfig.defaults().withHorizon(h).withIterations(5)));
        PLANNERS.put("iCEM", h -> new ICem(ICemConfig.defaults().withHorizon(h)));
        PLANNERS.put("MPPI", h -> new Mppi(MppiConfig.defaults().withHorizon(h)));
    }

    private final Pendulum env = new Pendulum();
    private final WorldModel world = WorldModel.of(env.trueDynamics(), env);

    /** Mean returns of a planner with a seed. */
    private record Returns(double shortSighted, double valued, double farSighted) {}

    @Test
    void fiveStepsWithACriticAreAsGoodAsThirtyWithout() {
        Map<String, List<Returns>> table = new LinkedHashMap<>();
        for (long seed = 126; seed <= 130; seed++) {
            GreedyValue value = critic(seed);
            for (String planner : PLANNERS.keySet()) {
                Returns returns = returns(PLANNERS.get(planner), value, seed);
                System.out.printf(Locale.ROOT, "seed %d, %s: %s%n", seed, planner, returns);
                table.computeIfAbsent(planner, name -> new ArrayList<>()).add(returns);
            }
            System.out.print(agreement(value, seed));
        }
        table.forEach((planner, rows) -> {
            assertThat(rows)
                    .as("five steps alone do not swing up")
                    .allMatch(row -> row.shortSighted() < -600)
                    .as("with a critic they do")
                    .allMatch(row -> row.valued() > -200);
            assertThat(mean(rows, Returns::valued))
                    .as("%s is within 5 %% of thirty steps", planner)
                    .isGreaterThan(1.05 * mean(rows, Returns::farSighted));
        });
    }

    private static double mean(List<Returns> rows, ToDoubleFunction<Returns> column) {
        return rows.stream().mapToDouble(column).average().orElseThrow();
    }

    private Returns returns(IntFunction<Planner> planner, GreedyValue value, long seed) {
        double discount = value.discount().orElseThrow();
        return new Returns(
                meanReturn(planner.apply(5), world, 1, seed),
                meanReturn(planner.apply(5), world.withTerminalValue(value), discount, seed),
                meanReturn(planner.apply(30), world, 1, seed));
    }

    /** The value of a policy that SAC has learned in 10,000 steps. */
    private GreedyValue critic(long seed) {
        SacConfig small = SacConfig.defaults()
                .withBatchSize(128)
                .withStandardised(true)
                .withLearner(
                        SacLearnerConfig.defaults().withHidden(List.of(64, 64)).withLearningRate(1e-3));
        Sac agent = Sac.on(env).config(small).seed(seed).workers(ALONE).build();
        agent.train(10_000);
        System.out.printf(Locale.ROOT, "seed %d, SAC itself: %s%n", seed, Evaluation.of(env, agent, EPISODES, seed));
        return agent.learner().value();
    }

    private static RolloutConfig exact(double discount) {
        return RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION).withDiscount(discount);
    }

    private double meanReturn(Planner planner, WorldModel model, double discount, long seed) {
        return Evaluation.of(env, new MpcController(planner, model, exact(discount), ALONE), EPISODES, seed)
                .mean();
    }

    /** Plans of 5, 10 and 20 steps from starts of episodes, with the value at their end. */
    private HorizonCheck agreement(GreedyValue value, long seed) {
        RandomStreams streams = RandomStreams.of(seed);
        Batch starts = new Batch(30, 3);
        for (int row = 0; row < starts.rows(); row++) {
            starts.setRow(row, env.reset(streams.stream("start", row)));
        }
        return HorizonCheck.of(
                PLANNERS.get("CEM"),
                world.withTerminalValue(value),
                exact(value.discount().orElseThrow()),
                starts,
                List.of(5, 10, 20),
                seed,
                ALONE);
    }
}
