package io.github.mbrl4j.model;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.ContinuousActions;
import io.github.mbrl4j.core.DiscreteActions;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A learned density p(a | x) over actions of any space: a mixture of Gaussians for all continuous numbers together, the
 * probabilities of the choices for each discrete number. Immutable, safe for use by many threads.
 */
final class ActionDensity {

    private interface Part {
        TrainingReport report();

        /** Writes its numbers of the action for each row: the most likely ones, or drawn ones if there is a generator. */
        void write(Batch x, @Nullable RandomGenerator random, Batch actions);

        void addLogDensity(Batch x, Batch actions, double[] total);
    }

    /** The continuous numbers of an action, at some columns of it. */
    private record Numbers(int[] columns, double[] low, double[] high, MixtureDensity density) implements Part {

        @Override
        public TrainingReport report() {
            return density.report();
        }

        @Override
        public void write(Batch x, @Nullable RandomGenerator random, Batch actions) {
            double[] drawn = new double[columns.length];
            density.forEach(x, (row, mixture) -> {
                if (random != null) {
                    mixture.sample(random, drawn);
                }
                double[] numbers = random == null ? mixture.means[mixture.best()] : drawn;
                for (int i = 0; i < columns.length; i++) {
                    actions.set(row, columns[i], (float) Math.max(low[i], Math.min(high[i], numbers[i])));
                }
            });
        }

        @Override
        public void addLogDensity(Batch x, Batch actions, double[] total) {
            double[] logDensities = density.logDensity(x, select(actions, columns));
            for (int row = 0; row < total.length; row++) {
                total[row] += logDensities[row];
            }
        }
    }

    /** One discrete number of an action. */
    private record Choice(int column, CategoricalDensity density) implements Part {

        @Override
        public TrainingReport report() {
            return density.report();
        }

        @Override
        public void write(Batch x, @Nullable RandomGenerator random, Batch actions) {
            density.forEach(
                    x,
                    (row, p) -> actions.set(
                            row,
                            column,
                            random == null ? CategoricalDensity.mode(p) : CategoricalDensity.sample(p, random)));
        }

        @Override
        public void addLogDensity(Batch x, Batch actions, double[] total) {
            density.forEach(x, (row, p) -> {
                float choice = actions.get(row, column);
                boolean known = choice >= 0 && choice < p.length && choice == Math.rint(choice);
                total[row] += known ? Math.log(p[(int) choice]) : Double.NEGATIVE_INFINITY;
            });
        }
    }

    private final List<Part> parts;

    private ActionDensity(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    static ActionDensity fit(ActionSpace space, Batch x, Batch actions, MixtureConfig config, RandomGenerator random) {
        List<Part> parts = new ArrayList<>();
        List<Integer> columns = new ArrayList<>();
        List<Double> low = new ArrayList<>();
        List<Double> high = new ArrayList<>();
        int column = 0;
        for (ActionSpace part : space.parts()) {
            if (part instanceof DiscreteActions discrete) {
                parts.add(new Choice(
                        column,
                        CategoricalDensity.fit(x, actions, column, discrete.choices(), config.network(), random)));
            } else if (part instanceof ContinuousActions box) {
                for (int i = 0; i < box.size(); i++) {
                    columns.add(column + i);
                    low.add(box.low(i));
                    high.add(box.high(i));
                }
            }
            column += part.size();
        }
        if (!columns.isEmpty()) {
            int[] at = columns.stream().mapToInt(Integer::intValue).toArray();
            MixtureDensity density = MixtureDensity.fit(x, select(actions, at), config, random);
            parts.add(0, new Numbers(at, array(low), array(high), density));
        }
        return new ActionDensity(parts);
    }

    private static double[] array(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static Batch select(Batch rows, int[] columns) {
        Batch out = new Batch(rows.rows(), columns.length);
        for (int row = 0; row < rows.rows(); row++) {
            for (int i = 0; i < columns.length; i++) {
                out.set(row, i, rows.get(row, columns[i]));
            }
        }
        return out;
    }

    List<TrainingReport> reports() {
        return parts.stream().map(Part::report).toList();
    }

    /** Writes the most likely actions. */
    void mode(Batch x, Batch actions) {
        actions.resize(x.rows());
        parts.forEach(part -> part.write(x, null, actions));
    }

    void sample(Batch x, RandomGenerator random, Batch actions) {
        actions.resize(x.rows());
        parts.forEach(part -> part.write(x, random, actions));
    }

    double[] logDensity(Batch x, Batch actions) {
        double[] total = new double[x.rows()];
        parts.forEach(part -> part.addLogDensity(x, actions, total));
        return total;
    }
}
