package io.github.mbrl4j.env;

import java.awt.Color;

/** The colours of the built-in scenes. */
final class Ink {

    static final Color GROUND = new Color(0x8A8F98);
    static final Color BODY = new Color(0x2F4B7C);
    static final Color MOVING = new Color(0xD1495B);
    static final Color JOINT = new Color(0x1B1B1B);
    static final Color GOAL = new Color(0x3C9D5D);

    private Ink() {}
}
