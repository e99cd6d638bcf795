#!/usr/bin/env python3
# RUN: %python %s --seed 1 --cases 1500
"""Random layer ops with one rule broken, each of which must be refused by one line
that tells what was expected; wrong sizes of arrays, when the kernel is called."""

import re

from layer_cases import *
from layer_models import *
from norm_testing import *

# A mutation changes the Broken op that it gets and returns what the message must match,
# or None where its rule does not apply.
MUTATIONS = []


def mutation(function):
    MUTATIONS.append(function)
    return function


class Broken:
    """The parts of a case, until they are written as text."""

    def __init__(self, random, c):
        self.random, self.c = random, c
        self.op, self.clauses, self.attributes, self.operands, self.outputs = describe(c)
        self.types = {}

    def choose_operand(self, *but):
        """An operand that is there, besides the input, which gives the sizes."""
        names = [n for n in self.operands if n not in ("x", *but) and not (n == "y" and self.c["kind"] == "inplace")]
        return self.random.choice(names) if names else None

    def replace(self, pattern, text):
        """Writes `text` for the part of the attributes that matches, if one does."""
        self.attributes, count = re.subn(pattern, text, self.attributes, count=1)
        return count

    def make_call(self):
        call = OpCall(self.op, self.clauses, self.attributes, self.operands, self.outputs, self.c["kind"],
                      self.c["dynamic"], rng)
        call.types.update(self.types)
        call.text = call.write(self.op, self.clauses, self.attributes)
        return call


def change_shape(random, shape):
    """A shape that differs from `shape` in one size, or in its rank."""
    shape = list(shape)
    if not shape or flip(random, 0.2):
        return [*shape, 2]
    axis = random.randrange(len(shape))
    if flip(random, 0.2):
        return shape[:axis] + shape[axis + 1 :]
    shape[axis] += random.choice([1, 2, 7])
    return shape


@mutation
def wrong_shape(broken):
    name = broken.choose_operand()
    if name is None:
        return None
    element, shape = broken.operands[name]
    broken.operands[name] = element, change_shape(broken.random, shape)
    return "expected the shape of .* to be .*, but got"


@mutation
def wrong_axes(broken):
    lists = re.findall(r"\w+ = \[(?:\d[^]]*)?\]", broken.attributes)
    word, old = broken.random.choice(lists).split(" = ")
    axes = [int(axis) for axis in re.findall(r"\d+", old)]
    rank = len(broken.c["shape"])
    wrong = [[*axes, rank], [-1, *axes], [*axes, 1000000]]
    if axes:
        wrong.append([*axes, axes[-1]])
    if len(axes) > 1:
        wrong.append(axes[::-1])
    if word in ("features", "axes"):
        wrong.append([])
    broken.replace(rf"\b{word} = \[[^]]*\]", f"{word} = {broken.random.choice(wrong)}")
    return "expected .* axes to be .*, but got|expected at least one .* axis, but got none"


@mutation
def wrong_channel(broken):
    batch = broken.c["axes"].get("batch", ())
    wrong = broken.random.choice([-1, len(broken.c["shape"]), 1 << 40, *batch])
    if broken.replace(r"channel = \d+", f"channel = {wrong}"):
        return "expected the channel axis to be .*, but got"


@mutation
def wrong_groups(broken):
    found = re.search(r"(num_groups|group_size) = \d+", broken.attributes)
    if not found:
        return None
    word, size = found[1], broken.c["shape"][broken.c["axes"]["channel"]]
    other = {"num_groups": "group_size", "group_size": "num_groups"}[word]
    texts = {"": "neither", f"num_groups = 1 group_size = {max(size, 1)}": "both"}
    texts.update({f"{word} = {n}": f"{word} to be at least 1, but got {n}" for n in (0, -1, -(1 << 62))})
    if size:
        texts.update({f"{w} = {n}": f"multiple of {w} = {n}, but got {size}" for w, n in (
            (word, size + 1), (other, 2 * size), (word, (1 << 63) - 1))})
    text, message = broken.random.choice(list(texts.items()))
    broken.replace(re.escape(found[0]), text)
    return f"expected .*{message}"


def wrong_value(word, values, message, applies=lambda c: True):
    """A mutation: an attribute with a value that it may not have."""

    def mutate(broken):
        if not applies(broken.c):
            return None
        value = broken.random.choice(values)
        at_place = broken.replace(rf"\b{word} = \S+", f"{word} = {value}")
        return message if at_place else None

    mutate.__name__ = f"wrong_{word}"
    return mutation(mutate)


# What generated parsers say of a word or a number in the place of another.
INVALID = "expected|invalid kind of attribute|invalid \\w+ attribute specification"
WORDS = ["sideways", "Add", "\"sideways\"", "3", "[]"]
wrong_value("epsilon", ["-1.0", "-1.0e-300", "0x7FF0000000000000 : f64", "0x7FF8000000000000 : f64"],
            "expected epsilon to be finite and at least 0, but got|expected")
wrong_value("epsilon", ["f32", "one", "[1.0]"], INVALID)
wrong_value("momentum", ["2.0", "-0.1", "0x7FF8000000000000"], "expected momentum to be from 0 to 1, but got|expected")
wrong_value("running_var_correction", ["3", "-1", "2"], "expected running_var_correction to be 0 or 1, but got")
wrong_value("accumulator", ["f16", "bf16", "i32", "index", "tensor<2xf32>"], "expected accumulator to be .*, but got")
wrong_value("accumulator", ["f32"], "expected accumulator to be at least as wide", lambda c: c["x"] == "f64")
wrong_value("sequence_axis", ["-1", "5", "4611686018427387904"], "expected the sequence axis to be from 0 to .*, but got")
for word in ("epsilon_mode", "nonfinite", "empty", "single", "variance", "affine", "unselected"):
    wrong_value(word, WORDS, INVALID)


@mutation
def one_of_a_pair(broken):
    pairs = [i for i, (word, *names) in enumerate(broken.clauses)
             if len(names) == 2 and all(n in broken.operands for n in names)]
    if not pairs:
        return None
    word, *names = broken.clauses[broken.random.choice(pairs)]
    index = next(i for i, clause in enumerate(broken.clauses) if clause[0] == word)
    broken.clauses[index] = (word, broken.random.choice(names))
    return "expected"


@mutation
def mask_and_lengths(broken):
    if broken.c["mask"] is None:
        return None
    name, other, element = ("mask", "lengths", "i32") if "mask" in broken.operands else ("lengths", "mask", "i1")
    broken.operands[other] = element, broken.operands[name][1]
    return "expected at most one of mask and lengths, but got both"


@mutation
def wrong_sequence_axis(broken):
    if broken.c["mask"] is None:
        return None
    if broken.c["sequence"] is None:
        if broken.replace(r"(mask_axes = \[[^]]*\])", r"\1 sequence_axis = 0"):
            return "expected both of lengths and sequence_axis or neither, but got only sequence_axis"
        return None
    if broken.c["mask"] and flip(broken.random, 0.5):
        axis = broken.random.choice(broken.c["mask"])
        broken.replace(r"sequence_axis = \d+", f"sequence_axis = {axis}")
        return f"expected the sequence axis to be none of the mask axes, but got {axis} for both"
    broken.replace(r" sequence_axis = \d+", "")
    return "expected both of lengths and sequence_axis or neither, but got only lengths"


@mutation
def no_such_operand(broken):
    if not broken.c["running"] or broken.c["batches"]:
        return None
    broken.operands["k"] = (broken.c["s"], ())
    broken.clauses = [clause for clause in broken.clauses if clause[0] != "running"]
    broken.outputs = [name for name in broken.outputs if name not in ("rm", "rv")]
    return "expected running statistics with the number of batches, but got none"


@mutation
def memref_and_tensor(broken):
    name = broken.choose_operand(*broken.outputs)
    if name is None:
        return None
    kind = "memref" if broken.c["kind"] == "tensor" else "tensor"
    broken.types[name] = make_type(kind, *broken.operands[name], False)
    return "expected all operands to be (memrefs|tensors) like the first one, but got"


@mutation
def wrong_element_type(broken):
    name = broken.random.choice([n for n in broken.operands if n not in broken.outputs])
    elements = {"mask": ["i8", "i32", "f32"], "lengths": ["i1", "i16", "f32"]}.get(name, ["i32", "i1", "f80", "tf32"])
    element = broken.random.choice([*elements, "index", "complex<f32>", "f8E4M3FN"])
    kind = "memref" if broken.c["kind"] == "inplace" else broken.c["kind"]
    broken.types[name] = make_type(kind, element, broken.operands[name][1], False)
    # A constraint of ODS says it in MLIR's words.
    return "operand #[0-9]+ must be .*, but got"


@mutation
def not_shaped(broken):
    name = broken.random.choice([n for n in broken.operands if n not in broken.outputs])
    broken.types[name] = broken.random.choice(["f32", "index", "vector<4xf32>", "tensor<*xf32>", "memref<*xf32>"])
    return "operand #[0-9]+ must be .*, but got"


@mutation
def wrong_statistics_of_gradient(broken):
    if not is_gradient(broken.c):
        return None
    given, other, word = ("v", "r", "rstd") if "v" in broken.operands else ("r", "v", "variance")
    if flip(broken.random, 0.5):
        broken.operands[other] = broken.operands[given]
        return "expected exactly one of variance and rstd, but got both"
    broken.operands.pop(given)
    return "expected exactly one of variance and rstd, but got neither"


@mutation
def wrong_mean_of_gradient(broken):
    if not is_gradient(broken.c):
        return None
    if broken.operands.pop("m", None):
        return "expected a mean, but got none"
    broken.operands["m"] = broken.operands.get("v") or broken.operands["r"]
    return "expected no mean, but got one"


@mutation
def rstd_with_a_mode(broken):
    mode = broken.random.choice(["max", "outside"])
    if "r" in broken.operands and broken.replace(r"epsilon_mode = \w+", f"epsilon_mode = {mode}"):
        return f"expected variance, and not rstd, with epsilon_mode = {mode}, but got rstd"


@mutation
def no_gradient(broken):
    if not is_gradient(broken.c) or broken.c["kind"] == "tensor":
        return None
    for name in broken.outputs:
        broken.operands.pop(name)
    return "expected at least one of outs, scale_gradient and bias_gradient, but got none"


@mutation
def missing_axes(broken):
    if broken.replace(r"^(features|axes) = \[[^]]*\]|channel = \d+", ""):
        return "expected"


@mutation
def unknown_attribute(broken):
    broken.replace("$", broken.random.choice([" sideways = 3", " epsilon", " =", " {epsilon = 1 : i32}", " axes = [0]"]))
    return "expected|unknown|op attribute"


# ===----------------------------------------------------------------------===#
# Running it
# ===----------------------------------------------------------------------===#


def check_message(message, pattern, text):
    assert "\n" not in message, f"the message has several lines: {message!r}\n{text}"
    assert re.search(pattern, message), f"expected a message like {pattern!r}, but got {message!r}\n{text}"
    assert re.search(r"'?norm\.|'%?\w+'|\bmlir:\d", message), f"the message names no op: {message!r}\n{text}"


def refuse_op(broken, mutate):
    pattern = mutate(broken)
    if pattern is None:
        return False
    text = broken.make_call().text
    try:
        library.compile(text)
    except KernelError as error:
        check_message(str(error), pattern, text)
        return True
    raise AssertionError(f"{mutate.__name__}: the op is accepted\n{text}")


def refuse_sizes(broken):
    """Calls a kernel of dynamic sizes with one array of a wrong size."""
    name = broken.choose_operand()
    element, shape = broken.operands.get(name, (None, ()))
    # A size of the input that is 0 leaves nothing to be wrong in what is not read.
    if not shape:
        return False
    broken.c["dynamic"] = True
    call = broken.make_call()
    shape = list(shape)
    axis = broken.random.randrange(len(shape))
    shape[axis] += broken.random.choice([-1, 1, 2] if shape[axis] else [1, 2])
    wrong = OpCall(broken.op, broken.clauses, broken.attributes, {**broken.operands, name: (element, shape)},
                   broken.outputs, broken.c["kind"], True, rng)
    assert wrong.text == call.text
    try:
        wrong.run(library.compile(call.text))
    except KernelError as error:
        check_message(str(error), r"^norm\.\w+: expected dimension \d of .* to have the ", f"{name} {shape}\n{call.text}")
        return True
    raise AssertionError(f"an array of the size {shape} for {name} is accepted\n{call.text}")


def run(seed, index, only, report):
    global rng
    random, rng = make_generators(seed, index)
    # A kernel that is called must be compiled, which takes much longer than a refusal.
    mutate = random.choice(MUTATIONS) if flip(random, 0.93) else refuse_sizes
    if not re.search(only, mutate.__name__):
        return

    def draw():
        # Until there is an op to which the rule applies.
        while True:
            broken = Broken(random, draw_case(random, is_static=True))
            if refuse_sizes(broken) if mutate is refuse_sizes else refuse_op(broken, mutate):
                return

    report.case(f"--case {seed}/{index} {mutate.__name__}", draw)


main(__doc__, run)
