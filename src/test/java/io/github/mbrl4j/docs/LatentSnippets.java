package io.github.mbrl4j.docs;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.CartPoleImages;
import io.github.mbrl4j.env.CartPoleSwingUp;
import io.github.mbrl4j.env.ImageMoments;
import io.github.mbrl4j.env.ObservedEnv;
import io.github.mbrl4j.env.RandomFeatures;
import io.github.mbrl4j.latent.Autoencoder;
import io.github.mbrl4j.latent.AutoencoderConfig;
import io.github.mbrl4j.latent.LatentConfig;
import io.github.mbrl4j.latent.LatentDynamics;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.report.TrainingHistory;
import java.util.List;
import java.util.random.RandomGenerator;

/** The snippets of {@code docs/models/latent.md}. */
final class LatentSnippets {

    private LatentSnippets() {}

    static TrainingHistory shortest(Env env) {
        LatentDynamics model =
                new LatentDynamics(env.spec(), LatentConfig.defaults().withLatentSize(6));
        Pets agent = Pets.on(env).dynamics(model).seed(7).build();
        TrainingHistory history = agent.train(20);
        return history;
    }

    static LatentConfig images() {
        AutoencoderConfig images =
                AutoencoderConfig.defaults().withEncoder(List.of(128, 128)).withCommonScale(true);
        LatentConfig config = LatentConfig.defaults().withAutoencoder(images).withFrames(2);
        return config;
    }

    static ObservedEnv momentsOfImages() {
        ObservedEnv camera = ObservedEnv.of(new CartPoleSwingUp(), new ImageMoments(new CartPoleImages(), 24, 24, 3));
        return camera;
    }

    static MpcController byHand(LatentDynamics model, Planner planner, ReplayBuffer data, RandomGenerator random) {
        model.fit(data, random);
        MpcController controller = new MpcController(planner, WorldModel.of(model));
        return controller;
    }

    static WorldModel anotherReward(LatentDynamics model, RewardModel reward) {
        WorldModel world = WorldModel.of(model).withReward(model.rewardOnStates(reward));
        return world;
    }

    static double autoencoder(Batch images, RandomGenerator random) {
        Autoencoder coder = new Autoencoder(576, AutoencoderConfig.defaults().withCommonScale(true));
        double lost = coder.fit(images, random); // share of the variance
        Batch codes = coder.encode(images);
        return lost + codes.rows();
    }

    static ObservedEnv seenThrough(double[] scales, boolean far) {
        ObservedEnv sensors = ObservedEnv.of(new CartPoleSwingUp(), new RandomFeatures(32, scales, 7))
                .withDistractors(8);
        ObservedEnv camera = ObservedEnv.of(new CartPoleSwingUp(), new CartPoleImages());
        return far ? sensors : camera;
    }
}
