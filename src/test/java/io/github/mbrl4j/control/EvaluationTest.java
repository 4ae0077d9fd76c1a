package io.github.mbrl4j.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.env.Pendulum;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class EvaluationTest {

    @Test
    void meanAndIntervalAreStudents() {
        // s = 1.581139, t(0.975, 4) = 2.776445: 2.776445 · 1.581139 / √5 = 1.963243
        Evaluation evaluation = new Evaluation(List.of(1.0, 2.0, 3.0, 4.0, 5.0));
        assertThat(evaluation.mean()).isEqualTo(3);
        assertThat(evaluation.halfWidth()).isCloseTo(1.963243, within(1e-5));
        assertThat(evaluation).hasToString("3.0 ± 2.0 (5 episodes)");
        assertThat(new Evaluation(List.of(7.0, 7.0)).halfWidth()).isZero();
    }

    @Test
    void startsDependOnSeedAndEpisodeAlone() {
        Pendulum env = new Pendulum();
        List<Double> starts = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        Evaluation.of(env, remembering(starts, 1), 4, 9);
        Evaluation.of(env, remembering(others, 3), 4, 9);
        assertThat(others).isEqualTo(starts).doesNotHaveDuplicates().hasSize(4);
        others.clear();
        Evaluation.of(env, remembering(others, 1), 4, 10);
        assertThat(others).doesNotContainAnyElementsOf(starts);
    }

    /** Uses some randomness at each step, and remembers the first observation of each episode. */
    private static Policy remembering(List<Double> starts, int draws) {
        return new Policy() {
            private boolean begins;

            @Override
            public double[] act(double[] observation, RandomGenerator random) {
                if (begins) {
                    starts.add(observation[0]);
                    begins = false;
                }
                for (int i = 0; i < draws; i++) {
                    random.nextDouble();
                }
                return new double[1];
            }

            @Override
            public void reset() {
                begins = true;
            }
        };
    }

    @Test
    void theReturnsAreThoseOfTheEpisodes() {
        Policy none = (observation, random) -> new double[1];
        Evaluation evaluation = Evaluation.of(new Pendulum(), none, 3, 4);
        assertThat(evaluation.returns()).hasSize(3).allMatch(r -> r < 0);
        assertThat(evaluation).isEqualTo(Evaluation.of(new Pendulum(), none, 3, 4));
    }

    @Test
    void oneEpisodeIsTooFew() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Evaluation.of(new Pendulum(), (o, random) -> new double[1], 1, 4))
                .withMessageContaining("episodes is 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Evaluation(List.of(1.0)))
                .withMessageContaining("returns has 1");
    }
}
