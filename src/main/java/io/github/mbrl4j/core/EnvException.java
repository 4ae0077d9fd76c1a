package io.github.mbrl4j.core;

/** An environment failed or broke its contract; what was collected before stays collected. */
public class EnvException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * An environment broke its contract.
     *
     * @param message which environment, at which step, what was wrong and what was expected
     */
    public EnvException(String message) {
        super(message);
    }

    /**
     * An environment threw an exception.
     *
     * @param message which environment, at which step
     * @param cause what it threw
     */
    public EnvException(String message, Throwable cause) {
        super(message, cause);
    }
}
