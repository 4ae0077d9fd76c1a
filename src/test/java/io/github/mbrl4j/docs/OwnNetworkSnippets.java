package io.github.mbrl4j.docs;

import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Differences;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.interop.Dl4jNetworks;
import io.github.mbrl4j.interop.NetworkDynamics;
import io.github.mbrl4j.interop.NetworkReward;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.TransitionCodec;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.plan.GradientShooting;
import io.github.mbrl4j.plan.GradientShootingConfig;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.io.File;
import java.io.IOException;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.autodiff.samediff.SameDiff;

/** The snippets of {@code docs/models/own-networks.md}. */
final class OwnNetworkSnippets {

    private OwnNetworkSnippets() {}

    static MpcController shortest(Env env, Planner planner) throws IOException {
        MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(new File("my-network.zip"));
        NetworkDynamics dynamics = NetworkDynamics.of(network, env.spec());
        RolloutConfig expectation = RolloutConfig.defaults().withParticles(1).withPropagation(Propagation.EXPECTATION);
        MpcController controller =
                new MpcController(planner, WorldModel.of(dynamics, env), expectation, Workers.shared());
        return controller;
    }

    static NetworkDynamics standardised(
            MultiLayerNetwork network, Env env, double[] inputMean, double[] inputScale, Normalizer targets) {
        TransitionCodec codec = TransitionCodec.builder(env.spec())
                .deltas()
                .reward()
                .inputs(Normalizer.of(inputMean, inputScale))
                .targets(targets)
                .build();
        NetworkDynamics dynamics = NetworkDynamics.of(network, codec);
        return dynamics;
    }

    static List<NetworkDynamics> graphs(ComputationGraph graph, SameDiff sameDiff, EnvSpec spec) {
        NetworkDynamics graphDynamics = NetworkDynamics.of(graph, spec);
        NetworkDynamics sameDiffDynamics =
                NetworkDynamics.of(sameDiff, List.of("state", "action"), List.of("next"), spec);
        return List.of(graphDynamics, sameDiffDynamics);
    }

    static WorldModel gradients(MultiLayerNetwork rewardNetwork, NetworkDynamics dynamics, Env env) {
        WorldModel world = WorldModel.of(dynamics, NetworkReward.of(rewardNetwork, env.spec()));
        Planner planner = new GradientShooting(GradientShootingConfig.defaults());
        return world;
    }

    static WorldModel differences(NetworkDynamics dynamics, Env env) {
        WorldModel world = WorldModel.of(Differences.of(dynamics), env);
        return world;
    }

    static FrozenMlp export(EnsembleDynamics dynamics) throws IOException {
        MultiLayerNetwork shipped = Dl4jNetworks.toDl4j(dynamics.members().get(0));
        ModelSerializer.writeModel(shipped, new File("dynamics.zip"), false);
        FrozenMlp imported = Dl4jNetworks.toMlp(shipped).freeze();
        return imported;
    }
}
