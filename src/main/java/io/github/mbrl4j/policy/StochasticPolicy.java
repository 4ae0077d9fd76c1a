package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.io.CheckpointReader;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * A learned policy that does not change and whose draws can be judged by the {@link StochasticActor} it was frozen from. It has no
 * memory, is immutable, and safe for use by many threads.
 */
public sealed interface StochasticPolicy extends Policy permits CategoricalPolicy, GaussianPolicy {

    /**
     * Draws, before anything is clipped: what methods of policy gradient learn from, for the density of a clipped action is another.
     *
     * @param observation what is seen [O], finite, not modified
     * @param random source of randomness
     * @return the number of a choice, or a vector [A] in units in which the bounds of the actions are −1 and 1, which it may exceed;
     *     rounded to float
     * @throws IllegalArgumentException if the observation has another length or is not finite
     */
    double[] draw(double[] observation, RandomGenerator random);

    /**
     * The action that a draw stands for.
     *
     * @param draw as {@link #draw} returned it [A], not modified
     * @return the nearest action within the bounds, in the environment's units [A]
     */
    double[] action(double[] draw);

    /**
     * The same policy without chance: the likeliest choice or the mean, for evaluation and use.
     *
     * @return a policy that shares the network
     */
    StochasticPolicy deterministic();

    /**
     * Saves the policy. {@link #load(Path)} reads it, without anything that it was trained with.
     *
     * @param file where, replaced as a whole or not at all; its directory exists
     * @throws java.io.UncheckedIOException if the file cannot be written; the old one is still there then
     */
    void save(Path file);

    /**
     * Reads a policy.
     *
     * @param file as {@link #save(Path)} wrote it
     * @return a policy that acts as the saved one, bit for bit
     * @throws io.github.mbrl4j.io.UnreadableFileException if the file is no whole policy of this kind
     */
    static StochasticPolicy load(Path file) {
        try (CheckpointReader from = CheckpointReader.open(file, GaussianPolicy.KIND)) {
            StochasticPolicy policy =
                    from.has("categorical") ? CategoricalPolicy.read(from) : GaussianPolicy.read(from);
            from.requireAllRead();
            return policy;
        }
    }

    /**
     * Chooses an action.
     *
     * @param observation what is seen [O], finite, not modified
     * @param random source of randomness, not used if the policy is deterministic
     * @return an action [A] within the bounds
     * @throws IllegalArgumentException if the observation has another length or is not finite
     */
    @Override
    default double[] act(double[] observation, RandomGenerator random) {
        return action(draw(observation, random));
    }
}
