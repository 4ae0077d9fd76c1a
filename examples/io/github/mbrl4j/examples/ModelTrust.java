package io.github.mbrl4j.examples;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.Recalibration;
import io.github.mbrl4j.model.TrainingConfig;
import io.github.mbrl4j.report.ModelReport;
import io.github.mbrl4j.report.ModelReportConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How far a learned model of a pendulum in gusts of wind can be trusted, before and after its variances are recalibrated. The gusts
 * are chance to the model: it can tell how strong they are, but not what they will be.
 */
public final class ModelTrust {

    private static final String USAGE = """
            ModelTrust: an ensemble fitted on random episodes of a pendulum in gusts, and the report on it. Options:
              --seed N     seed of all random numbers (1)
              --trials N   episodes to fit the ensemble on, of 200 steps each (5)
              --threads N  threads to fit and predict on, without influence on the result (all processors)
              --quick      a smoke run of seconds with a model too small to be good
            """;

    private ModelTrust() {}

    /**
     * Runs the example.
     *
     * @param args see {@code USAGE}
     */
    public static void main(String... args) {
        Arguments arguments = Arguments.parse(USAGE, args);
        RandomStreams streams = RandomStreams.of(arguments.seed());
        Workers workers = arguments.workers();
        Env env = new GustyPendulum();
        ReplayBuffer training = episodes(env, arguments.trials(5), streams, "training");
        ReplayBuffer validation = episodes(env, arguments.quick() ? 2 : 10, streams, "validation");
        ReplayBuffer heldOut = episodes(env, arguments.quick() ? 2 : 10, streams, "held out");

        EnsembleConfig config = arguments.quick()
                ? EnsembleConfig.defaults()
                        .withMembers(2)
                        .withHidden(List.of(16))
                        .withTraining(TrainingConfig.defaults().withMaxEpochs(3))
                : EnsembleConfig.defaults();
        EnsembleDynamics dynamics = new EnsembleDynamics(env.spec(), config, ObservationTransform.IDENTITY, workers);
        dynamics.fit(training, streams.stream("fit"));

        ModelReportConfig settings = ModelReportConfig.defaults().withSteps(arguments.quick() ? 5 : 50);
        ModelReport asFitted = ModelReport.of(dynamics, heldOut, settings, training, workers);
        Recalibration recalibration = dynamics.recalibrate(validation);
        ModelReport recalibrated = ModelReport.of(dynamics, heldOut, settings, training, workers);

        Path directory = Path.of(arguments.quick() ? "target/quick/model-trust" : "target/model-trust");
        asFitted.save(directory.resolve("as-fitted"));
        recalibrated.save(directory.resolve("recalibrated"));
        System.err.println(asFitted);
        System.err.println(recalibration);
        System.err.println(recalibrated);
        System.out.println(Json.writeLine(new Result(
                "model-trust",
                arguments.seed(),
                training.size(),
                recalibrated.usefulHorizon().steps(),
                recalibrated.planningHorizon().steps(),
                recalibrated.rolloutLength().steps(),
                coverage90(asFitted),
                coverage90(recalibrated))));
    }

    /** Each step a gust turns the pendulum as an action does. */
    private static final class GustyPendulum implements Env {

        private static final double GUST = 0.5;

        private final Pendulum pendulum = new Pendulum();
        private RandomGenerator gusts = RandomStreams.of(0).stream("calm");

        @Override
        public EnvSpec spec() {
            return pendulum.spec();
        }

        @Override
        public double[] reset(RandomGenerator random) {
            gusts = RandomStreams.of(random.nextLong()).stream("gusts");
            return pendulum.reset(random);
        }

        @Override
        public Step step(double[] action) {
            return pendulum.step(new double[] {action[0] + GUST * gusts.nextGaussian()});
        }
    }

    private static ReplayBuffer episodes(Env env, int count, RandomStreams streams, String purpose) {
        return Episodes.collect(env, Policy.uniform(env.spec().actionSpace()), count, streams.stream(purpose));
    }

    /** Over all dimensions, one step ahead. */
    private static double coverage90(ModelReport report) {
        return report.steps().get(0).curve().get(ModelReport.CURVE.indexOf(0.9));
    }

    private record Result(
            String example,
            long seed,
            int transitions,
            int usefulHorizon,
            int planningHorizon,
            int rolloutLength,
            double coverage90AsFitted,
            double coverage90) {}
}
