"""Runs processes in SpiffWorkflow: JSON in, JSON out. Started by `second_opinions.py` with a Python of its own."""

import io
import json
import sys
from collections import Counter
from random import Random

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

MOST = 500


def run(work):
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(io.BytesIO(work["xml"].encode())))
    workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
    workflow.task_tree.data.update(work["variables"])
    for task in workflow.get_tasks(state=TaskState.READY):
        task.data.update(work["variables"])
    random, ran = Random(work["seed"]), Counter()
    workflow.do_engine_steps()
    for _ in range(MOST):
        ready = [task for task in workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]
        if not ready:
            break
        task = random.choice(sorted(ready, key=lambda each: each.task_spec.bpmn_id))
        ran[task.task_spec.bpmn_id] += 1
        task.run()
        workflow.do_engine_steps()
    return {"ran": ran, "error": "" if workflow.completed else "does not end"}


def main():
    answers = []
    for work in json.load(sys.stdin):
        try:
            answers.append(run(work))
        except Exception as wrong:
            answers.append({"error": f"{type(wrong).__name__}: {wrong}"})
    json.dump(answers, sys.stdout)


main()
