"""The tests that Jupyter has for every kernel."""

import unittest

import jupyter_kernel_test as jkt

from jupyter_client import KernelManager
from kernel_session import KERNEL, LIMIT


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
    code_clear_output = "console.log(1); clearOutput()"

    def test_pager(self):
        self.skipTest("help is an output, which a notebook keeps and every client shows; the kernel asks for no pager")


class Welcome(jkt.IopubWelcomeTests):
    kernel_name = KERNEL
    support_iopub_welcome = True

    def test_a_subscriber_is_welcomed_before_all_else(self):
        manager = KernelManager(kernel_name=KERNEL)
        manager.start_kernel()
        self.addCleanup(manager.shutdown_kernel, now=True)

        def first(number):
            client = manager.client()
            client.start_channels()
            self.addCleanup(client.stop_channels)
            client.kernel_info()
            messages = [client.get_iopub_msg(timeout=LIMIT) for _ in range(number)]
            return [(message["msg_type"], message["content"]) for message in messages]

        welcome = ("iopub_welcome", {"subscription": ""})
        self.assertEqual(first(2), [welcome, ("status", {"execution_state": "starting"})])
        self.assertEqual(first(1), [welcome])


if __name__ == "__main__":
    unittest.main(verbosity=2)
