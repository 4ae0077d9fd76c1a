package io.github.mbrl4j.distill;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.policy.BehaviourCloning;
import io.github.mbrl4j.policy.ClonedPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Makes a small, fast policy of a slow one, a controller that plans for example: DAgger (Ross, Gordon and Bagnell 2011, arXiv
 * 1011.0686, algorithm 3.1).
 *
 * <p>Act by a mixture of teacher and student, ask the teacher at every step what it would do, append that to the data, and train
 * the student on all of them; again, with the better student. So the student also learns what to do where its own mistakes lead, which
 * episodes of the teacher never show. {@code docs/algorithms/distillation.md} tells the details and where this differs from the paper.
 *
 * <p>For one thread at a time. Equal seeds and equal teachers give equal students.
 */
public final class Distillation {

    private final Policy teacher;
    private final Env env;
    private Function<ClonedPolicy, Policy> nextTeacher;
    private DistillationConfig config = DistillationConfig.defaults();
    private long seed;

    private Distillation(Policy teacher, Env env) {
        this.teacher = Objects.requireNonNull(teacher, "teacher");
        nextTeacher = student -> teacher;
        this.env = Objects.requireNonNull(env, "env");
    }

    /**
     * Begins to configure a distillation.
     *
     * @param teacher whose decisions are learned: a controller, an agent or any policy
     * @param env where both act: a simulator, or the real thing if the student's first attempts can do no harm there
     * @return a distillation with the default settings
     */
    public static Distillation of(Policy teacher, Env env) {
        return new Distillation(teacher, env);
    }

    /**
     * Sets the seed that all randomness comes from; 0 by default.
     *
     * @param newSeed any number
     * @return this
     */
    public Distillation seed(long newSeed) {
        seed = newSeed;
        return this;
    }

    /**
     * Sets all settings that are numbers.
     *
     * @param newConfig the settings
     * @return this
     */
    public Distillation config(DistillationConfig newConfig) {
        config = Objects.requireNonNull(newConfig, "config");
        return this;
    }

    /**
     * Lets another teacher go on after each round, a controller to which the student proposes its plans for example:
     * {@code student -> new MpcController(planner, world, options.withProposals(student))}. Where many plans are as good, as a rule, it
     * then takes the student's, so that its labels agree with one another; and it plans better, for it looks no longer from scratch.
     *
     * @param newNextTeacher makes the teacher of the next round, given the student of the last
     * @return this
     */
    public Distillation nextTeacher(Function<ClonedPolicy, Policy> newNextTeacher) {
        nextTeacher = Objects.requireNonNull(newNextTeacher, "nextTeacher");
        return this;
    }

    /**
     * Distils.
     *
     * @return the students of all rounds
     * @throws io.github.mbrl4j.core.EnvException if the environment fails or breaks its contract
     * @throws IllegalArgumentException if there are fewer labels than a student can be trained on
     * @throws IllegalStateException if teacher or student return an action that cannot be executed, or training diverges
     */
    public Distilled run() {
        RandomStreams streams = RandomStreams.of(seed).family("distillation");
        Labeller labeller = new Labeller(env.spec(), teacher);
        List<Distilled.Round> rounds = new ArrayList<>();
        double share = 1;
        for (int round = 0; round < config.rounds(); round++) {
            Episodes.collectSteps(
                    env, labeller, config.labelsPerRound(), streams.stream("episodes", round), transition -> {});
            ClonedPolicy student = BehaviourCloning.fit(
                    env.spec(),
                    labeller.observations(),
                    labeller.labels(),
                    config.network(),
                    streams.stream("student", round));
            rounds.add(new Distilled.Round(labeller.labels().rows(), share, student));
            share *= config.teacherShare();
            labeller.follow(student, nextTeacher.apply(student), share);
        }
        teacher.reset();
        return new Distilled(rounds);
    }
}
