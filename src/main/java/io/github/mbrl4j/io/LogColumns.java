package io.github.mbrl4j.io;

import io.github.mbrl4j.core.Require;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a log hold what. Columns of other names are allowed and ignored; numbers keep their units.
 *
 * <p>A row is one step: what was observed, the action that followed, and the reward and the end that this action led to. Its next
 * state is the observation of the next row of the same episode, so that the last row of an episode is its final state and its
 * action counts for nothing; or it has columns of its own, {@code next}, and then each row is a whole transition.
 *
 * @param observations columns of the observation [O], at least one
 * @param actions columns of the action [A]; none in a log of states alone
 * @param next columns of the observation after the action [O]; none if it is found in the next row
 * @param reward column of the reward, or null if there is none
 * @param terminated column that says with 1 or true that the episode ended by the task's rules, or null
 * @param truncated column that says with 1 or true that the episode was cut off, or null
 * @param episode column whose content, a number or a name, changes from one episode to the next, or null
 * @param time column of the time of the observation, a number in any unit, or null
 */
public record LogColumns(
        List<String> observations,
        List<String> actions,
        List<String> next,
        @Nullable String reward,
        @Nullable String terminated,
        @Nullable String truncated,
        @Nullable String episode,
        @Nullable String time) {

    /**
     * Checks and copies the names.
     *
     * @throws IllegalArgumentException if there is no observation, next has another number of columns than observations, or a name
     *     is blank or used twice
     */
    public LogColumns {
        observations = List.copyOf(observations);
        actions = List.copyOf(actions);
        next = List.copyOf(next);
        Require.that(!observations.isEmpty(), "observations is empty, expected at least one column");
        Require.that(
                next.isEmpty() || next.size() == observations.size(),
                "next has %d columns, expected %d as observations has, or none",
                next.size(),
                observations.size());
        Set<String> seen = new HashSet<>();
        for (String name : names(observations, actions, next, reward, terminated, truncated, episode, time)) {
            Require.that(!name.isBlank(), "a column's name is blank, expected the name in the file's first line");
            Require.that(seen.add(name), "the column %s is named twice, expected each name once", name);
        }
    }

    /**
     * Columns of observations and actions; the next state is found in the next row.
     *
     * @param observations columns of the observation [O]
     * @param actions columns of the action [A]
     * @return the columns
     * @throws IllegalArgumentException if there is no observation or a name is blank or used twice
     */
    public static LogColumns of(List<String> observations, List<String> actions) {
        return new LogColumns(observations, actions, List.of(), null, null, null, null, null);
    }

    /**
     * Columns of a log that has neither actions nor rewards.
     *
     * @param observations columns of the observation [O]
     * @return the columns
     * @throws IllegalArgumentException if there is none or a name is blank or used twice
     */
    public static LogColumns ofStates(List<String> observations) {
        return of(observations, List.of());
    }

    /**
     * The names that a file without names of its own gets: {@code observation_0}, …, {@code action_0}, … and those of
     * {@link #complete}.
     *
     * @param observationSize length O of an observation, at least 1
     * @param actionSize length A of an action, at least 1
     * @return the columns
     */
    public static LogColumns numbered(int observationSize, int actionSize) {
        return of(numbered("observation_", observationSize), numbered("action_", actionSize))
                .complete();
    }

    private static List<String> numbered(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + i).toList();
    }

    /**
     * The same with a column for everything that a transition holds; those that have no name yet are called {@code next_} and
     * the observation's name, {@code reward}, {@code terminated}, {@code truncated} and {@code episode}.
     *
     * @return the completed copy
     * @throws IllegalArgumentException if such a name is already used for something else
     */
    public LogColumns complete() {
        return new LogColumns(
                observations,
                actions,
                next.isEmpty()
                        ? observations.stream().map(name -> "next_" + name).toList()
                        : next,
                Objects.requireNonNullElse(reward, "reward"),
                Objects.requireNonNullElse(terminated, "terminated"),
                Objects.requireNonNullElse(truncated, "truncated"),
                Objects.requireNonNullElse(episode, "episode"),
                time);
    }

    /**
     * The same with columns of the next observation.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public LogColumns withNext(List<String> value) {
        return new LogColumns(observations, actions, value, reward, terminated, truncated, episode, time);
    }

    /**
     * The same with a column of rewards.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public LogColumns withReward(String value) {
        return new LogColumns(observations, actions, next, value, terminated, truncated, episode, time);
    }

    /**
     * The same with a column of terminations.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public LogColumns withTerminated(String value) {
        return new LogColumns(observations, actions, next, reward, value, truncated, episode, time);
    }

    /**
     * The same with a column of truncations.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public LogColumns withTruncated(String value) {
        return new LogColumns(observations, actions, next, reward, terminated, value, episode, time);
    }

    /**
     * The same with a column that tells episodes apart.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public LogColumns withEpisode(String value) {
        return new LogColumns(observations, actions, next, reward, terminated, truncated, value, time);
    }

    /**
     * The same with a column of times.
     *
     * @param value see the record's component
     * @return the changed copy
     */
    public LogColumns withTime(String value) {
        return new LogColumns(observations, actions, next, reward, terminated, truncated, episode, value);
    }

    /** All names, in the order in which a file is written. */
    List<String> names() {
        return names(observations, actions, next, reward, terminated, truncated, episode, time);
    }

    private static List<String> names(
            List<String> observations,
            List<String> actions,
            List<String> next,
            @Nullable String reward,
            @Nullable String terminated,
            @Nullable String truncated,
            @Nullable String episode,
            @Nullable String time) {
        List<String> names = new ArrayList<>();
        addIfThere(episode, names);
        addIfThere(time, names);
        names.addAll(observations);
        names.addAll(actions);
        addIfThere(reward, names);
        names.addAll(next);
        addIfThere(terminated, names);
        addIfThere(truncated, names);
        return names;
    }

    private static void addIfThere(@Nullable String name, List<String> names) {
        if (name != null) {
            names.add(name);
        }
    }
}
