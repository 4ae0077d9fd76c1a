package io.github.mbrl4j.env;

/**
 * The equations of motion of a planar arm of two links (Spong, Hutchinson and Vidyasagar, Robot Modeling and Control, section 7.4),
 * both with the same mass and length, their centres of mass in the middle. A state is [θ₁, θ₂, θ̇₁, θ̇₂]: the first link's angle, from
 * hanging where there is gravity, and the second's from the first.
 *
 * @param mass of each link (kg)
 * @param length of each link (m)
 * @param inertia of each link about its centre (kg·m²)
 * @param gravity (m/s²), 0 for an arm in a horizontal plane
 * @param friction torque at each joint for each rad/s (N·m·s)
 */
record TwoLinks(double mass, double length, double inertia, double gravity, double friction) {

    /** Writes the state after one step of the classical Runge-Kutta method, the torques being held; next may be the state. */
    void step(double[] state, double shoulder, double elbow, double dt, double[] next) {
        double start1 = state[0];
        double start2 = state[1];
        double startSpeed1 = state[2];
        double startSpeed2 = state[3];
        double angle1 = start1;
        double angle2 = start2;
        double speed1 = startSpeed1;
        double speed2 = startSpeed2;
        double turned1 = 0;
        double turned2 = 0;
        double gained1 = 0;
        double gained2 = 0;
        for (int stage = 0; stage < 4; stage++) {
            accelerate(angle1, angle2, speed1, speed2, shoulder, elbow, next);
            double weight = stage == 0 || stage == 3 ? dt / 6 : dt / 3;
            turned1 += weight * speed1;
            turned2 += weight * speed2;
            gained1 += weight * next[2];
            gained2 += weight * next[3];
            double ahead = stage < 2 ? dt / 2 : dt;
            angle1 = start1 + ahead * speed1;
            angle2 = start2 + ahead * speed2;
            speed1 = startSpeed1 + ahead * next[2];
            speed2 = startSpeed2 + ahead * next[3];
        }
        next[0] = start1 + turned1;
        next[1] = start2 + turned2;
        next[2] = startSpeed1 + gained1;
        next[3] = startSpeed2 + gained2;
    }

    /** Writes the angular accelerations to out[2] and out[3], so that no other array is needed. */
    private void accelerate(
            double angle1, double angle2, double speed1, double speed2, double shoulder, double elbow, double[] out) {
        double middle = length / 2;
        double cos = Math.cos(angle2);
        double coupling = mass * length * middle * Math.sin(angle2);
        double d22 = mass * middle * middle + inertia;
        double d12 = d22 + mass * length * middle * cos;
        double d11 = 2 * d22 + mass * (length * length + 2 * length * middle * cos);
        double weight2 = mass * middle * gravity * Math.sin(angle1 + angle2);
        double weight1 = mass * (middle + length) * gravity * Math.sin(angle1) + weight2;
        double torque1 = shoulder - friction * speed1 + coupling * speed2 * (speed2 + 2 * speed1) - weight1;
        double torque2 = elbow - friction * speed2 - coupling * speed1 * speed1 - weight2;
        out[3] = (torque2 - d12 / d11 * torque1) / (d22 - d12 * d12 / d11);
        out[2] = (torque1 - d12 * out[3]) / d11;
    }
}
