using System.Globalization;

namespace Appliance.Kernels.Tests.Ptx;

/// <summary>One line of PTX to a step of a thread: it returns the number of the next step.</summary>
public sealed class PtxAssembler(
    Dictionary<string, int> registers, Dictionary<string, int> labels, Dictionary<string, string[]> branchTargets)
{
    public Func<PtxThread, int> Assemble(string line, int at)
    {
        Func<PtxThread, bool>? guard = null;
        if (line[0] == '@')
        {
            string[] parts = line.Split((char[])[' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries);
            bool negated = parts[0][1] == '!';
            int predicate = Register(parts[0][(negated ? 2 : 1)..]);
            guard = thread => (thread.Registers[predicate] != 0) != negated;
            line = parts[1].Trim();
        }

        string[] words = line.TrimEnd(';').Split((char[])[' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries);
        Func<PtxThread, int> step = Step(words[0].Split('.'), words.Length > 1 ? Operands(words[1]) : [], at);
        return guard is null ? step : thread => guard(thread) ? step(thread) : at + 1;
    }

    private Func<PtxThread, int> Step(string[] op, string[] operands, int at)
    {
        switch (op[0])
        {
            case "ret" or "exit":
                return thread =>
                {
                    thread.Wait = PtxWait.Ended;
                    return at;
                };
            case "bar":
                return thread =>
                {
                    thread.Wait = PtxWait.Barrier;
                    return at + 1;
                };
            case "bra":
                return thread => labels[operands[0]];
            case "brx":
                Func<PtxThread, ulong> index = Source(operands[0]);
                return thread => labels[branchTargets[operands[1]][(int)index(thread)]];
            case "st":
                return Store(op, operands, at);
            case "red":
                return Atomic(op, operands[0], operands[1..], -1, at);
            case "atom":
                return Atomic(op, operands[1], operands[2..], Register(operands[0]), at);
            case "ld":
                return Load(op, operands, at);
            default:
                int target = Register(operands[0].Split('|')[0]);
                Func<PtxThread, ulong> value = PtxOperations.Value(op, [.. operands[1..].Select(Source)]);
                return thread =>
                {
                    thread.Registers[target] = value(thread);
                    return at + 1;
                };
        }
    }

    private Func<PtxThread, int> Load(string[] op, string[] operands, int at)
    {
        int bytes = PtxTypes.Bytes(op[^1]);
        int[] targets = [.. Vector(operands[0]).Select(Register)];
        bool signed = op[^1][0] == 's';
        Func<PtxThread, ulong> address = Address(operands[1]);
        return thread =>
        {
            ulong from = Aligned(address(thread), bytes * targets.Length);
            for (int i = 0; i < targets.Length; i++)
            {
                ulong word = PtxTypes.Load(from + (ulong)(i * bytes), bytes);
                thread.Registers[targets[i]] = signed ? (ulong)PtxTypes.Integer(word, op[^1]) : word;
            }

            return at + 1;
        };
    }

    private Func<PtxThread, int> Store(string[] op, string[] operands, int at)
    {
        int bytes = PtxTypes.Bytes(op[^1]);
        Func<PtxThread, ulong>[] values = [.. Vector(operands[1]).Select(Source)];
        Func<PtxThread, ulong> address = Address(operands[0]);
        return thread =>
        {
            ulong to = Aligned(address(thread), bytes * values.Length);
            for (int i = 0; i < values.Length; i++)
            {
                PtxTypes.Store(to + (ulong)(i * bytes), bytes, values[i](thread));
            }

            return at + 1;
        };
    }

    private Func<PtxThread, int> Atomic(string[] op, string place, string[] operands, int target, int at)
    {
        string type = op[^1];
        int bytes = PtxTypes.Bytes(type);
        Func<PtxThread, ulong> address = Address(place);
        Func<PtxThread, ulong>[] values = [.. operands.Select(Source)];
        Func<ulong, ulong[], ulong> change = PtxOperations.Atomic(op[1..^1].First(part => part is not ("global" or "shared")), type);
        return thread =>
        {
            ulong to = Aligned(address(thread), bytes);
            ulong before = PtxTypes.Load(to, bytes);
            PtxTypes.Store(to, bytes, change(before, [.. values.Select(value => value(thread))]));
            if (target >= 0)
            {
                thread.Registers[target] = before;
            }

            return at + 1;
        };
    }

    private static ulong Aligned(ulong address, int bytes) => address % (ulong)bytes == 0
        ? address
        : throw new InvalidOperationException($"misaligned access of {bytes} bytes at {address:x}");

    private int Register(string name)
    {
        if (!registers.TryGetValue(name, out int index))
        {
            registers[name] = index = registers.Count;
        }

        return index;
    }

    private Func<PtxThread, ulong> Address(string operand)
    {
        string[] parts = operand.Trim('[', ']').Split('+');
        Func<PtxThread, ulong> start = Source(parts[0].Trim());
        ulong offset = parts.Length > 1 ? (ulong)long.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        return thread => start(thread) + offset;
    }

    private Func<PtxThread, ulong> Source(string operand)
    {
        if (operand.StartsWith("0f", StringComparison.OrdinalIgnoreCase))
        {
            ulong bits = Convert.ToUInt32(operand[2..], 16);
            return _ => bits;
        }

        if (operand.StartsWith("0d", StringComparison.OrdinalIgnoreCase))
        {
            ulong bits = Convert.ToUInt64(operand[2..], 16);
            return _ => bits;
        }

        if (char.IsAsciiDigit(operand[0]) || operand[0] == '-')
        {
            ulong value = operand[0] == '-'
                ? (ulong)long.Parse(operand, CultureInfo.InvariantCulture)
                : ulong.Parse(operand, CultureInfo.InvariantCulture);
            return _ => value;
        }

        int axis = "xyz".IndexOf(operand[^1], StringComparison.Ordinal);
        switch (operand.Split('.')[0])
        {
            case "%tid": return thread => (ulong)thread.Thread[axis];
            case "%ctaid": return thread => (ulong)thread.Block[axis];
            case "%ntid": return thread => (ulong)thread.BlockSize[axis];
            case "%nctaid": return thread => (ulong)thread.Grid[axis];
        }

        if (operand[0] != '%')
        {
            return thread => thread.Symbols[operand];
        }

        int register = Register(operand);
        return thread => thread.Registers[register];
    }

    private static string[] Vector(string operand) =>
        [.. operand.Trim('{', '}').Split(',').Select(part => part.Trim())];

    /// <summary>Splits at the commas outside braces.</summary>
    private static string[] Operands(string text)
    {
        List<string> operands = [];
        int depth = 0, start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                operands.Add(text[start..i].Trim());
                start = i + 1;
                continue;
            }

            depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
        }

        return [.. operands];
    }
}
