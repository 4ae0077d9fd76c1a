package io.github.mbrl4j.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Mlp;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a user sees who forgot ND4J's backend, in a JVM whose class path lacks it. */
class MissingBackendTest {

    private static final String REMEDY = "org.nd4j:nd4j-native-platform:1.0.0-M2.1";

    /** Asks twice, because the second failure is another one. */
    static final class Main {
        private Main() {}

        public static void main(String[] args) {
            tell(() -> Batch.ofRows(new double[] {1, 2}).toINDArray());
            tell(() -> Batch.ofRows(new double[] {1, 2}).toINDArray());
            tell(() -> Dl4jDynamics.inputSize(new EnvSpec("none", 2, ActionSpace.continuous(1, -1, 1), 5)));
            tell(() -> Dl4jNetworks.toDl4j(new Mlp(2, List.of(), 1, Activation.TANH, new SplittableRandom(1))));
        }

        private static void tell(Runnable action) {
            try {
                action.run();
                System.out.println("no failure");
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void withoutBackendTheRemedyIsNamed() throws Exception {
        String[] lines = runWithout(jar -> jar.startsWith("nd4j-native-1")
                || jar.startsWith("nd4j-native-preset")
                || jar.contains("-linux-")
                || jar.contains("-macosx-")
                || jar.contains("-windows-"));
        assertThat(lines)
                .hasSize(4)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("ND4J has no usable backend on the class path")
                        .contains(REMEDY));
        assertThat(lines[0]).contains("NoAvailableBackendException");
    }

    @Test
    void withoutTheNativeLibraryTheRemedyIsNamed() throws Exception {
        String[] lines =
                runWithout(jar -> jar.startsWith("nd4j-native-1") && jar.matches(".*-(linux|macosx|windows)-.*"));
        assertThat(lines)
                .hasSize(4)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("ND4J has no usable backend on the class path")
                        .contains(REMEDY));
        assertThat(lines[0]).contains("UnsatisfiedLinkError");
    }

    private static String[] runWithout(Predicate<String> dropped) throws IOException, InterruptedException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !dropped.test(Path.of(entry).getFileName().toString()))
                .collect(Collectors.joining(File.pathSeparator));
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        classPath,
                        Main.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return out.strip().split("\\R");
    }
}
