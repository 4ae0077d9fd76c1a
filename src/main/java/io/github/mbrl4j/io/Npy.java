package io.github.mbrl4j.io;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One array in a {@code .npy} file, NumPy's own format: read what {@code numpy.save} wrote, and write what {@code numpy.load}
 * reads, to the last bit.
 *
 * <p>Versions 1 to 3 are read, in either byte order and in C or Fortran order, of float32, float64, int32, int64 and bool. Files
 * from strangers are harmless: nothing is evaluated, and no memory is taken before the file's size was found to agree with its
 * header. (ND4J's reader is not used, because it parses the header in native code and trusts it.)
 *
 * <p>Safe for use by many threads.
 */
public final class Npy {

    /** A multiple of 8, the size of the largest number. */
    private static final int CHUNK = 1 << 16;

    private Npy() {}

    /**
     * Reads a file within the default limits.
     *
     * @param file the file
     * @return the array
     * @throws UnreadableFileException if the file cannot be read, saying why
     */
    public static NpyArray read(Path file) {
        return read(file, ReadLimits.defaults());
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @param limits how much it may ask for
     * @return the array
     * @throws UnreadableFileException if the file cannot be read, saying why
     */
    public static NpyArray read(Path file, ReadLimits limits) {
        return Reading.from(file, () -> {
            long length = Files.size(file);
            FormatException.unless(
                    length <= limits.maxBytes(),
                    "it has %d bytes, expected at most %d; maybe raise ReadLimits.withMaxBytes",
                    length,
                    limits.maxBytes());
            try (InputStream in = new FileInputStream(file.toFile())) {
                NpyArray array = read(in, length);
                FormatException.unless(in.read() < 0, "it goes on after its numbers");
                return array;
            }
        });
    }

    /** Reads an array that takes exactly so many bytes of a stream. */
    static NpyArray read(InputStream in, long length) throws IOException {
        NpyHeader header = NpyHeader.read(in);
        FormatException.unless(
                header.length() + header.dataBytes() == length,
                "it has %d bytes of numbers, expected %d for %s %s",
                length - header.length(),
                header.dataBytes(),
                header.type(),
                NpyArray.shapeText(header.shape()));
        NpyArray array = NpyArray.zeros(header.type(), header.shape());
        NpyArray.Filler filler = array.filler();
        ByteBuffer chunk =
                ByteBuffer.allocate((int) Math.min(CHUNK, header.dataBytes())).order(header.order());
        Walk walk = new Walk(header.fortran(), header.shape());
        int perChunk = CHUNK / header.type().bytes();
        for (int done = 0; done < header.elements(); ) {
            int count = Math.min(perChunk, header.elements() - done);
            Reading.fully(in, chunk.array(), count * header.type().bytes());
            chunk.clear();
            for (int i = 0; i < count; i++) {
                filler.fill(walk.next(), chunk);
            }
            done += count;
        }
        return array;
    }

    /**
     * Writes a file as {@code numpy.save} would, replacing the one that may be there as a whole or not at all.
     *
     * @param file where; its directory exists
     * @param array the numbers, not modified
     * @throws UncheckedIOException if the file cannot be written; the old one is still there then
     */
    public static void write(Path file, NpyArray array) {
        try {
            WholeFile.write(file, out -> write(out, array));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e, e);
        }
    }

    static void write(OutputStream out, NpyArray array) throws IOException {
        out.write(NpyHeader.of(array));
        NpyArray.Emitter emitter = array.emitter();
        int perChunk = CHUNK / array.type().bytes();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < array.size(); ) {
            int end = done + Math.min(perChunk, array.size() - done);
            chunk.clear();
            for (; done < end; done++) {
                emitter.emit(done, chunk);
            }
            out.write(chunk.array(), 0, chunk.position());
        }
    }

    /** Where the numbers of a file belong in a row-major array, one after another. */
    private static final class Walk {
        private final boolean fortran;
        private final int[] shape;
        private final int[] strides;
        private final int[] index;
        private int at;

        Walk(boolean fortran, int[] shape) {
            this.fortran = fortran && shape.length > 1;
            this.shape = shape;
            this.index = new int[shape.length];
            this.strides = new int[shape.length];
            for (int d = shape.length - 1, stride = 1; d >= 0; d--) {
                strides[d] = stride;
                stride *= shape[d];
            }
        }

        int next() {
            int here = at;
            if (!fortran) {
                at++;
                return here;
            }
            for (int d = 0; d < shape.length; d++) {
                at += strides[d];
                if (++index[d] < shape[d]) {
                    break;
                }
                at -= shape[d] * strides[d];
                index[d] = 0;
            }
            return here;
        }
    }
}
