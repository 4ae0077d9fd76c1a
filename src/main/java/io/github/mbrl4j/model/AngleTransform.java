package io.github.mbrl4j.model;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import java.util.Arrays;
import java.util.List;

/** The other dimensions as they are, then sine and cosine of each angle. */
final class AngleTransform implements ObservationTransform {

    private final int[] angles;

    AngleTransform(int... angles) {
        this.angles = Arrays.stream(angles).sorted().distinct().toArray();
        Require.that(
                this.angles.length == angles.length && (angles.length == 0 || this.angles[0] >= 0),
                "angles is %s, expected different dimensions from 0 on",
                Arrays.toString(angles));
    }

    List<Integer> angles() {
        return Arrays.stream(angles).boxed().toList();
    }

    @Override
    public int featureSize(int observationSize) {
        Require.that(
                angles.length == 0 || angles[angles.length - 1] < observationSize,
                "angles is %s, expected dimensions below the observation's %d",
                Arrays.toString(angles),
                observationSize);
        return observationSize + angles.length;
    }

    @Override
    public void apply(Batch observations, Batch features) {
        features.requireColumns("features", featureSize(observations.columns()));
        features.resize(observations.rows());
        for (int row = 0; row < observations.rows(); row++) {
            int feature = 0;
            for (int c = 0; c < observations.columns(); c++) {
                if (Arrays.binarySearch(angles, c) < 0) {
                    features.set(row, feature++, observations.get(row, c));
                }
            }
            for (int angle : angles) {
                double radians = observations.get(row, angle);
                features.set(row, feature++, (float) Math.sin(radians));
                features.set(row, feature++, (float) Math.cos(radians));
            }
        }
    }

    @Override
    public void addGradients(Batch observations, Batch featureGradients, Batch observationGradients) {
        float[] from = featureGradients.array();
        float[] to = observationGradients.array();
        int feature = 0;
        for (int row = 0; row < observations.rows(); row++) {
            int observation = row * observations.columns();
            for (int c = 0; c < observations.columns(); c++) {
                if (Arrays.binarySearch(angles, c) < 0) {
                    to[observation + c] += from[feature++];
                }
            }
            for (int angle : angles) {
                double radians = observations.get(row, angle);
                float bySine = from[feature++];
                float byCosine = from[feature++];
                to[observation + angle] += (float) (bySine * Math.cos(radians) - byCosine * Math.sin(radians));
            }
        }
    }
}
