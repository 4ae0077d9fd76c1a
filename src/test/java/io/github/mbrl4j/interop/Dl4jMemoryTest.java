package io.github.mbrl4j.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.env.CartPole;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Predicting leaves nothing behind outside the heap. No counter of ND4J knows its arrays, only the size of the process tells;
 * so this is a JVM of its own, whose heap is there in full from the beginning.
 */
class Dl4jMemoryTest {

    /** Prints by how many MiB the process grew. */
    static final class Main {
        private Main() {}

        public static void main(String[] args) {
            CartPole env = new CartPole();
            Dl4jDynamics model = new Dl4jDynamics(
                    env.spec(),
                    new NeuralNetConfiguration.Builder()
                            .list()
                            .layer(new OutputLayer.Builder(LossFunction.MSE)
                                    .nIn(5)
                                    .nOut(4)
                                    .activation(Activation.IDENTITY)
                                    .build())
                            .build(),
                    Dl4jConfig.defaults().withEpochs(2));
            model.fit(
                    Episodes.collect(env, Policy.uniform(env.actionSpace()), 2, new SplittableRandom(1)),
                    new SplittableRandom(2));
            predict(model, 10_000);
            long before = Pointer.physicalBytes();
            predict(model, 10_000);
            System.out.println((Pointer.physicalBytes() - before) >> 20);
        }

        private static void predict(Dl4jDynamics model, int times) {
            Batch states = new Batch(512, 4);
            Batch actions = new Batch(512, 1);
            Batch next = new Batch(512, 4);
            for (int i = 0; i < times; i++) {
                model.predict(states, actions, next);
            }
        }
    }

    @Test
    void tenThousandPredictionsLeaveNothingBehind() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms64m",
                        "-Xmx64m",
                        "-XX:+AlwaysPreTouch",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String[] out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .split("\\R");
        assertThat(child.waitFor()).isZero();
        assertThat(Integer.parseInt(out[out.length - 1])).as("growth in MiB").isLessThan(24);
    }
}
