package io.github.mbrl4j.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.model.SimulatorDynamics;
import io.github.mbrl4j.plan.RandomShooting;
import io.github.mbrl4j.plan.RandomShootingConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Wrapped environments keep the contract of environments, and change what they say they change. */
class WrappersTest {

    @Nested
    class TimeLimitContract extends EnvContractTest {
        @Override
        protected Env create() {
            return TimeLimit.of(new Pendulum(), 60);
        }
    }

    @Nested
    class ActionRepeatContract extends EnvContractTest {
        @Override
        protected Env create() {
            return ActionRepeat.of(new Pendulum(), 3);
        }
    }

    @Nested
    class ObservationNoiseContract extends EnvContractTest {
        @Override
        protected Env create() {
            return ObservationNoise.of(new Pendulum(), 0.1);
        }
    }

    @Nested
    class ActionDelayContract extends EnvContractTest {
        @Override
        protected Env create() {
            return ActionDelay.of(new Reacher2(), 3);
        }
    }

    @Nested
    class DisturbanceContract extends EnvContractTest {
        @Override
        protected Env create() {
            return Disturbance.of(new Reacher2(), 0.2);
        }
    }

    @Nested
    class NormalizedActionsContract extends EnvContractTest {
        @Override
        protected Env create() {
            return NormalizedActions.of(new Pendulum());
        }
    }

    @Nested
    class EverythingAtOnceContract extends EnvContractTest {
        @Override
        protected Env create() {
            return TimeLimit.of(
                    ObservationNoise.of(
                            Disturbance.of(
                                    ActionDelay.of(ActionRepeat.of(NormalizedActions.of(new Pendulum()), 2), 2), 0.1),
                            0.1,
                            0.1,
                            0.5),
                    40);
        }
    }

    /** Remembers what is executed; cannot be saved; its bounds are asymmetric. */
    private static final class Witness implements Env {

        final List<double[]> executed = new ArrayList<>();
        private final ActionSpace actions;
        private final int end;

        Witness(ActionSpace actions, int end) {
            this.actions = actions;
            this.end = end;
        }

        @Override
        public EnvSpec spec() {
            return new EnvSpec("Witness", 2, actions, 10);
        }

        @Override
        public double[] reset(RandomGenerator random) {
            executed.clear();
            return new double[] {random.nextDouble(), 0};
        }

        @Override
        public Step step(double[] action) {
            executed.add(action.clone());
            int t = executed.size();
            return new Step(new double[] {0, t}, t, t == end, t == 10);
        }

        @Override
        public Optional<RewardModel> knownReward() {
            return Optional.of((s, a, next) -> a[0] + 10 * s[0] + 100 * next[0]);
        }

        @Override
        public Optional<TerminationModel> knownTermination() {
            return Optional.of((s, a, next) -> a[0] > 5);
        }
    }

    private static final ContinuousActions ASYMMETRIC =
            ActionSpace.continuous(new double[] {-1, 0.1}, new double[] {7, 0.4});

    private static RandomGenerator random() {
        return new SplittableRandom(1);
    }

    @Test
    void actionsAreScaledOntoAsymmetricBoundsExactly() {
        Witness inside = new Witness(ASYMMETRIC, -1);
        Env env = NormalizedActions.of(inside);
        assertThat(env.actionSpace()).isEqualTo(ActionSpace.continuous(2, -1, 1));
        env.reset(random());
        env.step(new double[] {-1, -1});
        env.step(new double[] {1, 1});
        env.step(new double[] {-3, 9});
        env.step(new double[] {0, 0});
        env.step(new double[] {0.5, -0.5});
        assertThat(inside.executed.get(0)).containsExactly(-1, 0.1);
        assertThat(inside.executed.get(1)).containsExactly(7, 0.4);
        assertThat(inside.executed.get(2)).containsExactly(-1, 0.4);
        assertThat(inside.executed.get(3)).containsExactly(3, 0.25);
        assertThat(inside.executed.get(4)).containsExactly(new double[] {5, 0.175}, within(1e-15));
    }

    @Test
    void rewardAndTerminationOfNormalizedActionsAreThoseOfWhatTheyStandFor() {
        Env env = NormalizedActions.of(new Witness(ASYMMETRIC, -1));
        RewardModel reward = env.knownReward().orElseThrow();
        TerminationModel rule = env.knownTermination().orElseThrow();
        double[] s = {0.5, 0};
        double[] next = {0.25, 0};
        assertThat(reward.reward(s, new double[] {0.5, 0}, next)).isEqualTo(5 + 5 + 25);
        assertThat(rule.terminated(s, new double[] {0.5, 0}, next)).isFalse();
        assertThat(rule.terminated(s, new double[] {0.6, 0}, next)).isTrue();
        Batch actions = Batch.ofRows(new double[] {0.5, 0}, new double[] {0.6, 0});
        float[] rewards = new float[2];
        boolean[] ends = new boolean[2];
        reward.rewards(Batch.ofRows(s, s), actions, Batch.ofRows(next, next), rewards);
        rule.terminated(Batch.ofRows(s, s), actions, Batch.ofRows(next, next), ends);
        assertThat(rewards).containsExactly(new float[] {35, 35.4f}, within(1e-5f));
        assertThat(ends).containsExactly(false, true);
        assertThat(actions.get(0, 0)).as("the batch is not touched").isEqualTo(0.5f);
        assertThat(NormalizedActions.of(new Pendulum()).knownTermination()).containsSame(TerminationModel.NEVER);
    }

    @Test
    void choicesArePassedOn() {
        Witness inside = new Witness(ActionSpace.product(ActionSpace.discrete(3), ASYMMETRIC), -1);
        Env env = Disturbance.of(NormalizedActions.of(inside), 0.3);
        assertThat(env.actionSpace())
                .isEqualTo(ActionSpace.product(ActionSpace.discrete(3), ActionSpace.continuous(2, -1, 1)));
        env.reset(random());
        env.step(new double[] {2, 0, 0});
        assertThat(inside.executed.get(0)[0]).isEqualTo(2);
        assertThat(inside.executed.get(0)[1]).isNotEqualTo(3).isBetween(-1.0, 7.0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NormalizedActions.of(new DiscreteCartPole()))
                .withMessage("the actions of CartPole-v1 are DiscreteActions[choices=2], expected a continuous number"
                        + " among them");
    }

    @Test
    void rewardsOfRepetitionsAreSummedUntilTheEnd() {
        Witness inside = new Witness(ASYMMETRIC, 8);
        Env env = ActionRepeat.of(inside, 3);
        assertThat(env.spec().maxSteps()).isEqualTo(4);
        env.reset(random());
        double[] action = {1, 0.2};
        assertThat(env.step(action))
                .usingRecursiveComparison()
                .isEqualTo(new Step(new double[] {0, 3}, 6, false, false));
        assertThat(env.step(action).reward()).isEqualTo(4 + 5 + 6);
        assertThat(env.step(action))
                .usingRecursiveComparison()
                .isEqualTo(new Step(new double[] {0, 8}, 15, true, false));
        assertThat(inside.executed).hasSize(8);
        Env cut = ActionRepeat.of(new Witness(ASYMMETRIC, -1), 3);
        cut.reset(random());
        Step last = cut.step(action);
        for (int i = 0; i < 3; i++) {
            last = cut.step(action);
        }
        assertThat(last).usingRecursiveComparison().isEqualTo(new Step(new double[] {0, 10}, 10, false, true));
    }

    @Test
    void actionsComeLate() {
        Witness inside = new Witness(ASYMMETRIC, -1);
        Env env = ActionDelay.of(inside, 2);
        for (int episode = 0; episode < 2; episode++) {
            env.reset(random());
            for (int i = 1; i <= 4; i++) {
                env.step(new double[] {i, 0.3});
            }
            assertThat(inside.executed)
                    .as("nothing is 0 where that is possible, and all under way is forgotten at reset")
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(
                            new double[] {0, 0.1}, new double[] {0, 0.1}, new double[] {1, 0.3}, new double[] {2, 0.3
                            }));
        }
        Env choices = ActionDelay.of(new DiscreteCartPole(), 1);
        choices.reset(random());
        assertThatIllegalArgumentException()
                .as("at once, not when it is executed")
                .isThrownBy(() -> choices.step(new double[] {2}))
                .withMessageContaining("action is [2.0], expected one of DiscreteActions[choices=2]");
    }

    @Test
    void noiseHasTheDeviationsItIsGiven() {
        double[] sums = new double[3];
        double[] squares = new double[3];
        int count = 0;
        for (int episode = 0; episode < 20; episode++) {
            Pendulum bare = new Pendulum();
            Env noisy = ObservationNoise.of(new Pendulum(), 0.5, 0, 2);
            double[] exact = bare.reset(new SplittableRandom(episode));
            double[] seen = noisy.reset(new SplittableRandom(episode));
            for (int t = 0; t < 200; t++, count++) {
                for (int i = 0; i < 3; i++) {
                    sums[i] += seen[i] - exact[i];
                    squares[i] += (seen[i] - exact[i]) * (seen[i] - exact[i]);
                }
                double[] u = {Math.sin(t)};
                exact = bare.step(u).observation();
                Step step = noisy.step(u);
                seen = step.observation();
            }
        }
        assertThat(sums[0] / count).isCloseTo(0, within(0.03));
        assertThat(Math.sqrt(squares[0] / count)).isCloseTo(0.5, within(0.02));
        assertThat(squares[1]).isZero();
        assertThat(Math.sqrt(squares[2] / count)).isCloseTo(2, within(0.08));
    }

    @Test
    void disturbancesAreSharesOfHalfTheRangeAndStayWithinTheBounds() {
        double sum = 0;
        double squares = 0;
        int count = 0;
        Witness inside = new Witness(ASYMMETRIC, -1);
        Env env = Disturbance.of(inside, 0.1);
        Env strong = Disturbance.of(inside, 5);
        for (int episode = 0; episode < 300; episode++) {
            env.reset(new SplittableRandom(episode));
            for (int t = 0; t < 10; t++) {
                env.step(new double[] {3, 0.25});
            }
            for (double[] action : inside.executed) {
                sum += action[0] - 3;
                squares += (action[0] - 3) * (action[0] - 3);
                count++;
            }
            strong.reset(new SplittableRandom(episode));
            strong.step(new double[] {3, 0.25});
            assertThat(ASYMMETRIC.contains(inside.executed.get(0))).isTrue();
        }
        assertThat(sum / count).isCloseTo(0, within(0.03));
        assertThat(Math.sqrt(squares / count)).isCloseTo(0.4, within(0.02));
    }

    @Test
    void wrappersWithoutNoiseLeaveTheEpisodeAsItIs() {
        Pendulum bare = new Pendulum();
        SaveableEnv wrapped = TimeLimit.of(NormalizedActions.of(new Pendulum()), 20);
        RandomGenerator random = random();
        RandomGenerator again = random();
        assertThat(wrapped.reset(again)).containsExactly(bare.reset(random));
        assertThat(again.nextLong()).as("they draw nothing").isEqualTo(random.nextLong());
        for (int t = 1; t <= 20; t++) {
            Step expected = bare.step(new double[] {2 * Math.cos(t)});
            Step actual = wrapped.step(new double[] {Math.cos(t)});
            assertThat(actual.observation()).containsExactly(expected.observation(), within(1e-12));
            assertThat(actual.reward()).isCloseTo(expected.reward(), within(1e-12));
            assertThat(actual.truncated()).isEqualTo(t == 20);
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> wrapped.step(new double[1]))
                .withMessage("the episode of Pendulum, normalized, at most 20 steps ended after 20 steps; call reset to"
                        + " begin another");
    }

    @Test
    void noiseOfTwoWrappersOfAKindIsNotTheSame() {
        Pendulum bare = new Pendulum();
        Env once = ObservationNoise.of(new Pendulum(), 1);
        Env twice = ObservationNoise.of(ObservationNoise.of(new Pendulum(), 1), 1);
        double[] exact = bare.reset(random());
        double first = once.reset(random())[0] - exact[0];
        double both = twice.reset(random())[0] - exact[0];
        assertThat(both).isNotCloseTo(2 * first, within(1e-9));
    }

    @Test
    void whatIsKnownIsToldOnlyWhereItStaysTrue() {
        Env cartPole = new CartPole();
        assertThat(TimeLimit.of(cartPole, 50).knownReward()).isEqualTo(cartPole.knownReward());
        assertThat(TimeLimit.of(cartPole, 50).knownTermination()).isEqualTo(cartPole.knownTermination());
        for (Env changed : List.of(
                ActionRepeat.of(cartPole, 2),
                ObservationNoise.of(cartPole, 0.1),
                ActionDelay.of(cartPole, 2),
                Disturbance.of(cartPole, 0.1))) {
            assertThat(changed.knownReward()).as(changed.toString()).isEmpty();
            assertThat(changed.knownTermination()).as(changed.toString()).isEmpty();
        }
        assertThat(ActionRepeat.of(new Pendulum(), 2).knownTermination()).containsSame(TerminationModel.NEVER);
        assertThat(ObservationNoise.of(new Pendulum(), 2).knownReward()).isEmpty();
    }

    @Test
    void onlyWhatCanBeSavedIsSaveable() {
        Witness plain = new Witness(ASYMMETRIC, -1);
        assertThat(TimeLimit.of(plain, 5)).isNotInstanceOf(SaveableEnv.class);
        Env declaredAsEnv = new Pendulum();
        assertThat(TimeLimit.of(declaredAsEnv, 5)).isInstanceOf(SaveableEnv.class);
        SaveableEnv env = ObservationNoise.of(new Pendulum(), 0.1);
        env.reset(random());
        double[] saved = env.saveState();
        saved[saved.length - 2] = 0.5;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> env.restoreState(saved))
                .withMessageContaining("state[3], the seed of the noise, is 0.5");
    }

    @Test
    void wrappedSimulatorsArePlannedWith() {
        SaveableEnv env = TimeLimit.of(ActionRepeat.of(new Pendulum(), 4), 10);
        SimulatorDynamics simulator = SimulatorDynamics.of(() -> TimeLimit.of(ActionRepeat.of(new Pendulum(), 4), 10));
        MpcController controller = new MpcController(
                new RandomShooting(
                        RandomShootingConfig.defaults().withHorizon(3).withPopulation(10)),
                simulator.world());
        assertThat(Episodes.run(env, simulator.seeing(env, controller), random())
                        .length())
                .isEqualTo(10);
    }

    @Test
    void badInputIsNamed() {
        assertBad(
                "steps is 201, expected a number from 1 to 200, after which Pendulum itself ends",
                () -> TimeLimit.of(new Pendulum(), 201));
        assertBad("times is 0, expected at least 1", () -> ActionRepeat.of(new Pendulum(), 0));
        assertBad("deviations has length 2, expected 1 or 3", () -> ObservationNoise.of(new Pendulum(), 1, 2));
        assertBad("deviations[1] is -2.0", () -> ObservationNoise.of(new Pendulum(), 1, -2, 3));
        assertBad("steps is 0, expected a delay from 1 to 1000", () -> ActionDelay.of(new Pendulum(), 0));
        assertBad("share is NaN", () -> Disturbance.of(new Pendulum(), Double.NaN));
        assertBad("expected a continuous number among them", () -> Disturbance.of(new DiscreteCartPole(), 0.1));
    }

    private static void assertBad(String message, Runnable call) {
        assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(message);
    }
}
