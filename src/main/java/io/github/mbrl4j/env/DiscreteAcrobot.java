package io.github.mbrl4j.env;

/**
 * Gymnasium's Acrobot-v1 as it is: the {@link Acrobot} with a choice among the torques −1, 0 and 1 N·m, numbered 0 to 2. Observation,
 * reward, termination, start and saved state are those of {@link Acrobot}. Used by one thread at a time.
 */
public final class DiscreteAcrobot extends Choices<Acrobot> {

    /** Makes an acrobot; {@link #reset} starts it. */
    public DiscreteAcrobot() {
        super(new Acrobot("Acrobot-v1"), -1, 0, 1);
    }
}
