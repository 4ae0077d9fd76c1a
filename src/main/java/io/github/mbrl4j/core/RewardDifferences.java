package io.github.mbrl4j.core;

/** A reward with derivatives by central differences. */
final class RewardDifferences implements DifferentiableReward {

    private static final class Scratch {
        Perturbation perturbation = new Perturbation();
        float[] rewards = {};
    }

    private final RewardModel reward;
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    RewardDifferences(RewardModel reward) {
        this.reward = reward;
    }

    @Override
    public double reward(double[] state, double[] action, double[] next) {
        return reward.reward(state, action, next);
    }

    @Override
    public void rewards(Batch states, Batch actions, Batch next, float[] rewards) {
        reward.rewards(states, actions, next, rewards);
    }

    @Override
    public void rewards(
            Batch states,
            Batch actions,
            Batch next,
            float[] rewards,
            Batch stateGradients,
            Batch actionGradients,
            Batch nextGradients) {
        reward.rewards(states, actions, next, rewards);
        Scratch own = scratch.get();
        if (!own.perturbation.isFor(states.columns(), actions.columns(), next.columns())) {
            own.perturbation = new Perturbation(states.columns(), actions.columns(), next.columns());
        }
        Perturbation perturbed = own.perturbation;
        perturbed.of(states, actions, next);
        int rows = perturbed.rows(0).rows();
        if (own.rewards.length < rows) {
            own.rewards = new float[rows];
        }
        reward.rewards(perturbed.rows(0), perturbed.rows(1), perturbed.rows(2), own.rewards);
        write(perturbed, own.rewards, 0, stateGradients.resize(states.rows()));
        write(perturbed, own.rewards, 1, actionGradients.resize(states.rows()));
        write(perturbed, own.rewards, 2, nextGradients.resize(states.rows()));
    }

    private static void write(Perturbation perturbed, float[] rewards, int argument, Batch gradients) {
        for (int column = 0; column < gradients.columns(); column++) {
            perturbed.write(rewards, argument, column, gradients);
        }
    }

    @Override
    public String toString() {
        return "Differences[" + reward + "]";
    }
}
