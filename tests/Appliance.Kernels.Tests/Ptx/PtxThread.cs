namespace Appliance.Kernels.Tests.Ptx;

/// <summary>State of one GPU thread: registers as 64-bit words, whatever their type.</summary>
public sealed unsafe class PtxThread(int registers)
{
    /// <summary>What a register holds before it is written: nothing that a kernel could mistake for a zero.</summary>
    private const ulong Unwritten = 0xDEADBEEFCAFEF00D;

    public ulong[] Registers { get; } = new ulong[registers];

    public int[] Thread { get; } = new int[3];

    public int[] Block { get; } = new int[3];

    public int[] BlockSize { get; } = new int[3];

    public int[] Grid { get; } = new int[3];

    /// <summary>Where named memory lies: parameters, shared and local variables.</summary>
    public Dictionary<string, ulong> Symbols { get; } = [];

    public int Next { get; set; }

    public PtxWait Wait { get; set; }

    public void Start()
    {
        Array.Fill(Registers, Unwritten);
        Next = 0;
        Wait = PtxWait.None;
    }
}

public enum PtxWait
{
    None,
    Barrier,
    Ended,
}
