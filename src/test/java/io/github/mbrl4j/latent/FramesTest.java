package io.github.mbrl4j.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {

    private static final int ROWS = 6;
    private static final Mlp ENCODER = new Mlp(4, List.of(5), 2, Activation.TANH, new SplittableRandom(1));

    private static Tensor frames(Tape tape, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        Tensor frames = tape.constant(ROWS, 12);
        for (int i = 0; i < frames.size(); i++) {
            frames.values()[i] = (float) random.nextGaussian();
        }
        return frames;
    }

    private static double[] code(Tensor frames, int row, int frame) {
        Tape tape = new Tape();
        Tensor one = tape.constant(1, 4);
        System.arraycopy(frames.values(), row * 12 + frame * 4, one.values(), 0, 4);
        Tensor code = ENCODER.forward(tape, one);
        return new double[] {code.values()[0], code.values()[1]};
    }

    @Test
    void aStateIsTheNewestCodeAndWhatHasChangedFromFrameToFrame() {
        Frames three = new Frames(3, 2);
        Tape tape = new Tape();
        Tensor seen = frames(tape, 2);
        three.follow(three.encode(tape, ENCODER, seen));
        double[] scales = three.scales();
        Tensor states = three.encode(tape, ENCODER, seen);
        for (int row = 0; row < ROWS; row++) {
            for (int c = 0; c < 2; c++) {
                double newest = code(seen, row, 2)[c];
                double middle = code(seen, row, 1)[c];
                double oldest = code(seen, row, 0)[c];
                assertThat((double) states.values()[row * 6 + c]).isCloseTo(newest, within(1e-6));
                assertThat((double) states.values()[row * 6 + 2 + c])
                        .isCloseTo((newest - middle) / scales[c], within(1e-5));
                assertThat((double) states.values()[row * 6 + 4 + c])
                        .isCloseTo((middle - oldest) / scales[2 + c], within(1e-5));
            }
        }
    }

    @Test
    void changesHaveAMeanSquareOfOne() {
        Frames two = new Frames(3, 2);
        Tape tape = new Tape();
        for (int batch = 0; batch < 300; batch++) {
            tape.reset();
            two.follow(two.encode(tape, ENCODER, frames(tape, batch)));
        }
        double[] squares = new double[4];
        for (int batch = 300; batch < 600; batch++) {
            tape.reset();
            Tensor states = two.encode(tape, ENCODER, frames(tape, batch));
            for (int i = 0; i < ROWS * 4; i++) {
                squares[i % 4] += Math.pow(states.values()[i / 4 * 6 + 2 + i % 4], 2) / ROWS / 300;
            }
        }
        assertThat(squares).satisfies(all -> {
            for (double square : all) {
                assertThat(square).isCloseTo(1, within(0.15));
            }
        });
    }

    @Test
    void theEncoderHasTheGradientOfItsDifferences() {
        Frames three = new Frames(3, 2);
        three.follow(three.encode(new Tape(), ENCODER, frames(new Tape(), 2)));
        Tape tape = new Tape();
        tape.backward(weighted(three, tape));
        for (Tensor parameter : ENCODER.parameters()) {
            for (int i = 0; i < parameter.size(); i++) {
                float kept = parameter.values()[i];
                parameter.values()[i] = kept + 1e-2f;
                double above = weighted(three, new Tape()).scalar();
                parameter.values()[i] = kept - 1e-2f;
                double below = weighted(three, new Tape()).scalar();
                parameter.values()[i] = kept;
                assertThat((double) parameter.gradients()[i]).isCloseTo((above - below) / 2e-2, within(2e-2));
            }
            parameter.clearGradient();
        }
    }

    /** A sum of the states with different weights. */
    private static Tensor weighted(Frames frames, Tape tape) {
        Tensor states = frames.encode(tape, ENCODER, frames(tape, 3));
        Tensor weights = tape.constant(states.rows(), states.columns());
        for (int i = 0; i < weights.size(); i++) {
            weights.values()[i] = (float) Math.sin(i);
        }
        return tape.sum(tape.multiply(states, weights));
    }

    @Test
    void whatIsEncodedInUseIsWhatWasTrainedAndIsDecodedFrameByFrame() {
        Frames three = new Frames(3, 2);
        Tape tape = new Tape();
        Tensor seen = frames(tape, 2);
        three.follow(three.encode(tape, ENCODER, seen));
        Mlp decoder = new Mlp(2, List.of(), 4, Activation.TANH, new SplittableRandom(4));
        Normalizer plain = Normalizer.of(new double[4], new double[] {1, 1, 1, 1});
        FrozenCoder frozen = new FrozenCoder(ENCODER.freeze(), decoder.freeze(), three.scales(), plain);
        Batch states = new Batch(0, 6);
        frozen.encode(Batch.wrap(seen.values(), ROWS, 12), states);
        Tensor trained = three.encode(tape, ENCODER, seen);
        Batch decoded = new Batch(0, 12);
        frozen.decode(states, decoded);
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < 6; i++) {
                assertThat(states.get(row, i)).isCloseTo(trained.values()[row * 6 + i], within(1e-5f));
            }
            for (int frame = 0; frame < 3; frame++) {
                double[] code = code(seen, row, frame);
                Tensor of = tape.constant(1, 2);
                of.values()[0] = (float) code[0];
                of.values()[1] = (float) code[1];
                Tensor expected = decoder.forward(tape, of);
                for (int i = 0; i < 4; i++) {
                    assertThat(decoded.get(row, frame * 4 + i)).isCloseTo(expected.values()[i], within(1e-5f));
                }
            }
        }
    }

    /** A swinging weight of which only the place is seen, now and one step before. */
    private static ReplayBuffer swings() {
        EnvSpec spec = new EnvSpec("swing", 2, ActionSpace.continuous(1, -1, 1), 40);
        RandomGenerator random = new SplittableRandom(7);
        ReplayBuffer data = ReplayBuffer.of(spec, 2000);
        for (int episode = 0; episode < 40; episode++) {
            double place = random.nextGaussian();
            double speed = 0;
            double[] seen = {place, place};
            for (int t = 0; t < 40; t++) {
                double push = 2 * random.nextDouble() - 1;
                double before = place;
                speed += 0.2 * (push - place);
                place += 0.2 * speed;
                double[] next = {before, place};
                data.add(new Transition(seen, new double[] {push}, -place * place, next, false, t == 39, t == 0));
                seen = next;
            }
        }
        return data;
    }

    @Test
    void speedsAreSeenInTwoFramesAndPredicted() {
        LatentConfig config = LatentDynamicsTest.SMALL
                .withAutoencoder(LatentDynamicsTest.SMALL
                        .autoencoder()
                        .withLatentSize(2)
                        .withTraining(new LatentTraining(400, 32, 3e-3)))
                .withFrames(2);
        EnvSpec spec = new EnvSpec("swing", 2, ActionSpace.continuous(1, -1, 1), 40);
        LatentDynamics model = new LatentDynamics(spec, config, new Workers(1));
        ReplayBuffer data = swings();
        model.fit(data, new SplittableRandom(1));
        ReplayBuffer encoded = model.encode(data);
        assertThat(model.stateSize()).isEqualTo(3);
        double last = data.transition(4).action()[0];
        assertThat(encoded.transition(5).observation()[2]).isCloseTo(last, within(1e-6));
        assertThat(encoded.transition(0).observation()[2]).isZero();
        assertThat(model.estimator()
                        .estimate(
                                encoded.transition(4).observation(),
                                data.transition(4).action(),
                                data.transition(5).observation()))
                .containsExactly(encoded.transition(5).observation());
        double error = 0;
        double spread = 0;
        Batch state = new Batch(1, 3);
        Batch action = new Batch(1, 1);
        Batch next = new Batch(1, 3);
        for (int i = 0; i < data.size(); i++) {
            state.setRow(0, encoded.transition(i).observation());
            action.setRow(0, data.transition(i).action());
            model.predict(state, action, next);
            double change = encoded.transition(i).next()[1];
            error += Math.pow(next.get(0, 1) - change, 2);
            spread += Math.pow(change, 2);
        }
        assertThat(error / spread).isLessThan(0.05);
    }

    /** What is left of it begins within an episode, whose last action was forgotten. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aBufferThatHasOverflowedIsLearnedFrom(int frames) {
        ReplayBuffer all = swings();
        ReplayBuffer left = new ReplayBuffer(2, 1, 333);
        for (int i = 0; i < all.size(); i++) {
            left.add(all.transition(i));
        }
        assertThat(left.transition(0).first()).isFalse();
        EnvSpec spec = new EnvSpec("swing", 2, ActionSpace.continuous(1, -1, 1), 40);
        LatentDynamics model = new LatentDynamics(spec, LatentDynamicsTest.SMALL.withFrames(frames), new Workers(1));
        model.fit(left, new SplittableRandom(1));
        ReplayBuffer encoded = model.encode(left);
        assertThat(encoded.size()).isEqualTo(333);
        if (frames == 2) {
            assertThat(encoded.transition(0).observation()[4]).isZero();
            assertThat(encoded.transition(1).observation()[4])
                    .isCloseTo(left.transition(0).action()[0], within(1e-6));
        }
    }

    @Test
    void badInputIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LatentDynamicsTest.SMALL.withFrames(3))
                .withMessageContaining("latentSize is 4, expected a multiple of the 3 frames");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LatentDynamicsTest.SMALL.withFrames(0))
                .withMessageContaining("frames");
        EnvSpec odd = new EnvSpec("odd", 3, ActionSpace.continuous(1, -1, 1), 40);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LatentDynamics(odd, LatentDynamicsTest.SMALL.withFrames(2)))
                .withMessageContaining("length 3, expected a multiple of the 2 frames");
    }
}
