package io.github.mbrl4j.bench;

import java.util.List;
import java.util.function.Supplier;

/** Something whose speed or memory is measured, in one or more cases. */
public interface Bench {

    /**
     * One case. Nothing is set up before its figures are asked for.
     *
     * @param name what tells it from the other cases of its bench
     * @param figures sets up, measures, and returns the figures
     */
    record Case(String name, Supplier<Figures> figures) {}

    /**
     * The name that selects the bench and stands in its lines.
     *
     * @return in lower case, the name of the Python baseline where there is one
     */
    String name();

    /**
     * The cases to measure.
     *
     * @param threads how many threads they may use, at least 1
     * @return the cases in the order to measure them; empty if this number of threads tells nothing new
     */
    List<Case> cases(int threads);
}
