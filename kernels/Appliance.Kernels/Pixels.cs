using System.Runtime.CompilerServices;

namespace Appliance.Kernels;

/// <summary>Elements of one type as integers in lanes, so that kernels for several types have one body.</summary>
/// <typeparam name="T">The elements.</typeparam>
public interface IPixels<T>
    where T : unmanaged
{
    static abstract TInt Load<TInt, TMask>(View<T> from, long i)
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>;
}

/// <summary>The same for elements that can be gathered and stored.</summary>
/// <typeparam name="T">The elements.</typeparam>
public interface IMovedPixels<T> : IPixels<T>
    where T : unmanaged
{
    static abstract TInt Gather<TInt, TMask>(View<T> from, long first, TInt index)
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>;

    static abstract void Store<TInt, TMask>(View<T> to, long i, TInt value)
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>;
}

public readonly struct BytePixels : IMovedPixels<byte>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Load<TInt, TMask>(View<byte> from, long i)
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask> => TInt.Load(from, i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Gather<TInt, TMask>(View<byte> from, long first, TInt index)
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask> => TInt.Gather(from, first, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TInt, TMask>(View<byte> to, long i, TInt value)
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask> => TInt.Store(to, i, value);
}

public readonly struct ShortPixels : IMovedPixels<short>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Load<TInt, TMask>(View<short> from, long i)
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask> => TInt.Load(from, i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Gather<TInt, TMask>(View<short> from, long first, TInt index)
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask> => TInt.Gather(from, first, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TInt, TMask>(View<short> to, long i, TInt value)
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask> => TInt.Store(to, i, value);
}

public readonly struct UShortPixels : IPixels<ushort>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Load<TInt, TMask>(View<ushort> from, long i)
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask> => TInt.Load(from, i);
}

public readonly struct IntPixels : IPixels<int>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Load<TInt, TMask>(View<int> from, long i)
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask> => TInt.Load(from, i);
}
