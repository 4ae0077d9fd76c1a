package io.github.mbrl4j.docs;

import io.github.mbrl4j.agent.Mopo;
import io.github.mbrl4j.agent.MopoConfig;
import io.github.mbrl4j.agent.Sac;
import io.github.mbrl4j.control.HorizonCheck;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.control.MpcOptions;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.distill.Distillation;
import io.github.mbrl4j.distill.DistillationConfig;
import io.github.mbrl4j.distill.GapReport;
import io.github.mbrl4j.interop.Dl4jNetworks;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.policy.ClonedPolicy;
import io.github.mbrl4j.policy.GreedyValue;
import io.github.mbrl4j.rollout.BranchConfig;
import io.github.mbrl4j.rollout.BranchedRollouts;
import io.github.mbrl4j.rollout.Risk;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** The snippets of {@code docs/algorithms/distillation.md}, {@code docs/algorithms/mopo.md} and {@code docs/planner-or-policy.md}. */
final class PolicySnippets {

    private PolicySnippets() {}

    static void distil(MpcController controller, Env env) {
        ClonedPolicy student = Distillation.of(controller, env).seed(7).run().student();
        GapReport gap = GapReport.of(controller, student, env, 10, 1);
        System.out.println(gap); // returns, microseconds, and where they disagree
        gap.save(Path.of("target/distilled"));
    }

    static MultiLayerNetwork ship(ClonedPolicy student) {
        MultiLayerNetwork shipped = Dl4jNetworks.toDl4j(student.network());
        return shipped;
    }

    static ClonedPolicy feedBack(
            MpcController controller, Env env, CemConfig config, WorldModel world, MpcOptions options) {
        ClonedPolicy student = Distillation.of(controller, env)
                .nextTeacher(s -> new MpcController(new Cem(config), world, options.withProposals(s)))
                .config(DistillationConfig.defaults().withRounds(6))
                .run()
                .student();
        return student;
    }

    static double[] offline(EnvSpec spec, ReplayBuffer log, double[] observation) {
        Mopo agent = Mopo.on(spec, log).seed(7).build();
        agent.train(32); // epochs; nothing is tried out
        double outside = agent.branches().outsideShare(); // how much of what was imagined is unlike the log
        double[] action = agent.act(observation);
        return action;
    }

    static MopoConfig careful() {
        MopoConfig careful = MopoConfig.defaults().withRisk(Risk.meanMinusSpread(3));
        return careful;
    }

    static BranchedRollouts pessimistic(WorldModel world, GreedyValue value) {
        BranchedRollouts rollouts = new BranchedRollouts(
                world.withTerminalValue(value),
                BranchConfig.defaults().withRisk(Risk.meanMinusSpread(1)).withDiscount(0.99),
                Workers.shared());
        return rollouts;
    }

    static void critic(Sac agent, WorldModel world, CemConfig config, Batch states) {
        GreedyValue value = agent.learner().value();
        RolloutConfig rollouts = RolloutConfig.defaults().withDiscount(0.99); // that of the critic
        MpcController controller = new MpcController(
                new Cem(config.withHorizon(5)), world.withTerminalValue(value), rollouts, Workers.shared());
        System.out.println(HorizonCheck.of(
                h -> new Cem(config.withHorizon(h)),
                world.withTerminalValue(value),
                rollouts,
                states,
                List.of(5, 10, 20),
                1,
                Workers.shared()));
    }
}
