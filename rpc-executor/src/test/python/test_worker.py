"""Does what the contract of the launchers asks for, as TestWorker does."""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../main/python"))
import rollcall_worker  # noqa: E402

rank = int(os.environ["ROLLCALL_RANK"])
cancel_seen = 0


def on_open(_):
    print(f"worker opened rank={rank}", flush=True)
    if os.environ.get("FAULT_RANK") == str(rank):
        raise RuntimeError("no such model")


def poll(call):
    global cancel_seen
    while not call.is_cancelled():
        time.sleep(0.0005)
    cancel_seen = call.call_id
    return b""


def spin(call):
    """For ever on the rank that is named, for a moment on others."""
    while call.arguments.decode() == str(rank):
        pass
    time.sleep(0.06)
    return None


def fail(call):
    who, _, _ = call.arguments.decode().partition(" ")
    if int(who) == rank:
        raise OSError("disk on fire")
    return poll(call)


def handle(call):
    text = {
        "rank": lambda: str(rank),
        "class": lambda: call.cost_class,
        "trace": lambda: call.traceparent + "|" + call.tracestate,
        "expected": lambda: str(call.expected_nanos),
        "remaining": lambda: str(call.remaining_nanos()),
        "cancels": lambda: str(cancel_seen),
        "pid": lambda: str(os.getpid()),
    }.get(call.method)
    if text:
        return text().encode()
    if call.method == "echo":
        return call.arguments
    if call.method == "nothing":
        return None
    if call.method == "sleep":
        time.sleep(int(call.arguments) / 1000)
        return None
    if call.method == "spin":
        return spin(call)
    if call.method == "poll":
        return poll(call)
    if call.method in ("fail", "failFatally"):
        return fail(call)
    raise rollcall_worker.UnknownMethod(call.method)


rollcall_worker.serve(handle, on_open)
