package io.github.mbrl4j.agent;

import io.github.mbrl4j.io.CheckpointParts;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.Adam;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.List;

/**
 * The entropy's weight α in SAC. Learned, it rises while the policy's entropy is below the target and falls above it
 * (Haarnoja et al. 2018, arXiv 1812.05905, section 5; with log α in place of α, as in the authors' code).
 */
final class Temperature implements Checkpointed {

    private final boolean learned;
    private final double fixed;
    private final double targetEntropy;
    private final Tensor log = Tensor.parameter(1, 1);
    private final Tape tape = new Tape();
    private final Adam adam;

    Temperature(SacLearnerConfig config, int actionSize) {
        learned = config.temperatureLearned();
        fixed = config.temperature();
        targetEntropy = config.entropyPerAction() * actionSize;
        log.values()[0] = learned ? (float) Math.log(config.temperature()) : 0;
        adam = new Adam(config.learningRate());
        adam.add(log, 0);
    }

    double value() {
        return learned ? Math.exp(log.scalar()) : fixed;
    }

    @Override
    public void save(CheckpointWriter to) {
        CheckpointParts.put(to.at("log"), List.of(log));
        CheckpointParts.put(to.at("adam"), adam);
    }

    @Override
    public Runnable restore(CheckpointReader from) {
        Runnable value = CheckpointParts.restoring(from.at("log"), List.of(log));
        Runnable moments = CheckpointParts.restoring(from.at("adam"), adam);
        return () -> {
            value.run();
            moments.run();
        };
    }

    /** One step down −log α · (log π + H), where H is the target entropy and log π the mean over a batch. */
    void learn(double meanLogDensity) {
        if (learned) {
            tape.reset();
            tape.backward(tape.scale(log, (float) -(meanLogDensity + targetEntropy)));
            adam.step();
        }
    }
}
