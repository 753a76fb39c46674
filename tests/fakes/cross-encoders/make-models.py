"""Makes the tiny cross-encoders beside this file: `pip install onnx==1.23.2 && python make-models.py`.

They learned nothing, but they are real ONNX models with the inputs and outputs of one, and they read the question and
the passage together: the score is the number of equal pairs of a question's and a passage's word pieces.
"""

from pathlib import Path

from onnx import TensorProto, checker, helper, save

NODE = helper.make_node
FOLDER = Path(__file__).parent


def shared_pieces(ids: str, types: str) -> list:
    """Nodes that set `score` [1, 1] to the pairs of equal pieces, one of type 0 and one of type 1."""
    return [
        NODE("Unsqueeze", [ids, "two"], ["row"]),
        NODE("Unsqueeze", [ids, "one"], ["column"]),
        NODE("Equal", ["row", "column"], ["equal"]),
        NODE("Cast", ["equal"], ["equal_f"], to=TensorProto.FLOAT),
        NODE("Cast", [types], ["types_f"], to=TensorProto.FLOAT),
        NODE("Sub", ["unit", "types_f"], ["question"]),
        NODE("Unsqueeze", ["question", "two"], ["question_row"]),
        NODE("Unsqueeze", ["types_f", "one"], ["passage_column"]),
        NODE("Mul", ["equal_f", "question_row"], ["half"]),
        NODE("Mul", ["half", "passage_column"], ["pairs"]),
        NODE("ReduceSum", ["pairs", "one_two"], ["total"], keepdims=0),
        NODE("Unsqueeze", ["total", "one"], ["score"]),
    ]


def write(name: str, inputs: list[str], nodes: list, logits: int) -> None:
    constants = [
        helper.make_tensor("one", TensorProto.INT64, [1], [1]),
        helper.make_tensor("two", TensorProto.INT64, [1], [2]),
        helper.make_tensor("one_two", TensorProto.INT64, [2], [1, 2]),
        helper.make_tensor("unit", TensorProto.FLOAT, [1], [1.0]),
        helper.make_tensor("nothing", TensorProto.FLOAT, [1], [0.0]),
    ]
    used = {name for node in nodes for name in node.input}
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info(one, TensorProto.INT64, [1, "pieces"]) for one in inputs],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, logits])],
        [constant for constant in constants if constant.name in used],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    checker.check_model(model, full_check=True)
    save(model, FOLDER / f"{name}.onnx")


ALL = ["input_ids", "attention_mask", "token_type_ids"]
SCORE = shared_pieces("input_ids", "token_type_ids")
write("one-logit", ALL, [*SCORE, NODE("Identity", ["score"], ["logits"])], 1)
# "not relevant" and "relevant": three times the score between them.
APART = [
    NODE("Neg", ["score"], ["no"]),
    NODE("Add", ["score", "score"], ["yes"]),
    NODE("Concat", ["no", "yes"], ["logits"], axis=1),
]
write("two-logits", ALL, [*SCORE, *APART], 2)
write("three-logits", ALL, [*SCORE, NODE("Concat", ["score", "score", "score"], ["logits"], axis=1)], 3)
# As one-logit, but a run takes its time: long enough for a test to come in between.
HEAVY = [
    NODE("MatMul", ["equal_f", "equal_f"], ["second"]),
    NODE("MatMul", ["second", "equal_f"], ["third"]),
    NODE("MatMul", ["third", "equal_f"], ["fourth"]),
    NODE("MatMul", ["fourth", "equal_f"], ["fifth"]),
    NODE("ReduceSum", ["fifth", "one_two"], ["heavy_total"], keepdims=0),
    NODE("Unsqueeze", ["heavy_total", "one"], ["heavy"]),
    NODE("Mul", ["heavy", "nothing"], ["no_more"]),
    NODE("Add", ["score", "no_more"], ["logits"]),
]
write("slow", ALL, [*SCORE, *HEAVY], 1)
# Like DistilBERT it has no types: the score is the number of equal pairs in all of the input.
ANY_PAIRS = [
    *SCORE[:4],
    NODE("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
    NODE("Mul", ["equal_f", "mask"], ["pairs"]),
    NODE("ReduceSum", ["pairs", "one_two"], ["total"], keepdims=0),
    NODE("Unsqueeze", ["total", "one"], ["logits"]),
]
write("without-types", ALL[:2], ANY_PAIRS, 1)
# It wants what only other kinds of models are given.
POSITIONS = [*shared_pieces("input_ids", "position_ids"), NODE("Identity", ["score"], ["logits"])]
write("with-positions", ["input_ids", "position_ids"], POSITIONS, 1)
