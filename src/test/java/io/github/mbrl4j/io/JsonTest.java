package io.github.mbrl4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.TrainingConfig;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.IlqrConfig;
import io.github.mbrl4j.plan.RandomShootingConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    record Numbers(double big, double small, double third, float single, long seed, Double boxed, List<Double> list) {}

    record Timed(Duration deadline, String text) {
        /** Looks like a getter; must not be written. */
        public double getHalf() {
            return 0.5;
        }

        public boolean isFast() {
            return true;
        }
    }

    static Stream<Record> configs() {
        return Stream.of(
                CemConfig.defaults(),
                CemConfig.petsCartPole(),
                IlqrConfig.defaults().withTolerance(1.0 / 3),
                CemConfig.mbrlLibCartPole().withSmoothing(1.0 / 3).withAnswer(CemConfig.Answer.BEST_CANDIDATE),
                RandomShootingConfig.defaults().withPopulation(17),
                TrainingConfig.defaults(),
                TrainingConfig.defaults().withWeightDecay(List.of(2.5e-5, 5e-5, 7.5e-5)),
                EnsembleConfig.defaults(),
                EnsembleConfig.defaults()
                        .withHidden(List.of(200, 200, 200))
                        .withActivation(Activation.TANH)
                        .withDirectTargets(List.of(0, 3))
                        .withVarianceBounds(new EnsembleConfig.VarianceBounds(-7.1, 0.3, false))
                        .withMembers(7)
                        .withElites(5),
                new Numbers(Double.MAX_VALUE, Double.MIN_VALUE, 1.0 / 3, 0.1f, Long.MIN_VALUE, -0.0, List.of(1e-300)),
                new Numbers(
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Float.NaN,
                        Long.MAX_VALUE,
                        Double.NaN,
                        List.of(Double.NaN, Double.POSITIVE_INFINITY)),
                new Timed(Duration.ofMillis(20), "\"quoted\"\n\u2028 ü \\"));
    }

    @ParameterizedTest
    @MethodSource("configs")
    void whatIsWrittenComesBackEqual(Record config) {
        assertThat((Object) Json.read(Json.write(config), config.getClass())).isEqualTo(config);
        assertThat((Object) Json.read(Json.writeLine(config), config.getClass()))
                .isEqualTo(config);
        assertThat(Json.writeLine(config)).doesNotContain("\n").doesNotContain("\r");
    }

    @Test
    void readableOnEveryPlatformAndInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Json.write(EnsembleConfig.defaults()
                            .withVarianceBounds(new EnsembleConfig.VarianceBounds(-1234.5 / 100, 0.5, true))))
                    .startsWith("{\n  \"members\": 5,\n  \"elites\": 5,\n  \"hidden\": [ 128, 128 ],\n")
                    .contains("\"min\": -12.345,");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void onlyComponentsAreWritten() {
        assertThat(Json.writeLine(new Timed(Duration.ofMillis(20), "a")))
                .isEqualTo("{\"deadline\":\"PT0.02S\",\"text\":\"a\"}");
    }

    @Test
    void mapsAndArraysOnOneLine() {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("returns", new double[] {200, Double.NaN});
        result.put("steps", new int[] {1, 2});
        result.put("solved", null);
        assertThat(Json.writeLine(result)).isEqualTo("{\"returns\":[200.0,\"NaN\"],\"steps\":[1,2],\"solved\":null}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"horizon\":15 | \"horizont\":15 | horizon: it is missing | horizont",
                "\"horizon\":15 | \"horizon\":15,\"depth\":3 | unknown component depth | population",
                "\"horizon\":15, | ~~ | horizon: it is missing | population",
                "\"horizon\":15 | \"horizon\":15,\"horizon\":16 | horizon | Duplicate",
                "\"horizon\":15 | \"horizon\":0 | horizon is 0 | at least 1",
                "\"horizon\":15 | \"horizon\":1.5 | horizon | 1.5",
                "\"horizon\":15 | \"horizon\":\"15\" | horizon | 15",
                "\"horizon\":15 | \"horizon\":null | horizon | null",
                "\"horizon\":15 | \"horizon\":99999999999 | horizon | 99999999999",
                "ELITE_MEAN | BEST | answer | BEST_CANDIDATE",
                "\"ELITE_MEAN\" | 0 | answer | 0",
                "} | } more | CemConfig | more",
            })
    void errorsNameComponentAndValue(String old, String changed, String name, String value) {
        String json = Json.writeLine(CemConfig.defaults().withHorizon(15)).replace(old, changed);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.read(json, CemConfig.class))
                .withMessageContaining("CemConfig")
                .withMessageContaining(name)
                .withMessageContaining(value);
    }

    @Test
    void errorsInsideNameThePath() {
        String json = Json.write(EnsembleConfig.defaults());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.read(json.replace("1.0E-5", "\"much\""), EnsembleConfig.class))
                .withMessageContaining("training.weightDecay[0]")
                .withMessageContaining("much")
                .withMessageContaining("line 16");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.read(json.replace("batchSize", "batch"), EnsembleConfig.class))
                .withMessageContaining(
                        "training.batchSize: it is missing; what is there: learningRate, weightDecay, batch,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "[]", "3", "{", "{\"horizon\"", "[[[[["})
    void whatIsNoRecordIsRefused(String json) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.read(json, CemConfig.class))
                .withMessageContaining("CemConfig");
    }

    @Test
    void deepNestingIsRefused() {
        char[] deep = new char[100_000];
        Arrays.fill(deep, '[');
        assertThatIllegalArgumentException().isThrownBy(() -> Json.read(new String(deep), CemConfig.class));
    }

    @Test
    void whatCannotBeWrittenIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.write(Map.of("planner", new Object())))
                .withMessageContaining("planner");
    }

    @Test
    void nullIsNoValue() {
        String json = Json.writeLine(EnsembleConfig.defaults());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.read(json.replace("\"SWISH\"", "null"), EnsembleConfig.class))
                .withMessageContaining("activation")
                .withMessageContaining("it is null, expected a value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.read(json.replace("[128,128]", "null"), EnsembleConfig.class))
                .withMessageContaining("hidden")
                .withMessageContaining("it is null, expected a value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.read(json.replace("[128,128]", "[128,null]"), EnsembleConfig.class))
                .withMessageContaining("hidden")
                .withMessageContaining("it is null, expected a value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\" \"", "\"20 ms\"", "20", "null", "[]"})
    void whatIsNoDurationIsNamed(String duration) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.read("{\"deadline\":" + duration + ",\"text\":\"\"}", Timed.class))
                .withMessageContaining("deadline");
        assertThatIllegalArgumentException().isThrownBy(() -> Json.read(duration, Duration.class));
    }
}
