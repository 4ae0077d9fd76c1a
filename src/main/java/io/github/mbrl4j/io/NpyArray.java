package io.github.mbrl4j.io;

import io.github.mbrl4j.core.Require;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Numbers with a shape, as a {@code .npy} file holds them. Row-major (C order): the last index moves fastest.
 *
 * <p>The numbers are held, not copied, so an array may be shared by threads as long as nobody writes to it.
 */
public final class NpyArray {

    /** What the numbers are. Little-endian in files that this library writes. */
    public enum Type {
        /** {@code float}, NumPy's {@code float32}. */
        FLOAT32("f4"),
        /** {@code double}, NumPy's {@code float64}. */
        FLOAT64("f8"),
        /** {@code int}, NumPy's {@code int32}. */
        INT32("i4"),
        /** {@code long}, NumPy's {@code int64}. */
        INT64("i8"),
        /** {@code boolean}, NumPy's {@code bool}: one byte, 0 or 1. */
        BOOL("b1");

        private final String code;

        Type(String code) {
            this.code = code;
        }

        /** Kind and number of bytes, as in a header: {@code f4}. */
        String code() {
            return code;
        }

        /** Bytes of a number in a file. */
        int bytes() {
            return code.charAt(1) - '0';
        }
    }

    private final Type type;
    private final int[] shape;
    private final Object values;

    private NpyArray(Type type, Object values, int valuesLength, int[] shape) {
        this.type = type;
        this.values = values;
        this.shape = shape.clone();
        long size = size(shape);
        Require.that(
                size == valuesLength,
                "values has length %d, expected %d for the shape %s",
                valuesLength,
                size,
                shapeText(shape));
    }

    private static long size(int[] shape) {
        long size = 1;
        for (int i = 0; i < shape.length; i++) {
            Require.that(shape[i] >= 0, "shape[%d] is %d, expected 0 or more", i, shape[i]);
            size = Math.multiplyExact(size, (long) shape[i]);
        }
        return size;
    }

    /**
     * An array of floats.
     *
     * @param values row-major; held
     * @param shape length of each dimension; none at all for a single number
     * @return the array
     * @throws IllegalArgumentException if the shape has another number of elements
     */
    public static NpyArray of(float[] values, int... shape) {
        return new NpyArray(Type.FLOAT32, values, values.length, shape);
    }

    /**
     * An array of doubles.
     *
     * @param values row-major; held
     * @param shape length of each dimension; none at all for a single number
     * @return the array
     * @throws IllegalArgumentException if the shape has another number of elements
     */
    public static NpyArray of(double[] values, int... shape) {
        return new NpyArray(Type.FLOAT64, values, values.length, shape);
    }

    /**
     * An array of ints.
     *
     * @param values row-major; held
     * @param shape length of each dimension; none at all for a single number
     * @return the array
     * @throws IllegalArgumentException if the shape has another number of elements
     */
    public static NpyArray of(int[] values, int... shape) {
        return new NpyArray(Type.INT32, values, values.length, shape);
    }

    /**
     * An array of longs.
     *
     * @param values row-major; held
     * @param shape length of each dimension; none at all for a single number
     * @return the array
     * @throws IllegalArgumentException if the shape has another number of elements
     */
    public static NpyArray of(long[] values, int... shape) {
        return new NpyArray(Type.INT64, values, values.length, shape);
    }

    /**
     * An array of booleans.
     *
     * @param values row-major; held
     * @param shape length of each dimension; none at all for a single value
     * @return the array
     * @throws IllegalArgumentException if the shape has another number of elements
     */
    public static NpyArray of(boolean[] values, int... shape) {
        return new NpyArray(Type.BOOL, values, values.length, shape);
    }

    /** An array of zeros whose size was checked. */
    static NpyArray zeros(Type type, int[] shape) {
        int size = Math.toIntExact(size(shape));
        return switch (type) {
            case FLOAT32 -> of(new float[size], shape);
            case FLOAT64 -> of(new double[size], shape);
            case INT32 -> of(new int[size], shape);
            case INT64 -> of(new long[size], shape);
            case BOOL -> of(new boolean[size], shape);
        };
    }

    /**
     * What the numbers are.
     *
     * @return the type
     */
    public Type type() {
        return type;
    }

    /**
     * The length of each dimension.
     *
     * @return a copy; empty for a single number
     */
    public int[] shape() {
        return shape.clone();
    }

    /**
     * How many numbers there are.
     *
     * @return the product of the shape
     */
    public int size() {
        return (int) size(shape);
    }

    /**
     * The numbers of an array of floats.
     *
     * @return the live numbers, row-major
     * @throws IllegalStateException if the array has another type
     */
    public float[] floats() {
        return (float[]) values(Type.FLOAT32);
    }

    /**
     * The numbers of an array of doubles.
     *
     * @return the live numbers, row-major
     * @throws IllegalStateException if the array has another type
     */
    public double[] doubles() {
        return (double[]) values(Type.FLOAT64);
    }

    /**
     * The numbers of an array of ints.
     *
     * @return the live numbers, row-major
     * @throws IllegalStateException if the array has another type
     */
    public int[] ints() {
        return (int[]) values(Type.INT32);
    }

    /**
     * The numbers of an array of longs.
     *
     * @return the live numbers, row-major
     * @throws IllegalStateException if the array has another type
     */
    public long[] longs() {
        return (long[]) values(Type.INT64);
    }

    /**
     * The values of an array of booleans.
     *
     * @return the live values, row-major
     * @throws IllegalStateException if the array has another type
     */
    public boolean[] booleans() {
        return (boolean[]) values(Type.BOOL);
    }

    private Object values(Type wanted) {
        if (type != wanted) {
            throw new IllegalStateException(
                    "the array is " + this + ", expected " + wanted + "; maybe number(i) is what you need");
        }
        return values;
    }

    /**
     * One number of an array of any type.
     *
     * @param i from 0 to size − 1, row-major
     * @return the number; a long beyond 2^53 is rounded, true is 1 and false 0
     * @throws IndexOutOfBoundsException if there is no such number
     */
    public double number(int i) {
        return switch (type) {
            case FLOAT32 -> ((float[]) values)[i];
            case FLOAT64 -> ((double[]) values)[i];
            case INT32 -> ((int[]) values)[i];
            case INT64 -> ((long[]) values)[i];
            case BOOL -> ((boolean[]) values)[i] ? 1 : 0;
        };
    }

    /** Takes numbers from a buffer. */
    @FunctionalInterface
    interface Filler {
        void fill(int i, ByteBuffer from) throws FormatException;
    }

    /** Puts numbers into a buffer. */
    @FunctionalInterface
    interface Emitter {
        void emit(int i, ByteBuffer to);
    }

    Filler filler() {
        return switch (type) {
            case FLOAT32 -> (i, from) -> ((float[]) values)[i] = from.getFloat();
            case FLOAT64 -> (i, from) -> ((double[]) values)[i] = from.getDouble();
            case INT32 -> (i, from) -> ((int[]) values)[i] = from.getInt();
            case INT64 -> (i, from) -> ((long[]) values)[i] = from.getLong();
            case BOOL ->
                (i, from) -> {
                    int b = from.get();
                    FormatException.unless(
                            b == 0 || b == 1, "element %d is the byte %d, expected 0 or 1 of a bool", i, b);
                    ((boolean[]) values)[i] = b == 1;
                };
        };
    }

    Emitter emitter() {
        return switch (type) {
            case FLOAT32 -> (i, to) -> to.putFloat(((float[]) values)[i]);
            case FLOAT64 -> (i, to) -> to.putDouble(((double[]) values)[i]);
            case INT32 -> (i, to) -> to.putInt(((int[]) values)[i]);
            case INT64 -> (i, to) -> to.putLong(((long[]) values)[i]);
            case BOOL -> (i, to) -> to.put((byte) (((boolean[]) values)[i] ? 1 : 0));
        };
    }

    /** A shape as Python writes it: {@code ()}, {@code (3,)}, {@code (3, 4)}. */
    static String shapeText(int[] shape) {
        String dimensions = Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        return "(" + dimensions + (shape.length == 1 ? "," : "") + ")";
    }

    /** Equal types, shapes and numbers; NaN equals NaN, and 0.0 is not −0.0. */
    @Override
    public boolean equals(Object other) {
        return other instanceof NpyArray array
                && type == array.type
                && Arrays.equals(shape, array.shape)
                && Objects.deepEquals(values, array.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.deepHashCode(new Object[] {type, values});
    }

    @Override
    public String toString() {
        return type + " " + shapeText(shape);
    }
}
