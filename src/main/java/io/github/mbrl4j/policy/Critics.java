package io.github.mbrl4j.policy;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.nn.FrozenMlp;
import java.util.Arrays;
import java.util.List;

/**
 * Learned critics Q(s, a) that do not change; together they say the least of what each says. Immutable and safe for use by many
 * threads.
 */
public final class Critics {

    private final Scaling scaling;
    private final List<FrozenMlp> members;

    /**
     * Makes an ensemble of critics.
     *
     * @param scaling what the networks see
     * @param members networks from [s | a], as the scaling writes them, to one number; at least one
     * @throws IllegalArgumentException if there is none, or one has other sizes
     */
    public Critics(Scaling scaling, List<FrozenMlp> members) {
        this.scaling = scaling;
        this.members = List.copyOf(members);
        Require.that(!members.isEmpty(), "members is empty, expected at least one critic");
        int inputs = scaling.observationSize() + scaling.actionSize();
        for (FrozenMlp member : members) {
            Require.that(
                    member.inputs() == inputs && member.outputs() == 1,
                    "a critic has %d inputs and %d outputs, expected O + A = %d and 1",
                    member.inputs(),
                    member.outputs(),
                    inputs);
        }
    }

    /**
     * The least value of the critics, min Q(s, a).
     *
     * @param observations [B, O], not modified
     * @param actions in the environment's units [B, A], not modified
     * @param values [B], written
     * @throws IllegalArgumentException if a batch has other sizes
     */
    public void values(Batch observations, Batch actions, float[] values) {
        scaling.requireObservations(observations);
        scaling.requireActions(actions);
        Require.that(
                actions.rows() == observations.rows(),
                "actions has %d rows, expected %d as observations has",
                actions.rows(),
                observations.rows());
        Tile tile = Tile.of(scaling);
        for (int from = 0; from < observations.rows(); from += Tile.ROWS) {
            int rows = Math.min(Tile.ROWS, observations.rows() - from);
            scaling.observations(observations, from, rows, tile.pairs, tile.pairWidth());
            scaling.actions(actions, from, rows, tile.pairs);
            least(tile, rows);
            System.arraycopy(tile.values, 0, values, from, rows);
        }
    }

    /** Writes min Q of the tile's pairs into its values. */
    void least(Tile tile, int rows) {
        Arrays.fill(tile.values, 0, rows, Float.POSITIVE_INFINITY);
        for (FrozenMlp member : members) {
            member.forward(tile.pairs, rows, tile.memberValues);
            for (int row = 0; row < rows; row++) {
                tile.values[row] = Math.min(tile.values[row], tile.memberValues[row]);
            }
        }
    }

    List<FrozenMlp> members() {
        return members;
    }
}
