package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.Tensor;
import io.github.mbrl4j.policy.StateValue;
import io.github.mbrl4j.policy.StochasticPolicy;

/**
 * Learns a policy from its own steps by the vanilla policy gradient: REINFORCE (Williams 1992) with the reward to go in place of the
 * return and a learned baseline. It owns actor, value baseline and optimisers; it knows no environment.
 *
 * <p>For one thread at a time; an update uses two. Equal seeds and equal steps give equal results for any number of threads.
 */
public final class PolicyGradientLearner implements Checkpointed {

    private final PolicyGradientConfig config;
    private final RandomStreams streams;
    private final Workers workers;
    private final ActorCritic parts;
    private long updates;

    /**
     * Makes an untrained learner.
     *
     * @param spec of the environment that the steps are from; its actions must be all continuous, or one choice
     * @param config networks and losses
     * @param seed where the weights and the order of the rows come from
     * @param workers the threads of an update; results do not depend on it
     * @throws IllegalArgumentException if the actions are a product of several spaces
     */
    public PolicyGradientLearner(EnvSpec spec, PolicyGradientConfig config, long seed, Workers workers) {
        this.config = config;
        this.workers = workers;
        streams = RandomStreams.of(seed).family("policy gradient");
        parts = new ActorCritic(
                spec, config.hidden(), config.policyLearningRate(), config.valueLearningRate(), streams);
    }

    /**
     * What an update saw.
     *
     * @param policyLoss −Â log π, the mean over the steps; its gradient is what matters
     * @param valueLoss (V(s) − reward to go)² in the last epoch
     * @param entropy of the policy before the update, in nats; of continuous actions in units in which their bounds are ±1
     */
    public record Figures(double policyLoss, double valueLoss, double entropy) {}

    /**
     * Takes one step up the gradient of the return, and fits the baseline. A step that terminated has no future; one after which the
     * episode was cut off, also by the end of the data, is bootstrapped by V(s').
     *
     * @param steps of {@link #policy()} as it is now, episode after episode, whose actions are what {@link StochasticPolicy#draw}
     *     returned; at least one, not modified
     * @return the losses
     * @throws IllegalArgumentException if there are no steps, or they have other sizes
     * @throws IllegalStateException if a loss is not finite
     */
    public Figures update(ReplayBuffer steps) {
        Experience experience = parts.judge(steps, config.discount(), config.lambda(), config.advantagesNormalised());
        int[] all = experience.all();
        int[][][] epochs = new int[config.valueEpochs()][][];
        for (int epoch = 0; epoch < epochs.length; epoch++) {
            epochs[epoch] = experience.minibatches(config.minibatch(), streams.stream("order", updates, epoch));
        }
        ActorCritic.ActorStep[] step = new ActorCritic.ActorStep[1];
        double[] valueLoss = new double[1];
        workers.forEach(2, i -> {
            if (i == 0) {
                step[0] = parts.stepActor(experience, all, 1, 0, (tape, logs) -> {
                    Tensor advantages = Experience.rows(tape, experience.advantages(), all);
                    return tape.scale(tape.sum(tape.multiply(logs, advantages)), -1f / all.length);
                });
            } else {
                valueLoss[0] = parts.fitValue(experience, epochs, 1);
            }
        });
        updates++;
        return new Figures(step[0].loss(), valueLoss[0], step[0].entropy());
    }

    /**
     * The policy as it is now.
     *
     * @return samples actions and does not change; {@link StochasticPolicy#deterministic()} for use
     */
    public StochasticPolicy policy() {
        return parts.policy();
    }

    /**
     * The value of the policy as it is now, for the end of a planner's horizon for example.
     *
     * @return V(s), the discounted return to be expected, which does not change
     */
    public StateValue value() {
        return parts.value();
    }

    /**
     * How many updates have been made.
     *
     * @return 0 or more
     */
    public long updates() {
        return updates;
    }

    /** Puts actor, value baseline, optimisers and the number of updates. */
    @Override
    public void save(CheckpointWriter to) {
        to.put("learner", new LearnerCounters(updates));
        parts.save(to);
    }

    /** Reads what a learner with the same environment, configuration and seed put. */
    @Override
    public Runnable restore(CheckpointReader from) {
        LearnerCounters counters = from.record("learner", LearnerCounters.class);
        Runnable networks = parts.restore(from);
        return () -> {
            networks.run();
            updates = counters.updates();
        };
    }

    ActorCritic parts() {
        return parts;
    }
}
