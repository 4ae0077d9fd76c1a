package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LearnedTerminationTest {

    private static final Logger LOG = LoggerFactory.getLogger(LearnedTerminationTest.class);

    private static final EnvSpec SPEC = new EnvSpec("Cliff", 2, ActionSpace.continuous(1, -1, 1), 100);

    /** Full batches, no regularisation, nothing held out, no hidden layer: logistic regression, trained to its optimum. */
    private static final TerminationConfig LOGISTIC = TerminationConfig.defaults()
            .withNetwork(new NetworkConfig(
                    List.of(), Activation.SWISH, new TrainingConfig(0.03, List.of(0.0), 100_000, 1_500, 1_500, 0, 0)));

    /** Transitions that terminate by chance, with the odds exp(x + 2y − 3.5). */
    private static ReplayBuffer slippery(int n, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        ReplayBuffer data = ReplayBuffer.of(SPEC, n);
        for (int i = 0; i < n; i++) {
            double[] next = {random.nextGaussian(), random.nextGaussian()};
            boolean terminated = random.nextDouble() < 1 / (1 + Math.exp(3.5 - next[0] - 2 * next[1]));
            data.add(new Transition(new double[2], new double[1], 0, next, terminated, false, true));
        }
        return data;
    }

    private static LearnedTermination fitted(TerminationConfig config, ReplayBuffer data) {
        LearnedTermination model = new LearnedTermination(SPEC, config);
        model.fit(data, new SplittableRandom(3));
        return model;
    }

    private static float[] probabilities(LearnedTermination model, Batch next) {
        float[] probabilities = new float[next.rows()];
        model.probabilities(next, probabilities);
        return probabilities;
    }

    /** Newton's method for [1, x, y], in double, with weights for the rows that terminate. */
    private static double[] iteratedLeastSquares(Transitions data, double weightOfTerminations) {
        double[] beta = new double[3];
        for (int iteration = 0; iteration < 30; iteration++) {
            double[] gradient = new double[3];
            double[][] hessian = new double[3][3];
            for (int row = 0; row < data.size(); row++) {
                double[] x = {1, data.next().get(row, 0), data.next().get(row, 1)};
                double p = 1 / (1 + Math.exp(-beta[0] - beta[1] * x[1] - beta[2] * x[2]));
                double y = data.terminated()[row] ? 1 : 0;
                double w = data.terminated()[row] ? weightOfTerminations : 1;
                for (int i = 0; i < 3; i++) {
                    gradient[i] += w * (y - p) * x[i];
                    for (int j = 0; j < 3; j++) {
                        hessian[i][j] += w * p * (1 - p) * x[i] * x[j];
                    }
                }
            }
            double[] step = new LUDecomposition(new Array2DRowRealMatrix(hessian))
                    .getSolver()
                    .solve(new ArrayRealVector(gradient))
                    .toArray();
            Arrays.setAll(beta, i -> beta[i] + step[i]);
        }
        return beta;
    }

    @Test
    void withoutHiddenLayersItIsLogisticRegression() {
        ReplayBuffer data = slippery(2000, 1);
        Transitions all = data.all();
        int terminations = 0;
        for (boolean terminated : all.terminated()) {
            terminations += terminated ? 1 : 0;
        }
        double repeats = Math.round((all.size() - terminations) / (double) terminations);
        assertThat(repeats).isGreaterThan(5);
        double[] beta = iteratedLeastSquares(all, repeats);
        float[] learned = probabilities(fitted(LOGISTIC, data), all.next());
        float[] plain = learned.clone();
        double[] unweighted = iteratedLeastSquares(all, 1);
        double mean = 0;
        for (int row = 0; row < all.size(); row++) {
            double z = beta[1] * all.next().get(row, 0) + beta[2] * all.next().get(row, 1);
            double expected = 1 / (1 + Math.exp(-(z + beta[0] - Math.log(repeats))));
            assertThat((double) learned[row]).isCloseTo(expected, within(2e-3));
            double plainLogit = unweighted[0]
                    + unweighted[1] * all.next().get(row, 0)
                    + unweighted[2] * all.next().get(row, 1);
            assertThat((double) plain[row])
                    .as("as without repetitions, but for what they cost in precision")
                    .isCloseTo(1 / (1 + Math.exp(-plainLogit)), within(0.06));
            mean += learned[row] / all.size();
        }
        assertThat(mean).as("as frequent as in the data").isCloseTo((double) terminations / all.size(), within(0.01));
    }

    @Test
    void probabilitiesAreCalibrated() {
        LearnedTermination model = fitted(TerminationConfig.defaults(), slippery(5000, 1));
        Transitions held = slippery(5000, 2).all();
        float[] probabilities = probabilities(model, held.next());
        double[] predicted = new double[4];
        double[] happened = new double[4];
        int[] rows = new int[4];
        for (int row = 0; row < held.size(); row++) {
            int bin = Math.min(3, (int) (4 * probabilities[row]));
            predicted[bin] += probabilities[row];
            happened[bin] += held.terminated()[row] ? 1 : 0;
            rows[bin]++;
        }
        for (int bin = 0; bin < 4; bin++) {
            assertThat(rows[bin]).isGreaterThan(30);
            assertThat(happened[bin] / rows[bin]).isCloseTo(predicted[bin] / rows[bin], within(0.12));
        }
    }

    private static ReplayBuffer balancing(int episodes, long seed) {
        CartPole env = new CartPole();
        return Episodes.collect(
                env, Policy.uniform(env.actionSpace()), episodes, RandomStreams.of(seed).stream("data"));
    }

    @Test
    void learnsWhenTheCartPoleFalls() {
        CartPole env = new CartPole();
        LearnedTermination model = new LearnedTermination(env.spec(), TerminationConfig.defaults());
        TerminationReport report = model.fit(balancing(150, 1), new SplittableRandom(3));
        assertThat(report.summary()).startsWith("150 of ").contains("among 15 terminations");
        Transitions held = balancing(200, 2).all();
        boolean[] verdicts = new boolean[held.size()];
        model.terminated(held.observations(), held.actions(), held.next(), verdicts);
        int hits = 0;
        int alarms = 0;
        int terminations = 0;
        for (int row = 0; row < held.size(); row++) {
            hits += verdicts[row] && held.terminated()[row] ? 1 : 0;
            alarms += verdicts[row] ? 1 : 0;
            terminations += held.terminated()[row] ? 1 : 0;
        }
        LOG.info("precision {} and recall {} of {} terminations", (double) hits / alarms, hits / 200.0, terminations);
        assertThat(terminations).isEqualTo(200);
        assertThat((double) hits / alarms).as("precision").isGreaterThan(0.85);
        assertThat(hits / 200.0).as("recall").isGreaterThan(0.8);
    }

    @Test
    void planningWithItIsAsGoodAsWithTheRule() {
        CartPole env = new CartPole();
        LearnedTermination learned = new LearnedTermination(env.spec(), TerminationConfig.defaults());
        learned.fit(anywhereOnTheTrack(4000, env), new SplittableRandom(3));
        assertThat(balance(env, env.termination())).isEqualTo(200);
        assertThat(balance(env, learned)).isEqualTo(200);
        assertThat(balance(env, TerminationModel.NEVER)).as("without any rule").isLessThan(100);
    }

    /** Single steps from states all over the track; a random policy falls before it comes to the ends. */
    private static ReplayBuffer anywhereOnTheTrack(int n, CartPole env) {
        RandomGenerator random = new SplittableRandom(4);
        ReplayBuffer data = ReplayBuffer.of(env.spec(), n);
        for (int i = 0; i < n; i++) {
            double[] state = {
                random.nextDouble(-2.4, 2.4),
                2 * random.nextGaussian(),
                random.nextDouble(-0.209, 0.209),
                2 * random.nextGaussian(),
                0
            };
            env.restoreState(state);
            double[] action = env.actionSpace().sample(random);
            Step step = env.step(action);
            data.add(new Transition(
                    Arrays.copyOf(state, 4), action, 1, step.observation(), step.terminated(), false, true));
        }
        return data;
    }

    private static double balance(CartPole env, TerminationModel termination) {
        MpcController controller = new MpcController(
                new Cem(CemConfig.defaults().withHorizon(25).withElites(8).withPopulation(60)),
                WorldModel.of(env.trueDynamics(), env.reward()).withTermination(termination),
                RolloutConfig.defaults().withPropagation(Propagation.EXPECTATION),
                new Workers(1));
        return Episodes.run(env, controller, RandomStreams.of(5).stream("episode"))
                .totalReward();
    }

    @Test
    void withoutTerminationsNothingTerminates() {
        ReplayBuffer data = ReplayBuffer.of(SPEC, 10);
        for (int i = 0; i < 10; i++) {
            // Truncated is not terminated.
            data.add(new Transition(new double[2], new double[1], 0, new double[] {i, 1}, false, i == 9, i == 0));
        }
        LearnedTermination model =
                new LearnedTermination(SPEC, TerminationConfig.defaults().withThreshold(1e-9));
        TerminationReport report = model.fit(data, new SplittableRandom(1));
        assertThat(report.neverTerminates()).isTrue();
        assertThat(report.summary())
                .isEqualTo("none of 10 transitions terminated: the model imagines that episodes never do");
        assertThat(probabilities(model, data.all().next())).containsOnly(0);
        assertThat(model.terminated(new double[2], new double[1], new double[] {9, 9}))
                .isFalse();
    }

    @Test
    void whereAllTerminateAllDo() {
        ReplayBuffer data = ReplayBuffer.of(SPEC, 1);
        data.add(new Transition(new double[2], new double[1], 0, new double[2], true, false, true));
        LearnedTermination model = new LearnedTermination(SPEC, TerminationConfig.defaults());
        assertThat(model.fit(data, new SplittableRandom(1)).summary()).startsWith("all of 1 transitions terminated");
        assertThat(probabilities(model, new Batch(3, 2))).containsOnly(1);
    }

    @Test
    void oneTerminationIsLearnedFromThoughNoneCanBeHeldOut() {
        ReplayBuffer data = ReplayBuffer.of(SPEC, 300);
        RandomGenerator random = new SplittableRandom(1);
        for (int i = 0; i < 299; i++) {
            double[] next = {random.nextGaussian(), random.nextGaussian()};
            data.add(new Transition(new double[2], new double[1], 0, next, false, false, i == 0));
        }
        data.add(new Transition(new double[2], new double[1], 0, new double[] {5, 0}, true, false, false));
        LearnedTermination model = new LearnedTermination(SPEC, TerminationConfig.defaults());
        TerminationReport report = model.fit(data, new SplittableRandom(1));
        assertThat(report.summary()).isEqualTo("1 of 300 transitions terminated; none were held out");
        assertThat(model.terminated(new double[2], new double[1], new double[] {5.5, 0}))
                .isTrue();
        assertThat(model.terminated(new double[2], new double[1], new double[] {-1, 0}))
                .isFalse();
    }

    @Test
    void theThresholdDecidesHowCautiousItIs() {
        ReplayBuffer data = slippery(1000, 1);
        Batch next = slippery(300, 2).all().next(); // more than a tile
        int[] counts = new int[3];
        double[] thresholds = {0.1, 0.5, 0.9};
        for (int k = 0; k < 3; k++) {
            LearnedTermination model = fitted(TerminationConfig.defaults().withThreshold(thresholds[k]), data);
            boolean[] verdicts = new boolean[300];
            model.terminated(next, next, next, verdicts);
            float[] probabilities = probabilities(model, next);
            for (int row = 0; row < 300; row++) {
                assertThat(verdicts[row]).isEqualTo(probabilities[row] >= thresholds[k]);
                assertThat(model.terminated(new double[2], new double[1], next.row(row)))
                        .isEqualTo(verdicts[row]);
                counts[k] += verdicts[row] ? 1 : 0;
            }
        }
        assertThat(counts[0]).isGreaterThan(counts[1]);
        assertThat(counts[1]).isGreaterThan(counts[2]).isPositive();
    }

    @Test
    void seesAnglesAsTheTransformShowsThem() {
        ReplayBuffer data = ReplayBuffer.of(SPEC, 500);
        RandomGenerator random = new SplittableRandom(1);
        for (int i = 0; i < 500; i++) {
            double[] next = {Math.PI * (2 * random.nextDouble() - 1), 0};
            data.add(new Transition(new double[2], new double[1], 0, next, Math.cos(next[0]) < -0.5, false, true));
        }
        LearnedTermination model =
                new LearnedTermination(SPEC, TerminationConfig.defaults(), ObservationTransform.angles(0));
        model.fit(data, new SplittableRandom(1));
        assertThat(model.terminated(new double[2], new double[1], new double[] {7 * Math.PI, 0}))
                .isTrue();
        assertThat(model.terminated(new double[2], new double[1], new double[] {6 * Math.PI, 0}))
                .isFalse();
    }

    @Test
    void whatIsNotANumberTerminates() {
        LearnedTermination model = fitted(TerminationConfig.defaults(), slippery(300, 1));
        assertThat(model.terminated(new double[2], new double[1], new double[] {Double.NaN, 0}))
                .isTrue();
        assertThat(probabilities(model, Batch.ofRows(new double[] {0, Double.NaN})))
                .containsExactly(Float.NaN);
    }

    @Test
    void equalSeedsGiveEqualModels() {
        ReplayBuffer data = slippery(300, 1);
        Batch next = data.all().next();
        assertThat(probabilities(fitted(TerminationConfig.defaults(), data), next))
                .isEqualTo(probabilities(fitted(TerminationConfig.defaults(), data), next));
    }

    @Test
    void mistakesAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TerminationConfig.defaults().withThreshold(1))
                .withMessageContaining("threshold is 1.0, expected a probability above 0 and below 1");
        LearnedTermination model = new LearnedTermination(SPEC, TerminationConfig.defaults());
        assertThatThrownBy(() -> model.terminated(new double[2], new double[1], new double[2]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has not been fitted");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.fit(ReplayBuffer.of(SPEC, 5), new SplittableRandom(1)))
                .withMessageContaining("data is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.fit(balancing(1, 1), new SplittableRandom(1)))
                .withMessageContaining("observations of data has 4 columns, expected 2");
        LearnedTermination ready = fitted(TerminationConfig.defaults(), slippery(100, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ready.probabilities(new Batch(2, 2), new float[1]))
                .withMessageContaining("probabilities has length 1, expected at least 2");
        TerminationConfig wild = TerminationConfig.defaults()
                .withNetwork(NetworkConfig.defaults()
                        .withTraining(TrainingConfig.defaults().withLearningRate(1e30)));
        LearnedTermination diverging = new LearnedTermination(SPEC, wild);
        assertThatThrownBy(() -> diverging.fit(slippery(100, 1), new SplittableRandom(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("training diverged");
    }
}
