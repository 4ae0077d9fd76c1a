package io.github.mbrl4j.core;

/**
 * Derivatives by central differences, (f(x + h) − f(x − h)) / 2h, for dynamics, rewards and values that know none of their own.
 *
 * <p>The step h is 2⁻⁸ · max(1, |x|), which is near the cube root of float's precision, where rounding and curvature do least
 * harm. Smooth functions of numbers around 1 get three or four correct digits. Numbers whose whole range is far below 0.01 have
 * to be scaled first; at a jump the derivative is large and means nothing.
 *
 * <p>Each derivative costs two evaluations for each number of a row; all of them are rows of one batch and one call.
 */
public final class Differences {

    /** What maps each row of a batch to a row of another. */
    @FunctionalInterface
    public interface RowFunction {

        /**
         * Computes the rows.
         *
         * @param in [B, I], not modified
         * @param out [B, J], written
         */
        void apply(Batch in, Batch out);
    }

    private Differences() {}

    /**
     * Adds derivatives by differences to dynamics. Where the dynamics are an ensemble or predict rewards, so does the result.
     *
     * <p>Where noise is drawn, the derivatives are those of the expected next state, as if the noise did not depend on state
     * and action. Choices of discrete actions have the derivative 0.
     *
     * @param dynamics any model
     * @return the same model with derivatives; costs 2·(S + A) predictions for each step back
     */
    public static DifferentiableDynamics of(DynamicsModel dynamics) {
        return dynamics instanceof EnsembleModel ensemble
                ? new EnsembleDifferences(ensemble)
                : new DynamicsDifferences(dynamics);
    }

    /**
     * Adds derivatives by differences to a reward.
     *
     * @param reward any reward
     * @return the same reward with derivatives; costs 2·(2·S + A) evaluations for each step
     */
    public static DifferentiableReward of(RewardModel reward) {
        return new RewardDifferences(reward);
    }

    /**
     * Adds derivatives by differences to a value function.
     *
     * @param value any value function
     * @return the same function with derivatives; costs 2·S evaluations
     */
    public static DifferentiableValue of(ValueFunction value) {
        return new ValueDifferences(value);
    }

    /**
     * Goes back through a function of rows.
     *
     * @param function what was applied
     * @param in its argument [B, I], not modified
     * @param outGradients [B, J], the derivatives of some scalar by the results, not modified
     * @param inGradients [B, I], added to: the scalar's derivatives by the arguments
     */
    public static void addGradients(RowFunction function, Batch in, Batch outGradients, Batch inGradients) {
        Perturbation perturbation = new Perturbation(in.columns());
        perturbation.of(in);
        Batch out = new Batch(perturbation.rows(0).rows(), outGradients.columns());
        function.apply(perturbation.rows(0), out);
        for (int column = 0; column < in.columns(); column++) {
            perturbation.addGradients(out, outGradients, 0, column, inGradients);
        }
    }
}
