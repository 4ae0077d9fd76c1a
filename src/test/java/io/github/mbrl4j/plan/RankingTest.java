package io.github.mbrl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.mbrl4j.core.ActionSpace;
import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.Deadline;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankingTest {

    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private static Ranking rank(double... returns) {
        Ranking ranking = new Ranking(returns.length);
        score(ranking, new Tally(Deadline.NEVER), returns);
        return ranking;
    }

    private static void score(Ranking ranking, Tally tally, double... returns) {
        FakeObjective objective = FakeObjective.ofBatch(
                ActionSpace.continuous(1, -1, 1),
                (sequences, out) -> System.arraycopy(returns, 0, out, 0, returns.length));
        ranking.score(objective, new Batch(returns.length, 1), tally);
    }

    private static double[] shares(Ranking ranking, int candidates, int k) {
        double[] shares = new double[candidates];
        int places = ranking.share(k, shares);
        assertThat(Arrays.stream(shares).sum()).isCloseTo(places, within(1e-12));
        return shares;
    }

    @Test
    void theBestGetThePlaces() {
        assertThat(shares(rank(3, 1, 2, 5, 4), 5, 2)).containsExactly(0, 0, 0, 1, 1);
        assertThat(shares(rank(3, 1, 2, 5, 4), 5, 5)).containsExactly(1, 1, 1, 1, 1);
    }

    @Test
    void tiesAtTheBorderShareWhatIsLeft() {
        assertThat(shares(rank(1, 9, 1, 1, 0, 1), 6, 3)).containsExactly(0.5, 1, 0.5, 0.5, 0, 0.5);
        assertThat(shares(rank(7, 7, 7, 7), 4, 1)).containsExactly(0.25, 0.25, 0.25, 0.25);
        assertThat(shares(rank(0.0, -0.0, -1), 3, 1)).containsExactly(0.5, 0.5, 0);
    }

    @Test
    void whatIsNotFiniteGetsNone() {
        Ranking ranking = rank(NAN, -3, INFINITY, -4, -INFINITY, NAN);
        assertThat(shares(ranking, 6, 4)).containsExactly(0, 1, 0, 1, 0, 0);
        assertThat(ranking.best()).isEqualTo(1);
        assertThat(shares(rank(NAN, INFINITY), 2, 1)).containsExactly(0, 0);
    }

    @Test
    void knowsWhenTheReturnsSayNothing() {
        assertThat(rank(2, 2, 2).isInformative()).isFalse();
        assertThat(rank(NAN, NAN).isInformative()).isFalse();
        assertThat(rank(2, 2, Math.nextUp(2.0)).isInformative()).isTrue();
        assertThat(rank(2, 2, NAN).isInformative()).isTrue();
        assertThat(rank(NAN, NAN).hasFinite()).isFalse();
    }

    @Test
    void whatIsScoredIsCounted() {
        Tally tally = new Tally(Deadline.NEVER);
        Ranking ranking = new Ranking(3);
        score(ranking, tally, 1, NAN, 2);
        score(ranking, tally, NAN, NAN, 5);
        assertThat(tally.statistics().evaluations()).isEqualTo(6);
        assertThat(tally.statistics().nonFiniteCandidates()).isEqualTo(3);
        assertThat(tally.statistics().cut()).isFalse();
    }

    @Test
    void withoutTiesItAgreesWithSorting() {
        SplittableRandom random = new SplittableRandom(1);
        for (int repeat = 0; repeat < 100; repeat++) {
            int n = random.nextInt(1, 60);
            int k = random.nextInt(1, n + 1);
            double[] returns = random.doubles(n).map(Math::log).toArray();
            int[] best = IntStream.range(0, n)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> -returns[i]))
                    .limit(k)
                    .mapToInt(Integer::intValue)
                    .toArray();
            double[] expected = new double[n];
            Arrays.stream(best).forEach(i -> expected[i] = 1);
            Ranking ranking = rank(returns);
            assertThat(shares(ranking, n, k)).containsExactly(expected);
            assertThat(ranking.best()).isEqualTo(best[0]);
        }
    }

    @Test
    void theBestAreListedInTheOrderOfTheCandidatesOfTiesTheFirst() {
        Ranking ranking = rank(1, 5, NAN, 3, 3, INFINITY, 3, 0);
        int[] rows = new int[3];
        assertThat(ranking.best(rows)).isEqualTo(3);
        assertThat(rows).containsExactly(1, 3, 4);
        assertThat(ranking.best(new int[8])).isEqualTo(6);
        assertThat(rank(NAN, NAN).best(rows)).isZero();
        assertThat(ranking.best(new int[0])).isZero();
    }

    @Test
    void gapsDoNotOverflow() {
        Ranking ranking = rank(-Double.MAX_VALUE, Double.MAX_VALUE, NAN, Double.MAX_VALUE / 2);
        assertThat(ranking.halfGap(0)).isEqualTo(Double.MAX_VALUE);
        assertThat(ranking.halfGap(1)).isZero();
        assertThat(ranking.halfGap(2)).isInfinite();
        assertThat(ranking.halfGapOfMedian()).isCloseTo(Double.MAX_VALUE / 4, within(1e300));
        assertThat(rank(2).halfGapOfMedian()).isZero();
        assertThat(rank(2, 6).halfGapOfMedian()).isEqualTo(2);
    }
}
