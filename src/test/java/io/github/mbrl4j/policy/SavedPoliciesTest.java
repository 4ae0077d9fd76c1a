package io.github.mbrl4j.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.io.UnreadableFileException;
import io.github.mbrl4j.model.NetworkConfig;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Mlp;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies come back as they were, bit for bit, and need nothing that they were trained with. */
class SavedPoliciesTest {

    private static final ContinuousActions BOX = ActionSpace.continuous(new double[] {-1, 0}, new double[] {1, 5});

    @TempDir
    Path directory;

    private static RandomGenerator random() {
        return new SplittableRandom(8);
    }

    private static TanhGaussianPolicy tanhGaussian() {
        Scaling scaling = new Scaling(BOX, Normalizer.of(new double[] {1, 2, 3}, new double[] {0.3, 2, 1e-7}));
        return new TanhGaussianActor(scaling, List.of(6, 5), random()).freeze();
    }

    private static Batch observations(int rows) {
        RandomGenerator random = random();
        Batch observations = new Batch(rows, 3);
        for (int i = 0; i < 3 * rows; i++) {
            observations.array()[i] = (float) random.nextGaussian();
        }
        return observations;
    }

    private static double[][] actions(Policy policy) {
        RandomGenerator random = random();
        Batch observations = observations(30);
        return IntStream.range(0, 30)
                .mapToObj(row -> policy.act(observations.row(row), random))
                .toArray(double[][]::new);
    }

    private <P extends Policy> void assertComesBack(
            P policy, java.util.function.BiConsumer<P, Path> save, Function<Path, P> load) {
        Path file = directory.resolve("policy.zip");
        save.accept(policy, file);
        P read = load.apply(file);
        assertThat(actions(read)).isDeepEqualTo(actions(policy));
        // Many threads at once, each with its own random numbers.
        assertThat(IntStream.range(0, 40).parallel().mapToObj(i -> actions(read)))
                .allSatisfy(found -> assertThat(found).isDeepEqualTo(actions(policy)));
    }

    @Test
    void allKindsComeBack() {
        assertComesBack(tanhGaussian(), TanhGaussianPolicy::save, TanhGaussianPolicy::load);
        assertComesBack(tanhGaussian().deterministic(), TanhGaussianPolicy::save, TanhGaussianPolicy::load);
        QPolicy q = new QPolicy(ActionSpace.discrete(4), new Mlp(3, List.of(5), 4, Activation.RELU, random()).freeze());
        assertComesBack(q, QPolicy::save, QPolicy::load);
        for (ActionSpace space : List.of(BOX, ActionSpace.discrete(4))) {
            EnvSpec spec = new EnvSpec("Some", 3, space, 10);
            StochasticPolicy policy =
                    StochasticActor.of(spec, List.of(6), random()).freeze();
            assertComesBack(policy, StochasticPolicy::save, StochasticPolicy::load);
            assertComesBack(policy.deterministic(), StochasticPolicy::save, StochasticPolicy::load);
        }
        assertComesBack(cloned(), ClonedPolicy::save, ClonedPolicy::load);
    }

    private static ClonedPolicy cloned() {
        EnvSpec spec = new EnvSpec("Mixed", 3, ActionSpace.product(BOX, ActionSpace.discrete(3)), 10);
        Batch done = new Batch(50, 3);
        RandomGenerator random = random();
        for (int row = 0; row < 50; row++) {
            done.setRow(row, spec.actionSpace().sample(random));
        }
        NetworkConfig config = NetworkConfig.defaults();
        return BehaviourCloning.fit(
                spec,
                observations(50),
                done,
                config.withHidden(List.of(6)).withTraining(config.training().withMaxEpochs(2)),
                random);
    }

    @Test
    void theReportOfACloneAndItsActionsComeBack() {
        ClonedPolicy policy = cloned();
        Path file = directory.resolve("clone.zip");
        policy.save(file);
        ClonedPolicy read = ClonedPolicy.load(file);
        assertThat(read.report()).isEqualTo(policy.report());
        assertThat(read.actionSpace()).isEqualTo(policy.actionSpace());
        assertThatExceptionOfType(UnreadableFileException.class)
                .isThrownBy(() -> QPolicy.load(file))
                .withMessageContaining("it is a checkpoint of cloned-policy, expected q-policy");
    }

    /** Loads the library's classes anew, but for those that only training needs. */
    private static final class WithoutTrainers extends URLClassLoader {
        private static final Set<String> TRAINERS = Set.of(
                "io.github.mbrl4j.agent.",
                "io.github.mbrl4j.nn.Adam",
                "io.github.mbrl4j.nn.Tape",
                "io.github.mbrl4j.nn.Losses",
                "io.github.mbrl4j.model.NetworkTrainer",
                "io.github.mbrl4j.policy.TanhGaussianActor",
                "io.github.mbrl4j.policy.GaussianActor",
                "io.github.mbrl4j.data.ReplayBuffer");
        final Set<String> asked = new TreeSet<>();

        WithoutTrainers() {
            super(classpath(), ClassLoader.getPlatformClassLoader());
        }

        private static URL[] classpath() {
            return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(entry -> {
                        try {
                            return Path.of(entry).toUri().toURL();
                        } catch (MalformedURLException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .toArray(URL[]::new);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (TRAINERS.stream().anyMatch(name::startsWith)) {
                asked.add(name);
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    @Test
    void nothingOfTheTrainersIsNeeded() throws ReflectiveOperationException, IOException {
        TanhGaussianPolicy policy = tanhGaussian().deterministic();
        Path file = directory.resolve("policy.zip");
        policy.save(file);
        double[] seen = {1, 2, 3};
        try (WithoutTrainers loader = new WithoutTrainers()) {
            Class<?> type = loader.loadClass(TanhGaussianPolicy.class.getName());
            assertThat(type).isNotSameAs(TanhGaussianPolicy.class);
            Object read = type.getMethod("load", Path.class).invoke(null, file);
            Object action =
                    type.getMethod("act", double[].class, RandomGenerator.class).invoke(read, seen, random());
            assertThat((double[]) action).isEqualTo(policy.act(seen, random()));
            assertThat(loader.asked).isEmpty();
        }
    }
}
