package io.github.mbrl4j.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvException;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.env.Pendulum;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class EpisodesTest {

    private static final Policy ZERO = (observation, random) -> new double[] {0};

    /** Counts its steps in its observation [start, steps]; the answer to step n (from 1) can be replaced. */
    private static final class Counter implements Env {
        private final EnvSpec spec;
        private final IntFunction<Step> answer;
        private int steps;
        private double start;

        Counter(ActionSpace actions, int maxSteps, Function<Counter, IntFunction<Step>> answer) {
            this.spec = new EnvSpec("Counter", 2, actions, maxSteps);
            this.answer = answer.apply(this);
        }

        static Counter answering(Function<Counter, IntFunction<Step>> answer) {
            return new Counter(ActionSpace.continuous(1, -1, 1), 10, answer);
        }

        static Counter wellBehaved() {
            return answering(env -> n -> env.usual());
        }

        Step usual() {
            return new Step(new double[] {start, steps}, 10 + steps, false, false);
        }

        @Override
        public EnvSpec spec() {
            return spec;
        }

        @Override
        public double[] reset(RandomGenerator random) {
            steps = 0;
            start = random.nextDouble();
            return new double[] {start, 0};
        }

        @Override
        public Step step(double[] action) {
            steps++;
            return answer.apply(steps);
        }
    }

    private static RandomGenerator random(long seed) {
        return new SplittableRandom(seed);
    }

    @Test
    void runsAnEpisodeAndCutsItAtTheTimeLimit() {
        Episode episode = Episodes.run(Counter.wellBehaved(), ZERO, random(1));
        assertThat(episode.length()).isEqualTo(10);
        assertThat(episode.totalReward()).isEqualTo(155);
        assertThat(episode.truncated()).isTrue();
        assertThat(episode.terminated()).isFalse();
        assertThat(episode).hasToString("Episode[10 steps, total reward 155.0, truncated]");
        for (int i = 0; i < 10; i++) {
            Transition transition = episode.transitions().get(i);
            assertThat(transition.observation()[1]).isEqualTo(i);
            assertThat(transition.next()[1]).isEqualTo(i + 1);
            assertThat(transition.reward()).isEqualTo(11 + i);
            assertThat(transition.first()).isEqualTo(i == 0);
            assertThat(transition.truncated()).isEqualTo(i == 9);
            assertThat(transition.terminated()).isFalse();
        }
    }

    @Test
    void endsWhereTheEnvironmentEnds() {
        Episode terminated =
                Episodes.run(Counter.answering(env -> n -> new Step(new double[2], 1, n == 4, false)), ZERO, random(1));
        assertThat(terminated.length()).isEqualTo(4);
        assertThat(terminated.terminated()).isTrue();
        assertThat(terminated.truncated()).isFalse();
        Episode truncated =
                Episodes.run(Counter.answering(env -> n -> new Step(new double[2], 1, false, n == 3)), ZERO, random(1));
        assertThat(truncated.length()).isEqualTo(3);
        assertThat(truncated.terminated()).isFalse();
        assertThat(truncated.truncated()).isTrue();
        Episode atTheLimit = Episodes.run(
                Counter.answering(env -> n -> new Step(new double[2], 1, n == 10, false)), ZERO, random(1));
        assertThat(atTheLimit.terminated()).isTrue();
        assertThat(atTheLimit.truncated()).isFalse();
    }

    @Test
    void anEpisodeCanBeAddedToTheData() {
        Env env = new Pendulum();
        ReplayBuffer data = Episodes.collect(env, Policy.uniform(env.actionSpace()), 1, random(1));
        data.addAll(Episodes.run(env, Policy.uniform(env.actionSpace()), random(2)));
        assertThat(data.size()).isEqualTo(400);
        assertThat(data.sequenceStarts(200)).containsExactly(0, 200);
        assertThat(data.capacity()).isEqualTo(1_000_000);
    }

    @Test
    void collectIsTheSameAsRunningEpisodes() {
        Env env = new CartPole();
        Policy policy = Policy.uniform(env.actionSpace());
        ReplayBuffer collected = Episodes.collect(env, policy, 5, random(3));
        ReplayBuffer byRun = ReplayBuffer.of(env.spec(), 1000);
        RandomGenerator random = random(3);
        for (int i = 0; i < 5; i++) {
            byRun.addAll(Episodes.run(new CartPole(), policy, random));
        }
        ReplayBuffer bySteps = ReplayBuffer.of(env.spec(), 1000);
        Episodes.collectSteps(env, policy, collected.size(), random(3), bySteps::add);
        assertSameData(byRun, collected);
        assertSameData(bySteps, collected);
    }

    private static void assertSameData(ReplayBuffer actual, ReplayBuffer expected) {
        assertThat(actual.size()).isEqualTo(expected.size());
        for (int i = 0; i < actual.size(); i++) {
            Transition a = actual.transition(i);
            Transition b = expected.transition(i);
            assertThat(a.observation()).containsExactly(b.observation());
            assertThat(a.action()).containsExactly(b.action());
            assertThat(a.next()).containsExactly(b.next());
            assertThat(a.first()).isEqualTo(b.first());
            assertThat(a.terminated()).isEqualTo(b.terminated());
            assertThat(a.truncated()).isEqualTo(b.truncated());
        }
    }

    @Test
    void stepsRestartEpisodesAndCutTheLast() {
        List<Transition> got = new ArrayList<>();
        Episodes.collectSteps(Counter.wellBehaved(), ZERO, 23, random(1), got::add);
        assertThat(got).hasSize(23);
        for (int i = 0; i < 23; i++) {
            assertThat(got.get(i).first()).isEqualTo(i % 10 == 0);
            assertThat(got.get(i).truncated()).isEqualTo(i % 10 == 9 || i == 22);
        }
        assertThat(got.get(0).observation()[0]).isNotEqualTo(got.get(10).observation()[0]);
        assertThatThrownBy(() -> Episodes.collectSteps(Counter.wellBehaved(), ZERO, 0, random(1), got::add))
                .hasMessage("steps is 0, expected at least 1");
        assertThatThrownBy(() -> Episodes.collect(Counter.wellBehaved(), ZERO, 0, random(1)))
                .hasMessage("episodes is 0, expected at least 1");
    }

    @Test
    void thePolicyIsResetBeforeEachEpisode() {
        List<String> calls = new ArrayList<>();
        Policy policy = new Policy() {
            @Override
            public double[] act(double[] observation, RandomGenerator random) {
                calls.add("act " + (int) observation[1]);
                return new double[1];
            }

            @Override
            public void reset() {
                calls.add("reset");
            }
        };
        Episodes.collectSteps(
                Counter.answering(env -> n -> new Step(new double[] {0, n}, 0, n == 2, false)),
                policy,
                3,
                random(1),
                transition -> calls.add("got"));
        assertThat(calls).containsExactly("reset", "act 0", "got", "act 1", "got", "reset", "act 0", "got");
    }

    @Test
    void startsDoNotDependOnHowMuchRandomnessThePolicyUses() {
        Policy thirsty = (observation, random) -> {
            for (int i = 0; i < 100; i++) {
                random.nextLong();
            }
            return new double[] {0};
        };
        ReplayBuffer a = Episodes.collect(Counter.wellBehaved(), ZERO, 3, random(5));
        ReplayBuffer b = Episodes.collect(Counter.wellBehaved(), thirsty, 3, random(5));
        assertSameData(a, b);
        assertThat(Episodes.run(Counter.wellBehaved(), ZERO, random(6))
                        .transitions()
                        .get(0)
                        .observation()[0])
                .isNotEqualTo(Episodes.run(Counter.wellBehaved(), ZERO, random(7))
                        .transitions()
                        .get(0)
                        .observation()[0]);
    }

    @Test
    void nothingIsLostWhenTheEnvironmentThrows() {
        IllegalStateException broken = new IllegalStateException("the motor is off");
        boolean[] repaired = {false};
        Counter env = Counter.answering(self -> n -> {
            if (n == 4 && !repaired[0]) {
                throw broken;
            }
            return self.usual();
        });
        ReplayBuffer data = ReplayBuffer.of(env.spec(), 100);
        assertThatThrownBy(() -> Episodes.run(env, ZERO, random(1), data::add))
                .isInstanceOf(EnvException.class)
                .hasMessage("Counter, step 4: the environment threw java.lang.IllegalStateException: the motor is off")
                .hasCause(broken);
        assertThat(data.size()).isEqualTo(3);
        repaired[0] = true;
        assertThat(Episodes.run(env, ZERO, random(1), data::add).length()).isEqualTo(10);
        assertThat(data.size()).isEqualTo(13);
        assertThat(data.sequenceStarts(3))
                .as("the broken episode does not join the next")
                .startsWith(0, 3)
                .hasSize(9);
    }

    @Test
    void contractBreachesOfTheEnvironmentAreNamed() {
        assertBreach(n -> null, "Counter, step 3: step returned null, expected a Step");
        assertBreach(n -> new Step(null, 0, false, false), "Counter, step 3: observation is null, expected 2 numbers");
        assertBreach(
                n -> new Step(new double[3], 0, false, false), "Counter, step 3: observation has length 3, expected 2");
        assertBreach(
                n -> new Step(new double[] {0, Double.NaN}, 0, false, false),
                "Counter, step 3: observation[1] is NaN, expected a finite number; the whole vector is [0.0, NaN]");
        assertBreach(
                n -> new Step(new double[2], Double.POSITIVE_INFINITY, false, false),
                "Counter, step 3: the reward is Infinity, expected a finite number");
    }

    private static void assertBreach(IntFunction<Step> breach, String message) {
        List<Transition> got = new ArrayList<>();
        Counter env = Counter.answering(self -> n -> n == 3 ? breach.apply(n) : self.usual());
        assertThatThrownBy(() -> Episodes.run(env, ZERO, random(1), got::add))
                .isInstanceOf(EnvException.class)
                .hasMessage(message);
        assertThat(got).hasSize(2);
    }

    private static Env resetting(Function<RandomGenerator, double[]> reset) {
        return new Env() {
            @Override
            public EnvSpec spec() {
                return new EnvSpec("Bad", 2, ActionSpace.continuous(1, -1, 1), 5);
            }

            @Override
            public double[] reset(RandomGenerator random) {
                return reset.apply(random);
            }

            @Override
            public Step step(double[] action) {
                throw new AssertionError("must not be stepped");
            }
        };
    }

    @Test
    void breachesAtResetAreNamed() {
        assertThatThrownBy(() -> Episodes.run(resetting(random -> null), ZERO, random(1)))
                .isInstanceOf(EnvException.class)
                .hasMessage("Bad, reset: observation is null, expected 2 numbers");
        assertThatThrownBy(() -> Episodes.run(resetting(random -> new double[1]), ZERO, random(1)))
                .isInstanceOf(EnvException.class)
                .hasMessage("Bad, reset: observation has length 1, expected 2");
        assertThatThrownBy(() -> Episodes.run(
                        resetting(random -> {
                            throw new UnsupportedOperationException();
                        }),
                        ZERO,
                        random(1)))
                .isInstanceOf(EnvException.class)
                .hasMessageStartingWith("Bad, reset: the environment threw");
    }

    private static final class Stubborn implements Policy {
        private final double[] action;

        Stubborn(double... action) {
            this.action = action;
        }

        @Override
        public double[] act(double[] observation, RandomGenerator random) {
            return action;
        }
    }

    private static void assertRefused(ActionSpace actions, Policy policy, String... parts) {
        List<Transition> got = new ArrayList<>();
        assertThatThrownBy(() ->
                        Episodes.run(new Counter(actions, 5, env -> n -> env.usual()), policy, random(1), got::add))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Counter, step 1: policy ")
                .hasMessageContainingAll(parts);
        assertThat(got).isEmpty();
    }

    @Test
    void actionsThatCannotBeExecutedNameThePolicy() {
        ActionSpace box = ActionSpace.continuous(new double[] {-1, -2}, new double[] {1, 2});
        assertRefused(box, new Stubborn(0), "EpisodesTest$Stubborn", "action has length 1, expected 2");
        assertRefused(box, new Stubborn(0, Double.NaN), "EpisodesTest$Stubborn", "action[1] is NaN");
        assertRefused(
                box,
                new Stubborn(0, -2.5),
                "EpisodesTest$Stubborn",
                "action[1] is -2.5, expected a number in [-2.0, 2.0]; maybe it should be clipped or scaled");
        assertRefused(box, new Stubborn(1.1, 0), "action[0] is 1.1, expected a number in [-1.0, 1.0]");
        assertRefused(box, (observation, random) -> null, "EpisodesTest$$Lambda", "action is null");
        ActionSpace choice = ActionSpace.discrete(3);
        for (double bad : new double[] {-1, 3, 0.5}) {
            assertRefused(choice, new Stubborn(bad), "action[0] is " + bad + ", expected a whole number from 0 to 2");
        }
    }

    @Test
    void boundsRoundedToFloatAreClippedNotRefused() {
        ActionSpace box = ActionSpace.continuous(1, -0.4, 0.4);
        double rounded = 0.4f;
        assertThat(rounded).isGreaterThan(0.4);
        Episode episode = Episodes.run(new Counter(box, 1, env -> n -> env.usual()), new Stubborn(rounded), random(1));
        assertThat(episode.transitions().get(0).action()).containsExactly(0.4);
    }

    @Test
    void reusedAndChangedArraysDoNotReachTheRecord() {
        double[] reused = new double[2];
        Env careless = new Env() {
            @Override
            public EnvSpec spec() {
                return new EnvSpec("Careless", 2, ActionSpace.continuous(1, -1, 1), 3);
            }

            @Override
            public double[] reset(RandomGenerator random) {
                Arrays.fill(reused, 0);
                return reused;
            }

            @Override
            public Step step(double[] action) {
                reused[1]++;
                action[0] = 99;
                return new Step(reused, 0, false, false);
            }
        };
        double[] action = {0.5};
        Policy careless2 = (observation, random) -> {
            observation[0] = 99;
            return action;
        };
        Episode episode = Episodes.run(careless, careless2, random(1));
        assertThat(action).containsExactly(0.5);
        for (int i = 0; i < 3; i++) {
            Transition transition = episode.transitions().get(i);
            assertThat(transition.observation()).containsExactly(0, i);
            assertThat(transition.next()).containsExactly(0, i + 1);
            assertThat(transition.action()).containsExactly(0.5);
        }
    }

    @Test
    void whatSinkAndPolicyThrowArrivesUnchanged() {
        RuntimeException stop = new RuntimeException("stop");
        assertThatThrownBy(() -> Episodes.run(Counter.wellBehaved(), ZERO, random(1), transition -> {
                    throw stop;
                }))
                .isSameAs(stop);
        assertThatThrownBy(() -> Episodes.run(
                        Counter.wellBehaved(),
                        (observation, random) -> {
                            throw stop;
                        },
                        random(1)))
                .isSameAs(stop);
    }

    @Test
    void anEpisodeHasAtLeastOneStep() {
        assertThatThrownBy(() -> new Episode(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("transitions is empty");
    }

    @Test
    void numbersBeyondTheRangeOfFloatBreachTheContract() {
        assertBreach(
                n -> new Step(new double[] {0, 1e39}, 0, false, false),
                "Counter, step 3: observation[1] is 1.0E39, expected a number within the range of float; maybe it should"
                        + " be scaled");
        assertBreach(
                n -> new Step(new double[2], 1e39, false, false),
                "Counter, step 3: the reward is 1.0E39, expected a number within the range of float; maybe it should be"
                        + " scaled");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T asItIs(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void checkedExceptionsOfEnvironmentsInOtherLanguagesAreWrapped() {
        IOException offline = new IOException("the plant is offline");
        Counter env = Counter.answering(self -> n -> {
            throw EpisodesTest.<RuntimeException>asItIs(offline);
        });
        assertThatThrownBy(() -> Episodes.run(env, ZERO, random(1)))
                .isInstanceOf(EnvException.class)
                .hasMessageContaining("step 1: the environment threw java.io.IOException: the plant is offline")
                .hasCause(offline);
    }
}
