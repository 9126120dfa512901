using System.Buffers;
using System.Collections.Concurrent;

namespace Appliance.Imaging;

/// <summary>All of them: <see cref="Scratch{T}"/>.</summary>
public static class Scratch
{
    private static readonly ConcurrentBag<Action> Kinds = [];

    /// <summary>Between studies: gives the arrays back, of whatever kind were rented.</summary>
    public static void Rest()
    {
        foreach (Action rest in Kinds)
        {
            rest();
        }
    }

    internal static void Add(Action rest) => Kinds.Add(rest);
}

/// <summary>Arrays that a step needs for a moment: kept for the next slice of the study, given back between studies.</summary>
/// <remarks>
/// <see cref="ArrayPool{T}.Shared"/> would keep them: at a collection it lets go only of what it saw half a minute before, and of a part of
/// that. An array that was rented before a rest and comes back after it is kept by the new pool, whose sizes are the same.
/// </remarks>
internal static class Scratch<T>
    where T : unmanaged
{
    private static ArrayPool<T> arrays = First();

    /// <summary>Longer than asked for; what it holds is not defined.</summary>
    public static T[] Rent(int length) => Volatile.Read(ref arrays).Rent(length);

    public static void Return(T[] array) => Volatile.Read(ref arrays).Return(array);

    private static ArrayPool<T> First()
    {
        Scratch.Add(() => Volatile.Write(ref arrays, ArrayPool<T>.Create()));
        return ArrayPool<T>.Create();
    }
}
