package io.github.mbrl4j.data;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Transition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The data set D: the newest transitions, up to a capacity; when it is full, each new one takes the place of the oldest.
 * Numbers are kept as float32. Transition 0 is the oldest, transition {@code size() − 1} the newest.
 *
 * <p>A transition takes 4·(2·O + A + 2) bytes. Memory is taken as transitions arrive, not at construction, and kept until
 * {@link #clear}; a large capacity costs nothing by itself.
 *
 * <p>Many threads may read at once; nobody may read while one thread writes.
 */
public final class ReplayBuffer {

    // A transition is one row [observation | action | reward | next | flags] of a chunk, so that drawing it touches one
    // place in memory; chunks keep growth free of copies and let a buffer exceed the length of a Java array.
    private static final int MAX_CHUNK_ROWS = 1024;
    private static final int MAX_CHUNK_FLOATS = 1 << 20;

    private static final int TERMINATED = 1;
    private static final int TRUNCATED = 2;
    private static final int FIRST = 4;

    private final int observationSize;
    private final int actionSize;
    private final int capacity;
    private final int rewardAt;
    private final int nextAt;
    private final int flagsAt;
    private final int width;
    private final int chunkShift;
    private final int chunkMask;
    private final List<float[]> rows = new ArrayList<>();
    private int size;
    private int oldest;

    /**
     * Makes an empty buffer.
     *
     * @param observationSize length O of an observation, at least 1
     * @param actionSize length A of an action, at least 1
     * @param capacity transitions it keeps at most, at least 1
     * @throws IllegalArgumentException if a size is below 1
     */
    public ReplayBuffer(int observationSize, int actionSize, int capacity) {
        this.observationSize = Require.positive("observationSize", observationSize);
        this.actionSize = Require.positive("actionSize", actionSize);
        this.capacity = Require.positive("capacity", capacity);
        Require.that(
                2L * observationSize + actionSize + 2 <= Integer.MAX_VALUE - 8,
                "observationSize is %d and actionSize %d, expected a transition that fits into an array",
                observationSize,
                actionSize);
        this.rewardAt = observationSize + actionSize;
        this.nextAt = rewardAt + 1;
        this.flagsAt = nextAt + observationSize;
        this.width = flagsAt + 1;
        int chunkRows = Integer.highestOneBit(Math.max(1, Math.min(MAX_CHUNK_ROWS, MAX_CHUNK_FLOATS / width)));
        this.chunkShift = Integer.numberOfTrailingZeros(chunkRows);
        this.chunkMask = chunkRows - 1;
    }

    /**
     * Makes an empty buffer for the transitions of an environment.
     *
     * @param spec the environment's specification
     * @param capacity transitions it keeps at most, at least 1
     * @return the buffer
     * @throws IllegalArgumentException if the capacity is below 1
     */
    public static ReplayBuffer of(EnvSpec spec, int capacity) {
        return new ReplayBuffer(spec.observationSize(), spec.actionSize(), capacity);
    }

    /**
     * The length O of an observation.
     *
     * @return at least 1
     */
    public int observationSize() {
        return observationSize;
    }

    /**
     * The length A of an action.
     *
     * @return at least 1
     */
    public int actionSize() {
        return actionSize;
    }

    /**
     * How many transitions are stored.
     *
     * @return from 0 to the capacity
     */
    public int size() {
        return size;
    }

    /**
     * How many transitions are kept at most.
     *
     * @return at least 1
     */
    public int capacity() {
        return capacity;
    }

    /** Forgets all transitions and gives their memory back. */
    public void clear() {
        rows.clear();
        size = 0;
        oldest = 0;
    }

    /**
     * Appends a transition.
     *
     * @param transition copied
     * @throws IllegalArgumentException if a part has another length than the buffer's, or a number is not finite as a float;
     *     the buffer is unchanged then
     */
    public void add(Transition transition) {
        Require.finiteFloats("observation", transition.observation(), observationSize);
        Require.finiteFloats("action", transition.action(), actionSize);
        Require.finiteFloats("next", transition.next(), observationSize);
        Require.that(
                Float.isFinite((float) transition.reward()),
                "reward is %s, expected a finite number within the range of float",
                transition.reward());
        int slot = nextSlot();
        float[] row = rows.get(slot >> chunkShift);
        int start = (slot & chunkMask) * width;
        write(transition.observation(), row, start);
        write(transition.action(), row, start + observationSize);
        row[start + rewardAt] = (float) transition.reward();
        write(transition.next(), row, start + nextAt);
        row[start + flagsAt] = flags(transition.terminated(), transition.truncated(), transition.first());
    }

    /**
     * Appends transitions one after another, those of an episode for example.
     *
     * @param transitions copied
     * @throws IllegalArgumentException as {@link #add} throws; the transitions before the offending one stay
     */
    public void addAll(Iterable<Transition> transitions) {
        transitions.forEach(this::add);
    }

    /**
     * Appends transitions that are given as columns, those that a file held for example.
     *
     * @param transitions of the same sizes, copied
     * @param truncated whether the episode was cut off after each transition [N]
     * @param first whether each transition is the first of its episode [N]
     * @throws IllegalArgumentException if the sizes differ or a number is not finite; the buffer is unchanged then
     */
    public void addAll(Transitions transitions, boolean[] truncated, boolean[] first) {
        int n = transitions.size();
        transitions.observations().requireColumns("observations", observationSize);
        transitions.actions().requireColumns("actions", actionSize);
        Require.that(truncated.length == n, "truncated has length %d, expected %d", truncated.length, n);
        Require.that(first.length == n, "first has length %d, expected %d", first.length, n);
        requireFinite("observations", transitions.observations());
        requireFinite("actions", transitions.actions());
        requireFinite("next", transitions.next());
        requireFinite("rewards", Batch.wrap(transitions.rewards(), n, 1));
        for (int i = 0; i < n; i++) {
            int slot = nextSlot();
            float[] row = rows.get(slot >> chunkShift);
            int start = (slot & chunkMask) * width;
            int o = i * observationSize;
            System.arraycopy(transitions.observations().array(), o, row, start, observationSize);
            System.arraycopy(transitions.actions().array(), i * actionSize, row, start + observationSize, actionSize);
            row[start + rewardAt] = transitions.rewards()[i];
            System.arraycopy(transitions.next().array(), o, row, start + nextAt, observationSize);
            row[start + flagsAt] = flags(transitions.terminated()[i], truncated[i], first[i]);
        }
    }

    /**
     * Appends all transitions of another buffer, oldest first. If the other buffer has lost the beginning of its oldest
     * episode, what is left of that episode is marked as an episode of its own, so that it does not join what is stored here.
     *
     * @param other another buffer of the same sizes, not modified
     * @throws IllegalArgumentException if the sizes differ or the other buffer is this one
     */
    public void addAll(ReplayBuffer other) {
        Require.that(other != this, "other is this buffer itself, expected another one");
        Require.that(
                other.observationSize == observationSize && other.actionSize == actionSize,
                "other has O=%d, A=%d, expected O=%d, A=%d",
                other.observationSize,
                other.actionSize,
                observationSize,
                actionSize);
        for (int i = 0; i < other.size; i++) {
            int from = other.slot(i);
            int to = nextSlot();
            float[] row = rows.get(to >> chunkShift);
            int start = (to & chunkMask) * width;
            System.arraycopy(other.rows.get(from >> chunkShift), (from & chunkMask) * width, row, start, width);
            if (i == 0) {
                row[start + flagsAt] = other.flags(0) | FIRST;
            }
        }
    }

    /**
     * Appends single transitions that follow from nothing and lead to nothing, imagined ones for example: each is marked as
     * first and, unless it is terminated, truncated.
     *
     * @param transitions of the same sizes, copied
     * @throws IllegalArgumentException if the widths differ or a number is not finite; the buffer is unchanged then
     */
    public void addAll(Transitions transitions) {
        boolean[] truncated = new boolean[transitions.size()];
        for (int i = 0; i < truncated.length; i++) {
            truncated[i] = !transitions.terminated()[i];
        }
        boolean[] first = new boolean[transitions.size()];
        Arrays.fill(first, true);
        addAll(transitions, truncated, first);
    }

    /**
     * A copy of one transition.
     *
     * @param i from 0, the oldest, to size − 1
     * @return the transition as it was added, rounded to float
     * @throws IndexOutOfBoundsException if there is no such transition
     */
    public Transition transition(int i) {
        int slot = slot(requireIndex(i));
        float[] row = rows.get(slot >> chunkShift);
        int start = (slot & chunkMask) * width;
        int bits = (int) row[start + flagsAt];
        return new Transition(
                read(row, start, observationSize),
                read(row, start + observationSize, actionSize),
                row[start + rewardAt],
                read(row, start + nextAt, observationSize),
                (bits & TERMINATED) != 0,
                (bits & TRUNCATED) != 0,
                (bits & FIRST) != 0);
    }

    /**
     * All transitions, oldest first.
     *
     * @return a copy, N = size
     */
    public Transitions all() {
        int[] indices = new int[size];
        Arrays.setAll(indices, i -> i);
        return gather(indices);
    }

    /**
     * Whether the episode was cut off after each transition, oldest first; beside {@link #all}.
     *
     * @return a copy [N], N = size
     */
    public boolean[] truncated() {
        return flag(TRUNCATED);
    }

    /**
     * Whether each transition is the first of its episode, oldest first; beside {@link #all}.
     *
     * @return a copy [N], N = size
     */
    public boolean[] first() {
        return flag(FIRST);
    }

    private boolean[] flag(int bit) {
        boolean[] set = new boolean[size];
        for (int i = 0; i < size; i++) {
            set[i] = (flags(i) & bit) != 0;
        }
        return set;
    }

    /**
     * The transitions of given numbers, in the order of the numbers.
     *
     * @param indices N numbers from 0 to size − 1, in any order and as often as wanted; not modified
     * @return a copy
     * @throws IndexOutOfBoundsException if there is no such transition
     * @throws IllegalArgumentException if so many do not fit into one array
     */
    public Transitions gather(int[] indices) {
        int n = indices.length;
        Require.that(
                (long) n * Math.max(observationSize, actionSize) < Integer.MAX_VALUE - 8,
                "%d transitions with O=%d, A=%d do not fit into one array; gather fewer at a time",
                n,
                observationSize,
                actionSize);
        Transitions result = new Transitions(
                new Batch(n, observationSize),
                new Batch(n, actionSize),
                new float[n],
                new Batch(n, observationSize),
                new boolean[n]);
        float[] observations = result.observations().array();
        float[] actions = result.actions().array();
        float[] next = result.next().array();
        for (int i = 0; i < n; i++) {
            int slot = slot(requireIndex(indices[i]));
            float[] row = rows.get(slot >> chunkShift);
            int start = (slot & chunkMask) * width;
            System.arraycopy(row, start, observations, i * observationSize, observationSize);
            System.arraycopy(row, start + observationSize, actions, i * actionSize, actionSize);
            result.rewards()[i] = row[start + rewardAt];
            System.arraycopy(row, start + nextAt, next, i * observationSize, observationSize);
            result.terminated()[i] = ((int) row[start + flagsAt] & TERMINATED) != 0;
        }
        return result;
    }

    /**
     * Draws transitions uniformly, with replacement.
     *
     * @param n how many, at least 1
     * @param random source of randomness
     * @return a copy
     * @throws IllegalStateException if the buffer is empty
     * @throws IllegalArgumentException if n is below 1
     */
    public Transitions sample(int n, RandomGenerator random) {
        return gather(draw(n, random));
    }

    private int[] draw(int n, RandomGenerator random) {
        int[] indices = new int[Require.positive("n", n)];
        if (size == 0) {
            throw new IllegalStateException("the replay buffer is empty; add transitions before sampling");
        }
        for (int i = 0; i < n; i++) {
            indices[i] = random.nextInt(size);
        }
        return indices;
    }

    /**
     * Draws transitions uniformly, with replacement, each with those that followed it in its episode: rewards over several steps, and
     * what was seen after them. A sequence is shorter where its episode ended, was cut off, or goes on in what is not stored yet.
     *
     * @param n how many, at least 1
     * @param steps transitions of a sequence at most, at least 1; 1 gives what {@link #sample} gives
     * @param discount γ of the rewards, in [0, 1]
     * @param random source of randomness
     * @return a copy
     * @throws IllegalStateException if the buffer is empty
     * @throws IllegalArgumentException if n or steps is below 1, or the discount out of range
     */
    public MultiStepTransitions sampleSequences(int n, int steps, double discount, RandomGenerator random) {
        Require.positive("steps", steps);
        Require.inRange("discount", discount, 0, 1);
        int[] indices = draw(n, random);
        Transitions sequences = gather(indices);
        float[] discounts = new float[n];
        for (int row = 0; row < n; row++) {
            int last = indices[row];
            double factor = discount;
            double sum = sequences.rewards()[row];
            for (int step = 1; step < steps && goesOn(last); step++) {
                sum += factor * number(++last, rewardAt);
                factor *= discount;
            }
            sequences.rewards()[row] = (float) sum;
            discounts[row] = (float) factor;
            end(sequences, row, last);
        }
        return new MultiStepTransitions(sequences, discounts);
    }

    /** Has a row end as another transition does. */
    private void end(Transitions sequences, int row, int last) {
        int slot = slot(last);
        float[] next = sequences.next().array();
        System.arraycopy(
                rows.get(slot >> chunkShift),
                (slot & chunkMask) * width + nextAt,
                next,
                row * observationSize,
                observationSize);
        sequences.terminated()[row] = (flags(last) & TERMINATED) != 0;
    }

    /** Whether the transition that follows in the buffer follows in the episode, too. */
    private boolean goesOn(int i) {
        return (flags(i) & (TERMINATED | TRUNCATED)) == 0 && i + 1 < size && (flags(i + 1) & FIRST) == 0;
    }

    /**
     * Where sequences within one episode start, for the evaluation of a model over several steps: the numbers i for which the
     * transitions i … i + length − 1 follow one another.
     *
     * @param length transitions in a sequence, at least 1
     * @return the numbers in ascending order, possibly none
     * @throws IllegalArgumentException if the length is below 1
     */
    public int[] sequenceStarts(int length) {
        Require.positive("length", length);
        int[] starts = new int[size];
        int count = 0;
        int run = 0;
        boolean ended = true;
        for (int i = 0; i < size; i++) {
            int bits = flags(i);
            run = ended || (bits & FIRST) != 0 ? 1 : run + 1;
            ended = (bits & (TERMINATED | TRUNCATED)) != 0;
            if (run >= length) {
                starts[count++] = i - length + 1;
            }
        }
        return Arrays.copyOf(starts, count);
    }

    /**
     * Where episodes begin: the numbers of the transitions that do not follow the one before.
     *
     * @return the numbers in ascending order; the first is 0, unless the buffer is empty
     */
    public int[] episodeStarts() {
        int[] starts = new int[size];
        int count = 0;
        boolean ended = true;
        for (int i = 0; i < size; i++) {
            int bits = flags(i);
            if (ended || (bits & FIRST) != 0) {
                starts[count++] = i;
            }
            ended = (bits & (TERMINATED | TRUNCATED)) != 0;
        }
        return Arrays.copyOf(starts, count);
    }

    @Override
    public String toString() {
        return "ReplayBuffer[" + size + " of " + capacity + ", O=" + observationSize + ", A=" + actionSize + "]";
    }

    private int requireIndex(int i) {
        if (i < 0 || i >= size) {
            throw new IndexOutOfBoundsException(
                    String.format("transition %d of a replay buffer that holds %d", i, size));
        }
        return i;
    }

    private int slot(int i) {
        int untilEnd = capacity - oldest;
        return i < untilEnd ? oldest + i : i - untilEnd;
    }

    /** Takes the place of the transition to come, with memory behind it. */
    private int nextSlot() {
        if (size == capacity) {
            int slot = oldest;
            oldest = oldest + 1 == capacity ? 0 : oldest + 1;
            return slot;
        }
        if (size >> chunkShift == rows.size()) {
            rows.add(new float[Math.min(chunkMask + 1, capacity - size) * width]);
        }
        return size++;
    }

    private int flags(int i) {
        return (int) number(i, flagsAt);
    }

    private float number(int i, int column) {
        int slot = slot(i);
        return rows.get(slot >> chunkShift)[(slot & chunkMask) * width + column];
    }

    private static int flags(boolean terminated, boolean truncated, boolean first) {
        return (terminated ? TERMINATED : 0) | (truncated ? TRUNCATED : 0) | (first ? FIRST : 0);
    }

    private static void requireFinite(String name, Batch batch) {
        float[] array = batch.array();
        for (int i = 0; i < batch.rows() * batch.columns(); i++) {
            if (!Float.isFinite(array[i])) {
                throw new IllegalArgumentException(String.format(
                        "%s is %s in row %d, column %d, expected a finite number",
                        name, array[i], i / batch.columns(), i % batch.columns()));
            }
        }
    }

    private static void write(double[] vector, float[] row, int start) {
        for (int i = 0; i < vector.length; i++) {
            row[start + i] = (float) vector[i];
        }
    }

    private static double[] read(float[] row, int start, int length) {
        double[] vector = new double[length];
        for (int i = 0; i < length; i++) {
            vector[i] = row[start + i];
        }
        return vector;
    }
}
