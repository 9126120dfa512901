using Appliance.Imaging.Launch;
using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>How many voxels each label of a volume has and where they lie.</summary>
internal sealed class LabelPlaces
{
    private const int Lowest = 2, Highest = 5;

    private readonly long[] counts = new long[256];
    private readonly long[] columns = new long[256];
    private readonly int[] extents = new int[256 * Statistics.ExtentNumbers];

    private LabelPlaces()
    {
    }

    /// <param name="labels">[slice][row][column].</param>
    public static unsafe LabelPlaces Of(ReadOnlySpan<byte> labels, int rows, int columns, Deadline? until = null)
    {
        LabelPlaces places = new();
        for (int i = 0; i < places.extents.Length; i++)
        {
            places.extents[i] = Statistics.Empty(i);
        }

        fixed (byte* source = labels)
        fixed (long* count = places.counts, column = places.columns)
        fixed (int* extent = places.extents)
        {
            Statistics.Places kernel = new()
            {
                Labels = new View<byte>(source, labels.Length),
                Counts = new View<long>(count, 256),
                Columns = new View<long>(column, 256),
                Extents = new View<int>(extent, places.extents.Length),
                Width = columns,
                Height = rows,
            };
            int slices = labels.Length / (rows * columns);
            Compute.Shared.Do((kernel, slices), Issue, wide: true, until);
        }

        return places;
    }

    private static void Issue(LaunchQueue on, in (Statistics.Places Kernel, int Slices) asked)
    {
        Statistics.Places kernel = asked.Kernel;
        (kernel.Labels, kernel.Counts) = (on.In(kernel.Labels), on.InOut(kernel.Counts));
        (kernel.Columns, kernel.Extents) = (on.InOut(kernel.Columns), on.InOut(kernel.Extents));
        on.Tuned(kernel, kernel.Width, kernel.Height, asked.Slices);
    }

    /// <summary>Voxels.</summary>
    public long Count(int label) => counts[label];

    /// <summary>Mean column of a label that occurs.</summary>
    public double MeanColumn(int label) => columns[label] / (double)counts[label];

    /// <summary>Whether it has a voxel in that slice or beyond, towards either end.</summary>
    public bool Reaches(int label, int first, int last) =>
        counts[label] > 0
        && (extents[(label * Statistics.ExtentNumbers) + Lowest] <= first || extents[(label * Statistics.ExtentNumbers) + Highest] >= last);
}
