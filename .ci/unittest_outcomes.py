"""Runs the tests of a folder and writes what each came to: unittest_outcomes.py FOLDER REPORT.

The report is JSON of the form that vitest-reporter.mjs writes: a list of {file, name, state, reason}.
"""

import json
import sys
import unittest
from pathlib import Path


class Outcomes(unittest.TextTestResult):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = {}

    def note(self, test, state, reason=""):
        # A failure stays one, whatever is said of the test afterwards.
        if self.found.get(test.id(), ("",))[0] != "failed":
            self.found[test.id()] = (state, reason)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.note(test, "passed")

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.note(test, "passed")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.note(test, "skipped", reason)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note(test, "failed", repr(err[1]))

    def addError(self, test, err):
        super().addError(test, err)
        self.note(test, "failed", repr(err[1]))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.note(test, "failed", f"{subtest}: {err[1]!r}")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.note(test, "failed", "it was expected to fail and did not")


folder, report = Path(sys.argv[1]), Path(sys.argv[2])
tests = unittest.defaultTestLoader.discover(str(folder))
result = unittest.TextTestRunner(verbosity=2, resultclass=Outcomes).run(tests)
outcomes = [
    {"file": folder.name, "name": name, "state": state, "reason": reason.split("\n")[0]}
    for name, (state, reason) in result.found.items()
]
report.write_text(json.dumps(outcomes))
sys.exit(0 if result.wasSuccessful() and result.testsRun > 0 else 1)
