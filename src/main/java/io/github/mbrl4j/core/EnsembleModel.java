package io.github.mbrl4j.core;

import java.util.List;

/** Several models of the same world; their disagreement tells what the data do not. {@link #predict} is the mean of the members. */
public interface EnsembleModel extends DynamicsModel {

    /**
     * The members that are used for prediction, the elites where there is a choice.
     *
     * @return E models, at least one, in a fixed order
     */
    List<? extends DynamicsModel> members();
}
