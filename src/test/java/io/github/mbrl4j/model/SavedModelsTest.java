package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.io.UnreadableFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models come back as they were, bit for bit: to predict with, and to learn further. */
class SavedModelsTest {

    /** An angle, a speed and a switch beside a continuous action: everything that is coded in some way. */
    private static final EnvSpec SPEC =
            new EnvSpec("Mixed", 2, ActionSpace.product(ActionSpace.continuous(1, -1, 2), ActionSpace.discrete(3)), 20);

    private static final EnsembleConfig SMALL = EnsembleConfig.defaults()
            .withMembers(3)
            .withElites(2)
            .withHidden(List.of(7, 5))
            .withLearnedReward(true)
            .withTraining(new TrainingConfig(1e-3, List.of(1e-5), 32, 30, 10, 0.01, 0.1).withMaxEpochs(3));

    @TempDir
    Path directory;

    private static ReplayBuffer data(int n) {
        RandomGenerator random = new SplittableRandom(5);
        ReplayBuffer data = ReplayBuffer.of(SPEC, 1000);
        for (int i = 0; i < n; i++) {
            double[] s = {6 * random.nextDouble(), random.nextGaussian()};
            double[] a = SPEC.actionSpace().sample(random);
            double[] next = {s[0] + 0.1 * s[1], Math.sin(s[0]) + a[0] * a[1] + 0.1 * random.nextGaussian()};
            data.add(new Transition(s, a, -next[0] * next[0], next, next[1] > 1.5, false, i == 0));
        }
        return data;
    }

    private final Batch states = data(40).all().observations();
    private final Batch actions = data(40).all().actions();

    private List<float[]> outputs(DynamicsModel model) {
        Batch next = new Batch(40, 2);
        Batch drawn = new Batch(40, 2);
        model.predict(states, actions, next);
        model.sample(states, actions, new SplittableRandom(2), drawn);
        return List.of(next.array().clone(), drawn.array().clone());
    }

    private void assertSame(DynamicsModel found, DynamicsModel expected) {
        List<float[]> a = outputs(found);
        List<float[]> b = outputs(expected);
        assertThat(Arrays.deepToString(a.toArray())).isEqualTo(Arrays.deepToString(b.toArray()));
    }

    private static EnsembleDynamics ensemble() {
        EnsembleDynamics model = new EnsembleDynamics(SPEC, SMALL, ObservationTransform.angles(0), new Workers(1));
        model.fit(data(100), new SplittableRandom(1));
        return model;
    }

    @Test
    void anEnsembleWithItsRewardAndRecalibration() {
        EnsembleDynamics model = ensemble();
        model.recalibrate(data(60));
        Path file = directory.resolve("model.zip");
        model.save(file);
        EnsembleDynamics read = EnsembleDynamics.load(file);
        assertSame(read, model);
        float[] rewards = new float[40];
        float[] readRewards = new float[40];
        model.predict(states, actions, new Batch(0, 2), rewards);
        read.predict(states, actions, new Batch(0, 2), readRewards);
        assertThat(readRewards).isEqualTo(rewards);
        assertThat(read.actionSpace()).isEqualTo(SPEC.actionSpace());
        read.fit(data(50), new SplittableRandom(3)); // from the beginning
        assertThatIllegalStateException()
                .isThrownBy(() -> new EnsembleDynamics(SPEC, SMALL).save(directory.resolve("no.zip")));
        assertThat(directory).isDirectoryNotContaining("glob:**no.zip");
    }

    /** Features of a user's own. */
    private static final class Squares implements ObservationTransform {
        @Override
        public int featureSize(int observationSize) {
            return observationSize;
        }

        @Override
        public void apply(Batch observations, Batch features) {
            features.resize(observations.rows());
            for (int i = 0; i < observations.rows() * observations.columns(); i++) {
                features.array()[i] = observations.array()[i] * observations.array()[i];
            }
        }
    }

    @Test
    void aTransformOfOnesOwnIsSuppliedAgain() {
        EnsembleDynamics model = new EnsembleDynamics(SPEC, SMALL, new Squares(), new Workers(1));
        model.fit(data(60), new SplittableRandom(1));
        Path file = directory.resolve("model.zip");
        model.save(file);
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> EnsembleDynamics.load(file))
                .withMessageContaining("it is " + Squares.class.getName() + ", which is code of its own; supply it");
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> EnsembleDynamics.load(file, ObservationTransform.IDENTITY))
                .withMessageContaining("kind is " + Squares.class.getName() + ", expected identity");
        assertSame(EnsembleDynamics.load(file, new Squares()), model);
    }

    @Test
    void aLinearModel() {
        LinearDynamics model = new LinearDynamics(SPEC, 0.5);
        model.fit(data(100), new SplittableRandom(1));
        model.recalibrate(data(60));
        Path file = directory.resolve("model.zip");
        model.save(file);
        LinearDynamics read = LinearDynamics.load(file);
        assertSame(read, model);
        assertThat(read.toString()).isEqualTo(model.toString());
        read.fit(data(50), new SplittableRandom(3));
        model.fit(data(50), new SplittableRandom(3));
        assertSame(read, model);
    }

    @Test
    void aResidualWithItsPhysics() {
        LinearDynamics physics = new LinearDynamics(SPEC);
        physics.fit(data(100), new SplittableRandom(1));
        ResidualDynamics model = new ResidualDynamics(physics, SPEC, SMALL);
        model.fit(data(100), new SplittableRandom(1));
        Path file = directory.resolve("model.zip");
        model.save(file);
        ResidualDynamics read = ResidualDynamics.load(file, physics);
        assertSame(read, model);
        assertThat(read.shares()).isEqualTo(model.shares());
        read.fit(data(50), new SplittableRandom(3));
        model.fit(data(50), new SplittableRandom(3));
        assertSame(read, model);
        EnvSpec other = new EnvSpec("Other", 3, SPEC.actionSpace(), 20);
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> ResidualDynamics.load(file, new LinearDynamics(other)))
                .withMessageContaining("physics has states of size 3, expected 2");
    }

    @Test
    void aReward() {
        LearnedReward model = new LearnedReward(SPEC, network(), ObservationTransform.angles(0));
        model.fit(data(100), new SplittableRandom(1));
        Path file = directory.resolve("model.zip");
        model.save(file);
        assertThat(rewards(LearnedReward.load(file))).isEqualTo(rewards(model));
        LearnedReward further = new LearnedReward(SPEC, network(), ObservationTransform.angles(0));
        copy(model, further);
        assertThat(rewards(further)).isEqualTo(rewards(model));
        model.fit(data(50), new SplittableRandom(3));
        further.fit(data(50), new SplittableRandom(3));
        assertThat(rewards(further)).isEqualTo(rewards(model));
    }

    private static NetworkConfig network() {
        return NetworkConfig.defaults().withHidden(List.of(6)).withTraining(SMALL.training());
    }

    private float[] rewards(LearnedReward model) {
        float[] rewards = new float[40];
        model.rewards(states, actions, data(40).all().next(), rewards);
        return rewards;
    }

    @Test
    void aTermination() {
        TerminationConfig config = new TerminationConfig(network(), 0.3);
        LearnedTermination model = new LearnedTermination(SPEC, config);
        model.fit(data(100), new SplittableRandom(1));
        Path file = directory.resolve("model.zip");
        model.save(file);
        assertThat(probabilities(LearnedTermination.load(file))).isEqualTo(probabilities(model));
        LearnedTermination further = new LearnedTermination(SPEC, config);
        copy(model, further);
        model.fit(data(50), new SplittableRandom(3));
        further.fit(data(50), new SplittableRandom(3));
        assertThat(probabilities(further)).isEqualTo(probabilities(model));
        ReplayBuffer endless = ReplayBuffer.of(SPEC, 10);
        endless.add(data(1).transition(0));
        model.fit(endless, new SplittableRandom(1));
        model.save(file);
        assertThat(probabilities(LearnedTermination.load(file))).containsOnly(0);
    }

    private float[] probabilities(LearnedTermination model) {
        float[] probabilities = new float[40];
        model.probabilities(states, probabilities);
        return probabilities;
    }

    /** By a checkpoint with the state of training. */
    private void copy(Checkpointed from, Checkpointed to) {
        Path file = directory.resolve("copy.zip");
        CheckpointWriter writer = new CheckpointWriter("copy", 0);
        from.save(writer.at("part"));
        writer.save(file);
        try (CheckpointReader reader = CheckpointReader.open(file, "copy")) {
            Runnable restored = to.restore(reader.at("part"));
            reader.requireAllRead();
            restored.run();
        }
    }

    @Test
    void aSpaceOfActionsThatWouldFillTheMemoryIsRefused() {
        Path file = directory.resolve("spec.zip");
        CheckpointWriter writer = new CheckpointWriter("spec", 0);
        CheckpointParts.put(writer, ActionSpace.discrete(Integer.MAX_VALUE));
        writer.save(file);
        try (CheckpointReader reader = CheckpointReader.open(file, "spec")) {
            assertThatExceptionOfType(UnreadableFileException.class)
                    .isThrownBy(() -> CheckpointParts.actionSpace(reader))
                    .withMessageContaining("choices is 2.147483647E9, expected");
        }
    }
}
