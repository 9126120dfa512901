namespace Appliance.Kernels.Tests.Ptx;

/// <summary>PTX's fundamental types over 64-bit words (PTX ISA 5.2).</summary>
public static class PtxTypes
{
    public static int Bytes(string type) => type switch
    {
        "pred" => 1,
        _ => int.Parse(type[1..], System.Globalization.CultureInfo.InvariantCulture) / 8,
    };

    public static bool IsFloat(string type) => type[0] == 'f';

    /// <summary>The word as an integer of that type.</summary>
    public static long Integer(ulong word, string type) => type switch
    {
        "s8" => (sbyte)word,
        "s16" => (short)word,
        "s32" => (int)word,
        "u8" or "b8" => (byte)word,
        "u16" or "b16" => (ushort)word,
        "u32" or "b32" => (uint)word,
        "pred" => word == 0 ? 0 : 1,
        _ => (long)word,
    };

    /// <summary>An integer cut to the type's width.</summary>
    public static ulong Word(long value, string type) => Bytes(type) switch
    {
        1 => (byte)value,
        2 => (ushort)value,
        4 => (uint)value,
        _ => (ulong)value,
    };

    public static float Single(ulong word) => BitConverter.UInt32BitsToSingle((uint)word);

    public static double Double(ulong word) => BitConverter.UInt64BitsToDouble(word);

    public static ulong Word(float value) => BitConverter.SingleToUInt32Bits(value);

    public static ulong Word(double value) => BitConverter.DoubleToUInt64Bits(value);

    public static unsafe ulong Load(ulong address, int bytes) => bytes switch
    {
        1 => *(byte*)address,
        2 => *(ushort*)address,
        4 => *(uint*)address,
        _ => *(ulong*)address,
    };

    public static unsafe void Store(ulong address, int bytes, ulong word)
    {
        switch (bytes)
        {
            case 1: *(byte*)address = (byte)word; break;
            case 2: *(ushort*)address = (ushort)word; break;
            case 4: *(uint*)address = (uint)word; break;
            default: *(ulong*)address = word; break;
        }
    }
}
