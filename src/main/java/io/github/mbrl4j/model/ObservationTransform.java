package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;

/**
 * What a model sees of an observation: features such as sin θ and cos θ instead of an angle θ. Predictions are still made in
 * the observation's own dimensions. Called from several threads at once.
 */
public interface ObservationTransform {

    /** Observations as they are. */
    ObservationTransform IDENTITY = new ObservationTransform() {
        @Override
        public int featureSize(int observationSize) {
            return observationSize;
        }

        @Override
        public void apply(Batch observations, Batch features) {
            features.copyFrom(observations);
        }
    };

    /**
     * The number of features.
     *
     * @param observationSize width O of an observation
     * @return width F of the features, at least 1
     */
    int featureSize(int observationSize);

    /**
     * Computes features.
     *
     * @param observations [B, O], not modified
     * @param features [B, F], written
     */
    void apply(Batch observations, Batch features);

    /**
     * Replaces angles by their sine and cosine: the other dimensions come first, then sin and cos of each angle.
     *
     * @param angles dimensions of the observation that are angles, in radians
     * @return the transform
     */
    static ObservationTransform angles(int... angles) {
        return new AngleTransform(angles);
    }
}
