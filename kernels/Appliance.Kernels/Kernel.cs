namespace Appliance.Kernels;

/// <summary>What every kernel says of itself before a launch.</summary>
public interface IKernel
{
    /// <summary>Which elements of which views the launch reaches, and what else must hold. No thread of a GPU runs it.</summary>
    void Check(ref Needs needs);
}

/// <summary>A kernel: a struct whose fields are its parameters and whose body makes one element, or a few lanes, of the result.</summary>
/// <remarks>
/// The body is generic over lanes: a GPU thread and the tail of a row run it with one lane (<see cref="OneFloat"/>), the CPU with eight.
/// It may use only what ILGPU compiles: no throw, no Math.Clamp, no stackalloc, no lambda (../../docs/decisions/0005-kernels.md).
/// </remarks>
public interface ILaneKernel : IKernel
{
    /// <summary>Results x .. x + width - 1 of row (y, z).</summary>
    void Run<TFloat, TInt, TMask>(int x, int y, int z)
        where TFloat : struct, IFloats<TFloat, TInt, TMask>
        where TInt : struct, IInts<TInt, TMask>
        where TMask : struct, IMasks<TMask>;
}

/// <summary>A kernel whose elements cannot go in lanes (atomics, chains of pointers): one body for GPU and scalar code.</summary>
public interface IPointKernel : IKernel
{
    void Run(int x, int y, int z);
}

/// <summary>Marks a kernel for the generator of PTX. X * Y * Z threads make a block on the GPU.</summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class KernelAttribute(int x, int y = 1, int z = 1) : Attribute
{
    public int X { get; } = x;

    public int Y { get; } = y;

    public int Z { get; } = z;
}
