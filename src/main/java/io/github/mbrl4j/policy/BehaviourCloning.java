package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.data.Recording;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.model.InverseModel;
import io.github.mbrl4j.model.NetworkConfig;
import io.github.mbrl4j.model.NetworkTrainer;
import io.github.mbrl4j.model.TrainingReport;
import io.github.mbrl4j.nn.Mlp;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Behaviour cloning (Pomerleau 1989): supervised learning of a policy from what a demonstrator saw and did. Continuous numbers of
 * an action are regressed, discrete ones classified.
 *
 * <p>If the demonstrations are states alone, the actions are inferred by an {@link InverseModel} first, as behavioural cloning
 * from observation does (Torabi, Warnell and Stone 2018, arXiv 1805.01954, algorithm 1 with α = 0: the inverse model is not
 * improved with data of the cloned policy).
 */
public final class BehaviourCloning {

    private static final int FEWEST_ROWS = 20;

    private BehaviourCloning() {}

    /**
     * Clones from observations with their actions.
     *
     * @param spec the sizes and actions of the environment
     * @param observations what was seen [N, O], at least {@value #FEWEST_ROWS} rows; not modified
     * @param actions what was done then [N, A], not modified
     * @param config network and training
     * @param random source of randomness; equal generators and data give equal policies
     * @return the policy
     * @throws IllegalArgumentException if there are too few rows, a width or the numbers of rows differ, a number is not finite, or
     *     an action is outside the action space
     * @throws IllegalStateException if training diverged
     */
    public static ClonedPolicy fit(
            EnvSpec spec, Batch observations, Batch actions, NetworkConfig config, RandomGenerator random) {
        observations.requireColumns("observations", spec.observationSize());
        Require.that(
                actions.rows() == observations.rows(),
                "actions has %d rows, expected %d as observations has",
                actions.rows(),
                observations.rows());
        Require.that(
                observations.rows() >= FEWEST_ROWS,
                "observations has %d rows, expected at least %d to learn from; maybe record more demonstrations",
                observations.rows(),
                FEWEST_ROWS);
        RandomStreams streams = RandomStreams.of(random.nextLong());
        ActionCode code = new ActionCode(spec.actionSpace());
        Batch targets = code.encode(actions);
        Normalizer inputs = Normalizer.fit(observations);
        Batch x = new Batch(0, spec.observationSize());
        inputs.normalize(observations, x);
        Mlp network = config.newNetwork(spec.observationSize(), code.width(), streams.stream("initial weights"));
        TrainingReport report = new NetworkTrainer(network, config.training()).fit(x, targets, code::loss, streams);
        return new ClonedPolicy(code, inputs, network.freeze(), report);
    }

    /**
     * Clones from transitions of the demonstrator.
     *
     * @param spec the sizes and actions of the environment
     * @param demonstrations at least {@value #FEWEST_ROWS} transitions, not modified
     * @param config network and training
     * @param random source of randomness; equal generators and data give equal policies
     * @return the policy
     * @throws IllegalArgumentException as the method for batches throws
     * @throws IllegalStateException if training diverged
     */
    public static ClonedPolicy fit(
            EnvSpec spec, ReplayBuffer demonstrations, NetworkConfig config, RandomGenerator random) {
        Transitions all = demonstrations.all();
        return fit(spec, all.observations(), all.actions(), config, random);
    }

    /**
     * Clones from states alone. Two frames that follow one another give one example; where a frame is missing there is none.
     *
     * @param inverse a fitted inverse model, which infers the actions and knows the environment's sizes
     * @param demonstrations recordings of the demonstrator; their actions, if they have any, are not looked at
     * @param config network and training
     * @param random source of randomness; equal generators and data give equal policies
     * @return the policy
     * @throws IllegalArgumentException if there are too few pairs of frames, or a width differs
     * @throws IllegalStateException if training diverged, or the inverse model has not been fitted
     */
    public static ClonedPolicy fit(
            InverseModel inverse, List<Recording> demonstrations, NetworkConfig config, RandomGenerator random) {
        EnvSpec spec = inverse.spec();
        Recording.Pairs pairs = Recording.pairs(demonstrations, spec.observationSize());
        Batch actions = new Batch(0, spec.actionSize());
        inverse.mode(pairs.frames(), pairs.next(), actions);
        return fit(spec, pairs.frames(), actions, config, random);
    }
}
