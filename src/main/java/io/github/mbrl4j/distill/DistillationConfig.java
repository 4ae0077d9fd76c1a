package io.github.mbrl4j.distill;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.model.NetworkConfig;
import java.util.Objects;

/**
 * How a policy is distilled.
 *
 * @param rounds how often the student is trained, N, at least 1; 1 is plain behaviour cloning
 * @param labelsPerRound decisions of the teacher in each round, at least 1; these are what takes time
 * @param teacherShare p, 0 to 1: in round i the teacher acts in a share β = p^(i − 1) of the steps, so always in the first round. With
 *     0 only there; more makes the change from the teacher's states to the student's a gradual one; 1 is plain behaviour cloning of the
 *     teacher's own episodes, in all rounds
 * @param network the student and how it is trained
 */
public record DistillationConfig(int rounds, int labelsPerRound, double teacherShare, NetworkConfig network) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public DistillationConfig {
        Require.positive("rounds", rounds);
        Require.positive("labelsPerRound", labelsPerRound);
        Require.inRange("teacherShare", teacherShare, 0, 1);
        Objects.requireNonNull(network, "network");
    }

    /**
     * Eight rounds of 400 labels, the teacher acting in half of the second, a quarter of the third round and so on; a network of two
     * layers of 64.
     *
     * @return the defaults
     */
    public static DistillationConfig defaults() {
        NetworkConfig network = NetworkConfig.defaults();
        return new DistillationConfig(
                8,
                400,
                0.5,
                network.withTraining(network.training().withMaxEpochs(300).withPatience(30)));
    }

    /**
     * The labels of all rounds.
     *
     * @return rounds times labels of each
     * @throws ArithmeticException if they are too many to be held
     */
    public int labels() {
        return Math.multiplyExact(rounds, labelsPerRound);
    }

    /**
     * The same with another number of rounds.
     *
     * @param rounds see the record's component
     * @return the changed copy
     */
    public DistillationConfig withRounds(int rounds) {
        return new DistillationConfig(rounds, labelsPerRound, teacherShare, network);
    }

    /**
     * The same with another number of labels in each round.
     *
     * @param labelsPerRound see the record's component
     * @return the changed copy
     */
    public DistillationConfig withLabelsPerRound(int labelsPerRound) {
        return new DistillationConfig(rounds, labelsPerRound, teacherShare, network);
    }

    /**
     * The same with another share of the teacher.
     *
     * @param teacherShare see the record's component
     * @return the changed copy
     */
    public DistillationConfig withTeacherShare(double teacherShare) {
        return new DistillationConfig(rounds, labelsPerRound, teacherShare, network);
    }

    /**
     * The same with another network.
     *
     * @param network see the record's component
     * @return the changed copy
     */
    public DistillationConfig withNetwork(NetworkConfig network) {
        return new DistillationConfig(rounds, labelsPerRound, teacherShare, network);
    }
}
