package io.github.mbrl4j.model;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Differences;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Known equations plus a learned residual, f(s, a) = physics(s, a) + g(s, a): g is an {@link EnsembleDynamics} that learns what
 * the physics leaves over, s' − physics(s, a). So uncertainty, members and noise come with it, and little has to be learned where
 * the physics is nearly right.
 *
 * <pre>{@code
 * ResidualDynamics model = new ResidualDynamics(physics, env.spec(), EnsembleConfig.defaults());
 * model.fit(data, random);
 * }</pre>
 *
 * <p><b>Few data.</b> In each dimension only a share of g is added: the regression coefficient of the held-out residuals on g less
 * its standard error, within [0, 1] ({@link #shares}). With fewer than {@value #LEAST_EVIDENCE} held-out rows (by default, below
 * some 50 transitions) it is the physics alone.
 *
 * <p><b>Far from the data.</b> The inputs of g stay within the range that each of them has in the data: beyond it, the correction is
 * that at the edge, instead of what a network makes up there. The noise is, too.
 *
 * <p>Rewards are learned if the configuration says so, and never those of the physics. The physics is asked for expected next states
 * only: its noise, if it has any, is learned by g. {@code docs/models/residual.md} has figures.
 *
 * <p>Prediction is safe from many threads if the physics is, also while {@link #fit} runs in one.
 */
public final class ResidualDynamics
        implements EnsembleModel, RewardingDynamics, DifferentiableDynamics, TrainableDynamics, Checkpointed {

    /** With fewer held-out rows the physics stays alone: they come from one corner of the world and praise what holds there. */
    private static final int LEAST_EVIDENCE = 5;

    private final DifferentiableDynamics physics;
    private final EnsembleConfig config;
    private final EnsembleDynamics residual;
    private final Corrected<EnsembleDynamics> whole;
    private volatile Shrunk shrunk = new Shrunk(List.of(), List.of());
    private volatile double[] shares = {};

    /** The members of g, and what becomes of them with the physics. */
    private record Shrunk(List<? extends RewardingDynamics> residuals, List<Corrected<Member>> members) {}

    /**
     * Makes a model whose residual sees observations as they are and that trains on all processors.
     *
     * @param physics any model of the same states and actions. Its derivatives are taken by differences if it has none of its own
     * @param spec the environment's sizes and actions
     * @param config members, networks and training of g; direct targets play no part
     * @throws IllegalArgumentException if the physics is of other states or actions than the environment
     */
    public ResidualDynamics(DynamicsModel physics, EnvSpec spec, EnsembleConfig config) {
        this(physics, spec, config, ObservationTransform.IDENTITY, Workers.shared());
    }

    /**
     * Makes a model.
     *
     * @param physics any model of the same states and actions. Its derivatives are taken by differences if it has none of its own
     * @param spec the environment's sizes and actions
     * @param config members, networks and training of g; direct targets play no part
     * @param transform what the networks of g see of an observation
     * @param workers threads that members are trained on; the result does not depend on their number
     * @throws IllegalArgumentException if the physics is of other states or actions than the environment
     */
    public ResidualDynamics(
            DynamicsModel physics,
            EnvSpec spec,
            EnsembleConfig config,
            ObservationTransform transform,
            Workers workers) {
        Require.that(
                physics.stateSize() == spec.observationSize(),
                "physics has states of size %d, expected %d as an observation of %s",
                physics.stateSize(),
                spec.observationSize(),
                spec.name());
        Require.that(
                physics.actionSize() == spec.actionSize(),
                "physics has actions of size %d, expected %d as %s has",
                physics.actionSize(),
                spec.actionSize(),
                spec.name());
        this.physics = physics instanceof DifferentiableDynamics known ? known : Differences.of(physics);
        // The residual itself is the target: not what it differs from a state.
        List<Integer> all = IntStream.range(0, spec.observationSize()).boxed().toList();
        this.config = config.withDirectTargets(all);
        residual = new EnsembleDynamics(spec, this.config, transform, workers);
        whole = new Corrected<>(this.physics, residual);
    }

    /**
     * Learns the residual from data; the physics stays as it is.
     *
     * @return how it went; validation errors are those of g, in units of the residual's standard deviation
     * @throws IllegalArgumentException if the data are empty or of other widths, or the physics predicts numbers that are not
     *     finite for them
     */
    @Override
    public FitReport fit(ReplayBuffer data, RandomGenerator random) {
        Transitions leftOver = leftOver(data.all());
        return residual.fit(leftOver, random, (members, validation) -> {
            float[] gains = new float[stateSize() + (predictsReward() ? 1 : 0)];
            Arrays.fill(gains, 1);
            if (config.training().validationFraction() > 0) {
                shrink(members, leftOver, validation, gains);
            }
            shares = IntStream.range(0, stateSize()).mapToDouble(c -> gains[c]).toArray();
            return members.stream()
                    .map(member -> member.scaled(gains).within(leftOver))
                    .toList();
        });
    }

    private static final String KIND = "residual-dynamics";

    private record Gains(List<Double> shares) {}

    /**
     * Saves the residual with the state of its training. The physics is code: it has to be supplied to {@link #load} again.
     *
     * @param file where, replaced as a whole or not at all; its directory exists
     * @throws java.io.UncheckedIOException if the file cannot be written; the old one is still there then
     * @throws IllegalStateException if the model has not been fitted
     */
    public void save(Path file) {
        members(); // throws if there are none
        CheckpointWriter to = new CheckpointWriter(KIND, 0);
        CheckpointParts.put(to, residual.spec());
        to.put("config", config);
        SavedTransform.put(to, residual.transform());
        save(to);
        to.save(file);
    }

    /**
     * Reads a model.
     *
     * @param file as {@link #save(Path)} wrote it
     * @param physics the same as that of the saved model
     * @return a model that predicts as the saved one, bit for bit, and goes on to learn as it would have
     * @throws io.github.mbrl4j.io.UnreadableFileException if the file is no whole residual, is of other states or actions than the
     *     physics, or its transform is code of its own
     */
    public static ResidualDynamics load(Path file, DynamicsModel physics) {
        try (CheckpointReader from = CheckpointReader.open(file, KIND)) {
            EnvSpec spec = CheckpointParts.envSpec(from);
            EnsembleConfig config = from.record("config", EnsembleConfig.class);
            ObservationTransform transform = SavedTransform.read(from);
            from.make("config", () -> EnsembleDynamics.requireFew(config.members()));
            ResidualDynamics model = from.make(
                    "environment", () -> new ResidualDynamics(physics, spec, config, transform, Workers.shared()));
            model.restore(from).run();
            from.requireAllRead();
            return model;
        }
    }

    /** Puts the residual with the state of its training; the physics is code and is not put. */
    @Override
    public void save(CheckpointWriter to) {
        to.put("gains", new Gains(Arrays.stream(shares).boxed().toList()));
        residual.save(to.at("residual"));
    }

    /** Reads what a model with the same physics and configuration put. */
    @Override
    public Runnable restore(CheckpointReader from) {
        List<Double> read = from.record("gains", Gains.class).shares();
        from.make("gains", () -> {
            Require.that(
                    read.isEmpty() || read.size() == stateSize(),
                    "there are %d shares, expected %d",
                    read.size(),
                    stateSize());
            read.forEach(share -> Require.inRange("a share", share, 0, 1));
            return read;
        });
        Runnable learned = residual.restore(from.at("residual"));
        return () -> {
            learned.run();
            shares = read.stream().mapToDouble(Double::doubleValue).toArray();
        };
    }

    /** The data with s' − physics(s, a) in the place of s'. */
    private Transitions leftOver(Transitions data) {
        data.observations().requireColumns("observations of data", stateSize());
        data.actions().requireColumns("actions of data", actionSize());
        Batch predicted = new Batch(data.size(), stateSize());
        physics.predict(data.observations(), data.actions(), predicted);
        Batch missing = new Batch(data.size(), stateSize());
        for (int row = 0; row < data.size(); row++) {
            for (int c = 0; c < stateSize(); c++) {
                float value = predicted.get(row, c);
                Require.that(
                        Float.isFinite(value),
                        "physics predicts %s in dimension %d for transition %d of the data, expected finite numbers",
                        value,
                        c,
                        row);
                missing.set(row, c, (float) ((double) data.next().get(row, c) - value));
            }
        }
        return new Transitions(data.observations(), data.actions(), data.rewards(), missing, data.terminated());
    }

    /**
     * Regresses the residuals r of held-out rows on the members' mean g: the factor that makes Σ(r − γ·g)² least is
     * γ = ⟨r, g⟩ / ⟨g, g⟩. Of it goes its standard error, so that luck on a few rows is not taken for knowledge, and the rest is
     * cut to [0, 1].
     */
    private void shrink(List<Member> members, Transitions leftOver, int[] rows, float[] gains) {
        Batch state = new Batch(rows.length, stateSize());
        Batch action = new Batch(rows.length, actionSize());
        for (int i = 0; i < rows.length; i++) {
            leftOver.observations().copyRow(rows[i], state, i);
            leftOver.actions().copyRow(rows[i], action, i);
        }
        Batch predicted = new Batch(rows.length, stateSize());
        EnsembleDynamics.average(members, state, action, predicted, null);
        for (int c = 0; c < stateSize(); c++) {
            double gg = 0;
            double rg = 0;
            double rr = 0;
            for (int i = 0; i < rows.length; i++) {
                double g = predicted.get(i, c);
                double r = leftOver.next().get(rows[i], c);
                gg += g * g;
                rg += r * g;
                rr += r * r;
            }
            gains[c] = (float) share(rr, rg, gg, rows.length);
        }
    }

    static double share(double rr, double rg, double gg, int rows) {
        if (rows < LEAST_EVIDENCE || !(rg > 0)) {
            return 0;
        }
        double best = rg / gg;
        double variance = Math.max(0, rr - best * rg) / ((rows - 1) * gg);
        return Math.max(0, Math.min(1, best - Math.sqrt(variance)));
    }

    /**
     * The share of the learned residual that is added in each dimension: 1 where the held-out rows confirm it, 0 where the physics
     * alone predicts them better or they are too few. All are 1 if none shall be held out (validationFraction 0).
     *
     * @return a copy [S]
     * @throws IllegalStateException if the model has not been fitted
     */
    public double[] shares() {
        residual.members();
        return shares.clone();
    }

    @Override
    public List<? extends RewardingDynamics> members() {
        List<Member> fitted = residual.members();
        Shrunk known = shrunk;
        if (known.residuals != fitted) {
            known = new Shrunk(
                    fitted,
                    fitted.stream()
                            .map(member -> new Corrected<>(physics, member))
                            .toList());
            shrunk = known;
        }
        return known.members;
    }

    @Override
    public int stateSize() {
        return residual.stateSize();
    }

    @Override
    public ActionSpace actionSpace() {
        return residual.actionSpace();
    }

    @Override
    public boolean predictsReward() {
        return residual.predictsReward();
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next) {
        whole.predict(states, actions, next);
    }

    @Override
    public void predict(Batch states, Batch actions, Batch next, float[] rewards) {
        whole.predict(states, actions, next, rewards);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next) {
        whole.sample(states, actions, random, next);
    }

    @Override
    public void sample(Batch states, Batch actions, RandomGenerator random, Batch next, float[] rewards) {
        whole.sample(states, actions, random, next, rewards);
    }

    /**
     * Makes a step through physics and the mean of the residual's members. It draws no noise, as that of an
     * {@link EnsembleDynamics} does not.
     */
    @Override
    public DifferentiableStep differentiableStep() {
        return whole.differentiableStep();
    }
}
