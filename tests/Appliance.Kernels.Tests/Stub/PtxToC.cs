using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Stub;

/// <summary>Emitted PTX as C: a second reading of the PTX ISA beside the interpreter, fast enough for a whole study.</summary>
public static partial class PtxToC
{
    /// <summary>A C file with a function for each text and the table of them.</summary>
    public static string Translate(IReadOnlyList<KernelImage> images)
    {
        StringBuilder c = new("#include \"stub.h\"\n");
        foreach (KernelImage image in images)
        {
            Function(c, image);
        }

        c.Append("const kernel_text kernel_texts[] = {\n");
        foreach (KernelImage image in images)
        {
            string target = image.Architecture[3..];
            c.Append(CultureInfo.InvariantCulture,
                $"  {{ \"{image.Name}\", {target}, {image.ParameterBytes}, {Hash(image.Ptx)}ull, "
                + $"{image.Name}_{target}, {(image.Ptx.Contains("bar.sync", StringComparison.Ordinal) ? 1 : 0)} }},\n");
        }

        return c.Append(CultureInfo.InvariantCulture, $"}};\nconst int kernel_text_count = {images.Count};\n").ToString();
    }

    /// <summary>FNV-1a.</summary>
    private static ulong Hash(string text) =>
        Encoding.ASCII.GetBytes(text).Aggregate(14695981039346656037, (hash, each) => unchecked((hash ^ each) * 1099511628211));

    private static void Function(StringBuilder c, KernelImage image)
    {
        c.Append(CultureInfo.InvariantCulture,
            $"static void {image.Name}_{image.Architecture[3..]}(const thread_at *t, const u8 *at, const u8 *kernel)\n{{\n");
        int open = image.Ptx.IndexOf("\n{", StringComparison.Ordinal);
        foreach (string raw in image.Ptx[(open + 2)..].Split('\n'))
        {
            string line = raw.Trim().TrimEnd(';');
            if (line.Length == 0 || line == "}")
            {
                continue;
            }

            // One block at a time runs on a host thread: what its threads share is that thread's own.
            c.Append("  ").Append(line.StartsWith(".reg", StringComparison.Ordinal) ? Registers(line)
                : Shared().Match(line) is { Success: true } shared ? $"static __thread u8 {shared.Groups[1]}{shared.Groups[2]} SHARED;"
                : line.EndsWith(':') ? $"{line};"
                : Guarded(line)).Append('\n');
        }

        c.Append("}\n");
    }

    private static string Registers(string line)
    {
        Match match = Register().Match(line);
        string type = match.Groups[1].Value == "pred" ? "int" : match.Groups[1].Value.Replace('b', 'u');
        string name = match.Groups[2].Value;
        int count = int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture);
        return $"{type} {string.Join(", ", Enumerable.Range(0, count).Select(i => $"_{name}{i} = 0"))};";
    }

    private static string Guarded(string line)
    {
        if (line[0] != '@')
        {
            return Statement(line);
        }

        string[] parts = line.Split((char[])[' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries);
        string condition = parts[0][1..].Replace('%', '_');
        return $"if ({condition}) {{ {Statement(parts[1].Trim())} }}";
    }

    private static string Statement(string line)
    {
        string[] words = line.Split((char[])[' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries);
        string[] op = words[0].Split('.');
        string[] o = words.Length > 1 ? [.. words[1].Split(',').Select(operand => operand.Trim())] : [];
        string type = Type(op[^1]);
        return op[0] switch
        {
            "ret" => "return;",
            "bar" => "barrier();",
            "mov" when o[0].StartsWith("%f", StringComparison.Ordinal) && o[1].StartsWith("%r", StringComparison.Ordinal) =>
                $"{Operand(o[0])} = bits_f32({Operand(o[1])});",
            "bra" => $"goto {o[0]};",
            "ld" => $"{Operand(o[0])} = {Place(op[1], type, o[1])};",
            "st" => $"{Place(op[1], type, o[0])} = ({type}){Operand(o[1])};",
            "red" => Atomic(op, type, o[0], Operand(o[1]), null),
            "atom" => Atomic(op, type, o[1], Operand(o[2]), Operand(o[0])),
            _ => $"{Operand(o[0])} = {Value(op, type, [.. o[1..].Select(Operand)])};",
        };
    }

    private static string Value(string[] op, string type, string[] s) => string.Join('.', op[..^1]) switch
    {
        "mov" or "cvta.to.global" => s[0],
        "selp" => $"{s[2]} ? {s[0]} : {s[1]}",
        "add" or "add.rn" => $"({type}){s[0]} + ({type}){s[1]}",
        "sub" or "sub.rn" => $"({type}){s[0]} - ({type}){s[1]}",
        "mul.lo" or "mul.rn" => $"({type}){s[0]} * ({type}){s[1]}",
        "mul.wide" => $"({type.Replace("32", "64")})({type}){s[0]} * ({type}){s[1]}",
        "mad.lo" => $"({type}){s[0]} * ({type}){s[1]} + ({type}){s[2]}",
        "div" or "div.rn" => $"({type}){s[0]} / ({type}){s[1]}",
        "rem" => $"({type}){s[0]} % ({type}){s[1]}",
        "rcp.rn" => $"1.0f / {s[0]}",
        "sqrt.rn" => $"sqrtf({s[0]})",
        "neg" => $"-({type}){s[0]}",
        "and" => $"{s[0]} & {s[1]}",
        "or" => $"{s[0]} | {s[1]}",
        "xor" => $"{s[0]} ^ {s[1]}",
        "not" when op[^1] == "pred" => $"!{s[0]}",
        "not" => $"~{s[0]}",
        "shl" => $"(u32){s[1]} >= 8 * sizeof({type}) ? 0 : ({type}){s[0]} << {s[1]}",
        "shr" => $"({type}){s[0]} >> ((u32){s[1]} >= 8 * sizeof({type}) ? 8 * sizeof({type}) - 1 : {s[1]})",
        "min" or "max" when op[^1] == "f32" => $"f{op[0]}f({s[0]}, {s[1]})",
        "min" => $"({type}){s[0]} < ({type}){s[1]} ? {s[0]} : {s[1]}",
        "max" => $"({type}){s[0]} > ({type}){s[1]} ? {s[0]} : {s[1]}",
        _ when op[0] == "setp" => Compared(op[1], type, s),
        _ when op[0] == "cvt" => Converted(op, s[0]),
        _ => throw new NotSupportedException(string.Join('.', op)),
    };

    /// <summary>Ordered relations are false for a NaN, those that end in u are true (PTX ISA 9.3.1).</summary>
    private static string Compared(string relation, string type, string[] s)
    {
        (string a, string b) = ($"(({type}){s[0]})", $"(({type}){s[1]})");
        bool unordered = relation.Length == 3;
        string sign = relation[..2] switch
        {
            "eq" => "==",
            "ne" => "!=",
            "lt" or "lo" => "<",
            "le" or "ls" => "<=",
            "gt" or "hi" => ">",
            "ge" or "hs" => ">=",
            _ => throw new NotSupportedException($"setp.{relation}"),
        };
        return type != "f32" ? $"{a} {sign} {b}"
            : unordered ? $"{a} {sign} {b} || isnan({a}) || isnan({b})"
            : $"{a} {sign} {b} && !isnan({a}) && !isnan({b})";
    }

    private static string Converted(string[] op, string s)
    {
        string from = Type(op[^1]), to = Type(op[^2]);
        if (from != "f32" || to == "f32")
        {
            return $"({to})({from}){s}";
        }

        int bits = int.Parse(to[1..], CultureInfo.InvariantCulture);
        double high = Math.Pow(2, to[0] == 'u' ? bits : bits - 1) - 1, low = to[0] == 'u' ? 0 : -high - 1;
        return op[1] == "rzi" && bits <= 32
            ? string.Create(CultureInfo.InvariantCulture, $"({to})saturated({s}, {low:F1}, {high:F1})")
            : throw new NotSupportedException(string.Join('.', op));
    }

    private static string Atomic(string[] op, string type, string place, string value, string? before)
    {
        string address = Place("global", type, place), assigned = before is null ? "" : $"{before} = ";
        if (op.Contains("add"))
        {
            return $"{assigned}__atomic_fetch_add(&{address}, ({type}){value}, __ATOMIC_RELAXED);";
        }

        string sign = op.Contains("min") ? "<" : op.Contains("max") ? ">" : throw new NotSupportedException(string.Join('.', op));
        return $"{{ {type} seen = __atomic_load_n(&{address}, __ATOMIC_RELAXED); while (({type}){value} {sign} seen "
            + $"&& !__atomic_compare_exchange_n(&{address}, &seen, ({type}){value}, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)); "
            + $"{(before is null ? "(void)seen;" : $"{before} = seen;")} }}";
    }

    private static string Place(string space, string type, string operand)
    {
        string[] parts = operand.Trim('[', ']').Split('+');
        string offset = parts.Length > 1 ? $" + {parts[1]}" : "";
        return space switch
        {
            "param" => $"(*(const {type} *)({parts[0]}{offset}))",
            "global" or "shared" => $"AT({type}, {Operand(parts[0])}{offset})",
            _ => throw new NotSupportedException($"state space {space}"),
        };
    }

    private static string Operand(string operand)
    {
        if (operand.StartsWith("0f", StringComparison.OrdinalIgnoreCase))
        {
            return $"bits_f32(0x{operand[2..]}u)";
        }

        if (char.IsAsciiDigit(operand[0]) || operand[0] == '-')
        {
            return operand[0] == '-' ? $"({operand}ll)" : $"{operand}ull";
        }

        if (operand.StartsWith("__shared", StringComparison.Ordinal))
        {
            return $"((u64){operand} + BIAS)";
        }

        return operand.Contains('.', StringComparison.Ordinal) ? $"t->{operand[1..].Replace('.', '_')}" : operand.Replace('%', '_');
    }

    private static string Type(string ptx) => ptx[0] == 'b' ? $"u{ptx[1..]}" : ptx;

    [GeneratedRegex(@"^\.shared \.align \d+ \.b8 (\w+)(\[\d+\])")]
    private static partial Regex Shared();

    [GeneratedRegex(@"\.reg \.(\w+)\s+%(\w+)<(\d+)>")]
    private static partial Regex Register();
}
