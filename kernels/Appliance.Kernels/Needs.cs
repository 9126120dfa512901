namespace Appliance.Kernels;

/// <summary>How a launch does not fit its kernel's parameters.</summary>
public enum Unfit
{
    None,

    /// <summary>An extent is negative or beyond 32 bits, or elements are more than 32-bit indices reach.</summary>
    Extent,

    /// <summary>A view points nowhere.</summary>
    NullView,

    /// <summary>A view holds fewer elements than the launch reaches.</summary>
    ShortView,

    /// <summary>The launch reaches beyond the shape that the parameters give, or a parameter is out of its range.</summary>
    Shape,
}

/// <summary>Compares a launch with its kernel's parameters before it runs; keeps the first that does not fit, with its numbers.</summary>
/// <remarks>Elements are counted in 64 bits and stop at the largest: nothing wraps around.</remarks>
public struct Needs
{
    public Needs(long x, long y, long z)
    {
        (X, Y, Z) = (x, y, z);
        Between("extent x", x, 0, int.MaxValue, Unfit.Extent);
        Between("extent y", y, 0, int.MaxValue, Unfit.Extent);
        Between("extent z", z, 0, int.MaxValue, Unfit.Extent);
        IsEmpty = x == 0 || y == 0 || z == 0;
    }

    public long X { get; }

    public long Y { get; }

    public long Z { get; }

    /// <summary>Nothing is launched, so nothing is needed.</summary>
    public bool IsEmpty { get; }

    /// <summary>Elements of a volume of rows and planes up to and with the last that is made (<see cref="Grid"/>).</summary>
    public long Cells { get; private set; }

    /// <summary>Elements of all planes that the launch touches, to the end of the last.</summary>
    public long Planes { get; private set; }

    /// <summary>What does not fit; None while all does.</summary>
    public Unfit Unfit { get; private set; }

    /// <summary>The parameter or extent that does not.</summary>
    public string What { get; private set; } = "";

    /// <summary>What was asked for: elements, or the value itself.</summary>
    public long Asked { get; private set; }

    /// <summary>What there is: elements held, or the bound.</summary>
    public long Bound { get; private set; }

    /// <summary>The launch makes elements (x, y, z) of rows of width, planes of height rows.</summary>
    public void Grid(long width, long height)
    {
        Between("Width", width, X, int.MaxValue, Unfit.Shape);
        Between("Height", height, Y, int.MaxValue, Unfit.Shape);
        Planes = Product(Product(width, height), Z);
        Cells = IsEmpty ? 0 : Sum(Product(Sum(Product(Z - 1, height), Y - 1), width), X);
    }

    /// <summary>Each element is made from the one at the same place: Source and Target hold the launch's <see cref="Grid"/>.</summary>
    public void Pointwise<TSource, TTarget>(View<TSource> source, View<TTarget> target, long width, long height)
        where TSource : unmanaged
        where TTarget : unmanaged
    {
        Grid(width, height);
        Holds(source, Cells, "Source");
        Holds(target, Cells, "Target");
    }

    /// <summary>Each element is made from those up to a halo away: Source holds the slab, Target the launch's grid.</summary>
    public void Neighbours<T>(View<T> source, in Slab slab, long halo, View<T> target, long width, long height)
        where T : unmanaged
    {
        Grid(width, height);
        Slab(source, slab, halo, width, height, "Source");
        Holds(target, Cells, "Target");
    }

    /// <summary>Elements are looked up anywhere: Source holds the whole <see cref="Volume{T}"/>, Target the launch's grid.</summary>
    public void Resampled<TSource, TTarget>(View<TSource> source, in Extent extent, View<TTarget> target, long width, long height)
        where TSource : unmanaged
        where TTarget : unmanaged
    {
        Volume(source, extent, "Source");
        Grid(width, height);
        Holds(target, Cells, "Target");
    }

    /// <summary>Indices into this many elements are kept in 32 bits.</summary>
    public void Indexed(long elements) => Between("elements", elements, 0, int.MaxValue, Unfit.Extent);

    /// <summary>The view has this many elements at least.</summary>
    public void Holds<T>(View<T> view, long elements, string what)
        where T : unmanaged
    {
        if (IsEmpty || elements <= 0 || Unfit != Unfit.None)
        {
            return;
        }

        if (view.IsNull)
        {
            Fail(Unfit.NullView, what, elements, 0);
        }
        else if (view.Length < elements)
        {
            Fail(Unfit.ShortView, what, elements, view.Length);
        }
    }

    /// <summary>The view holds a volume whose elements have 32-bit indices.</summary>
    public void Volume<T>(View<T> view, in Extent extent, string what)
        where T : unmanaged
    {
        Between("Extent.Width", extent.Width, 1, int.MaxValue, Unfit.Shape);
        Between("Extent.Height", extent.Height, 1, int.MaxValue, Unfit.Shape);
        Between("Extent.Depth", extent.Depth, 1, int.MaxValue, Unfit.Shape);
        long elements = Product(Product(extent.Width, extent.Height), extent.Depth);
        Indexed(elements);
        Holds(view, elements, what);
    }

    /// <summary>The view holds the planes of the slab with their halo (<see cref="Kernels.Slab"/>), after <see cref="Grid"/>.</summary>
    public void Slab<T>(View<T> view, in Slab slab, long halo, long width, long height, string what)
        where T : unmanaged
    {
        Between("Slab.From", slab.From, 0, int.MaxValue, Unfit.Shape);
        Between("Slab.Depth", slab.Depth, Sum(slab.From, Z), int.MaxValue, Unfit.Shape);
        long lowest = Math.Max(0, slab.From - halo), highest = Math.Min(slab.Depth - 1L, slab.From + Z - 1 + halo);
        Between("Slab.First", slab.First, 0, lowest, Unfit.Shape);
        Holds(view, Product(Product(width, height), highest - slab.First + 1), what);
    }

    /// <summary>The view holds every element at start + i * stepX + j * stepY + k * stepZ for indices within the launch.</summary>
    public void Reaches<T>(View<T> view, long start, long stepX, long stepY, long stepZ, string what)
        where T : unmanaged
    {
        if (IsEmpty)
        {
            return;
        }

        long x = Product(stepX, X - 1), y = Product(stepY, Y - 1), z = Product(stepZ, Z - 1);
        long lowest = Sum(Sum(Sum(start, Math.Min(x, 0)), Math.Min(y, 0)), Math.Min(z, 0));
        long highest = Sum(Sum(Sum(start, Math.Max(x, 0)), Math.Max(y, 0)), Math.Max(z, 0));
        Between(what, lowest, 0, long.MaxValue, Unfit.ShortView);
        Holds(view, Sum(highest, 1), what);
    }

    /// <summary>A parameter lies within its range.</summary>
    public void Between(string what, long value, long lowest, long highest, Unfit otherwise = Unfit.Shape)
    {
        if (Unfit == Unfit.None && (value < lowest || value > highest))
        {
            Fail(otherwise, what, value, value < lowest ? lowest : highest);
        }
    }

    /// <summary>Product, or the nearest number of 64 bits.</summary>
    public static long Product(long a, long b)
    {
        long high = Math.BigMul(a, b, out long low);
        return high == low >> 63 ? low : (a < 0) == (b < 0) ? long.MaxValue : long.MinValue;
    }

    /// <summary>Sum, or the nearest number of 64 bits.</summary>
    public static long Sum(long a, long b)
    {
        long sum = unchecked(a + b);
        return ((a ^ sum) & (b ^ sum)) >= 0 ? sum : a < 0 ? long.MinValue : long.MaxValue;
    }

    private void Fail(Unfit unfit, string what, long asked, long bound) => (Unfit, What, Asked, Bound) = (unfit, what, asked, bound);
}
