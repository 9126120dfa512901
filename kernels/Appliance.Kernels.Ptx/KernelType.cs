using System.Reflection;

namespace Appliance.Kernels.Ptx;

/// <summary>One kernel struct of Appliance.Kernels and the method that a GPU thread enters by.</summary>
public sealed record KernelType(string Name, Type Struct, MethodInfo Entry, KernelAttribute Block)
{
    /// <summary>The body is one of blocks: it knows its own extent, and the parameters are the same {index, kernel}.</summary>
    public bool IsOfBlocks => Entry.Name == nameof(Kernels.Entry.Block);

    /// <summary>All that carry <see cref="KernelAttribute"/>, by name in ordinal order.</summary>
    public static IReadOnlyList<KernelType> All() => [.. typeof(KernelAttribute).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<KernelAttribute>() is not null)
        .Select(Of)
        .OrderBy(kernel => kernel.Name, StringComparer.Ordinal)];

    public static KernelType Of(Type type)
    {
        string name = (type.FullName ?? type.Name)[((type.Namespace?.Length ?? -1) + 1)..].Replace('+', '_');
        string entry = typeof(IBlockKernel).IsAssignableFrom(type) ? nameof(Kernels.Entry.Block)
            : typeof(ILaneKernel).IsAssignableFrom(type) ? nameof(Kernels.Entry.Lanes) : nameof(Kernels.Entry.Point);
        MethodInfo method = typeof(Entry).GetMethod(entry)!.MakeGenericMethod(type);
        return new KernelType(name, type, method, type.GetCustomAttribute<KernelAttribute>()!);
    }
}

/// <summary>A kernel that may not be built; the message says why, in terms of the kernel's source.</summary>
public sealed class KernelRefusedException(string message) : Exception(message);
