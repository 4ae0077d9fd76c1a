package io.github.mbrl4j.render;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.util.HashMap;
import java.util.Map;

/** The colours of one picture, in the order they are met; as many as a GIF can hold. */
final class Palette {

    private static final int MOST = 256;

    private final Map<Integer, Integer> indices = new HashMap<>();
    private final int[] colours = new int[MOST];

    private Palette() {}

    /**
     * A picture with its colours in a table, exactly. One with too many colours stays as it is: then the writer has to choose some, which
     * takes several times as long.
     */
    static BufferedImage indexed(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
        Palette palette = new Palette();
        int last = ~pixels[0];
        int index = 0;
        for (int i = 0; i < pixels.length; i++) {
            if (pixels[i] != last) {
                last = pixels[i];
                index = palette.indexOf(last);
                if (index == MOST) {
                    return picture;
                }
            }
            pixels[i] = index;
        }
        BufferedImage indexed = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, palette.table());
        indexed.getRaster().setPixels(0, 0, width, height, pixels);
        return indexed;
    }

    private int indexOf(int colour) {
        return indices.computeIfAbsent(colour, unknown -> {
            int index = indices.size();
            if (index < MOST) {
                colours[index] = unknown;
            }
            return index;
        });
    }

    private IndexColorModel table() {
        return new IndexColorModel(8, MOST, colours, 0, false, -1, DataBuffer.TYPE_BYTE);
    }
}
