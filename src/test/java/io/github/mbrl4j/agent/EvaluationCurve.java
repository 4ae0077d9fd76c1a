package io.github.mbrl4j.agent;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Mean returns of evaluations in the course of training, from the same starts each time; of the random policy until the agent learns.
 *
 * @param agent what learned
 * @param seed of the agent
 * @param steps real steps before each evaluation
 * @param means of {@link LearningRun#EPISODES} episodes
 */
record EvaluationCurve(String agent, long seed, double[] steps, double[] means) {

    /** Trains and evaluates by turns, and prints the curve. */
    static EvaluationCurve of(String name, Env env, Agent agent, int initialSteps, int steps, int between) {
        long begin = System.nanoTime();
        double[] x = new double[steps / between];
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            agent.train(between);
            int taken = (i + 1) * between;
            Policy policy = taken < initialSteps ? Policy.uniform(env.actionSpace()) : agent;
            x[i] = taken;
            y[i] = Evaluation.of(env, policy, LearningRun.EPISODES, LearningRun.STARTS)
                    .mean();
        }
        System.out.printf(
                Locale.ROOT,
                "%s seed %d, %s, %.0f s, mean of %d episodes after every %d real steps: %s%n",
                env.spec().name(),
                agent.history().seed(),
                name,
                (System.nanoTime() - begin) * 1e-9,
                LearningRun.EPISODES,
                between,
                Arrays.stream(y).mapToObj(EvaluationCurve::rounded).collect(Collectors.joining(", ")));
        return new EvaluationCurve(name, agent.history().seed(), x, y);
    }

    /** Where it ends: the median of the last five evaluations, because single ones lapse. */
    double end() {
        double[] last = Arrays.copyOfRange(means, means.length - 5, means.length);
        Arrays.sort(last);
        return last[2];
    }

    double best() {
        return Arrays.stream(means).max().orElseThrow();
    }

    /** The real steps until it is at a mark or above for the first time; infinity if it never is. */
    double stepsTo(double mark) {
        for (int i = 0; i < means.length; i++) {
            if (means[i] >= mark) {
                return steps[i];
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    /** Writes curves as rows of agent, seed, real steps and mean return. */
    static void save(List<EvaluationCurve> curves, Path csv) {
        List<String> lines = new ArrayList<>(List.of("agent,seed,steps,mean"));
        for (EvaluationCurve curve : curves) {
            for (int i = 0; i < curve.steps.length; i++) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%s,%d,%.0f,%s",
                        curve.agent,
                        curve.seed,
                        curve.steps[i],
                        rounded(curve.means[i])));
            }
        }
        try {
            Files.createDirectories(csv.toAbsolutePath().getParent());
            Files.write(csv, lines);
        } catch (IOException e) {
            throw new IllegalStateException("cannot write " + csv, e);
        }
    }

    private static String rounded(double mean) {
        return String.format(Locale.ROOT, "%.1f", mean);
    }
}
