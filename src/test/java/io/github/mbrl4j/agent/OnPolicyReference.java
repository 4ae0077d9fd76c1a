package io.github.mbrl4j.agent;

import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.nn.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Updates of PPO and policy gradient written down once more, in double, row by row, for small networks: the papers' formulas. */
final class OnPolicyReference {

    /** What a step of the actor goes down, for one row. */
    interface RowLoss {
        Scalar of(Scalar logDensity, double oldLogDensity, double advantage);
    }

    final SacReference.Net actor;
    final SacReference.@Nullable Net deviations;
    final SacReference.Net value;
    private double[][] s = {};
    private double[][] draws = {};
    private double[] old = {};
    private double[] advantages = {};
    private double[] returns = {};

    OnPolicyReference(ActorCritic parts) {
        List<Tensor> parameters = parts.actor().parameters();
        boolean gaussian = parameters.size() % 2 == 1;
        int network = parameters.size() - (gaussian ? 1 : 0);
        actor = new SacReference.Net(parameters.subList(0, network));
        // Log deviations as the bias of a layer whose weights nobody uses.
        deviations = gaussian
                ? new SacReference.Net(
                        List.of(Tensor.parameter(1, parameters.get(network).columns()), parameters.get(network)))
                : null;
        value = new SacReference.Net(parts.valueNetwork().parameters());
    }

    private static Scalar[] apply(List<Scalar[][]> variables, double[] x) {
        Scalar[] in = Arrays.stream(x).mapToObj(Scalar::new).toArray(Scalar[]::new);
        for (int l = 0; l < variables.size(); l++) {
            Scalar[][] w = variables.get(l);
            Scalar[] out = new Scalar[w[0].length];
            for (int j = 0; j < out.length; j++) {
                Scalar sum = w[in.length][j];
                for (int i = 0; i < in.length; i++) {
                    sum = sum.plus(in[i].times(w[i][j]));
                }
                out[j] = l < variables.size() - 1 ? sum.tanh() : sum;
            }
            in = out;
        }
        return in;
    }

    /** log π(draw|s), and the entropy there. */
    private Scalar[] density(List<Scalar[][]> network, @Nullable List<Scalar[][]> spread, double[] s, double[] draw) {
        Scalar[] outputs = apply(network, s);
        Scalar log = new Scalar(0);
        Scalar entropy = new Scalar(0);
        if (spread == null) {
            Scalar mass = new Scalar(0);
            for (Scalar logit : outputs) {
                mass = mass.plus(logit.exp());
            }
            for (Scalar logit : outputs) {
                Scalar logProbability = logit.minus(mass.log());
                entropy = entropy.minus(logProbability.exp().times(logProbability));
            }
            return new Scalar[] {outputs[(int) draw[0]].minus(mass.log()), entropy};
        }
        for (int i = 0; i < draw.length; i++) {
            Scalar logDeviation = spread.get(0)[1][i];
            Scalar z = outputs[i].plus(-draw[i]).times(logDeviation.times(-1).exp());
            log = log.minus(z.times(z).times(0.5)).minus(logDeviation).plus(-0.5 * Math.log(2 * Math.PI));
            entropy = entropy.plus(logDeviation).plus(0.5 * Math.log(2 * Math.PI * Math.E));
        }
        return new Scalar[] {log, entropy};
    }

    private double v(double[] state) {
        return apply(value.variables(), state)[0].value;
    }

    void judge(ReplayBuffer steps, double discount, double lambda) {
        int n = steps.size();
        s = new double[n][];
        draws = new double[n][];
        old = new double[n];
        advantages = new double[n];
        returns = new double[n];
        for (int t = 0; t < n; t++) {
            s[t] = steps.transition(t).observation();
            draws[t] = steps.transition(t).action();
            old[t] = density(actor.variables(), deviations == null ? null : deviations.variables(), s[t], draws[t])[0]
                    .value;
            double factor = 1;
            for (int k = t; k < n; k++) {
                Transition step = steps.transition(k);
                double future = step.terminated() ? 0 : v(step.next());
                advantages[t] += factor * (step.reward() + discount * future - v(step.observation()));
                factor *= discount * lambda;
                if (step.terminated() || step.truncated()) {
                    break;
                }
            }
            returns[t] = advantages[t] + v(s[t]);
        }
        double mean = Arrays.stream(advantages).average().orElseThrow();
        double deviation = Math.sqrt(Arrays.stream(advantages)
                .map(a -> (a - mean) * (a - mean))
                .average()
                .orElseThrow());
        Arrays.setAll(advantages, t -> (advantages[t] - mean) / deviation);
    }

    void stepActor(int[] rows, double learningRate, double entropyBonus, RowLoss rowLoss) {
        List<Scalar[][]> network = actor.variables();
        List<Scalar[][]> spread = deviations == null ? null : deviations.variables();
        Scalar loss = new Scalar(0);
        for (int t : rows) {
            Scalar[] density = density(network, spread, s[t], draws[t]);
            Scalar row = rowLoss.of(density[0], old[t], advantages[t]).minus(density[1].times(entropyBonus));
            loss = loss.plus(row.times(1.0 / rows.length));
        }
        loss.backward();
        actor.step(network, learningRate);
        if (deviations != null && spread != null) {
            deviations.step(spread, learningRate);
        }
    }

    void stepValue(int[] rows, double learningRate) {
        List<Scalar[][]> network = value.variables();
        Scalar loss = new Scalar(0);
        for (int t : rows) {
            Scalar error = apply(network, s[t])[0].plus(-returns[t]);
            loss = loss.plus(error.times(error).times(1.0 / rows.length));
        }
        loss.backward();
        value.step(network, learningRate);
    }
}
