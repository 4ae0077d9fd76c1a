package io.github.mbrl4j.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.EnvSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Predicting and going back leave nothing behind outside the heap. No counter of ND4J knows its arrays, only the size of the process tells;
 * so this is a JVM of its own, whose heap is there in full from the beginning.
 */
class Dl4jMemoryTest {

    /** An array of 64 KiB that each call leaves behind would be 50 MiB. Prints by how many the process grew while a model predicted and gave gradients. */
    static final class Main {
        private Main() {}

        public static void main(String[] args) {
            EnvSpec spec = new EnvSpec("Memory", 32, ActionSpace.continuous(1, -1, 1), 10);
            DifferentiableDynamics model = args[0].equals("SameDiff")
                    ? NetworkDynamics.of(
                            TrainedNetworks.sameDiff(TrainedNetworks.tanh(33, 32), new int[] {33}, new int[] {32}),
                            List.of("in0"),
                            List.of("out0"),
                            spec)
                    : NetworkDynamics.of(TrainedNetworks.mixed(33, 32), spec);
            int times = Integer.parseInt(args[1]);
            use(model, times);
            long before = Pointer.physicalBytes();
            use(model, times);
            System.out.println((Pointer.physicalBytes() - before) >> 20);
        }

        private static void use(DifferentiableDynamics model, int times) {
            Batch states = new Batch(512, 32);
            Batch actions = new Batch(512, 1);
            Batch next = new Batch(512, 32);
            DifferentiableStep step = model.differentiableStep();
            for (int i = 0; i < times; i++) {
                int rows = 512 - i % 10;
                model.predict(states.resize(rows), actions.resize(rows), next);
                if (i % 4 == 0) {
                    step.forward(states, actions, null, next, null);
                    step.backward(next, null, new Batch(rows, 32), new Batch(rows, 1));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"Dl4j, 1000", "SameDiff, 800"})
    void thousandsOfCallsLeaveNothingBehind(String library, String times) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms128m",
                        "-Xmx128m",
                        "-XX:+AlwaysPreTouch",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        library,
                        times)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String[] out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .split("\\R");
        assertThat(child.waitFor()).isZero();
        assertThat(Integer.parseInt(out[out.length - 1])).as("growth in MiB").isLessThan(24);
    }
}
