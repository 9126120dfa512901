using System.Reflection;

namespace Appliance.Kernels.Ptx;

/// <summary>Which fields a kernel may have: those whose layout and meaning are the same on both machines.</summary>
public static class KernelFields
{
    /// <exception cref="KernelRefusedException">A field that ILGPU passes differently or indexes wrongly.</exception>
    public static void Check(Type type)
    {
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            Type of = field.FieldType;
            string name = $"{type.Name}.{field.Name}";
            if (of.IsPointer)
            {
                throw new KernelRefusedException($"{name} is a raw pointer: ILGPU takes its index as unsigned; use View<T>");
            }

            if (of == typeof(bool) || of == typeof(char))
            {
                throw new KernelRefusedException($"{name} is a {of.Name}, which ILGPU passes in another size; use int");
            }

            if (!of.IsValueType)
            {
                throw new KernelRefusedException($"{name} is a reference, which no GPU can follow");
            }

            if (!of.IsPrimitive && !of.IsEnum && !(of.IsGenericType && of.GetGenericTypeDefinition() == typeof(View<>)))
            {
                Check(of);
            }
        }
    }
}
