package io.github.mbrl4j.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mbrl4j.core.Transition;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

class EpisodeFilmTest {

    @TempDir
    Path directory;

    /** A red square of one unit that goes up with what is observed, in a world of 8 by 4. */
    private record Square(double stepSeconds) implements Scene {
        @Override
        public View view() {
            return new View(-4, 0, 4, 4);
        }

        @Override
        public void draw(double[] observation, Canvas canvas) {
            canvas.box(-3.5, observation[0] + 0.5, 1, 1, 0, Color.RED);
            Arrays.fill(observation, 99);
        }
    }

    private static List<Transition> episode(int steps) {
        List<Transition> transitions = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            transitions.add(new Transition(
                    new double[] {4.0 * t / steps},
                    new double[1],
                    0,
                    new double[] {4.0 * (t + 1) / steps},
                    false,
                    t == steps - 1,
                    t == 0));
        }
        return transitions;
    }

    private static EpisodeFilm film(int steps, double stepSeconds) {
        return EpisodeFilm.of(new Square(stepSeconds), episode(steps)).withWidth(80);
    }

    private static int rgb(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) & 0xFFFFFF;
    }

    @Test
    void aFrameShowsTheWorldUpwards() {
        EpisodeFilm film = film(4, 0.1);
        assertThat(film.length()).isEqualTo(5);
        for (int i = 0; i < 4; i++) {
            BufferedImage frame = film.frame(i);
            assertThat(frame.getWidth()).isEqualTo(80);
            assertThat(frame.getHeight()).isEqualTo(40);
            for (int row = 0; row < 40; row++) {
                int expected = row / 10 == 3 - i ? 0xFF0000 : 0xFFFFFF;
                assertThat(rgb(frame, 5, row)).as("frame %d, row %d", i, row).isEqualTo(expected);
                assertThat(rgb(frame, 12, row)).isEqualTo(0xFFFFFF);
            }
        }
    }

    @Test
    void aCanvasDrawsInUnitsOfTheWorld() {
        Scene scene = new Scene() {
            @Override
            public View view() {
                return View.around(1);
            }

            @Override
            public double stepSeconds() {
                return 1;
            }

            @Override
            public void draw(double[] observation, Canvas canvas) {
                canvas.disc(0.5, 0.5, 0.3, Color.GREEN);
                canvas.line(-1, -0.5, 0, -0.5, 0.2, Color.BLUE);
                canvas.curve(new double[] {0.5, 0.5, 1}, new double[] {-1, -0.5, -0.5}, 0.1, Color.BLACK);
                canvas.box(-0.5, 0.5, 0.6, 0.1, Math.PI / 2, Color.RED);
            }
        };
        BufferedImage frame = EpisodeFilm.of(scene, episode(1)).withWidth(200).frame(0);
        assertThat(rgb(frame, 150, 50)).isEqualTo(0x00FF00);
        assertThat(rgb(frame, 150, 22)).isEqualTo(0x00FF00);
        assertThat(rgb(frame, 150, 18)).isEqualTo(0xFFFFFF);
        assertThat(rgb(frame, 173, 27)).as("beside the disc").isEqualTo(0xFFFFFF);
        assertThat(rgb(frame, 50, 150)).isEqualTo(0x0000FF);
        assertThat(rgb(frame, 50, 142)).isEqualTo(0x0000FF);
        assertThat(rgb(frame, 50, 138)).isEqualTo(0xFFFFFF);
        assertThat(rgb(frame, 150, 180)).isEqualTo(0x000000);
        assertThat(rgb(frame, 180, 150)).isEqualTo(0x000000);
        assertThat(rgb(frame, 50, 24)).as("the box stands upright").isEqualTo(0xFF0000);
        assertThat(rgb(frame, 60, 50)).isEqualTo(0xFFFFFF);
    }

    private record Gif(List<BufferedImage> frames, List<Integer> delays, boolean loops) {}

    /** Read back by the reader of the JDK, metadata included. */
    private static Gif read(Path file) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            reader.setInput(in);
            List<BufferedImage> frames = new ArrayList<>();
            List<Integer> delays = new ArrayList<>();
            boolean loops = false;
            for (int i = 0; i < reader.getNumImages(true); i++) {
                frames.add(reader.read(i));
                Node root = reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
                NodeList controls = ((IIOMetadataNode) root).getElementsByTagName("GraphicControlExtension");
                assertThat(controls.getLength()).isEqualTo(1);
                delays.add(Integer.valueOf(((IIOMetadataNode) controls.item(0)).getAttribute("delayTime")));
                NodeList extensions = ((IIOMetadataNode) root).getElementsByTagName("ApplicationExtension");
                if (i == 0 && extensions.getLength() == 1) {
                    IIOMetadataNode extension = (IIOMetadataNode) extensions.item(0);
                    loops = extension.getAttribute("applicationID").equals("NETSCAPE")
                            && Arrays.equals((byte[]) extension.getUserObject(), new byte[] {1, 0, 0});
                }
            }
            return new Gif(frames, delays, loops);
        } finally {
            reader.dispose();
        }
    }

    @Test
    void aGifReadBackIsTheFilm() throws IOException {
        Path file = directory.resolve("new/one.gif");
        EpisodeFilm film = film(20, 0.05);
        film.save(file);
        Gif gif = read(file);
        assertThat(gif.frames()).hasSize(21);
        assertThat(gif.delays()).hasSize(21).containsOnly(5);
        assertThat(gif.loops()).isTrue();
        for (int i = 0; i < 21; i++) {
            BufferedImage drawn = film.frame(i);
            for (int row = 0; row < 40; row++) {
                assertThat(rgb(gif.frames().get(i), 5, row)).isEqualTo(rgb(drawn, 5, row));
                assertThat(rgb(gif.frames().get(i), 50, row)).isEqualTo(0xFFFFFF);
            }
        }
        film(3, 0.05).save(file);
        assertThat(read(file).frames()).as("a shorter film replaces it").hasSize(4);
    }

    @Test
    void manyColoursAreNearlyKept() throws IOException {
        Scene rainbow = new Scene() {
            @Override
            public View view() {
                return new View(0, 0, 800, 100);
            }

            @Override
            public double stepSeconds() {
                return 0.1;
            }

            @Override
            public void draw(double[] observation, Canvas canvas) {
                for (int x = 0; x < 800; x++) {
                    canvas.box(x + 0.5, 50, 1, 100, 0, Color.getHSBColor(x / 800f, 1, 1));
                }
            }
        };
        Path file = directory.resolve("rainbow.gif");
        EpisodeFilm film = EpisodeFilm.of(rainbow, episode(1)).withWidth(800);
        film.save(file);
        BufferedImage read = read(file).frames().get(1);
        BufferedImage drawn = film.frame(1);
        for (int x = 0; x < 800; x++) {
            Color was = new Color(drawn.getRGB(x, 50));
            Color is = new Color(read.getRGB(x, 50));
            int difference = Math.abs(was.getRed() - is.getRed())
                    + Math.abs(was.getGreen() - is.getGreen())
                    + Math.abs(was.getBlue() - is.getBlue());
            assertThat(difference).as("column %d", x).isLessThan(40);
        }
    }

    @Test
    void tooFastFilmsLeaveFramesOutButNotTheLast() throws IOException {
        Path file = directory.resolve("fast.gif");
        film(10, 0.02).withSpeed(2.5).save(file); // 0.008 s a step
        Gif gif = read(file);
        assertThat(gif.frames()).as("frames 0, 3, 6, 9 and 10").hasSize(5);
        assertThat(gif.delays()).containsOnly(2);
        assertThat(rgb(gif.frames().get(4), 5, 38))
                .as("the last one is above the picture")
                .isEqualTo(0xFFFFFF);
        assertThat(rgb(gif.frames().get(3), 5, 1)).isEqualTo(0xFF0000);
        film(10, 0.02).withSpeed(0.1).save(file);
        assertThat(read(file).delays()).hasSize(11).containsOnly(20);
        film(10, 0.02).save(file);
        assertThat(read(file).delays()).hasSize(11).containsOnly(2);
    }

    @Test
    void aStripShowsFramesFromFirstToLastSideBySide() throws IOException {
        Path file = directory.resolve("strip.png");
        film(8, 0.1).saveStrip(file, 5);
        BufferedImage strip = ImageIO.read(file.toFile());
        assertThat(strip.getWidth()).isEqualTo(5 * 80 + 4 * 4);
        assertThat(strip.getHeight()).isEqualTo(40);
        for (int i = 0; i < 4; i++) {
            assertThat(rgb(strip, 84 * i + 5, 39 - 10 * i)).isEqualTo(0xFF0000);
            assertThat(rgb(strip, 84 * i + 82, 20)).as("a gap").isEqualTo(0x808080);
        }
        film(8, 0.1).saveStrip(file, 1);
        assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(80);
    }

    @Test
    void badInputIsNamed() {
        Scene scene = new Square(0.1);
        assertBad("episode has no transitions", () -> EpisodeFilm.of(scene, List.of()));
        List<Transition> broken = List.of(
                episode(1).get(0),
                new Transition(new double[1], new double[1], 0, new double[] {Double.NaN}, false, false, false));
        assertBad("observation of frame 2[0] is NaN", () -> EpisodeFilm.of(scene, broken));
        EpisodeFilm film = film(3, 0.1);
        assertBad("index is 4, expected a frame from 0 to 3", () -> film.frame(4));
        assertBad("width is 8", () -> film.withWidth(8));
        assertBad("speed is 0.0", () -> film.withSpeed(0));
        assertBad(
                "expected a name that ends in .gif; for a strip of frames use saveStrip",
                () -> film.save(Path.of("film.png")));
        assertBad(
                "expected a name that ends in .png; for an animation use save",
                () -> film.saveStrip(Path.of("film.gif"), 2));
        assertBad("frames is 5, expected a number from 1 to 4", () -> film.saveStrip(directory.resolve("a.png"), 5));
        assertBad("left is 1.0 and right is 1.0, expected left < right", () -> new View(1, 0, 1, 1));
        assertBad("bottom is 2.0 and top is 1.0", () -> new View(0, 2, 1, 1));
        assertBad("view[0] is NaN", () -> View.around(Double.NaN));
    }

    @Test
    void whatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        assertThatThrownBy(() -> film(2, 0.1).save(file.resolve("film.gif")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot write " + file.resolve("film.gif"));
    }

    private static void assertBad(String message, Runnable call) {
        assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(message);
    }
}
