package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.MultiStepTransitions;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Adam;
import io.github.mbrl4j.nn.Losses;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import io.github.mbrl4j.policy.QPolicy;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Learns Q(s, a) for numbered actions from transitions, wherever they come from: DQN (Mnih et al. 2015, Nature 518) with the targets
 * of double DQN (van Hasselt, Guez, Silver 2016, arXiv 1509.06461). It owns the network, its target and the optimiser; it knows no
 * environment and no buffer.
 *
 * <p>For one thread at a time; an update uses two. Equal seeds and equal batches give equal results for any number of threads.
 */
public final class DqnLearner implements Checkpointed {

    private static final String ADVICE =
            "lower learningRate, tracking or updateRatio, raise trackEvery, use doubleTargets, or scale the rewards";

    private final DqnLearnerConfig config;
    private final DiscreteActions actionSpace;
    private final int observationSize;
    private final Workers workers;
    private final Mlp network;
    private final Mlp target;
    private final Mlp constant;
    private final Mlp constantTarget;
    private final Adam adam;
    private final Divergence divergence;
    private final Tape tape = new Tape();
    private final Tape nextTape = new Tape();
    private final Tape targetTape = new Tape();
    private @Nullable QPolicy frozen;
    private long updates;

    /**
     * Makes an untrained learner.
     *
     * @param spec of the environment that the transitions are from; its actions must be discrete
     * @param config network and loss
     * @param seed where the weights come from
     * @param workers the threads of an update; results do not depend on it
     * @throws IllegalArgumentException if the actions are not one choice among numbered ones
     */
    public DqnLearner(EnvSpec spec, DqnLearnerConfig config, long seed, Workers workers) {
        this.config = config;
        this.workers = workers;
        actionSpace = requireDiscrete(spec);
        observationSize = spec.observationSize();
        network = new Mlp(
                observationSize,
                config.hidden(),
                actionSpace.choices(),
                Activation.RELU,
                RandomStreams.of(seed).family("DQN").stream("network"));
        target = network.copy();
        constant = network.asConstant();
        constantTarget = target.asConstant();
        adam = new Adam(config.learningRate());
        network.parameters().forEach(parameter -> adam.add(parameter, 0));
        divergence = new Divergence(config.discount(), ADVICE);
    }

    private static DiscreteActions requireDiscrete(EnvSpec spec) {
        if (spec.actionSpace() instanceof DiscreteActions discrete) {
            return discrete;
        }
        throw new IllegalArgumentException("the actions of " + spec.name() + " are " + spec.actionSpace()
                + ", expected one choice among numbered ones, for a Q network has an output for each; for continuous actions"
                + " maybe use SAC, or Pets, which plans over any");
    }

    /**
     * What an update saw.
     *
     * @param loss the Huber loss of Q − y, the mean over the batch
     * @param value Q of the batch's own actions, the mean over the batch
     */
    public record Figures(double loss, double value) {}

    /**
     * One step of the optimiser. A transition that terminated has no future; any other goes on, so one that was merely cut off is
     * bootstrapped.
     *
     * @param batch B transitions, at least 1; not modified
     * @return the loss and what it is made of
     * @throws IllegalArgumentException if the batch is empty, of other sizes, or holds an action that is no choice
     * @throws IllegalStateException if the values have exploded
     */
    public Figures update(Transitions batch) {
        float[] discounts = new float[batch.size()];
        Arrays.fill(discounts, (float) config.discount());
        return update(new MultiStepTransitions(batch, discounts));
    }

    /**
     * The same with targets that look over several real steps before they trust the network. What was earned in between is that of
     * the actions that were taken: the less they are those of the policy, the fewer the steps should be.
     *
     * @param sequences B transitions over one or several steps, at least 1, whose rewards and discounts are of the configuration's γ;
     *     not modified
     * @return the loss and what it is made of
     * @throws IllegalArgumentException if the batch is empty, of other sizes, or holds an action that is no choice
     * @throws IllegalStateException if the values have exploded
     */
    public Figures update(MultiStepTransitions sequences) {
        Transitions batch = sequences.transitions();
        requireFitting(batch);
        tape.reset();
        Tensor values =
                tape.pick(network.forward(tape, constant(tape, batch.observations())), constant(tape, batch.actions()));
        Tensor y = targets(batch, sequences.discounts());
        Tensor loss = Losses.huber(tape, values, y, (float) config.errorLimit());
        tape.backward(loss);
        adam.step(Decay.share(updates, config.decayUpdates()));
        divergence.check(new Tensor[] {values}, y, updates);
        updates++;
        if (updates % config.trackEvery() == 0) {
            target.moveTowards(network, config.tracking());
        }
        frozen = null;
        return new Figures(loss.scalar(), mean(values));
    }

    private void requireFitting(Transitions batch) {
        Require.that(batch.size() > 0, "batch is empty, expected at least one transition");
        int o = batch.observations().columns();
        int a = batch.actions().columns();
        Require.that(
                o == observationSize && a == 1,
                "the data have O=%d, A=%d, expected O=%d, A=1; maybe they belong to another environment",
                o,
                a,
                observationSize);
    }

    /** y = Σ γ^k r_k + γ^m (1 − d) Q̄(s', argmax Q(s', a')), or with max Q̄(s', a') if targets are not double. */
    private Tensor targets(Transitions batch, float[] discounts) {
        Tensor[] next = new Tensor[2];
        workers.forEach(config.doubleTargets() ? 2 : 1, i -> {
            Tape own = i == 0 ? targetTape : nextTape;
            own.reset();
            next[i] = (i == 0 ? constantTarget : constant).forward(own, constant(own, batch.next()));
        });
        Tensor judging = next[0];
        Tensor choosing = config.doubleTargets() ? next[1] : judging;
        Tensor y = tape.constant(batch.size(), 1);
        for (int row = 0; row < batch.size(); row++) {
            divergence.see(batch.rewards()[row], 0);
            int start = row * actionSpace.choices();
            double future = batch.terminated()[row] ? 0 : judging.values()[start + largest(choosing, start)];
            y.values()[row] = (float) (batch.rewards()[row] + discounts[row] * future);
        }
        return y;
    }

    private int largest(Tensor values, int start) {
        int best = 0;
        for (int a = 1; a < actionSpace.choices(); a++) {
            best = values.values()[start + a] > values.values()[start + best] ? a : best;
        }
        return best;
    }

    private static Tensor constant(Tape tape, Batch batch) {
        Tensor tensor = tape.constant(batch.rows(), batch.columns());
        System.arraycopy(batch.array(), 0, tensor.values(), 0, tensor.size());
        return tensor;
    }

    private static double mean(Tensor column) {
        double sum = 0;
        for (int row = 0; row < column.rows(); row++) {
            sum += column.values()[row];
        }
        return sum / column.rows();
    }

    /**
     * The network as it is now, and the policy that is greedy in it.
     *
     * @return a copy that does not change
     */
    public QPolicy policy() {
        QPolicy policy = frozen;
        if (policy == null) {
            policy = new QPolicy(actionSpace, network.freeze());
            frozen = policy;
        }
        return policy;
    }

    /**
     * How many updates have been made.
     *
     * @return 0 or more
     */
    public long updates() {
        return updates;
    }

    /** Puts the network, its target, the optimiser and the number of updates. */
    @Override
    public void save(CheckpointWriter to) {
        to.put("learner", new LearnerCounters(updates));
        CheckpointParts.put(to.at("network"), network);
        CheckpointParts.put(to.at("target"), target);
        CheckpointParts.put(to.at("adam"), adam);
        divergence.save(to.at("divergence"));
    }

    /** Reads what a learner with the same environment and configuration put. */
    @Override
    public Runnable restore(CheckpointReader from) {
        LearnerCounters counters = from.record("learner", LearnerCounters.class);
        List<Runnable> parts = List.of(
                CheckpointParts.restoring(from.at("network"), network),
                CheckpointParts.restoring(from.at("target"), target),
                CheckpointParts.restoring(from.at("adam"), adam),
                divergence.restore(from.at("divergence")));
        return () -> {
            parts.forEach(Runnable::run);
            updates = counters.updates();
            frozen = null;
        };
    }

    Mlp network() {
        return network;
    }

    Mlp target() {
        return target;
    }
}
