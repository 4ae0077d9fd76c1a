package io.github.mbrl4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.mbrl4j.core.Batch;
import io.github.mbrl4j.core.RewardingDynamics;
import io.github.mbrl4j.core.TerminationModel;
import io.github.mbrl4j.env.CartPole;
import org.junit.jupiter.api.Test;

class WorldModelTest {

    private final CartPole env = new CartPole();
    private final RewardingDynamics dynamics = new EnsembleDynamics(env.spec(), EnsembleConfig.defaults());

    @Test
    void anEnvironmentTellsItsRewardAndTermination() {
        WorldModel world = WorldModel.of(dynamics, env);
        assertThat(world.termination()).isSameAs(env.knownTermination().orElseThrow());
        assertThat(world.dynamics()).isSameAs(dynamics);
        assertThat(world.terminalValue()).isEmpty();
    }

    @Test
    void anotherGoalKeepsTerminationAndTerminalValue() {
        WorldModel before = WorldModel.of(dynamics, env).withTerminalValue(state -> 7);
        WorldModel after = before.withReward((state, action, next) -> 1);
        assertThat(after.termination()).isSameAs(before.termination());
        assertThat(after.terminalValue()).isEqualTo(before.terminalValue());
    }

    @Test
    void withoutAnEnvironmentEpisodesNeverEnd() {
        WorldModel world = WorldModel.of(dynamics, (state, action, next) -> 1);
        assertThat(world.termination()).isSameAs(TerminationModel.NEVER);
        boolean[] terminated = {true, true};
        Batch states = new Batch(2, 4);
        TerminationModel.NEVER.terminated(states, new Batch(2, 1), states, terminated);
        assertThat(terminated).containsOnly(false);
    }

    @Test
    void aRewardMustComeFromSomewhere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorldModel.of(dynamics))
                .withMessageContaining("withLearnedReward(true)");
    }
}
