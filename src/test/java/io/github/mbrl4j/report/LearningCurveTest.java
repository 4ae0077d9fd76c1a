package io.github.mbrl4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearningCurveTest {

    /** Below each plot and above the axis title stands the row of tick labels. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 100})
    void bothAxesHaveLabels(int trials, @TempDir Path directory) throws Exception {
        TrainingHistory history = TrainingHistory.start("PETS", "CartPole", 1, Map.of());
        for (int trial = 1; trial <= trials; trial++) {
            history = history.plus(
                    new TrainingHistory.Trial(trial, 150, 200 + 150 * trial, 10 * trial, true, 0, 0, 0, 1, 0, 1));
        }
        Path file = directory.resolve("curve.png");
        LearningCurve.savePng(file, history);
        BufferedImage picture = ImageIO.read(file.toFile());
        int half = picture.getWidth() / 2;
        assertThat(darkPixelsInLabelRow(picture, 0, half)).isGreaterThan(20);
        assertThat(darkPixelsInLabelRow(picture, half, 2 * half)).isGreaterThan(20);
    }

    private static int darkPixelsInLabelRow(BufferedImage picture, int from, int to) {
        int dark = 0;
        for (int y = picture.getHeight() - 96; y < picture.getHeight() - 58; y++) {
            for (int x = from + 100; x < to - 10; x++) {
                if ((picture.getRGB(x, y) & 0xFF) < 0xA0) {
                    dark++;
                }
            }
        }
        return dark;
    }
}
