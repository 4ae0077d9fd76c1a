package io.github.mbrl4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Adam;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointPartsTest {

    @TempDir
    Path directory;

    private CheckpointReader saved(Consumer<CheckpointWriter> content) {
        CheckpointWriter writer = new CheckpointWriter("parts", 1);
        content.accept(writer.at("part"));
        Path file = directory.resolve("parts.zip");
        writer.save(file);
        return CheckpointReader.open(file, "parts").at("part");
    }

    @Test
    void aNormalizer() {
        Normalizer normalizer = Normalizer.fit(Batch.ofRows(new double[] {1, 1e-7}, new double[] {2, 1e9}));
        try (CheckpointReader from = saved(to -> CheckpointParts.put(to, normalizer))) {
            assertThat(CheckpointParts.normalizer(from, 2)).isEqualTo(normalizer);
            from.requireAllRead();
            assertRefused(() -> CheckpointParts.normalizer(from, 3), "it is FLOAT64 (2,), expected FLOAT64 (3,)");
        }
        try (CheckpointReader from = saved(to -> {
            to.put("mean", new double[] {0}, 1);
            to.put("scale", new double[] {-1}, 1);
        })) {
            assertRefused(() -> CheckpointParts.normalizer(from, 1), "entry part/scale: scale[0] is -1.0, expected");
        }
    }

    @Test
    void trainingGoesOnBitForBit() {
        Learner whole = new Learner(1);
        whole.train(0, 10);
        Learner half = new Learner(1);
        half.train(0, 5);
        try (CheckpointReader from = saved(to -> {
            CheckpointParts.put(to.at("network"), half.network);
            CheckpointParts.put(to.at("adam"), half.adam);
        })) {
            Learner resumed = new Learner(2);
            CheckpointParts.restore(from.at("network"), resumed.network);
            CheckpointParts.restore(from.at("adam"), resumed.adam);
            from.requireAllRead();
            resumed.train(5, 10);
            assertThat(resumed.weights()).isDeepEqualTo(whole.weights());
            assertThat(resumed.weights()).isNotEqualTo(half.weights());
        }
    }

    @Test
    void whatHasDivergedIsNeitherSavedNorLoaded() {
        Learner learner = new Learner(1);
        learner.network.weights().get(1).values()[3] = Float.NaN;
        CheckpointWriter writer = new CheckpointWriter("parts", 1);
        assertThatIllegalStateException()
                .isThrownBy(() -> CheckpointParts.put(writer, learner.network))
                .withMessageContaining("weights-1 holds NaN: learning has diverged");
        learner.network.weights().get(1).values()[3] = 1;
        learner.network.weights().get(0).gradients()[0] = Float.POSITIVE_INFINITY;
        learner.adam.step();
        assertThatIllegalStateException()
                .isThrownBy(() -> CheckpointParts.put(writer.at("adam"), learner.adam))
                .withMessageContaining("mean-0 holds Infinity");
        try (CheckpointReader from = saved(to -> {
            to.put("parameters", new Count(1));
            to.put("parameter-0", new float[] {1, Float.NaN}, 1, 2);
        })) {
            List<Tensor> parameters = List.of(Tensor.parameter(1, 2));
            assertRefused(
                    () -> CheckpointParts.restoring(from, parameters),
                    "entry part/parameter-0: number 1 of it is NaN, expected finite ones");
        }
    }

    private record Count(int count) {}

    /** A network that is trained with gradients from nowhere. */
    private static final class Learner {
        final Mlp network;
        final Adam adam = new Adam(1e-3);

        Learner(long seed) {
            network = new Mlp(3, List.of(5, 4), 2, Activation.SWISH, RandomStreams.of(seed).stream("weights"));
            network.weights().forEach(weights -> adam.add(weights, 1e-4));
            network.biases().forEach(bias -> adam.add(bias, 0));
        }

        void train(int from, int to) {
            for (int step = from; step < to; step++) {
                RandomGenerator random = RandomStreams.of(9).stream("gradients", step);
                for (Tensor tensor : network.weights()) {
                    for (int i = 0; i < tensor.size(); i++) {
                        tensor.gradients()[i] = (float) random.nextGaussian();
                    }
                }
                adam.step();
            }
        }

        float[][] weights() {
            return network.weights().stream()
                    .map(tensor -> tensor.values().clone())
                    .toArray(float[][]::new);
        }
    }

    @Test
    void anotherNetworkIsRefusedAndUnchanged() {
        Learner learner = new Learner(1);
        try (CheckpointReader from = saved(to -> {
            CheckpointParts.put(to.at("network"), learner.network);
            CheckpointParts.put(to.at("adam"), learner.adam);
        })) {
            RandomGenerator random = RandomStreams.of(3).stream("weights");
            Mlp narrow = new Mlp(3, List.of(5, 3), 2, Activation.SWISH, random);
            Mlp other = new Mlp(3, List.of(5, 4), 2, Activation.TANH, random);
            Mlp deep = new Mlp(3, List.of(5, 4, 4), 2, Activation.SWISH, random);
            float[] before = narrow.weights().get(0).values().clone();
            assertRefused(
                    () -> CheckpointParts.restore(from.at("network"), narrow),
                    "entry part/network/weights-1.npy: it is FLOAT32 (5, 4), expected FLOAT32 (5, 3)");
            assertThat(narrow.weights().get(0).values()).isEqualTo(before);
            assertRefused(
                    () -> CheckpointParts.restore(from.at("network"), other),
                    "it is Network[activation=SWISH, layers=3], expected Network[activation=TANH, layers=3]");
            assertRefused(() -> CheckpointParts.restore(from.at("network"), deep), "layers=3], expected Network");
            Adam fewer = new Adam(1e-3);
            fewer.add(learner.network.weights().get(0), 0);
            assertRefused(
                    () -> CheckpointParts.restore(from.at("adam"), fewer), "entry part/adam/adam: it is 6, expected 1");
        }
    }

    @Test
    void aReplayBufferThatHasLostItsBeginning() {
        ReplayBuffer data = new ReplayBuffer(2, 1, 50);
        ReplayBuffer source = LoggedBuffers.random(2, 1, 30, 3);
        for (int i = 0; i < source.size(); i++) {
            data.add(source.transition(i));
        }
        assertThat(data.size()).isEqualTo(50);
        assertThat(source.size()).isGreaterThan(60);
        try (CheckpointReader from = saved(to -> CheckpointParts.put(to, data))) {
            ReplayBuffer copy = CheckpointParts.replayBuffer(from);
            LoggedBuffers.assertEqual(copy, data);
            assertThat(copy.capacity()).isEqualTo(50);
            assertThat(copy.sequenceStarts(2)).isEqualTo(data.sequenceStarts(2));
            Transition more = source.transition(0);
            copy.add(more);
            data.add(more);
            LoggedBuffers.assertEqual(copy, data);
            assertThat(copy.sample(20, RandomStreams.of(1).stream("sample")).rewards())
                    .isEqualTo(data.sample(20, RandomStreams.of(1).stream("sample"))
                            .rewards());
            from.requireAllRead();
        }
    }

    @Test
    void anEmptyReplayBuffer() {
        ReplayBuffer data = new ReplayBuffer(2, 1, Integer.MAX_VALUE);
        try (CheckpointReader from = saved(to -> CheckpointParts.put(to, data))) {
            ReplayBuffer copy = CheckpointParts.replayBuffer(from);
            assertThat(copy.size()).isZero();
            assertThat(copy.capacity()).isEqualTo(Integer.MAX_VALUE);
        }
    }

    @Test
    void numbersThatAreNoneAreRefused() {
        ReplayBuffer data = LoggedBuffers.random(2, 1, 3, 3);
        int n = data.size();
        float[] rewards = new float[n];
        Arrays.fill(rewards, Float.NaN);
        try (CheckpointReader good = saved(to -> CheckpointParts.put(to, data));
                CheckpointReader from = saved(to -> {
                    to.put("replay", new Sizes(2, 1, 100, n));
                    for (String name : List.of("observations", "next")) {
                        to.put(name, good.array(name));
                    }
                    to.put("actions", good.array("actions"));
                    to.put("rewards", rewards, n);
                    for (String name : List.of("terminated", "truncated", "first")) {
                        to.put(name, good.array(name));
                    }
                })) {
            assertRefused(() -> CheckpointParts.replayBuffer(from), "entry part/replay: rewards is NaN in row 0");
        }
        try (CheckpointReader from = saved(to -> to.put("replay", new Sizes(2, 1, 3, 4)))) {
            assertRefused(() -> CheckpointParts.replayBuffer(from), "size is 4, expected 0 to 3");
        }
        try (CheckpointReader from = saved(to -> to.put("replay", new Sizes(-2, 1, 3, 3)))) {
            assertRefused(() -> CheckpointParts.replayBuffer(from), "observationSize is -2");
        }
    }

    private record Sizes(int observationSize, int actionSize, int capacity, int size) {}

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String reason) {
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(call)
                .withMessageContaining(reason);
    }
}
