package io.github.mbrl4j.docs;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.model.LinearCoefficients;
import io.github.mbrl4j.model.LinearDynamics;
import io.github.mbrl4j.model.MlpDynamics;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.Recalibration;
import io.github.mbrl4j.model.SimulatorDynamics;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.report.ModelReport;
import io.github.mbrl4j.report.ModelReportConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The code that the pages on models show; {@link DocumentationTest} holds both together. */
final class ModelSnippets {

    private ModelSnippets() {}

    static LinearCoefficients linear(Env env, Planner planner, RewardModel reward, RandomGenerator random) {
        ReplayBuffer data = Episodes.collect(env, Policy.uniform(env.actionSpace()), 3, random);
        LinearDynamics dynamics = new LinearDynamics(env.spec());
        dynamics.fit(data, random);
        LinearCoefficients found = dynamics.coefficients(); // s' = A·s + B·a + c, with standard errors
        MpcController controller = new MpcController(planner, WorldModel.of(dynamics, reward));
        return found;
    }

    static double ensemble(Env env, ReplayBuffer data, RandomGenerator random) {
        EnsembleDynamics dynamics = new EnsembleDynamics(env.spec(), EnsembleConfig.defaults());
        FitReport fitted = dynamics.fit(data, random);
        double error = fitted.validationError(); // mean squared, in units of each target's variance
        return error;
    }

    static EnsembleDynamics ensembleThatSeesAngles(Env env) {
        EnsembleDynamics dynamics = new EnsembleDynamics(
                env.spec(), EnsembleConfig.defaults(), ObservationTransform.angles(2), Workers.shared());
        return dynamics;
    }

    static MlpDynamics singleNetwork(Env env) {
        MlpDynamics dynamics =
                new MlpDynamics(env.spec(), EnsembleConfig.defaults().withHidden(List.of(200, 200)));
        return dynamics;
    }

    static Recalibration recalibration(EnsembleDynamics dynamics, ReplayBuffer validation) {
        Recalibration factors = dynamics.recalibrate(validation);
        return factors;
    }

    static MpcController simulator(Supplier<? extends SaveableEnv> simulators, SaveableEnv plant, Planner planner) {
        SimulatorDynamics simulator = SimulatorDynamics.of(simulators);
        MpcController controller = new MpcController(planner, simulator.world());
        Policy policy = simulator.seeing(plant, controller);
        return controller;
    }

    static MpcController truth(Planner planner) {
        Pendulum env = new Pendulum();
        MpcController controller = new MpcController(planner, WorldModel.of(env.trueDynamics(), env));
        return controller;
    }

    static ModelReport report(DynamicsModel dynamics, ReplayBuffer heldOut) {
        ModelReport report = ModelReport.of(dynamics, heldOut);
        report.save(Path.of("target/report"));
        int horizon = report.planningHorizon().steps();
        return report;
    }

    static ModelReport reportWithSettings(DynamicsModel dynamics, ReplayBuffer heldOut, ReplayBuffer training) {
        ModelReportConfig config = ModelReportConfig.defaults().withSteps(50).withAngles(List.of(2));
        ModelReport report = ModelReport.of(dynamics, heldOut, config, training, Workers.shared());
        return report;
    }

    /** The level of a tank: the valve lets water in, and it runs out through a hole. */
    static final class TankDynamics implements DynamicsModel {
        @Override
        public int stateSize() {
            return 1;
        }

        @Override
        public ActionSpace actionSpace() {
            return ActionSpace.continuous(1, 0, 1);
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            for (int row = 0; row < states.rows(); row++) {
                double level = states.get(row, 0);
                next.set(row, 0, (float) (level + 0.2 * actions.get(row, 0) - 0.1 * Math.sqrt(level)));
            }
        }
    }

    /** The same, and waves of a centimetre. */
    static final class WavyTankDynamics implements DynamicsModel {
        private final TankDynamics calm = new TankDynamics();

        @Override
        public int stateSize() {
            return calm.stateSize();
        }

        @Override
        public ActionSpace actionSpace() {
            return calm.actionSpace();
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            calm.predict(states, actions, next);
        }

        @Override
        public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
            calm.predict(states, actions, next);
            for (int row = 0; row < next.rows(); row++) {
                next.set(row, 0, (float) (next.get(row, 0) + 0.01 * random.nextGaussian()));
            }
        }
    }

    static MpcController ownModel(Planner planner) {
        WorldModel world = WorldModel.of(new TankDynamics(), (state, action, next) -> -Math.abs(next[0] - 1));
        MpcController controller = new MpcController(planner, world);
        return controller;
    }
}
