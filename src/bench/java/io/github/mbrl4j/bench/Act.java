package io.github.mbrl4j.bench;

import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.plan.Cem;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How long a single observation waits for its action. */
@State(Scope.Thread)
public class Act implements Bench {

    private static final String PETS = "pets_cartpole";
    private static final String NETWORK = "frozen_mlp_23-4x200-36";

    /** What acts. */
    @Param(PETS)
    public String actor = PETS;

    /** Threads that a plan uses. */
    @Param("1")
    public int planThreads = 1;

    private Supplier<Object> act = Object::new;

    /** Makes the actor. */
    @Setup
    public void prepare() {
        act = actor.equals(PETS) ? pets() : network();
    }

    /**
     * The controller of PETS with its default settings, at the beginning of an episode; the model has seen random
     * actions.
     */
    private Supplier<Object> pets() {
        RandomGenerator random = RandomStreams.of(0).stream("act");
        Workers workers = new Workers(planThreads);
        PetsConfig config = PetsConfig.defaults();
        Env env = new CartPole();
        ReplayBuffer data = Episodes.collect(env, Policy.uniform(env.actionSpace()), config.initialSteps(), random);
        EnsembleDynamics dynamics =
                new EnsembleDynamics(env.spec(), config.ensemble(), ObservationTransform.IDENTITY, workers);
        dynamics.fit(data, random);
        MpcController controller =
                new MpcController(new Cem(config.planner()), WorldModel.of(dynamics, env), config.rollouts(), workers);
        double[] observation = env.reset(random);
        return () -> controller.act(observation, random);
    }

    /** A network that predicts one row. */
    private static Supplier<Object> network() {
        FrozenMlp network = new Mlp(
                        23, Collections.nCopies(4, 200), 36, Activation.SWISH, RandomStreams.of(0).stream("weights"))
                .freeze();
        float[] row = new float[23];
        float[] out = new float[36];
        return () -> {
            network.forward(row, 1, out);
            return out;
        };
    }

    /**
     * Acts once.
     *
     * @return the action
     */
    @Benchmark
    public Object run() {
        return act.get();
    }

    @Override
    public String name() {
        return "act";
    }

    @Override
    public List<Case> cases(int threads) {
        return List.of(
                new Case(PETS, () -> measure(PETS, threads)), new Case(NETWORK, () -> measure(NETWORK, threads)));
    }

    private static Figures measure(String actor, int threads) {
        Measurement action = Jmh.on(Act.class)
                .with("actor", actor)
                .with("planThreads", threads)
                .measure(1);
        return Figures.of(action).rate("actions_per_s", 1);
    }
}
