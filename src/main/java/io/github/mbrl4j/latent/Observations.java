package io.github.mbrl4j.latent;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.data.Normalizer;
import java.util.Arrays;

/** How observations are standardised for a coder. */
final class Observations {

    private Observations() {}

    /** Fits means and scales [P] to rows [N, F·P] of some frames. */
    static Normalizer normalizer(Batch observations, int frames, AutoencoderConfig config) {
        Batch rows = apart(observations, frames);
        Normalizer each = Normalizer.fit(rows);
        return config.commonScale() ? withCommonScale(each, rows) : each;
    }

    /** The same numbers with a row [P] for each frame. */
    static Batch apart(Batch observations, int frames) {
        return frames == 1
                ? observations
                : Batch.wrap(observations.array(), observations.rows() * frames, observations.columns() / frames);
    }

    /** One scale for all columns: the root of their mean variance. */
    private static Normalizer withCommonScale(Normalizer each, Batch rows) {
        double[] mean = each.mean();
        double sum = 0;
        for (int i = 0; i < rows.rows() * rows.columns(); i++) {
            double deviation = rows.array()[i] - mean[i % mean.length];
            sum += deviation * deviation;
        }
        double scale = Math.sqrt(sum / (rows.rows() * (double) rows.columns()));
        double[] scales = new double[mean.length];
        Arrays.fill(scales, scale > 0 ? scale : 1);
        return Normalizer.of(mean, scales);
    }
}
