package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.Losses;
import io.github.mbrl4j.nn.Tensor;
import io.github.mbrl4j.policy.StateValue;
import io.github.mbrl4j.policy.StochasticPolicy;

/**
 * Learns a policy from its own steps by proximal policy optimisation (Schulman et al. 2017, arXiv 1707.06347). It owns actor, value
 * baseline and optimisers; it knows no environment.
 *
 * <p>For one thread at a time; an update uses two. Equal seeds and equal steps give equal results for any number of threads.
 */
public final class PpoLearner implements Checkpointed {

    private final PpoConfig config;
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
    public PpoLearner(EnvSpec spec, PpoConfig config, long seed, Workers workers) {
        this.config = config;
        this.workers = workers;
        streams = RandomStreams.of(seed).family("PPO");
        parts = new ActorCritic(
                spec, config.hidden(), config.policyLearningRate(), config.valueLearningRate(), streams);
    }

    /**
     * What an update saw; means over the rows of the last epoch of each part.
     *
     * @param policyLoss the clipped surrogate as a loss
     * @param valueLoss (V(s) − return)²
     * @param entropy of the policy, in nats; of continuous actions in units in which their bounds are ±1
     * @param divergence estimated KL divergence of the policy from the one that acted, mean of (ρ − 1) − log ρ, in nats
     * @param clippedShare share of rows whose ratio ρ was beyond the clip
     * @param epochs of the policy: fewer than were set if the divergence stopped them
     */
    public record Figures(
            double policyLoss, double valueLoss, double entropy, double divergence, double clippedShare, int epochs) {}

    /**
     * Makes a better policy from steps of the present one. A step that terminated has no future; one after which the episode was cut
     * off, also by the end of the data, is bootstrapped by V(s').
     *
     * @param steps of {@link #policy()} as it is now, episode after episode, whose actions are what {@link StochasticPolicy#draw}
     *     returned; at least one, not modified
     * @return the losses and what they are made of
     * @throws IllegalArgumentException if there are no steps, or they have other sizes
     * @throws IllegalStateException if a loss is not finite
     */
    public Figures update(ReplayBuffer steps) {
        Experience experience = parts.judge(steps, config.discount(), config.lambda(), config.advantagesNormalised());
        int[][][] epochs = new int[config.epochs()][][];
        for (int epoch = 0; epoch < epochs.length; epoch++) {
            epochs[epoch] = experience.minibatches(config.minibatch(), streams.stream("order", updates, epoch));
        }
        double share = Decay.share(updates, config.decayUpdates());
        Climb climb = new Climb(experience, share);
        double[] valueLoss = new double[1];
        workers.forEach(2, i -> {
            if (i == 0) {
                climb.run(epochs);
            } else {
                valueLoss[0] = parts.fitValue(experience, epochs, share);
            }
        });
        updates++;
        return climb.figures(valueLoss[0]);
    }

    /** The way of the actor through one update. */
    private final class Climb {
        private final Experience experience;
        private final double share;
        private double loss;
        private double entropy;
        private double divergence;
        private double clipped;
        private int epochs;

        Climb(Experience experience, double share) {
            this.experience = experience;
            this.share = share;
        }

        void run(int[][][] orders) {
            for (int[][] minibatches : orders) {
                epoch(minibatches);
                if (config.divergenceLimit() > 0 && divergence > config.divergenceLimit()) {
                    return;
                }
            }
        }

        private void epoch(int[][] minibatches) {
            loss = 0;
            entropy = 0;
            divergence = 0;
            clipped = 0;
            for (int[] rows : minibatches) {
                double part = rows.length / (double) experience.size();
                ActorCritic.ActorStep step =
                        parts.stepActor(experience, rows, share, config.entropyBonus(), (tape, logs) -> {
                            Tensor old = Experience.rows(tape, experience.logDensities(), rows);
                            compare(logs, old);
                            Tensor advantages = Experience.rows(tape, experience.advantages(), rows);
                            return Losses.clippedSurrogate(tape, logs, old, advantages, config.clip());
                        });
                loss += part * step.loss();
                entropy += part * step.entropy();
            }
            epochs++;
        }

        /** Notes how far the policy has gone from the one that acted. */
        private void compare(Tensor logs, Tensor old) {
            for (int row = 0; row < logs.rows(); row++) {
                double logRatio = (double) logs.values()[row] - old.values()[row];
                double ratio = Math.exp(logRatio);
                divergence += (ratio - 1 - logRatio) / experience.size();
                clipped += Math.abs(ratio - 1) > config.clip() ? 1.0 / experience.size() : 0;
            }
        }

        Figures figures(double valueLoss) {
            return new Figures(loss, valueLoss, entropy, divergence, clipped, epochs);
        }
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
