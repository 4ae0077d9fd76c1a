package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvException;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.SequenceObjective;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.TerminationReport;
import io.github.mbrl4j.model.TrainableDynamics;
import io.github.mbrl4j.model.TrainingConfig;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.GradientShooting;
import io.github.mbrl4j.plan.GradientShootingConfig;
import io.github.mbrl4j.plan.RandomShooting;
import io.github.mbrl4j.plan.RandomShootingConfig;
import io.github.mbrl4j.report.TrainingHistory;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PetsTest {

    private static final TrainingConfig TRAINING = new TrainingConfig(1e-3, List.of(1e-5), 32, 100, 15, 0.01, 0.1);

    private static final PetsConfig TINY = PetsConfig.defaults()
            .withInitialSteps(30)
            .withRefitEvery(0)
            .withEnsemble(EnsembleConfig.defaults()
                    .withMembers(3)
                    .withElites(2)
                    .withHidden(List.of(8))
                    .withTraining(TRAINING.withMaxEpochs(3)))
            .withPlanner(CemConfig.defaults()
                    .withHorizon(4)
                    .withElites(4)
                    .withPopulation(20)
                    .withIterations(2))
            .withRollouts(new RolloutConfig(2, Propagation.TS_INFINITY, 1));

    /** A room to be kept at 20 degrees, as a user would write it: it does not tell its reward. */
    private static class Room implements Env {
        private final int maxSteps;
        private final ActionSpace actions;
        private double temperature;
        int steps;

        Room(int maxSteps, ActionSpace actions) {
            this.maxSteps = maxSteps;
            this.actions = actions;
        }

        Room(int maxSteps) {
            this(maxSteps, ActionSpace.continuous(1, -1, 1));
        }

        @Override
        public EnvSpec spec() {
            return new EnvSpec("Room", 1, actions, maxSteps);
        }

        @Override
        public double[] reset(RandomGenerator random) {
            temperature = 10 + random.nextDouble();
            return new double[] {temperature};
        }

        @Override
        public Step step(double[] action) {
            steps++;
            temperature += action[0];
            return new Step(new double[] {temperature}, -Math.abs(temperature - 20), false, false);
        }
    }

    /** A room whose step fails at given counts of steps, from 1. */
    private static final class FragileRoom extends Room {
        private final List<Integer> failures;

        FragileRoom(Integer... failures) {
            super(15);
            this.failures = List.of(failures);
        }

        @Override
        public Step step(double[] action) {
            Step step = super.step(action);
            if (failures.contains(steps)) {
                throw new IllegalStateException("the heating is broken");
            }
            return step;
        }
    }

    private static Pets tiny(Env env) {
        return Pets.on(env).config(TINY).seed(5).build();
    }

    /** Everything in the data set as bits. */
    private static List<float[]> bits(ReplayBuffer data) {
        Transitions all = data.all();
        float[] flags = new float[2 * all.size()];
        for (int i = 0; i < all.size(); i++) {
            flags[2 * i] = data.transition(i).first() ? 1 : 0;
            flags[2 * i + 1] = data.transition(i).truncated() ? 1 : 0;
        }
        return List.of(leading(all.observations()), leading(all.actions()), all.rewards(), leading(all.next()), flags);
    }

    private static float[] leading(Batch batch) {
        return Arrays.copyOf(batch.array(), batch.rows() * batch.columns());
    }

    private static void assertSame(Pets actual, Pets expected) {
        assertThat(actual.history().returns()).isEqualTo(expected.history().returns());
        assertThat(actual.history().envSteps()).isEqualTo(expected.history().envSteps());
        float[][] bits = bits(actual.data()).toArray(float[][]::new);
        assertThat(bits).isDeepEqualTo(bits(expected.data()).toArray(float[][]::new));
    }

    @Test
    void trainsOnCartPole() {
        Pets agent = tiny(new CartPole());
        TrainingHistory history = agent.train(2);
        assertThat(history).isSameAs(agent.history());
        assertThat(history.agent()).isEqualTo("PETS");
        assertThat(history.seed()).isEqualTo(5);
        assertThat(history.config()).isEqualTo(TINY);
        assertThat(history.trials()).hasSize(2);
        int steps = 30;
        for (int i = 0; i < 2; i++) {
            TrainingHistory.Trial trial = history.trials().get(i);
            assertThat(trial.trial()).isEqualTo(i + 1);
            assertThat(trial.steps()).isBetween(1, 200);
            steps += trial.steps();
            assertThat(trial.envSteps()).isEqualTo(steps);
            // The reward is 1 for each step.
            assertThat(trial.totalReward()).isEqualTo(trial.steps());
            assertThat(trial.modelLoss()).isFinite();
            assertThat(trial.validationError()).isFinite();
            assertThat(trial.planMillisMedian()).isPositive();
            assertThat(trial.seconds()).isGreaterThan(trial.fitSeconds());
        }
        assertThat(agent.data().size()).isEqualTo(steps);
        assertThat(((RewardingDynamics) agent.dynamics()).predictsReward()).isFalse();
    }

    @Test
    void learnsTheRewardOfAnEnvironmentThatDoesNotTellIt() {
        Pets agent = Pets.on(new Room(15))
                .config(TINY.withInitialSteps(100)
                        .withEnsemble(TINY.ensemble()
                                .withHidden(List.of(16))
                                .withTraining(TRAINING.withLearningRate(0.01).withMaxEpochs(60))))
                .seed(1)
                .build();
        TrainingHistory history = agent.train(4);
        RewardingDynamics model = (RewardingDynamics) agent.dynamics();
        assertThat(model.predictsReward()).isTrue();
        float[] reward = new float[1];
        Batch next = new Batch(1, 1);
        model.predict(Batch.ofRows(new double[] {12}), Batch.ofRows(new double[] {0.5}), next, reward);
        assertThat(next.get(0, 0)).isCloseTo(12.5f, within(0.5f));
        assertThat(reward[0]).isCloseTo(-7.5f, within(1f));
        // Heating at full power for ten steps, then holding, earns about −50; a random walk about −140.
        assertThat(history.trials().get(3).totalReward()).isGreaterThan(-80);
    }

    @ParameterizedTest
    @EnumSource(Propagation.class)
    void theSameSeedGivesTheSameBitsOnAnyNumberOfThreads(Propagation propagation) {
        PetsConfig config = TINY.withRefitEvery(7).withRollouts(new RolloutConfig(3, propagation, 0.9));
        Pets[] agents = new Pets[4];
        for (int run = 0; run < 4; run++) {
            agents[run] = Pets.on(new Room(20))
                    .config(config)
                    .seed(8)
                    .workers(new Workers(1 + run % 2))
                    .build();
            agents[run].train(2);
        }
        for (int run = 1; run < 4; run++) {
            assertSame(agents[run], agents[0]);
        }
        Pets other = Pets.on(new Room(20)).config(config).seed(9).build();
        other.train(2);
        assertThat(other.history().returns()).isNotEqualTo(agents[0].history().returns());
    }

    @Test
    void trainingInPartsIsTrainingAtOnce() {
        Pets whole = tiny(new CartPole());
        whole.train(3);
        Pets parts = tiny(new CartPole());
        parts.train(1);
        // Acting in between must not change how training goes on.
        parts.act(new double[4]);
        parts.train(2);
        assertSame(parts, whole);
    }

    @Test
    void anEnvironmentThatFailsInATrialLosesNothing() {
        // 30 random steps, then trials of 15; it fails at the sixth step of the second trial.
        FragileRoom room = new FragileRoom(51);
        Pets agent = tiny(room);
        assertThatThrownBy(() -> agent.train(3))
                .isInstanceOf(EnvException.class)
                .hasMessageContainingAll("Room", "step 6", "the heating is broken")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(agent.data().size()).isEqualTo(50);
        assertThat(agent.history().trials()).hasSize(1);
        TrainingHistory history = agent.train(2);
        assertThat(history.trials()).hasSize(3);
        assertThat(history.envSteps()).containsExactly(45, 65, 80);
        assertThat(agent.data().size()).isEqualTo(80);
        assertThat(history.trials()).extracting(TrainingHistory.Trial::trial).isSorted();
        // What was left of the broken trial does not run into the next.
        assertThat(agent.data().transition(45).first()).isTrue();
        assertThat(agent.data().transition(50).first()).isTrue();
        assertThat(agent.data().sequenceStarts(6))
                .doesNotContain(45, 46, 47, 48, 49)
                .contains(44 - 5, 50);
    }

    @Test
    void anEnvironmentThatFailsInTheRandomStepsLosesNothing() {
        Pets agent = tiny(new FragileRoom(20, 25));
        for (int kept : new int[] {19, 23}) {
            assertThatThrownBy(() -> agent.train(1))
                    .isInstanceOf(EnvException.class)
                    .hasMessageContaining("Room");
            assertThat(agent.data().size()).isEqualTo(kept);
            assertThat(agent.history().trials()).isEmpty();
        }
        agent.train(1);
        assertThat(agent.history().envSteps()).containsExactly(45);
        assertThat(agent.data().size()).isEqualTo(45);
    }

    /** Writes down what it is told. */
    private static final class Recorder implements TrainingListener {
        final List<String> calls = new ArrayList<>();
        final List<TrainingHistory.Trial> trials = new ArrayList<>();
        double sum;

        @Override
        public void trialStarted(int trial) {
            calls.add("trial " + trial);
        }

        @Override
        public void fitted(FitReport report) {
            calls.add("fitted " + report.rows());
        }

        @Override
        public void stepped(int trial, int step, Transition transition) {
            calls.add("step " + trial + "." + step);
            sum += transition.reward();
        }

        @Override
        public void trialEnded(TrainingHistory.Trial trial) {
            calls.add("ended " + trial.trial());
            trials.add(trial);
        }
    }

    @Test
    void theListenerIsToldInOrder() {
        Recorder recorder = new Recorder();
        Pets agent = Pets.on(new Room(4))
                .config(TINY.withRefitEvery(2))
                .listener(recorder)
                .build();
        agent.train(2);
        assertThat(recorder.calls)
                .containsExactly(
                        "trial 1",
                        "fitted 30",
                        "step 1.1",
                        "step 1.2",
                        "fitted 32",
                        "step 1.3",
                        "step 1.4",
                        "ended 1",
                        "trial 2",
                        "fitted 34",
                        "step 2.1",
                        "step 2.2",
                        "fitted 36",
                        "step 2.3",
                        "step 2.4",
                        "ended 2");
        assertThat(agent.history().trials()).isEqualTo(recorder.trials);
        assertThat(recorder.sum)
                .isCloseTo(Arrays.stream(agent.history().returns()).sum(), within(1e-9));
    }

    @Test
    void anEpisodeWithoutTimeLimitNeedsNoMemoryForIt() {
        Room endless = new Room(Integer.MAX_VALUE) {
            @Override
            public Step step(double[] action) {
                Step step = super.step(action);
                return new Step(step.observation(), step.reward(), steps % 10 == 0, false);
            }
        };
        assertThat(tiny(endless).train(2).trials())
                .allSatisfy(trial -> assertThat(trial.steps()).isEqualTo(10));
    }

    @Test
    void aSuppliedRewardIsPursued() {
        AtomicInteger calls = new AtomicInteger();
        Pets agent = Pets.on(new Room(15))
                .config(TINY.withInitialSteps(100)
                        .withEnsemble(TINY.ensemble()
                                .withTraining(TRAINING.withLearningRate(0.01).withMaxEpochs(30))))
                .reward((s, a, next) -> {
                    calls.incrementAndGet();
                    return -next[0];
                })
                .build();
        agent.train(1);
        assertThat(calls).hasPositiveValue();
        assertThat(((RewardingDynamics) agent.dynamics()).predictsReward()).isFalse();
        Transitions last = agent.data().gather(new int[] {100, 114});
        assertThat(last.next().get(1, 0))
                .as("colder")
                .isLessThan(last.observations().get(0, 0) - 3);
    }

    @Test
    void aLearnedRewardMayTakeThePlaceOfAKnownOne() {
        Pets agent = Pets.on(new CartPole())
                .config(TINY.withEnsemble(TINY.ensemble().withLearnedReward(true)))
                .build();
        agent.train(1);
        assertThat(((RewardingDynamics) agent.dynamics()).predictsReward()).isTrue();
    }

    @Test
    void theTerminationRuleIsTheEnvironmentsUnlessAnotherIsSupplied() {
        AtomicInteger calls = new AtomicInteger();
        Pets.on(new CartPole())
                .config(TINY)
                .termination((s, a, next) -> {
                    calls.incrementAndGet();
                    return false;
                })
                .build()
                .train(1);
        assertThat(calls).hasPositiveValue();
    }

    @Test
    void theTerminationMayBeLearnedWithTheModel() {
        List<TerminationReport> reports = new ArrayList<>();
        Pets agent = Pets.on(new CartPole())
                .config(TINY.withInitialSteps(100).withRefitEvery(5))
                .learnTermination()
                .listener(new TrainingListener() {
                    @Override
                    public void terminationFitted(TerminationReport report) {
                        reports.add(report);
                    }
                })
                .build();
        TrainingHistory history = agent.train(2);
        int steps = history.envSteps()[1];
        assertThat(reports).hasSizeGreaterThan(2);
        assertThat(reports.get(0).rows()).isEqualTo(100);
        assertThat(reports.get(0).terminations()).isBetween(1, 10);
        assertThat(reports.get(reports.size() - 1).rows()).isBetween(100, steps);
        assertThat(reports).isSortedAccordingTo(Comparator.comparingInt(TerminationReport::rows));
    }

    @Test
    void aTerminationIsEitherSuppliedOrLearned() {
        assertThatThrownBy(() -> Pets.on(new CartPole())
                        .termination(TerminationModel.NEVER)
                        .learnTermination()
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("both termination(...) and learnTermination() were called, expected one of them");
    }

    @Test
    void aTerminalValueIsLearnedAndMattersForPlans() {
        PetsConfig discounted = TINY.withRollouts(TINY.rollouts().withDiscount(0.95));
        Pets agent = Pets.on(new Pendulum())
                .config(discounted)
                .seed(3)
                .learnTerminalValue()
                .build();
        Pets again = Pets.on(new Pendulum())
                .config(discounted)
                .seed(3)
                .learnTerminalValue()
                .workers(new Workers(3))
                .build();
        Pets without = Pets.on(new Pendulum()).config(discounted).seed(3).build();
        double[] returns = agent.train(1).returns();
        assertThat(again.train(1).returns()).isEqualTo(returns);
        assertThat(without.train(1).returns()).isNotEqualTo(returns);
        assertThatThrownBy(() -> Pets.on(new Pendulum())
                        .config(TINY)
                        .learnTerminalValue()
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("discount is 1.0");
        assertThatThrownBy(() -> Pets.on(new Pendulum())
                        .config(discounted)
                        .terminalValue(state -> 0)
                        .learnTerminalValue()
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("both terminalValue(...) and learnTerminalValue() were called, expected one of them");
    }

    @Test
    void afterTrainingItBeginsANewEpisode() {
        Pets agent = Pets.on(new Pendulum()).config(TINY).seed(3).build();
        Pets resetAgain = Pets.on(new Pendulum()).config(TINY).seed(3).build();
        agent.train(1);
        resetAgain.train(1);
        resetAgain.reset();
        double[] hanging = {-1, 0, 0};
        assertThat(agent.act(hanging)).isEqualTo(resetAgain.act(hanging));
    }

    @Test
    void itIsAPolicyOnceItIsTrained() {
        Pets agent = Pets.on(new Pendulum())
                .config(TINY)
                .observationTransform(ObservationTransform.IDENTITY)
                .build();
        assertThatThrownBy(() -> agent.act(new double[3]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the agent has not been trained; call train(trials) first");
        agent.train(1);
        assertThat(agent.act(new double[] {1, 0, 0})).hasSize(1);
        int size = agent.data().size();
        Episode episode = Episodes.run(new Pendulum(), agent, new SplittableRandom(1));
        assertThat(episode.length()).isEqualTo(200);
        assertThat(agent.data().size()).isEqualTo(size);
        assertThatThrownBy(() -> agent.act(new double[] {Double.NaN, 0, 0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("observation[0] is NaN");
    }

    @Test
    void aModelThatDivergesIsReportedAndTheDataAreKept() {
        TrainingConfig wild = TRAINING.withLearningRate(1e6);
        Pets agent = Pets.on(new Room(15))
                .config(TINY.withEnsemble(
                        EnsembleConfig.defaults().withMembers(2).withTraining(wild)))
                .build();
        assertThatThrownBy(() -> agent.train(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("learningRate");
        assertThat(agent.data().size()).isEqualTo(30);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void atLeastOneTrialIsTrained(int trials) {
        Pets agent = tiny(new CartPole());
        assertThatThrownBy(() -> agent.train(trials))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("trials is " + trials);
        assertThat(agent.data().size()).isZero();
    }

    @Test
    void anotherPlannerMayBeGiven() {
        Room switched = new Room(5, ActionSpace.discrete(2));
        Pets agent = Pets.on(switched)
                .config(TINY)
                .planner(new RandomShooting(
                        RandomShootingConfig.defaults().withHorizon(3).withPopulation(16)))
                .build();
        assertThat(agent.train(1).trials()).hasSize(1);
        assertThat(agent.data().all().actions().array()).containsOnly(0, 1);
    }

    @Test
    void plansByGradientsOfARewardAndAValueThatAreLambdas() {
        Pets agent = Pets.on(new Room(5, ActionSpace.continuous(1, -1, 1)))
                .config(TINY)
                .reward((state, action, next) -> -next[0] * next[0])
                .terminalValue(state -> -state[0] * state[0])
                .planner(new GradientShooting(GradientShootingConfig.defaults()
                        .withHorizon(3)
                        .withStarts(2)
                        .withIterations(3)))
                .build();
        assertThat(agent.train(1).trials()).hasSize(1);
    }

    /** Learns nothing; the temperature stays. */
    private static final class Still implements TrainableDynamics {
        @Override
        public int stateSize() {
            return 1;
        }

        @Override
        public ActionSpace actionSpace() {
            return ActionSpace.continuous(1, -1, 1);
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.copyFrom(states);
        }

        @Override
        public FitReport fit(ReplayBuffer data, RandomGenerator random) {
            return new FitReport(data.size(), List.of(), List.of(), 0);
        }
    }

    @Test
    void aModelOfOnesOwnNeedsARewardFromSomewhere() {
        assertThatThrownBy(() ->
                        Pets.on(new Room(5)).config(TINY).dynamics(new Still()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Room does not tell its reward");
        TrainingHistory history = Pets.on(new Room(5))
                .config(TINY)
                .dynamics(new Still())
                .reward((s, a, next) -> a[0])
                .build()
                .train(1);
        assertThat(history.trials()).hasSize(1);
        assertThat(history.trials().get(0).modelLoss()).isNaN();
    }

    @Test
    void aModelForAnotherEnvironmentIsRefusedBeforeTheFirstStep() {
        Room room = new Room(5);
        assertThatThrownBy(() -> withModelOf(room, new EnvSpec("Other", 3, room.actionSpace(), 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dynamics have states of size 3, expected 1 as an observation of Room");
        for (ActionSpace other : List.of(
                ActionSpace.continuous(2, -1, 1), ActionSpace.continuous(1, -1, 1.5), ActionSpace.discrete(2))) {
            assertThatThrownBy(() -> withModelOf(room, new EnvSpec("Other", 1, other, 5)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("dynamics are for the actions " + other + ", which Room does not accept");
        }
        assertThat(room.steps).isZero();
        Pets cautious = withModelOf(room, new EnvSpec("Other", 1, ActionSpace.continuous(1, -0.5, 0.5), 5));
        assertThat(cautious.train(1).trials()).hasSize(1);
    }

    private static Pets withModelOf(Env env, EnvSpec spec) {
        return Pets.on(env)
                .config(TINY)
                .dynamics(new EnsembleDynamics(spec, TINY.ensemble().withLearnedReward(true)))
                .build();
    }

    @Test
    void aPlannerForOtherActionsIsRefusedBeforeTheFirstStep() {
        Room switched = new Room(5, ActionSpace.discrete(2));
        Planner picky = new Planner() {
            @Override
            public Plan plan(SequenceObjective objective, RandomGenerator random) {
                throw new AssertionError("must not be asked for a plan");
            }

            @Override
            public boolean accepts(ActionSpace actions) {
                return actions instanceof ContinuousActions;
            }

            @Override
            public void advance(int executed) {}

            @Override
            public void reset() {}
        };
        assertThatThrownBy(() -> Pets.on(switched).config(TINY).planner(picky).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("those of Room are DiscreteActions[choices=2]")
                .hasMessageContaining("maybe use Cem");
        assertThat(switched.steps).isZero();
    }

    @Test
    void plansDiscreteActions() {
        AtomicInteger position = new AtomicInteger();
        EnvSpec spec = new EnvSpec("walk", 1, ActionSpace.discrete(2), 8);
        Env walk = new Env() {
            @Override
            public EnvSpec spec() {
                return spec;
            }

            @Override
            public double[] reset(RandomGenerator random) {
                position.set(0);
                return new double[] {0};
            }

            @Override
            public Step step(double[] action) {
                double x = position.addAndGet(action[0] == 1 ? 1 : -1);
                return new Step(new double[] {x}, x, false, false);
            }
        };
        PetsConfig config = TINY.withEnsemble(
                TINY.ensemble().withTraining(TRAINING.withValidationFraction(0)).withHidden(List.of(16)));
        Pets agent = Pets.on(walk).config(config.withInitialSteps(80)).seed(1).build();
        // Always to the right: 1 + 2 + ... + 8.
        assertThat(agent.train(3).returns()[2]).isEqualTo(36);
    }

    /** The full criteria, over seeds, are in PetsLearningTest. A random policy stays below 100 in thousands of episodes. */
    @Test
    void learnsTheCartPoleWithinTwoTrials() {
        double[] returns = Pets.on(new CartPole()).seed(1001).build().train(2).returns();
        assertThat(Arrays.stream(returns).max().orElseThrow()).isGreaterThan(150);
    }
}
