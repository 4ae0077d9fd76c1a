package io.github.mbrl4j.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.rollout.Propagation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The frame of the benchmarks; what they measure is not tested, but that it can be measured is. */
class BenchmarksTest {

    private static final Measurement TWO_MILLISECONDS = new Measurement(2, 1, 4, 800);

    private final List<String> measured = new ArrayList<>();

    /** Two cases that remember when they are measured. */
    private final class Fake implements Bench {
        private final String name;

        Fake(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public List<Case> cases(int threads) {
            return List.of(
                    new Case("small", () -> measure("small", threads)),
                    new Case("large", () -> measure("large", threads)));
        }

        private Figures measure(String work, int threads) {
            measured.add(name + "/" + work + " " + threads);
            return Figures.of(TWO_MILLISECONDS).rate("steps_per_s", 10);
        }
    }

    private String run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Benchmarks(
                        List.of(new Fake("first"), new Fake("second")),
                        new PrintStream(out, true, StandardCharsets.UTF_8))
                .run(args);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void printsOneLineOfJsonForEachCase() throws JsonProcessingException {
        List<String> lines = run("--bench=", "--threads=3").lines().toList();
        assertThat(lines).hasSize(4);
        JsonNode line = new JsonMapper().readTree(lines.get(1));
        assertThat(line.fieldNames())
                .toIterable()
                .startsWith("bench", "case", "threads", "wall_ms", "wall_ms_best", "cpu_ms", "allocated_bytes")
                .contains("steps_per_s", "cpu", "cores", "load", "java", "blas");
        assertThat(line.get("bench").asText()).isEqualTo("first");
        assertThat(line.get("case").asText()).isEqualTo("large");
        assertThat(line.get("threads").asInt()).isEqualTo(3);
        assertThat(line.get("steps_per_s").asDouble()).isEqualTo(5000);
    }

    @Test
    void selectsBenchesAndCases() {
        run("--bench=second,first/large", "--threads=1");
        assertThat(measured).containsExactly("first/large 1", "second/small 1", "second/large 1");
    }

    @Test
    void runsOnOneThreadAndOnAllProcessorsUnlessToldOtherwise() {
        run("--bench=first/small");
        assertThat(measured).startsWith("first/small 1").contains("first/small " + Machine.processors());
    }

    @Test
    void measuresNothingIfABenchIsUnknown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("--bench=first,third"))
                .withMessageContainingAll("third", "first, second");
        assertThat(measured).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--threads=0", "--threads=two", "--rounds=5", "first"})
    void wrongOptionsAreErrors(String option) {
        assertThatIllegalArgumentException().isThrownBy(() -> run(option)).withMessageContaining("expected");
    }

    @Test
    void ratesAreCountsOverTimes() {
        assertThat(Figures.of(TWO_MILLISECONDS)
                        .rate("steps_per_s", 10)
                        .flop(6e6)
                        .nanosPer("row", 4)
                        .with("nothing", Double.NaN)
                        .values())
                .containsEntry("wall_ms", 2.0)
                .containsEntry("steps_per_s", 5000.0)
                .containsEntry("steps_per_s_best", 10_000.0)
                .containsEntry("steps_per_s_by_cpu", 2500.0)
                .containsEntry("gflops", 3.0)
                .containsEntry("ns_per_row", 500_000.0)
                .doesNotContainKey("nothing");
    }

    @Test
    void measuresWhatWorkTakes() {
        long[] kept = new long[1];
        Measurement sleep = Measurement.of(() -> {
            kept[0] += new byte[100_000].length;
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(sleep.wallMsBest()).isGreaterThanOrEqualTo(20);
        assertThat(sleep.wallMs()).isGreaterThanOrEqualTo(sleep.wallMsBest());
        assertThat(sleep.allocatedBytes()).isGreaterThanOrEqualTo(100_000);
    }

    @Test
    void countsTheMultiplicationsOfANetwork() {
        // 23-200-200-200-200-36
        assertThat(Problem.LARGE.multiplyAdds()).isEqualTo(131_800);
        assertThat(CemPlanning.DEFAULT.modelSteps()).isEqualTo(37_500);
        // each layer three times, the first one twice
        assertThat((double) Problem.LARGE.trainingMultiplyAdds()).isCloseTo(3 * 131_800 - 4_600, within(0.0));
    }

    @ParameterizedTest
    @EnumSource(Propagation.class)
    void plans(Propagation propagation) {
        Workers workers = new Workers(2);
        CemPlanning planning = new CemPlanning(20, 3, 2, 5, propagation);
        planning.plannerFor(Problem.CART_POLE.withWidth(8).world(workers), workers)
                .run();
        planning.plannerFor(Problem.LARGE.withWidth(8).world(workers), workers).run();
    }

    @Test
    void theMethodsToBeTimedByJmhArePrepared() throws IOException {
        try (InputStream list = Benchmarks.class.getResourceAsStream("/META-INF/BenchmarkList")) {
            assertThat(list).as("what JMH's annotation processor writes").isNotNull();
            assertThat(new String(list.readAllBytes(), StandardCharsets.UTF_8))
                    .contains(
                            Kernels.class.getName(),
                            Act.class.getName(),
                            ReplaySampling.class.getName(),
                            EnvStepping.class.getName());
        }
    }
}
