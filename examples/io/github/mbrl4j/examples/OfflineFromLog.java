package io.github.mbrl4j.examples;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.control.MpcOptions;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.EpisodeSplit;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.io.CsvLog;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.io.LogChecks;
import io.github.mbrl4j.io.LogColumns;
import io.github.mbrl4j.io.LoggedData;
import io.github.mbrl4j.io.WholeFile;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.report.DataSummary;
import io.github.mbrl4j.report.ModelReport;
import io.github.mbrl4j.report.ModelReportConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * From a log to a controller: reads a CSV file, checks it, shows what it holds, fits a model of dynamics and reward to some of its
 * episodes, reports how far it can be trusted on the others, and plans with it. Without a file it writes one, of a pendulum that was moved at
 * random, and tries the controller on that pendulum.
 */
public final class OfflineFromLog {

    private static final String USAGE = """
            OfflineFromLog: from a CSV log to a model, its error and a controller. Options:
              --csv FILE            the log; without it one of a pendulum is written and used
              --observations NAMES  columns of the observation (cos,sin,speed)
              --actions NAMES       columns of the action (torque)
              --reward NAME         column of the reward (reward)
              --episode NAME        column that tells episodes apart (episode)
              --time NAME           column of the time (time)
              --seed N              seed of all random numbers (1)
              --threads N           threads to fit and plan on, without influence on the result (all processors)
              --quick               a smoke run of seconds that learns nothing
            """;

    private static final double HELD_OUT = 0.2;
    private static final int DEMO_EPISODES = 20;
    private static final double DEMO_TIME_STEP = 0.05;

    private final Arguments arguments;
    private final RandomStreams streams;
    private final Workers workers;
    private final Path directory;
    private final LogColumns columns;

    private OfflineFromLog(Arguments arguments) {
        this.arguments = arguments;
        this.streams = RandomStreams.of(arguments.seed());
        this.workers = arguments.workers();
        this.directory = arguments.directory("offline-from-log");
        this.columns = LogColumns.of(names("--observations", "cos,sin,speed"), names("--actions", "torque"))
                .withReward(arguments.text("--reward", "reward"))
                .withEpisode(arguments.text("--episode", "episode"))
                .withTime(arguments.text("--time", "time"));
    }

    private List<String> names(String option, String otherwise) {
        return List.of(arguments.text(option, otherwise).split(","));
    }

    /**
     * Runs the example.
     *
     * @param args see {@code USAGE}
     */
    public static void main(String... args) {
        new OfflineFromLog(Arguments.parse(USAGE, args)).run();
    }

    private void run() {
        boolean demo = arguments.text("--csv", "").isEmpty();
        Path csv = demo ? writeDemo() : Path.of(arguments.text("--csv", ""));

        LoggedData log = CsvLog.of(columns).withChecks(LogChecks.forgiving()).read(csv);
        DataSummary summary = DataSummary.of(log, columns);
        System.err.println(summary);
        summary.savePng(directory.resolve("data.png"));

        EpisodeSplit split = EpisodeSplit.of(log.data(), HELD_OUT, streams.stream("split"));
        EnsembleDynamics dynamics =
                new EnsembleDynamics(spec(summary), ensemble(), ObservationTransform.IDENTITY, workers);
        dynamics.fit(split.train(), streams.stream("fit"));
        Errors errors = Errors.of(dynamics, split.validation());
        System.err.println(errors.table(columns));
        ModelReportConfig depth = ModelReportConfig.defaults().withSteps(arguments.quick() ? 5 : 50);
        ModelReport report = ModelReport.of(dynamics, split.validation(), depth, split.train(), workers);
        System.err.println(report);
        report.save(directory);

        MpcController controller = new MpcController(
                new Cem(planner()),
                WorldModel.of(dynamics),
                MpcOptions.defaults().withWorkers(workers));
        double[] action =
                controller.act(split.validation().transition(0).observation(), streams.stream("first action"));
        double[] returns = demo ? returns(new Pendulum(), controller) : new double[0];
        System.out.println(Json.writeLine(new Result(
                "offline-from-log",
                arguments.seed(),
                log.report().rows(),
                log.report().transitions(),
                log.report().episodes(),
                log.report().droppedRows(),
                errors.heldOut(),
                errors.withoutModel(),
                errors.reward(),
                report.planningHorizon().steps(),
                action,
                returns)));
    }

    /** A log as a data logger writes it: a row for each step, and one for the state in which an episode ends. */
    private Path writeDemo() {
        Env env = new Pendulum();
        ReplayBuffer data = Episodes.collect(
                env, Policy.uniform(env.actionSpace()), arguments.quick() ? 3 : DEMO_EPISODES, streams.stream("demo"));
        StringBuilder csv = new StringBuilder("time,episode,cos,sin,speed,torque,reward\n");
        int episode = 0;
        for (int i = 0, step = 0; i < data.size(); i++, step++) {
            Transition t = data.transition(i);
            episode += t.first() ? 1 : 0;
            step = t.first() ? 0 : step;
            appendRow(csv, step, episode, t.observation(), t.action()[0] + "," + t.reward());
            if (t.truncated() || t.terminated()) {
                appendRow(csv, step + 1, episode, t.next(), ",");
            }
        }
        Path file = directory.resolve("pendulum.csv");
        try {
            Files.createDirectories(directory);
            WholeFile.write(file, csv.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return file;
    }

    private static void appendRow(StringBuilder csv, int step, int episode, double[] observation, String rest) {
        csv.append(step * DEMO_TIME_STEP).append(',').append(episode);
        for (double number : observation) {
            csv.append(',').append(number);
        }
        csv.append(',').append(rest).append('\n');
    }

    /** What the log says of the plant: actions are allowed within what was seen of them. */
    private EnvSpec spec(DataSummary summary) {
        int observationSize = columns.observations().size();
        List<DataSummary.Column> actions = summary.columns()
                .subList(observationSize, observationSize + columns.actions().size());
        double[] low = actions.stream().mapToDouble(DataSummary.Column::min).toArray();
        double[] high = actions.stream().mapToDouble(DataSummary.Column::max).toArray();
        int longest = (int) summary.lengths().max();
        return new EnvSpec("log", observationSize, ActionSpace.continuous(low, high), longest);
    }

    private EnsembleConfig ensemble() {
        EnsembleConfig config = arguments.quick() ? Smoke.PETS.ensemble() : EnsembleConfig.defaults();
        return config.withLearnedReward(true);
    }

    private CemConfig planner() {
        return arguments.quick()
                ? Smoke.PETS.planner()
                : CemConfig.defaults().withHorizon(25).withIterations(5);
    }

    private double[] returns(Env env, Policy controller) {
        return IntStream.range(0, arguments.quick() ? 1 : 5)
                .mapToDouble(i -> {
                    Episode episode = Episodes.run(env, controller, streams.stream("evaluation", i));
                    System.err.printf("Episode %d with the controller: return %.1f%n", i + 1, episode.totalReward());
                    return episode.totalReward();
                })
                .toArray();
    }

    /**
     * Root mean square errors one step ahead, on episodes that the model has not seen.
     *
     * @param heldOut of the model, for each column of the observation
     * @param withoutModel of the guess that nothing changes
     * @param reward of the model's reward
     */
    private record Errors(double[] heldOut, double[] withoutModel, double reward) {

        static Errors of(EnsembleDynamics dynamics, ReplayBuffer validation) {
            Transitions rows = validation.all();
            Batch next = new Batch(rows.size(), dynamics.stateSize());
            float[] rewards = new float[rows.size()];
            dynamics.predict(rows.observations(), rows.actions(), next, rewards);
            return new Errors(
                    errors(next, rows.next()),
                    errors(rows.observations(), rows.next()),
                    errors(Batch.wrap(rewards, rows.size(), 1), Batch.wrap(rows.rewards(), rows.size(), 1))[0]);
        }

        private static double[] errors(Batch predicted, Batch real) {
            double[] errors = new double[real.columns()];
            for (int c = 0; c < errors.length; c++) {
                for (int row = 0; row < real.rows(); row++) {
                    double error = predicted.get(row, c) - real.get(row, c);
                    errors[c] += error * error / real.rows();
                }
                errors[c] = Math.sqrt(errors[c]);
            }
            return errors;
        }

        String table(LogColumns columns) {
            StringBuilder table = new StringBuilder("Error one step ahead on held-out episodes (root mean square):\n");
            for (int c = 0; c < heldOut.length; c++) {
                table.append("  %s: %.4g (%.4g if nothing changed)%n"
                        .formatted(columns.observations().get(c), heldOut[c], withoutModel[c]));
            }
            return table.append("  %s: %.4g%n".formatted(columns.reward(), reward))
                    .toString();
        }
    }

    /** The last line on standard output, as JSON. */
    private record Result(
            String example,
            long seed,
            long rows,
            int transitions,
            int episodes,
            long droppedRows,
            double[] heldOutErrors,
            double[] errorsWithoutModel,
            double rewardError,
            int planningHorizon,
            double[] firstAction,
            double[] returns) {}
}
