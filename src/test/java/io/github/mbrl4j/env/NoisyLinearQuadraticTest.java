package io.github.mbrl4j.env;

import io.github.mbrl4j.core.Env;

/** The contract where several numbers are random in a step. */
class NoisyLinearQuadraticTest extends EnvContractTest {

    @Override
    protected Env create() {
        return LinearQuadratic.random(3, 2, 5).withNoise(0.1);
    }

    @Override
    protected boolean noisy() {
        return true;
    }
}
