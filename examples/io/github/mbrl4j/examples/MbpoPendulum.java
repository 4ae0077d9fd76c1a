package io.github.mbrl4j.examples;

import io.github.mbrl4j.agent.Agent;
import io.github.mbrl4j.agent.Mbpo;
import io.github.mbrl4j.agent.MbpoConfig;
import io.github.mbrl4j.agent.Sac;
import io.github.mbrl4j.agent.SacConfig;
import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.report.LineChart;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How many real steps MBPO needs to swing a pendulum up, beside soft actor-critic without a model: with its own settings, one update for
 * each real step, and with the settings of the policy in MBPO, as many updates included.
 */
public final class MbpoPendulum {

    private static final String USAGE = """
            MbpoPendulum: MBPO swings a pendulum up; SAC does, with its own settings, and with as many updates as MBPO. Options:
              --seed N       seed of all random numbers (1)
              --trials N     episodes of 200 real steps that each agent trains for (20), some minutes in all
              --threads N    threads to learn on, without influence on the result (all processors)
              --quick        a smoke run of seconds that learns nothing
            """;

    /** A policy that swings up and holds: the mean return of an evaluation is above. */
    private static final double SOLVED = -200;

    private final Env env = new Pendulum();
    private final long seed;
    private final Workers workers;
    private final int[] envSteps;
    private final int episodes;

    private MbpoPendulum(long seed, Workers workers, int[] envSteps, int episodes) {
        this.seed = seed;
        this.workers = workers;
        this.envSteps = envSteps;
        this.episodes = episodes;
    }

    /**
     * Runs the example.
     *
     * @param args see {@code USAGE}
     */
    public static void main(String... args) {
        Arguments arguments = Arguments.parse(USAGE, args);
        int between = arguments.quick() ? 60 : 200;
        int[] envSteps = IntStream.rangeClosed(1, arguments.trials(20))
                .map(i -> i * between)
                .toArray();
        MbpoConfig mbpo = arguments.quick() ? Smoke.MBPO : MbpoConfig.defaults();
        SacConfig sac1 = SacConfig.defaults();
        SacConfig sacSameRatio = sac1.withInitialSteps(mbpo.initialSteps())
                .withUpdateRatio(mbpo.updateRatio())
                .withBatchSize(mbpo.batchSize())
                .withLearner(mbpo.learner());
        MbpoPendulum comparison =
                new MbpoPendulum(arguments.seed(), arguments.workers(), envSteps, arguments.quick() ? 2 : 20);

        Map<String, double[]> curves = new LinkedHashMap<>();
        curves.put("mbpo", comparison.learn("MBPO", comparison.mbpo(mbpo), mbpo.initialSteps()));
        curves.put("sac1", comparison.learn("SAC, 1 update", comparison.sac(sac1), sac1.initialSteps()));
        curves.put(
                "sacSameRatio",
                comparison.learn("SAC, as many updates", comparison.sac(sacSameRatio), sacSameRatio.initialSteps()));

        Path picture = arguments.directory("mbpo-pendulum").resolve("curves.png");
        comparison.draw(curves, picture);
        System.err.println("Learning curves are in " + picture.toAbsolutePath());
        Map<String, @Nullable Integer> stepsToMinus200 = new LinkedHashMap<>();
        curves.forEach((name, curve) -> stepsToMinus200.put(name, comparison.firstAbove(SOLVED, curve)));
        System.out.println(Json.writeLine(new Result(
                "mbpo-pendulum",
                arguments.seed(),
                envSteps,
                curves.get("mbpo"),
                curves.get("sac1"),
                curves.get("sacSameRatio"),
                stepsToMinus200)));
    }

    private Agent mbpo(MbpoConfig config) {
        return Mbpo.on(env).config(config).seed(seed).workers(workers).build();
    }

    private Agent sac(SacConfig config) {
        return Sac.on(env).config(config).seed(seed).workers(workers).build();
    }

    /** Trains and evaluates by turns. As long as an agent has learned nothing, its policy is the random one it explores with. */
    private double[] learn(String name, Agent agent, int initialSteps) {
        double[] means = new double[envSteps.length];
        int taken = 0;
        for (int i = 0; i < means.length; i++) {
            agent.train(envSteps[i] - taken);
            taken = envSteps[i];
            Policy policy = taken < initialSteps ? Policy.uniform(env.actionSpace()) : agent;
            Evaluation evaluation = Evaluation.of(env, policy, episodes, seed);
            means[i] = Math.round(10 * evaluation.mean()) / 10.0;
            System.err.printf("%s, %,d real steps: %s%n", name, taken, evaluation);
        }
        return means;
    }

    /** The real steps after which a curve is above a mark for the first time; null if it never is. */
    private @Nullable Integer firstAbove(double mark, double[] curve) {
        for (int i = 0; i < curve.length; i++) {
            if (curve[i] > mark) {
                return envSteps[i];
            }
        }
        return null;
    }

    private void draw(Map<String, double[]> curves, Path file) {
        double[] x = Arrays.stream(envSteps).asDoubleStream().toArray();
        LineChart chart = LineChart.of(
                "MBPO and SAC on the pendulum",
                "seed " + seed + " · mean of " + episodes + " episodes without chance",
                "real steps",
                "return");
        for (Map.Entry<String, double[]> curve : curves.entrySet()) {
            chart = chart.line(curve.getKey(), x, curve.getValue());
        }
        chart.savePng(file);
    }

    /** The last line on standard output, as JSON. */
    private record Result(
            String example,
            long seed,
            int[] envSteps,
            double[] mbpo,
            double[] sac1,
            double[] sacSameRatio,
            Map<String, @Nullable Integer> stepsToMinus200) {}
}
