package io.github.mbrl4j.bench;

import io.github.mbrl4j.rollout.Propagation;
import java.util.ArrayList;
import java.util.List;

/** One plan of PETS: the large task and the cart-pole, with 1 and 20 particles by TS1 and TS∞. */
final class CemPlan implements Bench {

    @Override
    public String name() {
        return "cem_plan";
    }

    @Override
    public List<Case> cases(int threads) {
        List<Case> cases = new ArrayList<>();
        for (int particles : List.of(1, 20)) {
            for (Propagation propagation : List.of(Propagation.TS1, Propagation.TS_INFINITY)) {
                String ending = "_p" + particles + (propagation == Propagation.TS1 ? "_ts1" : "_tsinf");
                CemPlanning planning =
                        CemPlanning.DEFAULT.withParticles(particles).withPropagation(propagation);
                cases.add(new Case("large" + ending, () -> planning.measure(Problem.LARGE, threads)));
                cases.add(new Case("cartpole" + ending, () -> planning.measure(Problem.CART_POLE, threads)));
            }
        }
        // What control at 50 Hz needs
        CemPlanning fast = CemPlanning.DEFAULT.withPopulation(350);
        cases.add(new Case("cartpole_n350_p1_tsinf", () -> fast.measure(Problem.CART_POLE, threads)));
        return cases;
    }
}
