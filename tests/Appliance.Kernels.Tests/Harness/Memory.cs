using System.Runtime.InteropServices;

namespace Appliance.Kernels.Tests.Harness;

/// <summary>The buffers of one trial, with guards behind each, and their first contents to go back to.</summary>
public sealed unsafe class Memory : IDisposable
{
    private const int GuardBytes = 64;
    private const byte Guard = 0xCD;
    private readonly List<Block> blocks = [];

    public View<T> New<T>(ReadOnlySpan<T> content)
        where T : unmanaged
    {
        int bytes = content.Length * sizeof(T);
        byte* pointer = (byte*)NativeMemory.AlignedAlloc((nuint)(bytes + GuardBytes), 64);
        byte[] first = MemoryMarshal.AsBytes(content).ToArray();
        blocks.Add(new Block((nint)pointer, first));
        Reset();
        return new View<T>((T*)pointer, content.Length);
    }

    /// <summary>Every buffer as it was made.</summary>
    public void Reset()
    {
        foreach (Block block in blocks)
        {
            block.First.CopyTo(new Span<byte>((void*)block.Pointer, block.First.Length));
            new Span<byte>((byte*)block.Pointer + block.First.Length, GuardBytes).Fill(Guard);
        }
    }

    /// <summary>Whether nothing was written behind a buffer.</summary>
    public bool GuardsHold() => blocks.TrueForAll(block =>
        !new ReadOnlySpan<byte>((byte*)block.Pointer + block.First.Length, GuardBytes).ContainsAnyExcept(Guard));

    public void Dispose()
    {
        foreach (Block block in blocks)
        {
            NativeMemory.AlignedFree((void*)block.Pointer);
        }
    }

    private sealed record Block(nint Pointer, byte[] First);
}
