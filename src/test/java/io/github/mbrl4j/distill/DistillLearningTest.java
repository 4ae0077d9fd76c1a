package io.github.mbrl4j.distill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.control.MpcOptions;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.policy.ClonedPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A small network does as well as the PETS controller that it was distilled from, in a hundredth of its time, over seeds that nothing
 * was tuned on. How DAgger compares with plain cloning at as many labels is printed and not asserted: here the teacher's own
 * episodes show nearly enough. Prints every figure:
 * the tables of {@code docs/algorithms/distillation.md}. Run by {@code mvn -Plearning test -Dtest=DistillLearningTest}.
 */
@Tag("learning")
class DistillLearningTest {

    private static final int EPISODES = 20;
    private static final Workers ALONE = new Workers(1);

    /** A task, how long PETS learns it, how it is distilled, and how many episodes the teacher is judged by. */
    private record Task(
            Supplier<Env> env, PetsConfig pets, int trials, DistillationConfig distillation, int teacherEpisodes) {

        Run run(long seed) {
            Env world = env.get();
            Pets teacher = Pets.on(world).config(pets).seed(seed).workers(ALONE).build();
            teacher.train(trials);
            Distilled dagger = Distillation.of(teacher, world)
                    .nextTeacher(student -> controller(teacher, world, student))
                    .config(distillation)
                    .seed(seed)
                    .run();
            Distilled cloned = Distillation.of(teacher, world)
                    .config(distillation.withTeacherShare(1))
                    .seed(seed)
                    .run();
            GapReport gap = GapReport.of(teacher, dagger.student(), world, teacherEpisodes, seed);
            Run run = new Run(seed, gap, returns(dagger, world, seed), returns(cloned, world, seed));
            run.print(world.spec().name());
            return run;
        }

        private MpcController controller(Pets teacher, Env world, ClonedPolicy student) {
            MpcOptions options = MpcOptions.defaults()
                    .withRollouts(pets.rollouts())
                    .withWorkers(ALONE)
                    .withProposals(student);
            return new MpcController(new Cem(pets.planner()), WorldModel.of(teacher.dynamics(), world), options);
        }
    }

    private static List<Double> returns(Distilled distilled, Env env, long seed) {
        return distilled.rounds().stream()
                .map(round ->
                        Evaluation.of(env, round.student(), EPISODES, seed).mean())
                .toList();
    }

    /** What came of a seed; the lists have the mean returns of the students of all rounds. */
    private record Run(long seed, GapReport gap, List<Double> dagger, List<Double> cloned) {

        void print(String name) {
            System.out.printf(
                    Locale.ROOT,
                    "%s seed %d: teacher %s, student %s on the same starts; %.0f and %.2f µs; DAgger %s; cloning %s%n%s%n",
                    name,
                    seed,
                    gap.teacher(),
                    gap.student(),
                    gap.teacherMicros(),
                    gap.studentMicros(),
                    rounded(dagger),
                    rounded(cloned),
                    gap);
        }

        private static String rounded(List<Double> returns) {
            return returns.stream()
                    .map(r -> String.format(Locale.ROOT, "%.1f", r))
                    .collect(Collectors.joining(", "));
        }

        /** At least 95 % of the teacher's return; where returns are negative, 0 being the best, a distance of at most 1/0.95. */
        boolean isAsGoodAsTheTeacher() {
            double teacher = gap.teacher().mean();
            return gap.student().mean() >= (teacher > 0 ? 0.95 * teacher : teacher / 0.95);
        }
    }

    @Test
    void balancesTheCartPole() {
        DistillationConfig few = DistillationConfig.defaults().withRounds(4).withLabelsPerRound(100);
        run(new Task(CartPole::new, PetsConfig.defaults(), 2, few, 4), 21);
    }

    @Test
    void swingsUpThePendulum() {
        PetsConfig pets = PetsConfig.defaults()
                .withPlanner(CemConfig.defaults().withHorizon(25).withIterations(5))
                .withRollouts(PetsConfig.defaults().rollouts().withParticles(1));
        run(new Task(Pendulum::new, pets, 5, DistillationConfig.defaults().withRounds(6), 10), 116);
    }

    /** Students are as good as their teachers; prints how DAgger compares with cloning, by {@link #laterHalf}. */
    private static void run(Task task, long firstSeed) {
        List<Run> runs = new ArrayList<>();
        for (long seed = firstSeed; seed < firstSeed + 5; seed++) {
            runs.add(task.run(seed));
        }
        assertThat(runs)
                .allMatch(Run::isAsGoodAsTheTeacher)
                .allMatch(run -> run.gap().speedUp() >= 100);
        double dagger = mean(runs, run -> laterHalf(run.dagger()));
        double cloned = mean(runs, run -> laterHalf(run.cloned()));
        System.out.printf(
                Locale.ROOT, "mean of the later half of the rounds: DAgger %.1f, cloning %.1f%n", dagger, cloned);
    }

    /** The mean over the later half of the rounds; the first is the same for both, and the last alone would be a matter of luck. */
    private static double laterHalf(List<Double> returns) {
        return returns.subList(returns.size() / 2, returns.size()).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
    }

    private static double mean(List<Run> runs, ToDoubleFunction<Run> figure) {
        return runs.stream().mapToDouble(figure).average().orElseThrow();
    }
}
