package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.report.LineChart;
import io.github.mbrl4j.report.TrainingHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How many real steps each agent needs for the pendulum. Every method trains one agent over seeds that nothing was tuned on and leaves
 * its curves in {@code target/sample-efficiency}; {@link #main} draws the figure of {@code docs/algorithms/mbpo.md} from all files in a
 * directory. Run by {@code mvn -Plearning test -Dtest=SampleEfficiencyTest}, or a method at a time.
 */
@Tag("learning")
class SampleEfficiencyTest {

    private static final Path DIRECTORY = Path.of("target", "sample-efficiency");

    /** Real steps that the model-free rivals may take; the axis of the figure. */
    private static final int STEPS = 10_000;

    /** Updates every 2048 steps and at full learning rate: there are four of them only. */
    private static final PpoConfig FOUR_UPDATES = PpoConfig.defaults()
            .withDiscount(0.95)
            .withValueLearningRate(1e-3)
            .withDivergenceLimit(0.02)
            .withEntropyBonus(0.01);

    @Test
    void policyGradient() {
        assertFarAway(save("policy-gradient", seed -> {
            Agent agent = PolicyGradient.on(new Pendulum())
                    .config(PolicyGradientConfig.defaults().withDiscount(0.95))
                    .seed(seed)
                    .workers(new Workers(1))
                    .build();
            return EvaluationCurve.of(
                    "policy gradient",
                    new Pendulum(),
                    agent,
                    0,
                    STEPS,
                    PolicyGradientConfig.defaults().stepsPerUpdate());
        }));
    }

    @Test
    void ppo() {
        assertFarAway(save("ppo", seed -> {
            Agent agent = Ppo.on(new Pendulum())
                    .config(FOUR_UPDATES)
                    .seed(seed)
                    .workers(new Workers(1))
                    .build();
            return EvaluationCurve.of("PPO", new Pendulum(), agent, 0, 4 * 2048, 2048);
        }));
    }

    @Test
    void sac() {
        assertSolved(save("sac", seed -> MbpoLearningTest.pendulum().sac(seed)));
    }

    @Test
    void sacWithAsManyUpdates() {
        assertSolved(save("sac-40", seed -> MbpoLearningTest.pendulum().sacSameRatio(seed)));
    }

    @Test
    void mbpo() {
        assertSolved(save("mbpo", seed -> MbpoLearningTest.pendulum().mbpo(seed)));
    }

    /** Its trials are its evaluations: a planner does not explore, and evaluations would take hours. */
    @Test
    void pets() {
        PetsConfig config = PetsConfig.defaults()
                .withPlanner(CemConfig.defaults().withHorizon(25).withIterations(5));
        assertSolved(save("pets", seed -> {
            Pets agent = Pets.on(new Pendulum()).config(config).seed(seed).build();
            List<TrainingHistory.Trial> trials = agent.train(10).trials();
            return new EvaluationCurve(
                    "PETS",
                    seed,
                    trials.stream().mapToDouble(TrainingHistory.Trial::envSteps).toArray(),
                    trials.stream()
                            .mapToDouble(TrainingHistory.Trial::totalReward)
                            .toArray());
        }));
    }

    private static List<EvaluationCurve> save(String file, LongFunction<EvaluationCurve> learn) {
        List<EvaluationCurve> curves = new ArrayList<>();
        for (long seed : LearningRun.seeds(111, 115)) {
            curves.add(learn.apply(seed));
        }
        EvaluationCurve.save(curves, DIRECTORY.resolve(file + ".csv"));
        return curves;
    }

    private static void assertSolved(List<EvaluationCurve> curves) {
        assertThat(curves).allMatch(curve -> curve.best() > -200);
    }

    /** These need some hundred thousand steps; whoever finds one here has found a better setting. */
    private static void assertFarAway(List<EvaluationCurve> curves) {
        assertThat(curves).allMatch(curve -> curve.best() < -600);
    }

    /**
     * Draws the mean over seeds of each agent in the CSV files of a directory.
     *
     * @param args the directory, and the picture to write
     */
    public static void main(String... args) throws IOException {
        Map<String, TreeMap<Double, List<Double>>> returns = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(Path.of(args[0]))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".csv")).sorted().toList()) {
                Files.readAllLines(file).stream()
                        .skip(1)
                        .map(line -> line.split(","))
                        .forEach(cells -> returns.computeIfAbsent(cells[0], agent -> new TreeMap<>())
                                .computeIfAbsent(Double.valueOf(cells[2]), steps -> new ArrayList<>())
                                .add(Double.valueOf(cells[3])));
            }
        }
        LineChart chart = LineChart.of(
                "Sample efficiency on the pendulum", "mean return over five seeds", "real steps", "return");
        for (Map.Entry<String, TreeMap<Double, List<Double>>> agent : returns.entrySet()) {
            chart = chart.line(
                    agent.getKey(),
                    agent.getValue().keySet().stream()
                            .mapToDouble(Double::doubleValue)
                            .toArray(),
                    agent.getValue().values().stream()
                            .mapToDouble(SampleEfficiencyTest::mean)
                            .toArray());
        }
        Env env = new Pendulum();
        double random = Evaluation.of(env, Policy.uniform(env.actionSpace()), LearningRun.EPISODES, LearningRun.STARTS)
                .mean();
        chart.line("random", new double[] {0, STEPS}, new double[] {random, random})
                .savePng(Path.of(args[1]));
    }

    private static double mean(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
