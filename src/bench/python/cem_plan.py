"""One plan of PETS: the cross-entropy method over a probabilistic ensemble. Twin of CemPlan.java."""
import functools
from collections import namedtuple

import torch

from common import flop, measure, rate, run
from ensemble import Ensemble, multiply_adds

MEMBERS, WIDTH, HORIZON, ITERATIONS = 5, 200, 15, 5
LOW, HIGH, SMOOTHING = -1.0, 1.0, 0.1

Task = namedtuple("Task", "observations actions layers learned_reward")
TASKS = {"large": Task(17, 6, 4, True), "cartpole": Task(4, 1, 3, False)}


class Planner:
    def __init__(self, task, population, particles, propagation, hot):
        self.task, self.population, self.particles = task, population, particles
        self.keeps_members = propagation == "tsinf"
        self.rows = population * particles
        self.inputs = task.observations + task.actions
        self.outputs = task.observations + int(task.learned_reward)
        self.model = Ensemble(MEMBERS, self.inputs, self.outputs, WIDTH, task.layers).requires_grad_(False)
        self.mean, self.scale = torch.zeros(self.inputs), torch.ones(self.inputs)
        self.step = hot(self._step)

    def model_steps(self):
        return self.rows * HORIZON * ITERATIONS

    def operations(self):
        return 2 * self.model_steps() * multiply_adds(self.inputs, self.outputs, WIDTH, self.task.layers)

    def _step(self, state, action, noise):
        """state [E, B, S], action [E, B, A], noise [E, B, D] -> next state, reward [E, B], alive [E, B]."""
        x = (torch.cat([state, action], -1) - self.mean) / self.scale
        mean, logvar = self.model(x)
        y = mean + torch.exp(0.5 * logvar) * noise
        following = state + y[..., : self.task.observations]
        if self.task.learned_reward:
            return following, y[..., -1], torch.ones_like(y[..., 0], dtype=torch.bool)
        alive = (following[..., 0].abs() < 2.4) & (following[..., 2].abs() < 0.2094)
        return following, alive.float(), alive

    def returns(self, candidates, start):
        """candidates [N, H, A] -> mean return over the particles [N]."""
        rows, share = self.rows, self.rows // MEMBERS
        states = start.expand(rows, -1)
        actions = candidates.repeat_interleave(self.particles, 0).transpose(0, 1).contiguous()
        if self.keeps_members:
            order = torch.randperm(rows)
            actions = actions[:, order]
        total, alive = torch.zeros(rows), torch.ones(rows, dtype=torch.bool)
        for now in actions:
            if not self.keeps_members:  # deal the rows out to the members anew
                order = torch.randperm(rows)
                states, now = states[order], now[order]
            noise = torch.randn(MEMBERS, share, self.outputs)
            states, reward, ok = self.step(states.reshape(MEMBERS, share, -1), now.view(MEMBERS, share, -1), noise)
            states, reward, ok = states.view(rows, -1), reward.reshape(rows), ok.view(rows)
            if not self.keeps_members:
                back = inverse(order)
                states, reward, ok = states[back], reward[back], ok[back]
            total += reward * alive
            alive &= ok
        if self.keeps_members:
            total = total[inverse(order)]
        return total.view(self.population, self.particles).mean(1)

    @torch.no_grad()
    def plan(self):
        elites = max(1, self.population // 10)
        mean = torch.zeros(HORIZON, self.task.actions)
        variance = torch.full_like(mean, (HIGH - LOW) ** 2 / 16)
        start = torch.zeros(1, self.task.observations)
        for _ in range(ITERATIONS):
            room = torch.minimum((mean - LOW) / 2, (HIGH - mean) / 2) ** 2
            deviation = torch.minimum(room, variance).sqrt()
            noise = torch.randn(self.population, *mean.shape).clamp_(-2, 2)
            candidates = mean + deviation * noise
            best = candidates[self.returns(candidates, start).topk(elites).indices]
            mean = SMOOTHING * mean + (1 - SMOOTHING) * best.mean(0)
            variance = SMOOTHING * variance + (1 - SMOOTHING) * best.var(0)
        return mean


def inverse(permutation):
    back = torch.empty_like(permutation)
    back[permutation] = torch.arange(len(permutation))
    return back


def figures(task, population, particles, propagation, hot):
    planner = Planner(TASKS[task], population, particles, propagation, hot)
    m = rate(measure(planner.plan), "model_steps_per_s", planner.model_steps())
    return flop(m, planner.operations())


def cases(options):
    table = {}
    for particles in (1, 20):
        for propagation in ("ts1", "tsinf"):
            for task in TASKS:
                table[f"{task}_p{particles}_{propagation}"] = functools.partial(
                    figures, task, 500, particles, propagation, options.hot)
    table["cartpole_n350_p1_tsinf"] = functools.partial(figures, "cartpole", 350, 1, "tsinf", options.hot)
    return table


if __name__ == "__main__":
    run("cem_plan", __doc__, cases)
