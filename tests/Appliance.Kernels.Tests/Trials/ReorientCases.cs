using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

/// <summary>All 48 orientations of a box, by chance.</summary>
public static class ReorientCases
{
    [Case("Reorient_Int16")]
    public static Trial Int16(Random random, Shape shape) => Of(random, shape, random.Shorts(shape.Count), (from, to, axes, result) =>
        new Reorient.Int16 { Source = from, Target = to, Width = result.X, Height = result.Y, Axes = axes });

    [Case("Reorient_UInt8")]
    public static Trial UInt8(Random random, Shape shape) => Of(random, shape, random.Bytes(shape.Count), (from, to, axes, result) =>
        new Reorient.UInt8 { Source = from, Target = to, Width = result.X, Height = result.Y, Axes = axes });

    [Case("Reorient_Float")]
    public static Trial Float(Random random, Shape shape) =>
        Of(random, shape, random.Floats(shape.Count, -9, 9), (from, to, axes, result) => new Reorient.Float
        {
            Source = from, Target = to, Width = result.X, Height = result.Y, Axes = axes,
        });

    /// <summary>Columns to planes, large enough for whole tiles of the body for the CPU, and rows to columns.</summary>
    [Case("Reorient_Int16")]
    public static Trial Tiles(Random random, Shape shape)
    {
        Trial trial = new(random);
        Shape from = new(66 + (shape.X % 3), 5, 17 + shape.Y);
        bool planes = random.Next(2) == 0;
        Shape result = planes ? new Shape(from.Z, from.Y, from.X) : new Shape(from.Y, from.X, from.Z);
        Reorient.Axes axes = planes
            ? new() { StrideX = from.Plane, StrideY = from.X, StrideZ = 1 }
            : new() { StrideX = from.X, StrideY = 1, StrideZ = from.Plane };
        short[] source = random.Shorts(from.Count);
        short[] expected = new short[from.Count];
        Reorient.Reference<short>(source, expected, result.X, result.Y, axes.Start, axes.StrideX, axes.StrideY, axes.StrideZ);
        View<short> target = trial.Result<short>(from.Count);
        trial.Lanes(
            new Reorient.Int16 { Source = trial.Buffer<short>(source), Target = target, Width = result.X, Height = result.Y, Axes = axes },
            result.X, result.Y, result.Z);
        trial.Expect(target, expected);
        return trial;
    }

    private static Trial Of<T, TKernel>(
        Random random, Shape shape, T[] source, Func<View<T>, View<T>, Reorient.Axes, Shape, TKernel> kernel)
        where T : unmanaged, IConvertible
        where TKernel : unmanaged, ILaneKernel
    {
        Trial trial = new(random);
        (Reorient.Axes axes, Shape result) = Any(random, shape);
        T[] expected = new T[shape.Count];
        Reorient.Reference<T>(source, expected, result.X, result.Y, axes.Start, axes.StrideX, axes.StrideY, axes.StrideZ);
        View<T> target = trial.Result<T>(shape.Count);
        trial.Lanes(kernel(trial.Buffer<T>(source), target, axes, result), result.X, result.Y, result.Z);
        trial.Expect(target, expected);
        return trial;
    }

    private static (Reorient.Axes Axes, Shape Result) Any(Random random, Shape shape)
    {
        int[] order = [0, 1, 2];
        random.Shuffle(order);
        int[] counts = [shape.X, shape.Y, shape.Z];
        int[] strides = [1, shape.X, shape.Plane];
        long start = 0;
        for (int axis = 0; axis < 3; axis++)
        {
            if (random.Next(2) == 0)
            {
                start += (long)strides[axis] * (counts[axis] - 1);
                strides[axis] = -strides[axis];
            }
        }

        Reorient.Axes axes = new() { Start = start, StrideX = strides[order[0]], StrideY = strides[order[1]], StrideZ = strides[order[2]] };
        return (axes, new Shape(counts[order[0]], counts[order[1]], counts[order[2]]));
    }
}
