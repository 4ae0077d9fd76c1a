package io.github.mbrl4j.core;

/**
 * Dynamics of states that are not the observations themselves: of latent states, for example. It says how to come from what is
 * seen to a state, and back to what would be seen.
 */
public interface ObservedDynamics extends DynamicsModel {

    /**
     * From observations to states.
     *
     * @return an estimator of states [S]; it may follow the model when that is fitted again
     */
    StateEstimator estimator();

    /**
     * From states to the observations that are expected in them.
     *
     * @param states [B, S], not modified
     * @param observations [B, O], written
     */
    void observe(Batch states, Batch observations);

    /**
     * A reward of observations as a reward of states, by way of the observations that are expected in them.
     *
     * @param ofObservations r(o, a, o')
     * @return r(s, a, s')
     */
    default RewardModel rewardOnStates(RewardModel ofObservations) {
        return new ExpectedObservations(this).reward(ofObservations);
    }

    /**
     * A termination rule of observations as a rule of states, by way of the observations that are expected in them.
     *
     * @param ofObservations whether (o, a, o') terminates
     * @return whether (s, a, s') terminates
     */
    default TerminationModel terminationOnStates(TerminationModel ofObservations) {
        return new ExpectedObservations(this).termination(ofObservations);
    }
}
