package io.github.mbrl4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The header of a {@code .npy} file, versions 1 to 3: magic, version, length, and a Python dictionary of exactly three keys. The
 * dictionary is read by a parser that knows nothing else, so that nothing in a file is ever evaluated.
 *
 * @param type what the numbers are
 * @param order their byte order
 * @param fortran whether the first index moves fastest instead of the last
 * @param shape length of each dimension
 * @param length bytes of the whole header
 */
record NpyHeader(NpyArray.Type type, ByteOrder order, boolean fortran, int[] shape, int length) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** Headers of plain numbers have about 120 bytes; NumPy, too, refuses longer ones than this. */
    private static final int LONGEST = 10_000;

    private static final int MOST_DIMENSIONS = 64;
    private static final int MOST_ELEMENTS = Integer.MAX_VALUE - 8;

    /** The data begin at a multiple of this, as in NumPy's own files. */
    private static final int ALIGNMENT = 64;

    /** How many numbers there are. */
    int elements() {
        return Math.toIntExact(product(shape));
    }

    /** Bytes of the numbers. */
    long dataBytes() {
        return (long) elements() * type.bytes();
    }

    static NpyHeader read(InputStream in) throws IOException {
        byte[] start = new byte[8];
        Reading.fully(in, start, 8);
        FormatException.unless(
                Arrays.equals(start, 0, 6, MAGIC, 0, 6), "it does not begin as a .npy file does, with \\x93NUMPY");
        int version = start[6];
        FormatException.unless(
                version >= 1 && version <= 3 && start[7] == 0,
                "its .npy version is %d.%d, expected 1.0, 2.0 or 3.0",
                version,
                start[7]);
        byte[] count = new byte[version == 1 ? 2 : 4];
        Reading.fully(in, count, count.length);
        long length = 0;
        for (int i = count.length - 1; i >= 0; i--) {
            length = (length << 8) | (count[i] & 0xFF);
        }
        FormatException.unless(length <= LONGEST, "its .npy header has %d bytes, expected at most %d", length, LONGEST);
        byte[] text = new byte[(int) length];
        Reading.fully(in, text, text.length);
        return new Parser(new String(text, StandardCharsets.ISO_8859_1)).header(8 + count.length + text.length);
    }

    /** The header of an array as this library writes it: version 1, little-endian, row-major. */
    static byte[] of(NpyArray array) {
        String order = array.type() == NpyArray.Type.BOOL ? "|" : "<";
        String text = "{'descr': '" + order + array.type().code() + "', 'fortran_order': False, 'shape': "
                + NpyArray.shapeText(array.shape()) + ", }";
        int used = MAGIC.length + 4 + text.length() + 1;
        int padding = (ALIGNMENT - used % ALIGNMENT) % ALIGNMENT;
        byte[] header = new byte[used + padding];
        System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
        int length = header.length - MAGIC.length - 4;
        header[6] = 1;
        header[8] = (byte) length;
        header[9] = (byte) (length >> 8);
        byte[] padded = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(padded, 0, header, 10, padded.length);
        return header;
    }

    private static long product(int[] shape) {
        long product = 1;
        for (int dimension : shape) {
            product = Math.multiplyExact(product, (long) dimension);
        }
        return product;
    }

    /** Reads <code>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }</code> and nothing else. */
    private static final class Parser {
        private final String text;
        private int at;
        private NpyArray.@Nullable Type type;
        private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        private boolean fortran;
        private int @Nullable [] shape;

        Parser(String text) {
            this.text = text;
        }

        NpyHeader header(int length) throws FormatException {
            Set<String> keys = new HashSet<>();
            expect('{');
            while (!taken('}')) {
                String key = quoted();
                FormatException.unless(keys.add(key), "its .npy header has '%s' twice", key);
                expect(':');
                switch (key) {
                    case "descr" -> descr();
                    case "fortran_order" -> fortran = truth();
                    case "shape" -> shape = tuple();
                    default ->
                        throw new FormatException(
                                "its .npy header has the key '%s', expected descr, fortran_order and shape", key);
                }
                if (!taken(',')) {
                    expect('}');
                    break;
                }
            }
            skipSpace();
            FormatException.unless(at == text.length(), "its .npy header goes on after its end, at byte %d", at);
            if (type == null || shape == null || !keys.contains("fortran_order")) {
                throw new FormatException(
                        "its .npy header has the keys %s, expected descr, fortran_order and shape", keys);
            }
            return new NpyHeader(type, order, fortran, shape, length);
        }

        private void descr() throws FormatException {
            skipSpace();
            FormatException.unless(
                    at < text.length() && text.charAt(at) != '[',
                    "it holds records of several fields, expected an array of plain numbers; save each field by itself");
            String descr = quoted();
            FormatException.unless(
                    !descr.endsWith("O"),
                    "it holds Python objects, which are never read: they could run code; save arrays of numbers");
            for (NpyArray.Type known : NpyArray.Type.values()) {
                if (descr.length() == 3 && descr.endsWith(known.code()) && orderIsKnown(descr.charAt(0), known)) {
                    type = known;
                    order = descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
                    return;
                }
            }
            throw new FormatException(
                    "its numbers are '%s', expected float32, float64, int32, int64 or bool ('<f4', '<f8', '<i4', '<i8',"
                            + " '|b1' or '>' for '<'); convert them in Python with array.astype(numpy.float32)",
                    descr);
        }

        private static boolean orderIsKnown(char order, NpyArray.Type type) {
            return order == '<' || order == '>' || (order == '|' && type.bytes() == 1);
        }

        private boolean truth() throws FormatException {
            skipSpace();
            for (String word : List.of("True", "False")) {
                if (text.startsWith(word, at)) {
                    at += word.length();
                    return word.equals("True");
                }
            }
            throw unexpected("True or False");
        }

        private int[] tuple() throws FormatException {
            List<Integer> dimensions = new ArrayList<>();
            expect('(');
            while (!taken(')')) {
                dimensions.add(dimension());
                FormatException.unless(
                        dimensions.size() <= MOST_DIMENSIONS, "it has more than %d dimensions", MOST_DIMENSIONS);
                if (!taken(',')) {
                    FormatException.unless(dimensions.size() > 1, "its shape is a number, expected a tuple: (3,)");
                    expect(')');
                    break;
                }
            }
            int[] result = dimensions.stream().mapToInt(Integer::intValue).toArray();
            requireAddressable(result);
            return result;
        }

        private void requireAddressable(int[] dimensions) throws FormatException {
            try {
                if (product(dimensions) <= MOST_ELEMENTS) {
                    return;
                }
            } catch (ArithmeticException e) {
                // Beyond long: said below.
            }
            throw new FormatException(
                    "its shape is %s, expected at most %d elements", NpyArray.shapeText(dimensions), MOST_ELEMENTS);
        }

        private int dimension() throws FormatException {
            skipSpace();
            int from = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            if (at == from) {
                throw unexpected("a whole number");
            }
            try {
                return Integer.parseInt(text.substring(from, at));
            } catch (NumberFormatException e) {
                throw new FormatException(
                        "its shape has the dimension %s, expected at most %d",
                        text.substring(from, Math.min(at, from + 30)), Integer.MAX_VALUE);
            }
        }

        private String quoted() throws FormatException {
            skipSpace();
            char quote = at < text.length() ? text.charAt(at) : ' ';
            int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
            if (end < 0 || end - at > 40) {
                throw unexpected("a short quoted text");
            }
            String content = text.substring(at + 1, end);
            at = end + 1;
            return content;
        }

        private void expect(char c) throws FormatException {
            if (!taken(c)) {
                throw unexpected("'" + c + "'");
            }
        }

        private boolean taken(char c) {
            skipSpace();
            boolean there = at < text.length() && text.charAt(at) == c;
            at += there ? 1 : 0;
            return there;
        }

        private void skipSpace() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
                at++;
            }
        }

        private FormatException unexpected(String expected) {
            String found = at < text.length()
                    ? "'" + text.substring(at, Math.min(text.length(), at + 20)).replaceAll("[^ -~]", "?") + "'"
                    : "the end";
            return new FormatException("its .npy header has %s at byte %d, expected %s", found, at, expected);
        }
    }
}
