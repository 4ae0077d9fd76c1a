/**
 * Planning in latent states: an encoder from observations to a few numbers, and dynamics and reward of these numbers, learned together.
 */
@NullMarked
package io.github.mbrl4j.latent;

import org.jspecify.annotations.NullMarked;
