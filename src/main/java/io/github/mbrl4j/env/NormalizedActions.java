package io.github.mbrl4j.env;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RewardModel;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.TerminationModel;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Takes continuous actions from −1 to 1, whatever the bounds: −1 is the lower bound, 1 the upper, 0 the middle between them, which is not
 * 0 where bounds are asymmetric. Actions outside are clipped, choices are passed on as they are. Reward and termination rule are those of
 * the environment, for the actions that these stand for.
 */
public final class NormalizedActions extends Wrapper {

    private final ActionBounds bounds;

    private NormalizedActions(EnvSpec spec) {
        bounds = ActionBounds.of(spec.actionSpace()).requireContinuous(spec);
    }

    /**
     * Normalizes actions.
     *
     * @param env the environment itself; belongs to the result from now on
     * @return the environment as it is then
     * @throws IllegalArgumentException if no number of an action is continuous
     */
    public static Env of(Env env) {
        return new NormalizedActions(env.spec()).around(env);
    }

    /**
     * Normalizes actions.
     *
     * @param env the environment itself; belongs to the result from now on, and is reset
     * @return the environment as it is then; it can be saved, too
     * @throws IllegalArgumentException if no number of an action is continuous
     */
    public static SaveableEnv of(SaveableEnv env) {
        return new NormalizedActions(env.spec()).around(env);
    }

    @Override
    EnvSpec spec(EnvSpec inner) {
        ActionSpace[] parts = inner.actionSpace().parts().stream()
                .map(part -> part instanceof ContinuousActions ? ActionSpace.continuous(part.size(), -1, 1) : part)
                .toArray(ActionSpace[]::new);
        ActionSpace actions = parts.length == 1 ? parts[0] : ActionSpace.product(parts);
        return new EnvSpec(inner.name() + ", normalized", inner.observationSize(), actions, inner.maxSteps());
    }

    @Override
    Step step(Env inner, double[] action, double[] memory, RandomGenerator noise) {
        return inner.step(scaled(action));
    }

    private double[] scaled(double[] action) {
        double[] scaled = new double[action.length];
        for (int i = 0; i < action.length; i++) {
            scaled[i] = bounds.scale(action[i], i);
        }
        return scaled;
    }

    private Batch scaled(Batch actions) {
        Batch scaled = new Batch(actions.rows(), actions.columns());
        for (int row = 0; row < actions.rows(); row++) {
            for (int i = 0; i < actions.columns(); i++) {
                scaled.set(row, i, (float) bounds.scale(actions.get(row, i), i));
            }
        }
        return scaled;
    }

    @Override
    Optional<RewardModel> knownReward(Env inner) {
        return inner.knownReward().map(ScaledReward::new);
    }

    @Override
    Optional<TerminationModel> knownTermination(Env inner) {
        return inner.knownTermination()
                .map(rule -> rule == TerminationModel.NEVER ? rule : new ScaledTermination(rule));
    }

    private final class ScaledReward implements RewardModel {

        private final RewardModel reward;

        ScaledReward(RewardModel reward) {
            this.reward = reward;
        }

        @Override
        public double reward(double[] state, double[] action, double[] next) {
            return reward.reward(state, scaled(action), next);
        }

        @Override
        public void rewards(Batch states, Batch actions, Batch next, float[] rewards) {
            reward.rewards(states, scaled(actions), next, rewards);
        }
    }

    private final class ScaledTermination implements TerminationModel {

        private final TerminationModel rule;

        ScaledTermination(TerminationModel rule) {
            this.rule = rule;
        }

        @Override
        public boolean terminated(double[] state, double[] action, double[] next) {
            return rule.terminated(state, scaled(action), next);
        }

        @Override
        public void terminated(Batch states, Batch actions, Batch next, boolean[] terminated) {
            rule.terminated(states, scaled(actions), next, terminated);
        }
    }
}
