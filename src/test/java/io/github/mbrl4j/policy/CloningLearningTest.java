package io.github.mbrl4j.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.Recording;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.CycleReport;
import io.github.mbrl4j.model.InverseModel;
import io.github.mbrl4j.model.MixtureConfig;
import io.github.mbrl4j.model.NetworkConfig;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.ICem;
import io.github.mbrl4j.plan.ICemConfig;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Swing-ups of a planner that knows the true model, cloned from their states alone. */
@Tag("learning")
class CloningLearningTest {

    private static final int DEMONSTRATIONS = 20;
    private static final int TRIALS = 20;

    @ParameterizedTest
    @ValueSource(longs = {81, 82, 83, 84, 85})
    void statesAloneAreEnoughToSwingUp(long seed) {
        RandomStreams streams = RandomStreams.of(seed);
        Pendulum env = new Pendulum();
        ReplayBuffer shown = Episodes.collect(env, planner(env), DEMONSTRATIONS, streams.stream("demonstrations"));
        List<Recording> statesAlone =
                Recording.of(shown).stream().map(Recording::withoutActions).toList();

        Policy uniform = Policy.uniform(env.actionSpace());
        ReplayBuffer played = Episodes.collect(env, uniform, 20, streams.stream("random play"));
        InverseModel inverse = new InverseModel(env.spec(), MixtureConfig.defaults());
        inverse.fit(played, streams.stream("inverse"));
        CycleReport cycle = CycleReport.of(inverse, env.trueDynamics(), shown, streams.stream("cycle"));

        ClonedPolicy fromStates =
                BehaviourCloning.fit(inverse, statesAlone, NetworkConfig.defaults(), streams.stream("cloning"));
        ClonedPolicy fromActions =
                BehaviourCloning.fit(env.spec(), shown, NetworkConfig.defaults(), streams.stream("cloning"));

        double demonstrator = returnOf(env, planner(env), streams);
        double states = returnOf(env, fromStates, streams);
        double actions = returnOf(env, fromActions, streams);
        double random = returnOf(env, uniform, streams);
        System.out.printf(
                "seed %d: demonstrator %.1f, cloned from states %.1f, cloned from actions %.1f, random %.1f%n%s",
                seed, demonstrator, states, actions, random, cycle);
        assertThat(Arrays.stream(cycle.cycle()).max().orElseThrow()).isLessThan(0.1);
        assertThat(states).isGreaterThan(random + 0.8 * (demonstrator - random));
    }

    private static Policy planner(Pendulum env) {
        ICemConfig config = ICemConfig.defaults().withHorizon(25);
        return new MpcController(
                new ICem(config), WorldModel.of(env.trueDynamics(), env), RolloutConfig.defaults(), new Workers(1));
    }

    /** The mean over episodes whose starts are the same for all policies. */
    private static double returnOf(Pendulum env, Policy policy, RandomStreams streams) {
        double total = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            Episode episode = Episodes.run(env, policy, streams.stream("trial", trial));
            total += episode.totalReward() / TRIALS;
        }
        return total;
    }
}
