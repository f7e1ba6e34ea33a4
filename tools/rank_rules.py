"""The rules of src/ranking by which the scores of a log's events become an order, for fit_ranks.py.

`ndlog features` tells what they ask of the events, and the order of the program itself: `fit_ranks.py --check` holds the two
orders against each other.
"""
import numpy

# Those of ends.rs, order.rs, runs.rs and shown.rs that are not fitted.
REPORT, TOLERATED, TORN, CONCLUDES, QUOTES, REASON_WITHIN = 8.0, 16.0, 4.0, 10, 25, 3
MOST, APART, BESIDE = 10, 3, 4


class Columns:
    """Where the features stand that order.rs and shown.rs ask about."""

    def __init__(self, names):
        self.at = {name: place for place, name in enumerate(names)}
        self.kinds = [place for place, name in enumerate(names) if name.startswith("kind.")]
        self.looks = [place for place, name in enumerate(names) if name.startswith(("kind.", "head."))]


class Run:
    """The events of one run of a CI system, and what the rules of src/ranking ask of them: `ndlog features` tells it."""

    def __init__(self, row, run, columns, rows):
        part = slice(run["first"], run["end"])
        has = lambda name: rows[part, columns.at[name]] > 0
        self.part, self.behind, self.torn, self.retold = part, run["behind"], run["torn"], run["retold"]
        self.lines, self.weights, self.parts = row["lines"][part], numpy.array(row["weights"][part]), numpy.array(row["parts"][part])
        self.kind = [row.tobytes() for row in rows[part, columns.kinds]]
        self.steps = numpy.cumsum(has("first-in-step"))
        self.own = has("class") & has("frames") & has("role.root") & (self.weights > -REPORT)
        self.unnamed, self.marked, self.root = has("kind.error"), has("head.is.CiError"), has("role.root")


def lift_reports(run, scores):
    """As src/ranking/order.rs does: what the form of a report says, and all of one kind as high as the highest."""
    highest = {}
    reports = numpy.flatnonzero(run.weights >= REPORT)
    for event in reports:
        highest[run.kind[event]] = max(scores[event], highest.get(run.kind[event], -numpy.inf))
    for event in reports:
        scores[event] = highest[run.kind[event]]
    scores += run.weights


def report_before_verdict(run, scores):
    """As src/ranking/verdicts.rs does: the report of a failure passes before the lines that only say that it failed."""
    for verdicts, reports in run.retold:
        report = reports[int(numpy.argmax(scores[reports]))]
        for verdict in verdicts:
            scores[report] = max(scores[report], scores[verdict])
            scores[verdict] -= TOLERATED


def specific_before_generic(run, scores, stands):
    """As src/ranking/ends.rs does: the best specific failure of a step passes before its generic end, or one right above."""
    best, lines = {}, run.lines
    for event in numpy.flatnonzero((run.parts == "specific") & (scores > -TOLERATED)):
        held = best.setdefault(run.steps[event], event)
        if scores[event] > scores[held]:
            best[run.steps[event]] = event
    for end in numpy.flatnonzero((run.parts == "end") | (run.parts == "announcement") | (run.parts == "count")):
        counts, announces = run.parts[end] == "count", run.parts[end] == "announcement"
        own = best.get(run.steps[end], best.get(run.steps[end] + 1) if counts or announces else None)
        if own is None and not counts:
            above = max((step for step in best if step < run.steps[end]), default=None)
            near = above is not None and lines[end][0] - lines[best[above]][1] <= CONCLUDES
            own = best[above] if near else None
        if own is None:
            continue
        if counts:
            most = numpy.inf
        elif own < end:
            concludes = run.own[own] or lines[end][0] - lines[own][1] <= CONCLUDES
            most = numpy.inf if concludes else stands
        else:
            most = numpy.inf if announces and lines[own][0] - lines[end][1] <= QUOTES else 0.0
        if 0 < scores[end] - scores[own] < most:
            scores[[own, end]] = scores[[end, own]]


def reason_after_heading(run, scores, nearly):
    """As src/ranking/order.rs does: what an action says it could not do stands behind the reason that it says next."""
    best = int(numpy.argmax(scores))
    reason = best + 1
    if reason == len(scores) or not (run.marked[best] and run.marked[reason] and run.unnamed[best] and run.root[best]):
        return False
    near = run.lines[reason][0] <= run.lines[best][1] + REASON_WITHIN
    if not near or run.unnamed[reason] or run.parts[reason] != "specific" or scores[reason] <= scores[best] - nearly:
        return False
    scores[reason] = scores[best] + 1e-6
    return True


def prefer_the_first(run, scores, nearly):
    """As src/ranking/order.rs does: the first of the best one's kind that scores nearly as high wins."""
    best = int(numpy.argmax(scores))
    for event in numpy.flatnonzero(scores[:best] > scores[best] - nearly):
        if run.kind[event] == run.kind[best]:
            scores[event] = scores[best]
            break


def shown(log, scores, least):
    """As src/ranking/shown.rs does: what looks unlike the best in front, then what is nearly as likely."""
    order = numpy.argsort(-scores, kind="stable").tolist()
    front, seen = [], set()
    for event in order:
        if len(front) == APART:
            break
        if log.look[event] not in seen:
            seen.add(log.look[event])
            front.append(event)
    events, highest = [], scores.max()
    for place, event in enumerate((front + [event for event in order[: MOST + APART] if event not in front])[:MOST]):
        (first, last) = log.lines[event]
        beside = any(max(first - log.lines[one][1], log.lines[one][0] - last) <= BESIDE for one in events)
        enough = 0.0 if place == 0 or place < APART and log.own[event] else least[0] if place < APART else least[1] if beside else least[2]
        if numpy.exp(min(0.0, scores[event] - highest)) >= enough:
            events.append(event)
    return events


def ordered(log, scores, choice):
    """Returns the scores by which the events of a log stand, as src/ranking/order.rs leaves them."""
    scores = numpy.array(scores)
    for run in log.runs:
        own = scores[run.part]
        lift_reports(run, own)
        own[run.torn] -= TORN
        report_before_verdict(run, own)
        specific_before_generic(run, own, choice.stands)
        if not reason_after_heading(run, own, choice.nearly):
            prefer_the_first(run, own, choice.nearly)
        own -= run.behind
    return scores
