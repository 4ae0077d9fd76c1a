package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.agent.SacConfig;
import io.github.mbrl4j.agent.SacLearnerConfig;
import io.github.mbrl4j.agent.SacLearnerConfig.ActorGoal;
import io.github.mbrl4j.model.EnsembleConfig.VarianceBounds;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.report.ModelReportConfig;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.Risk;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The configuration records of training, ensemble, rollouts, PETS, SAC and model reports. */
class ConfigTest {

    private static final TrainingConfig TRAINING = TrainingConfig.defaults();
    private static final EnsembleConfig ENSEMBLE = EnsembleConfig.defaults();
    private static final RolloutConfig ROLLOUT = RolloutConfig.defaults();
    private static final PetsConfig PETS = PetsConfig.defaults();
    private static final SacLearnerConfig SAC_LEARNER = SacLearnerConfig.defaults();
    private static final SacConfig SAC = SacConfig.defaults();

    @Test
    void everyWitherChangesItsComponentAndNoOther() throws ReflectiveOperationException {
        checkWithers(
                TRAINING,
                Map.of(
                        "learningRate",
                        0.5,
                        "weightDecay",
                        List.of(0.1),
                        "batchSize",
                        7,
                        "maxEpochs",
                        8,
                        "patience",
                        9,
                        "minImprovement",
                        0.25,
                        "validationFraction",
                        0.75));
        checkWithers(
                ENSEMBLE,
                Map.of(
                        "elites",
                        2,
                        "hidden",
                        List.of(3, 4),
                        "activation",
                        Activation.SOFTPLUS,
                        "probabilistic",
                        false,
                        "varianceBounds",
                        new VarianceBounds(-3, 3, false),
                        "learnedReward",
                        true,
                        "directTargets",
                        List.of(1),
                        "training",
                        TRAINING.withBatchSize(3)),
                "members");
        checkWithers(
                ROLLOUT,
                Map.of("particles", 3, "propagation", Propagation.TS1, "discount", 0.5, "risk", Risk.cvar(0.3)));
        checkWithers(
                PETS,
                Map.of(
                        "initialSteps",
                        11,
                        "refitEvery",
                        12,
                        "capacity",
                        1_300,
                        "ensemble",
                        ENSEMBLE.withElites(1),
                        "planner",
                        CemConfig.defaults().withHorizon(3),
                        "rollouts",
                        ROLLOUT.withParticles(2)));
        checkWithers(
                ModelReportConfig.defaults(),
                Map.of(
                        "steps",
                        4,
                        "starts",
                        5,
                        "particles",
                        39,
                        "angles",
                        List.of(2),
                        "planningError",
                        0.7,
                        "rolloutError",
                        0.1,
                        "seed",
                        9L));
        checkWithers(
                SAC,
                Map.of(
                        "initialSteps",
                        11,
                        "updateRatio",
                        0.5,
                        "batchSize",
                        12,
                        "capacity",
                        1_300,
                        "standardised",
                        true,
                        "learner",
                        SAC_LEARNER.withActorEvery(2)));
        checkWithers(
                SAC_LEARNER,
                Map.ofEntries(
                        Map.entry("hidden", List.of(3, 4)),
                        Map.entry("learningRate", 0.5),
                        Map.entry("discount", 0.75),
                        Map.entry("tracking", 0.25),
                        Map.entry("critics", 4),
                        Map.entry("targetCritics", 1),
                        Map.entry("actorGoal", ActorGoal.MEAN),
                        Map.entry("actorEvery", 7),
                        Map.entry("temperature", 0.1),
                        Map.entry("temperatureLearned", false),
                        Map.entry("entropyPerAction", 0.5)));
    }

    private static void checkWithers(Record defaults, Map<String, Object> others, String... except)
            throws ReflectiveOperationException {
        List<String> names = new ArrayList<>();
        for (RecordComponent component : defaults.getClass().getRecordComponents()) {
            if (Arrays.asList(except).contains(component.getName())) {
                continue;
            }
            names.add(component.getName());
            Object other = others.get(component.getName());
            String wither = "with" + component.getName().substring(0, 1).toUpperCase()
                    + component.getName().substring(1);
            Method method = defaults.getClass().getMethod(wither, component.getType());
            Object changed = method.invoke(defaults, other);
            for (RecordComponent each : defaults.getClass().getRecordComponents()) {
                Object expected = each.getName().equals(component.getName()) ? other : value(each, defaults);
                assertThat(value(each, changed))
                        .as("%s after %s", each.getName(), wither)
                        .isEqualTo(expected);
            }
            assertThat(changed).isNotEqualTo(defaults);
        }
        assertThat(names).containsExactlyInAnyOrderElementsOf(others.keySet());
    }

    private static Object value(RecordComponent component, Object record)
            throws InvocationTargetException, IllegalAccessException {
        return component.getAccessor().invoke(record);
    }

    @Test
    void anotherNumberOfMembersMakesAllOfThemElites() {
        EnsembleConfig changed = ENSEMBLE.withElites(2).withMembers(7);
        assertThat(changed.members()).isEqualTo(7);
        assertThat(changed.elites()).isEqualTo(7);
        assertThat(changed.withMembers(ENSEMBLE.members())).isEqualTo(ENSEMBLE);
    }

    @Test
    void defaultsAreNotChangedByAccident() {
        assertThat(VarianceBounds.defaults()).isEqualTo(new VarianceBounds(-10, 0.5, true));
        assertThat(ROLLOUT).isEqualTo(new RolloutConfig(5, Propagation.TS_INFINITY, 1));
        assertThat(ENSEMBLE.probabilistic()).isTrue();
        assertThat(ENSEMBLE.elites()).isEqualTo(ENSEMBLE.members());
        assertThat(ENSEMBLE.learnedReward()).isFalse();
        assertThat(ENSEMBLE.directTargets()).isEmpty();
        assertThat(ENSEMBLE.training()).isEqualTo(TRAINING);
        assertThat(PETS.initialSteps()).isEqualTo(200);
        assertThat(PETS.ensemble()).isEqualTo(ENSEMBLE);
        assertThat(PETS.rollouts().particles() % PETS.ensemble().elites())
                .as("particles that the elites share evenly")
                .isZero();
    }

    @Test
    void weightDecayIsForAllLayersOrForEach() {
        assertThat(TRAINING.withWeightDecay(List.of(0.5)).weightDecayOf(3)).isEqualTo(0.5);
        TrainingConfig three = TRAINING.withWeightDecay(List.of(0.1, 0.2, 0.3));
        assertThat(three.weightDecayOf(0)).isEqualTo(0.1);
        assertThat(three.weightDecayOf(2)).isEqualTo(0.3);
        assertThat(ENSEMBLE.withHidden(List.of(5, 6)).withTraining(three).training())
                .isEqualTo(three);
        assertRefused(() -> ENSEMBLE.withHidden(List.of(5)).withTraining(three), "weightDecay has 3 entries", "1 or 2");
    }

    @Test
    void listsAreCopied() {
        List<Integer> hidden = new ArrayList<>(List.of(4));
        EnsembleConfig config = ENSEMBLE.withHidden(hidden);
        hidden.set(0, 99);
        assertThat(config.hidden()).containsExactly(4);
        List<Double> decay = new ArrayList<>(List.of(0.1));
        TrainingConfig training = TRAINING.withWeightDecay(decay);
        decay.clear();
        assertThat(training.weightDecay()).containsExactly(0.1);
    }

    @Test
    void numbersOutOfRangeAreNamed() {
        for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertRefused(() -> TRAINING.withLearningRate(rate), "learningRate is " + rate);
        }
        assertRefused(() -> TRAINING.withWeightDecay(List.of()), "weightDecay is empty");
        assertRefused(() -> TRAINING.withWeightDecay(List.of(-0.1)), "weightDecay is -0.1");
        assertRefused(() -> TRAINING.withWeightDecay(List.of(Double.NaN)), "weightDecay is NaN");
        assertRefused(() -> TRAINING.withBatchSize(0), "batchSize is 0");
        assertRefused(() -> TRAINING.withMaxEpochs(0), "maxEpochs is 0");
        assertRefused(() -> TRAINING.withPatience(-1), "patience is -1");
        assertRefused(() -> TRAINING.withMinImprovement(1.1), "minImprovement is 1.1");
        assertRefused(() -> TRAINING.withValidationFraction(1), "validationFraction is 1.0");
        assertRefused(() -> TRAINING.withValidationFraction(-0.1), "validationFraction is -0.1");
        assertRefused(() -> ENSEMBLE.withMembers(0), "members is 0");
        assertRefused(() -> ENSEMBLE.withElites(0), "elites is 0");
        assertRefused(() -> ENSEMBLE.withElites(6), "elites is 6", "members, which is 5");
        assertRefused(() -> ENSEMBLE.withHidden(List.of(3, 0)), "hidden width is 0");
        assertRefused(() -> ENSEMBLE.withDirectTargets(List.of(-1)), "directTargets", "-1");
        assertRefused(() -> new VarianceBounds(1, 1, true), "min is 1.0 and max is 1.0", "min < max");
        assertRefused(() -> new VarianceBounds(Double.NaN, 1, true), "min is NaN");
        assertRefused(() -> new VarianceBounds(-1, 100, true), "max is 100.0");
        assertRefused(() -> ROLLOUT.withParticles(0), "particles is 0");
        assertRefused(() -> ROLLOUT.withDiscount(1.5), "discount is 1.5");
        assertRefused(() -> ROLLOUT.withDiscount(Double.NaN), "discount is NaN");
        assertRefused(() -> PETS.withInitialSteps(0), "initialSteps is 0");
        assertRefused(() -> PETS.withRefitEvery(-1), "refitEvery is -1");
        assertRefused(() -> PETS.withCapacity(199), "capacity is 199", "initialSteps, which is 200");
    }

    @Test
    void numbersOutOfRangeOfSacAreNamed() {
        assertRefused(() -> SAC.withInitialSteps(0), "initialSteps is 0");
        assertRefused(() -> SAC.withUpdateRatio(-0.1), "updateRatio is -0.1");
        assertRefused(() -> SAC.withUpdateRatio(Double.NaN), "updateRatio is NaN");
        assertRefused(() -> SAC.withBatchSize(0), "batchSize is 0");
        assertRefused(() -> SAC.withCapacity(999), "capacity is 999", "1000 and 128");
        assertRefused(() -> SAC_LEARNER.withHidden(List.of()), "hidden is empty");
        assertRefused(() -> SAC_LEARNER.withHidden(List.of(3, 0)), "hidden is 0");
        assertRefused(() -> SAC_LEARNER.withLearningRate(0), "learningRate is 0.0");
        assertRefused(() -> SAC_LEARNER.withDiscount(1), "discount is 1.0");
        assertRefused(() -> SAC_LEARNER.withTracking(0), "tracking is 0.0");
        assertRefused(() -> SAC_LEARNER.withCritics(0), "critics is 0");
        assertRefused(() -> SAC_LEARNER.withTargetCritics(3), "targetCritics is 3", "critics, which is 2");
        assertRefused(() -> SAC_LEARNER.withActorEvery(0), "actorEvery is 0");
        assertRefused(() -> SAC_LEARNER.withTemperature(0), "temperature is 0.0", "learned");
        assertRefused(() -> SAC_LEARNER.withEntropyPerAction(0.7), "entropyPerAction is 0.7");
        assertThat(SAC_LEARNER.withTemperatureLearned(false).withTemperature(0).temperature())
                .isZero();
    }

    @Test
    void presetsOfSacAreThoseOfThePapers() {
        assertThat(SAC_LEARNER)
                .isEqualTo(new SacLearnerConfig(
                        List.of(256, 256), 3e-4, 0.99, 5e-3, 2, 2, ActorGoal.MINIMUM, 1, 1, true, -1));
        assertThat(SacConfig.paper()).isEqualTo(new SacConfig(10_000, 1, 256, 1_000_000, false, SAC_LEARNER));
        assertThat(SAC).isEqualTo(new SacConfig(1000, 1, 128, 1_000_000, false, SacLearnerConfig.small()));
        SacConfig redq = SacConfig.redq();
        assertThat(redq.updateRatio()).isEqualTo(20);
        assertThat(redq.learner())
                .isEqualTo(new SacLearnerConfig(
                        List.of(256, 256), 3e-4, 0.99, 5e-3, 10, 2, ActorGoal.MEAN, 20, 1, true, -1));
    }

    private static void assertRefused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(parts);
    }
}
