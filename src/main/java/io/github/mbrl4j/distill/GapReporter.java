package io.github.mbrl4j.distill;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** Runs teacher and student for a {@link GapReport}. */
final class GapReporter {

    /** States that the report shows. */
    private static final int SHOWN = 10;

    private final Timed teacher;
    private final Timed student;
    private final Env env;

    GapReporter(Policy teacher, Policy student, Env env) {
        this.teacher = new Timed(teacher);
        this.student = new Timed(student);
        this.env = env;
    }

    GapReport report(int episodes, long seed) {
        Evaluation ofTeacher = Evaluation.of(env, teacher, episodes, seed);
        double teacherMicros = teacher.medianMicros();
        // Timed alone, as it is used; the comparison, with the teacher between its decisions, is another run.
        Evaluation ofStudent = Evaluation.of(env, student, episodes, seed);
        double studentMicros = student.medianMicros();
        Comparison comparison = new Comparison();
        Evaluation.of(env, comparison, episodes, seed);
        return new GapReport(
                ofTeacher,
                ofStudent,
                teacherMicros,
                studentMicros,
                comparison.found.size(),
                comparison.quantiles(),
                comparison.largest());
    }

    /** A policy with a stopwatch. */
    private static final class Timed implements Policy {
        private final Policy policy;
        private final List<Long> nanos = new ArrayList<>();

        Timed(Policy policy) {
            this.policy = policy;
        }

        @Override
        public double[] act(double[] observation, RandomGenerator random) {
            long begin = System.nanoTime();
            double[] action = policy.act(observation, random);
            nanos.add(System.nanoTime() - begin);
            return action;
        }

        @Override
        public void reset() {
            policy.reset();
        }

        @Override
        public void overruled(double[] action) {
            policy.overruled(action);
        }

        double medianMicros() {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            return sorted[sorted.length / 2] * 1e-3;
        }
    }

    /** Acts by the student and looks what the teacher would do. */
    private final class Comparison implements Policy {
        private final ActionSpace space = env.spec().actionSpace();
        private final List<GapReport.Disagreement> found = new ArrayList<>();
        private int episode = -1;
        private int step;

        @Override
        public double[] act(double[] observation, RandomGenerator random) {
            double[] wanted = teacher.act(observation, random);
            double[] action = student.act(observation, random);
            teacher.overruled(action);
            found.add(new GapReport.Disagreement(
                    episode, step++, list(observation), list(wanted), list(action), distance(space, wanted, action)));
            return action;
        }

        @Override
        public void reset() {
            episode++;
            step = 0;
            teacher.reset();
            student.reset();
        }

        List<Double> quantiles() {
            double[] sorted = found.stream()
                    .mapToDouble(GapReport.Disagreement::distance)
                    .sorted()
                    .toArray();
            return GapReport.LEVELS.stream()
                    .map(level -> sorted[(int) Math.ceil(level * sorted.length) - 1])
                    .toList();
        }

        List<GapReport.Disagreement> largest() {
            return found.stream()
                    .sorted(Comparator.comparingDouble(GapReport.Disagreement::distance)
                            .reversed())
                    .limit(SHOWN)
                    .toList();
        }
    }

    /** Root mean square over the numbers of an action, each in units of half its range; 2 for another choice. */
    static double distance(ActionSpace space, double[] one, double[] other) {
        double squares = 0;
        int at = 0;
        for (ActionSpace part : space.parts()) {
            for (int i = 0; i < part.size(); i++, at++) {
                double difference = part instanceof ContinuousActions box
                        ? 2 * (one[at] - other[at]) / (box.high(i) - box.low(i))
                        : one[at] == other[at] ? 0 : 2;
                squares += difference * difference;
            }
        }
        return Math.sqrt(squares / at);
    }

    private static List<Double> list(double[] vector) {
        return Arrays.stream(vector).boxed().toList();
    }
}
