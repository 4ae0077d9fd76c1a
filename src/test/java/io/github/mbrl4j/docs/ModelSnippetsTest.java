package io.github.mbrl4j.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.LinearQuadratic;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.LinearCoefficients;
import io.github.mbrl4j.plan.Ilqr;
import io.github.mbrl4j.plan.IlqrConfig;
import io.github.mbrl4j.plan.RandomShooting;
import io.github.mbrl4j.plan.RandomShootingConfig;
import io.github.mbrl4j.report.ModelReport;
import io.github.mbrl4j.report.ModelReportConfig;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What the pages on models say of their snippets. */
class ModelSnippetsTest {

    private static final RandomGenerator RANDOM = new SplittableRandom(1);

    private static Planner planner() {
        return new RandomShooting(RandomShootingConfig.defaults().withHorizon(5).withPopulation(50));
    }

    @Test
    void theLinearModelFindsTheMatrices() {
        LinearQuadratic env = LinearQuadratic.random(2, 1, 1);
        Planner ilqr = new Ilqr(IlqrConfig.defaults().withHorizon(5));
        LinearCoefficients found = ModelSnippets.linear(env, ilqr, env.reward(), new SplittableRandom(1));
        assertThat(found.a()[0][1]).isCloseTo(env.a()[0][1], within(1e-4));
    }

    @Test
    void anOwnModelIsPlannedWith() {
        MpcController controller = ModelSnippets.ownModel(planner());
        Episode episode = Episodes.run(new Snippets.Tank(), controller, RANDOM);
        // Held within a few centimetres of the level, once it is there.
        assertThat(episode.totalReward()).isGreaterThan(-20);
    }

    @Test
    void aReportTellsOwnModelsFromTheTruth() {
        ReplayBuffer data = Episodes.collect(
                new Snippets.Tank(), Policy.uniform(new Snippets.Tank().actionSpace()), 3, new SplittableRandom(2));
        ModelReport report = ModelReport.of(new ModelSnippets.TankDynamics(), data);
        assertThat(report.steps().get(29).error()).isLessThan(1e-3);
        ModelReport wavy = ModelReport.of(
                new ModelSnippets.WavyTankDynamics(),
                data,
                ModelReportConfig.defaults().withSteps(1));
        assertThat(wavy.steps().get(0).intervals().get(0).coverage().get(0))
                .as("too timid: there are no waves")
                .isEqualTo(1);
    }

    @Test
    void simulatorsAreModels() {
        ModelSnippets.simulator(Pendulum::new, new Pendulum(), planner());
        Pendulum env = new Pendulum();
        assertThat(Episodes.run(env, ModelSnippets.truth(planner()), RANDOM).length())
                .isEqualTo(200);
    }
}
