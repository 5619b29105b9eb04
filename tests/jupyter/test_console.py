"""The kernel in a terminal: Jupyter's console, with keys."""

import os
import re
import sys
import tempfile
import unittest

import pexpect

from kernel_session import KERNEL, LIMIT

# What a terminal does not show: colours, movements of the cursor, modes.
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")
CONTROL_C = "\x03"


class Console(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fleche-console-")
        self.addCleanup(folder.cleanup)
        self.console = pexpect.spawn(
            sys.executable, ["-m", "jupyter_console", "--kernel", KERNEL], cwd=folder.name, encoding="utf8",
            timeout=LIMIT, dimensions=(50, 120), env={**os.environ, "TERM": "xterm", "NO_COLOR": "1"},
        )
        self.addCleanup(self.console.close, True)
        self.prompt(1)

    def prompt(self, number):
        """Waits for the prompt of this number; what was shown before it."""
        # Colours may stand within the prompt.
        self.console.expect(rf"In (\x1b\[[0-9;]*m)*\[(\x1b\[[0-9;]*m)*{number}(\x1b\[[0-9;]*m)*\]")
        return CONTROL.sub("", self.console.before)

    def test_lines_until_the_cell_is_complete(self):
        self.console.send("for (const n of [1, 2]) {\r")
        self.console.send("console.log(n * 21);\r")
        self.console.send("}\r")
        shown = self.prompt(2)
        self.assertIn("21\n42\n", shown)
        self.console.send("`a\r")
        self.console.send("b`.length\r")
        self.assertRegex(self.prompt(3), r"Out\[2\]: 3\b")

    def test_what_can_never_be_right_is_run_and_refused(self):
        self.console.send("a b c\r")
        self.assertRegex(self.prompt(2), r"cell 1:1:\d+")

    def test_tab_completes(self):
        self.console.send("const price = 4.256\r")
        self.prompt(2)
        self.console.send("price.toFi\t")
        self.console.expect("price.toFixed|xed")
        self.console.send("(1)\r")
        self.assertIn("'4.3'", self.prompt(3))

    def test_control_c_interrupts(self):
        # The texts are put together by the cells: the console shows what is typed as well.
        for number, code in enumerate(
            (
                "console.log('star' + 'ted'); for (;;);",
                "console.log('star' + 'ted'); await new Promise(() => {})",
                "!echo star''ted; sleep 60",
            ),
            1,
        ):
            self.console.send(f"{code}\r")
            self.console.expect("started\r")
            self.console.send(CONTROL_C)
            self.assertIn("InterruptError", self.prompt(number + 1))

    def test_input(self):
        self.console.send("prompt('na' + 'me? ') + '!'\r")
        self.console.expect(r"name\? ")
        self.console.send("Zoë\r")
        self.assertIn("'Zoë!'", self.prompt(2))

    def test_the_end(self):
        self.console.send("1 + 1\r")
        self.prompt(2)
        self.console.sendeof()
        self.console.expect(r"y/\[n\]|y/n|exit")
        self.console.send("y\r")
        self.console.expect(pexpect.EOF)


if __name__ == "__main__":
    unittest.main(verbosity=2)
