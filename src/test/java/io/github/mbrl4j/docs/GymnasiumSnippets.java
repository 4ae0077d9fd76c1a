package io.github.mbrl4j.docs;

import io.github.mbrl4j.agent.Mbpo;
import io.github.mbrl4j.agent.MbpoConfig;
import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.control.MpcFleet;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.gym.GymnasiumConfig;
import io.github.mbrl4j.gym.GymnasiumEnv;
import io.github.mbrl4j.gym.GymnasiumProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The code of the page on Gymnasium. */
final class GymnasiumSnippets {

    private GymnasiumSnippets() {}

    static void one() {
        try (GymnasiumEnv env = GymnasiumEnv.make("Pendulum-v1")) {
            Pets agent = Pets.on(env).learnTermination().seed(7).build();
            agent.train(10);
        }
    }

    static void modelBasedPolicy() {
        try (GymnasiumEnv env = GymnasiumEnv.make("Hopper-v5")) {
            Mbpo agent = Mbpo.on(env)
                    .config(MbpoConfig.hopper())
                    .termination((state, action, next) -> next[0] < 0.7 || Math.abs(next[1]) > 0.2)
                    .build();
            agent.train(10_000);
        }
    }

    static Pets learnedTerminalValue(Env env) {
        PetsConfig config = PetsConfig.defaults()
                .withRollouts(PetsConfig.defaults().rollouts().withDiscount(0.97));
        Pets agent = Pets.on(env).config(config).learnTerminalValue().build();
        return agent;
    }

    static void options() {
        GymnasiumConfig config = GymnasiumConfig.defaults()
                .withPython("/opt/venv/bin/python")
                .withModulePath(List.of(Path.of("my-envs")))
                .withTimeout(Duration.ofSeconds(5));
        GymnasiumEnv env = GymnasiumEnv.make("my_envs:Tank-v0", Map.of("leak", 0.1, "max_episode_steps", 500), config);
        env.close();
    }

    static void many(MpcFleet fleet, RandomGenerator random) {
        try (GymnasiumProcess python = GymnasiumProcess.start()) {
            List<GymnasiumEnv> envs = python.make("Pendulum-v1", 8, Map.of());
            double[][] observations = python.reset(envs, random);
            List<Step> steps = python.step(envs, fleet.act(observations, random));
        }
    }
}
