package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.env.PendulumOptimum;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.report.LearningCurve;
import io.github.mbrl4j.report.TrainingHistory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * PETS learns, over seeds that nothing was tuned on. Prints every return: the tables of {@code docs/algorithms/pets.md}. Run by
 * {@code mvn -Plearning test -Dtest=PetsLearningTest}.
 */
@Tag("learning")
class PetsLearningTest {

    private static final int TRIALS = 10;
    private static final double PERFECT = 200;

    @Test
    void balancesTheCartPole() {
        List<TrainingHistory> runs = trainOnCartPole(1, 10, PetsConfig.defaults(), "pets-cartpole");
        assertThat(runs.stream().filter(run -> run.firstTrialReaching(PERFECT).orElse(TRIALS + 1) <= 5))
                .as("seeds whose first perfect trial is the fifth at the latest")
                .hasSizeGreaterThanOrEqualTo(9);
        assertThat(shareOfPerfectTrialsOnceSolved(runs)).isGreaterThanOrEqualTo(0.95);
        assertThat(median(runs.stream().mapToDouble(PetsLearningTest::stepsBeforeFirstPerfectTrial)))
                .as("real steps between the random ones and the first perfect trial")
                .isLessThanOrEqualTo(377);
    }

    @Test
    void balancesTheCartPoleWithALearnedReward() {
        PetsConfig config = PetsConfig.defaults();
        config = config.withEnsemble(config.ensemble().withLearnedReward(true));
        List<TrainingHistory> runs = trainOnCartPole(11, 15, config, "pets-cartpole-learned-reward");
        assertThat(runs).allMatch(run -> run.firstTrialReaching(PERFECT).orElse(TRIALS + 1) <= 5);
        assertThat(shareOfPerfectTrialsOnceSolved(runs)).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void balancesTheCartPoleWithALearnedTermination() {
        for (long seed = 16; seed <= 20; seed++) {
            Pets agent = Pets.on(new CartPole()).seed(seed).learnTermination().build();
            TrainingHistory run = agent.train(5);
            print("pets-cartpole-learned-termination", run);
            assertThat(run.firstTrialReaching(PERFECT).orElse(TRIALS)).isLessThanOrEqualTo(5);
        }
    }

    @Test
    void swingsUpThePendulum() {
        List<TrainingHistory> runs = new ArrayList<>();
        List<Double> means = new ArrayList<>();
        PetsConfig config = PetsConfig.defaults()
                .withPlanner(CemConfig.defaults().withHorizon(25).withIterations(5));
        Policy optimum = new PendulumOptimum();
        for (long seed = 16; seed <= 20; seed++) {
            Env env = new Pendulum();
            Pets agent = Pets.on(env).config(config).seed(seed).build();
            TrainingHistory run = agent.train(TRIALS);
            print("pets-pendulum", run);
            double[] evaluation = returns(env, agent, seed);
            System.out.printf(
                    Locale.ROOT,
                    "  evaluation: mean %.1f, all %s; the optimum of these episodes %.1f%n",
                    mean(evaluation),
                    round(evaluation),
                    mean(returns(env, optimum, seed)));
            runs.add(run);
            means.add(mean(evaluation));
        }
        printRandomPolicy(new Pendulum());
        printRandomSearch(new Pendulum(), 16, 20, 2200);
        LearningCurve.savePng(Path.of("target", "pets-pendulum.png"), runs.toArray(TrainingHistory[]::new));
        assertThat(means).allMatch(mean -> mean > -200);
    }

    private static List<TrainingHistory> trainOnCartPole(long first, long last, PetsConfig config, String name) {
        List<TrainingHistory> runs = LongStream.rangeClosed(first, last)
                .mapToObj(seed -> {
                    Pets agent =
                            Pets.on(new CartPole()).config(config).seed(seed).build();
                    TrainingHistory run = agent.train(TRIALS);
                    print(name, run);
                    return run;
                })
                .toList();
        printRandomPolicy(new CartPole());
        printRandomSearch(new CartPole(), first, last, 2200);
        LearningCurve.savePng(Path.of("target", name + ".png"), runs.toArray(TrainingHistory[]::new));
        return runs;
    }

    /**
     * The simplest learner without a model: try random linear policies, an episode each, and keep the best. Prints the real
     * steps until the first perfect episode, and how well the best policy found with as many real steps as PETS took does.
     */
    private static void printRandomSearch(Env env, long first, long last, int realSteps) {
        for (long seed = first; seed <= last; seed++) {
            RandomStreams streams = RandomStreams.of(seed);
            int steps = 0;
            int stepsToPerfect = -1;
            double best = Double.NEGATIVE_INFINITY;
            Policy bestPolicy = Policy.uniform(env.actionSpace());
            for (int episode = 0; steps < realSteps; episode++) {
                Policy policy = linearPolicy(env, streams.stream("weights", episode));
                Episode tried = Episodes.run(env, policy, streams.stream("episode", episode));
                steps += tried.length();
                if (tried.totalReward() > best) {
                    best = tried.totalReward();
                    bestPolicy = policy;
                }
                if (stepsToPerfect < 0 && tried.totalReward() >= PERFECT) {
                    stepsToPerfect = steps;
                }
            }
            double[] evaluation = returns(env, bestPolicy, seed);
            System.out.printf(
                    Locale.ROOT,
                    "  random search, seed %d: %s; best policy after %d steps %.1f%n",
                    seed,
                    stepsToPerfect < 0
                            ? "no perfect episode"
                            : "first perfect episode after " + stepsToPerfect + " steps",
                    steps,
                    mean(evaluation));
        }
    }

    /** One action: the observation times normal weights, in units of the action's range, clipped to it. */
    private static Policy linearPolicy(Env env, RandomGenerator random) {
        ContinuousActions actions = (ContinuousActions) env.actionSpace();
        double[] weights = new double[env.spec().observationSize()];
        Arrays.setAll(weights, i -> actions.high(0) * random.nextGaussian());
        return (observation, unused) -> {
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                sum += weights[i] * observation[i];
            }
            return actions.clip(new double[] {sum});
        };
    }

    private static void printRandomPolicy(Env env) {
        double[] random = returns(env, Policy.uniform(env.actionSpace()), 1);
        System.out.printf(Locale.ROOT, "  random policy: mean %.1f, all %s%n", mean(random), round(random));
    }

    /** Returns of 20 evaluation episodes. */
    private static double[] returns(Env env, Policy policy, long seed) {
        RandomStreams streams = RandomStreams.of(seed);
        return IntStream.range(0, 20)
                .mapToDouble(e -> Episodes.run(env, policy, streams.stream("evaluation", e))
                        .totalReward())
                .toArray();
    }

    private static double shareOfPerfectTrialsOnceSolved(List<TrainingHistory> runs) {
        double[] later = runs.stream()
                .flatMapToDouble(run -> Arrays.stream(run.returns())
                        .skip(run.firstTrialReaching(PERFECT).orElse(TRIALS)))
                .toArray();
        return Arrays.stream(later).filter(r -> r >= PERFECT).count() / (double) later.length;
    }

    private static double stepsBeforeFirstPerfectTrial(TrainingHistory run) {
        int solved = run.firstTrialReaching(PERFECT).orElseThrow();
        return Arrays.stream(run.returns()).limit(solved - 1L).sum(); // each step earns 1
    }

    private static void print(String name, TrainingHistory run) {
        System.out.printf(
                Locale.ROOT,
                "%s seed %d: %s in %.1f s, fitting %.1f s, plan %.2f ms%n",
                name,
                run.seed(),
                round(run.returns()),
                run.trials().stream()
                        .mapToDouble(TrainingHistory.Trial::seconds)
                        .sum(),
                run.fitSeconds(),
                run.planMillisMedian());
    }

    private static String round(double[] returns) {
        return Arrays.toString(Arrays.stream(returns).mapToLong(Math::round).toArray());
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
