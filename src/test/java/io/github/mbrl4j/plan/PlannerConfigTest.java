package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.plan.CemConfig.Answer;
import io.github.mbrl4j.plan.MppiConfig.TemperatureScale;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PlannerConfigTest {

    private static final CemConfig CEM = CemConfig.defaults();

    private static void rejects(Supplier<?> config, String message) {
        assertThatIllegalArgumentException().isThrownBy(config::get).withMessage(message);
    }

    @Test
    void cemHasTheDefaultsThatPetsWasTestedWith() {
        assertThat(CEM).isEqualTo(new CemConfig(20, 100, 10, 3, 0.1, 1.0 / 16, 2.5e-4, Answer.ELITE_MEAN));
    }

    @Test
    void cemHasThePresetOfMbrlLib() {
        assertThat(CemConfig.mbrlLibCartPole())
                .isEqualTo(new CemConfig(15, 350, 35, 5, 0.1, 1.0 / 16, 0, Answer.ELITE_MEAN));
    }

    @Test
    void cemHasThePresetOfThePaper() {
        assertThat(CemConfig.petsCartPole())
                .isEqualTo(new CemConfig(25, 400, 40, 5, 0.1, 1.0 / 16, 1e-3 / (2 * 2), Answer.ELITE_MEAN));
    }

    @Test
    void withersChangeOneSettingEach() {
        CemConfig changed = CEM.withHorizon(7)
                .withPopulation(50)
                .withElites(5)
                .withIterations(4)
                .withSmoothing(0.2)
                .withInitialVariance(0.25)
                .withVarianceFloor(0.01)
                .withAnswer(Answer.BEST_CANDIDATE);
        assertThat(changed).isEqualTo(new CemConfig(7, 50, 5, 4, 0.2, 0.25, 0.01, Answer.BEST_CANDIDATE));
        assertThat(CEM).isEqualTo(CemConfig.defaults());
        assertThat(RandomShootingConfig.defaults()).isEqualTo(new RandomShootingConfig(15, 2000));
        assertThat(RandomShootingConfig.defaults().withHorizon(3).withPopulation(9))
                .isEqualTo(new RandomShootingConfig(3, 9));
    }

    @Test
    @SuppressWarnings("DataFlowIssue")
    void errorsNameTheArgumentItsValueAndTheExpectation() {
        rejects(() -> CEM.withHorizon(0), "horizon is 0, expected at least 1");
        rejects(() -> CEM.withElites(1).withPopulation(1), "population is 1, expected at least 2");
        rejects(() -> CEM.withPopulation(-5), "population is -5, expected at least 2");
        rejects(
                () -> CEM.withPopulation(9),
                "population is 9, expected more than elites, which is 10; maybe call withElites first");
        rejects(
                () -> CEM.withElites(101),
                "elites is 101, expected at least 1 and fewer than the population, which is 100; maybe set the population first");
        rejects(
                () -> CEM.withElites(0),
                "elites is 0, expected at least 1 and fewer than the population, which is 100; maybe set the population first");
        rejects(() -> CEM.withIterations(0), "iterations is 0, expected at least 1");
        rejects(
                () -> CEM.withSmoothing(1),
                "smoothing is 1.0, expected a number in [0, 1): the weight of the old distribution");
        rejects(
                () -> CEM.withSmoothing(Double.NaN),
                "smoothing is NaN, expected a number in [0, 1): the weight of the old distribution");
        rejects(() -> CEM.withInitialVariance(-1), "initialVariance is -1.0, expected a number in [0.0, 1.0]");
        rejects(() -> CEM.withVarianceFloor(-1e-3), "varianceFloor is -0.001, expected a number in [0.0, 1.0]");
        rejects(
                () -> CEM.withVarianceFloor(0.5),
                "initialVariance is 0.0625, expected more than varianceFloor, which is 0.5; both are fractions of (high -"
                        + " low)^2");
        rejects(() -> CEM.withAnswer(null), "answer is null, expected ELITE_MEAN or BEST_CANDIDATE");
        rejects(() -> RandomShootingConfig.defaults().withHorizon(-1), "horizon is -1, expected at least 1");
        rejects(() -> RandomShootingConfig.defaults().withPopulation(1), "population is 1, expected at least 2");
    }

    @Test
    void icemHasTheDefaultsOfThePaper() {
        assertThat(ICemConfig.defaults())
                .isEqualTo(new ICemConfig(30, 40, 1.25, 10, 0.3, 3, 0.1, 0.5 * 0.5 / 4, 2, Answer.BEST_CANDIDATE));
    }

    @Test
    void icemWithersChangeOneSettingEachAndErrorsNameIt() {
        ICemConfig icem = ICemConfig.defaults();
        assertThat(icem.withHorizon(7)
                        .withPopulation(50)
                        .withPopulationDecay(1.5)
                        .withElites(5)
                        .withKeptFraction(0.4)
                        .withIterations(4)
                        .withSmoothing(0.2)
                        .withInitialVariance(0.25)
                        .withNoiseExponent(3)
                        .withAnswer(Answer.ELITE_MEAN))
                .isEqualTo(new ICemConfig(7, 50, 1.5, 5, 0.4, 4, 0.2, 0.25, 3, Answer.ELITE_MEAN));
        rejects(() -> icem.withHorizon(0), "horizon is 0, expected at least 1");
        rejects(() -> icem.withElites(0), "elites is 0, expected at least 1");
        rejects(
                () -> icem.withPopulation(19),
                "population is 19, expected at least twice the elites, which are 10; maybe call withElites first");
        rejects(
                () -> icem.withPopulationDecay(0.9),
                "populationDecay is 0.9, expected a number in [1.0, 1.7976931348623157E308]");
        rejects(() -> icem.withKeptFraction(1.1), "keptFraction is 1.1, expected a number in [0.0, 1.0]");
        rejects(() -> icem.withIterations(0), "iterations is 0, expected at least 1");
        rejects(
                () -> icem.withSmoothing(-0.1),
                "smoothing is -0.1, expected a number in [0, 1): the weight of the old distribution");
        rejects(
                () -> icem.withInitialVariance(0),
                "initialVariance is 0.0, expected a number in (0, 1]: a fraction of (high - low)^2");
        rejects(() -> icem.withNoiseExponent(Double.NaN), "noiseExponent is NaN, expected a number in [0.0, 10.0]");
    }

    @Test
    void mppiWithersChangeOneSettingEachAndErrorsNameIt() {
        MppiConfig mppi = MppiConfig.defaults();
        assertThat(mppi).isEqualTo(new MppiConfig(30, 100, 3, 0.1, TemperatureScale.SPREAD, 0.25, 1, 2, 0));
        assertThat(mppi.withHorizon(7)
                        .withPopulation(50)
                        .withIterations(4)
                        .withTemperature(2)
                        .withTemperatureScale(TemperatureScale.RETURN)
                        .withDeviation(0.5)
                        .withDeviationDecay(0.9)
                        .withNoiseExponent(0)
                        .withInformationWeight(1))
                .isEqualTo(new MppiConfig(7, 50, 4, 2, TemperatureScale.RETURN, 0.5, 0.9, 0, 1));
        rejects(() -> mppi.withHorizon(0), "horizon is 0, expected at least 1");
        rejects(() -> mppi.withPopulation(1), "population is 1, expected at least 2");
        rejects(() -> mppi.withIterations(0), "iterations is 0, expected at least 1");
        rejects(() -> mppi.withTemperature(0), "temperature is 0.0, expected a finite number above 0");
        rejects(
                () -> mppi.withDeviation(1.5),
                "deviation is 1.5, expected a number in (0, 1]: a fraction of high - low");
        rejects(
                () -> mppi.withDeviationDecay(0),
                "deviationDecay is 0.0, expected a number in (0, 1]; 1 keeps the deviation");
        rejects(() -> mppi.withNoiseExponent(-1), "noiseExponent is -1.0, expected a number in [0.0, 10.0]");
        rejects(() -> mppi.withInformationWeight(2), "informationWeight is 2.0, expected a number in [0.0, 1.0]");
    }

    @Test
    void printsAndComesBackFromJson() throws Exception {
        ObjectMapper json = new ObjectMapper();
        CemConfig config = CEM.withSmoothing(1.0 / 3).withAnswer(Answer.BEST_CANDIDATE);
        assertThat(json.readValue(json.writeValueAsString(config), CemConfig.class))
                .isEqualTo(config);
        RandomShootingConfig shooting = new RandomShootingConfig(3, 9);
        assertThat(json.readValue(json.writeValueAsString(shooting), RandomShootingConfig.class))
                .isEqualTo(shooting);
        ICemConfig icem = ICemConfig.defaults().withKeptFraction(1.0 / 3);
        assertThat(json.readValue(json.writeValueAsString(icem), ICemConfig.class))
                .isEqualTo(icem);
        MppiConfig mppi = MppiConfig.defaults().withTemperatureScale(TemperatureScale.RETURN);
        assertThat(json.readValue(json.writeValueAsString(mppi), MppiConfig.class))
                .isEqualTo(mppi);
        assertThat(config.toString()).contains("horizon=20", "population=100", "answer=BEST_CANDIDATE");
    }

    @Test
    void sequencesThatDoNotFitIntoAnArrayAreNamed() {
        FakeObjective objective = FakeObjective.ofBatch(ActionSpace.continuous(5, -1, 1), (sequences, returns) -> {});
        for (Planner planner : List.of(
                new Cem(CemConfig.defaults().withHorizon(500_000_000)),
                new ICem(ICemConfig.defaults().withHorizon(500_000_000)),
                new Mppi(MppiConfig.defaults().withHorizon(500_000_000)),
                new RandomShooting(RandomShootingConfig.defaults().withHorizon(500_000_000)))) {
            assertThatThrownBy(() -> planner.plan(objective, new SplittableRandom(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("horizon is 500000000 with actions of size 5");
        }
    }

    @Test
    void ilqrChecksItsSettings() {
        IlqrConfig ilqr = IlqrConfig.defaults();
        assertThat(ilqr).isEqualTo(new IlqrConfig(20, 8, 50, 10, 1e-6, 1e-4));
        assertThat(ilqr.withHorizon(7)
                        .withStarts(2)
                        .withIterations(3)
                        .withStepSizes(4)
                        .withRegularisation(0.5)
                        .withTolerance(0.01))
                .isEqualTo(new IlqrConfig(7, 2, 3, 4, 0.5, 0.01));
        rejects(() -> ilqr.withHorizon(0), "horizon is 0, expected at least 1");
        rejects(() -> ilqr.withStarts(0), "starts is 0, expected at least 1");
        rejects(() -> ilqr.withIterations(-1), "iterations is -1, expected at least 1");
        rejects(() -> ilqr.withStepSizes(0), "stepSizes is 0, expected at least 1");
        rejects(
                () -> ilqr.withStepSizes(51),
                "stepSizes is 51, expected at most 50, where a step is as good as nothing");
        rejects(() -> ilqr.withRegularisation(0), "regularisation is 0.0, expected a finite number above 0");
        rejects(() -> ilqr.withRegularisation(Double.NaN), "regularisation is NaN, expected a finite number above 0");
        rejects(() -> ilqr.withTolerance(1), "tolerance is 1.0, expected a fraction of the range in (0, 1)");
    }
}
