package io.github.mbrl4j.io;

import java.io.BufferedInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The text of a CSV file: UTF-8 without its byte order mark. Makes sure that no line is endless: with a quote that is never closed the
 * whole file would become one value.
 */
final class CsvText extends FilterReader {

    /** What a parser may have read ahead. */
    private static final int AHEAD = 1 << 14;

    private final int longestLine;
    private long sinceLine;

    CsvText(InputStream in, int longestLine) throws IOException {
        super(new InputStreamReader(withoutMark(new BufferedInputStream(in, 1 << 16)), StandardCharsets.UTF_8));
        this.longestLine = longestLine;
    }

    private static InputStream withoutMark(BufferedInputStream in) throws IOException {
        try {
            in.mark(3);
            int a = in.read();
            int b = in.read();
            int c = in.read();
            FormatException.unless(
                    !((a == 0xFE && b == 0xFF) || (a == 0xFF && b == 0xFE)),
                    "it is text in UTF-16, expected UTF-8; save it as CSV UTF-8");
            if (a != 0xEF || b != 0xBB || c != 0xBF) {
                in.reset();
            }
            return in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** Says that a line was complete. */
    void beginLine() {
        sinceLine = 0;
    }

    @Override
    public int read() throws IOException {
        return count(super.read(), 1);
    }

    @Override
    public int read(char[] buffer, int from, int length) throws IOException {
        int count = super.read(buffer, from, length);
        return count(count, count);
    }

    private int count(int result, int characters) throws FormatException {
        sinceLine += result < 0 ? 0 : characters;
        FormatException.unless(
                sinceLine <= longestLine + AHEAD,
                "it has a line of more than %d characters; maybe a quote is not closed, or it is no CSV file",
                longestLine);
        return result;
    }
}
