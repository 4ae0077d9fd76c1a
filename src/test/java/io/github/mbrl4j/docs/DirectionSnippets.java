package io.github.mbrl4j.docs;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.data.Recording;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.ActionFreeDynamics;
import io.github.mbrl4j.model.CycleReport;
import io.github.mbrl4j.model.Forecast;
import io.github.mbrl4j.model.GaussianMixture;
import io.github.mbrl4j.model.InverseModel;
import io.github.mbrl4j.model.MixtureConfig;
import io.github.mbrl4j.model.MixtureDensity;
import io.github.mbrl4j.model.NetworkConfig;
import io.github.mbrl4j.policy.BehaviourCloning;
import io.github.mbrl4j.policy.ClonedPolicy;
import io.github.mbrl4j.repair.FaultFinder;
import io.github.mbrl4j.repair.Faults;
import io.github.mbrl4j.repair.FrameInterpolator;
import io.github.mbrl4j.repair.InterpolatorConfig;
import io.github.mbrl4j.repair.Repaired;
import java.util.List;
import java.util.random.RandomGenerator;

/** The snippets of {@code docs/models/inverse.md}, {@code prediction.md} and {@code interpolation.md}. */
final class DirectionSnippets {

    private DirectionSnippets() {}

    static double inverse(double[] state, double[] next, ReplayBuffer unseen, RandomGenerator random) {
        Pendulum env = new Pendulum();
        ReplayBuffer played = Episodes.collect(env, Policy.uniform(env.actionSpace()), 20, random);
        InverseModel inverse = new InverseModel(env.spec(), MixtureConfig.defaults());
        inverse.fit(played, random);
        double[] action = inverse.mode(state, next);
        System.out.println(CycleReport.of(inverse, env.trueDynamics(), unseen, random));
        return action[0];
    }

    static ClonedPolicy cloning(InverseModel inverse, List<double[][]> shown, RandomGenerator random) {
        List<Recording> demonstrations = shown.stream().map(Recording::of).toList(); // each [T][O], states alone
        ClonedPolicy policy = BehaviourCloning.fit(inverse, demonstrations, NetworkConfig.defaults(), random);
        return policy;
    }

    static ClonedPolicy cloningActions(Env env, ReplayBuffer demonstrations, RandomGenerator random) {
        ClonedPolicy policy = BehaviourCloning.fit(env.spec(), demonstrations, NetworkConfig.defaults(), random);
        return policy;
    }

    static double density(Batch x, Batch y, RandomGenerator random) {
        MixtureDensity density =
                MixtureDensity.fit(x, y, MixtureConfig.defaults().withComponents(3), random);
        GaussianMixture here = density.at(new double[] {0.6});
        double[] likeliest = here.mode();
        double[] drawn = here.sample(random);
        double log = here.logDensity(likeliest);
        return log + drawn[0];
    }

    static double future(List<Recording> log, double[] state, RandomGenerator random) {
        ActionFreeDynamics future = ActionFreeDynamics.fit(log, MixtureConfig.defaults(), random);
        GaussianMixture next = future.next(state); // p(s' | s)
        Forecast forecast = future.forecast(state, 20, 1000, random); // 20 steps ahead, 1000 paths
        double low = forecast.quantile(20, 0, 0.05);
        double high = forecast.quantile(20, 0, 0.95);
        return high - low + next.mean()[0];
    }

    static Repaired fill(List<Recording> log, double[] times, double[][] frames, RandomGenerator random) {
        FrameInterpolator interpolator = FrameInterpolator.fit(log, InterpolatorConfig.defaults(), random);
        Recording gappy = Recording.atTimes(times, frames, 0.1); // where frames were dropped there is a gap
        Repaired filled = interpolator.fill(gappy);
        double[][] deviations = filled.deviations(); // 0 where a number was recorded
        Repaired doubled = interpolator.doubleRate(filled.recording());
        return deviations.length == 0 ? filled : doubled;
    }

    static Repaired faults(List<Recording> log, RandomGenerator random) {
        FaultFinder finder = FaultFinder.fit(log, InterpolatorConfig.defaults(), 2e-4, random);
        Faults faults = finder.find(log.get(0));
        Repaired repaired = finder.repair(log.get(0));
        return faults.frames().length == 0 ? finder.repair(log.get(1)) : repaired;
    }
}
