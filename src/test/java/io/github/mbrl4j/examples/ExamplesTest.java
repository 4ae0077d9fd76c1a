package io.github.mbrl4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.gym.Python;
import io.github.mbrl4j.report.TrainingHistory;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Runs every example as its users do, only shorter. */
class ExamplesTest {

    @Test
    void petsCartPole() {
        Map<String, Object> result = run(PetsCartPole::main, "--quick", "--seed", "5");
        assertThat(result.keySet())
                .containsExactly(
                        "example",
                        "seed",
                        "trials",
                        "returns",
                        "envSteps",
                        "solvedAtTrial",
                        "wallSeconds",
                        "planMillisMedian",
                        "fitSeconds");
        assertThat(result).containsEntry("example", "pets-cartpole").containsEntry("seed", 5);
        assertThat((List<?>) result.get("returns")).hasSize(2);
        assertThat((List<?>) result.get("envSteps")).hasSize(2);
        Path directory = Path.of("target/quick/pets-cartpole");
        assertThat(TrainingHistory.loadConfig(directory, PetsConfig.class)).isEqualTo(Smoke.PETS);
        assertThat(directory.resolve("curve.png")).isNotEmptyFile();
        assertThat(directory.resolve("episodes.csv")).isNotEmptyFile();
    }

    @Test
    void petsCartPoleWithLearnedReward() {
        Map<String, Object> result = run(PetsCartPole::main, "--quick", "--learned-reward", "--trials", "1");
        assertThat((List<?>) result.get("returns")).hasSize(1);
    }

    @Test
    void threadsDoNotChangeTheResult() {
        List<?> one =
                (List<?>) run(PetsCartPole::main, "--quick", "--threads", "1").get("returns");
        List<?> three =
                (List<?>) run(PetsCartPole::main, "--quick", "--threads", "3").get("returns");
        assertThat(three).isEqualTo(one);
    }

    @Test
    void petsPendulum() {
        Map<String, Object> result = run(PetsPendulum::main, "--quick");
        assertThat(result).containsEntry("example", "pets-pendulum").containsEntry("envSteps", List.of(250, 450));
        assertThat((double) result.get("evaluationMean")).isBetween(-200 * 16.5, 0.0);
    }

    @Test
    void swingUpFilm() {
        Map<String, Object> result = run(SwingUpFilm::main, "--quick");
        assertThat(result).containsEntry("example", "swing-up-film").containsEntry("frames", 6);
        assertThat(Path.of("target/quick/swing-up-film/swingup.gif")).isNotEmptyFile();
        assertThat(Path.of("target/quick/swing-up-film/swingup.png")).isNotEmptyFile();
    }

    @Test
    void mbpoPendulum() {
        Map<String, Object> result = run(MbpoPendulum::main, "--quick", "--seed", "3");
        assertThat(result.keySet())
                .containsExactly("example", "seed", "envSteps", "mbpo", "sac1", "sacSameRatio", "stepsToMinus200");
        assertThat(result)
                .containsEntry("example", "mbpo-pendulum")
                .containsEntry("seed", 3)
                .containsEntry("envSteps", List.of(60, 120));
        for (String agent : List.of("mbpo", "sac1", "sacSameRatio")) {
            assertThat((List<?>) result.get(agent))
                    .hasSize(2)
                    .allSatisfy(mean -> assertThat((double) mean).isBetween(-200 * 16.5, 0.0));
            assertThat(((Map<?, ?>) result.get("stepsToMinus200")).get(agent)).isNull();
        }
        assertThat(Path.of("target/quick/mbpo-pendulum/curves.png")).isNotEmptyFile();
    }

    @Test
    void dl4jPets() {
        Map<String, Object> result = run(Dl4jPets::main, "--quick", "--seed", "2");
        assertThat(result).containsEntry("example", "dl4j-pets").containsEntry("seed", 2);
        assertThat((List<?>) result.get("returns")).hasSize(2);
        assertThat((double) result.get("planMillisMedian")).isPositive();
        assertThat((double) result.get("ensemblePlanMillisMedian")).isPositive();
    }

    @Test
    void modelTrust() {
        Map<String, Object> result = run(ModelTrust::main, "--quick", "--seed", "4");
        assertThat(result).containsEntry("example", "model-trust").containsEntry("transitions", 400);
        assertThat((double) result.get("coverage90")).isBetween(0.5, 1.0);
        assertThat(Path.of("target/quick/model-trust/recalibrated/calibration.png"))
                .isNotEmptyFile();
    }

    @Test
    void cliffExperiment() {
        Map<String, Object> result = run(CliffExperiment::main, "--quick", "--seed", "3");
        assertThat(result.keySet())
                .containsExactly(
                        "example",
                        "seed",
                        "fallsWithAggregation",
                        "fallsWithout",
                        "openLoopReturn",
                        "closedLoopReturn");
        assertThat(result).containsEntry("example", "cliff").containsEntry("seed", 3);
        assertThat((List<?>) result.get("fallsWithAggregation")).hasSize(2);
        assertThat((List<?>) result.get("fallsWithout")).hasSize(2);
        Path directory = Path.of("target/quick/cliff");
        for (String picture : List.of("with-aggregation.png", "without-aggregation.png", "open-and-closed-loop.png")) {
            assertThat(directory.resolve(picture)).isNotEmptyFile();
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void plannerComparison() {
        Map<String, Object> result = run(PlannerComparison::main, "--quick", "--trials", "1");
        assertThat(result).containsEntry("example", "planner-comparison");
        List<Map<String, Object>> rows = (List<Map<String, Object>>) result.get("rows");
        assertThat(rows).hasSizeGreaterThan(30).allSatisfy(row -> {
            assertThat(row.keySet()).containsExactly("planner", "problem", "evaluations", "regret");
            assertThat((double) row.get("regret")).isFinite();
            assertThat((int) row.get("evaluations")).isBetween(1, 100);
        });
    }

    @Test
    void offlineFromLog() {
        Map<String, Object> result = run(OfflineFromLog::main, "--quick", "--seed", "4");
        assertThat(result)
                .containsEntry("example", "offline-from-log")
                .containsEntry("seed", 4)
                .containsEntry("rows", 603)
                .containsEntry("transitions", 600)
                .containsEntry("episodes", 3)
                .containsEntry("droppedRows", 0);
        assertThat((List<?>) result.get("heldOutErrors")).hasSize(3);
        assertThat((List<?>) result.get("returns")).hasSize(1);
        Path directory = Path.of("target/quick/offline-from-log");
        assertThat(directory.resolve("data.png")).isNotEmptyFile();
        assertThat(directory.resolve("model-report.json")).isNotEmptyFile();

        Map<String, Object> again = run(
                OfflineFromLog::main,
                "--quick",
                "--csv",
                directory.resolve("pendulum.csv").toString(),
                "--observations",
                "speed,sin");
        assertThat(again).containsEntry("transitions", 600).containsEntry("returns", List.of());
        assertThat((List<?>) again.get("heldOutErrors")).hasSize(2);
        assertThat((double) ((List<?>) again.get("firstAction")).get(0)).isBetween(-2.0, 2.0);
    }

    @Test
    @SuppressWarnings("unchecked")
    void systemIdentification() {
        Map<String, Object> result = run(SystemIdentification::main, "--quick", "--seed", "1001");
        assertThat(result.keySet()).containsExactly("example", "seed", "parameters");
        assertThat(result).containsEntry("example", "sysid").containsEntry("seed", 1001);
        List<Map<String, Object>> rows = (List<Map<String, Object>>) result.get("parameters");
        assertThat(rows).hasSize(7).allSatisfy(row -> {
            assertThat(row.keySet()).containsExactly("name", "truth", "estimate", "low", "high");
            double truth = (double) row.get("truth");
            assertThat((double) row.get("estimate")).isBetween(0.97 * truth, 1.03 * truth);
            assertThat((double) row.get("low")).isLessThan((double) row.get("estimate"));
            assertThat((double) row.get("high")).isGreaterThan((double) row.get("estimate"));
        });
        Map<String, Object> one = run(SystemIdentification::main, "--quick", "--pendulum");
        assertThat((List<?>) one.get("parameters")).hasSize(3);
    }

    @Test
    @SuppressWarnings("unchecked")
    void rewardTransfer() {
        Map<String, Object> result = run(RewardTransfer::main, "--quick", "--seed", "4");
        assertThat(result.keySet()).containsExactly("example", "seed", "transitions", "rewards", "wallSeconds");
        assertThat(result).containsEntry("example", "reward-transfer").containsEntry("seed", 4);
        List<Map<String, Object>> rewards = (List<Map<String, Object>>) result.get("rewards");
        assertThat(rewards).extracting(reward -> reward.get("name")).containsExactly("upright", "spin");
        assertThat(rewards).allSatisfy(reward -> {
            assertThat(reward.keySet()).containsExactly("name", "errors", "trueModel", "random");
            assertThat((List<Double>) reward.get("errors")).hasSize(1).allMatch(error -> error > 0 && error < 13);
        });
    }

    @Test
    void petsGymnasium() {
        Python.requireGymnasium();
        Map<String, Object> result = run(PetsGymnasium::main, "--quick", "--env", "CartPole-v1", "--seed", "3");
        assertThat(result.keySet()).containsExactly("example", "env", "seed", "returns", "envSteps");
        assertThat(result)
                .containsEntry("example", "pets-gymnasium")
                .containsEntry("env", "CartPole-v1")
                .containsEntry("seed", 3);
        assertThat((List<?>) result.get("returns")).hasSize(2);
        assertThat((List<?>) result.get("envSteps")).hasSize(2);
        assertThat(Path.of("target/quick/pets-gymnasium/CartPole-v1/curve.png")).isNotEmptyFile();
        Map<String, Object> ended = run(PetsGymnasium::main, "--quick", "--until", "-5000");
        assertThat((List<?>) ended.get("returns")).hasSize(1);
    }

    @Test
    void mistakesAreAnsweredWithTheUsage() {
        assertMistake("unknown option --sed", "--sed", "3");
        assertMistake("unknown option 3", "3");
        assertMistake("--seed is x", "--seed", "x");
        assertMistake("--seed has no value", "--quick", "--seed");
        assertMistake("--trials is 0", "--trials", "0");
        assertMistake("--threads is -1", "--threads", "-1");
    }

    private static void assertMistake(String what, String... args) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PetsCartPole.main(args))
                .withMessageContaining(what)
                .withMessageContaining("--learned-reward  learn");
    }

    /** Runs an example and reads its result: the last line on standard output, one JSON object. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> run(Consumer<String[]> main, String... args) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            main.accept(args);
        } finally {
            System.setOut(before);
        }
        String[] lines = out.toString(StandardCharsets.UTF_8).split("\\R");
        try {
            return new ObjectMapper().readValue(lines[lines.length - 1], Map.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError(
                    "the last line on standard output is no JSON object: " + lines[lines.length - 1], e);
        }
    }
}
