#!/usr/bin/env python3
"""Measures how the cost of `ndlog cluster` grows with its input, for inputs of many shapes, and draws it.

    measure_growth.py target/release/ndlog [--svg docs/growth.svg] [--scale 1.0] [--only NAME]

Each shape is made at n, 2 n and 4 n (always the same bytes) and read in a process of its own; the least processor time
of three readings counts, less that of an empty log. The exponent is that of the power law through n and 4 n: 1 is
linear. Also told: nanoseconds a byte, and how many times those of an ordinary log that is.
Standard library only.
"""
import argparse, math, os, pathlib, random, resource, subprocess, sys, tempfile

WORDS = "ring link chip core mesh host queue page block frame token shard lane port probe cache tile batch node epoch".split()


def word(number):
    """Returns letters that no two numbers share: digits would be masked."""
    text = ""
    while True:
        text = chr(ord("a") + number % 26) + text
        number = number // 26 - 1
        if number < 0:
            return text


def ordinary(n):
    """A log of a job as most are: one line in fifty has a word of failure."""
    rng = random.Random(1)
    for line in range(n):
        words = " ".join(rng.choice(WORDS) for _ in range(9))
        stamp = f"2026-01-30T{line // 3600 % 24:02}:{line // 60 % 60:02}:{line % 60:02}.{line % 1000:03}Z"
        yield f"{stamp} INFO {words} {line}\n" if line % 50 else f"{stamp} WARN {words} failed, trying again\n"


def one_line(n):
    yield "ERROR: the ring is torn " + "x" * n


def one_json_line(n):
    yield '{"level":"error","message":"' + "ring torn \\n" * (n // 12) + '"}\n'


def tiny_lines(n):
    yield "x\n" * n


def blank_lines(n):
    yield "\n" * n


def equal_errors(n):
    yield "error: link 3 failed\n" * n


def distinct_errors(n):
    return (f"error: link {word(line)} failed\n" for line in range(n))


def distinct_apart(n):
    return (f"error: link {word(line)} failed\n" + "all is well here\n" * 60 for line in range(n))


def near_equal(n):
    rng = random.Random(2)
    return (f"error: the {rng.choice(WORDS)} {rng.choice(WORDS)} {rng.choice(WORDS)} of {word(line)} is torn and gone\n\n" for line in range(n))


def python_frames(n):
    yield "Traceback (most recent call last):\n"
    for frame in range(n):
        yield f'  File "/w/ring_{word(frame)}.py", line {frame % 997}, in push_{word(frame)}\n    push(ring)\n'
    yield "RecursionError: maximum recursion depth exceeded\n"


def java_causes(n):
    yield "java.lang.IllegalStateException: ring 0 is torn\n\tat acme.Ring.pop(Ring.java:31)\n"
    for cause in range(n):
        yield f"Caused by: acme.Ring{word(cause)}Exception: ring {cause} is torn\n\tat acme.Ring.push{word(cause)}(Ring.java:{cause % 997})\n\t... 3 more\n"


def python_causes(n):
    for cause in range(n):
        yield f'Traceback (most recent call last):\n  File "ring.py", line 3, in push_{word(cause)}\nValueError: ring {cause}\n\nThe above exception was the direct cause of the following exception:\n\n'
    yield 'Traceback (most recent call last):\n  File "ring.py", line 3, in pop\nRuntimeError: torn\n'


def goroutines(n):
    yield "fatal error: all goroutines are asleep - deadlock!\n\n"
    for goroutine in range(n):
        yield f"goroutine {goroutine + 1} [chan receive]:\nacme/ring.pop{word(goroutine % 5000)}(0x{goroutine:x})\n\t/w/ring.go:{goroutine % 997} +0x1d\n\n"


def junit(n):
    yield '<?xml version="1.0"?>\n<testsuite name="ring" tests="%d">\n' % n
    for case in range(n):
        body = f'<failure message="link {word(case % 3000)} torn">ring.c:{case % 997}: torn</failure>' if case % 10 == 0 else ""
        yield f'<testcase classname="Ring" name="pop_{word(case)}" time="0.01">{body}</testcase>\n'
    yield "</testsuite>\n"


def junit_one_line(n):
    yield "".join(junit(n)).replace("\n", "")


def nested(n):
    yield "error: " + "[" * n + "]" * n + "\n"


def escapes(n):
    yield "\x1b[31merror\x1b[0m: ring torn\r" * n + "\n"


def tests_passed(n):
    return (f"[ RUN      ] Ring.Pop{word(test)}\n[       OK ] Ring.Pop{word(test)} (3 ms)\n" for test in range(n))


SHAPES = [  # how it is made, and n
    (ordinary, 250_000), (one_line, 25_000_000), (one_json_line, 10_000_000), (tiny_lines, 5_000_000), (blank_lines, 5_000_000),
    (equal_errors, 500_000), (distinct_errors, 500_000), (distinct_apart, 20_000), (near_equal, 200_000), (python_frames, 50_000),
    (java_causes, 50_000), (python_causes, 50_000), (goroutines, 50_000), (junit, 50_000), (junit_one_line, 50_000),
    (nested, 5_000_000), (escapes, 500_000), (tests_passed, 100_000),
]


def seconds(ndlog, path):
    """Returns the processor time of one reading, the least of three."""
    best = math.inf
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([ndlog, "cluster", "--format", "json", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in (0, 1, 3):
            sys.exit(f"{path}: exit {done.returncode}")
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


def measure(ndlog, scale, only):
    """Returns for each shape its name, its sizes in bytes, and the seconds of each."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.log")
        pathlib.Path(path).write_text("fine\n")
        start = seconds(ndlog, path)
        print(f"start-up: {start * 1000:.0f} ms of processor time")
        for make, n in SHAPES:
            if only and make.__name__ != only:
                continue
            sizes, times = [], []
            for factor in (1, 2, 4):
                with open(path, "w") as out:
                    out.writelines(make(int(n * scale * factor)))
                sizes.append(os.path.getsize(path))
                times.append(max(seconds(ndlog, path) - start, 0.0005))
            rows.append((make.__name__, sizes, times))
            tell(rows, rows[-1])
    return rows


def tell(rows, row):
    name, sizes, times = row
    exponent = math.log(times[-1] / times[0]) / math.log(sizes[-1] / sizes[0])
    a_byte = times[-1] / sizes[-1] * 1e9
    usual = rows[0][2][-1] / rows[0][1][-1] * 1e9
    mark = "  <--" if exponent > 1.1 and times[-1] > 0.1 or a_byte > 20 * usual else ""
    print(f"{name:16} {sizes[-1] / 1e6:8.1f} MB {times[-1]:8.3f} s  exponent {exponent:5.2f}  {a_byte:8.2f} ns a byte  {a_byte / usual:6.1f} times an ordinary log{mark}", flush=True)


def draw(rows, path):
    """Writes a plot of seconds over bytes, both logarithmic."""
    points = [(size, time) for _, sizes, times in rows for size, time in zip(sizes, times)]
    low, high = min(x for x, _ in points), max(x for x, _ in points)
    least, most = min(y for _, y in points), max(y for _, y in points)
    place = lambda value, low, high: math.log(value / low) / math.log(high / low)
    x = lambda size: 60 + 540 * place(size, low, high)
    y = lambda time: 460 - 420 * place(time, least, most)
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 500" font-family="sans-serif" font-size="11">', '<rect width="800" height="500" fill="#fff"/>']
    for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1):
        parts.append(f'<path d="M{x(10**power):.1f} 40V460" stroke="#ddd"/><text x="{x(10**power):.1f}" y="476" text-anchor="middle">{10**power / 1e6:g} MB</text>')
    for power in range(math.ceil(math.log10(least)), math.floor(math.log10(most)) + 1):
        parts.append(f'<path d="M60 {y(10.0**power):.1f}H600" stroke="#ddd"/><text x="54" y="{y(10.0**power) + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>')
    labels = sorted(rows, key=lambda row: -row[2][-1])
    for place_of, (name, sizes, times) in enumerate(labels):
        colour = f"hsl({place_of * 137 % 360} 65% 42%)"
        line = " ".join(f"{x(size):.1f},{y(time):.1f}" for size, time in zip(sizes, times))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/><path d="M{x(sizes[-1]):.1f} {y(times[-1]):.1f}L625 {44 + 22 * place_of}" stroke="{colour}" stroke-width=".5"/><text x="630" y="{48 + 22 * place_of}" fill="{colour}">{name.replace("_", " ")}</text>')
    parts.append('<text x="60" y="24" font-size="14">Processor time of `ndlog cluster` over bytes, n to 4 n</text></svg>')
    pathlib.Path(path).write_text("\n".join(parts) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ndlog")
    parser.add_argument("--svg", metavar="FILE")
    parser.add_argument("--scale", type=float, default=1.0, help="times n")
    parser.add_argument("--only", metavar="NAME")
    arguments = parser.parse_args()
    rows = measure(arguments.ndlog, arguments.scale, arguments.only)
    if arguments.svg:
        draw(rows, arguments.svg)


if __name__ == "__main__":
    main()
