using Appliance.Kernels.Tests.Harness;

namespace Appliance.Kernels.Tests;

/// <summary>The CPU's components by runs against flooding.</summary>
public sealed class ComponentRunsTests
{
    public static TheoryData<int, byte> Rules => new() { { 6, 0 }, { 26, 0 }, { 6, 2 }, { 26, 1 } };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Runs_have_the_components_that_flooding_finds(int neighbours, byte only)
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        foreach (Shape shape in Shape.All.Append(new Shape(67, 9, 4)))
        {
            byte[] labels = random.Labels(shape, 3);
            byte[] wanted = [.. labels.Select(label => only == 0 || label == only ? label : (byte)0)];
            int[] expected = new int[shape.Count];
            Components.Reference(wanted, shape.X, shape.Y, shape.Z, neighbours, expected);

            using Memory memory = new();
            ComponentRuns runs = new(
                memory.New<int>(new int[(shape.Y * shape.Z) + 1]), memory.New<ComponentRuns.Run>(new ComponentRuns.Run[shape.Count + 1]));
            View<byte> source = memory.New<byte>(labels);
            int found = runs.Find(source, shape.X, shape.Y, shape.Z, only, neighbours);

            Assert.True(expected.Where(root => root >= 0).Distinct().Count() == found, $"{shape}, seed {seed}: {found} components");
            Assert.Equal(expected, Roots(runs, wanted, shape));
        }
    }

    [Theory]
    [InlineData(6, 4, false)]
    [InlineData(26, 3, false)]
    [InlineData(6, 0, true)]
    [InlineData(26, 5, true)]
    public void Small_components_and_all_but_the_largest_become_background(int neighbours, int minimum, bool largestOnly)
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        foreach (Shape shape in Shape.All.Append(new Shape(67, 9, 4)))
        {
            byte[] labels = random.Labels(shape, 3);
            bool[] wanted = [.. Enumerable.Range(0, 256).Select(label => label is 1 or 3)];
            byte[] expected = Kept(labels, wanted, shape, neighbours, minimum, largestOnly);

            using Memory memory = new();
            ComponentRuns runs = new(
                memory.New<int>(new int[(shape.Y * shape.Z) + 1]), memory.New<ComponentRuns.Run>(new ComponentRuns.Run[shape.Count + 1]));
            View<int> sizes = memory.New<int>(new int[shape.Count + 1]);
            View<byte> source = memory.New<byte>(labels);
            runs.Find(source, shape.X, shape.Y, shape.Z, wanted, neighbours);
            runs.Keep(source, shape.X, sizes, minimum, largestOnly);

            Assert.True(Enumerable.Range(0, shape.Count).All(i => source[i] == expected[i]), $"{shape}, seed {seed}");
        }
    }

    [Fact]
    public void Runs_that_do_not_fit_are_refused()
    {
        using Memory memory = new();
        byte[] labels = [1, 0, 1, 0, 1, 0, 1, 0];
        ComponentRuns runs = new(memory.New<int>(new int[2]), memory.New<ComponentRuns.Run>(new ComponentRuns.Run[3]));

        Assert.Equal(-1, runs.Find(memory.New<byte>(labels), 8, 1, 1, 0, 6));
    }

    /// <summary>By flooding.</summary>
    private static byte[] Kept(byte[] labels, bool[] wanted, Shape shape, int neighbours, int minimum, bool largestOnly)
    {
        int[] roots = new int[shape.Count];
        Components.Reference(labels, shape.X, shape.Y, shape.Z, neighbours, roots);
        Dictionary<int, int> sizes = roots.Where(root => root >= 0).CountBy(root => root).ToDictionary();
        HashSet<int> largest = [.. sizes.GroupBy(pair => labels[pair.Key])
            .Select(of => of.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First().Key)];
        return
        [
            .. labels.Select((label, i) => roots[i] >= 0 && wanted[label]
                && (sizes[roots[i]] < minimum || (largestOnly && !largest.Contains(roots[i]))) ? (byte)0 : label),
        ];
    }

    /// <summary>Runs come row by row, so a voxel's run is found by walking both.</summary>
    private static int[] Roots(ComponentRuns runs, byte[] wanted, Shape shape)
    {
        int[] roots = new int[shape.Count];
        Array.Fill(roots, Components.None);
        int[] firstVoxel = new int[runs.Count];
        int voxel = 0;
        for (int i = 0; i < runs.Count; i++)
        {
            ComponentRuns.Run run = runs.Runs[i];
            while (wanted[voxel] == 0 || voxel % shape.X != run.Start)
            {
                voxel++;
            }

            firstVoxel[i] = voxel;
            for (int k = run.Start; k < run.End; k++)
            {
                roots[voxel++] = firstVoxel[run.Parent];
            }
        }

        return roots;
    }
}
