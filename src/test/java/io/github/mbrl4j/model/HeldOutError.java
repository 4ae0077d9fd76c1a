package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import java.util.Arrays;

/** How far predictions are from held-out episodes after some steps. */
final class HeldOutError {

    private HeldOutError() {}

    /** Root mean square over sequences and dimensions of the error after the last of some steps that the model imagines. */
    static double after(int steps, DynamicsModel model, ReplayBuffer data) {
        int[] starts = data.sequenceStarts(steps);
        Batch state = data.gather(starts).observations();
        for (int k = 0; k < steps; k++) {
            int step = k;
            Batch next = new Batch(starts.length, model.stateSize());
            model.predict(
                    state,
                    data.gather(Arrays.stream(starts).map(i -> i + step).toArray())
                            .actions(),
                    next);
            state = next;
        }
        Transitions last =
                data.gather(Arrays.stream(starts).map(i -> i + steps - 1).toArray());
        double squares = 0;
        int numbers = starts.length * model.stateSize();
        for (int i = 0; i < numbers; i++) {
            double error = state.array()[i] - last.next().array()[i];
            squares += error * error;
        }
        return Math.sqrt(squares / numbers);
    }
}
