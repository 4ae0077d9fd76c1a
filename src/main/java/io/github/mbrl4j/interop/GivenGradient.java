package io.github.mbrl4j.interop;

import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Takes the labels for the derivatives by the network's outputs: Deeplearning4j goes back from an output layer by its loss alone. It has
 * no score.
 */
final class GivenGradient implements ILossFunction {

    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        return activation.backprop(preOutput, labels).getFirst();
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        throw new UnsupportedOperationException("gradients are given, there is no score");
    }

    @Override
    public INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        throw new UnsupportedOperationException("gradients are given, there is no score");
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        throw new UnsupportedOperationException("gradients are given, there is no score");
    }

    @Override
    public String name() {
        return "GivenGradient";
    }
}
