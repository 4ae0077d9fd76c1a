package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.env.RustyPendulum;
import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Equations without friction, a network, and both together as models of a pendulum with friction: the table of
 * {@code docs/models/residual.md}. Run by {@code mvn -Plearning test -Dtest=ResidualLearningTest}.
 */
@Tag("learning")
class ResidualLearningTest {

    private static final RustyPendulum REAL = new RustyPendulum(0.5, 1);
    private static final DynamicsModel PHYSICS = new Pendulum().trueDynamics();

    @ParameterizedTest
    @ValueSource(ints = {20, 50, 200, 1000, 5000})
    void residualBeatsBoth(int transitions) {
        for (long seed = 91; seed <= 95; seed++) {
            RandomStreams streams = RandomStreams.of(seed);
            Policy policy = Policy.uniform(REAL.actionSpace());
            ReplayBuffer data = ReplayBuffer.of(REAL.spec(), transitions);
            Episodes.collectSteps(REAL, policy, transitions, streams.stream("data"), data::add);
            ReplayBuffer held = Episodes.collect(REAL, policy, 20, streams.stream("held out"));
            ReplayBuffer anywhere = anywhere(2000, streams.stream("anywhere"));

            EnsembleDynamics network = new EnsembleDynamics(REAL.spec(), EnsembleConfig.defaults());
            network.fit(data, streams.stream("fit"));
            ResidualDynamics residual = new ResidualDynamics(PHYSICS, REAL.spec(), EnsembleConfig.defaults());
            residual.fit(data, streams.stream("fit"));
            double physicsError = HeldOutError.after(20, PHYSICS, held);
            double networkError = HeldOutError.after(20, network, held);
            double residualError = HeldOutError.after(20, residual, held);
            System.out.printf(
                    Locale.ROOT,
                    "%5d transitions, seed %d: after 20 steps physics %.4f, network %.4f, both %.4f; "
                            + "one step from anywhere %.4f, %.4f, %.4f; shares %s%n",
                    transitions,
                    seed,
                    physicsError,
                    networkError,
                    residualError,
                    HeldOutError.after(1, PHYSICS, anywhere),
                    HeldOutError.after(1, network, anywhere),
                    HeldOutError.after(1, residual, anywhere),
                    Arrays.toString(Arrays.stream(residual.shares())
                            .map(share -> Math.round(100 * share) / 100.0)
                            .toArray()));
            assertThat(residualError).isLessThan(networkError).isLessThanOrEqualTo(physicsError);
            if (transitions >= 50) {
                assertThat(residualError).isLessThan(physicsError);
            }
        }
    }

    /** Single steps from any angle and speed, which random actions do not reach. */
    private static ReplayBuffer anywhere(int n, RandomGenerator random) {
        ReplayBuffer data = ReplayBuffer.of(REAL.spec(), n);
        for (int i = 0; i < n; i++) {
            double angle = Math.PI * (2 * random.nextDouble() - 1);
            double speed = 8 * (2 * random.nextDouble() - 1);
            REAL.restoreState(new double[] {angle, speed, 0});
            double[] action = REAL.actionSpace().sample(random);
            double[] next = REAL.step(action).observation();
            double[] observation = {Math.cos(angle), Math.sin(angle), speed};
            data.add(new Transition(observation, action, 0, next, false, true, true));
        }
        return data;
    }
}
