/**
 * What happened in training, for people and for spreadsheets: {@link io.github.mbrl4j.report.TrainingHistory} saves itself as
 * CSV, JSON and a picture. The only package that knows XChart.
 */
@NullMarked
package io.github.mbrl4j.report;

import org.jspecify.annotations.NullMarked;
