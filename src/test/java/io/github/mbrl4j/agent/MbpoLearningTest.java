package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.CartPoleSwingUp;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.report.LineChart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * MBPO needs fewer real steps than SAC, over seeds that nothing was tuned on: at most a fifth of those that SAC with one update for each
 * step needs to come where it ends, and fewer than SAC with as many updates as MBPO. Prints every curve: the tables of
 * {@code docs/algorithms/mbpo.md}, whose pictures it leaves in {@code target}. Run by
 * {@code mvn -Plearning test -Dtest=MbpoLearningTest}; it takes hours.
 *
 * <p>Where SAC ends is the median of its last five evaluations, because single ones lapse; a curve has come there when it is nearer
 * than a twentieth of the way from a random policy.
 */
@Tag("learning")
class MbpoLearningTest {

    private static final MbpoConfig SWING_UP = MbpoConfig.defaults()
            .withInitialSteps(500)
            .withUpdateRatio(20)
            .withLearner(SacLearningTest.SWING_UP.learner());

    /** A task, how long each agent may learn, and how often it is evaluated. */
    record Task(
            Env env,
            MbpoConfig mbpo,
            SacConfig sac,
            int stepsOfSac,
            int betweenOfSac,
            int stepsOfMbpo,
            int betweenOfMbpo) {

        EvaluationCurve mbpo(long seed) {
            Agent agent =
                    Mbpo.on(env).config(mbpo).seed(seed).workers(new Workers(1)).build();
            return EvaluationCurve.of("MBPO", env, agent, mbpo.initialSteps(), stepsOfMbpo, betweenOfMbpo);
        }

        EvaluationCurve sac(long seed) {
            return EvaluationCurve.of("SAC", env, sac(sac, seed), sac.initialSteps(), stepsOfSac, betweenOfSac);
        }

        EvaluationCurve sacSameRatio(long seed) {
            SacConfig same = sac.withInitialSteps(mbpo.initialSteps())
                    .withUpdateRatio(mbpo.updateRatio())
                    .withBatchSize(mbpo.batchSize())
                    .withLearner(mbpo.learner());
            return EvaluationCurve.of(
                    "SAC with as many updates", env, sac(same, seed), same.initialSteps(), stepsOfMbpo, betweenOfMbpo);
        }

        private Agent sac(SacConfig config, long seed) {
            return Sac.on(env).config(config).seed(seed).workers(new Workers(1)).build();
        }
    }

    /** All curves of a seed. */
    private record Run(EvaluationCurve mbpo, EvaluationCurve sac, EvaluationCurve sacSameRatio, double mark) {

        static Run of(Task task, long seed) {
            double random = Evaluation.of(
                            task.env(),
                            Policy.uniform(task.env().actionSpace()),
                            LearningRun.EPISODES,
                            LearningRun.STARTS)
                    .mean();
            EvaluationCurve mbpo = task.mbpo(seed);
            EvaluationCurve sac = task.sac(seed);
            Run run = new Run(mbpo, sac, task.sacSameRatio(seed), sac.end() - 0.05 * (sac.end() - random));
            System.out.printf(
                    Locale.ROOT,
                    "seed %d: random %.1f, SAC ends at %.1f; real steps to %.1f: MBPO %.0f, SAC %.0f, SAC with as many updates %.0f%n",
                    seed,
                    random,
                    sac.end(),
                    run.mark,
                    run.mbpo.stepsTo(run.mark),
                    run.sac.stepsTo(run.mark),
                    run.sacSameRatio.stepsTo(run.mark));
            return run;
        }

        boolean needsAFifthOfSac() {
            return mbpo.stepsTo(mark) <= sac.stepsTo(mark) / 5;
        }

        boolean needsFewerThanSacWithAsManyUpdates() {
            return mbpo.stepsTo(mark) < sacSameRatio.stepsTo(mark);
        }
    }

    /** An environment for each run: they share nothing. */
    static Task pendulum() {
        return new Task(new Pendulum(), MbpoConfig.defaults(), SacConfig.defaults(), 10_000, 250, 1200, 100);
    }

    @Test
    void swingsUpThePendulum() {
        check("pendulum", runs(MbpoLearningTest::pendulum, LearningRun.seeds(111, 115)));
    }

    @Test
    void swingsUpTheCartPole() {
        Supplier<Task> task =
                () -> new Task(new CartPoleSwingUp(), SWING_UP, SacLearningTest.SWING_UP, 40_000, 2000, 4000, 250);
        check("cart-pole-swing-up", runs(task, LearningRun.seeds(66, 70)));
    }

    private static List<Run> runs(Supplier<Task> task, long[] seeds) {
        List<Run> runs = new ArrayList<>();
        for (long seed : seeds) {
            runs.add(Run.of(task.get(), seed));
        }
        return runs;
    }

    private static void check(String name, List<Run> runs) {
        draw(name, runs);
        assertThat(runs).allMatch(Run::needsAFifthOfSac).allMatch(Run::needsFewerThanSacWithAsManyUpdates);
    }

    private static void draw(String name, List<Run> runs) {
        LineChart chart =
                LineChart.of("MBPO and SAC, " + name, "mean of " + runs.size() + " seeds", "real steps", "return");
        chart = add(chart, "MBPO", runs.stream().map(Run::mbpo).toList());
        chart = add(chart, "SAC, 1 update", runs.stream().map(Run::sac).toList());
        chart = add(
                chart,
                "SAC with as many updates",
                runs.stream().map(Run::sacSameRatio).toList());
        chart.savePng(Path.of("target", "mbpo", name + ".png"));
        EvaluationCurve.save(
                runs.stream()
                        .flatMap(run -> Stream.of(run.mbpo, run.sac, run.sacSameRatio))
                        .toList(),
                Path.of("target", "mbpo", name + ".csv"));
    }

    private static LineChart add(LineChart chart, String name, List<EvaluationCurve> curves) {
        double[] mean = new double[curves.get(0).means().length];
        Arrays.setAll(
                mean,
                i -> curves.stream()
                        .mapToDouble(curve -> curve.means()[i])
                        .average()
                        .orElseThrow());
        return chart.line(name, curves.get(0).steps(), mean);
    }
}
