"""A kernel that tests speak with, by Jupyter's own client.

Needs jupyter_client, and the kernelspec that KERNEL names, by default `fleche`, where Jupyter looks (JUPYTER_PATH).
"""

import os
import tempfile
import time
import unittest

from jupyter_client import KernelManager

KERNEL = os.environ.get("KERNEL", "fleche")
# What values look like is compared as text.
os.environ["NO_COLOR"] = "1"
LIMIT = 60  # seconds for an answer that must come


class Conversation:
    """Asks the kernel of the client `kc` and reads what comes."""

    def ask(self, msg_type, content, channel="shell"):
        """Sends a message and returns its id."""
        message = self.kc.session.msg(msg_type, content)
        (self.kc.shell_channel if channel == "shell" else self.kc.control_channel).send(message)
        return message["header"]["msg_id"]

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
        """What a request has published, as (type, content), until it was idle."""
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

    def run_until_busy(self, msg_id):
        while True:
            message = self.kc.get_iopub_msg(timeout=LIMIT)
            if message["parent_header"].get("msg_id") == msg_id and message["msg_type"] == "execute_input":
                time.sleep(0.3)
                return

    def value(self, code, **options):
        """What a cell's value looks like as text."""
        _, published = self.run_cell(code, **options)
        return value_of(published)


class Client(Conversation):
    """A kernel and a client of it."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="fleche-kernel-")
        self.km = KernelManager(kernel_name=KERNEL)
        self.km.start_kernel(cwd=self.folder.name)
        self.kc = self.km.client()
        self.kc.start_channels()
        self.kc.wait_for_ready(timeout=LIMIT)

    @property
    def process(self):
        return self.km.provisioner.process

    def stop(self):
        self.kc.stop_channels()
        if self.km.is_alive():
            self.km.shutdown_kernel()
        self.folder.cleanup()


class SessionTest(unittest.TestCase, Conversation):
    """Tests that share one kernel, each with names of its own."""

    @classmethod
    def setUpClass(cls):
        cls.client = Client()
        cls.kc = cls.client.kc

    @classmethod
    def tearDownClass(cls):
        cls.client.stop()

    def interrupt(self):
        self.client.km.interrupt_kernel()


class OwnKernelTest(unittest.TestCase):
    """Tests that each have kernels of their own."""

    def start(self):
        client = Client()
        self.addCleanup(client.stop)
        return client


def value_of(published):
    """The text of an execute_result that was published last."""
    kind, content = published[-1]
    return content["data"]["text/plain"] if kind == "execute_result" else f"{kind}: {content}"


def text_of(published, name="stdout"):
    """The text of one stream."""
    return "".join(content["text"] for kind, content in published if kind == "stream" and content["name"] == name)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def commands(line):
    """The processes whose command line is this."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline") as file:
                if file.read().rstrip("\0").split("\0") == line.split():
                    found.append(int(pid))
        except OSError:
            pass
    return found


def memory(pid, field="VmRSS"):
    """Memory of a process in MiB; VmHWM: the most that it ever had."""
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) / 1024
    raise ValueError(field)
