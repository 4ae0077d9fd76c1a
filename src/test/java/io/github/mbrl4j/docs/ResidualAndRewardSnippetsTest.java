package io.github.mbrl4j.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.LearnedReward;
import io.github.mbrl4j.model.LearnedTermination;
import io.github.mbrl4j.model.NetworkConfig;
import io.github.mbrl4j.model.ResidualDynamics;
import io.github.mbrl4j.model.TerminationConfig;
import io.github.mbrl4j.model.TerminationReport;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.RandomShooting;
import io.github.mbrl4j.plan.RandomShootingConfig;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The snippets of {@code docs/models/residual.md} and {@code reward-and-termination.md}, compiled and run. */
class ResidualAndRewardSnippetsTest {

    private final RandomGenerator random = RandomStreams.of(1).stream("snippets");

    private final Planner planner =
            new RandomShooting(RandomShootingConfig.defaults().withHorizon(3).withPopulation(10));

    private ReplayBuffer collect(Env env) {
        return Episodes.collect(env, Policy.uniform(env.actionSpace()), 2, random);
    }

    @Test
    void residual() {
        Pendulum env = new Pendulum();
        RewardModel reward = env.reward();
        ReplayBuffer data = collect(env);
        DynamicsModel physics = new Pendulum().trueDynamics(); // knows nothing of friction
        ResidualDynamics model = new ResidualDynamics(physics, env.spec(), EnsembleConfig.defaults());
        model.fit(data, random);
        MpcController controller = new MpcController(planner, WorldModel.of(model, reward));
        assertThat(controller.act(env.reset(random), random)).hasSize(1);
    }

    /** A mass on a spring, without friction: position and speed, pulled by a force. */
    static final class Spring implements DynamicsModel {
        @Override
        public int stateSize() {
            return 2;
        }

        @Override
        public ActionSpace actionSpace() {
            return ActionSpace.continuous(1, -1, 1);
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            for (int row = 0; row < states.rows(); row++) {
                float x = states.get(row, 0);
                float v = states.get(row, 1);
                next.set(row, 0, x + 0.1f * v);
                next.set(row, 1, v + 0.1f * (actions.get(row, 0) - x));
            }
        }
    }

    @Test
    void ownPhysics() {
        Batch next = new Batch(0, 2);
        new Spring().predict(Batch.ofRows(new double[] {1, 2}), Batch.ofRows(new double[] {0.5}), next);
        assertThat(next.row(0)).containsExactly(new double[] {1.2, 1.95}, within(1e-6));
    }

    @Test
    void anotherReward() {
        Pendulum env = new Pendulum();
        ReplayBuffer data = collect(env);
        EnsembleDynamics dynamics = new EnsembleDynamics(env.spec(), EnsembleConfig.defaults()); // no reward head
        dynamics.fit(data, random);
        WorldModel upright = WorldModel.of(dynamics, env.reward());
        WorldModel spinning = upright.withReward((state, action, next) -> -Math.abs(next[2] - 4));
        assertThat(spinning.reward()).isPresent();
        assertThat(labelled(env, data, dynamics).reward()).isPresent();
    }

    private WorldModel labelled(Pendulum env, ReplayBuffer data, EnsembleDynamics dynamics) {
        Transitions labelled = data.all(); // a copy, so labels may be written into it
        for (int i = 0; i < labelled.size(); i++) {
            labelled.rewards()[i] = labelled.next().get(i, 0) > 0.9 ? 1 : 0; // whatever you judge by
        }
        LearnedReward reward = new LearnedReward(env.spec(), NetworkConfig.defaults());
        reward.fit(labelled, random);
        WorldModel world = WorldModel.of(dynamics, reward);
        return world;
    }

    @Test
    void termination() {
        CartPole env = new CartPole();
        ReplayBuffer data = collect(env);
        DynamicsModel dynamics = env.trueDynamics();
        RewardModel reward = env.reward();
        LearnedTermination termination =
                new LearnedTermination(env.spec(), TerminationConfig.defaults().withThreshold(0.3));
        TerminationReport report = termination.fit(data, random);
        WorldModel world = WorldModel.of(dynamics, reward).withTermination(termination);
        assertThat(world.termination()).isSameAs(termination);
        assertThat(report.summary()).startsWith("2 of ");
    }

    @Test
    void agentThatLearnsTheTermination() {
        Env env = new CartPole();
        assertThat(agent(env).history().trials()).isEmpty();
    }

    private static Pets agent(Env env) {
        Pets agent = Pets.on(env).learnTermination().build();
        return agent;
    }
}
