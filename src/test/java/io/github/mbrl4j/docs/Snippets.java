package io.github.mbrl4j.docs;

import io.github.mbrl4j.agent.Agent;
import io.github.mbrl4j.agent.Dqn;
import io.github.mbrl4j.agent.DqnLearner;
import io.github.mbrl4j.agent.DqnLearnerConfig;
import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PolicyGradient;
import io.github.mbrl4j.agent.Ppo;
import io.github.mbrl4j.agent.PpoConfig;
import io.github.mbrl4j.agent.PpoLearner;
import io.github.mbrl4j.agent.Sac;
import io.github.mbrl4j.agent.SacLearner;
import io.github.mbrl4j.agent.SacLearnerConfig;
import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.ValueFunction;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.env.CartPoleSwingUp;
import io.github.mbrl4j.env.DiscreteCartPole;
import io.github.mbrl4j.env.LinearQuadratic;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.identify.Identification;
import io.github.mbrl4j.identify.Integrator;
import io.github.mbrl4j.identify.Parameter;
import io.github.mbrl4j.identify.ParametricDynamics;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.SimulatorDynamics;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.GradientShooting;
import io.github.mbrl4j.plan.GradientShootingConfig;
import io.github.mbrl4j.plan.ICem;
import io.github.mbrl4j.plan.ICemConfig;
import io.github.mbrl4j.plan.Ilqr;
import io.github.mbrl4j.plan.IlqrConfig;
import io.github.mbrl4j.plan.Mppi;
import io.github.mbrl4j.plan.MppiConfig;
import io.github.mbrl4j.plan.PlannerCheck;
import io.github.mbrl4j.plan.RandomShooting;
import io.github.mbrl4j.plan.RandomShootingConfig;
import io.github.mbrl4j.policy.QPolicy;
import io.github.mbrl4j.policy.Scaling;
import io.github.mbrl4j.report.TrainingHistory;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/** The code that the documentation shows; {@link DocumentationTest} holds both together. */
final class Snippets {

    private Snippets() {}

    static void shortestProgram(double[] observation) {
        Env env = new CartPole();
        Pets agent = Pets.on(env).seed(7).build();
        TrainingHistory history = agent.train(10);
        history.save(Path.of("target/pets"));
        double[] action = agent.act(observation);
    }

    static void softActorCritic(double[] observation) {
        Env env = new Pendulum();
        Sac agent = Sac.on(env).seed(7).build();
        agent.train(10_000);
        double[] action = agent.act(observation);
    }

    static void deepQLearning(double[] observation) {
        Env env = new DiscreteCartPole();
        Dqn agent = Dqn.on(env).seed(7).build();
        agent.train(100_000);
        double[] action = agent.act(observation);
    }

    static ValueFunction qLearnerAlone(EnvSpec spec, ReplayBuffer data, RandomGenerator random) {
        DqnLearner learner = new DqnLearner(spec, DqnLearnerConfig.defaults(), 7, Workers.shared());
        for (int update = 0; update < 1000; update++) {
            learner.update(data.sample(64, random));
        }
        QPolicy policy = learner.policy();
        ValueFunction value = policy.value();
        return value;
    }

    static void proximalPolicyOptimisation(double[] observation) {
        Env env = new DiscreteCartPole();
        Ppo agent = Ppo.on(env).seed(7).build();
        agent.train(50_000);
        double[] action = agent.act(observation);
    }

    static Policy onPolicyLearnerAlone(Env env, RandomGenerator random) {
        PpoLearner learner = new PpoLearner(env.spec(), PpoConfig.defaults(), 7, Workers.shared());
        for (int update = 0; update < 20; update++) {
            learner.update(Episodes.collect(env, learner.policy(), 10, random));
        }
        Policy policy = learner.policy().deterministic();
        return policy;
    }

    static void policyGradient(double[] observation) {
        Env env = new DiscreteCartPole();
        PolicyGradient agent = PolicyGradient.on(env).seed(7).build();
        agent.train(100_000);
        double[] action = agent.act(observation);
    }

    static void evaluation(Env env, Agent agent) {
        Evaluation evaluation = Evaluation.of(env, agent, 20, 1); // 20 episodes of their own, seed 1
        System.out.println(evaluation); // mean ± half of its 95 % interval
    }

    static Policy learnerAlone(EnvSpec spec, ReplayBuffer data, RandomGenerator random) {
        SacLearner learner = new SacLearner(Scaling.of(spec), SacLearnerConfig.defaults(), 7, Workers.shared());
        for (int update = 0; update < 1000; update++) {
            learner.update(data.sample(256, random));
        }
        Policy policy = learner.policy().deterministic();
        return policy;
    }

    static WorldModel learnedTerminalValue(WorldModel world, Sac agent) {
        WorldModel valued = world.withTerminalValue(agent.learner().value());
        return valued;
    }

    static void piecesInView(Env env, RandomGenerator random) {
        ReplayBuffer data = Episodes.collect(env, Policy.uniform(env.actionSpace()), 10, random);
        EnsembleDynamics dynamics =
                new EnsembleDynamics(env.spec(), EnsembleConfig.defaults().withMembers(5));
        Planner planner = new Cem(CemConfig.defaults().withHorizon(20));
        MpcController controller = new MpcController(planner, WorldModel.of(dynamics, env));

        for (int trial = 1; trial <= 10; trial++) {
            dynamics.fit(data, random); // learn f on D
            data.addAll(Episodes.run(env, controller, random)); // plan, act, observe; append to D
        }
    }

    /** Keep the level of a tank near 1 by opening its valve. */
    static final class Tank implements Env {
        private static final EnvSpec SPEC = new EnvSpec("Tank", 1, ActionSpace.continuous(1, 0, 1), 100);
        private double level;
        private int steps;

        @Override
        public EnvSpec spec() {
            return SPEC;
        }

        @Override
        public double[] reset(RandomGenerator random) {
            level = 2 * random.nextDouble();
            steps = 0;
            return new double[] {level};
        }

        @Override
        public Step step(double[] action) {
            level = Math.max(0, level + 0.2 * action[0] - 0.1 * Math.sqrt(level));
            steps++;
            return new Step(new double[] {level}, -Math.abs(level - 1), false, steps == SPEC.maxSteps());
        }
    }

    static Pets suppliedReward() {
        Pets agent = Pets.on(new Tank())
                .reward((state, action, next) -> -Math.abs(next[0] - 1))
                .build();
        return agent;
    }

    static Pets suppliedTermination() {
        Pets agent = Pets.on(new Tank())
                .termination((state, action, next) -> next[0] > 2)
                .build();
        return agent;
    }

    static WorldModel anotherGoal(EnsembleDynamics dynamics, Env env) {
        WorldModel world = WorldModel.of(dynamics, env)
                .withReward((state, action, next) -> 2 - Math.abs(next[0] - 0.5) - 5 * Math.abs(next[2]));
        return world;
    }

    static double deployment(Pets agent, Env env, RandomGenerator random) {
        agent.reset(); // a new episode
        double[] observation = env.reset(random);
        double total = 0;
        for (boolean done = false; !done; ) {
            Step step = env.step(agent.act(observation));
            observation = step.observation();
            total += step.reward();
            done = step.done();
        }
        return total;
    }

    static double knownOptimum(RandomGenerator random) {
        LinearQuadratic env = LinearQuadratic.random(4, 2, 1); // 4 states, 2 actions, seed 1
        double[] start = env.reset(random);
        double best = env.optimalReturn(start, 20); // no policy earns more in 20 steps
        double[][] plan = env.optimalActions(start, 20); // the plan that earns it
        double[][] gain = env.gain(20); // u = −K·x with 20 steps to go
        return best + plan[0][0] + gain[0][0];
    }

    static Episode trueDynamics(Planner planner, RandomGenerator random) {
        CartPoleSwingUp env = new CartPoleSwingUp();
        MpcController controller = new MpcController(planner, WorldModel.of(env.trueDynamics(), env));
        Episode episode = Episodes.run(env, controller, random);
        return episode;
    }

    /** Stands for a simulator of the user's own. */
    private static final class Crane implements SaveableEnv {
        private final Pendulum load = new Pendulum();

        @Override
        public EnvSpec spec() {
            return load.spec();
        }

        @Override
        public double[] reset(RandomGenerator random) {
            return load.reset(random);
        }

        @Override
        public Step step(double[] action) {
            return load.step(action);
        }

        @Override
        public double[] saveState() {
            return load.saveState();
        }

        @Override
        public void restoreState(double[] state) {
            load.restoreState(state);
        }
    }

    static Episode ownSimulator(Planner planner, RandomGenerator random) {
        Crane crane = new Crane();
        SimulatorDynamics simulator = SimulatorDynamics.of(Crane::new);
        MpcController controller = new MpcController(planner, simulator.world());
        Episode episode = Episodes.run(crane, simulator.seeing(crane, controller), random);
        return episode;
    }

    static Planner randomShooting() {
        Planner planner = new RandomShooting(
                RandomShootingConfig.defaults().withHorizon(10).withPopulation(5000));
        return planner;
    }

    static Planner crossEntropy() {
        Planner planner =
                new Cem(CemConfig.defaults().withHorizon(25).withPopulation(200).withElites(20));
        return planner;
    }

    static Planner improvedCrossEntropy() {
        Planner planner = new ICem(
                ICemConfig.defaults().withHorizon(30).withPopulation(40).withNoiseExponent(2));
        return planner;
    }

    static Planner pathIntegral() {
        Planner planner = new Mppi(
                MppiConfig.defaults().withHorizon(30).withTemperature(0.2).withDeviation(0.15));
        return planner;
    }

    static void gradientShooting(EnsembleDynamics dynamics) {
        GradientShootingConfig config =
                GradientShootingConfig.defaults().withHorizon(30).withIterations(20);
        WorldModel world = WorldModel.of(dynamics, (s, a, next) -> -s[0] * s[0] - 0.1 * a[0] * a[0])
                .withDifferences();
        RolloutConfig expected = RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION);
        Planner planner =
                new GradientShooting(config).after(new Cem(CemConfig.defaults().withHorizon(30)));
        MpcController controller = new MpcController(planner, world, expected, Workers.shared());
    }

    static MpcController iterativeRegulator(Pendulum env) {
        RolloutConfig expected = RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION);
        WorldModel world = WorldModel.of(env.trueDynamics(), env);
        Planner planner = new Ilqr(IlqrConfig.defaults().withHorizon(30).withIterations(5));
        MpcController controller = new MpcController(planner, world, expected, Workers.shared());
        return controller;
    }

    static void check() {
        CemConfig config = CemConfig.defaults().withHorizon(30).withIterations(10);
        System.out.println(PlannerCheck.of(() -> new Cem(config))
                .withStates(6)
                .withActions(2)
                .run(1));
    }

    static void rowByRow(
            ReplayBuffer log,
            double[] state,
            double[] action,
            double[] next,
            boolean lastOfEpisode,
            boolean firstOfEpisode) {
        log.add(new Transition(state, action, 0, next, false, lastOfEpisode, firstOfEpisode)); // 0: no reward is needed
    }

    static Identification unknownParameters(ReplayBuffer log, RewardModel reward) {
        List<Parameter> unknown = List.of(
                Parameter.of("mass", 0.4).within(0.05, 10),
                Parameter.of("length", 1.2).within(0.05, 10),
                Parameter.of("damping", 0.2).within(0, 5));
        ParametricDynamics pendulum = ParametricDynamics.continuous(
                        unknown,
                        ActionSpace.continuous(1, -2, 2),
                        2, // θ from upright, θ̇
                        Integrator.rungeKutta(0.05, 2), // time between rows, steps taken over it
                        (s, a, p, ds) -> {
                            double inertia = p[0] * p[1] * p[1] / 3;
                            ds[0] = s[1];
                            ds[1] = (p[0] * 9.81 * p[1] / 2 * Math.sin(s[0]) + a[0] - p[2] * s[1]) / inertia;
                        })
                .withAngles(0);
        Identification result = pendulum.identify(log);
        String table = result.toString();
        double mass = result.parameter("mass").value();
        double uncertainty = result.parameter("mass").standardError();
        WorldModel world = WorldModel.of(result.model(), reward);
        return result;
    }
}
