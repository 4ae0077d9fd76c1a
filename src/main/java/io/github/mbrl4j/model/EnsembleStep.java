package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.DynamicsModel;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One step through the mean of an ensemble's members that can be gone back. For one thread at a time. */
final class EnsembleStep implements DifferentiableStep {

    private final EnsembleDynamics ensemble;
    private final Batch one;
    private List<? extends DynamicsModel> members = List.of();
    private List<DifferentiableStep> steps = List.of();
    private float[] oneReward = {};

    EnsembleStep(EnsembleDynamics ensemble) {
        this.ensemble = ensemble;
        one = new Batch(0, ensemble.stateSize());
    }

    /** Takes the members as they are now; the ensemble may have been fitted again. */
    private void useCurrentMembers() {
        List<Member> current = ensemble.members();
        if (current != members) {
            members = current;
            steps = current.stream().map(Member::differentiableStep).toList();
        }
    }

    private float share() {
        return 1f / steps.size();
    }

    @Override
    public void forward(
            Batch states, Batch actions, @Nullable RandomGenerator random, Batch next, float @Nullable [] rewards) {
        if (random != null) {
            throw new UnsupportedOperationException(
                    "an ensemble as a whole has no gradient of a sample, because TS1 deals"
                            + " rows out to members by chance; plan with TS_INFINITY or EXPECTATION");
        }
        useCurrentMembers();
        float share = share();
        int rows = states.rows();
        next.resize(rows);
        Arrays.fill(next.array(), 0, rows * next.columns(), 0);
        float[] memberRewards = rewards == null ? null : emptied(rewards, rows);
        for (DifferentiableStep step : steps) {
            step.forward(states, actions, null, one, memberRewards);
            EnsembleDynamics.addScaled(one.array(), share, next.array(), rows * next.columns());
            if (rewards != null && memberRewards != null) {
                EnsembleDynamics.addScaled(memberRewards, share, rewards, rows);
            }
        }
    }

    /** Sets rewards to zero, and returns a buffer for those of one member. */
    private float[] emptied(float[] rewards, int rows) {
        Arrays.fill(rewards, 0, rows, 0);
        oneReward = oneReward.length < rows ? new float[rows] : oneReward;
        return oneReward;
    }

    @Override
    public void backward(
            Batch nextGradients, float @Nullable [] rewardGradients, Batch stateGradients, Batch actionGradients) {
        int rows = nextGradients.rows();
        one.resize(rows);
        scale(nextGradients.array(), one.array(), rows * one.columns());
        if (rewardGradients != null) {
            oneReward = oneReward.length < rows ? new float[rows] : oneReward;
            scale(rewardGradients, oneReward, rows);
        }
        for (DifferentiableStep step : steps) {
            step.backward(one, rewardGradients == null ? null : oneReward, stateGradients, actionGradients);
        }
    }

    private void scale(float[] from, float[] to, int length) {
        float share = share();
        for (int i = 0; i < length; i++) {
            to[i] = share * from[i];
        }
    }
}
