package io.github.mbrl4j.bench;

import io.github.mbrl4j.agent.SacLearner;
import io.github.mbrl4j.agent.SacLearnerConfig;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.policy.Scaling;
import io.github.mbrl4j.rollout.BranchConfig;
import io.github.mbrl4j.rollout.BranchReport;
import io.github.mbrl4j.rollout.BranchedRollouts;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Branched rollouts of MBPO: policy and ensemble by TS1, k steps from each of 20,000 states, which are drawn from the data, and
 * appending what is imagined to a buffer. Its twin neither draws starts nor appends.
 */
final class MbpoRollout implements Bench {

    private static final int STATES = 20_000;
    private static final int WIDTH = 256;

    /** |s'| > 100, as the twin has it: never, with these data, so that all rollouts take all steps. */
    private static final TerminationModel FAR = new TerminationModel() {
        @Override
        public boolean terminated(double[] state, double[] action, double[] next) {
            for (double number : next) {
                if (Math.abs(number) > 100) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void terminated(Batch states, Batch actions, Batch next, boolean[] terminated) {
            float[] numbers = next.array();
            for (int row = 0; row < next.rows(); row++) {
                float largest = 0;
                for (int i = row * next.columns(); i < (row + 1) * next.columns(); i++) {
                    largest = Math.max(largest, Math.abs(numbers[i]));
                }
                terminated[row] = largest > 100;
            }
        }
    };

    @Override
    public String name() {
        return "mbpo_rollout";
    }

    @Override
    public List<Case> cases(int threads) {
        return Stream.of(1, 5)
                .map(k -> new Case("k" + k, () -> measure(Problem.LARGE, k, threads)))
                .toList();
    }

    private static Figures measure(Problem problem, int steps, int threads) {
        Workers workers = new Workers(threads);
        WorldModel world = problem.world(workers).withTermination(FAR);
        Policy policy = new SacLearner(Scaling.of(problem.spec()), SacLearnerConfig.defaults(), 0, workers).policy();
        ReplayBuffer data = problem.data(2000);
        ReplayBuffer into = ReplayBuffer.of(problem.spec(), STATES * steps);
        RandomGenerator random = RandomStreams.of(0).stream("rollouts");
        BranchedRollouts rollouts =
                new BranchedRollouts(world, BranchConfig.defaults().withSteps(steps), workers);
        double modelSteps = (double) steps * STATES;
        Measurement rollout =
                Measurement.of(() -> check(rollouts.imagine(data, policy, STATES, random, into), (long) modelSteps));
        return Figures.of(rollout)
                .rate("model_steps_per_s", modelSteps)
                .flop(2 * modelSteps * (problem.multiplyAdds() + policyMultiplyAdds(problem)));
    }

    /** Figures of work that was not done would be worthless. */
    private static void check(BranchReport report, long modelSteps) {
        if (report.transitions() != modelSteps) {
            throw new IllegalStateException("expected " + modelSteps + " transitions, but got " + report);
        }
    }

    private static long policyMultiplyAdds(Problem problem) {
        return (long) problem.observations() * WIDTH + (long) WIDTH * WIDTH + 2L * WIDTH * problem.actions();
    }
}
