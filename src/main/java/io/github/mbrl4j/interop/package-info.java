/**
 * Bridges to other libraries. {@link io.github.mbrl4j.interop.NetworkDynamics} and {@link io.github.mbrl4j.interop.NetworkReward} make a
 * forward model and a reward of a network that you trained yourself; {@link io.github.mbrl4j.interop.Dl4jDynamics} trains one by
 * Deeplearning4j; {@link io.github.mbrl4j.interop.Dl4jNetworks} carries networks to and fro. The only package that knows {@code org.deeplearning4j}.
 */
@NullMarked
package io.github.mbrl4j.interop;

import org.jspecify.annotations.NullMarked;
