#!/usr/bin/env python3
"""Makes whole CI logs of the kinds of failure in datasets/kinds, with labels for fit_ranks.py.

    make_kinds.py OUT [--copies 6]

A case is the output of a failing step; the first character of a line is `!` where it belongs to the reason, else a
blank. Each copy puts noise of healthy steps before and after it and wraps it as a CI system would. The same arguments
make the same logs. Writes OUT/*.log and OUT/labels.jsonl.
"""
import argparse, datetime, json, pathlib, random

KINDS = pathlib.Path(__file__).resolve().parent.parent / "datasets" / "kinds"
ESCAPE = "\u241b"
# A script that the CI system quotes whole.
QUOTED = """bash -c "
  if [ '$LINT' = '1' ]; then
    ./ci/lint.sh || echo 'lint failed'
  else
    ./ci/test.sh --fail-fast
  fi
\""""


def read(path):
    """Returns the lines of a case and whether each belongs to the reason."""
    marked = [line for line in path.read_text(encoding="utf8").split("\n") if line]
    return [(line[1:].replace(ESCAPE, "\x1b"), line[0] == "!") for line in marked]


def plain(lines):
    return [(line, False) for line in lines]


def travis(steps, failing):
    yield from plain(["travis_fold:start:system_info", "\x1b[33;1mBuild system information\x1b[0m", "travis_fold:end:system_info"])
    for number, step in enumerate(steps):
        code = int(number == failing)
        yield from plain([f"travis_time:start:{number:08x}", f"$ ./ci/step_{number}.sh"])
        yield from step
        script = f"./ci/step_{number}.sh" if number % 2 else QUOTED
        yield from plain(["", *f'\x1b[3{2 - code};1mThe command "{script}" exited with {code}.\x1b[0m'.split("\n")])
    yield from plain(["", "Done. Your build exited with 1."])


def github(steps, failing):
    for number, step in enumerate(steps):
        yield from plain([f"##[group]Run ./ci/step_{number}.sh", f"\x1b[36;1m./ci/step_{number}.sh\x1b[0m", "shell: /usr/bin/bash -e {0}", "##[endgroup]"])
        yield from step
        if number == failing:
            yield from plain(["##[error]Process completed with exit code 1."])
    yield from plain(["Post job cleanup.", "[command]/usr/bin/git version", "git version 2.43.0", "Cleaning up orphan processes"])


def gitlab(steps, failing):
    yield from plain(["Running with gitlab-runner 16.11.0", "Preparing the \"docker\" executor"])
    for number, step in enumerate(steps):
        yield from plain([f"\x1b[32;1m$ ./ci/step_{number}.sh\x1b[0;m"])
        yield from step
        if number == failing:
            yield from plain(["Running after_script", "Cleaning up project directory and file based variables"])
    yield from plain(["\x1b[31;1mERROR: Job failed: exit code 1\x1b[0;m"])


def jenkins(steps, failing):
    yield from plain(["Started by an SCM change", "Building on agent-7 in workspace /var/jenkins/workspace/nightly"])
    for number, step in enumerate(steps):
        yield from plain([f"+ ./ci/step_{number}.sh"])
        yield from step
        if number == failing:
            yield from plain(["Build step 'Execute shell' marked build as failure"])
    yield from plain(["Archiving artifacts", "Finished: FAILURE"])


def azure(steps, failing):
    for number, step in enumerate(steps):
        yield from plain([f"##[section]Starting: step {number}", "Generating script."])
        yield from step
        if number == failing:
            yield from plain(["##[error]Bash exited with code '1'."])
        yield from plain([f"##[section]Finishing: step {number}"])


def buildkite(steps, failing):
    for number, step in enumerate(steps):
        yield from plain([f"\x1b[90m$\x1b[0m ./ci/step_{number}.sh"])
        yield from step
        if number == failing:
            yield from plain(["\x1b[31m🚨 Error: The command exited with status 1\x1b[0m", "^^^ +++"])


def bare(steps, failing):
    for step in steps:
        yield from step


WRAPPERS = [travis, github, gitlab, jenkins, azure, buildkite, bare]
TIMES = {"github": "{0:%Y-%m-%dT%H:%M:%S}.{1:07}Z ", "azure": "{0:%Y-%m-%dT%H:%M:%S}.{1:07}Z ", "jenkins": "[{0:%Y-%m-%dT%H:%M:%S}.{1:03}Z] "}


def timed(lines, wrapper, chance):
    form = TIMES.get(wrapper.__name__)
    now = datetime.datetime(2026, 3, 1, 8, 30)
    for line, reason in lines:
        now += datetime.timedelta(milliseconds=chance.randrange(400))
        yield (form.format(now, chance.randrange(1000)) if form else "") + line, reason


def compose(case, noise, chance):
    """Returns one log: healthy steps, the failing one, and what CI systems do afterwards."""
    before, after = chance.randrange(0, 5), chance.choice([0, 0, 0, 1, 2])
    steps = [*chance.sample(noise, before), case, *chance.sample(noise, after)]
    wrapper = chance.choice(WRAPPERS)
    return list(timed(wrapper(steps, before), wrapper, chance))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--copies", type=int, default=6)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    noise = [read(path) for path in sorted(KINDS.glob("noise/*.txt"))]
    with open(arguments.out / "labels.jsonl", "w") as labels:
        for path in sorted(KINDS.glob("*.txt")):
            for copy in range(arguments.copies):
                lines = compose(read(path), noise, random.Random(f"{path.stem} {copy}"))
                log = (arguments.out / f"{path.stem}_{copy}.log").resolve()
                log.write_text("".join(line + "\n" for line, _ in lines), encoding="utf8")
                reason = [number for number, (_, reason) in enumerate(lines, 1) if reason]
                label = {"log": str(log), "lines": [reason[0], reason[-1]], "any": reason, "group": f"kind {path.stem}"}
                print(json.dumps(label), file=labels)


if __name__ == "__main__":
    main()
