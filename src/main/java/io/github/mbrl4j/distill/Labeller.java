package io.github.mbrl4j.distill;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.EnvSpec;
import io.github.mbrl4j.core.Policy;
import java.util.random.RandomGenerator;

/**
 * Acts by the student or the teacher and writes down what the teacher would do, at every step of the episode.
 *
 * <p>The teacher is asked at every step and hears what was executed in place of its own action. So a controller that plans keeps its warm start
 * along the student's episode: each plan begins from the last one, shifted by one step, as it does when it acts itself.
 */
final class Labeller implements Policy {

    private Policy teacher;
    private final Batch observations;
    private final Batch labels;
    private Policy student;
    private double teacherShare;

    Labeller(EnvSpec spec, Policy teacher) {
        this.teacher = teacher;
        student = teacher;
        observations = new Batch(0, spec.observationSize());
        labels = new Batch(0, spec.actionSpace().size());
    }

    /**
     * From now on the teacher acts in a share of the steps only, at random.
     *
     * @param newStudent acts in the others
     * @param newTeacher is asked from now on
     * @param share β, 0 to 1
     */
    void follow(Policy newStudent, Policy newTeacher, double share) {
        student = newStudent;
        teacher = newTeacher;
        teacherShare = share;
    }

    @Override
    public double[] act(double[] observation, RandomGenerator random) {
        double[] label = teacher.act(observation, random);
        write(observation, label);
        if (student == teacher || random.nextDouble() < teacherShare) {
            return label;
        }
        double[] action = student.act(observation, random);
        teacher.overruled(action);
        return action;
    }

    private void write(double[] observation, double[] label) {
        int row = observations.rows();
        observations.resize(row + 1).setRow(row, observation);
        labels.resize(row + 1).setRow(row, label);
    }

    @Override
    public void reset() {
        teacher.reset();
        if (student != teacher) {
            student.reset();
        }
    }

    /** What was seen so far [N, O]. */
    Batch observations() {
        return observations;
    }

    /** What the teacher would have done then [N, A]. */
    Batch labels() {
        return labels;
    }
}
