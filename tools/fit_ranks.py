#!/usr/bin/env python3
"""Fits the trees by which ndlog orders the events of one log (src/ranking/trees.json).

    ndlog features LOG... > features.jsonl
    fit_ranks.py features.jsonl labels.jsonl [--seeds 3] [--curve] [--quick] [--write src/ranking/trees.json]

Logs whose group begins with "kind " come from make_kinds.py: they are learnt from and not judged by.
labels.jsonl: a line a log, {"log": "path", "lines": [first, last], "any": [lines], "group": "project"};
`lines` is what a person marked as the reason, or `any` where one of several single lines is right. With "times" a log
is learnt from as often: those of a sort of which there are few.
A fifth of the projects, those whose names hash to it, is frozen: nothing is fitted on them, nobody reads their logs
while rules are written, and only their figure may be quoted. The others are judged by nested cross-validation by
project: in each fold the size of the trees and the thresholds of order.rs and shown.rs are chosen on inner folds of
what is left, so that nothing that judges a project was fitted on it. Prints the figures in sample, cross-validated
(mean and spread over seeds) and frozen; with --curve also for fits on fewer projects. With --quick at most eight logs of
a project and every sixth made one are learnt from, and the trees are half as many: all of it ends within minutes.
Needs numpy and lightgbm. Only weights are written: no word of any log.
"""
import argparse, dataclasses, hashlib, json

import lightgbm
import numpy

FOLDS, INNER, SHOWN = 5, 3, 30
# Those of src/ranking/order.rs and src/ranking/shown.rs that are not fitted.
REPORT, STANDS_FOR, MOST, APART, BESIDE = 8.0, 1.0, 10, 3, 4


@dataclasses.dataclass(frozen=True)
class Choice:
    """What is chosen inside a fold: the size of the trees, and the thresholds of order.rs and shown.rs."""

    leaves: int
    rounds: int
    ridge: float
    nearly: float = 0.5
    least: tuple = (0.3, 0.5, 0.6)


# Measured 2026-11-27, in sample and frozen hit@1: 31 leaves .916 and .627, 8 leaves .840 and .718, 4 leaves .777 and .636.
TREES = [Choice(8, 120, 20.0), Choice(4, 150, 50.0)]
NEARLY = [0.2, 0.5, 0.9]
LEAST = [(0.1, 0.25, 0.35), (0.3, 0.5, 0.6)]

# With --quick: logs of a project, every so many of the made ones, and how much of the rounds.
FEW, SPARSE, ROUNDS = 8, 6, 0.5

# What speaks for an event can only raise its score, and what speaks against it only lower it.
RAISES = {"class", "test", "frames", "body.is.PytestError", "head.is.PytestError"}
LOWERS = {
    "role.generic", "role.cascade", "role.teardown", "role.context", "step-passed", "head.Success", "head.Done", "head.Skip",
    "head.Advice", "head.Deprecation", "head.is.StepPassed", "head.is.Tick", "head.is.CountZero", "head.is.QuietLevel", "head.is.Command",
    "head.is.Flags", "head.is.Retrying",
}


def parameters(names, choice, seed):
    """The settings of lightgbm for a choice."""
    signs = [1 if name in RAISES else -1 if name in LOWERS else 0 for name in names]
    return dict(
        objective="lambdarank", lambdarank_truncation_level=5, label_gain=[0, 1, 2], num_leaves=choice.leaves, min_data_in_leaf=20,
        learning_rate=0.05, feature_fraction=0.3, bagging_fraction=0.8, bagging_freq=1, lambda_l2=choice.ridge,
        monotone_constraints=signs, verbose=-1, num_threads=2, seed=seed, deterministic=True,
    )


def is_frozen(project):
    """Returns true for the fifth of the projects on which nothing is fitted: chosen by name, before anybody looked."""
    return int(hashlib.sha256(project.encode()).hexdigest()[:8], 16) % 5 == 0


class Log:
    """The events of one log and which of them a reader should be shown first."""

    def __init__(self, row, label, width):
        self.lines = row["lines"]
        self.weights = row["weights"]
        self.rows = numpy.zeros((len(self.lines), width), dtype=numpy.float32)
        for event, values in enumerate(row["rows"]):
            for feature, value in values:
                self.rows[event, feature] = value
        first, last = label["lines"]
        self.truth = set(label.get("any") or range(first, last + 1))
        self.group, self.times = label["group"], label.get("times", 1)
        self.grades = numpy.array([self.grade(a, b) for a, b in self.lines], dtype=int)
        self.right = self.grades > 0

    def grade(self, first, last):
        """Returns 0 for an event that shows nothing of the reason, 1 if some, 2 if it shows little else."""
        shown = range(first, min(last, first + SHOWN - 1) + 1)
        found = len(self.truth.intersection(shown))
        return int(found > 0) + int(found >= len(shown) / 2)


def read(features, labels):
    labels = {label["log"]: label for label in map(json.loads, open(labels))}
    rows = map(json.loads, open(features))
    names = next(rows)["names"]
    return names, [Log(row, labels[row["source"]], len(names)) for row in rows if "lines" in row and row["source"] in labels]


def fit(logs, names, choice, seed):
    logs = [log for log in logs if log.right.any() for _ in range(log.times)]
    rows = numpy.concatenate([log.rows for log in logs])
    grades = numpy.concatenate([log.grades for log in logs])
    data = lightgbm.Dataset(rows, grades, group=[len(log.grades) for log in logs])
    return lightgbm.train(parameters(names, choice, seed), data, num_boost_round=choice.rounds)


class Columns:
    """Where the features stand that order.rs and shown.rs ask about."""

    def __init__(self, names):
        alone = [place for place, name in enumerate(names) if "&" not in name]
        self.at = {names[place]: place for place in alone}
        self.kinds = [place for place in alone if names[place].startswith("kind.")]
        self.looks = [place for place in alone if names[place].startswith(("kind.", "head."))]

    def has(self, log, name):
        return log.rows[:, self.at[name]] > 0


def lift_reports(log, scores, columns):
    """As src/ranking/order.rs does: what the form of a report says, and all of one kind as high as the highest."""
    told = [event for event, weight in enumerate(log.weights) if weight >= REPORT]
    alike = lambda one, other: (log.rows[one, columns.kinds] == log.rows[other, columns.kinds]).all()
    highest = {event: max(scores[other] for other in told if alike(event, other)) for event in told}
    for event, weight in enumerate(log.weights):
        scores[event] = highest.get(event, scores[event]) + weight


def specific_before_generic(log, scores, columns):
    """As src/ranking/order.rs does: the best specific failure of a step passes before its generic end."""
    has = lambda name: columns.has(log, name)
    counts = has("kind.test") & ~has("test") & ~has("class") & ~has("frames") & has("head.is.CountBad")
    stands = numpy.array(log.weights) > -REPORT
    specific = has("role.root") & ~has("kind.command") & ~has("kind.silence") & ~counts & stands
    ends = (has("role.generic") | has("role.context") | counts) & stands
    steps = numpy.cumsum(has("first-in-step"))
    for end in numpy.flatnonzero(ends):
        own = numpy.flatnonzero(specific & (steps == steps[end]))
        if not len(own):
            continue
        best = own[int(numpy.argmax(scores[own]))]
        if best < end and 0 < scores[end] - scores[best] < STANDS_FOR:
            scores[[best, end]] = scores[[end, best]]


def prefer_the_first(log, scores, columns, nearly):
    """As src/ranking/order.rs does: the first of the best one's kind that scores nearly as high wins."""
    best = int(numpy.argmax(scores))
    for event in range(best):
        if scores[event] > scores[best] - nearly and (log.rows[event, columns.kinds] == log.rows[best, columns.kinds]).all():
            scores[event] = scores[best] + 1e-6
            break


def shown(log, scores, columns, least):
    """As src/ranking/shown.rs does: what looks unlike the best in front, then what is nearly as likely."""
    order = list(numpy.argsort(-scores, kind="stable"))
    front, seen = [], set()
    for event in order:
        look = log.rows[event, columns.looks].tobytes()
        if len(front) < APART and look not in seen:
            seen.add(look)
            front.append(event)
    own = columns.has(log, "class") & columns.has(log, "frames") & columns.has(log, "role.root") & (numpy.array(log.weights) > -REPORT)
    events = []
    for place, event in enumerate((front + [event for event in order if event not in front])[:MOST]):
        (first, last) = log.lines[event]
        beside = any(max(first - log.lines[one][1], log.lines[one][0] - last) <= BESIDE for one in events)
        enough = 0.0 if place == 0 or place < APART and own[event] else least[0] if place < APART else least[1] if beside else least[2]
        if numpy.exp(min(0.0, scores[event] - scores.max())) >= enough:
            events.append(event)
    return events


def judge(log, scores, columns, choice):
    """Returns hit@1, hit@3 and the F1 of the first lines shown, as a reader would meet them."""
    if not len(scores):
        return 0.0, 0.0, 0.0
    scores = numpy.array(scores)
    lift_reports(log, scores, columns)
    specific_before_generic(log, scores, columns)
    prefer_the_first(log, scores, columns, choice.nearly)
    events = shown(log, scores, columns, choice.least)
    lines = []
    for event in events:
        lines += [line for line in range(log.lines[event][0], log.lines[event][1] + 1) if line not in lines]
    lines = set(lines[:SHOWN])
    found = len(lines & log.truth)
    precision, recall = found / len(lines), found / min(len(log.truth), SHOWN)
    f1 = 2 * precision * recall / (precision + recall) if found else 0.0
    return float(log.right[events[:1]].any()), float(log.right[events[:3]].any()), f1


def figures(logs, scores, columns, choice):
    return numpy.mean([judge(log, own, columns, choice) for log, own in zip(logs, scores)], axis=0)


def predict(model, logs):
    return [model.predict(log.rows) if len(log.lines) else numpy.zeros(0) for log in logs]


def folds(logs, count, seed):
    """Returns the logs in so many parts; all logs of a project are in one."""
    groups = sorted({log.group for log in logs})
    part = dict(zip(numpy.random.RandomState(seed).permutation(groups), (place % count for place in range(len(groups)))))
    return [[log for log in logs if part[log.group] == held] for held in range(count)]


def choose(logs, made, names, columns, seed):
    """Returns the choice that ranks best on inner folds: hit@1 and F1 count alike."""
    parts = folds(logs, INNER, seed)
    best = None
    for trees in TREES:
        scored = []
        for held in parts:
            model = fit(made + [log for part in parts if part is not held for log in part], names, trees, seed)
            scored += list(zip(held, predict(model, held)))
        held, scores = zip(*scored)
        for nearly in NEARLY:
            for least in LEAST:
                choice = dataclasses.replace(trees, nearly=nearly, least=least)
                hit1, _, f1 = figures(held, scores, columns, choice)
                if best is None or hit1 + f1 > best[0] + 1e-9:
                    best = (hit1 + f1, choice)
    return best[1]


def nested(logs, made, names, columns, seed):
    """Returns the figures over all folds, each judged by what was chosen and fitted without its projects."""
    parts = folds(logs, FOLDS, seed)
    rows = []
    for held in parts:
        rest = [log for part in parts if part is not held for log in part]
        choice = choose(rest, made, names, columns, seed)
        model = fit(made + rest, names, choice, seed)
        rows += [judge(log, scores, columns, choice) for log, scores in zip(held, predict(model, held))]
    return numpy.mean(rows, axis=0)


def curve(logs, made, names, columns, choice, seeds):
    """Prints the figures of fits on fewer projects, judged on the rest."""
    groups = sorted({log.group for log in logs})
    for count in (5, 10, 20, 30):
        rows = []
        for seed in range(1, seeds + 1):
            some = set(numpy.random.RandomState(seed).permutation(groups)[:count])
            model = fit(made + [log for log in logs if log.group in some], names, choice, seed)
            rest = [log for log in logs if log.group not in some]
            if rest:
                rows.append(figures(rest, predict(model, rest), columns, choice))
        if rows:
            tell(f"fitted on {count} projects", rows)


def few(logs):
    """Returns at most so many logs of each project, spread over them."""
    kept = []
    for group in sorted({log.group for log in logs}):
        own = [log for log in logs if log.group == group]
        kept += own[:: -(-len(own) // FEW)]
    return kept


def tell(what, rows):
    mean, spread = numpy.mean(rows, axis=0), numpy.std(rows, axis=0)
    names = ("hit@1", "hit@3", "F1")
    print(f"{what}: " + " ".join(f"{name} {value:.3f} (±{by:.3f})" for name, value, by in zip(names, mean, spread)), flush=True)


def flat(node, tree):
    """Adds the node and those below it; returns its place, leaves as -1 - leaf."""
    if "leaf_value" in node:
        tree["leaf"].append(round(node["leaf_value"], 5))
        return -len(tree["leaf"])
    place = len(tree["feature"])
    for key in ("feature", "threshold", "left", "right"):
        tree[key].append(0)
    tree["feature"][place] = node["split_feature"]
    tree["threshold"][place] = round(node["threshold"], 5)
    tree["left"][place] = flat(node["left_child"], tree)
    tree["right"][place] = flat(node["right_child"], tree)
    return place


def write(path, names, model):
    trees = []
    for tree in model.dump_model()["tree_info"]:
        trees.append({"feature": [], "threshold": [], "left": [], "right": [], "leaf": []})
        flat(tree["tree_structure"], trees[-1])
    with open(path, "w") as out:
        lines = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in trees)
        out.write('{"names":%s,\n"trees":[\n%s\n]}\n' % (json.dumps(names), lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features")
    parser.add_argument("labels")
    parser.add_argument("--seeds", type=int, default=3, help="how often the folds are drawn anew")
    parser.add_argument("--curve", action="store_true", help="also fit on fewer projects")
    parser.add_argument("--quick", action="store_true", help="learn from fewer logs, with fewer trees")
    parser.add_argument("--write", metavar="FILE", help="fit on all projects that are not frozen and write the trees here")
    arguments = parser.parse_args()
    names, logs = read(arguments.features, arguments.labels)
    columns = Columns(names)
    made = [log for log in logs if log.group.startswith("kind ")]
    judged = [log for log in logs if not log.group.startswith("kind ")]
    frozen = [log for log in judged if is_frozen(log.group)]
    logs = [log for log in judged if not is_frozen(log.group)]
    if arguments.quick:
        logs, made = few(logs), made[::SPARSE]
        TREES[:] = [dataclasses.replace(trees, rounds=int(trees.rounds * ROUNDS)) for trees in TREES]
    print(f"{len(logs)} logs of {len({log.group for log in logs})} projects, {len(frozen)} of frozen ones, {len(made)} made")
    choice = choose(logs, made, names, columns, 1)
    print(f"chosen: {choice}", flush=True)
    model = fit(made + logs, names, choice, 1)
    tell("in sample", [figures(logs, predict(model, logs), columns, choice)])
    if frozen:
        tell("frozen", [figures(frozen, predict(model, frozen), columns, choice)])
    if arguments.write:
        write(arguments.write, names, model)
    tell("cross-validated", [nested(logs, made, names, columns, seed) for seed in range(1, arguments.seeds + 1)])
    if arguments.curve:
        curve(logs, made, names, columns, choice, arguments.seeds)


if __name__ == "__main__":
    main()
