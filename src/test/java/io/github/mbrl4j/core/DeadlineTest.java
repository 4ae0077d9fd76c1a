package io.github.mbrl4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private static final Deadline FAR = Deadline.after(Duration.ofDays(1));

    @Test
    void passesWhenItsTimeHasCome() {
        Deadline near = Deadline.after(Duration.ofNanos(1));
        while (!near.hasPassed()) {
            Thread.onSpinWait();
        }
        assertThat(FAR.hasPassed()).isFalse();
        assertThat(Deadline.NEVER.hasPassed()).isFalse();
    }

    @Test
    void theEarlierOfTwo() {
        Deadline near = Deadline.after(Duration.ofHours(1));
        assertThat(FAR.earlier(near)).isSameAs(near);
        assertThat(near.earlier(FAR)).isSameAs(near);
        assertThat(near.earlier(Deadline.NEVER)).isSameAs(near);
        assertThat(Deadline.NEVER.earlier(near)).isSameAs(near);
        assertThat(Deadline.NEVER.earlier(Deadline.NEVER)).isSameAs(Deadline.NEVER);
    }

    @Test
    void durationsWithoutEndOrMeaningAreRefused() {
        for (Duration duration :
                new Duration[] {Duration.ZERO, Duration.ofMillis(-1), Duration.ofSeconds(Long.MAX_VALUE)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Deadline.after(duration))
                    .withMessageContaining("duration is " + duration);
        }
    }
}
