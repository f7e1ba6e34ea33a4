#!/usr/bin/env python3
"""Fits the trees by which ndlog orders the events of one log (src/ranking/trees.json).

    ndlog features LOG... > features.jsonl
    fit_ranks.py features.jsonl labels.jsonl [--write src/ranking/trees.json]

Logs whose group begins with "kind " come from make_kinds.py: they are learnt from and not judged by.
labels.jsonl: a line a log, {"log": "path", "lines": [first, last], "any": [lines], "group": "project"};
`lines` is what a person marked as the reason, or `any` where one of several single lines is right. With "times" a log
is learnt from as often: those of a sort of which there are few.
Prints figures from five-fold cross-validation by group, so that no project is judged by itself.
Needs numpy and lightgbm. Only weights are written: no word of any log.
"""
import argparse, json

import lightgbm
import numpy

ROUNDS, FOLDS, SEED, SHOWN = 200, 5, 1, 30
# Those of src/ranking/order.rs and src/ranking/shown.rs.
NEARLY, REPORT, MOST, APART, BESIDE = 0.5, 8.0, 10, 3, 4
LEAST, LEAST_BESIDE, LEAST_FAR = 0.1, 0.25, 0.35
PARAMETERS = dict(
    objective="lambdarank", lambdarank_truncation_level=5, label_gain=[0, 1, 2], num_leaves=31, min_data_in_leaf=20,
    learning_rate=0.05, feature_fraction=0.3, bagging_fraction=0.8, bagging_freq=1, lambda_l2=5.0, verbose=-1, num_threads=2, seed=SEED, deterministic=True,
)


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


def fit(logs):
    logs = [log for log in logs if log.right.any() for _ in range(log.times)]
    rows = numpy.concatenate([log.rows for log in logs])
    grades = numpy.concatenate([log.grades for log in logs])
    data = lightgbm.Dataset(rows, grades, group=[len(log.grades) for log in logs])
    return lightgbm.train(PARAMETERS, data, num_boost_round=ROUNDS)


def lift_reports(log, scores, kinds):
    """As src/ranking/order.rs does: what the form of a report says, and all of one kind as high as the highest."""
    told = [event for event, weight in enumerate(log.weights) if weight >= REPORT]
    alike = lambda one, other: (log.rows[one, kinds] == log.rows[other, kinds]).all()
    highest = {event: max(scores[other] for other in told if alike(event, other)) for event in told}
    for event, weight in enumerate(log.weights):
        scores[event] = highest.get(event, scores[event]) + weight


def prefer_the_first(log, scores, kinds):
    """As src/ranking/order.rs does: the first of the best one's kind that scores nearly as high wins."""
    best = int(numpy.argmax(scores))
    for event in range(best):
        if scores[event] > scores[best] - NEARLY and (log.rows[event, kinds] == log.rows[best, kinds]).all():
            scores[event] = scores[best] + 1e-6
            break


def shown(log, scores, looks):
    """As src/ranking/shown.rs does: what looks unlike the best in front, then what is nearly as likely."""
    order = list(numpy.argsort(-scores, kind="stable"))
    front, seen = [], set()
    for event in order:
        look = log.rows[event, looks].tobytes()
        if len(front) < APART and look not in seen:
            seen.add(look)
            front.append(event)
    events = []
    for place, event in enumerate((front + [event for event in order if event not in front])[:MOST]):
        (first, last) = log.lines[event]
        beside = any(max(first - log.lines[one][1], log.lines[one][0] - last) <= BESIDE for one in events)
        least = 0.0 if place == 0 else LEAST if place < APART else LEAST_BESIDE if beside else LEAST_FAR
        if numpy.exp(scores[event] - scores.max()) >= least:
            events.append(event)
    return events


def judge(log, scores, kinds, looks):
    """Returns hit@1, hit@3 and the F1 of the first lines shown, as a reader would meet them."""
    if not len(scores):
        return 0.0, 0.0, 0.0
    scores = numpy.array(scores)
    lift_reports(log, scores, kinds)
    prefer_the_first(log, scores, kinds)
    events = shown(log, scores, looks)
    lines = []
    for event in events:
        lines += [line for line in range(log.lines[event][0], log.lines[event][1] + 1) if line not in lines]
    lines = set(lines[:SHOWN])
    found = len(lines & log.truth)
    precision, recall = found / len(lines), found / min(len(log.truth), SHOWN)
    f1 = 2 * precision * recall / (precision + recall) if found else 0.0
    return float(log.right[events[:1]].any()), float(log.right[events[:3]].any()), f1


def cross_validate(logs, names):
    made = [log for log in logs if log.group.startswith("kind ")]
    logs = [log for log in logs if log not in made]
    groups = sorted({log.group for log in logs})
    fold = {group: place % FOLDS for place, group in zip(numpy.random.RandomState(SEED).permutation(len(groups)), groups)}
    scores = {}
    for held in range(FOLDS):
        model = fit(made + [log for log in logs if fold[log.group] != held])
        for log in logs:
            if fold[log.group] == held:
                scores[id(log)] = model.predict(log.rows) if len(log.lines) else numpy.zeros(0)
    alone = [place for place, name in enumerate(names) if "&" not in name]
    kinds = [place for place in alone if names[place].startswith("kind.")]
    looks = [place for place in alone if names[place].startswith(("kind.", "head."))]
    figures = numpy.mean([judge(log, scores[id(log)], kinds, looks) for log in logs], axis=0)
    print(f"{len(logs)} logs: hit@1 {figures[0]:.3f} hit@3 {figures[1]:.3f} F1 {figures[2]:.3f}")


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
    parser.add_argument("--write", metavar="FILE", help="fit on all logs and write the trees here")
    arguments = parser.parse_args()
    names, logs = read(arguments.features, arguments.labels)
    cross_validate(logs, names)
    if arguments.write:
        write(arguments.write, names, fit(logs))


if __name__ == "__main__":
    main()
