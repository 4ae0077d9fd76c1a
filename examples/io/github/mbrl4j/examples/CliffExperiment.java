package io.github.mbrl4j.examples;

import io.github.mbrl4j.control.Episode;
import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.MpcController;
import io.github.mbrl4j.control.MpcOptions;
import io.github.mbrl4j.control.OpenLoopController;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.Plan;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.CliffClimb;
import io.github.mbrl4j.io.Json;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.TrainingConfig;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.plan.Cem;
import io.github.mbrl4j.plan.CemConfig;
import io.github.mbrl4j.report.LineChart;
import io.github.mbrl4j.rollout.Risk;
import io.github.mbrl4j.rollout.RolloutConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Why a model-based agent has to learn from what it really visited, and to look while it acts. Data collected near the start say
 * "right is higher"; the first plan runs over the ledge. Once the fall is among the data, the next plans stop before it. Then, in
 * wind, a plan executed blindly is held against one made anew at each step.
 */
public final class CliffExperiment {

    private static final String USAGE = """
            CliffExperiment: climb to a ledge that the first data do not show, with and without learning from the falls. Options:
              --seed N          seed of all random numbers (1)
              --trials N        episodes climbed with and without aggregation (5)
              --threads N       threads to fit and plan on, without influence on the result (all processors)
              --quick           a smoke run of seconds that learns nothing
            """;

    /** Episodes of random steps that the first data are collected in. */
    private static final int FIRST_EPISODES = 3;

    /** Standard deviation of the wind's push in each step (m). */
    private static final double WIND = 0.05;

    private static final int WINDY_EPISODES = 10;

    /** The climb is not random, so the networks predict no variances; some hundred rows are learned in many epochs. */
    private static final EnsembleConfig MODEL = EnsembleConfig.defaults()
            .withHidden(List.of(64, 64))
            .withProbabilistic(false)
            .withTraining(TrainingConfig.defaults()
                    .withLearningRate(3e-3)
                    .withBatchSize(16)
                    .withMaxEpochs(500)
                    .withPatience(150));

    /** At the edge one network in five that knows of the fall shall be enough. */
    private static final RolloutConfig CAREFUL = RolloutConfig.defaults().withRisk(Risk.cvar(0.2));

    /** Whoever plans but once may search longer, and has to: 50 steps from nothing. */
    private static final CemConfig LONG_SEARCH =
            CemConfig.defaults().withPopulation(300).withElites(30).withIterations(12);

    private final RandomStreams streams;
    private final Workers workers;
    private final int trials;
    private final EnsembleConfig ensemble;
    private final CemConfig planner;
    private final CemConfig longPlanner;

    private CliffExperiment(Arguments arguments) {
        streams = RandomStreams.of(arguments.seed());
        workers = arguments.workers();
        trials = arguments.trials(5);
        boolean quick = arguments.quick();
        ensemble = (quick ? Smoke.PETS.ensemble() : MODEL).withLearnedReward(true);
        planner = quick ? Smoke.PETS.planner() : CemConfig.defaults();
        longPlanner = (quick ? planner : LONG_SEARCH)
                .withHorizon(new CliffClimb().spec().maxSteps());
    }

    /**
     * Runs the example.
     *
     * @param args see {@code USAGE}
     */
    public static void main(String... args) {
        Arguments arguments = Arguments.parse(USAGE, args);
        CliffExperiment experiment = new CliffExperiment(arguments);
        Climbs aggregating = experiment.climb(true);
        Climbs stubborn = experiment.climb(false);
        Loops loops = experiment.compareLoops(aggregating.world(), arguments.quick() ? 1 : WINDY_EPISODES);

        Path directory = arguments.directory("cliff");
        String seed = "seed " + arguments.seed();
        drawHeights("Learning from what was visited", seed, aggregating, directory.resolve("with-aggregation.png"));
        drawHeights(
                "The model of the first data, never fitted again",
                seed,
                stubborn,
                directory.resolve("without-aggregation.png"));
        loops.draw(seed, directory.resolve("open-and-closed-loop.png"));
        System.err.println("Pictures are in " + directory.toAbsolutePath());
        System.out.println(Json.writeLine(new Result(
                "cliff",
                arguments.seed(),
                aggregating.falls(),
                stubborn.falls(),
                loops.openReturn(),
                loops.closedReturn())));
    }

    /**
     * A controller whose actions are disturbed a little. Without it all data from the slope have the same action, "right at full
     * speed", and the model is free to believe that the ledge is elsewhere for those who walk slowly.
     */
    private record Exploring(Policy controller, ContinuousActions actions) implements Policy {
        private static final double NOISE = 0.5;

        @Override
        public double[] act(double[] observation, RandomGenerator random) {
            double[] action = controller.act(observation, random);
            action[0] += NOISE * random.nextGaussian();
            return actions.clip(action);
        }

        @Override
        public void reset() {
            controller.reset();
        }
    }

    /** Trials of one agent, and its model after the last of them. */
    private record Climbs(WorldModel world, List<Episode> episodes) {
        boolean[] falls() {
            boolean[] falls = new boolean[episodes.size()];
            for (int i = 0; i < falls.length; i++) {
                falls[i] = episodes.get(i).transitions().stream().anyMatch(t -> CliffClimb.fell(t.next()));
            }
            return falls;
        }
    }

    /** Climbs with a model of the first data, which is fitted to everything visited since or never again. */
    private Climbs climb(boolean aggregate) {
        CliffClimb env = new CliffClimb();
        ReplayBuffer data =
                Episodes.collect(env, Policy.uniform(env.actionSpace()), FIRST_EPISODES, streams.stream("first data"));
        EnsembleDynamics dynamics = new EnsembleDynamics(env.spec(), ensemble, ObservationTransform.IDENTITY, workers);
        dynamics.fit(data, streams.stream("fit", 0));
        WorldModel world = WorldModel.of(dynamics);
        Policy controller = new Exploring(
                new MpcController(new Cem(planner), world, options()), (ContinuousActions) env.actionSpace());
        List<Episode> episodes = new ArrayList<>();
        for (int trial = 1; trial <= trials; trial++) {
            Episode episode = Episodes.run(env, controller, streams.stream("trial", trial));
            episodes.add(episode);
            if (aggregate) {
                data.addAll(episode);
                dynamics.fit(data, streams.stream("fit", trial));
            }
            System.err.printf(
                    "%s aggregation, trial %d: furthest x %.2f m, return %.1f%n",
                    aggregate ? "with" : "without", trial, furthest(episode), episode.totalReward());
        }
        return new Climbs(world, episodes);
    }

    private MpcOptions options() {
        return MpcOptions.defaults().withRollouts(CAREFUL).withWorkers(workers);
    }

    private static double furthest(Episode episode) {
        return Arrays.stream(positions(episode)).max().orElseThrow();
    }

    /** The positions of an episode, from its start on. */
    private static double[] positions(Episode episode) {
        return DoubleStream.concat(
                        DoubleStream.of(episode.transitions().get(0).observation()[0]),
                        episode.transitions().stream().mapToDouble(t -> t.next()[0]))
                .toArray();
    }

    private static void drawHeights(String title, String seed, Climbs climbs, Path file) {
        LineChart chart = LineChart.of(title, seed, "step", "height (m)");
        for (int trial = 0; trial < climbs.episodes().size(); trial++) {
            double[] heights = Arrays.stream(positions(climbs.episodes().get(trial)))
                    .map(CliffClimb::height)
                    .toArray();
            chart = chart.line("trial " + (trial + 1), heights);
        }
        chart.savePng(file);
    }

    /** A plan, and the positions that the model expected of it from the step on at which it was made. */
    private record Prediction(int step, double[] positions) {}

    /** What came of both loops, and the paths of the first episode beside what was predicted. */
    private record Loops(
            double openReturn,
            double closedReturn,
            double[] openPath,
            List<Prediction> openPredictions,
            double[] closedPath,
            List<Prediction> closedPredictions) {

        void draw(String seed, Path file) {
            LineChart chart = LineChart.of(
                    "Open and closed loop in wind",
                    seed + " · dashed: what the plans predicted",
                    "step",
                    "position (m)");
            chart = add(chart.line("open loop", openPath), openPredictions);
            chart = add(chart.line("closed loop", closedPath), closedPredictions);
            double[] ledge = new double[openPath.length];
            Arrays.fill(ledge, 3);
            chart.line("the ledge", ledge).savePng(file);
        }

        private static LineChart add(LineChart chart, List<Prediction> predictions) {
            LineChart more = chart;
            for (Prediction prediction : predictions) {
                double[] steps = IntStream.range(0, prediction.positions().length)
                        .mapToDouble(t -> prediction.step() + t)
                        .toArray();
                more = more.dashedLine("predicted at step " + prediction.step(), steps, prediction.positions());
            }
            return more;
        }
    }

    /** Runs both loops in the same episodes with wind, on the same world model. */
    private Loops compareLoops(WorldModel world, int episodes) {
        CliffClimb windy = new CliffClimb(WIND);
        OpenLoopController open = new OpenLoopController(new Cem(longPlanner), world, options());
        MpcController closed = new MpcController(new Cem(planner), world, options());
        List<Prediction> openPredictions = new ArrayList<>();
        List<Prediction> closedPredictions = new ArrayList<>();
        double openReturn = 0;
        double closedReturn = 0;
        double[] openPath = {};
        double[] closedPath = {};
        for (int i = 0; i < episodes; i++) {
            boolean first = i == 0;
            Episode blind = Episodes.run(windy, open, streams.stream("windy", i), t -> {});
            openReturn += blind.totalReward() / episodes;
            if (first) {
                openPath = positions(blind);
                openPredictions.add(
                        predict(world, 0, openPath[0], open.lastPlan().orElseThrow()));
            }
            List<Plan> plans = new ArrayList<>();
            Episode seeing = Episodes.run(
                    windy,
                    closed,
                    streams.stream("windy", i),
                    t -> plans.add(closed.lastPlan().orElseThrow()));
            closedReturn += seeing.totalReward() / episodes;
            if (first) {
                closedPath = positions(seeing);
                for (int step = 0; step < plans.size(); step += 10) {
                    closedPredictions.add(predict(world, step, closedPath[step], plans.get(step)));
                }
            }
        }
        return new Loops(openReturn, closedReturn, openPath, openPredictions, closedPath, closedPredictions);
    }

    private static Prediction predict(WorldModel world, int step, double position, Plan plan) {
        double[] positions = new double[plan.horizon() + 1];
        positions[0] = position;
        Batch state = Batch.ofRows(new double[] {position});
        Batch next = new Batch(1, 1);
        for (int t = 0; t < plan.horizon(); t++) {
            world.dynamics().predict(state, Batch.ofRows(plan.action(t)), next);
            state.copyFrom(next);
            positions[t + 1] = state.get(0, 0);
        }
        return new Prediction(step, positions);
    }

    /** The last line on standard output, as JSON. */
    private record Result(
            String example,
            long seed,
            boolean[] fallsWithAggregation,
            boolean[] fallsWithout,
            double openLoopReturn,
            double closedLoopReturn) {}
}
