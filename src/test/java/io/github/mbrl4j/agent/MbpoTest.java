package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvException;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.model.TrainableDynamics;
import io.github.mbrl4j.report.TrainingHistory;
import io.github.mbrl4j.rollout.BranchReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MbpoTest {

    private static final MbpoConfig TINY = MbpoConfig.defaults()
            .withInitialSteps(50)
            .withModelEvery(20)
            .withRolloutsEvery(20)
            .withRolloutsPerStep(3)
            .withSchedule(RolloutSchedule.constant(1))
            .withBatchSize(16)
            .withUpdateRatio(1)
            .withEnsemble(EnsembleConfig.defaults()
                    .withMembers(2)
                    .withHidden(List.of(8))
                    .withTraining(EnsembleConfig.defaults().training().withMaxEpochs(2)))
            .withLearner(SacLearnerConfig.defaults().withHidden(List.of(16, 16)));

    /** A point on a line moves by its action, x' = x + a, and is paid −x'². It falls off beyond ±2. Episodes have 10 steps. */
    private static class Line implements Env {
        static final EnvSpec SPEC = new EnvSpec("Line", 1, ActionSpace.continuous(1, -1, 1), 10);
        private double x;
        private int steps;
        boolean tellsReward = true;
        int failAfter = Integer.MAX_VALUE;

        @Override
        public EnvSpec spec() {
            return SPEC;
        }

        @Override
        public double[] reset(RandomGenerator random) {
            x = 2 * random.nextDouble() - 1;
            steps = 0;
            return new double[] {x};
        }

        @Override
        public Step step(double[] action) {
            if (failAfter-- == 0) {
                throw new IllegalStateException("out of order");
            }
            x += action[0];
            return new Step(new double[] {x}, -x * x, Math.abs(x) > 2, ++steps == 10);
        }

        @Override
        public Optional<RewardModel> knownReward() {
            return tellsReward ? Optional.of((s, a, next) -> -next[0] * next[0]) : Optional.empty();
        }

        @Override
        public Optional<TerminationModel> knownTermination() {
            return Optional.of((s, a, next) -> Math.abs(next[0]) > 2);
        }
    }

    /** The truth as a model, plus something. */
    private static class Truth implements TrainableDynamics {
        final List<Integer> fittedOn = new ArrayList<>();
        float error;
        int stateSize = 1;

        @Override
        public FitReport fit(ReplayBuffer data, RandomGenerator random) {
            fittedOn.add(data.size());
            return new FitReport(data.size(), List.of(new FitReport.Member(0.5, 0.25, 1)), List.of(0), 0);
        }

        @Override
        public int stateSize() {
            return stateSize;
        }

        @Override
        public ActionSpace actionSpace() {
            return Line.SPEC.actionSpace();
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            for (int i = 0; i < states.rows(); i++) {
                next.array()[i] = states.array()[i] + actions.array()[i] + error;
            }
        }
    }

    private static Mbpo.Builder tiny(Env env) {
        return Mbpo.on(env).config(TINY).workers(new Workers(1));
    }

    @Test
    void fitsImaginesAndUpdatesAsOftenAsTheSettingsSay() {
        Truth truth = new Truth();
        List<BranchReport> reports = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void imagined(BranchReport report) {
                reports.add(report);
            }
        };
        Mbpo agent = tiny(new Line())
                .config(TINY.withUpdateRatio(2.5).withRealShare(0.25))
                .dynamics(truth)
                .listener(listener)
                .build();
        agent.train(100);
        assertThat(truth.fittedOn).containsExactly(50, 70, 90);
        assertThat(reports).hasSize(3).allMatch(r -> r.rollouts() == 60 && r.transitions() == 60 && r.nonFinite() == 0);
        assertThat(agent.imagined().size()).isEqualTo(180);
        assertThat(agent.learner().updates()).isEqualTo((long) (2.5 * 51));
        assertThat(agent.history()
                        .trials()
                        .get(agent.history().trials().size() - 1)
                        .nonFiniteCandidates())
                .isZero();
    }

    @Test
    void whatAPerfectModelImaginesIsTrueAndBeginsWhereTheDataAre() {
        Mbpo agent = tiny(new Line())
                .config(TINY.withSchedule(RolloutSchedule.constant(3)))
                .dynamics(new Truth())
                .build();
        agent.train(80);
        float[] visited = agent.data().all().observations().array();
        int begun = 0;
        for (int i = 0; i < agent.imagined().size(); i++) {
            Transition t = agent.imagined().transition(i);
            double next = t.observation()[0] + t.action()[0];
            assertThat(t.next()[0]).isCloseTo(next, within(1e-6));
            assertThat(t.reward()).isCloseTo(-next * next, within(1e-5));
            assertThat(t.terminated()).isEqualTo(Math.abs(t.next()[0]) > 2);
            float x = (float) t.observation()[0];
            for (float v : visited) {
                if (v == x) {
                    begun++;
                    break;
                }
            }
        }
        assertThat(begun).isGreaterThanOrEqualTo(2 * 60);
    }

    @Test
    void imaginedTransitionsAreKeptForSoManyEpochs() {
        // 10 steps · 3 rollouts · k transitions an epoch, of two epochs; k is 1, 2 and 3 in epochs 0, 1 and 2
        MbpoConfig config = TINY.withModelEvery(10)
                .withRolloutsEvery(10)
                .withRetainedEpochs(2)
                .withSchedule(new RolloutSchedule(10, 0, 2, 1, 3));
        assertThat(config.imaginedCapacity(3)).isEqualTo(2 * 10 * 3 * 3);
        Env env = new Line();
        Mbpo agent = tiny(env)
                .config(config)
                .dynamics(new Truth())
                .termination(TerminationModel.NEVER)
                .build();
        int[] sizes = {30, 30 + 60, 30 + 60 + 90, 180, 180};
        int[] capacities = {60, 120, 180, 180, 180};
        agent.train(49);
        assertThat(agent.imagined().size()).isZero();
        for (int i = 0; i < sizes.length; i++) {
            agent.train(i == 0 ? 1 : 10);
            assertThat(agent.imagined().size()).isEqualTo(sizes[i]);
            assertThat(agent.imagined().capacity()).isEqualTo(capacities[i]);
        }
        assertThat(MbpoConfig.ant().withRetainedEpochs(1000).imaginedCapacity(25))
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(MbpoConfig.hopper().imaginedCapacity(15)).isEqualTo(6_000_000);
    }

    /** With nothing but real transitions the model has no influence. */
    @Test
    void withRealDataAloneItIsSac() {
        SacConfig sac = SacConfig.defaults()
                .withInitialSteps(50)
                .withBatchSize(16)
                .withUpdateRatio(2)
                .withLearner(TINY.learner());
        Sac modelFree = Sac.on(new Line()).config(sac).seed(5).build();
        Mbpo agent = tiny(new Line())
                .config(TINY.withRealShare(1).withUpdateRatio(2))
                .seed(5)
                .dynamics(new Truth())
                .build();
        assertThat(agent.train(150).returns()).isEqualTo(modelFree.train(150).returns());
        assertThat(agent.act(new double[] {0.3})).isEqualTo(modelFree.act(new double[] {0.3}));
        Mbpo imagining = tiny(new Line())
                .config(TINY.withUpdateRatio(2))
                .seed(5)
                .dynamics(new Truth())
                .build();
        imagining.train(150);
        assertThat(imagining.act(new double[] {0.3})).isNotEqualTo(modelFree.act(new double[] {0.3}));
    }

    /** A model that is wrong by 0.5 to the right teaches to go further left: what is imagined is what is learned. */
    @Test
    void thePolicyLearnsWhatTheModelTells() {
        MbpoConfig config = TINY.withRealShare(0)
                .withUpdateRatio(4)
                .withRetainedEpochs(1)
                .withLearner(TINY.learner()
                        .withLearningRate(3e-3)
                        .withDiscount(0)
                        .withTemperature(0.01)
                        .withEntropyPerAction(-2));
        Truth right = new Truth();
        Truth wrong = new Truth();
        wrong.error = 0.5f;
        double toTheRight = trained(config, right).act(new double[] {0.2})[0];
        double tooFar = trained(config, wrong).act(new double[] {0.2})[0];
        assertThat(toTheRight).isCloseTo(-0.2, within(0.15));
        assertThat(tooFar).isCloseTo(-0.7, within(0.15));
    }

    private static Mbpo trained(MbpoConfig config, Truth truth) {
        Mbpo agent = tiny(new Line()).config(config).seed(3).dynamics(truth).build();
        agent.train(450);
        return agent;
    }

    @Test
    void equalSeedsGiveEqualRunsWithAnyNumberOfThreads() {
        double[] one = run(7, 1);
        assertThat(run(7, 2)).isEqualTo(one);
        assertThat(run(8, 1)).isNotEqualTo(one);
    }

    private static double[] run(long seed, int threads) {
        Mbpo agent = Mbpo.on(new Pendulum())
                .config(TINY.withSchedule(RolloutSchedule.constant(2)).withRolloutsPerStep(40))
                .seed(seed)
                .workers(new Workers(threads))
                .build();
        agent.train(120);
        double[] actions = new double[20];
        Arrays.setAll(actions, i -> agent.act(new double[] {Math.cos(i), Math.sin(i), i})[0]);
        return actions;
    }

    @Test
    void theHistoryHasAllEpisodesAndTheModelsErrors() {
        Mbpo agent = tiny(new Line()).dynamics(new Truth()).build();
        TrainingHistory history = agent.train(97);
        assertThat(history.agent()).isEqualTo("MBPO");
        assertThat(agent.data().size()).isEqualTo(97);
        assertThat(history.trials().stream()
                        .mapToInt(TrainingHistory.Trial::steps)
                        .sum())
                .isBetween(87, 97);
        assertThat(history.trials().stream().filter(t -> t.validationError() == 0.25))
                .hasSizeBetween(1, 3)
                .allMatch(t -> t.modelLoss() == 0.5);
        int before = history.trials().size();
        assertThat(agent.train(20).trials()).hasSizeGreaterThan(before);
    }

    @Test
    void aRewardThatNobodyKnowsIsLearned() {
        Line silent = new Line();
        silent.tellsReward = false;
        Mbpo agent = tiny(silent).build();
        assertThat(agent.world().reward()).isEmpty();
        agent.train(60);
        assertThat(agent.imagined().size()).isEqualTo(60);
        assertThat(tiny(new Line()).build().world().reward()).isPresent();
        RewardModel own = (s, a, next) -> 1;
        assertThat(tiny(silent).reward(own).build().world().reward()).contains(own);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tiny(silent).dynamics(new Truth()).build())
                .withMessageContaining("does not tell its reward");
    }

    @Test
    void modelsThatAreNotFiniteAreAnError() {
        Truth broken = new Truth();
        broken.error = Float.NaN;
        Mbpo agent = tiny(new Line()).dynamics(broken).build();
        assertThatThrownBy(() -> agent.train(60))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("60 of 60", "the next state");
        assertThat(agent.data().size()).isEqualTo(50);
    }

    @Test
    void nothingLearnedIsSaidSo() {
        Mbpo agent = tiny(new Line()).build();
        agent.train(49);
        assertThatThrownBy(() -> agent.act(new double[1]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("49 of its 50", "train(steps)");
        agent.train(1);
        assertThat(agent.act(new double[1])).isEqualTo(agent.act(new double[1], new SplittableRandom(3)));
    }

    @Test
    void whatWasCollectedBeforeTheEnvironmentFailedIsKept() {
        Line env = new Line();
        env.failAfter = 72;
        Mbpo agent = tiny(env).build();
        assertThatThrownBy(() -> agent.train(100)).isInstanceOf(EnvException.class);
        assertThat(agent.data().size()).isEqualTo(72);
        env.failAfter = Integer.MAX_VALUE;
        agent.train(28);
        assertThat(agent.data().size()).isEqualTo(100);
    }

    @Test
    void badArgumentsAreNamed() {
        Truth wide = new Truth();
        wide.stateSize = 2;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tiny(new Line()).dynamics(wide).build())
                .withMessageContainingAll("S=2, A=1", "S=1, A=1", "Line");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tiny(new Line()).build().train(0))
                .withMessageContaining("steps is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TINY.withUpdateRatio(-1))
                .withMessageContaining("updateRatio is -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TINY.withRealShare(1.5))
                .withMessageContaining("realShare is 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TINY.withCapacity(49))
                .withMessageContainingAll("capacity is 49", "initialSteps");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TINY.withRolloutsEvery(1 << 20).withRolloutsPerStep(1 << 20))
                .withMessageContainingAll("rolloutsEvery is 1048576", "product");
    }

    /** The table in appendix C of the paper, as far as it differs from column to column. */
    @Test
    void presetsAreTheTableOfThePaper() {
        assertPreset(MbpoConfig.halfCheetah(), 6, 40, -3, 20, 150, 1, 1);
        assertPreset(MbpoConfig.hopper(), 3, 20, -1, 20, 150, 1, 15);
        assertPreset(MbpoConfig.walker2d(), 6, 20, -3, 20, 150, 1, 1);
        assertPreset(MbpoConfig.ant(), 8, 20, -4, 20, 100, 1, 25);
        assertPreset(MbpoConfig.humanoid(), 17, 20, -2, 20, 300, 1, 25);
        assertPreset(MbpoConfig.invertedPendulum(), 1, 10, -0.05, 1, 15, 1, 1);
        assertThat(MbpoConfig.invertedPendulum().schedule().epochSteps()).isEqualTo(250);
        assertThat(MbpoConfig.invertedPendulum().initialSteps()).isEqualTo(500);
        assertThat(MbpoConfig.humanoid().retainedEpochs()).isEqualTo(5);
        assertThat(MbpoConfig.humanoid().ensemble().hidden()).containsExactly(400, 400, 400, 400);
        assertThat(MbpoConfig.humanoid().modelEvery()).isEqualTo(1000);
    }

    private static void assertPreset(
            MbpoConfig config, int actions, int updates, double entropy, int ea, int eb, int ka, int kb) {
        assertThat(config.updateRatio()).isEqualTo(updates);
        assertThat(actions * config.learner().entropyPerAction()).isCloseTo(entropy, within(1e-12));
        assertThat(config.schedule())
                .isEqualTo(new RolloutSchedule(config.schedule().epochSteps(), ea, eb, ka, kb));
        assertThat(config.rolloutsPerStep() * config.modelEvery()).isEqualTo(100_000);
        assertThat(config.rolloutsEvery()).isEqualTo(config.modelEvery());
        assertThat(config.realShare()).isEqualTo(0.05);
        assertThat(config.ensemble().members()).isEqualTo(7);
        assertThat(config.ensemble().elites()).isEqualTo(5);
        assertThat(Json.read(Json.write(config), MbpoConfig.class)).isEqualTo(config);
    }
}
