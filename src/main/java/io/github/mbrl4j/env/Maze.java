package io.github.mbrl4j.env;

import io.github.mbrl4j.core.Require;
import io.github.mbrl4j.render.Canvas;
import java.util.List;

/** Walls on a grid of cells of 1 m, and how a square body moves among them. The origin is the lower left corner. */
final class Maze {

    /** Touching is not overlapping, also for positions that were rounded to float32. */
    private static final double TOUCH = 1e-5;

    private final List<String> rows;
    private final double[] start;
    private final double[] goal;

    /** Reads rows from the top: # a wall, a blank a free cell, S the start, G the goal. */
    Maze(List<String> rows) {
        Require.that(rows.size() >= 3, "maze has %d rows, expected at least 3", rows.size());
        this.rows = List.copyOf(rows);
        for (int row = 0; row < rows.size(); row++) {
            Require.that(
                    rows.get(row).length() == columns() && rows.get(row).matches("#[# SG]+#"),
                    "row %d of the maze is \"%s\", expected %d of the characters #, blank, S and G, with # at both ends",
                    row,
                    rows.get(row),
                    columns());
        }
        Require.that(
                (rows.get(0) + rows.get(rows.size() - 1)).matches("#+"),
                "the first or last row of the maze has a gap, expected walls all around");
        start = centreOf('S');
        goal = centreOf('G');
    }

    private double[] centreOf(char mark) {
        String all = String.join("", rows);
        int index = all.indexOf(mark);
        Require.that(index >= 0 && index == all.lastIndexOf(mark), "the maze has no or several %c, expected one", mark);
        return new double[] {index % columns() + 0.5, rows.size() - index / columns() - 0.5};
    }

    int columns() {
        return rows.get(0).length();
    }

    int height() {
        return rows.size();
    }

    double[] start() {
        return start;
    }

    double[] goal() {
        return goal;
    }

    /** Whether a cell is a wall; outside everything is. */
    private boolean wall(int column, int fromBelow) {
        int row = rows.size() - 1 - fromBelow;
        return row < 0
                || row >= rows.size()
                || column < 0
                || column >= columns()
                || rows.get(row).charAt(column) == '#';
    }

    /**
     * Where a body of a half width below 0.5 that moves from x to x2 at the height y comes to; it moves by less than a cell, so that what
     * can stop it is in the column of its leading edge, and it covers two rows at most.
     */
    double moveX(double x, double x2, double y, double half) {
        int column = cell(leadingEdge(x, x2, half));
        boolean blocked = wall(column, cell(y - half + TOUCH)) || wall(column, cell(y + half - TOUCH));
        return stopped(x, x2, half, column, blocked);
    }

    /** The same upwards or downwards at x. */
    double moveY(double x, double y, double y2, double half) {
        int row = cell(leadingEdge(y, y2, half));
        boolean blocked = wall(cell(x - half + TOUCH), row) || wall(cell(x + half - TOUCH), row);
        return stopped(y, y2, half, row, blocked);
    }

    private static double leadingEdge(double from, double to, double half) {
        return to > from ? to + half : to - half;
    }

    private static double stopped(double from, double to, double half, int cell, boolean blocked) {
        if (blocked && to > from) {
            return cell - half;
        }
        // Neither way: it stands, or is not a number.
        return blocked && to < from ? cell + 1 + half : to;
    }

    private static int cell(double coordinate) {
        return (int) Math.floor(coordinate);
    }

    void draw(Canvas canvas) {
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns(); column++) {
                if (wall(column, row)) {
                    // A little larger, because smooth edges that only touch would show.
                    canvas.box(column + 0.5, row + 0.5, 1.01, 1.01, 0, Ink.GROUND);
                }
            }
        }
    }
}
