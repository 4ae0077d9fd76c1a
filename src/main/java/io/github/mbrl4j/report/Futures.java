package io.github.mbrl4j.report;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.DynamicsModel;
import io.github.mbrl4j.core.EnsembleModel;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/**
 * What a model thinks possible in each trial: P particles that are drawn step by step, those of an ensemble keeping their
 * members (TS∞). Of each number that came true it is kept how far out it was among the particles, and how wide their intervals
 * were.
 *
 * <p>A number at rank r among the P particles, from 0 to P, has the level |2·(r + ½)/(P + 1) − 1|. If it is as likely as they
 * are, all ranks are equally likely; so the level is at most p in the share p of all cases, exactly where (P + 1)·(1 − p)/2 is
 * whole.
 */
final class Futures {

    /** Of the intervals that are reported. */
    static final List<Double> LEVELS = List.of(0.5, 0.8, 0.9, 0.95);

    private static final int TILE = 16;

    private final int stateSize;

    /** [K][N·S]; NaN where a particle was not finite. */
    private final float[][] levels;

    /** Widths of the intervals, for each of the {@link #LEVELS} [K][N·S]. */
    private final float[][][] widths;

    private final LongAdder nonFinite = new LongAdder();

    private Futures(HeldOut trials) {
        stateSize = trials.stateSize();
        levels = new float[trials.steps()][trials.size() * stateSize];
        widths = new float[LEVELS.size()][trials.steps()][trials.size() * stateSize];
    }

    static Futures of(DynamicsModel model, HeldOut trials, int particles, long seed, Workers workers) {
        Futures futures = new Futures(trials);
        RandomStreams streams = RandomStreams.of(seed);
        List<? extends DynamicsModel> members =
                model instanceof EnsembleModel ensemble ? ensemble.members() : List.of(model);
        workers.forEach((trials.size() + TILE - 1) / TILE, tile -> {
            int from = tile * TILE;
            int to = Math.min(trials.size(), from + TILE);
            float[][] draws = new float[trials.steps()][(to - from) * particles * trials.stateSize()];
            for (int e = 0; e < Math.min(particles, members.size()); e++) {
                Share share = new Share(particles, members.size(), e);
                share.draw(members.get(e), trials, from, to, streams.stream("particles", tile, e), draws);
            }
            futures.judge(trials, from, to, particles, draws);
        });
        return futures;
    }

    /** The particles that have the same member: e, e + E, e + 2·E, … of P. */
    private record Share(int particles, int members, int e) {
        int size() {
            return (particles - e + members - 1) / members;
        }

        void draw(DynamicsModel member, HeldOut trials, int from, int to, RandomGenerator random, float[][] draws) {
            int width = trials.stateSize();
            int rows = (to - from) * size();
            Batch states = new Batch(rows, width);
            Batch next = new Batch(rows, width);
            Batch actions = new Batch(rows, member.actionSize());
            for (int row = 0; row < rows; row++) {
                trials.start(from + row / size(), states, row);
            }
            for (int k = 1; k <= trials.steps(); k++) {
                for (int row = 0; row < rows; row++) {
                    trials.action(from + row / size(), k, actions, row);
                }
                member.sample(states, actions, random, next);
                for (int row = 0; row < rows; row++) {
                    int particle = row / size() * particles + e + row % size() * members;
                    System.arraycopy(next.array(), row * width, draws[k - 1], particle * width, width);
                }
                Batch last = states;
                states = next;
                next = last;
            }
        }
    }

    private void judge(HeldOut trials, int from, int to, int particles, float[][] draws) {
        double[] offsets = new double[particles];
        for (int k = 1; k <= trials.steps(); k++) {
            for (int trial = from; trial < to; trial++) {
                for (int d = 0; trials.lasts(trial, k) && d < stateSize; d++) {
                    double truth = trials.truth(trial, k, d);
                    for (int p = 0; p < particles; p++) {
                        float drawn = draws[k - 1][((trial - from) * particles + p) * stateSize + d];
                        offsets[p] = trials.difference(drawn, truth, d);
                    }
                    judge(offsets, k, trial * stateSize + d);
                }
            }
        }
    }

    private void judge(double[] offsets, int step, int at) {
        if (!Arrays.stream(offsets).allMatch(Double::isFinite)) {
            levels[step - 1][at] = Float.NaN;
            nonFinite.add(
                    Arrays.stream(offsets).filter(o -> !Double.isFinite(o)).count());
            return;
        }
        Arrays.sort(offsets);
        levels[step - 1][at] = (float) level(offsets);
        for (int i = 0; i < LEVELS.size(); i++) {
            double outside = (offsets.length + 1) * (1 - LEVELS.get(i)) / 2 - 1;
            widths[i][step - 1][at] = (float) (at(offsets, offsets.length - 1 - outside) - at(offsets, outside));
        }
    }

    /** Of 0 among sorted numbers; it is in the middle of those that equal it. */
    static double level(double[] sorted) {
        double rank = 0;
        for (double offset : sorted) {
            rank += offset < 0 ? 1 : offset == 0 ? 0.5 : 0;
        }
        return Math.abs(2 * (rank + 0.5) / (sorted.length + 1) - 1);
    }

    /** A number between two of the sorted ones. */
    private static double at(double[] sorted, double position) {
        double place = Math.max(0, Math.min(sorted.length - 1, position));
        int below = (int) place;
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** How far out the truth was, from 0 in the middle to 1 beyond all particles; NaN where a particle was not finite. */
    double level(int trial, int step, int d) {
        return levels[step - 1][trial * stateSize + d];
    }

    /** The width of the central interval of one of the {@link #LEVELS}. */
    double width(int level, int trial, int step, int d) {
        return widths[level][step - 1][trial * stateSize + d];
    }

    /** How many numbers of particles were not finite. */
    long nonFinite() {
        return nonFinite.sum();
    }
}
