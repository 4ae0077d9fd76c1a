package io.github.mbrl4j.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.RandomShooting;
import io.github.mbrl4j.plan.RandomShootingConfig;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ProposalsTest {

    /** s' = s + a₀; infinite from 100 on. */
    private record Walk(ActionSpace actionSpace) implements DynamicsModel {
        @Override
        public int stateSize() {
            return 1;
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.resize(states.rows());
            for (int row = 0; row < states.rows(); row++) {
                float moved = states.get(row, 0) + actions.get(row, 0);
                next.set(row, 0, moved < 100 ? moved : Float.POSITIVE_INFINITY);
            }
        }
    }

    private static final ActionSpace BOX = ActionSpace.continuous(1, -0.1, 0.7);

    private static Batch propose(Proposals proposals, ActionSpace space, double start, int rows, int expected) {
        PredictedReturn objective = new PredictedReturn(
                WorldModel.of(new Walk(space), (s, a, next) -> 0), RolloutConfig.defaults(), new Workers(1), proposals);
        objective.startFrom(new double[] {start}, new SplittableRandom(1));
        Batch sequences = new Batch(rows, 4 * space.size());
        Arrays.fill(sequences.array(), 55);
        assertThat(objective.propose(sequences, new SplittableRandom(2))).isEqualTo(expected);
        return sequences;
    }

    @Test
    void theFirstIsThePolicysOwnInTheImaginedWorld() {
        Policy half = (observation, random) -> new double[] {-observation[0] / 2};
        Batch sequences = propose(Proposals.of(half).withCount(3), BOX, -1, 5, 3);
        // From −1: 0.5 to −0.5, 0.25 to −0.25, and so on.
        assertThat(sequences.row(0)).containsExactly(0.5, 0.25, 0.125, 0.0625);
        Set<Double> firsts = new HashSet<>();
        for (int row = 0; row < 3; row++) {
            firsts.add(sequences.row(row)[0]);
            assertThat(DoubleStream.of(sequences.row(row))).allMatch(u -> u >= -0.1 && u <= 0.7);
        }
        assertThat(firsts).as("several differ").hasSize(3);
        assertThat(sequences.row(3)).containsOnly(55);
        assertThat(propose(Proposals.of(half).withCount(3), BOX, -1, 2, 2).row(1))
                .hasSize(4);
    }

    @Test
    void theNoiseIsAFractionOfHalfTheRange() {
        Policy middle = (observation, random) -> new double[] {0.3};
        Batch sequences = propose(new Proposals(middle, 2_000, 0.2), BOX, 0, 2_000, 2_000);
        double squares = 0;
        for (int row = 1; row < 2_000; row++) {
            squares += Math.pow(sequences.row(row)[1] - 0.3, 2);
        }
        assertThat(Math.sqrt(squares / 1_999)).isCloseTo(0.2 * 0.4, within(0.005));
        Batch quiet = propose(new Proposals(middle, 3, 0), BOX, 0, 3, 3);
        assertThat(quiet.row(2)).isEqualTo(quiet.row(0));
    }

    @Test
    void actionsAreWithinTheBoundsAlsoAsFloats() {
        Policy beyond = (observation, random) -> new double[] {1e6};
        for (double u : propose(Proposals.of(beyond).withCount(1), BOX, 0, 1, 1).row(0)) {
            assertThat(u).isBetween(-0.1, 0.7).isCloseTo(0.7, within(1e-6));
        }
    }

    @Test
    void choicesAreDisturbedByAnother() {
        ActionSpace mixed = ActionSpace.product(BOX, ActionSpace.discrete(3));
        Policy policy = (observation, random) -> new double[] {0.3, 2};
        Batch sequences = propose(new Proposals(policy, 3_000, 0.3), mixed, 0, 3_000, 3_000);
        int other = 0;
        for (int row = 0; row < 3_000; row++) {
            assertThat(mixed.contains(Arrays.copyOf(sequences.row(row), 2))).isTrue();
            other += sequences.row(row)[1] == 2 ? 0 : 1;
        }
        assertThat(other / 3_000.0).isCloseTo(0.3 * 2 / 3, within(0.03));
    }

    @Test
    void thePolicyNeverSeesAStateThatIsNotFinite() {
        Policy right = (observation, random) -> {
            assertThat(observation[0]).isFinite();
            return new double[] {0.7};
        };
        assertThat(propose(Proposals.of(right), BOX, 99, 8, 8).row(0)).hasSize(4);
    }

    @Test
    void anActionOfTheWrongKindIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> propose(Proposals.of((o, r) -> new double[2]), BOX, 0, 8, 8))
                .withMessageContaining("the proposing policy's action has length 2, expected 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> propose(Proposals.of((o, r) -> new double[] {3}), ActionSpace.discrete(3), 0, 8, 8))
                .withMessageContaining("action[0] is 3.0, expected a whole number from 0 to 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Proposals.of((o, r) -> o).withNoise(1.1))
                .withMessageContaining("noise is 1.1");
    }

    /** Twenty numbers that must all be right: uniform candidates do not find them, the policy knows them. */
    @Test
    void aPlannerPicksAGoodProposal() {
        ActionSpace space = ActionSpace.continuous(1, -1, 1);
        WorldModel world = WorldModel.of(new Walk(space), (s, a, next) -> -Math.abs(a[0] - 0.6));
        RandomShootingConfig config =
                RandomShootingConfig.defaults().withHorizon(20).withPopulation(100);
        Policy knowing = (observation, random) -> new double[] {0.6};
        double[] found = new double[2];
        for (int with = 0; with < 2; with++) {
            PredictedReturn objective = new PredictedReturn(
                    world, RolloutConfig.defaults(), new Workers(1), with == 1 ? Proposals.of(knowing) : null);
            objective.startFrom(new double[1], new SplittableRandom(1));
            found[with] = new RandomShooting(config)
                    .plan(objective, new SplittableRandom(3))
                    .predictedReturn();
        }
        assertThat(found[0]).isLessThan(-5);
        assertThat(found[1]).isGreaterThan(-1e-4);
    }
}
