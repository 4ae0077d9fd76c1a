"""One update of soft actor-critic, sampling included: twin critics, tanh-Gaussian actor, learned temperature."""
import math

import torch
import torch.nn.functional as F
from torch import nn

from common import measure, rate, run

OBSERVATIONS, ACTIONS, WIDTH, BATCH, ROWS = 17, 6, 256, 256, 100_000
DISCOUNT, TRACKING = 0.99, 0.005


def network(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH), nn.ReLU(),
                         nn.Linear(WIDTH, outputs))


def adam(parameters):
    return torch.optim.Adam(parameters, lr=3e-4, fused=True)


class Sac:
    def __init__(self, hot):
        self.actor = network(OBSERVATIONS, 2 * ACTIONS)
        self.critics = nn.ModuleList(network(OBSERVATIONS + ACTIONS, 1) for _ in range(2))
        self.targets = nn.ModuleList(network(OBSERVATIONS + ACTIONS, 1) for _ in range(2)).requires_grad_(False)
        self.targets.load_state_dict(self.critics.state_dict())
        self.log_temperature = torch.zeros((), requires_grad=True)
        self.critic_adam = adam(self.critics.parameters())
        self.actor_adam = adam(self.actor.parameters())
        self.temperature_adam = adam([self.log_temperature])
        self.data = (torch.randn(ROWS, OBSERVATIONS), torch.rand(ROWS, ACTIONS) * 2 - 1, torch.randn(ROWS, 1),
                     torch.randn(ROWS, OBSERVATIONS), (torch.rand(ROWS, 1) < 0.99).float())
        self.critic_loss, self.actor_loss = hot(self._critic_loss), hot(self._actor_loss)

    def draw(self, states):
        mean, log_deviation = self.actor(states).chunk(2, -1)
        log_deviation = log_deviation.clamp(-20, 2)
        noise = torch.randn_like(mean)
        raw = mean + log_deviation.exp() * noise
        log_density = (-0.5 * noise**2 - log_deviation - 0.5 * math.log(2 * math.pi)
                       - 2 * (math.log(2) - raw - F.softplus(-2 * raw)))
        return torch.tanh(raw), log_density.sum(-1, keepdim=True)

    def _critic_loss(self, states, actions, rewards, following, goes_on):
        with torch.no_grad():
            next_actions, log_density = self.draw(following)
            x = torch.cat([following, next_actions], -1)
            value = torch.minimum(*(target(x) for target in self.targets))
            goal = rewards + goes_on * DISCOUNT * (value - self.log_temperature.exp() * log_density)
        x = torch.cat([states, actions], -1)
        return sum(F.mse_loss(critic(x), goal) for critic in self.critics)

    def _actor_loss(self, states):
        actions, log_density = self.draw(states)
        x = torch.cat([states, actions], -1)
        value = torch.minimum(*(critic(x) for critic in self.critics))
        return (self.log_temperature.exp().detach() * log_density - value).mean(), log_density.detach()

    def update(self):
        rows = torch.randint(ROWS, (BATCH,))
        batch = [column[rows] for column in self.data]
        self.critic_adam.zero_grad(set_to_none=True)
        self.critic_loss(*batch).backward()
        self.critic_adam.step()
        self.critics.requires_grad_(False)
        self.actor_adam.zero_grad(set_to_none=True)
        loss, log_density = self.actor_loss(batch[0])
        loss.backward()
        self.actor_adam.step()
        self.critics.requires_grad_(True)
        self.temperature_adam.zero_grad(set_to_none=True)
        (-(self.log_temperature * (log_density - ACTIONS).mean())).backward()
        self.temperature_adam.step()
        with torch.no_grad():
            torch._foreach_lerp_(list(self.targets.parameters()), list(self.critics.parameters()), TRACKING)


def figures(hot):
    return rate(measure(Sac(hot).update), "updates_per_s", 1)


if __name__ == "__main__":
    run("sac_update", __doc__, lambda options: {"large": lambda: figures(options.hot)})
