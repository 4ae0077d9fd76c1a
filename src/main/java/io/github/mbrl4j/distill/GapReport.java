package io.github.mbrl4j.distill;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.io.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a student loses against its teacher, and what it gains in time.
 *
 * <p>Both act on the same start states. Along the student's episodes the teacher is asked, too, what it would do: that is where
 * their disagreement is measured. A distance is the root mean square over the numbers of an action, in units of half their range, so that
 * 2 is from one bound to the other; a choice that differs counts as 2.
 *
 * <p>Immutable, safe for use by many threads. {@link #toString} is a table for people, {@link Json} writes and reads it.
 *
 * @param teacher returns of the teacher's episodes
 * @param student returns of the student's episodes, from the same starts
 * @param teacherMicros median time of a decision of the teacher, in microseconds, of the machine and its load
 * @param studentMicros the same of the student
 * @param states how many states of the student's episodes were compared
 * @param distances quantiles of their distances at {@link #LEVELS}
 * @param largest the states of the largest distances, the largest first
 */
public record GapReport(
        Evaluation teacher,
        Evaluation student,
        double teacherMicros,
        double studentMicros,
        int states,
        List<Double> distances,
        List<Disagreement> largest) {

    /** The levels of the quantiles: 0.5, 0.75, 0.9, 0.95, 0.99 and 1. */
    public static final List<Double> LEVELS = List.of(0.5, 0.75, 0.9, 0.95, 0.99, 1.0);

    /**
     * A state where the two disagree.
     *
     * @param episode number of the student's episode, from 0
     * @param step within it, from 0
     * @param observation what was seen [O]
     * @param teacherAction what the teacher would have done [A]
     * @param studentAction what the student did [A]
     * @param distance how far these are apart, 0 to 2
     */
    public record Disagreement(
            int episode,
            int step,
            List<Double> observation,
            List<Double> teacherAction,
            List<Double> studentAction,
            double distance) {

        /** Copies the lists. */
        public Disagreement {
            observation = List.copyOf(observation);
            teacherAction = List.copyOf(teacherAction);
            studentAction = List.copyOf(studentAction);
        }
    }

    /** Copies the lists. */
    public GapReport {
        distances = List.copyOf(distances);
        largest = List.copyOf(largest);
    }

    /**
     * Runs both and compares them. The teacher decides in its own episodes and at each step of the student's.
     *
     * @param teacher the slow policy
     * @param student the fast one; decisions of it alone are timed, one at a time
     * @param env where both act
     * @param episodes of each, at least 2
     * @param seed of these episodes
     * @return the report
     * @throws io.github.mbrl4j.core.EnvException if the environment throws or breaks its contract
     * @throws IllegalStateException if one of them returns an action that cannot be executed
     * @throws IllegalArgumentException if there are fewer than 2 episodes
     */
    public static GapReport of(Policy teacher, Policy student, Env env, int episodes, long seed) {
        return new GapReporter(teacher, student, env).report(episodes, seed);
    }

    /**
     * How many times faster the student decides.
     *
     * @return the teacher's time over the student's
     */
    public double speedUp() {
        return teacherMicros / studentMicros;
    }

    /**
     * Saves {@code gap-report.txt}, the table, and {@code gap-report.json}, every figure. Files that are there are replaced.
     *
     * @param directory where; made if it is missing
     * @throws UncheckedIOException if a file cannot be written, naming the path
     */
    public void save(Path directory) {
        try {
            Files.createDirectories(directory);
            WholeFile.write(directory.resolve("gap-report.txt"), toString());
            WholeFile.write(directory.resolve("gap-report.json"), Json.write(this) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot save the gap report to " + directory + ": " + e, e);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        line(text, "         return                              a decision");
        line(text, "teacher  %-34s  %,.1f µs", teacher, teacherMicros);
        line(text, "student  %-34s  %,.1f µs, %,.0f times faster", student, studentMicros, speedUp());
        line(text, "");
        line(text, "distance of their actions in %,d states of the student (2 is from bound to bound):", states);
        for (int i = 0; i < LEVELS.size(); i++) {
            line(text, "%4.0f %% are within %.3f", 100 * LEVELS.get(i), distances.get(i));
        }
        line(text, "");
        line(text, "episode, step: distance, teacher, student, state; where they disagree most");
        for (Disagreement d : largest) {
            line(
                    text,
                    "%d, %d: %.2f, %s, %s, %s",
                    d.episode(),
                    d.step(),
                    d.distance(),
                    numbers(d.teacherAction()),
                    numbers(d.studentAction()),
                    numbers(d.observation()));
        }
        return text.toString();
    }

    private static String numbers(List<Double> vector) {
        return vector.stream()
                .map(number -> String.format(Locale.ROOT, "%.3g", number))
                .toList()
                .toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
