// Runs processes in bpmn-engine: JSON in, JSON out. Started by `second_opinions.py`.
const path = require("node:path");
const { EventEmitter } = require("node:events");
const { Engine } = require(path.join(process.argv[2], "node_modules", "bpmn-engine"));

const MOST = 500;
const PATIENCE = 50;

function chooser(seed) {
  let state = seed + 1;
  return (count) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % count;
  };
}

async function run({ xml, variables, seed }) {
  const ran = {};
  const waiting = [];
  const listener = new EventEmitter();
  listener.on("activity.wait", (task) => waiting.push(task));
  const engine = new Engine({ name: "opinion", source: xml, variables: structuredClone(variables) });
  let over = "";
  const execution = await engine.execute({ listener }, (error) => {
    over = error ? `${error.name}: ${error.message}` : "done";
  });
  const choose = chooser(seed);
  for (let turn = 0; turn < MOST && !over; turn += 1) {
    for (let patience = 0; patience < PATIENCE && !waiting.length && !over; patience += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!waiting.length) break;
    const [task] = waiting.splice(choose(waiting.length), 1);
    ran[task.id] = (ran[task.id] || 0) + 1;
    task.signal();
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (!over) execution.stop();
  return { ran, error: over === "done" ? "" : over || "does not end" };
}

async function main() {
  let text = "";
  for await (const part of process.stdin) text += part;
  const answers = [];
  for (const work of JSON.parse(text)) {
    try {
      answers.push(await run(work));
    } catch (error) {
      answers.push({ error: `${error.name}: ${error.message}` });
    }
  }
  process.stdout.write(JSON.stringify(answers));
}

main();
