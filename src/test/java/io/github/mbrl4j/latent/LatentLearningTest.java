package io.github.mbrl4j.latent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.agent.TrainingListener;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.CartPoleImages;
import io.github.mbrl4j.env.CartPoleSwingUp;
import io.github.mbrl4j.env.ImageMoments;
import io.github.mbrl4j.env.ObservedEnv;
import io.github.mbrl4j.env.RandomFeatures;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.TrainingConfig;
import io.github.mbrl4j.plan.ICem;
import io.github.mbrl4j.plan.ICemConfig;
import io.github.mbrl4j.report.TrainingHistory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The cart-pole is swung up by planning in latent states, over seeds that nothing was tuned on. Prints every return: the tables of
 * {@code docs/models/latent.md}. Run by {@code mvn -Plearning test -Dtest=LatentLearningTest}.
 */
@Tag("learning")
class LatentLearningTest {

    private static final PetsConfig PETS =
            PetsConfig.defaults().withInitialSteps(400).withRefitEvery(100);
    private static final LatentConfig FEATURES =
            LatentConfig.defaults().withLatentSize(6).withTraining(new LatentTraining(500, 64, 1e-3));

    /** A code of 3 numbers for each frame, which two hidden layers make of its 10 moments; and the last action. */
    private static final LatentConfig IMAGES = LatentConfig.defaults()
            .withAutoencoder(AutoencoderConfig.defaults()
                    .withLatentSize(6)
                    .withEncoder(List.of(64, 64))
                    .withDecoder(List.of(64, 64)))
            .withFrames(2);

    /** 40 numbers: 32 features of x, ẋ, cos θ, sin θ and θ̇, and 8 that have nothing to do with them. */
    private static ObservedEnv features() {
        return ObservedEnv.of(new CartPoleSwingUp(), new RandomFeatures(32, new double[] {1.5, 2, 1, 1, 5}, 7))
                .withDistractors(8);
    }

    /** The moments of two frames, 20 numbers. */
    private static ObservedEnv images() {
        return ObservedEnv.of(new CartPoleSwingUp(), new ImageMoments(new CartPoleImages(), 24, 24, 3));
    }

    @Test
    void swingsUpWhatIsSeenThroughFortyNumbers() {
        compare("latent", LatentLearningTest::features, PETS, FEATURES, seeds(51, 55), 4000, 0.9);
    }

    @Test
    void swingsUpWhatIsSeenInImages() {
        compare("images", LatentLearningTest::images, PETS.withInitialSteps(1000), IMAGES, seeds(56, 58), 6000, 0.8);
    }

    /** The seeds of a test, unless the command line names others. */
    private static long[] seeds(long first, long last) {
        return LongStream.rangeClosed(Long.getLong("mbrl4j.firstSeed", first), Long.getLong("mbrl4j.lastSeed", last))
                .toArray();
    }

    private static void compare(
            String name,
            Supplier<ObservedEnv> env,
            PetsConfig pets,
            LatentConfig config,
            long[] seeds,
            int realSteps,
            double share) {
        List<Double> latent = LongStream.of(seeds)
                .mapToObj(seed -> run(name, config, env.get(), pets, seed, realSteps))
                .toList();
        List<Double> known = LongStream.of(seeds)
                .mapToObj(seed -> runWithTheState(pets, seed, realSteps))
                .toList();
        printRandomPolicy(env.get());
        System.out.printf(
                Locale.ROOT, "means of the last five trials: %s %.1f, state %.1f%n", name, mean(latent), mean(known));
        assertThat(mean(latent)).isGreaterThanOrEqualTo(share * mean(known));
    }

    private static double run(
            String name, LatentConfig config, ObservedEnv env, PetsConfig pets, long seed, int realSteps) {
        LatentDynamics model = new LatentDynamics(env.spec(), config, new Workers(1));
        return report(
                name,
                Pets.on(env)
                        .config(pets)
                        .dynamics(model)
                        .planner(planner())
                        .listener(progress(name, seed))
                        .workers(new Workers(1))
                        .seed(seed)
                        .build(),
                realSteps);
    }

    /** The same agent with the true state, x, ẋ, cos θ, sin θ and θ̇, and the true rule of termination; the reward is learned. */
    private static double runWithTheState(PetsConfig pets, long seed, int realSteps) {
        EnsembleConfig ensemble = EnsembleConfig.defaults()
                .withLearnedReward(true)
                .withTraining(TrainingConfig.defaults().withMaxEpochs(100).withMinImprovement(0.001));
        return report(
                "state",
                Pets.on(new CartPoleSwingUp())
                        .config(pets.withEnsemble(ensemble))
                        .planner(planner())
                        .listener(progress("state", seed))
                        .workers(new Workers(1))
                        .seed(seed)
                        .build(),
                realSteps);
    }

    private static Planner planner() {
        return new ICem(ICemConfig.defaults().withHorizon(30).withPopulation(20));
    }

    private static TrainingListener progress(String name, long seed) {
        return new TrainingListener() {
            @Override
            public void trialEnded(TrainingHistory.Trial trial) {
                System.out.printf(
                        Locale.ROOT,
                        "%s seed %d trial %d: %.1f in %d steps, %.1f s%n",
                        name,
                        seed,
                        trial.trial(),
                        trial.totalReward(),
                        trial.steps(),
                        trial.seconds());
            }
        };
    }

    /** Trains for as many real steps, however short its trials, and prints; returns the mean of the last five trials. */
    private static double report(String name, Pets agent, int realSteps) {
        TrainingHistory run = agent.train(1);
        while (IntStream.of(run.envSteps()).max().orElseThrow() < realSteps) {
            run = agent.train(1);
        }
        double last = Arrays.stream(run.returns())
                .skip(run.trials().size() - 5)
                .average()
                .orElseThrow();
        System.out.printf(
                Locale.ROOT,
                "%s seed %d: %s, mean of the last five %.1f; %.0f s, fitting %.0f s, plan %.1f ms%n",
                name,
                run.seed(),
                Arrays.toString(
                        Arrays.stream(run.returns()).mapToLong(Math::round).toArray()),
                last,
                run.trials().stream()
                        .mapToDouble(TrainingHistory.Trial::seconds)
                        .sum(),
                run.fitSeconds(),
                run.planMillisMedian());
        return last;
    }

    private static void printRandomPolicy(Env env) {
        RandomStreams streams = RandomStreams.of(1);
        double[] returns = IntStream.range(0, 20)
                .mapToDouble(e -> Episodes.run(env, Policy.uniform(env.actionSpace()), streams.stream("evaluation", e))
                        .totalReward())
                .toArray();
        System.out.printf(
                Locale.ROOT,
                "random policy: mean %.1f, all %s%n",
                Arrays.stream(returns).average().orElseThrow(),
                Arrays.toString(Arrays.stream(returns).mapToLong(Math::round).toArray()));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
