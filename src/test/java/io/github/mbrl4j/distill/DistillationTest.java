package io.github.mbrl4j.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.interop.Dl4jNetworks;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.model.NetworkConfig;
import io.github.mbrl4j.policy.ClonedPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class DistillationTest {

    /** A point on a line moves by half its action, which is between −1 and 3. Episodes have 10 steps. */
    static final class Line implements Env {
        static final EnvSpec SPEC = new EnvSpec("Line", 2, ActionSpace.continuous(1, -1, 3), 10);
        private double x;
        private int steps;

        @Override
        public EnvSpec spec() {
            return SPEC;
        }

        @Override
        public double[] reset(RandomGenerator random) {
            x = 4 * random.nextDouble() - 2;
            steps = 0;
            return observation();
        }

        private double[] observation() {
            return new double[] {x, 100 + 10 * x};
        }

        @Override
        public Step step(double[] action) {
            x += 0.5 * action[0];
            return new Step(observation(), -x * x, false, ++steps == 10);
        }
    }

    /** Goes to 0, and remembers what it was told. */
    private static final class Teacher implements Policy {
        final List<String> heard = new ArrayList<>();
        int asked;

        @Override
        public double[] act(double[] observation, RandomGenerator random) {
            asked++;
            return new double[] {wanted(observation[0])};
        }

        static double wanted(double x) {
            return Math.max(-1, Math.min(3, -1.2 * x));
        }

        @Override
        public void overruled(double[] action) {
            heard.add("overruled");
        }

        @Override
        public void reset() {
            heard.add("reset");
        }
    }

    private static final DistillationConfig SMALL = DistillationConfig.defaults()
            .withRounds(3)
            .withLabelsPerRound(200)
            .withNetwork(NetworkConfig.defaults().withHidden(List.of(24, 24)));

    @Test
    void theStudentDoesWhatTheTeacherDoes() {
        ClonedPolicy student = Distillation.of(new Teacher(), new Line())
                .config(SMALL)
                .seed(3)
                .run()
                .student();
        for (double x = -1.5; x <= 1.5; x += 0.25) {
            assertThat(student.act(new double[] {x, 100 + 10 * x}, new SplittableRandom(1))[0])
                    .isCloseTo(Teacher.wanted(x), within(0.25));
        }
    }

    @Test
    void theTeacherIsAskedAtEveryStepAndHearsOfTheStudentsActions() {
        Teacher teacher = new Teacher();
        Distilled distilled = Distillation.of(teacher, new Line())
                .config(SMALL.withRounds(4).withLabelsPerRound(100).withTeacherShare(0.3))
                .run();
        assertThat(teacher.asked).isEqualTo(400);
        assertThat(distilled.rounds()).extracting(Distilled.Round::labels).containsExactly(100, 200, 300, 400);
        assertThat(distilled.rounds().get(3).teacherShare()).isCloseTo(0.027, within(1e-12));
        assertThat(teacher.heard.subList(0, 10))
                .as("the first round is the teacher's own")
                .containsOnly("reset");
        assertThat(teacher.heard.stream().filter("overruled"::equals).count())
                .as("expected 0 + 70 + 91 + 97.3, with a standard deviation of 6")
                .isBetween(234L, 282L);
        assertThat(teacher.heard.stream().filter("reset"::equals).count()).isEqualTo(40 + 1);
    }

    @Test
    void plainCloningNeverLetsTheStudentAct() {
        Teacher teacher = new Teacher();
        Distillation.of(teacher, new Line()).config(SMALL.withTeacherShare(1)).run();
        assertThat(teacher.heard).containsOnly("reset");
    }

    /** What is off 0 grows by two fifths at each step, unless it is held; it falls off beyond ±3. Episodes begin near 0. */
    private static final class Slippery implements Env {
        static final EnvSpec SPEC = new EnvSpec("Slippery", 1, ActionSpace.continuous(1, -5, 5), 50);
        private double x;
        private int steps;

        @Override
        public EnvSpec spec() {
            return SPEC;
        }

        @Override
        public double[] reset(RandomGenerator random) {
            x = 0.1 * random.nextDouble() - 0.05;
            steps = 0;
            return new double[] {x};
        }

        @Override
        public Step step(double[] action) {
            x = 1.4 * x + action[0];
            return new Step(new double[] {x}, 1, Math.abs(x) > 3, ++steps == 50);
        }

        static double[] hold(double[] observation, RandomGenerator random) {
            return new double[] {Math.max(-5, Math.min(5, -1.4 * observation[0] * (1 + Math.abs(observation[0]))))};
        }
    }

    @Test
    void daggerLearnsWhatToDoWhereTheStudentsMistakesLead() {
        DistillationConfig dagger = SMALL.withRounds(8).withLabelsPerRound(50).withTeacherShare(0);
        double[] means = new double[2];
        for (long seed = 1; seed <= 3; seed++) {
            for (int plain = 0; plain < 2; plain++) {
                ClonedPolicy student = Distillation.of(Slippery::hold, new Slippery())
                        .config(dagger.withTeacherShare(plain))
                        .seed(seed)
                        .run()
                        .student();
                means[plain] += Evaluation.of(new Slippery(), student, 10, seed).mean() / 3;
            }
        }
        assertThat(means[0]).as("DAgger never falls off").isEqualTo(50);
        assertThat(means[1]).as("cloning with as many labels does").isLessThan(35);
    }

    @Test
    void equalSeedsGiveEqualStudents() {
        double[] observation = {0.7, 107};
        double[] actions = new double[3];
        for (int i = 0; i < 3; i++) {
            actions[i] = Distillation.of(new Teacher(), new Line())
                    .config(SMALL.withRounds(2).withLabelsPerRound(50))
                    .seed(i / 2)
                    .run()
                    .student()
                    .act(observation, new SplittableRandom(1))[0];
        }
        assertThat(actions[0]).isEqualTo(actions[1]).isNotEqualTo(actions[2]);
    }

    /** The policy as one network: against the policy itself, and, shipped to Deeplearning4j, against our engine. */
    @Test
    void theStudentIsShippedAsOneNetwork() {
        ClonedPolicy student = Distillation.of(new Teacher(), new Line())
                .config(SMALL.withRounds(1))
                .run()
                .student();
        double[][] rows = {{0.7, 107}, {-0.4, 96}, {0.1, 101}};
        MultiLayerNetwork shipped = Dl4jNetworks.toDl4j(student.network());
        try (INDArray output = shipped.output(Batch.ofRows(rows).toINDArray())) {
            for (int row = 0; row < rows.length; row++) {
                double action = student.act(rows[row], new SplittableRandom(1))[0];
                assertThat(Math.max(-1, Math.min(3, output.getDouble(row, 0)))).isCloseTo(action, within(1e-3));
            }
        }
    }

    @Test
    void settingsAreCheckedAndWritten() {
        assertThat(Json.read(Json.write(SMALL), DistillationConfig.class)).isEqualTo(SMALL);
        assertThat(SMALL.labels()).isEqualTo(600);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SMALL.withTeacherShare(1.1))
                .withMessageContaining("teacherShare is 1.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SMALL.withRounds(0))
                .withMessageContaining("rounds is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Distillation.of(new Teacher(), new Line())
                        .config(SMALL.withLabelsPerRound(5))
                        .run())
                .withMessageContaining("expected at least 20");
    }

    @Test
    void theGapIsMeasuredWhereTheStudentGoes() {
        Policy half = (observation, random) -> new double[] {0.5 * Teacher.wanted(observation[0])};
        GapReport gap = GapReport.of(new Teacher(), half, new Line(), 4, 7);
        assertThat(gap.states()).isEqualTo(40);
        assertThat(gap.teacher().mean()).isGreaterThan(gap.student().mean());
        // Half of what is wanted is half of it away, in units of half the range, which is 2.
        for (GapReport.Disagreement d : gap.largest()) {
            double wanted = Teacher.wanted(d.observation().get(0));
            assertThat(d.teacherAction()).containsExactly(wanted);
            assertThat(d.distance()).isCloseTo(Math.abs(wanted) / 4, within(1e-12));
        }
        assertThat(gap.largest()).hasSize(10).isSortedAccordingTo((a, b) -> Double.compare(b.distance(), a.distance()));
        assertThat(gap.distances()).hasSameSizeAs(GapReport.LEVELS).isSorted();
        assertThat(gap.distances().get(5)).isEqualTo(gap.largest().get(0).distance());
        assertThat(Json.read(Json.write(gap), GapReport.class)).isEqualTo(gap);
        assertThat(gap.toString()).contains("teacher  ", "times faster", "are within", "episode, step");
        assertThat(gap.speedUp()).isEqualTo(gap.teacherMicros() / gap.studentMicros());
    }

    @Test
    void distancesAreInUnitsOfHalfTheRange() {
        ActionSpace mixed = ActionSpace.product(ActionSpace.discrete(3), ActionSpace.continuous(1, 0, 10));
        double[] one = {1, 2};
        assertThat(GapReporter.distance(mixed, one, one)).isZero();
        assertThat(GapReporter.distance(mixed, one, new double[] {2, 2})).isCloseTo(Math.sqrt(2), within(1e-12));
        assertThat(GapReporter.distance(mixed, one, new double[] {1, 7})).isCloseTo(1 / Math.sqrt(2), within(1e-12));
        assertThat(GapReporter.distance(mixed, new double[] {0, 0}, new double[] {2, 10}))
                .isEqualTo(2);
    }
}
