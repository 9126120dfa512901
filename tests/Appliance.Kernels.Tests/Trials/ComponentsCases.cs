using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests.Trials;

public static class ComponentsCases
{
    [Case("Components_Start")]
    [Case("Components_Join")]
    [Case("Components_Flatten")]
    [Case("Components_Largest")]
    [Case("Components_First")]
    [Case("Components_Keep")]
    public static Trial Tidy(Random random, Shape shape)
    {
        Trial trial = new(random);
        byte[] labels = random.Labels(shape, 2);
        int neighbours = random.Next(2) == 0 ? 6 : 26;
        int minimum = random.Next(1, 4), largestOnly = random.Next(2);
        int[] roots = new int[shape.Count];
        Components.Reference(labels, shape.X, shape.Y, shape.Z, neighbours, roots);

        View<byte> source = trial.Buffer<byte>(labels);
        View<int> parents = trial.Result<int>(shape.Count), sizes = trial.Result<int>(shape.Count);
        View<int> largest = trial.Buffer<int>(new int[256]), first = trial.Buffer<int>([.. Enumerable.Repeat(int.MaxValue, 256)]);
        (int x, int y, int z) = (shape.X, shape.Y, shape.Z);
        trial.Points(new Components.Start { Labels = source, Parents = parents, Sizes = sizes, Width = x, Height = y }, x, y, z);
        trial.Points(
            new Components.Join { Labels = source, Parents = parents, Width = x, Height = y, Neighbours = neighbours }, x, y, z);
        trial.Points(new Components.Flatten { Parents = parents, Sizes = sizes, Width = x, Height = y }, x, y, z);
        trial.Points(
            new Components.Largest { Labels = source, Sizes = sizes, LargestSizes = largest, Width = x, Height = y }, x, y, z);
        trial.Points(
            new Components.First { Labels = source, Sizes = sizes, LargestSizes = largest, LargestRoots = first, Width = x, Height = y },
            x, y, z);
        trial.Points(
            new Components.Keep
            {
                Labels = source,
                Parents = parents,
                Sizes = sizes,
                LargestRoots = first,
                Minimum = minimum,
                LargestOnly = largestOnly,
                Width = x,
                Height = y,
            },
            x, y, z);
        trial.Expect(parents, roots);
        trial.Expect(source, Tidied(labels, roots, minimum, largestOnly != 0));
        return trial;
    }

    /// <summary>The rules, said once more: components by size, the largest of each label, the first of equals.</summary>
    private static byte[] Tidied(byte[] labels, int[] roots, int minimum, bool largestOnly)
    {
        Dictionary<int, int> sizes = roots.Where(root => root >= 0).GroupBy(root => root).ToDictionary(g => g.Key, g => g.Count());
        HashSet<int> largest = [.. sizes.Keys.GroupBy(root => labels[root])
            .Select(group => group.OrderByDescending(root => sizes[root]).ThenBy(root => root).First())];
        return [.. labels.Select((label, i) =>
            label != 0 && sizes[roots[i]] >= minimum && (!largestOnly || largest.Contains(roots[i])) ? label : (byte)0)];
    }
}
