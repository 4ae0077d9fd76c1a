package io.github.mbrl4j.examples;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.control.MpcOptions;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.distill.Distillation;
import io.github.mbrl4j.distill.DistillationConfig;
import io.github.mbrl4j.distill.Distilled;
import io.github.mbrl4j.distill.GapReport;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.interop.Dl4jNetworks;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.policy.ClonedPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.deeplearning4j.util.ModelSerializer;

/**
 * PETS learns to plan, and a small network learns to do what it plans: as well, in a fraction of the time. Saves the gap between both,
 * and the network for Deeplearning4j.
 */
public final class DistillPlanner {

    private static final String USAGE = """
            DistillPlanner: distils the PETS controller of a cart-pole into a small network. Options:
              --seed N       seed of all random numbers (1)
              --trials N     episodes that PETS learns from (3; 6 with --pendulum)
              --pendulum     swing up a pendulum instead, some minutes in all
              --threads N    threads to plan on, without influence on what is learned (all processors)
              --quick        a smoke run of seconds that learns nothing
            """;

    private final Arguments arguments;
    private final Env env;
    private final PetsConfig config;

    private DistillPlanner(Arguments arguments, Env env, PetsConfig config) {
        this.arguments = arguments;
        this.env = env;
        this.config = config;
    }

    /**
     * Runs the example.
     *
     * @param args see {@code USAGE}
     */
    public static void main(String... args) {
        Arguments arguments = Arguments.parse(USAGE, args);
        boolean pendulum = arguments.has("--pendulum");
        PetsConfig usual = PetsConfig.defaults();
        PetsConfig config = pendulum
                ? usual.withPlanner(CemConfig.defaults().withHorizon(25).withIterations(5))
                        .withRollouts(usual.rollouts().withParticles(1))
                : usual;
        new DistillPlanner(
                        arguments, pendulum ? new Pendulum() : new CartPole(), arguments.quick() ? Smoke.PETS : config)
                .run(pendulum ? 6 : 3);
    }

    private void run(int trials) {
        Pets teacher = Pets.on(env)
                .config(config)
                .seed(arguments.seed())
                .workers(arguments.workers())
                .build();
        System.err.println(teacher.train(arguments.trials(trials)));
        Distilled distilled = Distillation.of(teacher, env)
                .nextTeacher(student -> controller(teacher, student))
                .config(distillation())
                .seed(arguments.seed())
                .run();
        ClonedPolicy student = distilled.student();
        GapReport gap = GapReport.of(teacher, student, env, arguments.quick() ? 2 : 5, arguments.seed());
        System.err.println(gap);
        Path directory = arguments.directory("distill");
        gap.save(directory);
        ship(student, directory.resolve("student.zip"));
        System.err.println("The report and the network are in " + directory.toAbsolutePath());
        System.out.println(Json.writeLine(new Result(
                "distill",
                arguments.seed(),
                gap.teacher().mean(),
                gap.student().mean(),
                gap.teacherMicros(),
                gap.studentMicros())));
    }

    /** Writes the student as a network that Deeplearning4j reads without this library. */
    private static void ship(ClonedPolicy student, Path file) {
        try {
            ModelSerializer.writeModel(Dl4jNetworks.toDl4j(student.network()), file.toFile(), false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot save the network to " + file + ": " + e, e);
        }
    }

    private DistillationConfig distillation() {
        DistillationConfig usual = DistillationConfig.defaults().withRounds(6);
        return arguments.quick() ? usual.withRounds(2).withLabelsPerRound(40) : usual;
    }

    /** The same planner and model, to which the student proposes. */
    private MpcController controller(Pets teacher, ClonedPolicy student) {
        MpcOptions options = MpcOptions.defaults()
                .withRollouts(config.rollouts())
                .withWorkers(arguments.workers())
                .withProposals(student);
        return new MpcController(new Cem(config.planner()), WorldModel.of(teacher.dynamics(), env), options);
    }

    /** The last line on standard output, as JSON. */
    private record Result(
            String example,
            long seed,
            double teacherReturn,
            double studentReturn,
            double teacherMicros,
            double studentMicros) {}
}
