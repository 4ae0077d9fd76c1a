package io.github.mbrl4j.latent;

/** What is thrown when training diverges. */
final class Divergence {

    private Divergence() {}

    static IllegalStateException after(int updates, double loss, LatentTraining training) {
        return new IllegalStateException(String.format(
                "training diverged (loss %s after %d updates); maybe learningRate %s is too high. The model is as before;"
                        + " the next fit starts from new weights",
                loss, updates, training.learningRate()));
    }
}
