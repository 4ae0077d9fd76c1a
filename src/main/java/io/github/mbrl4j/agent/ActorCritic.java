package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.data.ReplayBuffer;
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
import io.github.mbrl4j.policy.StateValue;
import io.github.mbrl4j.policy.StochasticActor;
import io.github.mbrl4j.policy.StochasticPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What PPO and policy gradient share: an actor, a value baseline V(s), their optimisers, and how steps of the actor are judged. The
 * actor and the baseline have nothing in common, so that one thread may train each.
 */
final class ActorCritic implements Checkpointed {

    private final EnvSpec spec;
    private final StochasticActor actor;
    private final Adam actorAdam;
    private final Mlp value;
    private final Adam valueAdam;
    private final Tape actorTape = new Tape();
    private final Tape valueTape = new Tape();
    private @Nullable StochasticPolicy frozen;

    ActorCritic(
            EnvSpec spec,
            List<Integer> hidden,
            double policyLearningRate,
            double valueLearningRate,
            RandomStreams streams) {
        this.spec = spec;
        actor = StochasticActor.of(spec, hidden, streams.stream("actor"));
        actorAdam = new Adam(policyLearningRate);
        actor.parameters().forEach(parameter -> actorAdam.add(parameter, 0));
        value = new Mlp(spec.observationSize(), hidden, 1, Activation.TANH, streams.stream("value"));
        valueAdam = new Adam(valueLearningRate);
        value.parameters().forEach(parameter -> valueAdam.add(parameter, 0));
    }

    /** Judges steps that the actor, as it is now, has drawn. */
    Experience judge(ReplayBuffer steps, double discount, double lambda, boolean normalised) {
        Require.that(steps.size() > 0, "steps is empty, expected at least one step of the policy");
        Require.that(
                steps.observationSize() == spec.observationSize() && steps.actionSize() == spec.actionSize(),
                "the data have O=%d, A=%d, expected O=%d, A=%d; maybe they belong to another environment",
                steps.observationSize(),
                steps.actionSize(),
                spec.observationSize(),
                spec.actionSize());
        Transitions all = steps.all();
        float[] values = new float[all.size()];
        float[] nextValues = new float[all.size()];
        StateValue baseline = value();
        baseline.values(all.observations(), values);
        baseline.values(all.next(), nextValues);
        float[] advantages = Advantages.of(
                all.rewards(), values, nextValues, all.terminated(), last(steps, all.size()), discount, lambda);
        float[] returns = new float[all.size()];
        for (int i = 0; i < returns.length; i++) {
            returns[i] = advantages[i] + values[i];
        }
        if (normalised) {
            Advantages.normalise(advantages);
        }
        return new Experience(
                all.observations(),
                all.actions(),
                logDensities(all.observations(), all.actions()),
                advantages,
                returns);
    }

    private static boolean[] last(ReplayBuffer steps, int n) {
        boolean[] last = new boolean[n];
        for (int start : steps.episodeStarts()) {
            if (start > 0) {
                last[start - 1] = true;
            }
        }
        last[n - 1] = true;
        return last;
    }

    private float[] logDensities(Batch observations, Batch draws) {
        actorTape.reset();
        Tensor logs = actor.densities(actorTape, constant(observations), constant(draws))
                .logs();
        return Arrays.copyOf(logs.values(), logs.size());
    }

    private Tensor constant(Batch batch) {
        Tensor tensor = actorTape.constant(batch.rows(), batch.columns());
        System.arraycopy(batch.array(), 0, tensor.values(), 0, tensor.size());
        return tensor;
    }

    /** What a step of the actor goes down. */
    @FunctionalInterface
    interface Loss {
        Tensor of(Tape tape, Tensor logDensities);
    }

    /** What a step of the actor saw: its loss without the bonus, and the entropy. */
    record ActorStep(double loss, double entropy) {}

    /** One step of the actor on some rows, with a share of the learning rate, down a loss less a bonus for entropy. */
    ActorStep stepActor(Experience experience, int[] rows, double share, double entropyBonus, Loss loss) {
        actorTape.reset();
        StochasticActor.Densities densities = actor.densities(
                actorTape,
                Experience.rows(actorTape, experience.observations(), rows),
                Experience.rows(actorTape, experience.draws(), rows));
        Tensor plain = loss.of(actorTape, densities.logs());
        Tensor total = entropyBonus == 0
                ? plain
                : actorTape.add(plain, actorTape.scale(densities.entropy(), (float) -entropyBonus));
        actorTape.backward(total);
        actorAdam.step(share);
        frozen = null;
        return new ActorStep(
                finite("policy", plain.scalar()), densities.entropy().scalar());
    }

    /** One step of the baseline on some rows down (V(s) − return)²; returns that loss. */
    private double stepValue(Experience experience, int[] rows, double share) {
        valueTape.reset();
        Tensor values = value.forward(valueTape, Experience.rows(valueTape, experience.observations(), rows));
        Tensor loss =
                Losses.meanSquaredError(valueTape, values, Experience.rows(valueTape, experience.returns(), rows));
        valueTape.backward(loss);
        valueAdam.step(share);
        return finite("value", loss.scalar());
    }

    /** Fits the baseline for some epochs, with a share of the learning rate, and returns the mean loss of the last. */
    double fitValue(Experience experience, int[][][] epochs, double share) {
        double loss = 0;
        for (int[][] minibatches : epochs) {
            loss = 0;
            for (int[] rows : minibatches) {
                loss += stepValue(experience, rows, share) * rows.length / experience.size();
            }
        }
        return loss;
    }

    private static double finite(String name, double loss) {
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "the %s loss is %s, expected a finite number; maybe lower %sLearningRate or scale the rewards",
                    name,
                    loss,
                    name));
        }
        return loss;
    }

    @Override
    public void save(CheckpointWriter to) {
        CheckpointParts.put(to.at("actor"), actor.parameters());
        CheckpointParts.put(to.at("actor-adam"), actorAdam);
        CheckpointParts.put(to.at("value"), value);
        CheckpointParts.put(to.at("value-adam"), valueAdam);
    }

    @Override
    public Runnable restore(CheckpointReader from) {
        List<Runnable> parts = List.of(
                CheckpointParts.restoring(from.at("actor"), actor.parameters()),
                CheckpointParts.restoring(from.at("actor-adam"), actorAdam),
                CheckpointParts.restoring(from.at("value"), value),
                CheckpointParts.restoring(from.at("value-adam"), valueAdam));
        return () -> {
            parts.forEach(Runnable::run);
            frozen = null;
        };
    }

    StochasticPolicy policy() {
        StochasticPolicy policy = frozen;
        if (policy == null) {
            policy = actor.freeze();
            frozen = policy;
        }
        return policy;
    }

    StateValue value() {
        return new StateValue(value.freeze());
    }

    StochasticActor actor() {
        return actor;
    }

    Mlp valueNetwork() {
        return value;
    }
}
