package io.github.mbrl4j.policy;

import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.TanhGaussian;
import io.github.mbrl4j.nn.Tape;
import io.github.mbrl4j.nn.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A stochastic policy in training: a network with ReLU layers that gives mean and log deviation of a Gaussian, squashed into the
 * bounds by tanh (Haarnoja et al. 2018, arXiv 1801.01290). For one thread at a time, except that several threads may draw, each
 * on a tape of its own, while nobody trains.
 */
public final class TanhGaussianActor {

    private final Scaling scaling;
    private final Mlp network;
    private final Mlp constant;

    /**
     * Makes an untrained actor.
     *
     * @param scaling what the network sees and which actions it is for
     * @param hidden widths of the hidden layers
     * @param random source of the weights
     */
    public TanhGaussianActor(Scaling scaling, List<Integer> hidden, RandomGenerator random) {
        this.scaling = scaling;
        network = new Mlp(scaling.observationSize(), hidden, 2 * scaling.actionSize(), Activation.RELU, random);
        constant = network.asConstant();
    }

    /**
     * Draws actions on a tape: a ~ π(·|s), as a function of the weights.
     *
     * @param tape where to record
     * @param observations as {@link Scaling#observations(io.github.mbrl4j.core.Batch, int, int, float[], int)} writes them [B, O]
     * @param noise ε [B, A], standard normal
     * @return actions in [−1, 1], and the logs of their densities there
     */
    public TanhGaussian.Draw draw(Tape tape, Tensor observations, Tensor noise) {
        return TanhGaussian.draw(tape, network.forward(tape, observations), noise);
    }

    /**
     * The same draws for those who need no gradients, which is faster.
     *
     * @param tape where the results are kept
     * @param observations as for {@link #draw} [B, O]
     * @param noise ε [B, A], standard normal
     * @return actions in [−1, 1], and the logs of their densities there, as constants of the weights
     */
    public TanhGaussian.Draw drawConstant(Tape tape, Tensor observations, Tensor noise) {
        return TanhGaussian.draw(tape, constant.forward(tape, observations), noise);
    }

    /**
     * Everything that is trained.
     *
     * @return live parameters
     */
    public List<Tensor> parameters() {
        return network.parameters();
    }

    /**
     * The policy as it is now.
     *
     * @return a copy that samples and does not change
     */
    public TanhGaussianPolicy freeze() {
        return new TanhGaussianPolicy(scaling, network.freeze(), false);
    }
}
