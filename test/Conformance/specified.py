"""The layers that Norm is specified by: each parameter, how Norm says it, and which
cases cover it."""

import dataclasses

INITIAL = "frontend: the operand's value at first"


@dataclasses.dataclass(frozen=True)
class Parameter:
    """Its `name` and what Norm has for it. The cases that cover it have the argument
    `argument`, by default of its name, or are told in words as `covered`."""

    name: str
    norm: str
    argument: str | None = None
    covered: str = ""

    @property
    def key(self):
        return self.argument or self.name


def describe_devices():
    covered = "`test/Conformance/run devices`"
    return [Parameter("axis_name", "`devices`",
                      covered=f"{covered}; here, one op on the inputs of all devices"),
            Parameter("axis_index_groups", "`groups` of `devices`", covered=covered)]


EVERY = "every case"

# By system and layers: the first one is the specified one.
SPECIFIED = {
    ("BrainPy", ("BatchNorm2d", "BatchNorm1d", "BatchNorm3d")): [
        Parameter("num_features", "the size of the feature axis in the types", covered=EVERY),
        Parameter("axis", "`features` = all other axes"),
        Parameter("epsilon", "`epsilon`"),
        Parameter("momentum", "`momentum`, the same"),
        Parameter("affine", "`scale` and `bias`, or neither"),
        Parameter("bias_initializer, scale_initializer", INITIAL, covered="random values"),
        *describe_devices(),
        Parameter("mode, fit", "`norm.batch_norm_training` or `_inference`", "fit"),
        Parameter("name", "frontend", covered="none is needed"),
    ],
    ("BrainPy (old)", ("GroupNorm",)): [
        Parameter("num_groups, group_size", "`num_groups` or `group_size`", "by"),
        Parameter("epsilon", "`epsilon`"),
        Parameter("use_bias", "`bias`, or none"),
        Parameter("use_scale", "`scale`, or none"),
        Parameter("beta_init, gamma_init", INITIAL, covered="random values"),
        Parameter("axis", "`batch` = all other axes but the channels'"),
        Parameter("parameters of each element", "`parameters`, `affine = per_member`",
                  covered=EVERY),
    ],
    ("MegEngine", ("BatchNorm2d", "BatchNorm1d")): [
        Parameter("num_features", "the size of the feature axis in the types", covered=EVERY),
        Parameter("eps", "`epsilon`"),
        Parameter("eps added or max", "`epsilon_mode`", "mode"),
        Parameter("momentum", "`momentum`, the same"),
        Parameter("affine", "`scale` and `bias`, or neither"),
        Parameter("track_running_stats", "`running`, or none"),
        Parameter("freeze", "`norm.batch_norm_inference`"),
        Parameter("training", "`norm.batch_norm_training` or `_inference`"),
        Parameter("one value a channel", "`single = nan`", covered="one case of each layer"),
    ],
    ("BrainState", ("BatchNorm1d", "BatchNorm0d", "BatchNorm2d", "BatchNorm3d")): [
        Parameter("in_size", "the sizes in the types", covered=EVERY),
        Parameter("feature_axis", "`features`"),
        Parameter("track_running_stats", "`running`, or none"),
        Parameter("epsilon", "`epsilon`"),
        Parameter("momentum", "`momentum`, the same"),
        Parameter("affine", "`scale` and `bias`, or neither"),
        Parameter("bias_initializer, scale_initializer", INITIAL, covered="random values"),
        *describe_devices(),
        Parameter("use_fast_variance", "`variance = fast` or `stable`"),
        Parameter("dtype", "the element type of `output`"),
        Parameter("param_type, mean_type", "frontend: classes of states, without numbers",
                  covered="none is needed"),
        Parameter("fit", "`norm.batch_norm_training` or `_inference`"),
        Parameter("mask, at the call", "`mask` or `lengths`, `unselected = normalize`", "mask"),
    ],
    ("Flax", ("BatchNorm (linen)",)): [
        Parameter("use_running_average", "`norm.batch_norm_training` or `_inference`"),
        Parameter("axis", "`features`"),
        Parameter("momentum", "`momentum`, the same"),
        Parameter("epsilon", "`epsilon`"),
        Parameter("dtype", "the element type of `output`"),
        Parameter("param_dtype", "the element types of `scale`, `bias` and `running`"),
        Parameter("use_bias", "`bias`, or none"),
        Parameter("use_scale", "`scale`, or none"),
        Parameter("bias_init, scale_init", INITIAL, covered="random values"),
        *describe_devices(),
        Parameter("use_fast_variance", "`variance = fast` or `stable`"),
        Parameter("force_float32_reductions", "`accumulator`, never below f32"),
        Parameter("mask, at the call", "`mask` or `lengths`, `unselected = normalize`", "mask"),
    ],
}

HEAD = """\
## The specified layers

Every parameter of the five layers that Norm is specified by, what Norm has for it, and the values of it that this run compared. The
first is the documented default where there is one, which the constructor is not passed: that it is the default is tested too. The
cases are those of the layer and of its kin of other dimensions. Masks are those of `test/Conformance/masks.py`."""
SHOWN = 6  # values of a parameter


def describe_values(parameter, layers, results):
    """The values of a parameter that cases had, or how many there are."""
    values, cases = {}, 0
    for layer in layers:
        counter = results.arguments[layer][parameter.key]
        cases += counter.total()
        default = layer.defaults.get(parameter.key)
        values |= {str(v): None for v in counter if v == default}
        values |= dict.fromkeys(map(str, counter))
    if not values:
        return "no case"
    shown = ", ".join(f"`{v}`" for v in values)
    return f"{shown if len(values) <= SHOWN else f'{len(values)} values'}; {cases} cases"


def make_tables(results):
    """A section for each specified layer of which cases were compared."""
    lines = [HEAD]
    for (system, names), parameters in SPECIFIED.items():
        layers = [layer for name in names for layer in results.layers
                  if (layer.system, layer.name) == (system, name)]
        if not layers:
            continue
        lines += ["", f"### {system} {names[0]}", "", "| parameter | in Norm | cases |",
                  "|---|---|---|"]
        for parameter in parameters:
            covered = parameter.covered or describe_values(parameter, layers, results)
            lines.append(f"| {parameter.name} | {parameter.norm} | {covered} |")
    return lines
