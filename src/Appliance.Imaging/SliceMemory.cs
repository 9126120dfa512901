using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Appliance.Imaging.Launch;

namespace Appliance.Imaging;

/// <summary>
/// Memory of one series outside the collector's heap: address space is reserved for the largest series, the kernel commits pages as
/// slices are written, and all of it goes back when the series ends.
/// </summary>
/// <remarks>
/// Blocks of one size are given out one after the other and are used again when they are given back. The collector has nothing to move,
/// to scan or to keep: a slice that comes does not bring a collection nearer. Safe for all threads; a block keeps the memory alive.
/// </remarks>
public sealed unsafe partial class SliceMemory : IDisposable
{
    private const int PageBytes = 4096;
    private const int ReadWrite = 1 | 2;
    private const int PrivateAnonymousUnreserved = 0x02 | 0x20 | 0x4000;

    private readonly byte* start;
    private readonly nuint reserved;
    private readonly int blockBytes;
    private readonly System.Collections.Generic.Stack<int> spare = new();
    private int used;
    private bool disposed;

    /// <param name="blockBytes">Of one block; each begins on a page.</param>
    /// <param name="blocks">At most so many at a time.</param>
    /// <param name="written">Blocks are written from end to end; where most of one stays untouched, a large page would commit it.</param>
    /// <exception cref="InsufficientMemoryException">There is no address space left.</exception>
    public SliceMemory(int blockBytes, int blocks, bool written = true)
    {
        this.blockBytes = checked((blockBytes + PageBytes - 1) / PageBytes * PageBytes);
        Blocks = blocks;

        // One page more: kernels may read a few bytes behind a block.
        reserved = ((nuint)this.blockBytes * (nuint)blocks) + PageBytes;
        start = (byte*)Map(null, reserved, ReadWrite, PrivateAnonymousUnreserved, -1, 0);
        if ((nint)start == -1)
        {
            start = null;
            throw new InsufficientMemoryException("no address space for a series");
        }

        if (written)
        {
            LargePages.Advise(start, reserved);
        }
        else
        {
            LargePages.AdviseAgainst(start, reserved);
        }
    }

    ~SliceMemory() => Free();

    public int Blocks { get; }

    /// <summary>A block; what it holds is not defined. From the heap where all are taken.</summary>
    public Memory<T> Rent<T>(int length)
        where T : unmanaged
    {
        Debug.Assert((long)length * sizeof(T) <= blockBytes, "a block is as large as was asked for");
        lock (spare)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            int block = spare.TryPop(out int again) ? again : used < Blocks ? used++ : -1;
            return block >= 0 ? new Block<T>(this, (T*)(start + ((nuint)block * (nuint)blockBytes)), length, block).Memory : new T[length];
        }
    }

    /// <summary>Gives a block back: it will be rented again.</summary>
    public void Return<T>(Memory<T> memory)
        where T : unmanaged
    {
        if (MemoryMarshal.TryGetMemoryManager<T, Block<T>>(memory, out Block<T>? block))
        {
            lock (spare)
            {
                spare.Push(block!.Number);
            }
        }
    }

    /// <summary>All blocks go back to the system; nobody may use one any more.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (!disposed && start is not null)
        {
            disposed = true;
            _ = Unmap(start, reserved);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void* Map(void* at, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmap(void* at, nuint length);

    private sealed class Block<T>(SliceMemory owner, T* at, int length, int number) : MemoryManager<T>
        where T : unmanaged
    {
        /// <summary>Keeps the memory alive as long as somebody holds the block.</summary>
        public SliceMemory Owner { get; } = owner;

        public int Number { get; } = number;

        public override Span<T> GetSpan()
        {
            // Rather a defect that is told than one that ends the process.
            ObjectDisposedException.ThrowIf(Owner.disposed, Owner);
            return new Span<T>(at, length);
        }

        public override MemoryHandle Pin(int elementIndex = 0) => new(at + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
