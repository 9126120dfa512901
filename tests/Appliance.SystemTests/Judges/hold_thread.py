"""hold_thread.py TID...: stops these threads of a process and holds them until this program ends or the process does.

A thread is held in a system call, where what hangs does hang: in a lock, a driver, a file. Stopped amid managed code it would hold up the
next collection, and with it every thread of the process, the supervisor's too; that is for systemd's watchdog. Whoever computes for
longer than PATIENCE_S without one is held where it is.
"""
import ctypes
import os
import sys
import time

PTRACE_ATTACH, PTRACE_DETACH = 16, 17
WALL = 0x40000000
PATIENCE_S = 2
libc = ctypes.CDLL(None, use_errno=True)


def trace(request, tid):
    if libc.ptrace(request, tid, None, None) != 0:
        sys.exit(f"ptrace: {os.strerror(ctypes.get_errno())}")


def is_in_system_call(tid):
    """proc(5), syscall: its number first; -1 or "running" outside."""
    with open(f"/proc/{tid}/syscall") as now:
        return now.read().split()[0] not in ("-1", "running")


for tid in map(int, sys.argv[1:]):
    end = time.monotonic() + PATIENCE_S
    while True:
        trace(PTRACE_ATTACH, tid)
        os.waitpid(tid, WALL)
        if is_in_system_call(tid) or time.monotonic() > end:
            break
        trace(PTRACE_DETACH, tid)
        time.sleep(0.001)
print("held", flush=True)
for tid in map(int, sys.argv[1:]):
    os.waitpid(tid, WALL)
