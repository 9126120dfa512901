using System.Buffers;

namespace Appliance.Imaging;

/// <summary>All of them: <see cref="Scratch{T}"/>.</summary>
public static class Scratch
{
    /// <summary>Between studies: gives the arrays back.</summary>
    public static void Rest()
    {
        Scratch<byte>.Rest();
        Scratch<int>.Rest();
        Scratch<float>.Rest();
    }
}

/// <summary>Arrays that a step needs for a moment: kept for the next slice of the study, given back between studies.</summary>
/// <remarks>
/// <see cref="ArrayPool{T}.Shared"/> would keep them: at a collection it lets go only of what it saw half a minute before, and of a part of
/// that. An array that was rented before a rest and comes back after it is kept by the new pool, whose sizes are the same.
/// </remarks>
internal static class Scratch<T>
    where T : unmanaged
{
    private static ArrayPool<T> arrays = ArrayPool<T>.Create();

    /// <summary>Longer than asked for; what it holds is not defined.</summary>
    public static T[] Rent(int length) => Volatile.Read(ref arrays).Rent(length);

    public static void Return(T[] array) => Volatile.Read(ref arrays).Return(array);

    public static void Rest() => Volatile.Write(ref arrays, ArrayPool<T>.Create());
}
