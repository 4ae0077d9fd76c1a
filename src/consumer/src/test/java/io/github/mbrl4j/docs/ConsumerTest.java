package io.github.mbrl4j.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.gym.GymnasiumEnv;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What the jar is, and that a program of the README runs with it. In the package of the snippets, which the jar does not have. */
class ConsumerTest {

    private static final long MOST_BYTES = 3 << 20;

    private static Path jar() throws URISyntaxException {
        return Path.of(
                Env.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void itIsTheInstalledJarAndSmall() throws Exception {
        assertEquals("mbrl4j-0.1.0-SNAPSHOT.jar", jar().getFileName().toString());
        long bytes = Files.size(jar());
        System.out.printf("mbrl4j's jar has %d bytes%n", bytes);
        assertTrue(bytes < MOST_BYTES, () -> "the jar has " + bytes + " bytes, at most " + MOST_BYTES + " were meant");
    }

    @Test
    void itHoldsTheLibraryAndNothingElse() throws Exception {
        try (JarFile file = new JarFile(jar().toFile())) {
            List<String> names = file.stream()
                    .map(JarEntry::getName)
                    .filter(n -> !n.endsWith("/"))
                    .toList();
            assertTrue(names.contains("io/github/mbrl4j/core/Env.class"));
            List<String> others =
                    names.stream().filter(n -> !n.endsWith(".class")).sorted().toList();
            assertEquals(
                    List.of(
                            "META-INF/LICENSE",
                            "META-INF/MANIFEST.MF",
                            "META-INF/maven/io.github.mbrl4j/mbrl4j/pom.properties",
                            "META-INF/maven/io.github.mbrl4j/mbrl4j/pom.xml",
                            "io/github/mbrl4j/gym/gymnasium_server.py"),
                    others);
            for (String name : names) {
                assertTrue(name.startsWith("META-INF/") || name.startsWith("io/github/mbrl4j/"), name);
                assertFalse(name.matches("io/github/mbrl4j/(bench|docs|examples)/.*|.*Tests?\\.class"), name);
            }
        }
    }

    @Test
    void theManifestNamesModuleAndVersion() throws Exception {
        try (JarFile file = new JarFile(jar().toFile())) {
            Attributes manifest = file.getManifest().getMainAttributes();
            assertEquals("io.github.mbrl4j", manifest.getValue("Automatic-Module-Name"));
            assertEquals("mbrl4j", manifest.getValue("Implementation-Title"));
            assertEquals("0.1.0-SNAPSHOT", manifest.getValue("Implementation-Version"));
        }
    }

    @Test
    void theBridgesScriptIsFound() throws IOException {
        try (var script = GymnasiumEnv.class.getResourceAsStream("gymnasium_server.py")) {
            assertNotNull(script);
            assertTrue(new String(script.readAllBytes()).contains("import gymnasium"));
        }
    }

    /** The README's own environment, agent and control loop. */
    @Test
    void anAgentLearnsAndActs() {
        Pets agent = Snippets.suppliedReward();
        agent.train(1);
        double total = Snippets.deployment(agent, new Snippets.Tank(), new SplittableRandom(1));
        System.out.printf("the tank's return is %.1f of at most 0%n", total);
        assertTrue(total > -50 && total <= 0, () -> "the return is " + total); // closed valve: about −95
    }

    @Test
    void theBackendIsFound() {
        double[] start = new CartPole().reset(new SplittableRandom(1));
        assertEquals(start.length, Batch.ofRows(start).toINDArray().columns());
    }
}
