package io.github.mbrl4j.docs;

import io.github.mbrl4j.agent.Mbpo;
import io.github.mbrl4j.agent.MbpoConfig;
import io.github.mbrl4j.agent.RolloutSchedule;
import io.github.mbrl4j.agent.Sac;
import io.github.mbrl4j.agent.SacConfig;
import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.rollout.BranchConfig;
import io.github.mbrl4j.rollout.BranchedRollouts;
import java.util.random.RandomGenerator;

/** The snippets of {@code docs/algorithms/mbpo.md}. */
final class MbpoSnippets {

    private MbpoSnippets() {}

    static void shortest(double[] observation) {
        Env env = new Pendulum();
        Mbpo agent = Mbpo.on(env).seed(7).build();
        agent.train(1500);
        double[] action = agent.act(observation);
    }

    static void beside(Env env, Mbpo agent) {
        Sac modelFree = Sac.on(env)
                .config(SacConfig.defaults().withUpdateRatio(20))
                .seed(7)
                .build();
        modelFree.train(1500);
        System.out.println(Evaluation.of(env, agent, 20, 1) + " against " + Evaluation.of(env, modelFree, 20, 1));
    }

    static MbpoConfig settings() {
        MbpoConfig config = MbpoConfig.defaults()
                .withSchedule(new RolloutSchedule(1000, 20, 150, 1, 15)) // k from 1 to 15 over epochs 20 to 150
                .withUpdateRatio(40);
        return config;
    }

    static Transitions synthetic(WorldModel world, ReplayBuffer data, Policy policy, RandomGenerator random) {
        BranchedRollouts rollouts =
                new BranchedRollouts(world, BranchConfig.defaults().withSteps(5), Workers.shared());
        Transitions synthetic = rollouts.imagine(data, policy, 1000, random).transitions();
        return synthetic;
    }
}
