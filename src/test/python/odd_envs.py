"""Environments that are difficult in one way each. The number in an action chooses what goes wrong."""

import os
import sys
import time

import gymnasium
import numpy
from gymnasium import spaces
from gymnasium.wrappers import FlattenObservation


class Odd(gymnasium.Env):
    """Shows its last action, and what came of it."""

    observation_space = spaces.Box(-numpy.inf, numpy.inf, (2,), numpy.float64)
    action_space = spaces.Discrete(10)

    def __init__(self, observation_space=None, action_space=None):
        if observation_space is not None:
            self.observation_space = observation_space
        if action_space is not None:
            self.action_space = action_space
        self.last = None

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.observation_space.sample() * 0, {}

    def step(self, action):
        assert self.action_space.contains(action), f"{action!r} is not in {self.action_space}"
        self.last = action
        return self.observation_space.sample() * 0, float(numpy.sum(action)), False, False, {}


class Troublesome(Odd):
    """What each action does: see the method."""

    def step(self, action):
        if action == 1:
            print("printed by Python")
            os.write(1, b"written to descriptor 1")
            os.system("echo printed by a child")
        elif action == 2:
            raise ValueError("a mistake in the environment")
        elif action == 3:
            sys.stderr.write("last words before the crash\n")
            os._exit(3)
        elif action == 4:
            time.sleep(60)
        elif action == 5:
            return numpy.array([0.0, numpy.nan]), 0.0, False, False, {}
        elif action == 6:
            return numpy.zeros(2), float("inf"), False, False, {}
        elif action == 7:
            sys.stderr.write("x" * 1_000_000)
        elif action == 8:
            return numpy.zeros(2), 0.0, True, True, {}
        elif action == 9:
            return numpy.zeros(3), 0.0, False, False, {}
        return numpy.zeros(2), float(len(os.read(0, 100))), False, False, {}


class Picture(Odd):
    """A matrix to see, a matrix to do: the observation is twice the action."""

    def __init__(self):
        box = spaces.Box(numpy.array([[-1, -2, -3], [0, 0, 0]]), numpy.array([[1, 2, 3], [4, 5, 6]]), dtype=numpy.float32)
        super().__init__(spaces.Box(-20, 20, (2, 3), numpy.float32), box)

    def step(self, action):
        super().step(action)
        return 2 * action, 0.0, False, False, {}


class Switches(Odd):
    """Three choices, the first counted from 5; shows what was chosen, in one-hot form."""

    def __init__(self):
        super().__init__(spaces.Discrete(4, start=1), spaces.MultiDiscrete([3, 2, 4], start=[5, 0, 1]))

    def reset(self, *, seed=None, options=None):
        return 1, {}

    def step(self, action):
        super().step(action)
        return int(action[2]), float(action[0] * 100 + action[1] * 10 + action[2]), False, False, {}


class Shifted(Odd):
    """A choice that is counted from 7, and switches to see."""

    def __init__(self):
        super().__init__(spaces.MultiBinary(3), spaces.Discrete(2, start=7))


class Whole(Odd):
    """Whole numbers as actions."""

    def __init__(self):
        super().__init__(None, spaces.Box(0, 255, (2,), numpy.uint8))


def several(**parts):
    return spaces.Dict({name: spaces.Box(0, 1, (size,)) for name, size in parts.items()})


def register(name, entry_point, max_episode_steps=100):
    gymnasium.register(id=name, entry_point=entry_point, max_episode_steps=max_episode_steps, disable_env_checker=True)


register("Troublesome-v0", Troublesome)
register("Picture-v0", Picture)
register("Switches-v0", Switches)
register("Shifted-v0", Shifted)
register("Whole-v0", Whole)
register("Dict-v0", lambda: Odd(several(position=2, speed=1)))
register("Flat-v0", lambda: FlattenObservation(DictOf()))
register("Tuple-v0", lambda: Odd(None, spaces.Tuple((spaces.Discrete(2), spaces.Discrete(3)))))
register("Unbounded-v0", lambda: Odd(None, spaces.Box(-numpy.inf, numpy.inf, (1,))))
register("Endless-v0", Odd, None)


class DictOf(Odd):
    """Something that a wrapper flattens."""

    def __init__(self):
        super().__init__(several(position=2, speed=1))

    def reset(self, *, seed=None, options=None):
        return {"position": numpy.array([1, 2], numpy.float32), "speed": numpy.array([3], numpy.float32)}, {}

    def step(self, action):
        return self.reset()[0], 0.0, False, False, {}
