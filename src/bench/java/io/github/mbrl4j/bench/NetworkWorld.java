package io.github.mbrl4j.bench;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DifferentiableDynamics;
import io.github.mbrl4j.core.DifferentiableReward;
import io.github.mbrl4j.core.DifferentiableStep;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.model.WorldModel;
import io.github.mbrl4j.nn.Activation;
import io.github.mbrl4j.nn.FrozenMlp;
import io.github.mbrl4j.nn.Mlp;
import io.github.mbrl4j.nn.MlpPass;
import io.github.mbrl4j.nn.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Two deterministic networks as a world, the twin of the one in {@code grad_shooting.py}: s' = s + f(s, a), r = g(s, a). */
final class NetworkWorld {

    private static final int STATE = 17;
    private static final int ACTION = 6;
    private static final int INPUTS = STATE + ACTION;

    /** Multiply-adds of a step, forwards. */
    static final long MULTIPLY_ADDS = INPUTS * 200 + 2 * 200 * 200 + 200 * STATE + (INPUTS * 200 + 200 * 200 + 200);

    private final FrozenMlp dynamics;
    private final FrozenMlp reward;

    NetworkWorld() {
        RandomGenerator random = RandomStreams.of(0).stream("networks");
        Mlp f = new Mlp(INPUTS, List.of(200, 200, 200), STATE, Activation.SWISH, random);
        Tensor last = f.weights().get(3);
        for (int i = 0; i < last.size(); i++) {
            last.values()[i] *= 0.1f; // as the twin does, so that states stay small
        }
        dynamics = f.freeze();
        reward = new Mlp(INPUTS, List.of(200, 200), 1, Activation.SWISH, random).freeze();
    }

    WorldModel world() {
        return WorldModel.of(new Dynamics(), new Reward());
    }

    private static void join(Batch states, Batch actions, float[] rows) {
        for (int row = 0; row < states.rows(); row++) {
            System.arraycopy(states.array(), row * STATE, rows, row * INPUTS, STATE);
            System.arraycopy(actions.array(), row * ACTION, rows, row * INPUTS + STATE, ACTION);
        }
    }

    /** One network on the rows of a tile. */
    private static final class Pass {
        final MlpPass pass;
        final float[] in = new float[FrozenMlp.TILE * INPUTS];
        final float[] out;
        final float[] gradients = new float[in.length];

        Pass(FrozenMlp network) {
            pass = network.newPass();
            out = new float[FrozenMlp.TILE * network.outputs()];
        }
    }

    private final class Dynamics implements DifferentiableDynamics {
        @Override
        public int stateSize() {
            return STATE;
        }

        @Override
        public ActionSpace actionSpace() {
            return ActionSpace.continuous(ACTION, -1, 1);
        }

        @Override
        public void predict(Batch states, Batch actions, Batch next) {
            differentiableStep().forward(states, actions, null, next, null);
        }

        @Override
        public DifferentiableStep differentiableStep() {
            return new Step();
        }
    }

    private final class Step implements DifferentiableStep {
        private final Pass network = new Pass(dynamics);

        @Override
        public void forward(
                Batch states, Batch actions, @Nullable RandomGenerator random, Batch next, float @Nullable [] rewards) {
            int rows = states.rows();
            join(states, actions, network.in);
            network.pass.forward(network.in, rows, network.out);
            next.resize(rows);
            for (int i = 0; i < rows * STATE; i++) {
                next.array()[i] = states.array()[i] + network.out[i];
            }
        }

        @Override
        public void backward(
                Batch nextGradients, float @Nullable [] rewardGradients, Batch stateGradients, Batch actionGradients) {
            network.pass.backward(nextGradients.array(), network.gradients);
            float[] byNext = nextGradients.array();
            float[] byState = stateGradients.array();
            float[] byAction = actionGradients.array();
            for (int row = 0; row < nextGradients.rows(); row++) {
                for (int i = 0; i < STATE; i++) {
                    byState[row * STATE + i] += byNext[row * STATE + i] + network.gradients[row * INPUTS + i];
                }
                for (int i = 0; i < ACTION; i++) {
                    byAction[row * ACTION + i] += network.gradients[row * INPUTS + STATE + i];
                }
            }
        }
    }

    private final class Reward implements DifferentiableReward {
        private final float[] ones = new float[FrozenMlp.TILE];
        private final ThreadLocal<Pass> passes = ThreadLocal.withInitial(() -> new Pass(reward));

        Reward() {
            Arrays.fill(ones, 1);
        }

        @Override
        public double reward(double[] state, double[] action, double[] next) {
            float[] rewards = new float[1];
            rewards(Batch.ofRows(state), Batch.ofRows(action), Batch.ofRows(next), rewards);
            return rewards[0];
        }

        @Override
        public void rewards(Batch states, Batch actions, Batch next, float[] rewards) {
            Pass network = passes.get();
            join(states, actions, network.in);
            network.pass.forward(network.in, states.rows(), rewards);
        }

        @Override
        public void rewards(
                Batch states,
                Batch actions,
                Batch next,
                float[] rewards,
                Batch stateGradients,
                Batch actionGradients,
                Batch nextGradients) {
            rewards(states, actions, next, rewards);
            Pass network = passes.get();
            network.pass.backward(ones, network.gradients);
            int rows = states.rows();
            stateGradients.resize(rows);
            actionGradients.resize(rows);
            Arrays.fill(nextGradients.resize(rows).array(), 0, rows * STATE, 0);
            for (int row = 0; row < rows; row++) {
                int from = row * INPUTS;
                System.arraycopy(network.gradients, from, stateGradients.array(), row * STATE, STATE);
                System.arraycopy(network.gradients, from + STATE, actionGradients.array(), row * ACTION, ACTION);
            }
        }
    }
}
