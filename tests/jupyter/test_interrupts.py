"""Interrupts."""

import unittest

from kernel_session import LIMIT, SessionTest


class Interrupts(SessionTest):
    def test_one_interrupt_stops_a_cell_and_its_names_stay(self):
        self.run_cell("let kept = 41; let ended = 0")
        for code in (
            "for (;;);",
            "await null; for (;;);",
            "await new Promise(() => {})",
            "try { for (;;) await null; } finally { ended++; }",
            "try { await new Promise(() => {}) } finally { ended++; }",
            "await null; /^(a+)+$/.test('a'.repeat(40) + 'b')",
            "for (let i = 0; ; i++) console.log(i)",
            "[1].map(function f(): number { for (;;); })",
            "!sleep 60; sleep 61",
        ):
            with self.subTest(code):
                msg_id = self.kc.execute(code)
                self.run_until_busy(msg_id)
                self.interrupt()
                content = self.reply(msg_id)
                self.assertEqual((content["status"], content.get("ename")), ("error", "InterruptError"))
        _, published = self.run_cell("[kept, ended]")
        self.assertEqual(published[-1][1]["data"]["text/plain"], "[ 41, 2 ]")

    def test_a_prompt_can_be_interrupted(self):
        msg_id = self.kc.execute("prompt('?')", allow_stdin=True)
        self.kc.get_stdin_msg(timeout=LIMIT)
        self.interrupt()
        self.assertEqual(self.reply(msg_id)["ename"], "InterruptError")
        self.assertEqual(self.run_cell("1")[0]["status"], "ok")


if __name__ == "__main__":
    unittest.main(verbosity=2)
