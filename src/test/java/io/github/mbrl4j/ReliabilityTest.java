package io.github.mbrl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.mbrl4j.agent.Agent;
import io.github.mbrl4j.agent.Dqn;
import io.github.mbrl4j.agent.DqnConfig;
import io.github.mbrl4j.agent.DqnLearnerConfig;
import io.github.mbrl4j.agent.Mbpo;
import io.github.mbrl4j.agent.MbpoConfig;
import io.github.mbrl4j.agent.Mopo;
import io.github.mbrl4j.agent.MopoConfig;
import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.PetsConfig;
import io.github.mbrl4j.agent.PolicyGradient;
import io.github.mbrl4j.agent.PolicyGradientConfig;
import io.github.mbrl4j.agent.Ppo;
import io.github.mbrl4j.agent.PpoConfig;
import io.github.mbrl4j.agent.RolloutSchedule;
import io.github.mbrl4j.agent.Sac;
import io.github.mbrl4j.agent.SacConfig;
import io.github.mbrl4j.agent.SacLearnerConfig;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.control.MpcFleet;
import io.github.mbrl4j.control.OpenLoopController;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.EnvException;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Planner;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.SaveableEnv;
import io.github.mbrl4j.core.SequenceObjective;
import io.github.mbrl4j.core.Step;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.Normalizer;
import io.github.mbrl4j.data.Recording;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.Acrobot;
import io.github.mbrl4j.env.ActionDelay;
import io.github.mbrl4j.env.ActionRepeat;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.env.CartPoleSwingUp;
import io.github.mbrl4j.env.CliffClimb;
import io.github.mbrl4j.env.DiscreteAcrobot;
import io.github.mbrl4j.env.DiscreteCartPole;
import io.github.mbrl4j.env.Disturbance;
import io.github.mbrl4j.env.Drone2D;
import io.github.mbrl4j.env.LinearQuadratic;
import io.github.mbrl4j.env.MountainCarContinuous;
import io.github.mbrl4j.env.NormalizedActions;
import io.github.mbrl4j.env.ObservationNoise;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.env.PointMaze;
import io.github.mbrl4j.env.Reacher2;
import io.github.mbrl4j.env.TimeLimit;
import io.github.mbrl4j.latent.AutoencoderConfig;
import io.github.mbrl4j.latent.LatentConfig;
import io.github.mbrl4j.latent.LatentDynamics;
import io.github.mbrl4j.latent.LatentTraining;
import io.github.mbrl4j.model.ActionFreeDynamics;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.InverseModel;
import io.github.mbrl4j.model.LearnedReward;
import io.github.mbrl4j.model.LearnedTermination;
import io.github.mbrl4j.model.LearnedValue;
import io.github.mbrl4j.model.LinearDynamics;
import io.github.mbrl4j.model.MixtureConfig;
import io.github.mbrl4j.model.MlpDynamics;
import io.github.mbrl4j.model.NetworkConfig;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.ResidualDynamics;
import io.github.mbrl4j.model.SimulatorDynamics;
import io.github.mbrl4j.model.TerminationConfig;
import io.github.mbrl4j.model.TrainingConfig;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.plan.GradientShooting;
import io.github.mbrl4j.plan.GradientShootingConfig;
import io.github.mbrl4j.plan.ICem;
import io.github.mbrl4j.plan.ICemConfig;
import io.github.mbrl4j.plan.Ilqr;
import io.github.mbrl4j.plan.IlqrConfig;
import io.github.mbrl4j.plan.Mppi;
import io.github.mbrl4j.plan.MppiConfig;
import io.github.mbrl4j.plan.RandomShooting;
import io.github.mbrl4j.plan.RandomShootingConfig;
import io.github.mbrl4j.policy.BehaviourCloning;
import io.github.mbrl4j.policy.ClonedPolicy;
import io.github.mbrl4j.policy.TanhGaussianPolicy;
import io.github.mbrl4j.rollout.BranchConfig;
import io.github.mbrl4j.rollout.BranchedRollouts;
import io.github.mbrl4j.rollout.PredictedReturn;
import io.github.mbrl4j.rollout.Propagation;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a method of the public API is given, in whatever order methods are called: it answers, or it throws one of the exceptions that
 * are meant for users, with a message that names an argument or what to do. It never hangs, and no exception comes from the depth.
 */
@Timeout(60)
class ReliabilityTest {

    private static final Workers ONE = new Workers(1);
    private static final TrainingConfig BRIEF =
            new TrainingConfig(1e-3, List.of(1e-5), 16, 100, 15, 0.01, 0.1).withMaxEpochs(2);
    private static final NetworkConfig NETWORK =
            NetworkConfig.defaults().withHidden(List.of(4)).withTraining(BRIEF);
    private static final EnsembleConfig ENSEMBLE = EnsembleConfig.defaults()
            .withMembers(2)
            .withElites(2)
            .withHidden(List.of(4))
            .withLearnedReward(true)
            .withTraining(BRIEF);
    private static final MixtureConfig MIXTURE = MixtureConfig.defaults().withNetwork(NETWORK);

    /** What is attacked, for which environment it was made. */
    private record Subject(Object target, EnvSpec spec) {}

    private int answered;
    private int refused;

    private static SaveableEnv cartPole() {
        return TimeLimit.of(new CartPole(), 8);
    }

    private static SaveableEnv choices() {
        return TimeLimit.of(new DiscreteCartPole(), 8);
    }

    private static EnvSpec spec() {
        return cartPole().spec();
    }

    private static ReplayBuffer log(Env env) {
        return Episodes.collect(env, Policy.uniform(env.actionSpace()), 4, random("log", 0));
    }

    private static RandomGenerator random(String purpose, int index) {
        return RandomStreams.of(77).stream(purpose, index);
    }

    private static Stream<Env> environments() {
        return Stream.of(
                new CartPole(),
                new DiscreteCartPole(),
                new CartPoleSwingUp(),
                new Pendulum(),
                new MountainCarContinuous(),
                new Acrobot(),
                new DiscreteAcrobot(),
                new Reacher2(),
                new PointMaze(),
                new Drone2D(),
                LinearQuadratic.random(3, 2, 1),
                new CliffClimb(),
                cartPole(),
                ActionRepeat.of(new Pendulum(), 2),
                ActionDelay.of(new Pendulum(), 2),
                ObservationNoise.of(new Pendulum(), 0.1, 0.1, 0.1),
                Disturbance.of(new Pendulum(), 0.1),
                NormalizedActions.of(new Pendulum()));
    }

    /** New planners of each kind with a horizon, and otherwise small. */
    private static Map<String, Supplier<Planner>> planners(int horizon) {
        Map<String, Supplier<Planner>> planners = new LinkedHashMap<>();
        planners.put(
                "RandomShooting",
                () -> new RandomShooting(
                        RandomShootingConfig.defaults().withHorizon(horizon).withPopulation(6)));
        CemConfig cem = CemConfig.defaults()
                .withHorizon(horizon)
                .withElites(2)
                .withPopulation(6)
                .withIterations(2);
        planners.put("Cem", () -> new Cem(cem));
        planners.put(
                "ICem",
                () -> new ICem(ICemConfig.defaults()
                        .withHorizon(horizon)
                        .withElites(2)
                        .withPopulation(6)
                        .withIterations(2)));
        planners.put(
                "Mppi",
                () -> new Mppi(MppiConfig.defaults().withHorizon(horizon).withPopulation(6)));
        planners.put(
                "GradientShooting",
                () -> new GradientShooting(GradientShootingConfig.defaults()
                        .withHorizon(horizon)
                        .withStarts(2)
                        .withIterations(2)
                        .withDifferences()));
        planners.put(
                "Ilqr",
                () -> new Ilqr(
                        IlqrConfig.defaults().withHorizon(horizon).withStarts(2).withIterations(2)));
        return planners;
    }

    /** Models that are not fitted yet, and the same fitted. */
    private static Stream<Object> models(boolean fitted) {
        Env env = cartPole();
        ReplayBuffer log = log(env);
        RandomGenerator random = random("models", 0);
        EnsembleDynamics ensemble = new EnsembleDynamics(spec(), ENSEMBLE, ObservationTransform.IDENTITY, ONE);
        MlpDynamics mlp = new MlpDynamics(spec(), ENSEMBLE.withElites(1));
        LinearDynamics linear = new LinearDynamics(spec());
        ResidualDynamics residual =
                new ResidualDynamics(new CartPole().trueDynamics(), spec(), ENSEMBLE.withLearnedReward(false));
        LatentDynamics latent = new LatentDynamics(
                spec(),
                LatentConfig.defaults()
                        .withAutoencoder(AutoencoderConfig.defaults()
                                .withLatentSize(2)
                                .withEncoder(List.of(4))
                                .withDecoder(List.of(4))
                                .withTraining(new LatentTraining(2, 4, 3e-3)))
                        .withEnsemble(ENSEMBLE)
                        .withSteps(1),
                ONE);
        LearnedReward reward = new LearnedReward(spec(), NETWORK);
        LearnedTermination termination = new LearnedTermination(spec(), new TerminationConfig(NETWORK, 0.5));
        LearnedValue value = new LearnedValue(spec(), NETWORK, 0.9, ObservationTransform.IDENTITY);
        InverseModel inverse = new InverseModel(spec(), MIXTURE);
        Stream<Object> models = Stream.of(ensemble, mlp, linear, residual, latent, reward, termination, value, inverse);
        if (!fitted) {
            return models;
        }
        Stream.of(ensemble, mlp, linear, residual, latent).forEach(m -> m.fit(log, random));
        reward.fit(log, random);
        termination.fit(log, random);
        value.fit(log, random);
        inverse.fit(log, random);
        return Stream.concat(
                models,
                Stream.of(
                        new CartPole().trueDynamics(),
                        SimulatorDynamics.of(ReliabilityTest::cartPole),
                        ActionFreeDynamics.fit(Recording.of(log), MIXTURE, random)));
    }

    private static WorldModel world() {
        return WorldModel.of(new CartPole().trueDynamics(), new CartPole());
    }

    private static Stream<Object> agents() {
        Env env = cartPole();
        SacLearnerConfig learner = SacLearnerConfig.defaults().withHidden(List.of(4));
        PetsConfig pets = PetsConfig.defaults()
                .withInitialSteps(10)
                .withEnsemble(ENSEMBLE)
                .withPlanner(CemConfig.defaults()
                        .withHorizon(2)
                        .withElites(2)
                        .withPopulation(6)
                        .withIterations(2))
                .withRollouts(new RolloutConfig(2, Propagation.TS_INFINITY, 0.95));
        MbpoConfig mbpo = MbpoConfig.defaults()
                .withInitialSteps(10)
                .withModelEvery(5)
                .withRolloutsPerStep(2)
                .withSchedule(new RolloutSchedule(1, 20, 60, 1, 3))
                .withBatchSize(4)
                .withUpdateRatio(1)
                .withEnsemble(ENSEMBLE)
                .withLearner(learner);
        MopoConfig mopo = MopoConfig.defaults()
                .withRolloutLength(2)
                .withRolloutsPerEpoch(5)
                .withUpdatesPerEpoch(3)
                .withBatchSize(4)
                .withEnsemble(ENSEMBLE)
                .withLearner(learner);
        return Stream.of(
                Pets.on(env).config(pets).workers(ONE).build(),
                Sac.on(env)
                        .config(SacConfig.defaults()
                                .withInitialSteps(4)
                                .withBatchSize(4)
                                .withLearner(learner))
                        .workers(ONE)
                        .build(),
                Mbpo.on(env).config(mbpo).workers(ONE).build(),
                Mopo.on(spec(), log(env)).config(mopo).workers(ONE).build(),
                Dqn.on(choices())
                        .config(DqnConfig.defaults()
                                .withInitialSteps(4)
                                .withBatchSize(4)
                                .withLearner(DqnLearnerConfig.defaults().withHidden(List.of(4))))
                        .workers(ONE)
                        .build(),
                Ppo.on(env)
                        .config(PpoConfig.defaults().withHidden(List.of(4)).withStepsPerUpdate(10))
                        .workers(ONE)
                        .build(),
                PolicyGradient.on(choices())
                        .config(PolicyGradientConfig.defaults()
                                .withHidden(List.of(4))
                                .withStepsPerUpdate(10))
                        .workers(ONE)
                        .build());
    }

    private static Stream<Object> policies() {
        Supplier<Planner> cem = planners(3).get("Cem");
        Sac sac = (Sac) agents().skip(1).findFirst().orElseThrow();
        sac.train(10);
        return Stream.of(
                new MpcController(cem.get(), world()),
                new OpenLoopController(cem.get(), world()),
                new MpcFleet(2, cem, world()),
                BehaviourCloning.fit(spec(), log(cartPole()), NETWORK, random("cloning", 0)),
                sac.learner().policy());
    }

    private static Stream<Object> others() {
        return Stream.of(
                ReplayBuffer.of(spec(), 30),
                log(cartPole()),
                log(cartPole()).all(),
                Recording.of(log(cartPole())).get(0),
                Normalizer.fit(log(cartPole()).all().observations()),
                new Batch(3, 4),
                spec(),
                ActionSpace.continuous(2, -1, 1),
                ActionSpace.discrete(3),
                ActionSpace.product(ActionSpace.discrete(3), ActionSpace.continuous(1, -1, 1)),
                world(),
                new PredictedReturn(world(), RolloutConfig.defaults(), ONE),
                new BranchedRollouts(world(), BranchConfig.defaults(), ONE));
    }

    /** The defaults of every configuration that there is. */
    private static Stream<Object> settings() {
        Path classes = Path.of("target/classes");
        try (Stream<Path> files = Files.walk(classes.resolve("io/github/mbrl4j"))) {
            List<String> names = files.map(file -> classes.relativize(file).toString())
                    .filter(name -> name.matches(".*/\\w+(Config|Options)\\.class"))
                    .map(name -> name.replace(".class", "").replace(File.separatorChar, '.'))
                    .sorted()
                    .toList();
            assertThat(names).hasSizeGreaterThan(20);
            return names.stream().map(ReliabilityTest::defaults);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object defaults(String name) {
        try {
            return Class.forName(name).getMethod("defaults").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(name + " has no defaults", e);
        }
    }

    private static Stream<Subject> subjects() {
        Stream<Subject> worlds = environments().map(env -> new Subject(env, env.spec()));
        Stream<Object> rest = Stream.of(models(false), models(true), policies(), agents(), others(), settings())
                .flatMap(s -> s);
        return Stream.concat(worlds, rest.map(o -> new Subject(o, specOf(o))));
    }

    private static EnvSpec specOf(Object target) {
        return target instanceof Dqn || target instanceof PolicyGradient
                ? choices().spec()
                : spec();
    }

    @Test
    void methodsAnswerOrRefuseClearly() {
        attack(40);
    }

    @Test
    @Tag("learning")
    @Timeout(1200)
    void methodsAnswerOrRefuseClearlyWheneverTheyAreCalled() {
        attack(800);
    }

    private void attack(int callsOfEach) {
        Set<String> failures = new TreeSet<>();
        int methods = 0;
        int subjects = 0;
        for (Subject subject : subjects().toList()) {
            RandomGenerator random = random("calls", subjects++);
            HostileArguments arguments = new HostileArguments(subject.spec(), random);
            List<Method> callable = methods(subject.target(), arguments);
            methods += callable.size();
            for (int i = 0; i < callsOfEach * callable.size(); i++) {
                call(subject.target(), callable.get(random.nextInt(callable.size())), arguments, failures);
            }
        }
        System.err.printf(
                "%d objects, %d methods: %d calls answered, %d refused%n", subjects, methods, answered, refused);
        assertThat(failures).isEmpty();
        assertThat(answered).isGreaterThan(refused);
        assertThat(refused).isGreaterThan(answered / 5);
    }

    /** Returns are nothing that a planner could rely on, and methods come in any order. */
    @Test
    void plansCanBeExecutedWhateverTheReturnsAre() {
        List<ActionSpace> spaces = List.of(
                ActionSpace.continuous(1, -1, 1),
                ActionSpace.continuous(3, 0.1, 0.1000001),
                ActionSpace.continuous(2, -1e30, 1e30),
                ActionSpace.discrete(2),
                ActionSpace.product(ActionSpace.discrete(3), ActionSpace.continuous(1, -1, 1)));
        int plans = 0;
        for (int horizon : new int[] {1, 3}) {
            for (var kind : planners(horizon).entrySet()) {
                for (int s = 0; s < spaces.size(); s++) {
                    Planner planner = kind.getValue().get();
                    if (planner.accepts(spaces.get(s)) && !(planner instanceof Ilqr)) { // which needs to see states
                        plans += plan(planner, spaces.get(s), random(kind.getKey() + horizon, s));
                    }
                }
            }
        }
        System.err.printf("%d plans on returns of any kind%n", plans);
        assertThat(plans).isGreaterThan(500);
    }

    private static int plan(Planner planner, ActionSpace space, RandomGenerator random) {
        SequenceObjective objective = new SequenceObjective() {
            @Override
            public ActionSpace actionSpace() {
                return space;
            }

            @Override
            public void evaluate(Batch sequences, double[] returns) {
                for (int n = 0; n < sequences.rows(); n++) {
                    returns[n] = HostileArguments.NUMBERS[random.nextInt(HostileArguments.NUMBERS.length)];
                }
            }
        };
        for (int i = 0; i < 15; i++) {
            Plan plan = planner.plan(objective, random);
            for (int t = 0; t < plan.horizon(); t++) {
                assertThat(space.contains(plan.action(t)))
                        .as("%s: %s in %s", planner, Arrays.toString(plan.action(t)), space)
                        .isTrue();
            }
            switch (random.nextInt(3)) {
                case 0 -> planner.reset();
                case 1 -> planner.advance(random.nextInt(5));
                default -> {}
            }
        }
        return 15;
    }

    @Test
    void sizesThatNoArrayHoldsAreRefused() {
        int huge = Integer.MAX_VALUE;
        Map<String, Runnable> attempts = new LinkedHashMap<>();
        attempts.put("batch", () -> new Batch(huge, huge));
        attempts.put("grown batch", () -> new Batch(1, 2).resize(huge));
        attempts.put("buffer", () -> new ReplayBuffer(huge, huge, huge));
        attempts.put("members", () -> new EnsembleDynamics(spec(), ENSEMBLE.withMembers(huge)));
        attempts.put(
                "rollouts",
                () -> new BranchedRollouts(world(), BranchConfig.defaults().withSteps(5), ONE)
                        .imagine(log(cartPole()), Policy.uniform(spec().actionSpace()), huge, random("huge", 0)));
        planners(huge)
                .forEach((name, planner) -> attempts.put(name, () -> {
                    PredictedReturn objective = new PredictedReturn(world(), RolloutConfig.defaults(), ONE);
                    objective.startFrom(new double[4], random("huge", 1));
                    planner.get().plan(objective, random("huge", 2));
                }));
        attempts.forEach((name, attempt) -> assertThatIllegalArgumentException()
                .as(name)
                .isThrownBy(attempt::run)
                .withMessageContaining("expected"));
    }

    @Test
    void manyThreadsGetTheAnswersOfOne() {
        double[] observation = {0.1, -0.2, 0.05, 0.3};
        List<Supplier<float[]>> questions = new ArrayList<>();
        models(true).forEach(model -> {
            if (model instanceof DynamicsModel dynamics) {
                questions.add(() -> sampled(dynamics));
            }
        });
        policies().forEach(policy -> {
            if (policy instanceof ClonedPolicy || policy instanceof TanhGaussianPolicy) {
                questions.add(() -> new float[] {(float) ((Policy) policy).act(observation, random("act", 0))[0]});
            }
        });
        for (Supplier<float[]> question : questions) {
            float[] expected = question.get();
            assertThat(Stream.generate(() -> question).limit(200).parallel().map(Supplier::get))
                    .allSatisfy(answer -> assertThat(answer).containsExactly(expected));
        }
        assertThat(questions).hasSizeGreaterThanOrEqualTo(9);
    }

    private static float[] sampled(DynamicsModel model) {
        int rows = 150;
        RandomGenerator random = random("inputs", 0);
        Batch states = new Batch(rows, model.stateSize());
        Batch actions = new Batch(rows, model.actionSize());
        Batch next = new Batch(0, model.stateSize());
        for (int row = 0; row < rows; row++) {
            states.setRow(row, random.doubles(model.stateSize(), -0.1, 0.1).toArray());
            actions.setRow(row, model.actionSpace().sample(random));
        }
        model.sample(states, actions, random, next);
        return next.array();
    }

    /** Nothing waits in a way that an interrupt could break, or swallows it. */
    @Test
    void anInterruptedThreadTrainsAsAnyOther() {
        List<Agent> calm = agents().map(Agent.class::cast).toList();
        List<Agent> interrupted = agents().map(Agent.class::cast).toList();
        for (int i = 0; i < calm.size(); i++) {
            calm.get(i).train(20);
            Thread.currentThread().interrupt();
            interrupted.get(i).train(20);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(interrupted.get(i).history().returns())
                    .containsExactly(calm.get(i).history().returns());
        }
    }

    private static List<Method> methods(Object target, HostileArguments arguments) {
        return Arrays.stream(target.getClass().getMethods())
                .filter(m -> m.getDeclaringClass() != Object.class && !m.isBridge())
                .filter(m ->
                        !Modifier.isStatic(m.getModifiers()) && !m.getName().equals("close"))
                .filter(m -> Arrays.stream(m.getParameterTypes()).allMatch(arguments::knows))
                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                .toList();
    }

    private void call(Object target, Method method, HostileArguments arguments, Set<String> failures) {
        Object[] drawn = arguments.draw(method.getParameterTypes());
        method.setAccessible(true);
        try {
            Object answer = method.invoke(target, drawn);
            answered++;
            if (!isWithinItsContract(target, method, answer)) {
                failures.add(described(target, method) + " answered " + answer);
            }
        } catch (InvocationTargetException e) {
            refused++;
            if (!isForUsers(method, e.getCause())) {
                String thrown = e.getCause() + " at " + e.getCause().getStackTrace()[0];
                failures.add(described(target, method) + " threw " + thrown.replaceAll("\\d+", "#"));
            }
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static String described(Object target, Method method) {
        return target.getClass().getSimpleName() + "." + method.getName();
    }

    /** Actions can be executed, and what an environment shows is finite. */
    private static boolean isWithinItsContract(Object target, Method method, @Nullable Object answer) {
        if (answer instanceof Step step) {
            return Double.isFinite(step.reward())
                    && Arrays.stream(step.observation()).allMatch(Double::isFinite);
        }
        if (answer instanceof double[] action && method.getName().equals("act")) {
            return specOf(target).actionSpace().contains(action);
        }
        return true;
    }

    /** Whether an exception is one that callers are told of, and says what to do or which argument it is about. */
    private static boolean isForUsers(Method method, Throwable thrown) {
        String message = Objects.requireNonNullElse(thrown.getMessage(), "");
        if (thrown instanceof IllegalArgumentException) {
            return method.getParameterCount() == 0 || namesAnArgument(method, message.toLowerCase(Locale.ROOT));
        }
        // Not the subclasses of the last: they come from arrays.
        boolean meant = thrown instanceof IllegalStateException
                || thrown instanceof EnvException
                || thrown.getClass() == IndexOutOfBoundsException.class;
        return meant && !message.isBlank();
    }

    /** Whether it begins with a part of a name that the caller knows, "observation[3]" for observations, or holds such a name. */
    private static boolean namesAnArgument(Method method, String message) {
        String first = message.replaceFirst("(?s)s?\\W.*", "");
        return !first.isEmpty()
                && names(method)
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .anyMatch(name -> name.contains(first) || message.contains(name));
    }

    private static Stream<String> names(Method method) {
        Stream<String> parameters = Arrays.stream(method.getParameters()).map(Parameter::getName);
        Stream<String> components = Arrays.stream(method.getParameterTypes())
                .filter(Class::isRecord)
                .flatMap(type -> Arrays.stream(type.getRecordComponents()))
                .map(RecordComponent::getName);
        return Stream.of(parameters, components, Stream.of(method.getName().replaceFirst("^with", "")))
                .flatMap(s -> s);
    }
}
