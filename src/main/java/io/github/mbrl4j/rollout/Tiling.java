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
    private final List<Tile> tiles = new ArrayList<>();

    /**
     * Cuts.
     *
     * @param candidates N
     * @param particles P
     * @param groups G
     * @param rows rows that a tile should have at most; more only where the particles of one candidate are more
     */
    Tiling(int candidates, int particles, int groups, int rows) {
        this.candidates = candidates;
        this.particles = particles;
        this.groups = groups;
        long total = (long) candidates * particles;
        int blocks = (int) Math.min(candidates, (total + (long) rows * groups - 1) / ((long) rows * groups));
        for (int block = 0; block < blocks; block++) {
            int begin = (int) ((long) candidates * block / blocks);
            int end = (int) ((long) candidates * (block + 1) / blocks);
            for (int group = 0; group < groups; group++) {
                int[] rollouts = rolloutsOf(group, groups, begin, end, particles);
                if (rollouts.length > 0) {
                    tiles.add(new Tile(group, rollouts));
                }
            }
        }
        halveTheLastOfAnOddFew();
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

    /** Whether it was cut for so many candidates, particles and groups. */
    boolean isFor(int otherCandidates, int otherParticles, int otherGroups) {
        return candidates == otherCandidates && particles == otherParticles && groups == otherGroups;
    }

    /** The tiles, those of the first candidates first. */
    List<Tile> tiles() {
        return tiles;
    }
}
