package io.github.mbrl4j.docs;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.data.EpisodeSplit;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.CsvLog;
import io.github.mbrl4j.io.DataReport;
import io.github.mbrl4j.io.Finding;
import io.github.mbrl4j.io.LogChecks;
import io.github.mbrl4j.io.LogColumns;
import io.github.mbrl4j.io.LoggedData;
import io.github.mbrl4j.io.NpyArray;
import io.github.mbrl4j.io.Npz;
import io.github.mbrl4j.io.NpzLog;
import io.github.mbrl4j.model.TrainableDynamics;
import io.github.mbrl4j.nn.Adam;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.report.DataSummary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The code of the pages on data files and checkpoints. */
final class DataSnippets {

    private DataSnippets() {}

    static void csv(TrainableDynamics dynamics, RandomGenerator random) {
        LogColumns columns = LogColumns.of(List.of("angle", "speed"), List.of("torque"))
                .withReward("reward")
                .withEpisode("run")
                .withTime("seconds");
        LoggedData log = CsvLog.of(columns).read(Path.of("plant.csv"));
        EpisodeSplit split = EpisodeSplit.of(log.data(), 0.2, random);
        dynamics.fit(split.train(), random);
    }

    static DataReport forgiving(LogColumns columns) {
        LogChecks checks = LogChecks.forgiving()
                .withActionSpace(ActionSpace.continuous(1, -2, 2))
                .withTimeStep(0.02);
        LoggedData log = CsvLog.of(columns).withChecks(checks).read(Path.of("plant.csv"));
        DataReport report = log.report();
        for (Finding finding : report.findings()) {
            show(finding.row(), finding.column(), finding.problem());
        }
        return report;
    }

    private static void show(long row, String column, String problem) {}

    static double[][] states() {
        LogColumns columns = LogColumns.ofStates(List.of("angle", "speed")).withEpisode("run");
        List<double[][]> episodes =
                CsvLog.of(columns).readStates(Path.of("plant.csv")).episodes();
        return episodes.get(0);
    }

    static void npz(ReplayBuffer data) {
        NpzLog.write(Path.of("data.npz"), data);
        ReplayBuffer same = NpzLog.d4rl().read(Path.of("data.npz")).data();
    }

    static void csvOut(ReplayBuffer data) {
        CsvLog log = CsvLog.of(
                LogColumns.of(List.of("angle", "speed"), List.of("torque")).complete());
        log.write(Path.of("data.csv"), data);
        ReplayBuffer same = log.read(Path.of("data.csv")).data();
    }

    static void summary(LoggedData log, LogColumns columns) {
        DataSummary summary = DataSummary.of(log, columns);
        summary.savePng(Path.of("data.png"));
    }

    static void arrays(float[] numbers) {
        Npz.write(Path.of("arrays.npz"), Map.of("weights", NpyArray.of(numbers, 2, 3)));
        float[] same = Npz.read(Path.of("arrays.npz")).get("weights").floats();
    }

    record Progress(int trial, long steps) {}

    static void save(Mlp network, Adam adam, Normalizer normalizer, ReplayBuffer data) {
        CheckpointWriter writer = new CheckpointWriter("my-agent", 7);
        writer.put("progress", new Progress(5, 1200));
        writer.put("temperature", new double[] {0.1}, 1);
        CheckpointParts.put(writer.at("network"), network);
        CheckpointParts.put(writer.at("adam"), adam);
        CheckpointParts.put(writer.at("inputs"), normalizer);
        CheckpointParts.put(writer.at("data"), data);
        writer.save(Path.of("agent.zip"));
    }

    static ReplayBuffer load(Mlp network, Adam adam) {
        try (CheckpointReader reader = CheckpointReader.open(Path.of("agent.zip"), "my-agent")) {
            Progress progress = reader.record("progress", Progress.class);
            double temperature = reader.doubles("temperature", 1)[0];
            CheckpointParts.restore(reader.at("network"), network);
            CheckpointParts.restore(reader.at("adam"), adam);
            Normalizer normalizer = CheckpointParts.normalizer(reader.at("inputs"), 4);
            ReplayBuffer data = CheckpointParts.replayBuffer(reader.at("data"));
            reader.requireAllRead();
            return data;
        }
    }
}
