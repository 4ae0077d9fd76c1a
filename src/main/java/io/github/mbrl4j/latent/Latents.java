package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.nn.FrozenMlp;
import org.jspecify.annotations.Nullable;

/**
 * What was learned about states beside their dynamics. Immutable, safe for use by many threads.
 *
 * @param coder encoder and decoder
 * @param endings logit of whether an episode has ended in a state; null where none has
 */
record Latents(FrozenCoder coder, @Nullable FrozenMlp endings) {

    private static final ThreadLocal<Batch> LOGITS = ThreadLocal.withInitial(() -> new Batch(0, 1));

    void save(CheckpointWriter to) {
        coder.save(to);
        if (endings != null) {
            CheckpointParts.put(to.at("endings"), endings);
        }
    }

    static Latents read(CheckpointReader from, int observationSize, int stateSize, LatentConfig config) {
        CheckpointReader place = from.at("endings");
        return new Latents(
                FrozenCoder.read(from, observationSize, config),
                place.has("network") ? CheckpointParts.frozenMlp(place, stateSize, 1) : null);
    }

    void terminated(Batch next, boolean[] terminated) {
        Batch logits = LOGITS.get();
        if (endings != null) {
            Tiles.apply(endings, next, logits);
        }
        for (int row = 0; row < next.rows(); row++) {
            terminated[row] = endings != null && logits.array()[row] > 0;
        }
    }
}
