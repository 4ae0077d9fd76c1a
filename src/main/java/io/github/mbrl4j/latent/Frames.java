package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.Arrays;

/**
 * Makes a state of several frames. All are encoded by the same network; the state is the code of the newest frame, then for each frame
 * before it, newest first, by how much the code has changed since, divided by the root mean square of such changes. Speeds come out as
 * precise as positions are smooth: what an encoder gets wrong, it gets wrong in neighbouring frames alike.
 *
 * <p>Of one frame it makes the frame's code.
 */
final class Frames implements Checkpointed {

    /** Mean squares are those of about as many of the last batches. */
    private static final int ENOUGH = 100;

    final int count;
    private final int codeSize;

    /** Root mean squares of changes [(F − 1)·C]. */
    private final double[] scales;

    private int batches;

    Frames(int count, int codeSize) {
        this.count = count;
        this.codeSize = codeSize;
        scales = new double[(count - 1) * codeSize];
        Arrays.fill(scales, 1);
    }

    /** The states [B, F·C] of frames [B, F·P], oldest frame first. */
    Tensor encode(Tape tape, Mlp encoder, Tensor frames) {
        Tensor later = encoder.forward(tape, frame(tape, frames, count - 1));
        Tensor state = later;
        for (int frame = count - 2; frame >= 0; frame--) {
            Tensor earlier = encoder.forward(tape, frame(tape, frames, frame));
            Tensor change = tape.add(later, tape.scale(earlier, -1));
            state = tape.concat(state, tape.multiply(change, shares(tape, change.rows(), count - 2 - frame)));
            later = earlier;
        }
        return state;
    }

    /** A frame [B, P] of frames [B, F·P]. */
    private Tensor frame(Tape tape, Tensor frames, int index) {
        int size = frames.columns() / count;
        return count == 1 ? frames : tape.slice(frames, index * size, size);
    }

    Tensor newest(Tape tape, Tensor frames) {
        return frame(tape, frames, count - 1);
    }

    Tensor newestCode(Tape tape, Tensor states) {
        return count == 1 ? states : tape.slice(states, 0, codeSize);
    }

    private Tensor shares(Tape tape, int rows, int change) {
        Tensor shares = tape.constant(rows, codeSize);
        for (int i = 0; i < shares.size(); i++) {
            shares.values()[i] = (float) (1 / scales[change * codeSize + i % codeSize]);
        }
        return shares;
    }

    /** Follows the mean squares of changes, which are 1 in states if the scales are right. */
    void follow(Tensor states) {
        batches = Math.min(ENOUGH, batches + 1);
        double share = 1.0 / batches;
        for (int i = 0; i < scales.length; i++) {
            double sum = 0;
            for (int row = 0; row < states.rows(); row++) {
                double change = states.values()[row * states.columns() + codeSize + i];
                sum += change * change;
            }
            scales[i] *= Math.sqrt(Math.max(1e-6, 1 + share * (sum / states.rows() - 1)));
        }
    }

    double[] scales() {
        return scales.clone();
    }

    @Override
    public void save(CheckpointWriter to) {
        putScales(to, scales);
        to.put("followed", new Followed(batches));
    }

    @Override
    public Runnable restore(CheckpointReader from) {
        double[] read = scales(from, scales.length);
        int followed = from.record("followed", Followed.class).batches();
        return () -> {
            System.arraycopy(read, 0, scales, 0, scales.length);
            batches = followed;
        };
    }

    static void putScales(CheckpointWriter to, double[] scales) {
        if (scales.length > 0) {
            to.put("changes", scales, scales.length);
        }
    }

    static double[] scales(CheckpointReader from, int length) {
        if (length == 0) {
            return new double[0];
        }
        double[] scales = from.doubles("changes", length);
        return from.make("changes", () -> {
            for (double scale : scales) {
                Require.inRange("scale of a change", scale, Float.MIN_NORMAL, Float.MAX_VALUE);
            }
            return scales;
        });
    }

    /** How many batches there were, counted no further than it matters. */
    private record Followed(int batches) {
        Followed {
            Require.inRange("batches", batches, 0, ENOUGH);
        }
    }
}
