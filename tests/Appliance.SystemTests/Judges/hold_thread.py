"""hold_thread.py TID: stops one thread of a process and holds it until this program ends, a minute at most."""
import ctypes
import os
import sys

PTRACE_ATTACH = 16
tid = int(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(PTRACE_ATTACH, tid, None, None) != 0:
    sys.exit(f"ptrace: {os.strerror(ctypes.get_errno())}")
os.waitpid(tid, 0x40000000)  # __WALL
print("held", flush=True)
os.waitpid(tid, 0x40000000)
