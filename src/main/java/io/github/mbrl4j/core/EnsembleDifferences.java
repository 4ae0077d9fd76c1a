package io.github.mbrl4j.core;

import java.util.List;

/** An ensemble with derivatives by central differences; members that have derivatives of their own keep them. */
final class EnsembleDifferences extends DynamicsDifferences implements EnsembleModel {

    private record Wrapped(List<? extends DynamicsModel> members, List<DynamicsModel> differentiable) {}

    private final EnsembleModel ensemble;
    private volatile Wrapped wrapped = new Wrapped(List.of(), List.of());

    EnsembleDifferences(EnsembleModel ensemble) {
        super(ensemble);
        this.ensemble = ensemble;
    }

    @Override
    public List<? extends DynamicsModel> members() {
        List<? extends DynamicsModel> members = ensemble.members();
        Wrapped known = wrapped;
        if (!known.members.equals(members)) {
            known = new Wrapped(List.copyOf(members), differentiable(members));
            wrapped = known;
        }
        return known.differentiable;
    }

    private static List<DynamicsModel> differentiable(List<? extends DynamicsModel> members) {
        return members.stream()
                .map(member ->
                        member instanceof DifferentiableDynamics ? member : (DynamicsModel) Differences.of(member))
                .toList();
    }
}
