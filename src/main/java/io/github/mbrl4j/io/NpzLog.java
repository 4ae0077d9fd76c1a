package io.github.mbrl4j.io;

import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.io.Finding.Kind;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A log as a {@code .npz} file with the arrays of D4RL (Fu et al. 2020, arXiv 2004.07219): {@code observations} [N, O] and
 * {@code actions} [N, A]; optional are {@code rewards} [N], {@code next_observations} [N, O], {@code terminals} [N],
 * {@code timeouts} [N], and beyond D4RL {@code episodes} [N], a number that changes from one episode to the next. Any of the types of
 * {@link NpyArray} will do; arrays of other names are ignored.
 *
 * <p>Without {@code next_observations} the next state is the next row of the same episode, as in {@link LogColumns}. Transitions are
 * kept as float32, so that float64 is rounded; what a {@link ReplayBuffer} holds comes back from a file exactly.
 *
 * <p>Safe for use by many threads.
 */
public final class NpzLog {

    private static final String OBSERVATIONS = "observations";
    private static final String ACTIONS = "actions";
    private static final String REWARDS = "rewards";
    private static final String NEXT = "next_observations";
    private static final String TERMINALS = "terminals";
    private static final String TIMEOUTS = "timeouts";
    private static final String EPISODES = "episodes";
    private static final Set<String> NAMES =
            Set.of(OBSERVATIONS, ACTIONS, REWARDS, NEXT, TERMINALS, TIMEOUTS, EPISODES);

    private final LogChecks checks;
    private final ReadLimits limits;

    private NpzLog(LogChecks checks, ReadLimits limits) {
        this.checks = checks;
        this.limits = limits;
    }

    /**
     * A log that is read strictly and within the default limits.
     *
     * @return the log
     */
    public static NpzLog d4rl() {
        return new NpzLog(LogChecks.strict(), ReadLimits.defaults());
    }

    /**
     * The same with other checks.
     *
     * @param value how strictly to read
     * @return the changed copy
     */
    public NpzLog withChecks(LogChecks value) {
        return new NpzLog(value, limits);
    }

    /**
     * The same with other limits.
     *
     * @param value how much a file may ask for
     * @return the changed copy
     */
    public NpzLog withLimits(ReadLimits value) {
        return new NpzLog(checks, value);
    }

    /**
     * Reads transitions. Without {@code rewards} they are 0.
     *
     * @param file the file
     * @return the transitions and what became of the rows
     * @throws UnreadableFileException if the file cannot be read, has not the arrays, or, read strictly, something is found; the
     *     message says what and in which row
     */
    public LoggedData read(Path file) {
        return Reading.from(file, () -> {
            Rows rows = open(file, true);
            LogSinks.Transitions sink = new LogSinks.Transitions(rows.columns);
            return new LoggedData(sink.data(), rows.assemble(sink));
        });
    }

    /**
     * Reads the states alone, of a log with or without actions.
     *
     * @param file the file
     * @return the states of each episode and what became of the rows
     * @throws UnreadableFileException as {@link #read} throws
     */
    public LoggedStates readStates(Path file) {
        return Reading.from(file, () -> {
            Rows rows = open(file, false);
            LogSinks.States sink = new LogSinks.States();
            DataReport report = rows.assemble(sink);
            return new LoggedStates(sink.episodes(), report);
        });
    }

    private Rows open(Path file, boolean actions) throws FormatException {
        List<String> ignored = new ArrayList<>();
        Map<String, NpyArray> arrays = Npz.read(file, limits, name -> {
            boolean wanted = NAMES.contains(name) && (actions || !(name.equals(ACTIONS) || name.equals(NEXT)));
            if (!wanted) {
                ignored.add(name);
            }
            return wanted;
        });
        for (String name : actions ? List.of(OBSERVATIONS, ACTIONS) : List.of(OBSERVATIONS)) {
            FormatException.unless(
                    arrays.containsKey(name),
                    "it has no array %s; what is there: %s",
                    name,
                    String.join(", ", arrays.keySet()) + (ignored.isEmpty() ? "" : ", " + String.join(", ", ignored)));
        }
        return new Rows(arrays, ignored);
    }

    /**
     * Writes transitions, oldest first, replacing the file that may be there as a whole or not at all. All seven arrays are written,
     * and {@link #read} reads them back exactly, bit for bit. (If the buffer was full and has lost the beginning of its oldest
     * episode, what is left of it comes back as an episode of its own.)
     *
     * @param file where; its directory exists
     * @param data the transitions, not modified
     * @throws UncheckedIOException if the file cannot be written; the old one is still there then
     */
    public static void write(Path file, ReplayBuffer data) {
        Transitions all = data.all();
        int n = all.size();
        int[] episodes = new int[n];
        for (int start : data.episodeStarts()) {
            episodes[start] = 1;
        }
        Arrays.parallelPrefix(episodes, Integer::sum);
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put(OBSERVATIONS, NpyArray.of(all.observations().array(), n, data.observationSize()));
        arrays.put(ACTIONS, NpyArray.of(all.actions().array(), n, data.actionSize()));
        arrays.put(REWARDS, NpyArray.of(all.rewards(), n));
        arrays.put(NEXT, NpyArray.of(all.next().array(), n, data.observationSize()));
        arrays.put(TERMINALS, NpyArray.of(all.terminated(), n));
        arrays.put(TIMEOUTS, NpyArray.of(data.truncated(), n));
        arrays.put(EPISODES, NpyArray.of(episodes, n));
        Npz.write(file, arrays);
    }

    /** The arrays of a file, read row by row. */
    private final class Rows {
        private final LogColumns columns;
        private final List<String> ignored;
        private final int size;
        private final NpyArray observations;
        private final @Nullable NpyArray actions;
        private final @Nullable NpyArray next;
        private final @Nullable NpyArray rewards;
        private final @Nullable NpyArray terminals;
        private final @Nullable NpyArray timeouts;
        private final @Nullable NpyArray episodes;

        Rows(Map<String, NpyArray> arrays, List<String> ignored) throws FormatException {
            this.ignored = ignored;
            this.observations = Objects.requireNonNull(arrays.get(OBSERVATIONS));
            this.size = rows(observations);
            this.actions = checked(ACTIONS, arrays, 0);
            this.next = checked(NEXT, arrays, width(observations));
            this.rewards = checked(REWARDS, arrays, 1);
            this.terminals = checked(TERMINALS, arrays, 1);
            this.timeouts = checked(TIMEOUTS, arrays, 1);
            this.episodes = checked(EPISODES, arrays, 1);
            this.columns = new LogColumns(
                    named(OBSERVATIONS, observations),
                    named(ACTIONS, actions),
                    named(NEXT, next),
                    rewards == null ? null : REWARDS,
                    terminals == null ? null : TERMINALS,
                    timeouts == null ? null : TIMEOUTS,
                    episodes == null ? null : EPISODES,
                    null);
        }

        private int rows(NpyArray array) throws FormatException {
            int[] shape = array.shape();
            FormatException.unless(
                    (shape.length == 1 || shape.length == 2) && shape[0] >= 1 && width(array) >= 1,
                    "observations has the shape %s, expected (N, O) with at least one row and column",
                    NpyArray.shapeText(shape));
            return shape[0];
        }

        private @Nullable NpyArray checked(String name, Map<String, NpyArray> arrays, int width)
                throws FormatException {
            NpyArray array = arrays.get(name);
            if (array != null) {
                int[] shape = array.shape();
                FormatException.unless(
                        (shape.length == 1 || shape.length == 2)
                                && shape[0] == size
                                && width(array) >= 1
                                && (width == 0 || width(array) == width),
                        "%s has the shape %s, expected (%d, %s)",
                        name,
                        NpyArray.shapeText(shape),
                        size,
                        width == 0 ? "A" : width);
            }
            return array;
        }

        private int width(NpyArray array) {
            int[] shape = array.shape();
            return shape.length == 1 ? 1 : shape[1];
        }

        private List<String> named(String name, @Nullable NpyArray array) {
            return array == null
                    ? List.of()
                    : IntStream.range(0, width(array))
                            .mapToObj(i -> name + "[" + i + "]")
                            .toList();
        }

        DataReport assemble(LogAssembly.Sink sink) throws FormatException {
            LogAssembly assembly = new LogAssembly(columns, checks, sink);
            for (int i = 0; i < size; i++) {
                try {
                    assembly.add(row(i));
                } catch (LogRow.Bad bad) {
                    assembly.drop(bad);
                }
            }
            return assembly.finish(ignored);
        }

        private LogRow row(int i) throws LogRow.Bad {
            return new LogRow(
                    i,
                    vector(OBSERVATIONS, observations, i),
                    actions == null ? null : vector(ACTIONS, actions, i),
                    rewards == null ? 0 : LogRow.requireFinite(rewards.number(i), i, REWARDS),
                    next == null ? null : vector(NEXT, next, i),
                    terminals != null && truth(TERMINALS, terminals, i),
                    timeouts != null && truth(TIMEOUTS, timeouts, i),
                    episodes == null ? "" : episode(episodes, i),
                    Double.NaN);
        }

        private double[] vector(String name, NpyArray array, int i) throws LogRow.Bad {
            int width = width(array);
            double[] vector = new double[width];
            for (int j = 0; j < width; j++) {
                double value = array.number(i * width + j);
                boolean fine = Float.isFinite((float) value);
                vector[j] = fine ? value : LogRow.requireFinite(value, i, name + "[" + j + "]");
            }
            return vector;
        }

        private boolean truth(String name, NpyArray array, int i) throws LogRow.Bad {
            double value = array.number(i);
            if (value != 0 && value != 1) {
                throw new LogRow.Bad(Kind.NOT_A_NUMBER, i, name, "it is " + value + ", expected 0, 1, False or True");
            }
            return value == 1;
        }

        private String episode(NpyArray array, int i) {
            return array.type() == NpyArray.Type.INT64
                    ? String.valueOf(array.longs()[i])
                    : String.valueOf(array.number(i));
        }
    }
}
