package io.github.mbrl4j.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Ilqr;
import io.github.mbrl4j.plan.IlqrConfig;
import io.github.mbrl4j.rollout.PredictedReturn;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** iLQR on a learned model, by its own gradients and by differences. */
class IlqrLearnedModelTest {

    /** The same predictions without gradients. */
    private record WithoutGradients(DynamicsModel model) implements DynamicsModel {
        @Override
        public int stateSize() {
            return model.stateSize();
        }

        @Override
        public ActionSpace actionSpace() {
            return model.actionSpace();
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            model.predict(states, actions, next);
        }
    }

    private static Plan plan(DynamicsModel dynamics, Pendulum env) {
        PredictedReturn objective = new PredictedReturn(
                WorldModel.of(dynamics, env.reward()),
                RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION),
                new Workers(1));
        RandomGenerator random = RandomStreams.of(1).stream("plan");
        objective.startFrom(new double[] {Math.cos(2), Math.sin(2), 0}, random);
        return new Ilqr(IlqrConfig.defaults().withHorizon(25).withStarts(1)).plan(objective, random);
    }

    @Test
    void plansAlikeByGradientsAndByDifferences() {
        Pendulum env = new Pendulum();
        RandomGenerator random = RandomStreams.of(3).stream("data");
        EnsembleDynamics dynamics = new EnsembleDynamics(
                env.spec(), EnsembleConfig.defaults().withMembers(2).withHidden(List.of(32, 32)));
        dynamics.fit(Episodes.collect(env, Policy.uniform(env.actionSpace()), 5, random), random);
        assertThat(dynamics).isInstanceOf(DifferentiableDynamics.class);
        Plan byGradients = plan(dynamics, env);
        Plan byDifferences = plan(new WithoutGradients(dynamics), env);
        assertThat(byGradients.predictedReturn())
                .isCloseTo(byDifferences.predictedReturn(), within(0.01 * -byDifferences.predictedReturn()));
        double real = 0;
        env.restoreState(new double[] {2, 0, 0});
        double idle = 0;
        for (int t = 0; t < 25; t++) {
            real += env.step(byGradients.action(t)).reward();
        }
        env.restoreState(new double[] {2, 0, 0});
        for (int t = 0; t < 25; t++) {
            idle += env.step(new double[1]).reward();
        }
        assertThat(real).isGreaterThan(idle);
    }
}
