namespace Appliance.Kernels;

/// <summary>32-bit integers in lanes. Arithmetic wraps.</summary>
public interface IInts<TInt, TMask>
    where TInt : struct, IInts<TInt, TMask>
    where TMask : struct, IMasks<TMask>
{
    static abstract TInt operator +(TInt a, TInt b);

    static abstract TInt operator -(TInt a, TInt b);

    static abstract TInt operator *(TInt a, TInt b);

    static abstract TInt operator &(TInt a, TInt b);

    static abstract TInt operator |(TInt a, TInt b);

    static abstract TInt operator <<(TInt a, int bits);

    /// <summary>Arithmetic: the sign comes in from the left.</summary>
    static abstract TInt operator >>(TInt a, int bits);

    static abstract TInt Set(int value);

    /// <summary>first, first + 1, ...</summary>
    static abstract TInt Count(int first);

    static abstract TInt Min(TInt a, TInt b);

    static abstract TInt Max(TInt a, TInt b);

    static abstract TMask Less(TInt a, TInt b);

    static abstract TMask Equal(TInt a, TInt b);

    static abstract TInt Select(TMask mask, TInt yes, TInt no);

    /// <summary>True where all lanes are equal, with their value: what is looked up for one needs no gather.</summary>
    static abstract bool AreSame(TInt value, out int same);

    /// <summary>Width elements from element i on.</summary>
    static abstract TInt Load(View<byte> from, long i);

    static abstract TInt Load(View<short> from, long i);

    static abstract TInt Load(View<ushort> from, long i);

    static abstract TInt Load(View<int> from, long i);

    /// <summary>Elements first + index, lane by lane; reads up to 3 bytes beyond the element (<see cref="View{T}"/>).</summary>
    static abstract TInt Gather(View<byte> from, long first, TInt index);

    static abstract TInt Gather(View<short> from, long first, TInt index);

    static abstract TInt Gather(View<int> from, long first, TInt index);

    /// <summary>Two neighbours in one read: the elements at index and at index + 1 (anything where there is none).</summary>
    static abstract void GatherPair(View<short> from, long first, TInt index, out TInt low, out TInt high);

    /// <summary>Stores 0 .. 255.</summary>
    static abstract void Store(View<byte> to, long i, TInt value);

    /// <summary>Stores three bytes for each lane, from byte i on: red, green, blue, each 0 .. 255.</summary>
    static abstract void StoreRgb(View<byte> to, long i, TInt red, TInt green, TInt blue);

    /// <summary>Stores -32768 .. 32767.</summary>
    static abstract void Store(View<short> to, long i, TInt value);

    static abstract void Store(View<int> to, long i, TInt value);
}
