"""The orchestrator: runs the stages, and remembers in state.json which are done."""
import json
import os
import runpy

state = json.load(open("state.json")) if os.path.exists("state.json") else {"done": []}
for stage in ["split", "speak", "join"]:
    if stage in state["done"]:
        continue
    runpy.run_path(f"{stage}.py")
    state["done"].append(stage)
    json.dump(state, open("state.json", "w"))
