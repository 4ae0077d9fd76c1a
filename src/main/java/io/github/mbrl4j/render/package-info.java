/** Pictures of environments, drawn without a screen: scenes, and episodes as films. Knows nothing of particular environments. */
@NullMarked
package io.github.mbrl4j.render;

import org.jspecify.annotations.NullMarked;
