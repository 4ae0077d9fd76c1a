package io.github.mbrl4j.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.plan.RandomShooting;
import io.github.mbrl4j.plan.RandomShootingConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Java snippet of the documentation stands in code that the build compiles, and every link leads somewhere. */
class DocumentationTest {

    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
    private static final Pattern XML_BLOCK = Pattern.compile("```xml\\R(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#\\s]+)[^)]*\\)");

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
        pages.addAll(filesUnder(Path.of("docs"), ".md"));
        return pages;
    }

    private static List<Path> filesUnder(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(f -> f.toString().endsWith(ending)).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void snippetsAreCompiled(Path page) throws IOException {
        List<Path> sources = new ArrayList<>(filesUnder(Path.of("src/test/java"), ".java"));
        sources.addAll(filesUnder(Path.of("examples"), ".java"));
        List<String> compiled = sources.stream()
                .map(DocumentationTest::read)
                .map(DocumentationTest::withoutLayout)
                .toList();
        Matcher block = JAVA_BLOCK.matcher(read(page));
        while (block.find()) {
            String snippet = block.group(1);
            assertThat(compiled)
                    .as("a compiled source that holds this snippet of %s:%n%s", page, snippet)
                    .anyMatch(source -> source.contains(withoutLayout(snippet)));
        }
    }

    @Test
    void theConsumerIsWhatTheReadmeSays() throws IOException {
        Path readme = Path.of("README.md");
        String pom = withoutLayout(read(Path.of("src/consumer/pom.xml")).replace("@native.platform@", "linux-x86_64"));
        assertThat(XML_BLOCK.matcher(read(readme)).results())
                .isNotEmpty()
                .allMatch(block -> pom.contains(withoutLayout(block.group(1))));
        // What the consumer compiles of the snippets.
        String compiled = filesUnder(Path.of("src/test/java/io/github/mbrl4j/docs"), "Snippets.java").stream()
                .map(DocumentationTest::read)
                .map(DocumentationTest::withoutLayout)
                .collect(Collectors.joining());
        assertThat(JAVA_BLOCK.matcher(read(readme)).results())
                .isNotEmpty()
                .allMatch(block -> compiled.contains(withoutLayout(block.group(1))));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadSomewhere(Path page) {
        Path directory = page.toAbsolutePath().getParent();
        Matcher link = LINK.matcher(read(page));
        while (link.find()) {
            assertThat(directory.resolve(link.group(1))).as("link in %s", page).exists();
        }
    }

    @Test
    void theUsersOwnEnvironmentTrainsWithLearnedAndSuppliedReward() {
        PetsConfig small = PetsConfig.defaults().withInitialSteps(100).withRefitEvery(0);
        Pets learned = Pets.on(new Snippets.Tank()).config(small).build();
        assertThat(learned.train(1).returns()).hasSize(1);
        assertThat(Snippets.suppliedReward().history().trials()).isEmpty();
    }

    @Test
    void simulatorsArePlannedWith() {
        Planner planner = new RandomShooting(
                RandomShootingConfig.defaults().withHorizon(3).withPopulation(10));
        RandomGenerator random = new SplittableRandom(1);
        assertThat(Snippets.trueDynamics(planner, random).length()).isPositive();
        assertThat(Snippets.ownSimulator(planner, random).length()).isEqualTo(200);
        assertThat(Snippets.knownOptimum(random)).isFinite();
    }

    /** Formatters break lines; a snippet is its words. The visibility that a nested class needs is not part of it. */
    private static String withoutLayout(String code) {
        return code.replace("static final class", "final class").replaceAll("\\s+", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
