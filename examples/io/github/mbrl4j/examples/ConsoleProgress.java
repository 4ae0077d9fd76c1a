package io.github.mbrl4j.examples;

import io.github.mbrl4j.agent.TrainingListener;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.Transition;
import io.github.mbrl4j.model.FitReport;
import io.github.mbrl4j.report.TrainingHistory;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/**
 * Shows on standard error how training goes: a progress bar in a terminal, otherwise a line for each trial, and one every ten
 * seconds within long trials. Close it when training is over.
 */
final class ConsoleProgress implements TrainingListener, AutoCloseable {

    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final int trials;
    private final int stepsPerTrial;
    private final Instant begin = Instant.now();
    private final @Nullable ProgressBar bar;

    /** What the bar shows; it is drawn on a thread of its own. */
    private volatile String status = "collecting the first data";

    private volatile int trial = 1;
    private double loss = Double.NaN;
    private double totalReward;
    private Instant lastLine = begin;

    ConsoleProgress(Env env, int trials) {
        this.trials = trials;
        this.stepsPerTrial = env.spec().maxSteps();
        this.bar = inTerminal()
                ? new ProgressBarBuilder()
                        .setInitialMax((long) trials * stepsPerTrial)
                        .setUpdateIntervalMillis(100)
                        .setRenderer(this::render)
                        .build()
                : null;
    }

    private static boolean inTerminal() {
        return System.console() != null && !"dumb".equals(System.getenv("TERM"));
    }

    @Override
    public void trialStarted(int number) {
        trial = number;
        totalReward = 0;
        status = "fitting the model";
    }

    @Override
    public void fitted(FitReport report) {
        loss = report.loss();
    }

    @Override
    public void stepped(int number, int step, Transition transition) {
        totalReward += transition.reward();
        show((long) (number - 1) * stepsPerTrial + step, step);
        if (bar == null && Duration.between(lastLine, Instant.now()).compareTo(SILENCE) > 0) {
            printLine();
        }
    }

    @Override
    public void trialEnded(TrainingHistory.Trial ended) {
        show((long) ended.trial() * stepsPerTrial, ended.steps());
        if (bar == null) {
            printLine();
        }
    }

    private void show(long done, int step) {
        status = String.format(
                Locale.ROOT,
                "step %3d/%d  return %7.1f  model loss %6.2f  %s left",
                step,
                stepsPerTrial,
                totalReward,
                loss,
                timeLeft(done));
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }

    private void printLine() {
        System.err.printf("trial %2d/%d  %s%n", trial, trials, status);
        lastLine = Instant.now();
    }

    private String render(ProgressState progress, int width) {
        String front = String.format("trial %2d/%d  ", trial, trials);
        String back = "  " + status;
        int length = Math.max(4, Math.min(24, width - front.length() - back.length()));
        int full = (int) Math.min(length, length * progress.getCurrent() / progress.getMax());
        boolean blocks = Charset.defaultCharset().newEncoder().canEncode("█░");
        return front + (blocks ? "█" : "#").repeat(full) + (blocks ? "░" : ".").repeat(length - full) + back;
    }

    /** Judged by the speed so far; an episode may end early, so it is rather too long. */
    private String timeLeft(long done) {
        double share = (double) done / ((long) trials * stepsPerTrial);
        long seconds = Math.round(Duration.between(begin, Instant.now()).toMillis() / 1000.0 * (1 - share) / share);
        return String.format("%d:%02d", seconds / 60, seconds % 60);
    }
}
