package io.github.mbrl4j.io;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.data.ReplayBuffer;
import java.util.ArrayList;
import java.util.List;

/** Where the content of a log goes: into a replay buffer, or into lists of states. */
final class LogSinks {

    private LogSinks() {}

    static void requireActions(LogColumns columns) {
        Require.that(
                !columns.actions().isEmpty(),
                "columns has no actions, expected at least one; maybe use readStates for a log of states alone");
    }

    static void requireStatesAlone(LogColumns columns) {
        Require.that(
                columns.actions().isEmpty() && columns.next().isEmpty(),
                "columns has actions or next states, expected LogColumns.ofStates");
    }

    /** Keeps transitions. */
    static final class Transitions implements LogAssembly.Sink {
        private final ReplayBuffer data;

        Transitions(LogColumns columns) {
            this.data = new ReplayBuffer(
                    columns.observations().size(), columns.actions().size(), Integer.MAX_VALUE);
        }

        @Override
        public void transition(Transition transition) {
            data.add(transition);
        }

        @Override
        public void state(double[] state, boolean first) {
            throw new IllegalStateException("a log with actions gave a state alone");
        }

        ReplayBuffer data() {
            return data;
        }
    }

    /** Keeps the states of each episode. */
    static final class States implements LogAssembly.Sink {
        private final List<List<double[]>> episodes = new ArrayList<>();

        @Override
        public void transition(Transition transition) {
            throw new IllegalStateException("a log of states alone gave a transition");
        }

        @Override
        public void state(double[] state, boolean first) {
            if (first) {
                episodes.add(new ArrayList<>());
            }
            episodes.get(episodes.size() - 1).add(state);
        }

        List<double[][]> episodes() {
            return episodes.stream()
                    .map(states -> states.toArray(double[][]::new))
                    .toList();
        }
    }
}
