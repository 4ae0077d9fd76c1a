package io.github.mbrl4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.io.CsvLog;
import io.github.mbrl4j.io.LogColumns;
import io.github.mbrl4j.io.LoggedData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSummaryTest {

    @TempDir
    Path directory;

    /** Ten episodes of ten steps: x counts from 0 to 99, y is always 7, the action is clipped at ±1 half of the time. */
    private static ReplayBuffer counting() {
        ReplayBuffer data = new ReplayBuffer(2, 1, 1000);
        for (int i = 0; i < 100; i++) {
            double action = Math.max(-1, Math.min(1, (i - 49.5) / 25));
            data.add(new Transition(
                    new double[] {i, 7},
                    new double[] {action},
                    i / 10,
                    new double[] {i + 1, 7},
                    i == 9,
                    i % 10 == 9 && i > 9,
                    i % 10 == 0));
        }
        return data;
    }

    @Test
    void numbersAreThoseOfTheDefinitions() {
        DataSummary summary = DataSummary.of(counting());
        assertThat(summary.transitions()).isEqualTo(100);
        assertThat(summary.terminated()).isEqualTo(1);
        assertThat(summary.truncated()).isEqualTo(9);
        assertThat(summary.lengths()).isEqualTo(new DataSummary.Range(10, 10, 10, 10));
        assertThat(summary.returns()).isEqualTo(new DataSummary.Range(10, 0, 45, 90));
        assertThat(summary.columns().stream().map(DataSummary.Column::name))
                .containsExactly("observation_0", "observation_1", "action_0", "reward");
        DataSummary.Column x = summary.columns().get(0);
        assertThat(x.min()).isZero();
        assertThat(x.low()).isEqualTo(4);
        assertThat(x.median()).isEqualTo(49);
        assertThat(x.high()).isEqualTo(94);
        assertThat(x.max()).isEqualTo(99);
        assertThat(x.mean()).isEqualTo(49.5);
        assertThat(x.deviation()).isEqualTo(Math.sqrt((100 * 100 - 1) / 12.0), within(1e-12));
        assertThat(x.change()).isEqualTo(1);
        assertThat(x.atLimits()).isEqualTo(0.02);
        assertThat(x.constant()).isFalse();
        assertThat(Arrays.stream(x.histogram()).sum()).isEqualTo(100);
        assertThat(x.histogram()[0]).isEqualTo(3); // 0, 1, 2 of intervals of 2.475
        DataSummary.Column y = summary.columns().get(1);
        assertThat(y.constant()).isTrue();
        assertThat(y.deviation()).isZero();
        assertThat(summary.columns().get(2).atLimits()).isEqualTo(0.5);
        assertThat(summary.columns().get(2).change()).isNaN();
    }

    @Test
    void theTextNamesWhatToLookAt() {
        assertThat(DataSummary.of(counting()).toString())
                .contains("100 transitions in 10 episodes of 10 to 10 steps, 1 terminated, 9 truncated")
                .contains("returns 0.000 to 90.00, mean 45.00")
                .containsPattern("observation_1 .* constant")
                .containsPattern("action_0 .* 50\\.0 %");
    }

    @Test
    void aLogBringsItsNamesAndItsReport() {
        Path file = directory.resolve("log.csv");
        LogColumns columns = LogColumns.of(List.of("x", "level"), List.of("valve"))
                .withReward("profit")
                .complete();
        CsvLog.of(columns).write(file, counting());
        LoggedData log = CsvLog.of(columns).read(file);
        assertThat(DataSummary.of(log, columns).toString())
                .containsPattern("profit .* 20\\.0 %")
                .contains("100 rows: 100 transitions in 10 episodes");
    }

    @Test
    void thePictureHasAHistogramForEachColumn() throws IOException {
        Path file = directory.resolve("new/data.png");
        DataSummary.of(counting()).savePng(file);
        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(picture.getWidth()).isEqualTo(2400);
        for (int cell = 0; cell < 4; cell++) {
            int blue = 0;
            for (int x = 600 * cell; x < 600 * (cell + 1); x++) {
                for (int y = 128; y < picture.getHeight(); y++) {
                    blue += (picture.getRGB(x, y) & 0xFFFFFF) == 0x1F6FB4 ? 1 : 0;
                }
            }
            assertThat(blue).as("blue pixels of cell %d", cell).isGreaterThan(500);
        }
    }

    @Test
    void tellsWhatIsWrongWithArguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataSummary.of(new ReplayBuffer(1, 1, 5)))
                .withMessage("data has no transitions, expected at least one");
    }
}
