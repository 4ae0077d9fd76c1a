package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.io.UnreadableFileException;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.TrainableDynamics;
import io.github.mbrl4j.plan.RandomShooting;
import io.github.mbrl4j.plan.RandomShootingConfig;
import io.github.mbrl4j.report.TrainingHistory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Agents that are saved, loaded and trained further are those that were trained without a break, to the last bit. */
class ResumeTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void halfAndHalfIsTheWhole(SmallAgents kind) {
        Agent whole = kind.build(3);
        whole.train(kind.half);
        whole.act(firstObservation(kind));
        whole.reset();
        whole.train(kind.whole - kind.half);

        Agent first = kind.build(3);
        first.train(kind.half);
        first.act(firstObservation(kind));
        Map<String, String> before = SavedState.of(first, directory);
        Agent second = kind.build(3);
        second.load(directory.resolve("state.zip"));
        assertThat(SavedState.of(second, directory)).isEqualTo(before);
        second.train(kind.whole - kind.half);

        assertThat(SavedState.of(second, directory))
                .isEqualTo(SavedState.of(whole, directory))
                .isNotEqualTo(before);
        assertThat(second.history().returns()).isEqualTo(whole.history().returns());
        assertThat(second.act(firstObservation(kind))).isEqualTo(whole.act(firstObservation(kind)));
    }

    @Test
    void tenTrialsOfPetsAtOnceAreFiveAndFive() {
        Agent whole = SmallAgents.PETS.build(4);
        whole.train(10);
        Agent first = SmallAgents.PETS.build(4);
        first.train(5);
        first.save(directory.resolve("pets.zip"));
        Agent second = SmallAgents.PETS.build(4);
        second.load(directory.resolve("pets.zip"));
        second.train(5);
        assertThat(SavedState.of(second, directory)).isEqualTo(SavedState.of(whole, directory));
        assertThat(second.history().trials()).hasSize(10);
    }

    @ParameterizedTest
    @EnumSource
    void aRunThatDiedGoesOnFromItsLastCheckpointAsIfNothingHadHappened(SmallAgents kind) {
        Path file = directory.resolve("auto.zip");
        Agent whole = kind.build(5, file, 3);
        whole.train(kind.whole);
        Agent resumed = kind.build(5);
        resumed.load(file);
        TrainingHistory saved = resumed.history();
        int trials = saved.trials().size();
        assertThat(trials).isPositive();
        assertThat(trials % 3).isZero();
        int done = kind.countsTrials() ? trials : saved.envSteps()[trials - 1];
        assertThat(done).isLessThan(kind.whole);
        resumed.train(kind.whole - done);
        assertThat(SavedState.of(resumed, directory)).isEqualTo(SavedState.of(whole, directory));
    }

    @Test
    void aCheckpointAtTheVeryEndIsThatOfARunThatIsOver() {
        Path file = directory.resolve("auto.zip");
        Agent whole = SmallAgents.DQN.build(5, file, 3);
        whole.train(60); // of 12 episodes
        Agent resumed = SmallAgents.DQN.build(5);
        resumed.load(file);
        whole.train(22);
        resumed.train(22);
        assertThat(SavedState.of(resumed, directory)).isEqualTo(SavedState.of(whole, directory));
    }

    @ParameterizedTest
    @EnumSource
    void anAgentThatHasNotBegunYet(SmallAgents kind) {
        Agent fresh = kind.build(6);
        fresh.save(directory.resolve("fresh.zip"));
        Agent trained = kind.build(6);
        trained.train(kind.half);
        trained.load(directory.resolve("fresh.zip"));
        assertThat(trained.history().trials()).isEmpty();
        assertThat(SavedState.of(trained, directory)).isEqualTo(SavedState.of(fresh, directory));
        fresh.train(kind.half);
        trained.train(kind.half);
        assertThat(SavedState.of(trained, directory)).isEqualTo(SavedState.of(fresh, directory));
    }

    private double[] firstObservation(SmallAgents kind) {
        return kind.env().reset(RandomStreams.of(1).stream("reset"));
    }

    @Test
    void whatDiffersIsNamed() {
        Path file = directory.resolve("pets.zip");
        Pets.Builder builder = Pets.on(new Walk()).config(SmallAgents.petsConfig());
        builder.build().save(file);
        assertRefused(
                () -> SmallAgents.SAC.build(0).load(file), "it is a checkpoint of PETS agent, expected SAC agent");
        assertRefused(() -> builder.seed(1).build().load(file), "seed is 0, expected 1 as the agent has");
        builder.seed(0);
        PetsConfig other = SmallAgents.petsConfig();
        assertRefused(
                () -> builder.config(other.withEnsemble(other.ensemble().withHidden(List.of(9))))
                        .build()
                        .load(file),
                "entry config.json: ensemble.hidden is [8], expected [9]");
        assertRefused(() -> builder.config(other.withRefitEvery(8)).build().load(file), "refitEvery is 7, expected 8");
        builder.config(other);
        assertRefused(
                () -> Pets.on(new Pendulum()).config(other).build().load(file),
                "entry environment.json: name is Walk, expected Pendulum");
        assertRefused(
                () -> builder.planner(new RandomShooting(RandomShootingConfig.defaults()))
                        .build()
                        .load(file),
                "type is io.github.mbrl4j.plan.Cem, expected io.github.mbrl4j.plan.RandomShooting");
        assertRefused(
                () -> Pets.on(new Walk())
                        .config(other)
                        .observationTransform(ObservationTransform.angles(0))
                        .build()
                        .load(file),
                "kind is identity, expected angles");
        assertRefused(
                () -> Pets.on(new Walk())
                        .config(other)
                        .learnTermination()
                        .build()
                        .load(file),
                "termination/config");
        assertRefused(
                () -> SmallAgents.PETS_LINEAR.build(0).load(file),
                "type is io.github.mbrl4j.model.EnsembleDynamics, expected io.github.mbrl4j.model.LinearDynamics");
    }

    private static void assertRefused(ThrowingCallable load, String reason) {
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(load)
                .withMessageContaining(reason);
    }

    /** A model of a user's own that nobody can save. */
    private static final class Still implements TrainableDynamics {
        @Override
        public FitReport fit(ReplayBuffer data, RandomGenerator random) {
            return new FitReport(data.size(), List.of(new FitReport.Member(0, 0, 1)), List.of(0), 0);
        }

        @Override
        public int stateSize() {
            return 2;
        }

        @Override
        public ActionSpace actionSpace() {
            return new Walk().actionSpace();
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            next.copyFrom(states);
        }
    }

    @Test
    void aModelThatCannotBeSavedIsNamed() {
        Pets agent = Pets.on(new Walk())
                .config(SmallAgents.petsConfig())
                .dynamics(new Still())
                .reward((s, a, next) -> 0)
                .build();
        agent.train(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> agent.save(directory.resolve("a.zip")))
                .withMessageContaining("the dynamics are a " + Still.class.getName())
                .withMessageContaining("implement Checkpointed");
        assertThat(directory).isEmptyDirectory();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pets.on(new Walk())
                        .dynamics(new Still())
                        .reward((s, a, next) -> 0)
                        .checkpoint(directory.resolve("a.zip"), 1)
                        .build())
                .withMessageContaining("the dynamics are a " + Still.class.getName());
    }

    @Test
    void anAutomaticCheckpointThatCannotBeWrittenEndsTrainingAndTrainingGoesOn() throws Exception {
        Path file = directory.resolve("gone").resolve("auto.zip");
        Files.createDirectory(file.getParent());
        Agent agent = SmallAgents.SAC.build(7, file, 2);
        agent.train(100);
        byte[] last = Files.readAllBytes(file);
        Path moved = Files.move(file.getParent(), directory.resolve("moved"));
        assertThatExceptionOfType(java.io.UncheckedIOException.class)
                .isThrownBy(() -> agent.train(100))
                .withMessageContaining("cannot write " + file);
        assertThat(moved.resolve("auto.zip")).hasBinaryContent(last);
        Files.move(moved, file.getParent());
        int trials = agent.history().trials().size();
        agent.train(100);
        assertThat(agent.history().trials()).hasSizeGreaterThan(trials);
        SmallAgents.SAC.build(7).load(file);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SmallAgents.SAC.build(7, file, 0))
                .withMessageContaining("everyTrials is 0");
    }

    @Test
    void theThreadsAreOfNoAccount() {
        SacConfig config = SacConfig.defaults()
                .withInitialSteps(20)
                .withBatchSize(8)
                .withLearner(SacLearnerConfig.defaults().withHidden(List.of(8)));
        Path file = directory.resolve("sac.zip");
        Sac one = Sac.on(new Walk())
                .config(config)
                .workers(new io.github.mbrl4j.core.Workers(1))
                .build();
        one.train(60);
        one.save(file);
        Sac two = Sac.on(new Walk())
                .config(config)
                .workers(new io.github.mbrl4j.core.Workers(2))
                .build();
        two.load(file);
        one.train(60);
        two.train(60);
        assertThat(SavedState.of(two, directory)).isEqualTo(SavedState.of(one, directory));
        assertThat(Arrays.stream(two.history().envSteps()).max().orElse(0)).isGreaterThan(60);
    }
}
