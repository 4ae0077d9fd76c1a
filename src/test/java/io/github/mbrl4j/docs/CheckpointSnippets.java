package io.github.mbrl4j.docs;

import io.github.mbrl4j.agent.Pets;
import io.github.mbrl4j.agent.Sac;
import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import io.github.mbrl4j.io.CheckpointReader;
import io.github.mbrl4j.io.CheckpointWriter;
import io.github.mbrl4j.io.Checkpointed;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.model.TrainableDynamics;
import io.github.mbrl4j.policy.TanhGaussianPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/** The snippets of docs/checkpoints.md and the README that save and load agents and models. */
final class CheckpointSnippets {

    private CheckpointSnippets() {}

    static Pets stopAndGoOn(Env env) {
        Path file = Path.of("target/pets.zip");
        // The 1st to the 5th trial, today.
        Pets agent = Pets.on(env).seed(7).build();
        agent.train(5);
        agent.save(file);
        // The 6th to the 10th, tomorrow.
        Pets resumed = Pets.on(env).seed(7).build();
        resumed.load(file);
        resumed.train(5);
        return resumed;
    }

    static void surviveACrash(Env env) {
        Path file = Path.of("target/sac.zip");
        Sac agent = Sac.on(env).seed(7).checkpoint(file, 10).build(); // saves itself after every 10th episode
        if (Files.exists(file)) {
            agent.load(file); // goes on after the last of them
        }
        agent.train(10_000);
    }

    static double[] deploy(Sac agent, double[] observation, RandomGenerator random) {
        agent.learner().policy().deterministic().save(Path.of("target/policy.zip"));
        TanhGaussianPolicy policy = TanhGaussianPolicy.load(Path.of("target/policy.zip"));
        double[] action = policy.act(observation, random);
        return action;
    }

    static EnsembleDynamics model(EnsembleDynamics dynamics) {
        dynamics.save(Path.of("target/model.zip"));
        EnsembleDynamics model = EnsembleDynamics.load(Path.of("target/model.zip"));
        return model;
    }

    /** The next state is the present one and a drift that was learned. */
    static final class Drift implements TrainableDynamics, Checkpointed {
        private final ActionSpace actions;
        private double[] drift;

        Drift(int stateSize, ActionSpace actions) {
            drift = new double[stateSize];
            this.actions = actions;
        }

        @Override
        public void save(CheckpointWriter to) {
            to.put("drift", drift, drift.length);
        }

        @Override
        public Runnable restore(CheckpointReader from) {
            double[] read = from.doubles("drift", drift.length);
            return () -> drift = read;
        }

        @Override
        public FitReport fit(ReplayBuffer data, RandomGenerator random) {
            Transitions all = data.all();
            double[] mean = new double[drift.length];
            for (int row = 0; row < all.size(); row++) {
                for (int c = 0; c < mean.length; c++) {
                    mean[c] += (all.next().get(row, c) - all.observations().get(row, c)) / (double) all.size();
                }
            }
            drift = mean;
            return new FitReport(all.size(), List.of(new FitReport.Member(0, 0, 1)), List.of(0), 0);
        }

        @Override
        public int stateSize() {
            return drift.length;
        }

        @Override
        public ActionSpace actionSpace() {
            return actions;
        }

        @Override
        public void predict(Batch states, Batch ofActions, Batch next) {
            next.copyFrom(states);
            for (int i = 0; i < states.rows() * drift.length; i++) {
                next.array()[i] += (float) drift[i % drift.length];
            }
        }
    }
}
