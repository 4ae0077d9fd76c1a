package io.github.mbrl4j.agent;

import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import java.util.random.RandomGenerator;

/**
 * Batches that are partly real and partly imagined.
 *
 * @param data what was really visited
 * @param imagined what was imagined
 * @param size transitions of a batch
 * @param realShare the share of them that is real, rounded
 */
record MixedBatches(ReplayBuffer data, ReplayBuffer imagined, int size, double realShare) {

    /** Draws a batch uniformly from both. */
    Transitions draw(RandomGenerator random) {
        int real = (int) Math.round(realShare * size);
        if (real == size) {
            return data.sample(size, random);
        }
        Transitions batch = imagined.sample(size - real, random);
        return real == 0 ? batch : data.sample(real, random).followedBy(batch);
    }
}
