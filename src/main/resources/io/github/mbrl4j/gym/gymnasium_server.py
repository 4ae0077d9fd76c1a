"""Serves Gymnasium environments to a parent process over standard input and output.

The protocol is described in docs/gymnasium.md. All numbers are big-endian. This program reads its own source from standard input
(see PythonProcess), so nothing of it is left on any disk.
"""

import os
import sys

# The stream belongs to the protocol alone. Whatever is printed, by Python or by native code, goes to standard error instead, and
# whoever reads standard input finds it empty.
REQUESTS = os.fdopen(os.dup(0), "rb")
REPLIES = os.fdopen(os.dup(1), "wb")
_nothing = os.open(os.devnull, os.O_RDONLY)
os.dup2(_nothing, 0)
os.close(_nothing)
os.dup2(2, 1)
sys.stdin = open(0, "r", closefd=False)
sys.stdout = open(1, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)

import json
import signal
import struct
import threading
import time
import traceback

MAGIC = b"MBRL4JGY"
VERSION = 1
MAKE, RESET, STEP, ATTRIBUTE, CLOSE = 1, 2, 3, 4, 5
DONE, FAILED = 0, 1
CONTINUOUS, DISCRETE = 0, 1
TRACEBACK_LINES = 40


class Refused(Exception):
    """Something that the bridge does not offer; the message says what to do instead."""


def end_with_parent():
    """Ends this process soon after its parent died, even while an environment is busy and reads no requests."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


# ---- the stream ----


def read_exactly(count):
    data = REQUESTS.read(count)
    if len(data) < count:
        os._exit(0)  # the parent has closed the stream or died
    return data


def send(kind, payload):
    REPLIES.write(struct.pack(">IB", 1 + len(payload), kind))
    REPLIES.write(payload)
    REPLIES.flush()


def text(value):
    data = value.encode("utf-8", "backslashreplace")
    return struct.pack(">I", len(data)) + data


class Reader:
    """Reads the values of a request one after another."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def unpack(self, form):
        values = struct.unpack_from(">" + form, self.data, self.at)
        self.at += struct.calcsize(">" + form)
        return values if len(values) > 1 else values[0]

    def text(self):
        length = self.unpack("I")
        self.at += length
        return self.data[self.at - length : self.at].decode("utf-8")

    def numbers(self, count):
        values = numpy.frombuffer(self.data, ">f8", count, self.at)
        self.at += 8 * count
        return values


# ---- spaces ----


def observation_encoder(space):
    """The size of a flat observation, and the function that flattens one to float64."""
    if isinstance(space, spaces.Box):
        size = int(numpy.prod(space.shape))

        def flat(observation):
            row = numpy.asarray(observation, dtype=">f8").reshape(-1)
            if row.size != size:
                raise ValueError(f"an observation has {row.size} numbers, but the observation space says {size}")
            return row.tobytes()

        return size, flat
    if isinstance(space, spaces.MultiBinary):
        size = int(numpy.prod(space.shape))
        return size, lambda observation: numpy.asarray(observation, dtype=">f8").reshape(size).tobytes()
    if isinstance(space, spaces.Discrete):
        size, start = int(space.n), int(space.start)
        rows = numpy.eye(size, dtype=">f8")
        return size, lambda observation: rows[int(observation) - start].tobytes()
    raise Refused(
        f"its observation space is {space}, expected Box, Discrete or MultiBinary; maybe register it with the wrapper"
        " gymnasium.wrappers.FlattenObservation"
    )


def discrete_part(count):
    if count < 2:
        raise Refused(f"its action space has a choice among {count}, expected at least 2")
    return struct.pack(">BI", DISCRETE, count)


def action_decoder(space):
    """The parts of an action for the parent, the length of an action, and the function that makes one of float64 numbers."""
    if isinstance(space, spaces.Box):
        low = numpy.asarray(space.low, dtype=">f8").reshape(-1)
        high = numpy.asarray(space.high, dtype=">f8").reshape(-1)
        if not (numpy.isfinite(low).all() and numpy.isfinite(high).all()):
            raise Refused(
                f"its action space {space} has no bounds, expected finite ones; maybe register it with the wrapper"
                " gymnasium.wrappers.RescaleAction or ClipAction around bounds that matter"
            )
        if not (low < high).all():
            raise Refused(f"its action space {space} leaves no choice in some dimension, expected low < high")
        parts = struct.pack(">IBI", 1, CONTINUOUS, low.size) + low.tobytes() + high.tobytes()
        whole = numpy.issubdtype(space.dtype, numpy.integer)

        def continuous(numbers):
            values = numpy.rint(numbers) if whole else numbers
            return values.astype(space.dtype).reshape(space.shape)

        return parts, low.size, continuous
    if isinstance(space, spaces.Discrete):
        start = int(space.start)
        return struct.pack(">I", 1) + discrete_part(int(space.n)), 1, lambda numbers: start + int(numbers[0])
    if isinstance(space, (spaces.MultiDiscrete, spaces.MultiBinary)):
        if isinstance(space, spaces.MultiBinary):
            choices, start = numpy.full(space.shape, 2), 0
        else:
            choices, start = space.nvec, getattr(space, "start", 0)
        counts = [int(count) for count in choices.reshape(-1)]
        parts = struct.pack(">I", len(counts)) + b"".join(discrete_part(count) for count in counts)

        def several(numbers):
            return (numbers.astype(space.dtype).reshape(choices.shape) + start).astype(space.dtype)

        return parts, len(counts), several
    raise Refused(f"its action space is {space}, expected Box, Discrete, MultiDiscrete or MultiBinary")


# ---- environments ----


class Served:
    """An environment and how its observations and actions are written."""

    def __init__(self, env):
        self.env = env
        self.max_steps = env.spec.max_episode_steps
        if self.max_steps is None:
            raise Refused("it has no time limit, expected one; maybe give it the argument max_episode_steps, 1000 for example")
        self.observation_size, self.flat = observation_encoder(env.observation_space)
        self.action_parts, self.action_size, self.action = action_decoder(env.action_space)

    def specification(self):
        return struct.pack(">II", self.max_steps, self.observation_size) + self.action_parts

    def reset(self, seed):
        observation, _ = self.env.reset(seed=seed)
        return self.flat(observation)

    def step(self, numbers):
        observation, reward, terminated, truncated, _ = self.env.step(self.action(numbers))
        return self.flat(observation) + struct.pack(">d??", float(reward), bool(terminated), bool(truncated))


class Server:
    def __init__(self):
        self.served = {}
        self.next_handle = 0

    def make(self, request):
        identifier = request.text()
        arguments = json.loads(request.text())
        count = request.unpack("I")
        made = []
        try:
            for _ in range(count):
                env = gymnasium.make(identifier, **arguments)
                made.append(env)
                made[-1] = Served(env)
        except BaseException:
            for one in made:
                (one.env if isinstance(one, Served) else one).close()
            raise
        first = self.next_handle
        for one in made:
            self.served[self.next_handle] = one
            self.next_handle += 1
        return struct.pack(">I", first) + made[0].specification()

    def reset(self, request):
        replies = []
        for _ in range(request.unpack("I")):
            handle, seed = request.unpack("Iq")
            replies.append(self.served[handle].reset(seed))
        return b"".join(replies)

    def step(self, request):
        replies = []
        for _ in range(request.unpack("I")):
            served = self.served[request.unpack("I")]
            replies.append(served.step(request.numbers(served.action_size)))
        return b"".join(replies)

    def attribute(self, request):
        served = self.served[request.unpack("I")]
        value = served.env.get_wrapper_attr(request.text())
        return numpy.asarray(value, dtype=">f8").reshape(-1).tobytes()

    def close(self, request):
        self.served.pop(request.unpack("I")).env.close()
        return b""

    def close_all(self):
        for served in self.served.values():
            served.env.close()

    def run(self):
        operations = {
            MAKE: self.make,
            RESET: self.reset,
            STEP: self.step,
            ATTRIBUTE: self.attribute,
            CLOSE: self.close,
        }
        while True:
            header = REQUESTS.read(4)
            if len(header) < 4:
                return self.close_all()  # the parent has closed the stream
            data = read_exactly(*struct.unpack(">I", header))
            try:
                payload = operations[data[0]](Reader(data[1:]))
            except Exception as error:
                send(FAILED, failure(error))
            else:
                send(DONE, payload)


def failure(error):
    """What went wrong in one line, and where; for what the bridge itself refuses the line alone."""
    if isinstance(error, Refused):
        return text(str(error)) + text("")
    where = "".join(traceback.format_exception(type(error), error, error.__traceback__)).splitlines()
    return text(f"{type(error).__name__}: {error}") + text("\n".join(where[-TRACEBACK_LINES:]))


def shake_hands():
    """Says who is here, then hears who is there. Without the packages this says so and ends."""
    REPLIES.write(MAGIC + struct.pack(">I", VERSION))
    REPLIES.flush()
    greeting = read_exactly(len(MAGIC) + 4)
    if greeting != MAGIC + struct.pack(">I", VERSION):
        sys.exit(f"the greeting of the parent is {greeting!r}, expected {MAGIC!r} and version {VERSION}")
    global gymnasium, numpy, spaces
    try:
        import gymnasium
        import numpy
        from gymnasium import spaces
    except ModuleNotFoundError as error:
        package = error.name.split(".")[0]
        hint = f"{sys.executable} has no package {package}; maybe: {sys.executable} -m pip install gymnasium"
        send(FAILED, failure(Refused(hint)))
        sys.exit(1)
    except Exception as error:
        send(FAILED, failure(error))
        sys.exit(1)
    send(DONE, text(sys.executable or "python") + text(sys.version.split()[0]) + text(gymnasium.__version__))


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    end_with_parent()
    shake_hands()
    Server().run()


main()
