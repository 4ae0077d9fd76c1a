/** Files: configurations as JSON, and writing files so that none is ever half-written. The only package that knows Jackson. */
@NullMarked
package io.github.mbrl4j.io;

import org.jspecify.annotations.NullMarked;
