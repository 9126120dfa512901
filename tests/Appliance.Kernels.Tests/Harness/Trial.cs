namespace Appliance.Kernels.Tests.Harness;

/// <summary>Kernels to be launched one after another on given buffers, and what the reference says must come out.</summary>
public sealed unsafe class Trial(Random random) : IDisposable
{
    private readonly Memory memory = new();
    private readonly List<Launch> launches = [];
    private readonly List<Func<string?>> expectations = [];

    public Random Random { get; } = random;

    public IReadOnlyList<Launch> Launches => launches;

    public View<T> Buffer<T>(ReadOnlySpan<T> content)
        where T : unmanaged => memory.New(content);

    /// <summary>A result: filled with what no kernel should leave there.</summary>
    public View<T> Result<T>(int count)
        where T : unmanaged
    {
        T[] content = new T[count];
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(content.AsSpan()).Fill(0x5A);
        return memory.New<T>(content);
    }

    public Launch Lanes<TKernel>(TKernel kernel, int x, int y, int z)
        where TKernel : unmanaged, ILaneKernel => Add(new LaneLaunch<TKernel>(kernel, (x, y, z)));

    public Launch Points<TKernel>(TKernel kernel, int x, int y, int z)
        where TKernel : unmanaged, IPointKernel => Add(new PointLaunch<TKernel>(kernel, (x, y, z)));

    /// <param name="tolerance">Largest difference allowed; 0 for the same bits (and -0 for 0).</param>
    public void Expect<T>(View<T> view, T[] expected, double tolerance = 0)
        where T : unmanaged, IConvertible => expectations.Add(() =>
        {
            for (int i = 0; i < expected.Length; i++)
            {
                double want = expected[i].ToDouble(null), got = view[i].ToDouble(null);
                if (!(Math.Abs(want - got) <= tolerance) && !(double.IsNaN(want) && double.IsNaN(got)))
                {
                    return $"element {i} of {expected.Length}: {got:R} instead of {want:R}";
                }
            }

            return null;
        });

    /// <summary>Runs on one machine from fresh buffers; null where all is as the reference says.</summary>
    public string? Run(Machine machine)
    {
        memory.Reset();
        foreach (Launch launch in launches)
        {
            machine.Run(launch);
        }

        return memory.GuardsHold() ? expectations.Select(expectation => expectation()).FirstOrDefault(problem => problem is not null)
            : "wrote behind the end of a buffer";
    }

    public void Dispose() => memory.Dispose();

    private Launch Add(Launch launch)
    {
        launches.Add(launch);
        return launch;
    }
}
