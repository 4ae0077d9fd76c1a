package io.github.mbrl4j.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ActionColumns;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.model.TrainingConfig;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.report.ModelReport;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;

class LatentDynamicsTest {

    /** Small and quick. */
    static final LatentConfig SMALL = LatentConfig.defaults()
            .withAutoencoder(AutoencoderConfig.defaults()
                    .withLatentSize(4)
                    .withEncoder(List.of(16))
                    .withDecoder(List.of(16))
                    .withTraining(new LatentTraining(200, 16, 3e-3)))
            .withEnsemble(LatentConfig.defaults()
                    .ensemble()
                    .withMembers(2)
                    .withHidden(List.of(16))
                    .withTraining(TrainingConfig.defaults().withMaxEpochs(3)))
            .withSteps(3);

    static LatentDynamics fitted(LatentConfig config, Workers workers, ReplayBuffer data) {
        LatentDynamics model = new LatentDynamics(LinearSystem.SPEC, config, workers);
        model.fit(data, new SplittableRandom(1));
        return model;
    }

    private static RealMatrix matrix(Batch batch) {
        double[][] rows = new double[batch.rows()][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = batch.row(r);
        }
        return new Array2DRowRealMatrix(rows, false);
    }

    /** Inputs [o₀…, a₀…] such that least squares finds o' of the true three numbers; ten redundant ones would be collinear. */
    private static RealMatrix inputs(RealMatrix seen, RealMatrix actions) {
        RealMatrix in = new Array2DRowRealMatrix(seen.getRowDimension(), 5);
        in.setSubMatrix(seen.getSubMatrix(0, seen.getRowDimension() - 1, 0, 2).getData(), 0, 0);
        in.setSubMatrix(actions.getData(), 0, 3);
        return in;
    }

    @Test
    void aLinearSystemIsPredictedAsWellAsLeastSquaresDo() {
        ReplayBuffer data = LinearSystem.episodes(20, 1, false);
        LatentConfig linear = LatentConfig.defaults()
                .withAutoencoder(new AutoencoderConfig(
                        3, List.of(), List.of(), Activation.SWISH, false, new LatentTraining(1500, 64, 1e-2)))
                .withEnsemble(LatentConfig.defaults()
                        .ensemble()
                        .withMembers(1)
                        .withHidden(List.of())
                        .withTraining(
                                TrainingConfig.defaults().withMaxEpochs(60).withMinImprovement(1e-4)))
                .withSteps(3);
        LatentDynamics model = fitted(linear, new Workers(1), data);
        Transitions all = data.all();
        RealMatrix leastSquares = new QRDecomposition(inputs(matrix(all.observations()), matrix(all.actions())))
                .getSolver()
                .solve(matrix(all.next()));

        ReplayBuffer test = LinearSystem.episodes(20, 2, false);
        int[] starts = test.sequenceStarts(10);
        Batch z = new Batch(starts.length, 3);
        Batch next = new Batch(starts.length, 3);
        Batch seen = new Batch(starts.length, LinearSystem.SIZE);
        Batch actions = new Batch(starts.length, 2);
        RealMatrix o = new Array2DRowRealMatrix(starts.length, LinearSystem.SIZE);
        for (int i = 0; i < starts.length; i++) {
            double[] start = test.transition(starts[i]).observation();
            z.setRow(i, model.estimator().estimate(null, null, start));
            o.setRow(i, start);
        }
        for (int k = 0; k < 10; k++) {
            RealMatrix truth = new Array2DRowRealMatrix(starts.length, LinearSystem.SIZE);
            for (int i = 0; i < starts.length; i++) {
                actions.setRow(i, test.transition(starts[i] + k).action());
                truth.setRow(i, test.transition(starts[i] + k).next());
            }
            model.predict(z, actions, next);
            model.observe(next, seen);
            o = inputs(o, matrix(actions)).multiply(leastSquares);
            z.copyFrom(next);
            double ours = matrix(seen).subtract(truth).getFrobeniusNorm();
            double best = o.subtract(truth).getFrobeniusNorm();
            assertThat(ours / best)
                    .as("error of step %d against that of least squares", k + 1)
                    .isLessThan(1.1);
        }
    }

    @Test
    void threadsDoNotChangeABit() {
        ReplayBuffer data = LinearSystem.episodes(6, 1, true);
        LatentDynamics one = fitted(SMALL, new Workers(1), data);
        LatentDynamics four = fitted(SMALL, new Workers(4), data);
        for (int fit = 0; fit < 2; fit++) {
            Batch z = states(one, data);
            assertThat(states(four, data).array()).isEqualTo(z.array());
            assertThat(next(four, z).array()).isEqualTo(next(one, z).array());
            assertThat(ends(four, z)).isEqualTo(ends(one, z));
            one.fit(data, new SplittableRandom(2));
            four.fit(data, new SplittableRandom(2));
        }
    }

    static Batch states(LatentDynamics model, ReplayBuffer data) {
        Batch states = new Batch(data.size(), model.stateSize());
        for (int i = 0; i < data.size(); i++) {
            states.setRow(
                    i, model.estimator().estimate(null, null, data.transition(i).next()));
        }
        return states;
    }

    private static Batch next(LatentDynamics model, Batch z) {
        Batch next = new Batch(z.rows(), model.stateSize());
        model.predict(z, new Batch(z.rows(), 2), next, new float[z.rows()]);
        return next;
    }

    private static boolean[] ends(LatentDynamics model, Batch z) {
        boolean[] ends = new boolean[z.rows()];
        model.learnedTermination().terminated(z, new Batch(z.rows(), 2), z, ends);
        return ends;
    }

    @Test
    void endingsAreLearned() {
        ReplayBuffer data = LinearSystem.episodes(40, 3, true);
        LatentDynamics model = fitted(SMALL.withTraining(new LatentTraining(800, 32, 3e-3)), new Workers(1), data);
        ReplayBuffer fresh = LinearSystem.episodes(40, 4, true);
        boolean[] ends = ends(model, states(model, fresh));
        int[] right = new int[2];
        int[] all = new int[2];
        for (int i = 0; i < fresh.size(); i++) {
            int kind = fresh.transition(i).terminated() ? 1 : 0;
            all[kind]++;
            right[kind] += ends[i] == (kind == 1) ? 1 : 0;
        }
        assertThat(all[1]).isGreaterThan(5);
        assertThat((double) right[0] / all[0]).as("going on").isGreaterThan(0.9);
        assertThat((double) right[1] / all[1]).as("ended").isGreaterThan(0.9);
        assertThat(WorldModel.of(model).termination()).isSameAs(model.learnedTermination());
    }

    @Test
    void withoutEndingsInTheDataNothingEnds() {
        ReplayBuffer data = LinearSystem.episodes(3, 3, false);
        LatentDynamics model = fitted(SMALL, new Workers(1), data);
        assertThat(ends(model, states(model, data))).containsOnly(false);
        assertThat(model.learnedTermination().terminated(new double[4], new double[2], new double[] {9, 9, 9, 9}))
                .isFalse();
    }

    @Test
    void rewardsOfObservationsReadWhatIsDecoded() {
        ReplayBuffer data = LinearSystem.episodes(6, 1, false);
        LatentDynamics model = fitted(SMALL, new Workers(1), data);
        Batch z = states(model, data);
        Batch seen = new Batch(0, LinearSystem.SIZE);
        model.observe(z, seen);
        float[] rewards = new float[z.rows()];
        model.rewardOnStates((o, a, next) -> next[1] - 2 * o[4] + a[0]).rewards(z, new Batch(z.rows(), 2), z, rewards);
        boolean[] ends = new boolean[z.rows()];
        model.terminationOnStates((o, a, next) -> next[2] > o[3]).terminated(z, new Batch(z.rows(), 2), z, ends);
        for (int row = 0; row < z.rows(); row++) {
            assertThat(rewards[row]).isCloseTo(seen.get(row, 1) - 2 * seen.get(row, 4), within(1e-5f));
            assertThat(ends[row]).isEqualTo(seen.get(row, 2) > seen.get(row, 3));
        }
    }

    @Test
    void whatIsEncodedKeepsAllButTheObservations() {
        ReplayBuffer data = LinearSystem.episodes(4, 1, true);
        LatentDynamics model = fitted(SMALL, new Workers(1), data);
        ReplayBuffer encoded = model.encode(data);
        assertThat(encoded.size()).isEqualTo(data.size());
        assertThat(encoded.sequenceStarts(5)).isEqualTo(data.sequenceStarts(5));
        for (int i = 0; i < data.size(); i += 7) {
            Transition seen = data.transition(i);
            Transition latent = encoded.transition(i);
            assertThat(latent.observation())
                    .containsExactly(model.estimator().estimate(null, null, seen.observation()), within(1e-6));
            assertThat(latent.next())
                    .containsExactly(model.estimator().estimate(null, null, seen.next()), within(1e-6));
            assertThat(latent.action()).containsExactly(seen.action());
            assertThat(latent.reward()).isEqualTo(seen.reward());
            assertThat(latent.terminated()).isEqualTo(seen.terminated());
        }
        assertThat(ModelReport.of(model, encoded).toString()).contains("state");
    }

    @Test
    void choicesAndNumbersAreSeenAsFeatures() {
        ActionColumns features = ActionColumns.scaled(ActionSpace.product(
                ActionSpace.continuous(1, 2, 6), ActionSpace.discrete(3), ActionSpace.continuous(1, -1, 1)));
        assertThat(features.size()).isEqualTo(5);
        float[] out = new float[6];
        features.write(Batch.ofRows(new double[] {0, 0, 0}, new double[] {3, 2, 0.5}), 1, out, 1);
        assertThat(out).containsExactly(0, -0.5f, 0, 0, 1, 0.5f);
    }

    @Test
    void badInputIsNamed() {
        LatentDynamics model = new LatentDynamics(LinearSystem.SPEC, SMALL);
        double[] observation = new double[LinearSystem.SIZE];
        assertThatIllegalStateException()
                .isThrownBy(() -> model.estimator().estimate(null, null, observation))
                .withMessageContaining("call fit(data, random) first");
        assertThatIllegalStateException().isThrownBy(model::members);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.fit(new ReplayBuffer(9, 2, 10), new SplittableRandom(1)))
                .withMessageContaining("data has O=9, A=2, expected O=10, A=2 as Oscillator has");
        ReplayBuffer pieces = ReplayBuffer.of(LinearSystem.SPEC, 100);
        for (int i = 0; i < 50; i++) {
            pieces.add(new Transition(observation, new double[2], 0, observation, false, i % 2 == 1, i % 2 == 0));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.fit(pieces, new SplittableRandom(1)))
                .withMessageContaining("no 3 transitions of one episode in a row")
                .withMessageContaining("withSteps");
        model.fit(LinearSystem.episodes(3, 1, false), new SplittableRandom(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.predict(new Batch(2, 10), new Batch(2, 2), new Batch(2, 4)))
                .withMessageContaining("states has 10 columns, expected 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.estimator().estimate(null, null, new double[9]))
                .withMessageContaining("observations has 9 columns, expected 10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SMALL.withEnsemble(SMALL.ensemble().withLearnedReward(false)))
                .withMessageContaining("withLearnedReward(true)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SMALL.withSteps(0))
                .withMessageContaining("steps is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SMALL.withWeights(new LatentConfig.Weights(1, Double.NaN, 1, 1)))
                .withMessageContaining("reward is NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SMALL.withTraining(new LatentTraining(1, 1, 1)))
                .withMessageContaining("batchSize is 1");
    }

    @Test
    void divergenceLeavesTheModelAsItWas() {
        EnvSpec spec = LinearSystem.SPEC;
        ReplayBuffer data = LinearSystem.episodes(3, 1, false);
        LatentDynamics wild =
                new LatentDynamics(spec, SMALL.withTraining(new LatentTraining(50, 16, 1e30)), new Workers(1));
        assertThatIllegalStateException()
                .isThrownBy(() -> wild.fit(data, new SplittableRandom(1)))
                .withMessageContaining("diverged");
        assertThatIllegalStateException().isThrownBy(wild::members).withMessageContaining("not been fitted");
    }
}
