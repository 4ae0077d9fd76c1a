package io.github.mbrl4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineChartTest {

    private static final int BLUE = 0x1F6FB4;
    private static final int RED = 0xD1495B;

    @TempDir
    Path directory;

    private Set<Integer> coloursOf(LineChart chart) throws IOException {
        Path file = directory.resolve("new/chart.png");
        chart.savePng(file);
        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(picture.getWidth()).isEqualTo(1_800);
        Set<Integer> colours = new HashSet<>();
        for (int x = 0; x < picture.getWidth(); x++) {
            for (int y = 0; y < picture.getHeight(); y++) {
                colours.add(picture.getRGB(x, y) & 0xFFFFFF);
            }
        }
        return colours;
    }

    @Test
    void everyLineHasItsColourAndADashedOneThatOfTheLineBefore() throws IOException {
        LineChart one = LineChart.of("Heights", "seed 1", "step", "height (m)").line("real", new double[] {0, 2, 1});
        assertThat(coloursOf(one)).contains(BLUE).doesNotContain(RED);
        assertThat(coloursOf(one.dashedLine("predicted", new double[] {0, 1}, new double[] {3, 5})))
                .contains(BLUE)
                .doesNotContain(RED);
        assertThat(coloursOf(one.line("another", new double[] {1, 5}, new double[] {4, 4})))
                .contains(BLUE, RED);
    }

    @Test
    void whatCannotBeDrawnIsLeftOut() throws IOException {
        LineChart chart = LineChart.of("Odd", "", "x", "y")
                .line("some", new double[] {Double.NaN, 1, Double.POSITIVE_INFINITY, 2, 1e200})
                .line("constant", new double[] {3, 3})
                .line("one point", new double[] {1})
                .line("nothing", new double[] {Double.NaN});
        assertThat(coloursOf(chart)).contains(BLUE, RED);
        assertThat(coloursOf(LineChart.of("Empty", "", "x", "y").line("nothing", new double[0])))
                .doesNotContain(BLUE);
    }

    @Test
    void mistakesAreNamed() {
        LineChart empty = LineChart.of("t", "s", "x", "y");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> empty.savePng(directory.resolve("a.png")))
                .withMessageContaining("no lines");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> empty.line("l", new double[2], new double[3]))
                .withMessageContaining("x has length 2 and y has length 3");
    }
}
