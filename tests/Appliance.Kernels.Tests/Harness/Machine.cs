using Appliance.Kernels.Tests.Ptx;

namespace Appliance.Kernels.Tests.Harness;

/// <summary>Something that kernels run on. Each must leave what the scalar reference says.</summary>
public abstract class Machine
{
    public abstract void Run(Launch launch);
}

/// <summary>The CPU: eight lanes and the tail.</summary>
public sealed class LanesMachine : Machine
{
    public override void Run(Launch launch) => launch.OnLanes(0, launch.Extent.Z);
}

/// <summary>The CPU as the product runs it: a kernel's own body for it where there is one.</summary>
public sealed class TunedMachine : Machine
{
    public override void Run(Launch launch) => launch.OnCpu(0, launch.Extent.Z);
}

/// <summary>One lane only: a processor without Vector256.</summary>
public sealed class OneLaneMachine : Machine
{
    public override void Run(Launch launch) => launch.OnOneLane();
}

/// <summary>The emitted PTX in the interpreter, called as a driver would call it.</summary>
public sealed class PtxMachine(string architecture) : Machine
{
    private static readonly Dictionary<string, PtxProgram> Programs = [];

    public override void Run(Launch launch)
    {
        KernelImage image = KernelImages.Of(launch.Name, architecture);
        PtxProgram program;
        lock (Programs)
        {
            string key = $"{launch.Name}.{architecture}";
            if (!Programs.TryGetValue(key, out program!))
            {
                Programs[key] = program = PtxProgram.Parse(image.Ptx);
            }
        }

        (int x, int y, int z) = launch.Extent;
        byte[] extent = new byte[12];
        BitConverter.TryWriteBytes(extent.AsSpan(0), x);
        BitConverter.TryWriteBytes(extent.AsSpan(4), y);
        BitConverter.TryWriteBytes(extent.AsSpan(8), z);
        lock (program)
        {
            program.Launch(
                (Blocks(x, image.BlockX), Blocks(y, image.BlockY), Blocks(z, image.BlockZ)),
                (image.BlockX, image.BlockY, image.BlockZ),
                extent,
                launch.Bytes);
        }
    }

    private static int Blocks(int extent, int block) => (extent + block - 1) / block;
}
