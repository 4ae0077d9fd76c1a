package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Differences;

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

        @Override
        public void addGradients(Batch observations, Batch featureGradients, Batch observationGradients) {
            float[] from = featureGradients.array();
            float[] to = observationGradients.array();
            for (int i = 0; i < observations.rows() * observations.columns(); i++) {
                to[i] += from[i];
            }
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
     * Goes back from features to observations. By default by central differences ({@link Differences}), which costs 2·O
     * calls of {@link #apply} in one batch; override it where the derivative is known.
     *
     * @param observations [B, O], not modified
     * @param featureGradients [B, F], derivatives of some scalar by the features, not modified
     * @param observationGradients [B, O], added to: its derivatives by the observations
     */
    default void addGradients(Batch observations, Batch featureGradients, Batch observationGradients) {
        Differences.addGradients(this::apply, observations, featureGradients, observationGradients);
    }

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
