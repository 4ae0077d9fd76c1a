package io.github.mbrl4j.agent;

import io.github.mbrl4j.agent.SacLearnerConfig.ActorGoal;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.Adam;
import io.github.mbrl4j.nn.TanhGaussian;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import io.github.mbrl4j.nn.VectorMath;
import io.github.mbrl4j.policy.Critics;
import io.github.mbrl4j.policy.GreedyValue;
import io.github.mbrl4j.policy.Scaling;
import io.github.mbrl4j.policy.SoftValue;
import io.github.mbrl4j.policy.TanhGaussianActor;
import io.github.mbrl4j.policy.TanhGaussianPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Learns a policy from transitions, wherever they come from, by soft actor-critic (Haarnoja et al. 2018, arXiv 1801.01290 and
 * 1812.05905; with an ensemble of critics as in REDQ, Chen et al. 2021, arXiv 2101.05982). It owns actor, critics, their targets,
 * the temperature and the optimisers; it knows no environment and no buffer.
 *
 * <p>For one thread at a time; an update uses several. Equal seeds and equal batches give equal results for any number of threads.
 */
public final class SacLearner implements Checkpointed {

    private final SacLearnerConfig config;
    private final Scaling scaling;
    private final RandomStreams streams;
    private final Workers workers;
    private final TanhGaussianActor actor;
    private final Adam actorAdam;
    private final List<CriticTrainer> critics = new ArrayList<>();
    private final Temperature temperature;
    private final Divergence divergence;
    private final Tape batchTape = new Tape();
    private final Tape nextTape = new Tape();
    private final Tape actorTape = new Tape();
    private @Nullable TanhGaussianPolicy frozen;
    private long updates;

    /**
     * Makes an untrained learner.
     *
     * @param scaling what the networks see, and the actions that are learned; {@link Scaling#of} an environment's specification
     * @param config networks and losses
     * @param seed where the weights and all noise come from
     * @param workers the threads of an update; results do not depend on it
     */
    public SacLearner(Scaling scaling, SacLearnerConfig config, long seed, Workers workers) {
        this.config = config;
        this.scaling = scaling;
        this.workers = workers;
        streams = RandomStreams.of(seed).family("SAC");
        actor = new TanhGaussianActor(scaling, config.hidden(), streams.stream("actor"));
        actorAdam = new Adam(config.learningRate());
        actor.parameters().forEach(parameter -> actorAdam.add(parameter, 0));
        for (int i = 0; i < config.critics(); i++) {
            critics.add(new CriticTrainer(
                    scaling.observationSize() + scaling.actionSize(),
                    config.hidden(),
                    config.learningRate(),
                    streams.stream("critic", i)));
        }
        temperature = new Temperature(config, scaling.actionSize());
        divergence = new Divergence(config.discount());
    }

    /**
     * What an update saw. The actor's figures are NaN in an update of the critics alone.
     *
     * @param criticLoss ½ (Q − y)², the mean over batch and critics
     * @param actorLoss α log π − Q, the mean over the batch
     * @param value Q of the batch's own actions, the mean over batch and critics
     * @param entropy −log π of the actor's actions in [−1, 1], the mean over the batch
     * @param temperature α before the update
     */
    public record Figures(double criticLoss, double actorLoss, double value, double entropy, double temperature) {}

    /**
     * One step of all optimisers. A transition that terminated has no future; any other goes on, so one that was merely cut off
     * is bootstrapped.
     *
     * @param batch B transitions, at least 1; not modified
     * @return the losses and what they are made of
     * @throws IllegalArgumentException if the batch is empty or of other sizes
     * @throws IllegalStateException if the critics have exploded
     */
    public Figures update(Transitions batch) {
        Require.that(batch.size() > 0, "batch is empty, expected at least one transition");
        scaling.requireSizes(batch.observations().columns(), batch.actions().columns());
        Update update = new Update(batch);
        update.drawActions();
        update.fitCritics(update.targets());
        if (update.actorToo) {
            update.climb();
        }
        for (CriticTrainer critic : critics) {
            critic.track(config.tracking());
        }
        updates++;
        frozen = null;
        return update.figures();
    }

    /** One update, step by step. */
    private final class Update {
        private final Transitions batch;
        private final int rows;
        private final double alpha = temperature.value();
        private final RandomGenerator random = streams.stream("update", updates);
        private final boolean actorToo = updates % config.actorEvery() == 0;
        private final Tensor observations;
        private final Tensor pairs;
        private final Tensor next;
        private final Tensor noise;
        private final Tensor nextNoise;
        private final TanhGaussian.@Nullable Draw[] draws = new TanhGaussian.Draw[2];
        private final CriticTrainer.@Nullable Climb[] climbs = new CriticTrainer.Climb[critics.size()];
        private double value;
        private double actorLoss = Double.NaN;
        private double entropy = Double.NaN;

        Update(Transitions batch) {
            this.batch = batch;
            rows = batch.size();
            int o = scaling.observationSize();
            int a = scaling.actionSize();
            batchTape.reset();
            observations = batchTape.constant(rows, o);
            pairs = batchTape.constant(rows, o + a);
            next = batchTape.constant(rows, o);
            nextNoise = batchTape.constant(rows, a);
            noise = batchTape.constant(rows, a);
            scaling.observations(batch.observations(), 0, rows, observations.values(), o);
            scaling.observations(batch.observations(), 0, rows, pairs.values(), o + a);
            scaling.actions(batch.actions(), 0, rows, pairs.values());
            scaling.observations(batch.next(), 0, rows, next.values(), o);
            VectorMath.gaussian(random, nextNoise.values(), rows * a);
            if (actorToo) {
                VectorMath.gaussian(random, noise.values(), rows * a);
            }
        }

        /** a' ~ π(·|s'), and a ~ π(·|s) if it is the actor's turn. */
        void drawActions() {
            workers.forEach(actorToo ? 2 : 1, i -> {
                Tape tape = i == 0 ? nextTape : actorTape;
                tape.reset();
                draws[i] = i == 0 ? actor.drawConstant(tape, next, nextNoise) : actor.draw(tape, observations, noise);
            });
        }

        /** y = r + γ (1 − d) (min Q̄(s', a') − α log π(a'|s')), the minimum over M critics drawn at random. */
        Tensor targets() {
            TanhGaussian.Draw draw = draws[0];
            Tensor nextPairs = batchTape.constant(rows, pairs.columns());
            join(next, draw.actions(), nextPairs);
            int[] chosen = choose(config.targetCritics(), critics.size(), random);
            Tensor[] values = new Tensor[chosen.length];
            workers.forEach(
                    chosen.length, i -> values[i] = critics.get(chosen[i]).targetValues(nextPairs));
            Tensor y = batchTape.constant(rows, 1);
            for (int row = 0; row < rows; row++) {
                float least = values[0].values()[row];
                for (Tensor other : values) {
                    least = Math.min(least, other.values()[row]);
                }
                double entropyPart = alpha * draw.logDensities().values()[row];
                divergence.see(batch.rewards()[row], entropyPart);
                double future = batch.terminated()[row] ? 0 : least - entropyPart;
                y.values()[row] = (float) (batch.rewards()[row] + config.discount() * future);
            }
            return y;
        }

        void fitCritics(Tensor y) {
            Tensor[] values = new Tensor[critics.size()];
            workers.forEach(critics.size(), i -> {
                values[i] = critics.get(i).fit(pairs, y);
                if (actorToo) {
                    climbs[i] = critics.get(i).climb(observations, draws[1].actions());
                }
            });
            divergence.check(values, y, updates);
            for (Tensor q : values) {
                value += mean(q) / values.length;
            }
        }

        /** One step of the actor down α log π(a|s) − Q(s, a), and one of the temperature. */
        void climb() {
            TanhGaussian.Draw draw = draws[1];
            float[][] weights = weights();
            float[][] gradients = new float[critics.size()][];
            workers.forEach(critics.size(), i -> gradients[i] = climbs[i].gradients(weights[i]));
            Tensor byActions = actorTape.constant(rows, scaling.actionSize());
            int size = byActions.size();
            System.arraycopy(gradients[0], 0, byActions.values(), 0, size);
            for (int i = 1; i < gradients.length; i++) {
                VectorMath.add(gradients[i], byActions.values(), size);
            }
            // The critics' part enters as a sum with the same gradient, because they have tapes of their own.
            Tensor throughActions = actorTape.sum(actorTape.multiply(draw.actions(), byActions));
            Tensor throughDensity = actorTape.scale(actorTape.sum(draw.logDensities()), (float) (alpha / rows));
            actorTape.backward(actorTape.add(throughActions, throughDensity));
            actorAdam.step();
            entropy = -mean(draw.logDensities());
            actorLoss -= alpha * entropy;
            temperature.learn(-entropy);
        }

        /** For each critic, how the actor's loss changes with its values; sums up the loss of the values. */
        private float[][] weights() {
            boolean minimum = config.actorGoal() == ActorGoal.MINIMUM;
            double share = (minimum ? 1.0 : 1.0 / climbs.length) / rows;
            float[][] weights = new float[climbs.length][rows];
            actorLoss = 0;
            for (int row = 0; row < rows; row++) {
                int lowest = lowest(row);
                for (int i = 0; i < climbs.length; i++) {
                    if (i == lowest || !minimum) {
                        weights[i][row] = (float) -share;
                        actorLoss -= share * climbs[i].values().values()[row];
                    }
                }
            }
            return weights;
        }

        /** The critic that values the actor's action in a row least. */
        private int lowest(int row) {
            int lowest = 0;
            for (int i = 1; i < climbs.length; i++) {
                float q = climbs[i].values().values()[row];
                lowest = q < climbs[lowest].values().values()[row] ? i : lowest;
            }
            return lowest;
        }

        Figures figures() {
            double criticLoss =
                    critics.stream().mapToDouble(CriticTrainer::loss).average().orElseThrow();
            return new Figures(criticLoss, actorLoss, value, entropy, alpha);
        }
    }

    /** Some of the numbers below a bound, each set of them equally likely. */
    static int[] choose(int count, int bound, RandomGenerator random) {
        int[] numbers = IntStream.range(0, bound).toArray();
        for (int i = 0; i < count; i++) {
            int j = i + random.nextInt(bound - i);
            int swapped = numbers[j];
            numbers[j] = numbers[i];
            numbers[i] = swapped;
        }
        return Arrays.copyOf(numbers, count);
    }

    private static void join(Tensor left, Tensor right, Tensor joined) {
        int l = left.columns();
        int r = right.columns();
        for (int row = 0; row < joined.rows(); row++) {
            System.arraycopy(left.values(), row * l, joined.values(), row * (l + r), l);
            System.arraycopy(right.values(), row * r, joined.values(), row * (l + r) + l, r);
        }
    }

    private static double mean(Tensor column) {
        double sum = 0;
        for (int row = 0; row < column.rows(); row++) {
            sum += column.values()[row];
        }
        return sum / column.rows();
    }

    /**
     * The policy as it is now.
     *
     * @return samples actions and does not change; {@link TanhGaussianPolicy#deterministic()} for use
     */
    public TanhGaussianPolicy policy() {
        TanhGaussianPolicy policy = frozen;
        if (policy == null) {
            policy = actor.freeze();
            frozen = policy;
        }
        return policy;
    }

    /**
     * What the networks see.
     *
     * @return the scaling of observations and actions
     */
    public Scaling scaling() {
        return scaling;
    }

    /**
     * The critics as they are now.
     *
     * @return copies that do not change
     */
    public Critics critics() {
        return new Critics(
                scaling,
                critics.stream().map(critic -> critic.network().freeze()).toList());
    }

    /**
     * The value of the policy without chance as it is now, for the end of a planner's horizon for example.
     *
     * @return V(s) = min Q(s, tanh μ(s)), which does not change
     */
    public GreedyValue value() {
        return new GreedyValue(policy(), critics());
    }

    /**
     * The soft value of the policy as it is now, entropy included.
     *
     * @param draws actions that stand for all, at least 1
     * @return V(s) = E[min Q(s, a) − α log π(a|s)], which does not change
     */
    public SoftValue softValue(int draws) {
        return new SoftValue(policy(), critics(), temperature(), draws, streams.stream("soft value", updates));
    }

    /**
     * The entropy's weight α as it is now.
     *
     * @return 0 or more
     */
    public double temperature() {
        return temperature.value();
    }

    /**
     * How many updates have been made.
     *
     * @return 0 or more
     */
    public long updates() {
        return updates;
    }

    /** Puts networks, temperature, optimisers and the number of updates; the scaling is not among them. */
    @Override
    public void save(CheckpointWriter to) {
        to.put("learner", new LearnerCounters(updates));
        CheckpointParts.put(to.at("actor"), actor.parameters());
        CheckpointParts.put(to.at("actor-adam"), actorAdam);
        for (int i = 0; i < critics.size(); i++) {
            critics.get(i).save(to.at("critic-" + i));
        }
        temperature.save(to.at("temperature"));
        divergence.save(to.at("divergence"));
    }

    /** Reads what a learner with the same scaling, configuration and seed put. */
    @Override
    public Runnable restore(CheckpointReader from) {
        LearnerCounters counters = from.record("learner", LearnerCounters.class);
        List<Runnable> parts = new ArrayList<>();
        parts.add(CheckpointParts.restoring(from.at("actor"), actor.parameters()));
        parts.add(CheckpointParts.restoring(from.at("actor-adam"), actorAdam));
        for (int i = 0; i < critics.size(); i++) {
            parts.add(critics.get(i).restore(from.at("critic-" + i)));
        }
        parts.add(temperature.restore(from.at("temperature")));
        parts.add(divergence.restore(from.at("divergence")));
        return () -> {
            parts.forEach(Runnable::run);
            updates = counters.updates();
            frozen = null;
        };
    }

    TanhGaussianActor actor() {
        return actor;
    }

    List<CriticTrainer> trainers() {
        return critics;
    }
}
