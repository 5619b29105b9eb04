"""The kernel and the Jupyter protocol, spoken by Jupyter's own client.

Needs jupyter_client and jupyter_kernel_test, and the kernelspec `fleche` where Jupyter looks (JUPYTER_PATH).
"""
import os
import queue
import subprocess
import sys
import tempfile
import time
import unittest

import jupyter_kernel_test as jkt
from jupyter_client import KernelManager

KERNEL = os.environ.get("KERNEL", "fleche")
LIMIT = 30  # seconds for an answer that must come


class Standard(jkt.KernelTests):
    kernel_name = KERNEL
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [
        {"text": "'x'.toUpp", "matches": {"toUpperCase"}},
        {"text": "const emoji = '😀'; emoji.toUpp", "matches": {"toUpperCase"}},
    ]
    complete_code_samples = ["const one = 1", "f(1)", "for (const i of [1]) {}", "%fleche", "!ls", "// c"]
    incomplete_code_samples = ["for (const i of [1]) {", "f(", "const t = `a", "/* c", "const x ="]
    invalid_code_samples = ["const = 3", "a b c", "1 +* 2; 3"]
    code_generate_error = "throw new Error('boom')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'a' + 'b'", "result": "'ab'"},
        {"code": "await Promise.resolve([1, 2])", "result": "[ 1, 2 ]"},
    ]
    code_display_data = [
        {"code": "import { display } from 'tslab'; display.html('<b>x</b>')", "mime": "text/html"},
        {"code": "import { display } from 'tslab'; display.png(new Uint8Array([137]))", "mime": "image/png"},
        {"code": "%fleche memory\n%fleche ls", "mime": "text/html"},
    ]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ? 7*"
    code_inspect_sample = "parseInt"


class Welcome(jkt.IopubWelcomeTests):
    kernel_name = KERNEL
    support_iopub_welcome = True


class Session(unittest.TestCase):
    """Tests that share one kernel, each with names of its own."""

    @classmethod
    def setUpClass(cls):
        cls.km = KernelManager(kernel_name=KERNEL)
        cls.km.start_kernel(cwd=tempfile.mkdtemp())
        cls.kc = cls.km.client()
        cls.kc.start_channels()
        cls.kc.wait_for_ready(timeout=60)

    @classmethod
    def tearDownClass(cls):
        cls.kc.stop_channels()
        cls.km.shutdown_kernel()

    def reply(self, msg_id, channel="shell"):
        get = self.kc.get_shell_msg if channel == "shell" else self.kc.get_control_msg
        while True:
            message = get(timeout=LIMIT)
            if message["parent_header"].get("msg_id") == msg_id:
                return message["content"]

    def run_cell(self, code, **options):
        """The reply, and what was published until the cell was idle."""
        msg_id = self.kc.execute(code, **options)
        content = self.reply(msg_id)
        return content, self.published(msg_id)

    def published(self, msg_id):
        found = []
        while True:
            message = self.kc.get_iopub_msg(timeout=LIMIT)
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            if message["msg_type"] == "status":
                if message["content"]["execution_state"] == "idle":
                    return found
            else:
                found.append((message["msg_type"], message["content"]))

    def interrupt(self):
        self.km.interrupt_kernel()

    # --- execution

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
        self.assertEqual(published[1][1]["evalue"], f"cell_{count}.ts:1:7 - Type 'number' is not assignable to type 'string'.")

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

    # --- what answers at any time

    def test_questions_are_answered_while_a_cell_blocks(self):
        cell = self.kc.execute("for (;;);")
        self.run_until_busy(cell)
        started = time.monotonic()
        self.assertEqual(self.reply(self.kc.complete("'x'.toUpp"))["matches"], ["toUpperCase"])
        self.assertTrue(self.reply(self.kc.inspect("parseInt"))["found"])
        self.assertEqual(self.reply(self.kc.is_complete("1"))["status"], "complete")
        self.assertEqual(self.reply(self.kc.kernel_info())["status"], "ok")
        self.assertTrue(self.kc.hb_channel.is_beating())
        self.assertLess(time.monotonic() - started, 10)
        self.interrupt()
        self.assertEqual(self.reply(cell)["ename"], "InterruptError")

    def run_until_busy(self, msg_id):
        while True:
            message = self.kc.get_iopub_msg(timeout=LIMIT)
            if message["parent_header"].get("msg_id") == msg_id and message["msg_type"] == "execute_input":
                time.sleep(0.3)
                return

    def test_completion_counts_code_points(self):
        code = "const smile = '😀'; smile.toUpp"
        content = self.reply(self.kc.complete(code, len(code)))
        self.assertEqual((content["matches"], code[content["cursor_start"]:content["cursor_end"]]), (["toUpperCase"], "toUpp"))

    def test_a_comm_that_nobody_knows_is_closed(self):
        message = self.kc.session.msg("comm_open", {"comm_id": "c1", "target_name": "nothing", "data": {}})
        self.kc.shell_channel.send(message)
        self.assertEqual(self.published(message["header"]["msg_id"]), [("comm_close", {"comm_id": "c1", "data": {}})])
        message = self.kc.session.msg("comm_info_request", {})
        self.kc.shell_channel.send(message)
        self.assertEqual(self.reply(message["header"]["msg_id"])["comms"], {})

    def test_garbage_is_dropped(self):
        socket = self.kc.shell_channel.socket
        socket.send_multipart([b"garbage"])
        socket.send_multipart([b"<IDS|MSG>", b"wrong", b"{}", b"{}", b"{}", b"{}"])
        self.assertEqual(self.run_cell("1")[0]["status"], "ok")

    # --- interrupts

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


class Ends(unittest.TestCase):
    """Each test has a kernel of its own."""

    def start(self):
        km = KernelManager(kernel_name=KERNEL)
        km.start_kernel()
        self.addCleanup(lambda: km.is_alive() and km.shutdown_kernel(now=True))
        kc = km.client()
        kc.start_channels()
        self.addCleanup(kc.stop_channels)
        kc.wait_for_ready(timeout=60)
        return km, kc

    def test_shutdown_of_an_idle_and_of_a_busy_kernel(self):
        for code in ("1", "setInterval(() => {}, 1000)", "for (;;);", "await new Promise(() => {})", "!sleep 60"):
            with self.subTest(code):
                km, kc = self.start()
                kc.execute(code)
                time.sleep(1)
                kc.shutdown()
                self.assertEqual(km.provisioner.process.wait(timeout=10), 0)

    def test_restart_forgets(self):
        km, kc = self.start()
        kc.execute_interactive("const gone = 1", timeout=LIMIT, output_hook=lambda _: None)
        km.restart_kernel()
        kc.wait_for_ready(timeout=60)
        content = kc.execute_interactive("gone", timeout=LIMIT, output_hook=lambda _: None)["content"]
        self.assertEqual((content["ename"], content["execution_count"]), ("TypeScriptError", 1))

    def test_a_cell_may_end_the_process(self):
        km, kc = self.start()
        kc.execute("process.exit(0)")
        self.assertEqual(km.provisioner.process.wait(timeout=10), 0)

    def test_a_kernel_whose_client_is_killed_ends_also_when_busy(self):
        client = (
            "import sys, time; from jupyter_client import KernelManager\n"
            f"km = KernelManager(kernel_name={KERNEL!r}); km.start_kernel(); kc = km.client(); kc.start_channels()\n"
            "kc.wait_for_ready(timeout=60); kc.execute('for (;;);'); print(km.provisioner.process.pid, flush=True); time.sleep(60)"
        )
        process = subprocess.Popen([sys.executable, "-c", client], stdout=subprocess.PIPE, text=True)
        pid = int(process.stdout.readline())
        process.kill()
        process.communicate()
        for _ in range(100):
            if not alive(pid):
                return
            time.sleep(0.1)
        self.fail("the kernel outlived its client")


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"


if __name__ == "__main__":
    unittest.main(verbosity=2)
