package io.github.mbrl4j.model;

/**
 * How the training of one network went.
 *
 * @param rows rows it was trained on
 * @param loss the training loss of the last epoch; a negative log-likelihood may be below zero
 * @param validationLoss the loss on held-out rows, on the training rows if none are held out; that of the weights kept
 * @param epochs passes over the rows
 */
public record TrainingReport(int rows, double loss, double validationLoss, int epochs) {}
