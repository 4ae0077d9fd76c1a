package io.github.mbrl4j.docs;

import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.control.MpcFleet;
import io.github.mbrl4j.control.MpcOptions;
import io.github.mbrl4j.control.OpenLoopController;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.ValueFunction;
import io.github.mbrl4j.model.ActionRate;
import io.github.mbrl4j.model.Constraint;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.rollout.ConstraintReport;
import io.github.mbrl4j.rollout.Proposals;
import io.github.mbrl4j.rollout.Risk;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** The snippets of {@code docs/planners/objective.md}. */
final class ObjectiveSnippets {

    private ObjectiveSnippets() {}

    static MpcController risk(Planner planner, WorldModel world) {
        RolloutConfig careful = RolloutConfig.defaults().withParticles(20).withRisk(Risk.cvar(0.2));
        MpcController controller =
                new MpcController(planner, world, MpcOptions.defaults().withRollouts(careful));
        return controller;
    }

    static WorldModel constraints(DynamicsModel dynamics, Env env) {
        WorldModel world = WorldModel.of(dynamics, env)
                .withConstraint(Constraint.of("on the track", (s, a, next) -> Math.abs(next[0]) - 2)
                        .withPenalty(10))
                .withConstraint(Constraint.of("upright", (s, a, next) -> Math.abs(next[2]) - 0.1)
                        .withChance(0.05, 100));
        return world;
    }

    static ConstraintReport report(Planner planner, WorldModel world, double[] observation, RandomGenerator random) {
        MpcController controller = new MpcController(planner, world);
        double[] action = controller.act(observation, random);
        ConstraintReport report = controller.constraintReport(1000);
        double chance = report.of("upright").chance(); // that it is violated at any step of the plan
        return Double.isNaN(chance + action[0]) ? new ConstraintReport(1, List.of()) : report;
    }

    static WorldModel rate(WorldModel world) {
        WorldModel gentle = world.withActionRate(ActionRate.limit(0.2).withPenalty(0.1));
        return gentle;
    }

    static MpcController proposals(Planner planner, WorldModel world, Policy policy, ValueFunction critic) {
        MpcOptions options =
                MpcOptions.defaults().withProposals(Proposals.of(policy).withCount(24));
        MpcController controller = new MpcController(planner, world.withTerminalValue(critic), options);
        return controller;
    }

    static boolean deadline(WorldModel world, double[] observation, RandomGenerator random) {
        Planner planner = new Cem(CemConfig.defaults()).withDeadline(Duration.ofMillis(20));
        MpcController controller = new MpcController(planner, world);
        double[] action = controller.act(observation, random);
        Plan.Statistics planning = controller.lastPlan().orElseThrow().statistics();
        boolean cut = planning.cut();
        double millis = planning.millis();
        return cut && millis > action[0];
    }

    static Policy openLoop(CemConfig config, WorldModel world) {
        OpenLoopController open = new OpenLoopController(new Cem(config.withHorizon(50)), world);
        MpcController closed = new MpcController(new Cem(config), world);
        MpcController between =
                new MpcController(new Cem(config), world, MpcOptions.defaults().withReplanEvery(5));
        return open.lastPlan().isPresent() ? closed : between;
    }

    static double[][] fleet(CemConfig config, WorldModel world, double[][] observations, RandomGenerator random) {
        MpcFleet fleet = new MpcFleet(16, () -> new Cem(config), world);
        double[][] actions = fleet.act(observations, random);
        fleet.reset(3); // the fourth environment begins an episode
        return actions;
    }
}
