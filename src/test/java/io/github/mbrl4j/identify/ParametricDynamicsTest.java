package io.github.mbrl4j.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.ICem;
import io.github.mbrl4j.plan.ICemConfig;
import io.github.mbrl4j.report.TrainingHistory;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The model in the hands of planners and agents: Gymnasium's pendulum with unknown mass and length. */
class ParametricDynamicsTest {

    private static final ObservationMap CIRCLE = new ObservationMap() {
        @Override
        public void observe(double[] state, double[] observation) {
            observation[0] = Math.cos(state[0]);
            observation[1] = Math.sin(state[0]);
            observation[2] = state[1];
        }

        @Override
        public void infer(double[] observation, double[] state) {
            state[0] = Math.atan2(observation[1], observation[0]);
            state[1] = observation[2];
        }
    };

    /** The environment's own steps in discrete time; the truth is a mass and a length of 1. */
    private static ParametricDynamics pendulum(double mass, double length) {
        return ParametricDynamics.discrete(
                        List.of(
                                Parameter.of("mass", mass).within(0.05, 20),
                                Parameter.of("length", length).within(0.05, 20)),
                        new Pendulum().actionSpace(),
                        2,
                        (s, a, p, next) -> {
                            double acceleration = 15 / p[1] * Math.sin(s[0]) + 3 / (p[0] * p[1] * p[1]) * a[0];
                            next[1] = Math.max(-8, Math.min(8, s[1] + 0.05 * acceleration));
                            next[0] = s[0] + 0.05 * next[1];
                        })
                .withObservation(3, CIRCLE);
    }

    private static ReplayBuffer randomSteps(int episodes) {
        Pendulum env = new Pendulum();
        return Episodes.collect(env, Policy.uniform(env.actionSpace()), episodes, RandomStreams.of(31).stream("data"));
    }

    @Test
    void aStateIsFoundBehindItsObservation() {
        for (NoiseModel noise : NoiseModel.values()) {
            Identification found = pendulum(0.3, 2)
                    .withConfig(IdentificationConfig.defaults().withNoise(noise))
                    .identify(randomSteps(2));
            assertThat(found.parameter("mass").value()).isCloseTo(1, within(1e-4));
            assertThat(found.parameter("length").value()).isCloseTo(1, within(1e-4));
        }
    }

    @Test
    void predictionsAreThoseOfTheEquations() {
        ParametricDynamics model = pendulum(1, 1);
        Batch states = new Batch(50, 3);
        Batch actions = new Batch(50, 1);
        ReplayBuffer data = randomSteps(1);
        for (int i = 0; i < 50; i++) {
            states.setRow(i, data.transition(i).observation());
            actions.setRow(i, data.transition(i).action());
        }
        Batch next = new Batch(1, 3);
        model.predict(states, actions, next);
        Batch truth = new Batch(50, 3);
        new Pendulum().trueDynamics().predict(states, actions, truth);
        assertThat(next.rows()).isEqualTo(50);
        for (int i = 0; i < 50; i++) {
            assertThat(next.row(i)).containsExactly(truth.row(i), within(1e-6));
        }
        Batch tooWide = new Batch(50, 2);
        assertThatIllegalArgumentException().isThrownBy(() -> model.predict(states, tooWide, next));
    }

    /** An unmeasured speed is one more unknown of each segment's start. */
    @Test
    void parametersAreFoundFromPositionsAlone() {
        ReplayBuffer whole = SimulatedLogs.pendulumLog(0.01, 1011);
        ReplayBuffer angles = new ReplayBuffer(1, 1, whole.size());
        for (int i = 0; i < whole.size(); i++) {
            Transition t = whole.transition(i);
            double[] seen = {t.observation()[0]};
            double[] next = {t.next()[0]};
            angles.add(new Transition(seen, t.action(), 0, next, false, t.truncated(), t.first()));
        }
        Identification found = SimulatedLogs.pendulum()
                .withObservation(1, new ObservationMap() {
                    @Override
                    public void observe(double[] state, double[] observation) {
                        observation[0] = state[0];
                    }

                    @Override
                    public void infer(double[] observation, double[] state) {
                        state[0] = observation[0];
                        state[1] = 0;
                    }
                })
                .withAngles(0)
                .identify(angles);
        for (int j = 0; j < 3; j++) {
            double truth = SimulatedLogs.PENDULUM_TRUTH[j];
            assertThat(found.parameters().get(j).value()).isCloseTo(truth, within(0.02 * truth));
        }
        assertThat(found.warnings()).isEmpty();
    }

    @Test
    void fitTakesOverWhatIdentifyOnlyTells() {
        ParametricDynamics model = pendulum(0.3, 2);
        ReplayBuffer data = randomSteps(1);
        Identification told = model.identify(data);
        assertThat(model.values()).containsExactly(0.3, 2);
        assertThat(told.model().value("mass")).isEqualTo(told.parameter("mass").value());
        FitReport report = model.fit(data, RandomStreams.of(1).stream("fit"));
        assertThat(model.values()).containsExactly(told.model().values());
        assertThat(model.lastIdentification().orElseThrow().parameters()).isEqualTo(told.parameters());
        assertThat(report.rows()).isEqualTo(200);
        assertThat(report.loss()).isBetween(0.0, 1e-6);
        // From there, the next fit finds the same.
        model.fit(data, RandomStreams.of(1).stream("fit"));
        assertThat(model.values()).containsExactly(told.model().values(), within(1e-6));
    }

    @Test
    void itDoesNotMatterWhetherALogWrapsItsAngles() {
        ReplayBuffer data = SimulatedLogs.pendulumLog(0.01, 1010, 2, 100);
        ReplayBuffer wrapped = new ReplayBuffer(2, 1, 200);
        for (int i = 0; i < 200; i++) {
            Transition t = data.transition(i);
            wrapped.add(new Transition(
                    wrap(t.observation()), t.action(), 0, wrap(t.next()), false, t.truncated(), t.first()));
        }
        Identification one = SimulatedLogs.pendulum().identify(data);
        Identification other = SimulatedLogs.pendulum().identify(wrapped);
        assertThat(other.warnings()).isEqualTo(one.warnings()).isEmpty();
        for (int j = 0; j < 3; j++) {
            Estimate expected = one.parameters().get(j);
            assertThat(other.parameters().get(j).value())
                    .isCloseTo(expected.value(), within(0.01 * expected.standardError()));
        }
    }

    private static double[] wrap(double[] state) {
        return new double[] {Math.IEEEremainder(state[0], 2 * Math.PI), state[1]};
    }

    private static MpcController controller(ParametricDynamics model) {
        ICem planner = new ICem(
                ICemConfig.defaults().withHorizon(25).withPopulation(40).withIterations(2));
        return new MpcController(
                planner,
                WorldModel.of(model, new Pendulum()),
                RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION),
                new Workers(1));
    }

    /** Five episodes with the wrong parameters, then five from the same starts after one fit to the first. */
    @Test
    void controlImprovesAfterTheFirstEpisode() {
        double[] before = new double[5];
        double[] after = new double[5];
        for (int seed = 0; seed < 5; seed++) {
            ParametricDynamics model = pendulum(0.3, 2);
            Pendulum env = new Pendulum();
            MpcController controller = controller(model);
            RandomStreams streams = RandomStreams.of(81 + seed);
            Episode first = Episodes.run(env, controller, streams.stream("episode"));
            ReplayBuffer data = ReplayBuffer.of(env.spec(), 1000);
            data.addAll(first.transitions());
            model.fit(data, streams.stream("fit"));
            before[seed] = first.totalReward();
            after[seed] =
                    Episodes.run(env, controller, streams.stream("episode")).totalReward();
        }
        System.err.println("pendulum, before " + Arrays.toString(before) + ", after " + Arrays.toString(after));
        assertThat(Arrays.stream(after).average().orElseThrow())
                .isGreaterThan(Arrays.stream(before).average().orElseThrow() + 300);
        for (int seed = 0; seed < 5; seed++) {
            assertThat(after[seed]).isGreaterThan(before[seed] - 10).isGreaterThan(-400);
        }
    }

    @Test
    void petsTrainsItWithNoFurtherCode() {
        Pets agent = Pets.on(new Pendulum())
                .dynamics(pendulum(0.3, 2))
                .planner(new ICem(
                        ICemConfig.defaults().withHorizon(25).withPopulation(40).withIterations(2)))
                .config(PetsConfig.defaults().withInitialSteps(50).withRefitEvery(100))
                .seed(1)
                .build();
        TrainingHistory history = agent.train(1);
        assertThat(history.returns()[0]).isGreaterThan(-500);
        assertThat(((ParametricDynamics) agent.dynamics()).value("mass")).isCloseTo(1, within(1e-3));
    }
}
