package io.github.mbrl4j.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mbrl4j.control.Episodes;
import io.github.mbrl4j.control.Evaluation;
import io.github.mbrl4j.core.Env;
import io.github.mbrl4j.core.RandomStreams;
import io.github.mbrl4j.core.Workers;
import io.github.mbrl4j.data.ReplayBuffer;
import io.github.mbrl4j.env.Pendulum;
import io.github.mbrl4j.model.NetworkConfig;
import io.github.mbrl4j.policy.BehaviourCloning;
import io.github.mbrl4j.policy.ClonedPolicy;
import io.github.mbrl4j.rollout.BranchReport;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * From a log of a half-trained policy, MOPO learns one that is better than the log and than a clone of it, over seeds that nothing was
 * tuned on. The reward is learned, too. Prints every return: the table of {@code docs/algorithms/mopo.md}. Run by
 * {@code mvn -Plearning test -Dtest=OfflineLearningTest}.
 */
@Tag("learning")
class OfflineLearningTest {

    private static final int LOGGED_EPISODES = 15;
    private static final int EPISODES = 20;
    private static final int EPOCHS = 32;
    private static final Workers ALONE = new Workers(1);

    @Test
    void isBetterThanTheLogAndItsClone() {
        for (long seed = 121; seed <= 125; seed++) {
            Env env = new Pendulum();
            ReplayBuffer log = medium(env, seed);
            double average = averageReturn(log);
            ClonedPolicy clone = BehaviourCloning.fit(
                    env.spec(), log, NetworkConfig.defaults(), RandomStreams.of(seed).stream("clone"));
            Evaluation cloned = Evaluation.of(env, clone, EPISODES, seed);
            Mopo agent = Mopo.on(env.spec(), log).seed(seed).workers(ALONE).build();
            agent.train(EPOCHS);
            Evaluation learned = Evaluation.of(env, agent, EPISODES, seed);
            BranchReport last = agent.branches();
            System.out.printf(
                    Locale.ROOT,
                    "seed %d: log of %d transitions %.1f, clone %s, MOPO %s; last epoch: %.3f outside, mean penalty %.3f%n",
                    seed,
                    log.size(),
                    average,
                    cloned,
                    learned,
                    last.outsideShare(),
                    last.meanPenalty());
            assertThat(learned.mean()).isGreaterThan(average).isGreaterThan(cloned.mean());
        }
    }

    /** Episodes of a SAC policy as it explores, stopped when its return is above −650 for the first time. */
    private static ReplayBuffer medium(Env env, long seed) {
        SacConfig small = SacConfig.defaults()
                .withInitialSteps(500)
                .withBatchSize(128)
                .withLearner(
                        SacLearnerConfig.defaults().withHidden(List.of(64, 64)).withLearningRate(1e-3));
        Sac sac = Sac.on(env).config(small).seed(seed).workers(ALONE).build();
        sac.train(600);
        while (Evaluation.of(env, sac.learner().policy(), 6, seed).mean() < -650) {
            sac.train(100);
        }
        return Episodes.collect(env, sac.learner().policy(), LOGGED_EPISODES, RandomStreams.of(seed).stream("log"));
    }

    private static double averageReturn(ReplayBuffer log) {
        double sum = 0;
        for (float reward : log.all().rewards()) {
            sum += reward;
        }
        return sum / log.episodeStarts().length;
    }
}
