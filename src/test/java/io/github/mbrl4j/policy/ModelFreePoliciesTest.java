package io.github.mbrl4j.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DiscreteActions;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** {@link QPolicy}, {@link StateValue}, and the stochastic policies with the actors they are frozen from. */
class ModelFreePoliciesTest {

    private static final double[] S = {0.4, -1.2};

    private static FrozenMlp network(int outputs) {
        return new Mlp(2, List.of(8), outputs, Activation.RELU, new SplittableRandom(3)).freeze();
    }

    private static Batch observations(int rows) {
        Batch batch = new Batch(rows, 2);
        RandomGenerator random = new SplittableRandom(1);
        for (int i = 0; i < 2 * rows; i++) {
            batch.array()[i] = (float) random.nextGaussian();
        }
        return batch;
    }

    @Test
    void qPoliciesAreGreedyRowByRowAndInBatchesOfAnySize() {
        QPolicy policy = new QPolicy(new DiscreteActions(3), network(3));
        Batch observations = observations(300);
        Batch actions = new Batch(0, 1);
        policy.actions(observations, new SplittableRandom(1), actions);
        boolean[] seen = new boolean[3];
        for (int row = 0; row < 300; row++) {
            double[] q = policy.values(observations.row(row));
            int chosen = (int) actions.get(row, 0);
            seen[chosen] = true;
            assertThat(q[chosen]).isEqualTo(Math.max(q[0], Math.max(q[1], q[2])));
            assertThat(policy.act(observations.row(row), new SplittableRandom(2)))
                    .containsExactly(chosen);
            assertThat(policy.value().value(observations.row(row))).isEqualTo(q[chosen]);
        }
        assertThat(seen).contains(true, true);
    }

    @Test
    void numbersThatAreNotFiniteNeverWin() {
        Batch values = Batch.ofRows(new double[] {Double.NaN, -5, Double.POSITIVE_INFINITY, -4});
        assertThat(Rows.largest(values, 0)).isEqualTo(3);
    }

    @Test
    void stateValuesOfBatchesAreThoseOfRows() {
        StateValue value = new StateValue(network(1));
        Batch states = observations(200);
        float[] values = new float[200];
        value.values(states, values);
        for (int row = 0; row < 200; row += 37) {
            assertThat(value.value(states.row(row))).isCloseTo(values[row], within(1e-6));
        }
    }

    @Test
    void choicesComeAsOftenAsTheActorSays() {
        StochasticActor actor = actor(ActionSpace.discrete(3));
        Tensor bias = actor.parameters().get(3);
        bias.values()[0] = 1;
        bias.values()[2] = -0.5f;
        StochasticPolicy policy = actor.freeze();
        int[] counts = new int[3];
        RandomGenerator random = new SplittableRandom(1);
        for (int i = 0; i < 30_000; i++) {
            double[] draw = policy.draw(S, random);
            assertThat(policy.action(draw)).isEqualTo(draw);
            counts[(int) draw[0]]++;
        }
        for (int choice = 0; choice < 3; choice++) {
            assertThat(counts[choice] / 30_000.0).isCloseTo(density(actor, choice), within(0.01));
        }
        assertThat(policy.deterministic().act(S, random)).containsExactly(0);
    }

    @Test
    void gaussianDrawsHaveTheMeanAndDeviationOfTheActorAndAreClippedAsActions() {
        StochasticActor actor = actor(ActionSpace.continuous(1, -3, 1));
        List<Tensor> parameters = actor.parameters();
        parameters.get(3).values()[0] = 0.5f; // the mean's bias
        parameters.get(4).values()[0] = (float) Math.log(0.7);
        StochasticPolicy policy = actor.freeze();
        RandomGenerator random = new SplittableRandom(1);
        double sum = 0;
        double squares = 0;
        int n = 30_000;
        for (int i = 0; i < n; i++) {
            double[] draw = policy.draw(S, random);
            assertThat(draw[0]).isEqualTo((float) draw[0]);
            assertThat(policy.action(draw)[0]).isCloseTo(Math.max(-3, Math.min(1, -1 + 2 * draw[0])), within(1e-12));
            sum += draw[0] / n;
            squares += draw[0] * draw[0] / n;
        }
        double mean = policy.deterministic().draw(S, random)[0];
        assertThat(mean).isCloseTo(0.5, within(0.02));
        assertThat(sum).isCloseTo(mean, within(0.015));
        assertThat(Math.sqrt(squares - sum * sum)).isCloseTo(0.7, within(0.015));
        assertThat(density(actor, mean)).isCloseTo(1 / (0.7 * Math.sqrt(2 * Math.PI)), within(1e-5));
    }

    private static StochasticActor actor(ActionSpace space) {
        return StochasticActor.of(new EnvSpec("Test", 2, space, 10), List.of(8), new SplittableRandom(4));
    }

    private static double density(StochasticActor actor, double draw) {
        Tape tape = new Tape();
        Tensor observation = tape.constant(1, 2);
        observation.values()[0] = (float) S[0];
        observation.values()[1] = (float) S[1];
        Tensor draws = tape.constant(1, 1);
        draws.values()[0] = (float) draw;
        return Math.exp(actor.densities(tape, observation, draws).logs().scalar());
    }

    @Test
    void badArgumentsAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QPolicy(new DiscreteActions(3), network(2)))
                .withMessageContainingAll("2 outputs", "3 choices");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StateValue(network(2)))
                .withMessageContaining("2 outputs");
        for (ActionSpace space : List.of(ActionSpace.discrete(2), ActionSpace.continuous(1, -1, 1))) {
            StochasticPolicy policy = actor(space).freeze();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> policy.act(new double[3], new SplittableRandom(1)))
                    .withMessageContaining("observation");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> policy.act(new double[] {Double.NaN, 0}, new SplittableRandom(1)))
                    .withMessageContaining("NaN");
        }
    }
}
