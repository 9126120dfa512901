using Read = System.Func<Appliance.Kernels.Tests.Ptx.PtxThread, ulong>;
using T = Appliance.Kernels.Tests.Ptx.PtxTypes;

namespace Appliance.Kernels.Tests.Ptx;

/// <summary>Instructions that make one value (PTX ISA 9.7), as functions of a thread.</summary>
public static class PtxOperations
{
    /// <param name="op">The mnemonic split at its dots.</param>
    /// <param name="s">Source operands.</param>
    public static Read Value(string[] op, Read[] s)
    {
        string type = op[^1];
        return op[0] switch
        {
            "mov" or "cvta" => s[0],
            "cvt" => Convert(op, s[0]),
            "setp" => Compare(op, s),
            "selp" => thread => s[2](thread) != 0 ? s[0](thread) : s[1](thread),
            "mul" when op[1] == "wide" => thread => (ulong)(T.Integer(s[0](thread), type) * T.Integer(s[1](thread), type)),
            "mul" when op[1] == "hi" => High(s, type),
            "mad" when op[1] == "wide" => thread =>
                (ulong)((T.Integer(s[0](thread), type) * T.Integer(s[1](thread), type)) + (long)s[2](thread)),
            "mad" when !T.IsFloat(type) => thread =>
                T.Word((T.Integer(s[0](thread), type) * T.Integer(s[1](thread), type)) + T.Integer(s[2](thread), type), type),
            "shl" => thread =>
                Shift(s[1](thread), type) is var bits && bits >= T.Bytes(type) * 8 ? 0 : T.Word((long)s[0](thread) << bits, type),
            "shr" => thread => T.Word(T.Integer(s[0](thread), type) >> Math.Min(Shift(s[1](thread), type), 63), type),
            "not" when type == "pred" => thread => s[0](thread) == 0 ? 1ul : 0,
            "not" or "neg" or "abs" or "sqrt" or "rcp" => Unary(op, s[0]),
            _ => Binary(op, s),
        };
    }

    /// <summary>What an atomic operation leaves in memory.</summary>
    public static Func<ulong, ulong[], ulong> Atomic(string operation, string type) => operation switch
    {
        "add" when type == "f32" => (old, s) => T.Word(T.Single(old) + T.Single(s[0])),
        "add" => (old, s) => T.Word((long)old + (long)s[0], type),
        "min" => (old, s) => T.Word(Math.Min(T.Integer(old, type), T.Integer(s[0], type)), type),
        "max" => (old, s) => T.Word(Math.Max(T.Integer(old, type), T.Integer(s[0], type)), type),
        "or" => (old, s) => old | s[0],
        "and" => (old, s) => old & s[0],
        "exch" => (_, s) => s[0],
        "cas" => (old, s) => old == T.Word((long)s[0], type) ? s[1] : old,
        _ => throw new NotSupportedException($"atomic {operation}.{type}"),
    };

    private static int Shift(ulong bits, string type) => (int)Math.Min(bits & uint.MaxValue, (ulong)T.Bytes(type) * 8);

    private static Read High(Read[] s, string type) => thread =>
    {
        Int128 product = (Int128)T.Integer(s[0](thread), type) * T.Integer(s[1](thread), type);
        return T.Word((long)(product >> (T.Bytes(type) * 8)), type);
    };

    private static Read Unary(string[] op, Read s)
    {
        string type = op[^1];
        return (op[0], type) switch
        {
            ("neg", "f32") => thread => T.Word(-T.Single(s(thread))),
            ("neg", "f64") => thread => T.Word(-T.Double(s(thread))),
            ("abs", "f32") => thread => T.Word(MathF.Abs(T.Single(s(thread)))),
            ("sqrt", "f32") => thread => T.Word(MathF.Sqrt(T.Single(s(thread)))),
            ("rcp", "f32") when op[1] == "rn" => thread => T.Word(1 / T.Single(s(thread))),
            ("neg", _) => thread => T.Word(-T.Integer(s(thread), type), type),
            ("abs", _) => thread => T.Word(Math.Abs(T.Integer(s(thread), type)), type),
            ("not", _) => thread => T.Word(~(long)s(thread), type),
            _ => throw new NotSupportedException(string.Join('.', op)),
        };
    }

    private static Read Binary(string[] op, Read[] s)
    {
        string type = op[^1];
        if (type == "f32")
        {
            Func<float, float, float> single = op[0] switch
            {
                "add" when op[1] == "rn" => (a, b) => a + b,
                "sub" when op[1] == "rn" => (a, b) => a - b,
                "mul" when op[1] == "rn" => (a, b) => a * b,
                "div" when op[1] == "rn" => (a, b) => a / b,
                "min" => (a, b) => float.IsNaN(a) ? b : float.IsNaN(b) ? a : MathF.Min(a, b),
                "max" => (a, b) => float.IsNaN(a) ? b : float.IsNaN(b) ? a : MathF.Max(a, b),
                _ => throw new NotSupportedException(string.Join('.', op)),
            };
            return thread => T.Word(single(T.Single(s[0](thread)), T.Single(s[1](thread))));
        }

        Func<long, long, long> integer = op[0] switch
        {
            "add" => (a, b) => a + b,
            "sub" => (a, b) => a - b,
            "mul" when op[1] == "lo" => (a, b) => a * b,
            "div" => (a, b) => a / b,
            "rem" => (a, b) => a % b,
            "min" => Math.Min,
            "max" => Math.Max,
            "and" => (a, b) => a & b,
            "or" => (a, b) => a | b,
            "xor" => (a, b) => a ^ b,
            _ => throw new NotSupportedException(string.Join('.', op)),
        };
        return thread => T.Word(integer(T.Integer(s[0](thread), type), T.Integer(s[1](thread), type)), type);
    }

    private static Read Compare(string[] op, Read[] s)
    {
        string type = op[^1];
        string relation = op[1];
        Func<PtxThread, bool> holds = type switch
        {
            "f32" => thread => Holds(relation, T.Single(s[0](thread)), T.Single(s[1](thread))),
            "f64" => thread => Holds(relation, T.Double(s[0](thread)), T.Double(s[1](thread))),
            _ => thread => Holds(relation, T.Integer(s[0](thread), type).CompareTo(T.Integer(s[1](thread), type))),
        };
        return (op.Length > 3 ? op[2] : "") switch
        {
            "and" => thread => holds(thread) && s[2](thread) != 0 ? 1ul : 0,
            "or" => thread => holds(thread) || s[2](thread) != 0 ? 1ul : 0,
            _ => thread => holds(thread) ? 1ul : 0,
        };
    }

    /// <summary>Ordered relations are false for a NaN, those that end in u are true (PTX ISA 9.3.1).</summary>
    private static bool Holds(string relation, double a, double b) => double.IsNaN(a) || double.IsNaN(b)
        ? relation == "nan" || (relation.Length == 3 && relation[2] == 'u')
        : Holds(relation.Length == 3 ? relation[..2] : relation, a.CompareTo(b));

    private static bool Holds(string relation, int order) => relation switch
    {
        "eq" => order == 0,
        "ne" => order != 0,
        "lt" or "lo" => order < 0,
        "le" or "ls" => order <= 0,
        "gt" or "hi" => order > 0,
        "ge" or "hs" => order >= 0,
        _ => throw new NotSupportedException($"setp.{relation}"),
    };

    private static Read Convert(string[] op, Read s)
    {
        string from = op[^1], to = op[^2], rounding = op.Length > 3 ? op[1] : "";
        return (T.IsFloat(to), T.IsFloat(from)) switch
        {
            (true, true) when to == from => thread => T.Word(Rounded(T.Single(s(thread)), rounding)),
            (true, true) => to == "f64" ? thread => T.Word((double)T.Single(s(thread))) : thread => T.Word((float)T.Double(s(thread))),
            (true, false) => to == "f32"
                ? thread => T.Word((float)T.Integer(s(thread), from))
                : thread => T.Word((double)T.Integer(s(thread), from)),
            (false, true) => thread => Integer(from == "f32" ? T.Single(s(thread)) : T.Double(s(thread)), to, rounding),
            _ => thread => T.Word(T.Integer(s(thread), from), to),
        };
    }

    private static float Rounded(float value, string rounding) => rounding switch
    {
        "rmi" => MathF.Floor(value),
        "rpi" => MathF.Ceiling(value),
        "rzi" => MathF.Truncate(value),
        "rni" => MathF.Round(value),
        _ => throw new NotSupportedException($"cvt.{rounding}.f32.f32"),
    };

    /// <summary>Rounds, then saturates; NaN becomes 0.</summary>
    private static ulong Integer(double value, string to, string rounding)
    {
        double whole = rounding switch
        {
            "rmi" => Math.Floor(value),
            "rni" => Math.Round(value),
            _ => Math.Truncate(value),
        };
        int bits = T.Bytes(to) * 8;
        double top = Math.Pow(2, to[0] == 'u' ? bits : bits - 1);
        return double.IsNaN(whole) ? 0
            : whole >= top ? (to[0] == 'u' ? ulong.MaxValue >> (64 - bits) : (1ul << (bits - 1)) - 1)
            : whole < (to[0] == 'u' ? 0 : -top) ? (to[0] == 'u' ? 0 : 1ul << (bits - 1))
            : to[0] == 'u' ? (ulong)whole : T.Word((long)whole, to);
    }
}
