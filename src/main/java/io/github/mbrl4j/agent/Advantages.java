package io.github.mbrl4j.agent;

/**
 * Generalised advantage estimation (Schulman et al. 2016, arXiv 1506.02438, equation 16): how much better than expected it went from
 * each step on.
 */
final class Advantages {

    private Advantages() {}

    /**
     * Â_t = Σ (γλ)^l δ_{t+l} until the episode ends, with δ = r + γ (1 − d) V(s') − V(s). A step after which the episode was cut off
     * counts V(s') like any other; one that terminated has no future.
     *
     * @param rewards r, step after step
     * @param values V(s) before each step
     * @param nextValues V(s') after each step
     * @param terminated whether the episode ended by the task's own rules
     * @param last whether the step after this one belongs to another episode; true for the last step
     */
    static float[] of(
            float[] rewards,
            float[] values,
            float[] nextValues,
            boolean[] terminated,
            boolean[] last,
            double discount,
            double lambda) {
        float[] advantages = new float[rewards.length];
        double sum = 0;
        for (int t = rewards.length - 1; t >= 0; t--) {
            double future = terminated[t] ? 0 : nextValues[t];
            double surprise = rewards[t] + discount * future - values[t];
            sum = surprise + (last[t] ? 0 : discount * lambda * sum);
            advantages[t] = (float) sum;
        }
        return advantages;
    }

    /** Shifts and scales them to a mean of 0 and a standard deviation of 1; equal ones become 0. */
    static void normalise(float[] advantages) {
        double mean = 0;
        for (float advantage : advantages) {
            mean += advantage / (double) advantages.length;
        }
        double variance = 0;
        for (float advantage : advantages) {
            variance += (advantage - mean) * (advantage - mean) / advantages.length;
        }
        double scale = 1 / (Math.sqrt(variance) + 1e-8);
        for (int i = 0; i < advantages.length; i++) {
            advantages[i] = (float) ((advantages[i] - mean) * scale);
        }
    }
}
