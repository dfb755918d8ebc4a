"""The bench's process in SpiffWorkflow, started with a Python that has it: prints milliseconds and bytes of one move.

The rule task becomes a script and the collection a number; everything else of the file is as it is.
"""

import io
import json
import re
import sys
import time
from pathlib import Path

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

ROUNDS, MOVES = 5, 20


def adapted() -> bytes:
    """The file in Spiff's own dialect."""
    text = Path(__file__).with_name("process.bpmn").read_text()
    script = r"<bpmn:scriptTask\1><bpmn:script>right = {'granted': True}</bpmn:script></bpmn:scriptTask>"
    text = re.sub(r"<bpmn:businessRuleTask(.*?)>.*?</bpmn:businessRuleTask>", script, text, flags=re.DOTALL)
    text = re.sub(r"<bpmn:extensionElements>.*?</bpmn:extensionElements>", "", text, flags=re.DOTALL)
    loop = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>"
    text = text.replace("<bpmn:multiInstanceLoopCharacteristics>", loop)
    return text.replace("=right.granted", "right['granted']").replace(">P10D<", '>"P10D"<').encode()


def main() -> None:
    """Measure load, complete and save of one case."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(io.BytesIO(adapted())))
    workflow = BpmnWorkflow(parser.get_spec("bench"), parser.get_subprocess_specs("bench"))
    workflow.do_engine_steps()
    workflow.refresh_waiting_tasks()
    serializer = BpmnWorkflowSerializer()
    kept = serializer.serialize_json(workflow)

    def move() -> str:
        case = serializer.deserialize_json(kept)
        review = next(
            task for task in case.get_tasks(state=TaskState.READY) if task.task_spec.bpmn_id == "review"
        )
        review.data["ok"] = True
        review.run()
        case.do_engine_steps()
        return serializer.serialize_json(case)

    assert move() != kept
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(MOVES):
            move()
        taken.append((time.process_time() - begun) / MOVES)
    json.dump({"ms": min(taken) * 1000, "bytes": len(kept)}, sys.stdout)


main()
