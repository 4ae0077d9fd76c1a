package io.github.mbrl4j.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SavedLatentTest {

    @TempDir
    Path directory;

    /** Episodes of which some terminate. */
    private static ReplayBuffer data() {
        RandomGenerator random = new SplittableRandom(2);
        ReplayBuffer data = ReplayBuffer.of(LinearSystem.SPEC, 400);
        int size = LinearSystem.SPEC.observationSize();
        for (int episode = 0; episode < 10; episode++) {
            double[] seen = random.doubles(size).toArray();
            for (int step = 0; step < 12; step++) {
                double[] next = random.doubles(size).toArray();
                double[] action = LinearSystem.SPEC.actionSpace().sample(random);
                boolean last = step == 11;
                data.add(new Transition(
                        seen, action, next[0], next, last && episode % 2 == 0, last && episode % 2 == 1, step == 0));
                seen = next;
            }
        }
        return data;
    }

    private static float[] outputs(LatentDynamics model, ReplayBuffer data) {
        Batch states = LatentDynamicsTest.states(model, data);
        Batch next = new Batch(states.rows(), states.columns());
        float[] rewards = new float[states.rows()];
        model.sample(states, data.all().actions(), new SplittableRandom(3), next, rewards);
        boolean[] ends = new boolean[states.rows()];
        model.learnedTermination().terminated(states, data.all().actions(), next, ends);
        float[] all = new float[next.rows() * next.columns() + 2 * rewards.length];
        System.arraycopy(next.array(), 0, all, 0, next.rows() * next.columns());
        for (int i = 0; i < rewards.length; i++) {
            all[all.length - 2 * i - 1] = rewards[i];
            all[all.length - 2 * i - 2] = ends[i] ? 1 : 0;
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void predictsAsBeforeAndLearnsAsItWouldHave(int frames) {
        LatentConfig config = LatentDynamicsTest.SMALL.withFrames(frames);
        LatentDynamics model = LatentDynamicsTest.fitted(config, new Workers(1), data());
        Path file = directory.resolve("latent.zip");
        model.save(file);
        LatentDynamics read = LatentDynamics.load(file);
        assertThat(outputs(read, data())).isEqualTo(outputs(model, data()));
        read.fit(data(), new SplittableRandom(4));
        model.fit(data(), new SplittableRandom(4));
        assertThat(outputs(read, data())).isEqualTo(outputs(model, data()));
        assertThatIllegalStateException()
                .isThrownBy(() -> new LatentDynamics(LinearSystem.SPEC, LatentDynamicsTest.SMALL).save(file));
    }
}
