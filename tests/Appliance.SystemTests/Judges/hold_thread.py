"""hold_thread.py TID...: stops these threads of a process and holds them until this program ends or the process does."""
import ctypes
import os
import sys

PTRACE_ATTACH = 16
WALL = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)
for tid in map(int, sys.argv[1:]):
    if libc.ptrace(PTRACE_ATTACH, tid, None, None) != 0:
        sys.exit(f"ptrace: {os.strerror(ctypes.get_errno())}")
    os.waitpid(tid, WALL)
print("held", flush=True)
for tid in map(int, sys.argv[1:]):
    os.waitpid(tid, WALL)
