package io.github.mbrl4j.env;

import io.github.mbrl4j.render.Canvas;
import io.github.mbrl4j.render.View;

/**
 * The equations of motion of a pole hinged to a cart, without friction: those of Barto, Sutton and Anderson (1983) as corrected by
 * Florian (2007), with the constants of Gymnasium's CartPole. A state is [x, ẋ, θ, θ̇], θ from upright.
 */
final class CartAndPole {

    static final double GRAVITY = 9.8;
    static final double CART_MASS = 1;
    static final double POLE_MASS = 0.1;
    static final double HALF_LENGTH = 0.5;
    static final double FORCE = 10;
    static final double DT = 0.02;

    /** Where the track ends, to either side of the middle. */
    static final double MAX_POSITION = 2.4;

    static final View VIEW = new View(-2.7, -1.2, 2.7, 1.2);

    private static final double MASS = CART_MASS + POLE_MASS;
    private static final double POLE_MOMENT = POLE_MASS * HALF_LENGTH;

    private CartAndPole() {}

    /** Writes the speeds after one step, next[1] and next[3]; next may be the state itself. Positions are left to the caller. */
    static void accelerate(double[] state, double action, double[] next) {
        double angularSpeed = state[3];
        double sin = Math.sin(state[2]);
        double cos = Math.cos(state[2]);
        double push = (FORCE * action + POLE_MOMENT * angularSpeed * angularSpeed * sin) / MASS;
        double angularAcceleration =
                (GRAVITY * sin - cos * push) / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * cos * cos / MASS));
        double acceleration = push - POLE_MOMENT * angularAcceleration * cos / MASS;
        next[1] = state[1] + DT * acceleration;
        next[3] = angularSpeed + DT * angularAcceleration;
    }

    /** Draws the track of 2.4 m to either side, the cart at x and the pole with the given cosine and sine of its angle from upright. */
    static void draw(double x, double cos, double sin, Canvas canvas) {
        double length = 2 * HALF_LENGTH;
        canvas.line(-MAX_POSITION, 0, MAX_POSITION, 0, 0.03, Ink.GROUND);
        canvas.line(-MAX_POSITION, -0.1, -MAX_POSITION, 0.1, 0.03, Ink.GROUND);
        canvas.line(MAX_POSITION, -0.1, MAX_POSITION, 0.1, 0.03, Ink.GROUND);
        canvas.box(x, 0, 0.5, 0.25, 0, Ink.BODY);
        canvas.line(x, 0, x + length * sin, length * cos, 0.08, Ink.MOVING);
        canvas.disc(x, 0, 0.05, Ink.JOINT);
    }
}
