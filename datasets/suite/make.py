#!/usr/bin/env python3
"""Writes the logs of a small flaky test suite by running it, and what is true of them.

    python3 datasets/suite/make.py      (needs pytest)

`runs/`: 30 runs of one job, `ring / unit (py3)`, of the project `acme/ring`, as GitHub's runner prints them; every fifth
with the JUnit file of the same run beside it. `other/`: 6 runs of another project's job of the same name, which must not
count. `quiet/`: 12 runs with `pytest -q`, which names the tests that failed and counts the others; no job is named.
`truth.json` says in which runs each test was made to fail; the exit of each run is checked against it.
"""
import datetime, json, os, pathlib, random, re, shutil, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).parent
SUITE = '''import os


def chance(name):
    return name in os.environ["FAILING"].split()


def test_push():
    assert not chance("test_push"), "the ring lost a token"


def test_pop():
    items = [3, 1]
    if chance("test_pop"):
        items.append(2)
    assert len(items) == 2


def test_sizes():
    assert 2 + 2 == 4


def test_drain():
    if chance("test_drain"):
        raise TimeoutError("peer did not answer within 5 s")


def test_cache():
    assert not chance("test_cache"), "entry is gone"
'''
RATES = {'test_push': .3, 'test_pop': .25, 'test_drain': .2}
NEW_SINCE = 18


def run(options, failing, folder, report):
    (folder / 'tests').mkdir(exist_ok=True)
    (folder / 'tests' / 'test_ring.py').write_text(SUITE)
    command = [sys.executable, '-m', 'pytest', '-p', 'no:cacheprovider', '--tb=short', *options, 'tests']
    command += [f'--junit-xml={folder}/junit.xml'] if report else []
    env = {**os.environ, 'FAILING': ' '.join(failing), 'COLUMNS': '80', 'PYTHONDONTWRITEBYTECODE': '1'}
    done = subprocess.run(command, cwd=folder, env=env, stdout=subprocess.PIPE, text=True)
    assert (done.returncode != 0) == bool(failing), done.stdout
    if report:
        shutil.move(folder / 'junit.xml', report)
    text = done.stdout.replace(str(folder), '/work/ring').replace(sys.executable, '/usr/bin/python3')
    text = re.sub(r'^platform .*$', 'platform linux -- Python 3, pytest, pluggy', text, flags=re.M)
    return re.sub(r' in \d+\.\d+s', ' in 0.02s', text), done.returncode


def wrapped(text, code, job, repository, commit, command, began):
    """The log as GitHub's runner writes it."""
    lines = ["Current runner version: '2.319.1'", f'Complete job name: {job}', '##[group]Run actions/checkout@v4',
             f'  repository: {repository}', '##[endgroup]', '[command]/usr/bin/git log -1 --format=%H', commit,
             f'##[group]Run {command}', '##[endgroup]', *text.splitlines()]
    lines += [f'##[error]Process completed with exit code {code}.'] if code else []
    lines.append('Cleaning up orphan processes')
    stamp = lambda at: (began + datetime.timedelta(milliseconds=37 * at)).strftime('%Y-%m-%dT%H:%M:%S.%f0Z')
    return ''.join(f'{stamp(at)} {line}\n' for at, line in enumerate(lines))


def main():
    dice = random.Random(12)
    truth = {'runs': 30, 'tests': {}, 'quiet': {}}
    for name in ('runs', 'other', 'quiet'):
        shutil.rmtree(HERE / name, ignore_errors=True)
        (HERE / name).mkdir()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for number in range(30):
            failing = [test for test, rate in RATES.items() if dice.random() < rate]
            failing += ['test_cache'] if number >= NEW_SINCE and dice.random() < .5 else []
            report = HERE / 'runs' / f'run_{number:02}' / 'junit.xml' if number % 5 == 0 else None
            place = HERE / 'runs' / f'run_{number:02}'
            place.mkdir()
            text, code = run(['-v'], failing, folder, report)
            if report:
                kept = re.sub(r' (time|timestamp|hostname)="[^"]*"', '', report.read_text())
                report.write_text(kept.replace(str(folder), '/work/ring'))
            began = datetime.datetime(2026, 3, 1, 6) + datetime.timedelta(hours=11 * number)
            log = wrapped(text, code, 'ring / unit (py3)', 'acme/ring', f'{number:040x}', 'python -m pytest -v tests', began)
            (place / 'unit.log').write_text(log)
            for test in failing:
                truth['tests'].setdefault(test, []).append(f'run_{number:02}')
        for number in range(6):
            failing = ['test_pop'] if number % 2 else []
            text, code = run(['-v'], failing, folder, None)
            began = datetime.datetime(2026, 3, 2, 7) + datetime.timedelta(hours=30 * number)
            log = wrapped(text, code, 'ring / unit (py3)', 'other/fork', f'{number + 99:040x}', 'python -m pytest -v tests', began)
            (HERE / 'other' / f'{number}.log').write_text(log)
        for number in range(12):
            failing = [test for test in ('test_push', 'test_drain') if dice.random() < .3]
            text, code = run(['-q'], failing, folder, None)
            (HERE / 'quiet' / f'{number:02}.log').write_text(text)
            for test in failing:
                truth['quiet'].setdefault(test, []).append(f'{number:02}')
    (HERE / 'truth.json').write_text(json.dumps(truth, indent=1) + '\n')


if __name__ == '__main__':
    main()
