package io.github.mbrl4j.examples;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.interop.Dl4jConfig;
import io.github.mbrl4j.interop.Dl4jDynamics;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.report.TrainingHistory;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * PETS with a Deeplearning4j network as its model, on the cart-pole; then with its own ensemble of the same widths and the
 * same planner, to compare the time of a plan.
 */
public final class Dl4jPets {

    private static final String USAGE = """
            Dl4jPets: PETS learns cart-pole with a Deeplearning4j network as its model. Options:
              --seed N          seed of all random numbers (1)
              --trials N        episodes to train for (5)
              --threads N       threads to plan on, without influence on the result (all processors)
              --quick           a smoke run of seconds that learns nothing
            """;

    private Dl4jPets() {}

    /**
     * Runs the example.
     *
     * @param args see {@code USAGE}
     */
    public static void main(String... args) {
        Arguments arguments = Arguments.parse(USAGE, args);
        int trials = arguments.trials(5);
        PetsConfig config = config(arguments.quick());
        Env env = new CartPole();
        int hidden = config.ensemble().hidden().get(0);
        Dl4jConfig training = arguments.quick() ? Dl4jConfig.defaults().withEpochs(2) : Dl4jConfig.defaults();
        Dl4jDynamics dynamics = new Dl4jDynamics(env.spec(), network(env.spec(), hidden, arguments.seed()), training);

        TrainingHistory history =
                train(Pets.on(env).dynamics(dynamics).config(config).seed(arguments.seed()), arguments, env, trials);
        history.save(arguments.directory("dl4j-pets"));
        System.err.println(history);
        System.err.println("Now the same with PETS's own ensemble, for one trial");
        TrainingHistory ensemble = train(Pets.on(env).config(config).seed(arguments.seed()), arguments, env, 1);
        System.out.println(Json.writeLine(new Result(
                "dl4j-pets",
                arguments.seed(),
                history.returns(),
                history.planMillisMedian(),
                ensemble.planMillisMedian(),
                history.fitSeconds())));
    }

    private static MultiLayerConfiguration network(EnvSpec spec, int hidden, long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(3e-3))
                .l2(1e-5)
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(Dl4jDynamics.inputSize(spec))
                        .nOut(hidden)
                        .build())
                .layer(new DenseLayer.Builder().nIn(hidden).nOut(hidden).build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(hidden)
                        .nOut(Dl4jDynamics.outputSize(spec))
                        .activation(Activation.IDENTITY)
                        .build())
                .build();
    }

    /** One particle: a deterministic network gives all particles the same future. */
    private static PetsConfig config(boolean quick) {
        PetsConfig config = quick ? Smoke.PETS : PetsConfig.defaults().withRefitEvery(0);
        return config.withEnsemble(config.ensemble().withHidden(quick ? List.of(16, 16) : List.of(64, 64)))
                .withRollouts(config.rollouts().withParticles(1));
    }

    private static TrainingHistory train(Pets.Builder builder, Arguments arguments, Env env, int trials) {
        try (ConsoleProgress progress = new ConsoleProgress(env, trials)) {
            return builder.workers(arguments.workers())
                    .listener(progress)
                    .build()
                    .train(trials);
        }
    }

    /** The last line on standard output, as JSON. */
    private record Result(
            String example,
            long seed,
            double[] returns,
            double planMillisMedian,
            double ensemblePlanMillisMedian,
            double fitSeconds) {}
}
