package io.github.mbrl4j.render;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes frames into a GIF that loops for ever, by the writer of the JDK. */
final class AnimatedGif implements AutoCloseable {

    private static final String FORMAT = "javax_imageio_gif_image_1.0";

    private final ImageWriter writer;
    private final ImageOutputStream out;
    private final int hundredths;
    private boolean begun;

    /** Begins a film whose frames stay for so many hundredths of a second each. */
    AnimatedGif(OutputStream file, int hundredths) throws IOException {
        this.hundredths = hundredths;
        out = new MemoryCacheImageOutputStream(file);
        writer = ImageIO.getImageWritersByFormatName("gif").next();
        writer.setOutput(out);
        writer.prepareWriteSequence(null);
    }

    void write(BufferedImage picture) throws IOException {
        BufferedImage frame = Palette.indexed(picture);
        // Not ImageTypeSpecifier.createFromRenderedImage, which forgets the colours of an indexed image.
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(frame), null);
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(FORMAT);
        root.appendChild(control());
        if (!begun) {
            root.appendChild(loop());
            begun = true;
        }
        metadata.setFromTree(FORMAT, root);
        writer.writeToSequence(new IIOImage(frame, null, metadata), null);
    }

    private IIOMetadataNode control() {
        IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
        control.setAttribute("disposalMethod", "none");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "FALSE");
        control.setAttribute("transparentColorIndex", "0");
        control.setAttribute("delayTime", String.valueOf(hundredths));
        return control;
    }

    /** Netscape's extension, which every viewer knows: sub-block 1, then 0 repetitions, which means without end. */
    private static IIOMetadataNode loop() {
        IIOMetadataNode extension = new IIOMetadataNode("ApplicationExtension");
        extension.setAttribute("applicationID", "NETSCAPE");
        extension.setAttribute("authenticationCode", "2.0");
        extension.setUserObject(new byte[] {1, 0, 0});
        IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
        extensions.appendChild(extension);
        return extensions;
    }

    @Override
    public void close() throws IOException {
        try (out) {
            writer.endWriteSequence();
        } finally {
            writer.dispose();
        }
    }
}
