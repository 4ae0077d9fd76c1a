/** System identification: equations with unknown parameters, found from logged data, with how far each can be trusted. */
@NullMarked
package io.github.mbrl4j.identify;

import org.jspecify.annotations.NullMarked;
