package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.Batch;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A network for many threads, made of copies for one. The networks of Deeplearning4j and SameDiff hold the activations of the call in
 * progress, so each call borrows a copy; there are never more of them than there were calls at the same time.
 */
final class Copies implements RowNetwork {

    private final Supplier<RowNetwork> maker;
    private final ConcurrentLinkedQueue<RowNetwork> idle = new ConcurrentLinkedQueue<>();

    /**
     * Makes no copy yet.
     *
     * @param maker makes a copy; safe for use by many threads
     */
    Copies(Supplier<RowNetwork> maker) {
        this.maker = maker;
    }

    @Override
    public Batch outputs(Batch inputs) {
        return borrow(copy -> copy.outputs(inputs));
    }

    @Override
    public Batch inputGradients(Batch inputs, Batch outputGradients) {
        return borrow(copy -> copy.inputGradients(inputs, outputGradients));
    }

    private Batch borrow(Function<RowNetwork, Batch> use) {
        RowNetwork waiting = idle.poll();
        RowNetwork copy = waiting == null ? maker.get() : waiting;
        Batch result = Backend.onOneThread(() -> use.apply(copy));
        // Not after an exception: what state it left the copy in is unknown.
        idle.add(copy);
        return result;
    }
}
