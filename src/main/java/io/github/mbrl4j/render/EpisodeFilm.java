package io.github.mbrl4j.render;

import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Transition;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.imageio.ImageIO;

/**
 * An episode as it can be seen: single frames, an animated GIF that loops for ever, or a strip of frames as a PNG.
 *
 * <pre>{@code
 * Episode episode = Episodes.run(env, agent, random);
 * EpisodeFilm.of(env, episode).save(Path.of("swingup.gif"));
 * }</pre>
 *
 * <p>A frame is drawn of an observation, so an episode that was run in a wrapped environment is drawn by the scene inside as long as
 * its observations mean the same. Nothing needs a screen. Immutable, frames are drawn when they are asked for; safe for use by many
 * threads if the scene is.
 */
public final class EpisodeFilm {

    private static final int USUAL_WIDTH = 320;
    private static final int GAP = 4;

    private final Scene scene;
    private final List<double[]> observations;
    private final int width;
    private final double speed;

    private EpisodeFilm(Scene scene, List<double[]> observations, int width, double speed) {
        this.scene = scene;
        this.observations = observations;
        this.width = width;
        this.speed = speed;
    }

    /**
     * The film of an episode, 320 pixels wide, at the speed of life.
     *
     * @param scene draws the observations
     * @param episode its transitions in order, at least one; an {@code Episode} is such a thing
     * @return the film: a frame of the start and one after each step
     * @throws IllegalArgumentException if there are no transitions, or an observation holds a number that is not finite or, where the
     *     scene is an environment, is not as long as what it shows
     */
    public static EpisodeFilm of(Scene scene, Iterable<Transition> episode) {
        Objects.requireNonNull(scene, "scene");
        List<double[]> observations = new ArrayList<>();
        for (Transition step : episode) {
            if (observations.isEmpty()) {
                observations.add(checked(scene, step.observation(), 0));
            }
            observations.add(checked(scene, step.next(), observations.size()));
        }
        Require.that(!observations.isEmpty(), "episode has no transitions, expected at least one");
        return new EpisodeFilm(scene, List.copyOf(observations), USUAL_WIDTH, 1);
    }

    private static double[] checked(Scene scene, double[] observation, int frame) {
        int length = scene instanceof Env env ? env.spec().observationSize() : observation.length;
        return Require.finite("observation of frame " + frame, observation, length)
                .clone();
    }

    /**
     * The same in another size; the height follows from the scene.
     *
     * @param pixels width of a frame, from 16 to 4096
     * @return a new film
     * @throws IllegalArgumentException if the width is outside its range
     */
    public EpisodeFilm withWidth(int pixels) {
        Require.inRange("width", pixels, 16, 4096);
        return new EpisodeFilm(scene, observations, pixels, speed);
    }

    /**
     * The same faster or slower.
     *
     * @param factor 2 shows it twice as fast as life, 0.5 half as fast; from 0.01 to 100
     * @return a new film
     * @throws IllegalArgumentException if the factor is outside its range
     */
    public EpisodeFilm withSpeed(double factor) {
        Require.inRange("speed", factor, 0.01, 100);
        return new EpisodeFilm(scene, observations, width, factor);
    }

    /**
     * How many frames there are.
     *
     * @return one more than steps
     */
    public int length() {
        return observations.size();
    }

    /**
     * Draws one frame.
     *
     * @param index from 0, the start, to {@link #length} − 1
     * @return a new RGB image
     * @throws IllegalArgumentException if there is no such frame
     */
    public BufferedImage frame(int index) {
        Require.that(index >= 0 && index < length(), "index is %d, expected a frame from 0 to %d", index, length() - 1);
        BufferedImage image = new BufferedImage(width, height(), BufferedImage.TYPE_INT_RGB);
        try (Canvas canvas = new Canvas(image, scene.view())) {
            scene.draw(observations.get(index).clone(), canvas);
        }
        return image;
    }

    private int height() {
        return Math.max(
                1, (int) Math.round(width * scene.view().height() / scene.view().width()));
    }

    /**
     * Saves the film as an animated GIF that loops for ever. Where viewers could not keep up, with less than 0.02 s a frame, frames are
     * left out, never the last one.
     *
     * @param file where to; missing directories are made, a file is replaced
     * @throws IllegalArgumentException if the file's name does not end in {@code .gif}
     * @throws UncheckedIOException if it cannot be written
     */
    public void save(Path file) {
        requireEnding(file, ".gif", "for a strip of frames use saveStrip");
        Timing timing = Timing.of(scene.stepSeconds() / speed, length());
        writing(file, bytes -> {
            try (AnimatedGif gif = new AnimatedGif(bytes, timing.hundredths())) {
                for (int index : timing.frames()) {
                    gif.write(frame(index));
                }
            }
        });
    }

    /**
     * Saves frames side by side as a PNG.
     *
     * @param file where to; missing directories are made, a file is replaced
     * @param frames how many, evenly spread from the first to the last frame; at least 1 (the first alone) and at most
     *     {@link #length}
     * @throws IllegalArgumentException if the file's name does not end in {@code .png}, there are not so many frames, or the
     *     picture would be wider than 65,536 pixels
     * @throws UncheckedIOException if it cannot be written
     */
    public void saveStrip(Path file, int frames) {
        requireEnding(file, ".png", "for an animation use save");
        BufferedImage strip = strip(frames);
        writing(file, bytes -> ImageIO.write(strip, "png", bytes));
    }

    private BufferedImage strip(int frames) {
        Require.that(
                frames >= 1 && frames <= length(),
                "frames is %d, expected a number from 1 to %d, which is what there is",
                frames,
                length());
        long total = (long) frames * (width + GAP) - GAP;
        Require.that(
                total <= 1 << 16,
                "frames is %d and width is %d, expected at most 65536 pixels side by side; maybe reduce the width",
                frames,
                width);
        BufferedImage strip = new BufferedImage((int) total, height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = strip.createGraphics();
        graphics.setColor(Color.GRAY);
        graphics.fillRect(0, 0, strip.getWidth(), strip.getHeight());
        for (int i = 0; i < frames; i++) {
            int index = frames == 1 ? 0 : (int) Math.round((double) i * (length() - 1) / (frames - 1));
            graphics.drawImage(frame(index), i * (width + GAP), 0, null);
        }
        graphics.dispose();
        return strip;
    }

    private static void requireEnding(Path file, String ending, String hint) {
        Require.that(
                file.toString().toLowerCase(Locale.ROOT).endsWith(ending),
                "file is %s, expected a name that ends in %s; %s",
                file,
                ending,
                hint);
    }

    private interface Writing {
        void to(OutputStream bytes) throws IOException;
    }

    /** Writes a file in one go, so that a scene that fails leaves no half of one. */
    private static void writing(Path file, Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writing.to(bytes);
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
