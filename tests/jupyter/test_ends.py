"""How kernels end."""

import os
import signal
import subprocess
import sys
import time
import unittest

from kernel_session import KERNEL, OwnKernelTest, alive, commands

END = 20  # seconds in which a process must have ended, on a busy machine


class Ends(OwnKernelTest):
    def test_shutdown_of_an_idle_and_of_a_busy_kernel(self):
        for code in ("1", "setInterval(() => {}, 1000)", "for (;;);", "await new Promise(() => {})", "!sleep 60"):
            with self.subTest(code):
                client = self.start()
                client.kc.execute(code)
                time.sleep(1)
                client.kc.shutdown()
                self.assertEqual(client.process.wait(timeout=END), 0)

    def test_shutdown_is_told_to_all_clients(self):
        client = self.start()
        msg_id = client.ask("shutdown_request", {"restart": False}, "control")
        self.assertEqual(client.reply(msg_id, "control"), {"status": "ok", "restart": False})
        self.assertEqual(client.published(msg_id), [("shutdown_reply", {"status": "ok", "restart": False})])

    def test_restart_forgets(self):
        client = self.start()
        client.run_cell("const gone = 1")
        client.km.restart_kernel()
        client.kc.wait_for_ready(timeout=60)
        content, _ = client.run_cell("gone")
        self.assertEqual((content["ename"], content["execution_count"]), ("TypeScriptError", 1))

    def test_a_cell_may_end_the_process_and_shows_all_it_has_written(self):
        client = self.start()
        msg_id = client.kc.execute("for (let i = 0; i < 100_000; i++) console.log(i); process.exit(3)")
        text = ""
        while not text.endswith("\n99999\n"):
            message = client.kc.get_iopub_msg(timeout=END)
            if message["parent_header"].get("msg_id") == msg_id and message["msg_type"] == "stream":
                text += message["content"]["text"]
        self.assertEqual(text, "".join(f"{i}\n" for i in range(100_000)))
        self.assertEqual(client.process.wait(timeout=END), 3)

    def test_a_kernel_whose_client_is_killed_ends_with_all_it_has_started(self):
        for number, code in enumerate(("1", "for (;;);", "!sleep {0} & sleep {0}", "await null; for (;;);")):
            with self.subTest(code):
                # A time that no other command has.
                seconds = f"{100 * os.getpid() + number}"
                client = (
                    "import time; from kernel_session import Client\n"
                    f"client = Client(); client.kc.execute({code.format(seconds)!r}); time.sleep(1.5)\n"
                    "print(client.process.pid, flush=True); time.sleep(60)"
                )
                folder = os.path.dirname(os.path.abspath(__file__))
                process = subprocess.Popen(
                    [sys.executable, "-c", client], stdout=subprocess.PIPE, text=True, cwd=folder,
                    env={**os.environ, "KERNEL": KERNEL},
                )
                kernel = int(process.stdout.readline())
                self.assertTrue(alive(kernel))
                self.assertEqual(len(commands(f"sleep {seconds}")), code.count("sleep"))
                process.kill()
                process.communicate()
                deadline = time.monotonic() + END
                while alive(kernel) or commands(f"sleep {seconds}"):
                    self.assertLess(time.monotonic(), deadline, "the kernel, or what it has started, outlives its client")
                    time.sleep(0.1)

    def test_a_kernel_that_is_killed_leaves_no_command_behind(self):
        client = self.start()
        seconds = 100 * os.getpid() + 50
        # Commands that have ended by then do not count, but what one has left behind on purpose stays.
        client.run_cell(f"!true; false\n!sleep {seconds} >&- 2>&- & true")
        started = f"void $`sleep {seconds + 1}`; void $`sleep {seconds + 2} & sleep {seconds + 2}`;"
        client.kc.execute(f"{started}\n!sh -c 'trap \"\" INT TERM; sleep {seconds + 3}; true'")
        mine = [f"sleep {seconds + number}" for number in range(1, 4)]
        deadline = time.monotonic() + END
        while [len(commands(line)) for line in mine] != [1, 2, 1]:
            self.assertLess(time.monotonic(), deadline, "the commands do not run")
            time.sleep(0.1)
        client.process.kill()
        while any(map(commands, mine)):
            self.assertLess(time.monotonic(), deadline, "a command outlives its kernel")
            time.sleep(0.1)
        [left] = commands(f"sleep {seconds}")
        os.kill(left, signal.SIGKILL)



if __name__ == "__main__":
    unittest.main(verbosity=2)
