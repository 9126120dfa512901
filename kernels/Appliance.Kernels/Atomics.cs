using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>What threads of one launch may do to the same element. The order of two is open, so only what commutes is offered.</summary>
public static class Atomics
{
#if GPU
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Min(ref int place, int value) => ILGPU.Atomic.Min(ref place, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Max(ref int place, int value) => ILGPU.Atomic.Max(ref place, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref int place, int value) => ILGPU.Atomic.Add(ref place, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref long place, long value) => ILGPU.Atomic.Add(ref place, value);
#else
    /// <returns>What was there before.</returns>
    public static int Min(ref int place, int value)
    {
        int before = Volatile.Read(ref place);
        while (value < before && Interlocked.CompareExchange(ref place, value, before) is var seen && seen != before)
        {
            before = seen;
        }

        return before;
    }

    /// <returns>What was there before.</returns>
    public static int Max(ref int place, int value)
    {
        int before = Volatile.Read(ref place);
        while (value > before && Interlocked.CompareExchange(ref place, value, before) is var seen && seen != before)
        {
            before = seen;
        }

        return before;
    }

    public static void Add(ref int place, int value) => Interlocked.Add(ref place, value);

    public static void Add(ref long place, long value) => Interlocked.Add(ref place, value);
#endif
}
