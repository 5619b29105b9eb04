"""Interrupts at random moments over every kind of cell: each one stops its cell, and nothing else.

usage: python interrupt_stress.py [COUNT] [SEED]; needs jupyter_client and the kernelspec of $KERNEL (`fleche`). See test_stress.py.
"""

import collections
import os
import queue
import random
import subprocess
import sys
import tempfile
import time

from jupyter_client import KernelManager

# What errors look like is compared as text.
os.environ["NO_COLOR"] = "1"
LIMIT = 10  # seconds until an interrupt counts as lost
SETUP = """
import { AsyncLocalStorage } from 'node:async_hooks';
import { execSync } from 'node:child_process';
import * as fsp from 'node:fs/promises';
const als = new AsyncLocalStorage<number>();
let kept = 41, cleanups = 0, started = 0;
const backtrack = () => /^(a+)+$/.test('a'.repeat(40) + 'b');
async function later(): Promise<void> { await null; for (;;); }
async function tight(): Promise<void> { try { for (;;) await null; } finally { cleanups++; } }
function* endless() { for (;;) yield 1; }
"""
# name -> (cell, whether every interrupt runs its `finally`)
KINDS = {
    "sync loop": "for (;;);",
    "sync loop with finally": "try { for (;;); } finally { cleanups++; }",
    "loop after an await": "await null; for (;;);",
    "loop in a nested function": "await null; [1].map(function f(): number { for (;;); })",
    "async function": "await later();",
    "async function, not awaited": "void later(); await new Promise(() => {});",
    "two async functions": "await Promise.all([later(), later()]);",
    "timer": "await new Promise((r) => setTimeout(() => { for (;;); }, 2));",
    "interval": "setInterval(() => { for (let i = 0; i < 1e4; i++) Math.sqrt(i); }, 1); await new Promise(() => {});",
    "regular expression in a timer": "await new Promise((r) => setTimeout(backtrack, 2));",
    "immediate": "await new Promise((r) => setImmediate(() => { for (;;); }));",
    "regular expression in an immediate": "await new Promise((r) => setImmediate(() => { backtrack(); }));",
    "immediates": "await new Promise((r) => { const again = () => { setImmediate(again); }; again(); });",
    "next tick": "await new Promise((r) => process.nextTick(() => { for (;;); }));",
    "tight await": "try { for (;;) await null; } finally { cleanups++; }",
    "tight await in a function": "await tight();",
    "loop, and then a tight await": "await Promise.all([(async () => { for (;;); })(), tight()]);",
    "two tight awaits": "await Promise.all([tight(), tight()]);",
    "tight await in a store": "await als.run(1, tight);",
    "awaits timers": "for (;;) await new Promise((r) => setTimeout(r, 1));",
    "awaits timers in a function": "await (async () => { for (;;) await new Promise((r) => setTimeout(r, 1)); })();",
    "awaits immediates": "for (;;) await new Promise((r) => setImmediate(r));",
    "pending await": "try { await new Promise(() => {}); } finally { cleanups++; }",
    "regular expression": "backtrack();",
    "regular expression after an await": "await null; backtrack();",
    "regular expression in a store": "als.run(2, backtrack);",
    "sorts": "for (;;) [...Array(20000).keys()].sort((a, b) => Math.sin(a) - Math.sin(b));",
    "library": "await null; JSON.parse(JSON.stringify(Array.from({ length: 3e7 }, (_, i) => i)));",
    "generator": "await null; for (const one of endless());",
    "for await": "for await (const one of endless());",
    "prints": "for (let i = 0; ; i++) console.log(i);",
    "files": "for (;;) await fsp.stat('/tmp');",
    "shell": "!sleep 6001",
    "child of a child": "!sh -c 'sleep 6001 & wait'; sleep 6001",
    "child, waited for": "execSync('sleep 6001');",
    "child of a child, waited for": "await null; execSync('sleep 6001; sleep 6001');",
    "prompt": "prompt('?');",
    "trivial": "1 + 1",
    "short": "{ const end = Date.now() + 15; while (Date.now() < end); }",
}


class Stress:
    def __init__(self, kernel):
        self.manager = KernelManager(kernel_name=kernel)
        self.manager.start_kernel(cwd=tempfile.mkdtemp())
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def reply(self, msg_id, seconds):
        end = time.time() + seconds
        while time.time() < end:
            if not self.manager.is_alive():
                raise AssertionError(f"the kernel ended with {self.manager.provisioner.process.poll()}")
            try:
                message = self.client.get_shell_msg(timeout=0.2)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") == msg_id:
                return message["content"]
        return None

    def run(self, code):
        content = self.reply(self.client.execute(code, allow_stdin=False), 60)
        if content is None or content["status"] != "ok":
            raise AssertionError(f"{code}: {content}")

    def drain(self):
        for get in (self.client.get_iopub_msg, self.client.get_stdin_msg):
            try:
                while True:
                    get(timeout=0)
            except queue.Empty:
                pass

    def interrupt(self, code, delay):
        """Seconds from the interrupt to the reply, how many interrupts it took, and the reply."""
        msg_id = self.client.execute(code, allow_stdin=True)
        time.sleep(delay)
        begin = time.time()
        for count in range(1, 6):
            self.manager.interrupt_kernel()
            content = self.reply(msg_id, LIMIT)
            if content is not None:
                return time.time() - begin, count, content
        raise AssertionError(f"five interrupts did not stop: {code}")

    def check(self):
        """Nothing of the cells before lives on, and nothing is lost."""
        self.run("if (kept !== 41 || als.getStore() !== undefined) throw new Error('lost')")
        self.run("await new Promise((r) => setTimeout(r, 1)); for (let i = 0, s = 0; i < 1e5; i++) s += i; while (started < 1000) started++; started = 0")

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def main(count=60, seed=None):
    """Fails with an AssertionError."""
    seed = random.randrange(10**6) if seed is None else seed
    random.seed(seed)
    stress = Stress(os.environ.get("KERNEL", "fleche"))
    names = list(KINDS)
    outcomes, times, slow, repeated = collections.Counter(), [], [], collections.Counter()
    try:
        stress.run(SETUP)
        for turn in range(count):
            name = names[turn % len(names)] if turn < len(names) else random.choice(names)
            delay = random.choice([0, 0.002, 0.01, 0.03, 0.1]) * random.random() * 2
            seconds, needed, content = stress.interrupt(KINDS[name], delay)
            times.append(seconds)
            outcomes[content["status"] if content["status"] == "ok" else content["ename"]] += 1
            if needed > 1:
                repeated[name] += 1
            if seconds > 1:
                slow.append((name, round(seconds, 2)))
            if content["status"] != "ok" and (content["ename"], content["traceback"]) != ("InterruptError", ["InterruptError: interrupted"]):
                raise AssertionError(f"{name} ended with {content}")
            if content["status"] == "ok" and name not in ("trivial", "short"):
                raise AssertionError(f"{name} came to its end")
            stress.check()
            stress.drain()
    finally:
        print(f"seed {seed}: {len(times)} interrupts, {dict(outcomes)}; needed a second one: {dict(repeated)}; over 1 s: {slow}")
        if times:
            print(f"median {sorted(times)[len(times) // 2] * 1000:.0f} ms, slowest {max(times) * 1000:.0f} ms")
        stress.end()
    left = subprocess.run(["pgrep", "-fc", "^sleep 6001"], capture_output=True, text=True).stdout.strip()
    if left != "0":
        raise AssertionError(f"{left} children are left")
    if repeated:
        raise AssertionError("not every interrupt was enough")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
