"""Branched rollouts of MBPO: policy and ensemble by TS1, k steps from each of 20,000 states."""
import functools

import torch
from torch import nn

from common import measure, rate, run
from ensemble import Ensemble

OBSERVATIONS, ACTIONS, MEMBERS, STATES, POLICY_WIDTH = 17, 6, 5, 20_000, 256


def figures(k, hot):
    model = Ensemble(MEMBERS, OBSERVATIONS + ACTIONS, OBSERVATIONS + 1, 200, 4).requires_grad_(False)
    policy = nn.Sequential(nn.Linear(OBSERVATIONS, POLICY_WIDTH), nn.ReLU(), nn.Linear(POLICY_WIDTH, POLICY_WIDTH),
                           nn.ReLU(), nn.Linear(POLICY_WIDTH, 2 * ACTIONS)).requires_grad_(False)
    start = torch.randn(STATES, OBSERVATIONS)
    share = STATES // MEMBERS

    def step(states, action_noise, noise):
        mean, log_deviation = policy(states).chunk(2, -1)
        actions = torch.tanh(mean + log_deviation.clamp(-20, 2).exp() * action_noise)
        mean, logvar = model(torch.cat([states, actions], -1).view(MEMBERS, share, -1))
        y = (mean + torch.exp(0.5 * logvar) * noise).view(STATES, -1)
        following = states + y[:, :OBSERVATIONS]
        return actions, y[:, OBSERVATIONS:], following, following.abs().amax(-1) > 100

    step = hot(step)

    @torch.no_grad()
    def rollout():
        states, kept = start, []
        for _ in range(k):
            states = states[torch.randperm(STATES)]
            actions, rewards, following, done = step(
                states, torch.randn(STATES, ACTIONS), torch.randn(MEMBERS, share, OBSERVATIONS + 1))
            kept.append((states, actions, rewards, following, done))
            states = following
        return [torch.cat(column) for column in zip(*kept)]

    return rate(measure(rollout), "model_steps_per_s", k * STATES)


def cases(options):
    return {f"k{k}": functools.partial(figures, k, options.hot) for k in (1, 5)}


if __name__ == "__main__":
    run("mbpo_rollout", __doc__, cases)
