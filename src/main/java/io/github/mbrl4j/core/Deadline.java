package io.github.mbrl4j.core;

import java.time.Duration;

/** A moment at which work has to stop. Immutable, safe for use by many threads. */
public final class Deadline {

    /** The deadline that never passes. */
    public static final Deadline NEVER = new Deadline(0, false);

    private final long nanoTime;
    private final boolean limited;

    private Deadline(long nanoTime, boolean limited) {
        this.nanoTime = nanoTime;
        this.limited = limited;
    }

    /**
     * A moment from now.
     *
     * @param duration how long from now, above 0
     * @return the deadline
     * @throws IllegalArgumentException if the duration is 0 or negative
     */
    public static Deadline after(Duration duration) {
        return new Deadline(
                System.nanoTime() + requirePositive("duration", duration).toNanos(), true);
    }

    /**
     * Checks a duration that a deadline is to be made of.
     *
     * @param name the argument's name, for the message
     * @param duration what was given
     * @return the duration
     * @throws IllegalArgumentException if it is 0 or negative, or longer than 292 years
     */
    public static Duration requirePositive(String name, Duration duration) {
        Require.that(
                !duration.isNegative() && !duration.isZero() && duration.toDays() < 100_000,
                "%s is %s, expected more than zero and less than centuries",
                name,
                duration);
        return duration;
    }

    /**
     * Whether the moment has passed. Asks the clock, some 25 ns.
     *
     * @return false for ever if it is {@link #NEVER}
     */
    public boolean hasPassed() {
        return limited && System.nanoTime() - nanoTime >= 0;
    }

    /**
     * The earlier of two deadlines.
     *
     * @param other another one
     * @return one of both
     */
    public Deadline earlier(Deadline other) {
        if (!limited || !other.limited) {
            return limited ? this : other;
        }
        return nanoTime - other.nanoTime <= 0 ? this : other;
    }
}
