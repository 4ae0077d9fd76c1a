package io.github.mbrl4j;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.data.Transitions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Draws arguments by their types: right ones, and ones that are wrong in width, length, range or by not being finite. */
final class HostileArguments {

    static final double[] NUMBERS = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Double.MIN_VALUE,
        1e30,
        -1,
        -0.0,
        0.3,
        1,
        2
    };
    private static final int[] COUNTS = {Integer.MIN_VALUE, -1, 0, 1, 2, 3};
    private static final int[] ROWS = {0, 1, 3, 130};

    private final EnvSpec spec;
    private final RandomGenerator random;
    /** How long most arguments of a call are, so that some of them fit together. */
    private int rows;

    private final Map<Class<?>, Supplier<Object>> makers = Map.ofEntries(
            Map.entry(int.class, () -> COUNTS[below(COUNTS.length)]),
            Map.entry(double.class, this::number),
            Map.entry(boolean.class, () -> flip()),
            Map.entry(double[].class, this::vector),
            Map.entry(double[][].class, this::vectors),
            Map.entry(float[].class, () -> new float[rows()]),
            Map.entry(boolean[].class, () -> new boolean[rows()]),
            Map.entry(
                    int[].class,
                    () -> IntStream.range(0, below(3))
                            .map(i -> COUNTS[below(COUNTS.length)])
                            .toArray()),
            Map.entry(Batch.class, this::batch),
            Map.entry(RandomGenerator.class, this::generator),
            Map.entry(ReplayBuffer.class, this::buffer),
            Map.entry(Transitions.class, () -> buffer().all()),
            Map.entry(Transition.class, this::transition),
            Map.entry(Duration.class, () -> Duration.ofSeconds(COUNTS[below(COUNTS.length)])),
            Map.entry(Policy.class, () -> Policy.uniform(ActionSpace.continuous(1 + below(2), -1, 1))));

    /** Arguments for what was made for an environment. */
    HostileArguments(EnvSpec spec, RandomGenerator random) {
        this.spec = spec;
        this.random = random;
    }

    boolean knows(Class<?> type) {
        return makers.containsKey(type);
    }

    Object[] draw(Class<?>[] types) {
        rows = ROWS[below(ROWS.length)];
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = makers.get(types[i]).get();
        }
        return arguments;
    }

    private int rows() {
        return below(8) == 0 ? ROWS[below(ROWS.length)] : rows;
    }

    private int below(int bound) {
        return random.nextInt(bound);
    }

    private boolean flip() {
        return random.nextBoolean();
    }

    private RandomGenerator generator() {
        return new SplittableRandom(random.nextLong());
    }

    private double number() {
        return NUMBERS[below(NUMBERS.length)];
    }

    /** Mostly a width that fits somewhere. */
    private int width() {
        int[] widths = {spec.observationSize(), spec.observationSize(), spec.actionSize(), 1, 1 + below(7)};
        return widths[below(widths.length)];
    }

    private double[] vector() {
        return below(20) == 0 ? new double[0] : vector(width(), below(3) == 0);
    }

    private double[] vector(int width, boolean hostile) {
        double[] vector = random.doubles(width, -1, 1).toArray();
        if (hostile) {
            vector[below(width)] = number();
        }
        return vector;
    }

    private double[][] vectors() {
        return IntStream.range(0, below(4)).mapToObj(i -> vector()).toArray(double[][]::new);
    }

    private Batch batch() {
        Batch batch = new Batch(rows(), width());
        boolean hostile = below(3) == 0;
        for (int row = 0; row < batch.rows(); row++) {
            batch.setRow(row, vector(batch.columns(), hostile));
        }
        return batch;
    }

    private Transition transition() {
        return new Transition(
                vector(), vector(), flip() ? 1 : number(), vector(), below(4) == 0, below(4) == 0, below(4) == 0);
    }

    private ReplayBuffer buffer() {
        int observations = below(4) == 0 ? width() : spec.observationSize();
        int actions = below(4) == 0 ? width() : spec.actionSize();
        ReplayBuffer buffer = new ReplayBuffer(observations, actions, 20);
        double size = List.of(0.01, 1.0, 1e30).get(below(3));
        int rows = new int[] {0, 1, 2, 15}[below(4)];
        for (int i = 0; i < rows; i++) {
            double[] action = actions == spec.actionSize() ? spec.actionSpace().sample(random) : vector(actions, false);
            buffer.add(new Transition(
                    scaled(observations, size),
                    action,
                    size,
                    scaled(observations, size),
                    below(5) == 0,
                    false,
                    i == 0));
        }
        return buffer;
    }

    private double[] scaled(int width, double size) {
        return random.doubles(width, -size, size).toArray();
    }
}
