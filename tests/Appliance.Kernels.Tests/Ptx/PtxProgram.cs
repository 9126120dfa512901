using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Appliance.Kernels.Tests.Ptx;

/// <summary>Executes the PTX that the generator emits, by the PTX ISA, on the host's memory. Knows no kernel of ours.</summary>
/// <remarks>It has no branch uniformity, no fusing and no reordering: it shows what the text says, not what a driver makes of it.</remarks>
public sealed partial class PtxProgram
{
    private readonly List<Func<PtxThread, int>> code = [];
    private readonly Dictionary<string, int> labels = [];
    private readonly Dictionary<string, int> registers = [];
    private readonly Dictionary<string, string[]> branchTargets = [];
    private readonly List<(string Name, int Bytes)> parameters = [];
    private readonly List<(string Space, string Name, int Bytes)> variables = [];

    private PtxProgram(string entry)
    {
        Entry = entry;
    }

    public string Entry { get; }

    public IReadOnlyList<(string Name, int Bytes)> Parameters => parameters;

    public static PtxProgram Parse(string text)
    {
        Match head = EntryHead().Match(text);
        PtxProgram program = new(head.Groups[1].Value);
        int open = text.IndexOf('{', head.Index);
        foreach (Match parameter in Parameter().Matches(text[head.Index..open]))
        {
            int bytes = parameter.Groups[3].Success
                ? int.Parse(parameter.Groups[3].Value, CultureInfo.InvariantCulture)
                : PtxTypes.Bytes(parameter.Groups[1].Value);
            program.parameters.Add((parameter.Groups[2].Value, bytes));
        }

        PtxAssembler assembler = new(program.registers, program.labels, program.branchTargets);
        string label = "";
        foreach (string raw in text[(open + 1)..].Split('\n'))
        {
            string line = raw.Trim();
            if (line.Length == 0 || line is "{" or "}" || line.StartsWith(".reg", StringComparison.Ordinal))
            {
                continue;
            }

            if (Variable().Match(line) is { Success: true } variable)
            {
                int bytes = int.Parse(variable.Groups[3].Value, CultureInfo.InvariantCulture);
                program.variables.Add((variable.Groups[1].Value, variable.Groups[2].Value, (bytes + 15) & ~15));
            }
            else if (line.StartsWith(".branchtargets", StringComparison.Ordinal))
            {
                program.branchTargets[label] = [.. line[14..].TrimEnd(';').Split(',').Select(target => target.Trim())];
            }
            else if (line.EndsWith(':'))
            {
                label = line[..^1];
                program.labels[label] = program.code.Count;
            }
            else
            {
                program.code.Add(assembler.Assemble(line, program.code.Count));
            }
        }

        return program;
    }

    /// <summary>Runs every block of the grid to its end, one after another.</summary>
    public unsafe void Launch((int X, int Y, int Z) grid, (int X, int Y, int Z) block, params byte[][] arguments)
    {
        int count = block.X * block.Y * block.Z;
        int shared = variables.Where(v => v.Space == "shared").Sum(v => v.Bytes) + 16;
        int local = variables.Where(v => v.Space == "local").Sum(v => v.Bytes) + 16;
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)(shared + (local * count)), 64);
        PtxThread[] threads = new PtxThread[count];
        Dictionary<string, ulong> constants = [];
        for (int i = 0; i < arguments.Length; i++)
        {
            byte[] pinned = GC.AllocateUninitializedArray<byte>(arguments[i].Length + 16, pinned: true);
            arguments[i].CopyTo(pinned, 0);
            constants[parameters[i].Name] = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
            argumentsAlive.Add(pinned);
        }

        for (int i = 0; i < count; i++)
        {
            threads[i] = NewThread(i, block, grid, constants, memory, memory + shared + (i * local));
        }

        for (int b = 0; b < grid.X * grid.Y * grid.Z; b++)
        {
            foreach (PtxThread thread in threads)
            {
                thread.Start();
                (thread.Block[0], thread.Block[1], thread.Block[2]) = (b % grid.X, b / grid.X % grid.Y, b / grid.X / grid.Y);
            }

            RunBlock(threads);
        }

        argumentsAlive.Clear();
        NativeMemory.AlignedFree(memory);
    }

    private readonly List<byte[]> argumentsAlive = [];

    private unsafe PtxThread NewThread(
        int i, (int X, int Y, int Z) block, (int X, int Y, int Z) grid, Dictionary<string, ulong> constants, byte* shared, byte* local)
    {
        PtxThread thread = new(registers.Count);
        (thread.Thread[0], thread.Thread[1], thread.Thread[2]) = (i % block.X, i / block.X % block.Y, i / block.X / block.Y);
        (thread.BlockSize[0], thread.BlockSize[1], thread.BlockSize[2]) = block;
        (thread.Grid[0], thread.Grid[1], thread.Grid[2]) = grid;
        foreach ((string name, ulong address) in constants)
        {
            thread.Symbols[name] = address;
        }

        foreach ((string space, string name, int bytes) in variables)
        {
            thread.Symbols[name] = space == "shared" ? (ulong)shared : (ulong)local;
            shared += space == "shared" ? bytes : 0;
            local += space == "local" ? bytes : 0;
        }

        return thread;
    }

    /// <summary>Threads run in turn, each to its next barrier or end; a barrier opens when all that live have come to it.</summary>
    private void RunBlock(PtxThread[] threads)
    {
        while (threads.Any(thread => thread.Wait != PtxWait.Ended))
        {
            foreach (PtxThread thread in threads)
            {
                while (thread.Wait == PtxWait.None)
                {
                    thread.Next = code[thread.Next](thread);
                }
            }

            foreach (PtxThread thread in threads.Where(thread => thread.Wait == PtxWait.Barrier))
            {
                thread.Wait = PtxWait.None;
            }
        }
    }

    [GeneratedRegex(@"\.entry (\w+)\(")]
    private static partial Regex EntryHead();

    [GeneratedRegex(@"\.param\s+(?:\.align \d+ )?\.(\w+)\s+(\w+)(?:\[(\d+)\])?")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^\.(shared|local)\s+\.align \d+ \.b8\s+(\w+)\[(\d+)\];")]
    private static partial Regex Variable();
}
