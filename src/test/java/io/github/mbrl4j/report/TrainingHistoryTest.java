package io.github.mbrl4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.plan.CemConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingHistoryTest {

    @TempDir
    Path directory;

    private static TrainingHistory history(double... returns) {
        TrainingHistory history = TrainingHistory.start("Pets", "CartPole", 7, CemConfig.defaults());
        int steps = 200;
        for (int i = 0; i < returns.length; i++) {
            steps += 50;
            history = history.plus(new TrainingHistory.Trial(
                    i + 1, 50, steps, returns[i], i % 2 == 0, -1.5 * i, 0.1 / (i + 1), 0.25, 4 + i, i, 1.5));
        }
        return history;
    }

    private static double[] rising(int trials) {
        double[] returns = new double[trials];
        Arrays.setAll(returns, i -> 200 * (1 - Math.exp(-i / 3.0)) - i % 3);
        return returns;
    }

    @Test
    void numbersOfTheRun() {
        TrainingHistory history = history(20, 150, 200, 180);
        assertThat(history.returns()).containsExactly(20, 150, 200, 180);
        assertThat(history.envSteps()).containsExactly(250, 300, 350, 400);
        assertThat(history.planMillisMedian()).isEqualTo(5.5);
        assertThat(history.fitSeconds()).isCloseTo(1, within(1e-12));
        assertThat(history.firstTrialReaching(150)).hasValue(2);
        assertThat(history.firstTrialReaching(200)).hasValue(3);
        assertThat(history.firstTrialReaching(200.5)).isEmpty();
        assertThat(history(1, 2, 3).planMillisMedian()).isEqualTo(5);
    }

    @Test
    void nothingYet() {
        TrainingHistory history = history();
        assertThat(history.returns()).isEmpty();
        assertThat(history.envSteps()).isEmpty();
        assertThat(history.planMillisMedian()).isNaN();
        assertThat(history.fitSeconds()).isZero();
        assertThat(history.firstTrialReaching(0)).isEmpty();
        assertThat(history).hasToString("Pets on CartPole, seed 7: no trials yet\n");
    }

    @Test
    void unknownNumbersAreLeftOut() {
        double nan = Double.NaN;
        TrainingHistory history =
                history(1).plus(new TrainingHistory.Trial(2, 0, 250, nan, false, nan, nan, nan, nan, 0, nan));
        assertThat(history.planMillisMedian()).isEqualTo(4);
        assertThat(history.fitSeconds()).isEqualTo(0.25);
        assertThat(history.firstTrialReaching(2)).isEmpty();
    }

    @Test
    void historiesAreValues() {
        TrainingHistory one = history(1);
        TrainingHistory two = one.plus(history(1, 2).trials().get(1));
        assertThat(one.trials()).hasSize(1);
        assertThat(two).isEqualTo(history(1, 2)).isNotEqualTo(one);
        assertThatThrownBy(() -> one.trials().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void countsAreChecked() {
        TrainingHistory.Trial first = history(1).trials().get(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> history(1).plus(first))
                .withMessageContaining("trial 1 follows trial 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingHistory.Trial(0, 1, 1, 0, false, 0, 0, 0, 0, 0, 0))
                .withMessageContaining("trial is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingHistory.Trial(1, 2, 1, 0, false, 0, 0, 0, 0, 0, 0))
                .withMessageContaining("envSteps is 1");
    }

    @Test
    void settingsThatCannotBeWrittenAreFoundAtTheStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingHistory.start("Pets", "CartPole", 7, new Object()));
    }

    @Test
    void savesThreeFilesIntoANewDirectory() throws IOException {
        Path target = directory.resolve("not/yet there/ü");
        history(rising(10)).save(target);
        history(rising(11)).save(target);
        try (Stream<Path> files = Files.list(target)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("curve.png", "episodes.csv", "config.json");
        }
        assertThat(csv(target)).hasSize(12);
    }

    @Test
    void csvReadsBackExactlyInEveryLocale() throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            history(1234567.891, -1e-7, Double.NaN, 1.0 / 3).save(directory);
        } finally {
            Locale.setDefault(before);
        }
        List<String[]> rows = csv(directory);
        assertThat(rows.get(0))
                .containsExactly(
                        "trial",
                        "steps",
                        "envSteps",
                        "totalReward",
                        "terminated",
                        "modelLoss",
                        "validationError",
                        "fitSeconds",
                        "planMillisMedian",
                        "nonFiniteCandidates",
                        "seconds");
        List<TrainingHistory.Trial> read = rows.stream()
                .skip(1)
                .map(r -> new TrainingHistory.Trial(
                        Integer.parseInt(r[0]),
                        Integer.parseInt(r[1]),
                        Integer.parseInt(r[2]),
                        Double.parseDouble(r[3]),
                        Boolean.parseBoolean(r[4]),
                        Double.parseDouble(r[5]),
                        Double.parseDouble(r[6]),
                        Double.parseDouble(r[7]),
                        Double.parseDouble(r[8]),
                        Long.parseLong(r[9]),
                        Double.parseDouble(r[10])))
                .toList();
        assertThat(read)
                .isEqualTo(history(1234567.891, -1e-7, Double.NaN, 1.0 / 3).trials());
    }

    /** The rows of the file, each ended by CR LF as RFC 4180 wants it. */
    private static List<String[]> csv(Path directory) throws IOException {
        String text = Files.readString(directory.resolve("episodes.csv"));
        assertThat(text).endsWith("\r\n");
        assertThat(text.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
        return text.lines().map(line -> line.split(",", -1)).toList();
    }

    @Test
    void settingsReadBack() throws IOException {
        EnsembleConfig config = EnsembleConfig.defaults().withMembers(3);
        TrainingHistory.start("Pets", "Cart\"Pole", 7, config).save(directory);
        assertThat(TrainingHistory.loadConfig(directory, EnsembleConfig.class)).isEqualTo(config);
        assertThat(directory.resolve("config.json"))
                .content()
                .startsWith(
                        "{\n  \"agent\": \"Pets\",\n  \"environment\": \"Cart\\\"Pole\",\n  \"seed\": 7,\n  \"config\": {\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingHistory.loadConfig(directory, CemConfig.class))
                .withMessageContaining("config.json")
                .withMessageContaining("horizon");
        assertThatThrownBy(() -> TrainingHistory.loadConfig(directory.resolve("no"), CemConfig.class))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("config.json");
    }

    @Test
    void fileInPlaceOfTheDirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "mine");
        for (Path target : List.of(file, file.resolve("below"))) {
            assertThatThrownBy(() -> history(1).save(target))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot save the training history to " + target);
        }
        assertThat(file).hasContent("mine");
    }

    @Test
    void directoryInPlaceOfAFile() throws IOException {
        Files.createDirectories(directory.resolve("episodes.csv/inside"));
        assertThatThrownBy(() -> history(1).save(directory))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("episodes.csv")
                .hasMessageContaining("it is a directory");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 10, 59, 1000})
    void drawsAnyNumberOfTrials(int trials) throws IOException {
        history(rising(trials)).save(directory);
        assertThat(colors(directory.resolve("curve.png"))).hasSizeGreaterThan(trials == 0 ? 2 : 50);
    }

    @Test
    void drawsWhateverTheReturnsAre() throws IOException {
        double nan = Double.NaN;
        double inf = Double.POSITIVE_INFINITY;
        double[][] all = {
            {nan},
            {nan, nan, nan},
            {1, nan, 3},
            {inf, 1, -inf},
            {0, 0},
            {200, 200},
            {-5, -5, -5},
            {1e300, -1e300},
            {1e-300, 2e-300},
            {-1500, -120},
            {199, 200, 199.5},
            {Double.MAX_VALUE, -Double.MAX_VALUE},
            {-0.0, 0.0}
        };
        for (double[] returns : all) {
            Path file = directory.resolve("curve.png");
            LearningCurve.savePng(file, history(returns));
            assertThat(colors(file)).as(Arrays.toString(returns)).hasSizeGreaterThan(2);
            LearningCurve.savePng(file, history(returns), history(1, 2), history());
            assertThat(colors(file)).as(Arrays.toString(returns)).hasSizeGreaterThan(2);
        }
    }

    @Test
    void drawsTheMeanOfSeveralRuns() throws IOException {
        Path one = directory.resolve("new/one.png");
        Path three = directory.resolve("new/three.png");
        LearningCurve.savePng(one, history(rising(10)));
        LearningCurve.savePng(three, history(rising(10)), history(rising(7)), history(3, 1, 4, 1, 5, 9));
        assertThat(colors(three)).isNotEqualTo(colors(one));
        assertThatIllegalArgumentException().isThrownBy(() -> LearningCurve.savePng(one));
    }

    private static Set<Integer> colors(Path png) throws IOException {
        BufferedImage image = ImageIO.read(png.toFile());
        assertThat(image).isNotNull();
        assertThat(image.getWidth()).isGreaterThan(image.getHeight());
        Set<Integer> colors = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y += 2) {
            for (int x = 0; x < image.getWidth(); x += 2) {
                colors.add(image.getRGB(x, y));
            }
        }
        return colors;
    }

    @Test
    void printsATable() {
        assertThat(history(20, 200).toString().lines())
                .hasSize(4)
                .anySatisfy(line -> assertThat(line).contains("return").contains("model loss"))
                .anySatisfy(line -> assertThat(line).contains("200.00").contains("1 non-finite"));
        assertThat(history(rising(1000)).toString().lines()).hasSize(43);
        assertThat(history(rising(40)).toString().lines()).hasSize(42);
    }
}
