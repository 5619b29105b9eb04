"""Interrupts."""

import signal
import time
import unittest

from kernel_session import LIMIT, SessionTest, commands


class Interrupts(SessionTest):
    def test_one_interrupt_stops_a_cell_and_its_names_stay(self):
        self.run_cell("import { execSync } from 'node:child_process'; import { runInThisContext } from 'node:vm'; let kept = 41; let ended = 0")
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
            "try { execSync('sleep 62') } finally { ended++; }",
            "await null; execSync('sleep 63; sleep 64')",
            "await (async () => { await null; execSync('sleep 65'); })()",
            # What it starts in the background ignores interrupts.
            "execSync('sleep 66 & wait')",
            "await new Promise((r) => setImmediate(() => { /^(a+)+$/.test('a'.repeat(40) + 'b'); }))",
            "await new Promise((r) => { const again = () => { setImmediate(again); }; again(); })",
            # Neither a listener nor a script of one's own may take the signal away.
            "process.on('SIGINT', () => {}); for (;;);",
            "runInThisContext('for (;;);', { breakOnSigint: true })",
        ):
            with self.subTest(code):
                msg_id = self.kc.execute(code)
                self.run_until_busy(msg_id)
                self.interrupt()
                content = self.reply(msg_id)
                self.assertEqual((content["status"], content.get("ename")), ("error", "InterruptError"))
        _, published = self.run_cell("[kept, ended]")
        self.assertEqual(published[-1][1]["data"]["text/plain"], "[ 41, 3 ]")
        self.assertEqual([line for seconds in range(60, 67) for line in commands(f"sleep {seconds}")], [])

    def test_code_that_no_interrupt_reaches_takes_a_second_one_and_the_kernel_says_so(self):
        self.run_cell("const backtrack = () => /^(a+)+$/.test('a'.repeat(40) + 'b'); let left = 0;")
        for code in (
            "try { await (async () => { await null; backtrack(); })(); } finally { left++; }",
            "await Promise.resolve().then(() => backtrack());",
            "await new Promise((r) => process.nextTick(() => { backtrack(); }));",
        ):
            with self.subTest(code):
                msg_id = self.kc.execute(code)
                self.run_until_busy(msg_id)
                self.interrupt()
                told = self.kc.get_iopub_msg(timeout=LIMIT)
                while told["msg_type"] != "stream":
                    told = self.kc.get_iopub_msg(timeout=LIMIT)
                self.assertRegex(told["content"]["text"], "interrupt again")
                self.interrupt()
                self.assertEqual(self.reply(msg_id)["ename"], "InterruptError")
        self.assertEqual(self.value("left"), "1")

    def test_loops_that_seem_to_count_to_an_end_are_stopped(self):
        for loop in (
            "while (i < 5) { if (i === 0) continue; i++; }",
            "while (i < 5) { let i = 0; i++; }",
            "while (i < 5) { i++; i = 0; }",
            "do { i++; end++; } while (i < end);",
            "while (i < list.length) { i++; list[i & 1] = i; list.length = i + 1; }",
        ):
            with self.subTest(loop):
                msg_id = self.kc.execute(
                    "let i = 0, end = 5, list = [1]; await (async () => { await null; %s })()" % loop
                )
                self.run_until_busy(msg_id)
                self.interrupt()
                self.assertEqual(self.reply(msg_id)["ename"], "InterruptError")

    def test_what_begins_after_the_interrupt_was_taken_keeps_nobody_waiting(self):
        self.assertEqual(self.run_cell("async function tight() { for (;;) await null; }")[0]["status"], "ok")
        for second in ("tight()", "(async () => { await null; for (;;); })()"):
            with self.subTest(second):
                # The interrupt ends the first one; it is an async function, so the cell goes on to the second one.
                msg_id = self.kc.execute("await Promise.all([(async () => { for (;;); })(), %s]);" % second)
                self.run_until_busy(msg_id)
                time.sleep(0.2)
                self.interrupt()
                self.assertEqual(self.reply(msg_id)["ename"], "InterruptError")
                self.assertEqual(self.value("6 * 7"), "42")

    def test_an_interrupt_that_overtakes_its_cell_stops_that_one_and_no_other(self):
        first = self.kc.session.msg("execute_request", {"code": "await new Promise(() => {})", "silent": False})
        self.interrupt()
        # Nothing runs: it was sent after a cell that is still on its way.
        time.sleep(1)
        self.kc.shell_channel.send(first)
        self.assertEqual(self.reply(first["header"]["msg_id"])["ename"], "InterruptError")
        self.interrupt()
        self.assertEqual(self.run_cell("await new Promise((r) => setTimeout(r, 300))")[0]["status"], "ok")

    def test_signals_from_others_do_not_end_the_kernel(self):
        process = self.client.process
        msg_id = self.kc.execute("const until = Date.now() + 2000; while (Date.now() < until) await new Promise((r) => setTimeout(r, 1));")
        for _ in range(300):
            process.send_signal(signal.SIGINT)
            time.sleep(0.005)
        self.assertIn(self.reply(msg_id)["status"], ("ok", "error"))
        self.assertEqual((self.value("6 * 7"), process.poll()), ("42", None))

    def test_a_prompt_can_be_interrupted(self):
        msg_id = self.kc.execute("prompt('?')", allow_stdin=True)
        self.kc.get_stdin_msg(timeout=LIMIT)
        self.interrupt()
        self.assertEqual(self.reply(msg_id)["ename"], "InterruptError")
        self.assertEqual(self.run_cell("1")[0]["status"], "ok")


if __name__ == "__main__":
    unittest.main(verbosity=2)
