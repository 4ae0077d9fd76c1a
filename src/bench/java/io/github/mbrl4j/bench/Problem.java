package io.github.mbrl4j.bench;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.CartPole;
import io.github.mbrl4j.model.EnsembleConfig;
import io.github.mbrl4j.model.EnsembleDynamics;
import io.github.mbrl4j.model.ObservationTransform;
import io.github.mbrl4j.model.TrainingConfig;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.nn.Activation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The sizes of a control task and of the ensemble that models it. Its data are random: what counts here is how much there is
 * to compute.
 *
 * @param observations length O of an observation
 * @param actions length A of an action
 * @param learnedReward whether the reward is learned; otherwise reward and termination are those of the cart-pole
 * @param members networks of the ensemble
 * @param width of each hidden layer
 * @param layers number of hidden layers
 */
record Problem(int observations, int actions, boolean learnedReward, int members, int width, int layers) {

    /** As large as the half-cheetah. */
    static final Problem LARGE = new Problem(17, 6, true, 5, 200, 4);

    static final Problem CART_POLE = new Problem(4, 1, false, 5, 200, 3);

    /**
     * Standard deviation of a step. Within a plan's horizon it fells some of the cart-poles, so that their returns
     * differ, but not a whole tile of them, which would end its rollout early and spare work that PyTorch does.
     */
    private static final double STEP = 0.05;

    Problem withMembers(int count) {
        return new Problem(observations, actions, learnedReward, count, width, layers);
    }

    Problem withWidth(int newWidth) {
        return new Problem(observations, actions, learnedReward, members, newWidth, layers);
    }

    EnvSpec spec() {
        return new EnvSpec("Benchmark", observations, ActionSpace.continuous(actions, -1, 1), 1000);
    }

    /** The ensemble before its first fit. */
    EnsembleDynamics ensemble(int epochs, double validationFraction, Workers workers) {
        TrainingConfig training =
                new TrainingConfig(1e-3, List.of(3e-5), 256, epochs, Math.max(1, epochs), 0.01, validationFraction);
        EnsembleConfig config = EnsembleConfig.defaults()
                .withMembers(members)
                .withHidden(Collections.nCopies(layers, width))
                .withActivation(Activation.SWISH)
                .withLearnedReward(learnedReward)
                .withTraining(training);
        return new EnsembleDynamics(spec(), config, ObservationTransform.IDENTITY, workers);
    }

    /** A world model that was fitted for one epoch. */
    WorldModel world(Workers workers) {
        EnsembleDynamics dynamics = ensemble(1, 0.1, workers);
        dynamics.fit(data(2000), random("fit"));
        return learnedReward ? WorldModel.of(dynamics) : WorldModel.of(dynamics, new CartPole());
    }

    /** Random observations, each with a small random step. */
    ReplayBuffer data(int transitions) {
        RandomGenerator random = random("data");
        ReplayBuffer data = ReplayBuffer.of(spec(), transitions);
        for (int i = 0; i < transitions; i++) {
            data.add(transition(random));
        }
        return data;
    }

    private Transition transition(RandomGenerator random) {
        double[] observation = new double[observations];
        double[] next = new double[observations];
        for (int i = 0; i < observations; i++) {
            observation[i] = random.nextGaussian();
            next[i] = observation[i] + STEP * random.nextGaussian();
        }
        double[] action = spec().actionSpace().sample(random);
        return new Transition(observation, action, random.nextGaussian(), next, false, true, true);
    }

    /** Multiplications with additions that one member needs for one row; two floating-point operations each. */
    long multiplyAdds() {
        int outputs = 2 * (observations + (learnedReward ? 1 : 0));
        long sum = 0;
        int inputs = observations + actions;
        for (int outputsOfLayer : layerWidths(outputs)) {
            sum += (long) inputs * outputsOfLayer;
            inputs = outputsOfLayer;
        }
        return sum;
    }

    /** The same for a training step: the gradient of the first layer's inputs is not needed. */
    long trainingMultiplyAdds() {
        return 3 * multiplyAdds() - (long) (observations + actions) * width;
    }

    private List<Integer> layerWidths(int outputs) {
        List<Integer> widths = new ArrayList<>(Collections.nCopies(layers, width));
        widths.add(outputs);
        return widths;
    }

    private static RandomGenerator random(String purpose) {
        return RandomStreams.of(0).stream(purpose);
    }
}
