package io.github.mbrl4j.rollout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rollouts of N candidates with P particles each, cut into tiles: rollout n·P + p belongs to group (n + p) mod G, a tile to
 * one group. Neighbouring candidates are in the same tiles, and the tiles of the first candidates come first, so that a deadline
 * leaves whole candidates behind. Depends on the sizes alone. Immutable.
 */
final class Tiling {

    /** So few tiles that one of them too many leaves a thread without work. */
    private static final int FEW_TILES = 16;

    /** In a hurry, the first tiles are by this factor smaller than the largest. */
    private static final int SMALLEST = 16;

    /**
     * Rollouts that run together.
     *
     * @param group the group they belong to
     * @param rollouts their numbers n·P + p, ascending
     */
    record Tile(int group, int[] rollouts) {}

    private final int candidates;
    private final int particles;
    private final int groups;
    private final boolean hurried;
    private final List<Tile> tiles = new ArrayList<>();

    /**
     * Cuts.
     *
     * @param candidates N
     * @param particles P
     * @param groups G
     * @param rows rows that a tile should have at most; more only where the particles of one candidate are more
     * @param hurried whether a deadline may come before the end: the first tiles are then small, and grow, so that at any moment a
     *     good part of what was begun is done
     */
    Tiling(int candidates, int particles, int groups, int rows, boolean hurried) {
        this.candidates = candidates;
        this.particles = particles;
        this.groups = groups;
        this.hurried = hurried;
        long total = (long) candidates * particles;
        int blocks = (int) Math.min(candidates, (total + (long) rows * groups - 1) / ((long) rows * groups));
        int begin = 0;
        for (int size = Math.max(1, candidates / blocks / SMALLEST); hurried && size < candidates / blocks; size *= 2) {
            int end = Math.min(candidates, begin + size);
            addBlock(begin, end);
            begin = end;
        }
        int left = candidates - begin;
        for (int block = 0; block < blocks; block++) {
            addBlock(begin + (int) ((long) left * block / blocks), begin + (int) ((long) left * (block + 1) / blocks));
        }
        halveTheLastOfAnOddFew();
    }

    /** Adds the tiles of neighbouring candidates, one for each group. */
    private void addBlock(int begin, int end) {
        for (int group = 0; group < groups; group++) {
            int[] rollouts = rolloutsOf(group, groups, begin, end, particles);
            if (rollouts.length > 0) {
                tiles.add(new Tile(group, rollouts));
            }
        }
    }

    private static int[] rolloutsOf(int group, int groups, int begin, int end, int particles) {
        int[] rollouts = new int[(end - begin) * particles];
        int count = 0;
        for (int n = begin; n < end; n++) {
            for (int p = 0; p < particles; p++) {
                if ((n + p) % groups == group) {
                    rollouts[count++] = n * particles + p;
                }
            }
        }
        return Arrays.copyOf(rollouts, count);
    }

    /** So that two threads are done at the same time. */
    private void halveTheLastOfAnOddFew() {
        if (tiles.size() % 2 == 1 && tiles.size() < FEW_TILES) {
            Tile last = tiles.remove(tiles.size() - 1);
            int middle = last.rollouts.length / 2;
            if (middle > 0) {
                tiles.add(new Tile(last.group, Arrays.copyOf(last.rollouts, middle)));
            }
            tiles.add(new Tile(last.group, Arrays.copyOfRange(last.rollouts, middle, last.rollouts.length)));
        }
    }

    /** Whether it was cut for so many candidates, particles and groups, and such a hurry. */
    boolean isFor(int otherCandidates, int otherParticles, int otherGroups, boolean otherHurried) {
        return candidates == otherCandidates
                && particles == otherParticles
                && groups == otherGroups
                && hurried == otherHurried;
    }

    /** The tiles, those of the first candidates first. */
    List<Tile> tiles() {
        return tiles;
    }
}
