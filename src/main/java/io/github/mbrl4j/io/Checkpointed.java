package io.github.mbrl4j.io;

/**
 * What has a state that a checkpoint can hold: a model, a learner, an agent's part. Implement it in a model or planner of your own, and
 * agents that use it can be saved.
 *
 * <pre>{@code
 * public void save(CheckpointWriter to) {
 *     to.put("gain", gain, gain.length);
 * }
 *
 * public Runnable restore(CheckpointReader from) {
 *     double[] read = from.doubles("gain", gain.length);
 *     return () -> gain = read;
 * }
 * }</pre>
 */
public interface Checkpointed {

    /**
     * Puts everything that what follows depends on, and that is not given when the object is made.
     *
     * @param to an empty place of its own
     * @throws IllegalStateException if there is something that cannot be saved, naming it
     */
    void save(CheckpointWriter to);

    /**
     * Reads what {@link #save} put, and changes nothing yet: whether the checkpoint is good is known only after all of it was read.
     *
     * @param from the place of what was put
     * @return puts what was read in the place of the present state; it is run at most once, and cannot fail
     * @throws UnreadableFileException if something is missing, of another size, or not allowed
     */
    Runnable restore(CheckpointReader from);
}
