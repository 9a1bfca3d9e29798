"""Random pipelines of `command` stages: sources, fan-outs over files, lines and elements, joins, gates, editable texts, deliveries."""


def pipeline(random, log):
    """The text of a valid `pipeline.yaml`. `log`: see step.sh in `show.py`."""
    singles, fans, elements = ["brief"], ["texts"], []
    lines = ['stages:', '  brief:  { source: brief.txt }', '  texts:  { source: "texts/%s" }' % random.choice(["*.txt", "**/*.txt", "**"]), "  data:   { source: data.yaml }"]
    names = [f"s{number}" for number in random.sample(range(1, 30), random.randint(2, 6))]
    for name in names:
        kind = random.choice(["files", "files", "lines", "elements", "join", "join", "copy"])
        if kind in ("join", "copy"):
            lines.append(joined(random, log, name, singles, fans) if kind == "join" else copied(random, log, name, singles))
            singles.append(name)
        else:
            over = random.choice(fans) if kind == "files" else random.choice(singles) + ".lines" if kind == "lines" else "data.parts"
            lines.append(fanned(random, log, name, over))
            fans.append(name)
    return "\n".join(lines) + "\n"


def step(log, name, inputs):
    """Whatever is made of no files at all is made of nothing."""
    return f'sh step.sh {log} {name} {name}.txt {inputs}'


def options(random, name, output=False):
    chosen = []
    if random.random() < 0.6:
        chosen.append("deliver: true")
    if output and random.random() < 0.3:
        chosen.append(f"output: {name}.txt, editable: true")
    if random.random() < 0.1:
        chosen.append("gate: true")
    return "".join(", " + option for option in chosen)


def fanned(random, log, name, over):
    return f'  {name}: {{ tool: command, each: {over}, run: [sh, -c, "{step(log, name, "in")}"], inputs: {{ step.sh: ./step.sh, in: item }}, outputs: [{name}.txt]{options(random, name)} }}'


def copied(random, log, name, singles):
    of = random.choice(singles)
    return f'  {name}: {{ tool: command, run: [sh, -c, "{step(log, name, "in")}"], inputs: {{ step.sh: ./step.sh, in: {of} }}, outputs: [{name}.txt]{options(random, name, output=True)} }}'


def joined(random, log, name, singles, fans):
    of = random.sample(fans, random.randint(1, min(2, len(fans)))) + random.sample(singles, random.randint(0, 1))
    inputs = ", ".join(f"in{number}: {one}" for number, one in enumerate(of))
    # Files of directories and files alike, in the order of their paths.
    command = f"find in* -type f | LC_ALL=C sort > list; {step(log, name, 'list $(cat list)')}"
    return f'  {name}: {{ tool: command, run: [sh, -c, "{command}"], inputs: {{ step.sh: ./step.sh, {inputs} }}, outputs: [{name}.txt]{options(random, name, output=True)} }}'
