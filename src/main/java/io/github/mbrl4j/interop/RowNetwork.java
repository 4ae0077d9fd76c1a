package io.github.mbrl4j.interop;

import io.github.mbrl4j.core.Batch;

/** A trained network as a function of rows, with the way back from its outputs to its inputs. */
interface RowNetwork {

    /**
     * Applies the network.
     *
     * @param inputs [B, I], at least one row, not modified
     * @return [B, J]
     */
    Batch outputs(Batch inputs);

    /**
     * Applies the network and goes back.
     *
     * @param inputs [B, I], at least one row, not modified
     * @param outputGradients [B, J], derivatives of some scalar by the outputs, not modified
     * @return [B, I], its derivatives by the inputs
     */
    Batch inputGradients(Batch inputs, Batch outputGradients);
}
