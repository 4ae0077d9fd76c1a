package io.github.mbrl4j.agent;

import io.github.mbrl4j.nn.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An update of soft actor-critic written down once more, in double, row by row, for small networks: the papers' formulas. */
final class SacReference {

    /** A network with ReLU layers; each layer's weights are [in][out], its bias the last row. */
    static final class Net {
        private final List<double[][]> layers = new ArrayList<>();
        private final List<double[][]> mean = new ArrayList<>();
        private final List<double[][]> square = new ArrayList<>();
        private int steps;

        Net(List<Tensor> parameters) {
            for (int l = 0; l < parameters.size(); l += 2) {
                Tensor w = parameters.get(l);
                Tensor b = parameters.get(l + 1);
                double[][] layer = new double[w.rows() + 1][w.columns()];
                for (int i = 0; i <= w.rows(); i++) {
                    for (int j = 0; j < w.columns(); j++) {
                        layer[i][j] = i < w.rows() ? w.values()[i * w.columns() + j] : b.values()[j];
                    }
                }
                layers.add(layer);
                mean.add(new double[w.rows() + 1][w.columns()]);
                square.add(new double[w.rows() + 1][w.columns()]);
            }
        }

        /** The parameters as variables of a computation. */
        List<Scalar[][]> variables() {
            return layers.stream()
                    .map(layer -> Arrays.stream(layer)
                            .map(row -> Arrays.stream(row).mapToObj(Scalar::new).toArray(Scalar[]::new))
                            .toArray(Scalar[][]::new))
                    .toList();
        }

        static Scalar[] apply(List<Scalar[][]> variables, Scalar[] x) {
            Scalar[] in = x;
            for (int l = 0; l < variables.size(); l++) {
                Scalar[][] w = variables.get(l);
                Scalar[] out = new Scalar[w[0].length];
                for (int j = 0; j < out.length; j++) {
                    Scalar sum = w[in.length][j];
                    for (int i = 0; i < in.length; i++) {
                        sum = sum.plus(in[i].times(w[i][j]));
                    }
                    out[j] = l < variables.size() - 1 ? sum.relu() : sum;
                }
                in = out;
            }
            return in;
        }

        /** Adam, algorithm 1 of its paper. */
        void step(List<Scalar[][]> variables, double learningRate) {
            steps++;
            for (int l = 0; l < layers.size(); l++) {
                for (int i = 0; i < layers.get(l).length; i++) {
                    for (int j = 0; j < layers.get(l)[i].length; j++) {
                        double g = variables.get(l)[i][j].gradient;
                        double m = mean.get(l)[i][j] = 0.9 * mean.get(l)[i][j] + 0.1 * g;
                        double v = square.get(l)[i][j] = 0.999 * square.get(l)[i][j] + 0.001 * g * g;
                        layers.get(l)[i][j] -= learningRate
                                * (m / (1 - Math.pow(0.9, steps)))
                                / (Math.sqrt(v / (1 - Math.pow(0.999, steps))) + 1e-8);
                    }
                }
            }
        }

        void track(Net other, double share) {
            for (int l = 0; l < layers.size(); l++) {
                for (int i = 0; i < layers.get(l).length; i++) {
                    for (int j = 0; j < layers.get(l)[i].length; j++) {
                        layers.get(l)[i][j] = (1 - share) * layers.get(l)[i][j]
                                + share * other.layers.get(l)[i][j];
                    }
                }
            }
        }

        /** The parameters in the order of {@code Mlp.parameters()}. */
        double[] values() {
            return layers.stream()
                    .flatMap(Arrays::stream)
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
        }
    }

    /** A batch in the networks' units, with the noise of its update. */
    record Batch(
            double[][] s,
            double[][] a,
            double[] r,
            double[][] next,
            boolean[] ended,
            double[][] nextNoise,
            double[][] noise) {}

    final Net actor;
    final List<Net> critics = new ArrayList<>();
    final List<Net> targets = new ArrayList<>();
    private final SacLearnerConfig config;
    private double logAlpha;
    private double alphaMean;
    private double alphaSquare;
    private int alphaSteps;
    double criticLoss;
    double actorLoss;
    double entropy;

    SacReference(SacLearnerConfig config, SacLearner learner) {
        this.config = config;
        actor = new Net(learner.actor().parameters());
        for (CriticTrainer critic : learner.trainers()) {
            critics.add(new Net(critic.network().parameters()));
            targets.add(new Net(critic.target().parameters()));
        }
        logAlpha = Math.log(config.temperature());
    }

    double alpha() {
        return config.temperatureLearned() ? Math.exp(logAlpha) : config.temperature();
    }

    private static Scalar[] constants(double... values) {
        return Arrays.stream(values).mapToObj(Scalar::new).toArray(Scalar[]::new);
    }

    private static Scalar[] join(Scalar[] a, Scalar... b) {
        Scalar[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    /** Actions and, last, log π. */
    private static Scalar[] draw(List<Scalar[][]> policy, double[] s, double[] noise) {
        Scalar[] parameters = Net.apply(policy, constants(s));
        Scalar[] result = new Scalar[noise.length + 1];
        Scalar logDensity = new Scalar(0);
        for (int c = 0; c < noise.length; c++) {
            Scalar logDeviation = parameters[noise.length + c].clip(-20, 2);
            Scalar action =
                    parameters[c].plus(logDeviation.exp().times(noise[c])).tanh();
            Scalar squashing = action.times(action).times(-1).plus(1).log();
            logDensity = logDensity
                    .minus(logDeviation)
                    .minus(squashing)
                    .plus(-0.5 * noise[c] * noise[c] - 0.5 * Math.log(2 * Math.PI));
            result[c] = action;
        }
        result[noise.length] = logDensity;
        return result;
    }

    /** One update with the given critics in the target. */
    void update(Batch batch, int[] chosen, boolean actorToo) {
        int rows = batch.r.length;
        int actions = batch.a[0].length;
        double alpha = alpha();
        double[] y = new double[rows];
        for (int row = 0; row < rows; row++) {
            Scalar[] draw = draw(actor.variables(), batch.next[row], batch.nextNoise[row]);
            Scalar[] pair = join(constants(batch.next[row]), Arrays.copyOf(draw, actions));
            double least = Double.POSITIVE_INFINITY;
            for (int i : chosen) {
                least = Math.min(least, Net.apply(targets.get(i).variables(), pair)[0].value);
            }
            double future = batch.ended[row] ? 0 : least - alpha * draw[actions].value;
            y[row] = batch.r[row] + config.discount() * future;
        }
        criticLoss = 0;
        for (Net critic : critics) {
            List<Scalar[][]> variables = critic.variables();
            Scalar loss = new Scalar(0);
            for (int row = 0; row < rows; row++) {
                Scalar q = Net.apply(variables, join(constants(batch.s[row]), constants(batch.a[row])))[0];
                Scalar error = q.plus(-y[row]);
                loss = loss.plus(error.times(error).times(0.5 / rows));
            }
            loss.backward();
            critic.step(variables, config.learningRate());
            criticLoss += loss.value / critics.size();
        }
        if (actorToo) {
            updateActor(batch, alpha);
        }
        for (int i = 0; i < critics.size(); i++) {
            targets.get(i).track(critics.get(i), config.tracking());
        }
    }

    private void updateActor(Batch batch, double alpha) {
        int rows = batch.r.length;
        int actions = batch.a[0].length;
        List<Scalar[][]> policy = actor.variables();
        Scalar loss = new Scalar(0);
        entropy = 0;
        for (int row = 0; row < rows; row++) {
            Scalar[] draw = draw(policy, batch.s[row], batch.noise[row]);
            Scalar[] pair = join(constants(batch.s[row]), Arrays.copyOf(draw, actions));
            Scalar value = Net.apply(critics.get(0).variables(), pair)[0];
            for (int i = 1; i < critics.size(); i++) {
                Scalar other = Net.apply(critics.get(i).variables(), pair)[0];
                boolean least = config.actorGoal() == SacLearnerConfig.ActorGoal.MINIMUM;
                value = least ? Scalar.min(value, other) : value.plus(other);
            }
            if (config.actorGoal() == SacLearnerConfig.ActorGoal.MEAN) {
                value = value.times(1.0 / critics.size());
            }
            loss = loss.plus(draw[actions].times(alpha).minus(value).times(1.0 / rows));
            entropy -= draw[actions].value / rows;
        }
        loss.backward();
        actor.step(policy, config.learningRate());
        actorLoss = loss.value;
        // d/d log α of −log α (log π + H)
        double g = entropy - config.entropyPerAction() * actions;
        alphaSteps++;
        alphaMean = 0.9 * alphaMean + 0.1 * g;
        alphaSquare = 0.999 * alphaSquare + 0.001 * g * g;
        logAlpha -= config.learningRate()
                * (alphaMean / (1 - Math.pow(0.9, alphaSteps)))
                / (Math.sqrt(alphaSquare / (1 - Math.pow(0.999, alphaSteps))) + 1e-8);
    }
}
