using System.Reflection;

namespace Appliance.Kernels.Tests.Harness;

/// <summary>Marks a method that makes a trial of the kernel named (as in the launch table): Trial Method(Random, Shape).</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class CaseAttribute(string kernel) : Attribute
{
    public string Kernel { get; } = kernel;
}

/// <summary>Columns, rows and planes of a trial.</summary>
public readonly record struct Shape(int X, int Y, int Z)
{
    public int Count => X * Y * Z;

    public int Plane => X * Y;

    /// <summary>Odd sizes around the number of lanes, and primes.</summary>
    public static IReadOnlyList<Shape> All { get; } =
        [new(1, 1, 1), new(7, 1, 2), new(8, 3, 1), new(9, 8, 7), new(17, 5, 3), new(1, 9, 4), new(37, 6, 5)];
}

/// <summary>All trials that there are.</summary>
public static class Cases
{
    public static IReadOnlyDictionary<string, MethodInfo[]> All { get; } = typeof(Cases).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .SelectMany(method => method.GetCustomAttributes<CaseAttribute>().Select(mark => (mark.Kernel, method)))
        .GroupBy(pair => pair.Kernel)
        .ToDictionary(group => group.Key, group => group.Select(pair => pair.method).ToArray());

    public static Trial Create(MethodInfo method, Random random, Shape shape) => (Trial)method.Invoke(null, [random, shape])!;
}
