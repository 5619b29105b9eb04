"""Execute requests: counts, silence, failures, expressions, output, input and history."""

import time
import unittest

from kernel_session import LIMIT, SessionTest, text_of, value_of


class Execution(SessionTest):
    def test_a_failing_cell_aborts_what_was_queued_and_nothing_else(self):
        first = self.kc.execute("await new Promise((r) => setTimeout(r, 200)); throw new Error('no')")
        queued = [self.kc.execute("1"), self.kc.execute("2")]
        self.assertEqual(self.reply(first)["status"], "error")
        after = self.kc.execute("3")
        self.assertEqual([self.reply(m)["status"] for m in queued], ["aborted", "aborted"])
        self.assertEqual(self.reply(after)["status"], "ok")

    def test_without_stop_on_error_the_queue_goes_on(self):
        first = self.kc.execute("throw new Error('no')", stop_on_error=False)
        second = self.kc.execute("1")
        self.assertEqual([self.reply(m)["status"] for m in (first, second)], ["error", "ok"])

    def test_silent_and_unstored_cells_do_not_count(self):
        before = self.run_cell("1")[0]["execution_count"]
        content, published = self.run_cell("console.log('quiet'); globalThis.silent = 5; 3", silent=True)
        self.assertEqual((content["status"], published), ("ok", []))
        content, published = self.run_cell("silent", store_history=False)
        self.assertIn("TypeScriptError", str(published))
        content, published = self.run_cell("(globalThis as any).silent", store_history=False)
        self.assertEqual(published[-1][1]["data"]["text/plain"], "5")
        self.assertEqual(self.run_cell("1")[0]["execution_count"], before + 1)

    def test_user_expressions(self):
        content, _ = self.run_cell(
            "const left = 20",
            user_expressions={"sum": "left + 1", "bad": "left +", "type": "left.nothing", "throws": "(() => { throw new RangeError('r') })()"},
        )
        results = content["user_expressions"]
        self.assertEqual(results["sum"]["data"], {"text/plain": "21"})
        self.assertEqual([results[n]["status"] for n in ("bad", "type", "throws")], ["error"] * 3)
        self.assertEqual([results[n]["ename"] for n in ("type", "throws")], ["TypeScriptError", "RangeError"])

    def test_input_and_type_error_carry_the_count(self):
        content, published = self.run_cell("const text: string = 1")
        count = content["execution_count"]
        self.assertEqual(published[0], ("execute_input", {"code": "const text: string = 1", "execution_count": count}))
        self.assertEqual(published[1][0], "error")
        self.assertEqual(published[1][1]["evalue"], f"cell {count}:1:7 - error TS2322: Type 'number' is not assignable to type 'string'.")

    def test_output_streams_while_the_cell_blocks(self):
        msg_id = self.kc.execute("console.log('early'); const t = Date.now(); while (Date.now() - t < 1500); console.log('late')")
        while True:
            message = self.kc.get_iopub_msg(timeout=LIMIT)
            if message["msg_type"] == "stream" and message["parent_header"].get("msg_id") == msg_id:
                break
        self.assertEqual(message["content"]["text"], "early\n")
        self.reply(msg_id)

    def test_prompt(self):
        msg_id = self.kc.execute("prompt('name? ') + '!'", allow_stdin=True)
        request = self.kc.get_stdin_msg(timeout=LIMIT)
        self.assertEqual(request["content"], {"prompt": "name? ", "password": False})
        self.kc.input("Zoë")
        self.assertEqual(self.reply(msg_id)["status"], "ok")
        self.assertEqual(self.published(msg_id)[-1][1]["data"]["text/plain"], "'Zoë!'")
        content, _ = self.run_cell("prompt('nobody')", allow_stdin=False)
        self.assertEqual(content["status"], "error")

    def answer(self, code, *answers):
        """The value of a cell whose questions are answered, and the questions."""
        msg_id = self.kc.execute(code, allow_stdin=True)
        questions = []
        for answer in answers:
            questions.append(self.kc.get_stdin_msg(timeout=LIMIT)["content"]["prompt"])
            self.kc.input(answer)
        self.reply(msg_id)
        return value_of(self.published(msg_id)), questions

    def test_prompt_with_a_value_to_begin_with(self):
        self.assertEqual(self.answer("prompt('n?', '7')", ""), ("'7'", ["n?"]))
        self.assertEqual(self.answer("[prompt('n?', '7'), prompt()]", "8", ""), ("[ '8', '' ]", ["n?", ""]))

    def test_confirm_and_alert(self):
        value, questions = self.answer("[confirm('sure?'), confirm(), confirm('?'), alert('done')]", "y", "", "YES ", "")
        self.assertEqual(value, "[ true, false, true, undefined ]")
        self.assertEqual(questions, ["sure? [y/N] ", " [y/N] ", "? [y/N] ", "done [Enter] "])
        content, published = self.run_cell("alert('told'); confirm('nobody')", allow_stdin=False)
        self.assertEqual((content["status"], text_of(published)), ("error", "told\n"))

    def test_an_answer_that_is_too_long_is_an_error(self):
        value, _ = self.answer("prompt('?')", "é" * 40_000)
        self.assertIn("RangeError", value)
        self.assertEqual(self.answer("prompt('?').length", "é" * 32_000)[0], "32000")

    def test_a_late_answer_to_an_interrupted_prompt_is_none_to_the_next(self):
        msg_id = self.kc.execute("prompt('first?')", allow_stdin=True)
        self.kc.get_stdin_msg(timeout=LIMIT)
        self.interrupt()
        self.assertEqual(self.reply(msg_id)["ename"], "InterruptError")
        self.kc.input("late")
        self.assertEqual(self.value("1"), "1")
        self.assertEqual(self.answer("prompt('second?')", "in time")[0], "'in time'")

    def test_late_output_goes_to_the_cell_that_started_it(self):
        first = self.kc.execute("setTimeout(() => { console.log('late'); console.error('too') }, 500)")
        self.reply(first)
        second = self.kc.execute("await new Promise((resolve) => setTimeout(resolve, 1000)); console.log('mine')")
        self.reply(second)
        found = {}
        while "mine\n" not in found.get(second, ""):
            message = self.kc.get_iopub_msg(timeout=LIMIT)
            if message["msg_type"] == "stream":
                parent = message["parent_header"]["msg_id"]
                found[parent] = found.get(parent, "") + message["content"]["text"]
        self.assertEqual(found, {first: "late\ntoo\n", second: "mine\n"})

    def test_a_long_queue_is_aborted_to_its_end(self):
        before = self.run_cell("1")[0]["execution_count"]
        first = self.kc.execute("await new Promise((r) => setTimeout(r, 1500)); throw new Error('no')")
        queued = [self.kc.execute(str(n)) for n in range(1200)]
        self.assertEqual(self.reply(first)["execution_count"], before + 1)
        self.assertEqual({self.reply(m)["status"] for m in queued}, {"aborted"})
        after = self.reply(self.kc.execute("3"))
        self.assertEqual((after["status"], after["execution_count"]), ("ok", before + 2))

    def test_a_silent_failure_is_told_in_the_reply_alone(self):
        content, published = self.run_cell("throw new RangeError('quiet')", silent=True)
        self.assertEqual((content["status"], content["ename"], published), ("error", "RangeError", []))

    def test_a_failing_cell_counts_and_gives_no_expressions(self):
        content, published = self.run_cell("throw new Error('x')", user_expressions={"one": "1"}, stop_on_error=False)
        self.assertNotIn("user_expressions", content)
        self.assertEqual([kind for kind, _ in published], ["execute_input", "error"])
        self.assertEqual(self.run_cell("1")[0]["execution_count"], content["execution_count"] + 1)

    def history(self, **request):
        content = self.reply(self.ask("history_request", {"output": False, "raw": True, **request}))
        return [row[2] for row in content["history"]]

    def test_cells_do_not_see_how_an_idle_kernel_gives_memory_back(self):
        self.run_cell("1 + 1")
        time.sleep(2)
        code = "[typeof globalThis.gc, require('vm').runInNewContext('typeof gc')]"
        self.assertEqual(self.value(code), "[ 'undefined', 'undefined' ]")

    def test_commands_do_not_get_what_only_the_kernel_starts_with(self):
        self.assertEqual(self.value("[process.env.MALLOC_ARENA_MAX, (await $`echo x$MALLOC_ARENA_MAX`).stdout]"), "[ undefined, 'x\\n' ]")

    def test_history(self):
        count = self.run_cell("'past' + 1")[0]["execution_count"]
        for code in ("'past' + 2", "'past' + 1", "'past';"):
            self.run_cell(code)
        self.run_cell("'past' + 3", silent=True)
        self.run_cell("'past' + 4", store_history=False)
        search = {"hist_access_type": "search", "pattern": "'past' + ?"}
        self.assertEqual(self.history(**search), ["'past' + 1", "'past' + 2", "'past' + 1"])
        self.assertEqual(self.history(**search, unique=True), ["'past' + 2", "'past' + 1"])
        self.assertEqual(self.history(**search, n=1), ["'past' + 1"])
        self.assertEqual(self.history(hist_access_type="tail", n=2), ["'past' + 1", "'past';"])
        span = {"hist_access_type": "range", "start": count, "stop": count + 2}
        self.assertEqual(self.history(**span, session=0), ["'past' + 1", "'past' + 2"])
        self.assertEqual(self.history(**span, session=-1), [])
        self.assertEqual(
            self.history(**span, session=0, output=True), [["'past' + 1", "'past1'"], ["'past' + 2", "'past2'"]]
        )


if __name__ == "__main__":
    unittest.main(verbosity=2)
