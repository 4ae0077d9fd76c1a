package io.github.mbrl4j.agent;

import java.util.ArrayList;
import java.util.List;

/** A number in double that knows its derivatives: reverse-mode differentiation in its simplest form, as a reference. */
final class Scalar {

    private record Edge(Scalar input, double derivative) {}

    double value;
    double gradient;
    private final List<Edge> edges = new ArrayList<>();
    private boolean visited;

    Scalar(double value) {
        this.value = value;
    }

    private static Scalar of(double value, Scalar input, double derivative) {
        Scalar made = new Scalar(value);
        made.edges.add(new Edge(input, derivative));
        return made;
    }

    Scalar plus(Scalar other) {
        Scalar made = of(value + other.value, this, 1);
        made.edges.add(new Edge(other, 1));
        return made;
    }

    Scalar times(Scalar other) {
        Scalar made = of(value * other.value, this, other.value);
        made.edges.add(new Edge(other, value));
        return made;
    }

    Scalar minus(Scalar other) {
        return plus(other.times(-1));
    }

    Scalar plus(double other) {
        return of(value + other, this, 1);
    }

    Scalar times(double other) {
        return of(value * other, this, other);
    }

    Scalar relu() {
        return of(Math.max(value, 0), this, value > 0 ? 1 : 0);
    }

    Scalar tanh() {
        double y = Math.tanh(value);
        return of(y, this, 1 - y * y);
    }

    Scalar exp() {
        return of(Math.exp(value), this, Math.exp(value));
    }

    Scalar log() {
        return of(Math.log(value), this, 1 / value);
    }

    Scalar clip(double low, double high) {
        return of(Math.max(low, Math.min(high, value)), this, value >= low && value <= high ? 1 : 0);
    }

    static Scalar min(Scalar a, Scalar b) {
        return a.value <= b.value ? of(a.value, a, 1) : of(b.value, b, 1);
    }

    /** Writes the derivatives of this number by all that it was made of. */
    void backward() {
        List<Scalar> order = new ArrayList<>();
        visit(order);
        gradient = 1;
        for (int i = order.size() - 1; i >= 0; i--) {
            for (Edge edge : order.get(i).edges) {
                edge.input.gradient += order.get(i).gradient * edge.derivative;
            }
        }
    }

    private void visit(List<Scalar> order) {
        if (!visited) {
            visited = true;
            edges.forEach(edge -> edge.input.visit(order));
            order.add(this);
        }
    }
}
