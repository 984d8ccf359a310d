"""What the operators of an ONNX graph name: classes, and the categories of single columns.

ONNX Runtime knows only the types of inputs and outputs. The package ``onnx`` reads the graph; it
comes with skl2onnx, and without it nothing is known.
"""

from dataclasses import dataclass
from typing import Any

#: Operators that hand on a single column as it is.
HAND_ON = frozenset(
    {"ArrayFeatureExtractor", "Flatten", "Gather", "Identity", "Reshape", "Squeeze", "Unsqueeze"}
)


@dataclass(frozen=True, slots=True)
class GraphNames:
    """What a graph names.

    Attributes
    ----------
    classes
        Lists that could be the classes, each of numbers or of texts.
    categories
        The categories of inputs, by the name of each.
    """

    classes: tuple[tuple[Any, ...], ...] = ()
    categories: tuple[tuple[str, tuple[str, ...]], ...] = ()


def graph_names(data: bytes) -> GraphNames:
    """Read what a graph names; nothing where ``onnx`` is not installed."""
    try:
        import onnx
    except ImportError:
        return GraphNames()
    graph = onnx.load_model_from_string(data).graph
    return GraphNames(tuple(_classes(graph, onnx.numpy_helper.to_array)), tuple(_categories(graph)))


def _classes(graph: Any, to_array: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401
    named = [
        tuple(map(_text, attribute.strings)) or tuple(attribute.ints)
        for node in graph.node
        for attribute in node.attribute
        if attribute.name.startswith("classlabels_")
    ]
    constants = [
        tuple(map(_text, to_array(each).ravel().tolist()))
        for each in graph.initializer
        if each.name.startswith("classes") and not each.external_data  # which lies in another file
    ]
    return [each for each in (*named, *constants) if each]


def _categories(graph: Any) -> list[tuple[str, tuple[str, ...]]]:  # noqa: ANN401
    sources = {each.name: each.name for each in graph.input}
    found: list[tuple[str, tuple[str, ...]]] = []
    for node in graph.node:
        source = sources.get(node.input[0]) if node.input else None
        if source is None:
            continue
        if node.op_type in HAND_ON:
            sources[node.output[0]] = source
        if node.op_type == "OneHotEncoder":
            found.extend(
                (source, tuple(map(_text, attribute.strings)))
                for attribute in node.attribute
                if attribute.name == "cats_strings"
            )
    return found


def _text(value: Any) -> Any:  # noqa: ANN401 - a number, or a text as bytes
    return value.decode() if isinstance(value, bytes) else value
