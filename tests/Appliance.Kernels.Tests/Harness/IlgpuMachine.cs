extern alias Gpu;

using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace Appliance.Kernels.Tests.Harness;

/// <summary>ILGPU's own CPU accelerator: the same body as IL, run by ILGPU's rules for threads and views.</summary>
public sealed class IlgpuMachine : Machine, IDisposable
{
    private readonly Context context;
    private readonly Accelerator accelerator;

    public IlgpuMachine()
    {
        context = Context.Create(builder => builder.CPU(new CPUDevice(4, 8, 8)));
        accelerator = context.CreateCPUAccelerator(0);
    }

    public override void Run(Launch launch)
    {
        List<(MemoryBuffer Buffer, object HostView)> buffers = [];
        object kernel = Converted(launch.Kernel, buffers);
        string method = kernel is Gpu::Appliance.Kernels.ILaneKernel ? nameof(RunLanes) : nameof(RunPoint);
        typeof(IlgpuMachine).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Instance)!
            .MakeGenericMethod(kernel.GetType()).Invoke(this, [launch.Extent, kernel]);
        foreach ((MemoryBuffer buffer, object hostView) in buffers)
        {
            Generic(nameof(CopyBack), hostView).Invoke(null, [buffer, hostView]);
            buffer.Dispose();
        }
    }

    public void Dispose()
    {
        accelerator.Dispose();
        context.Dispose();
    }

    private void RunLanes<TKernel>((int X, int Y, int Z) extent, TKernel kernel)
        where TKernel : struct, Gpu::Appliance.Kernels.ILaneKernel
    {
        Action<Index3D, TKernel> run = accelerator.LoadAutoGroupedStreamKernel<Index3D, TKernel>(Gpu::Appliance.Kernels.Entry.Lanes);
        run(new Index3D(extent.X, extent.Y, extent.Z), kernel);
        accelerator.Synchronize();
    }

    private void RunPoint<TKernel>((int X, int Y, int Z) extent, TKernel kernel)
        where TKernel : struct, Gpu::Appliance.Kernels.IPointKernel
    {
        Action<Index3D, TKernel> run = accelerator.LoadAutoGroupedStreamKernel<Index3D, TKernel>(Gpu::Appliance.Kernels.Entry.Point);
        run(new Index3D(extent.X, extent.Y, extent.Z), kernel);
        accelerator.Synchronize();
    }

    /// <summary>The struct of the same name in the ILGPU build, field by field; views become buffers of the accelerator.</summary>
    private object Converted(object host, List<(MemoryBuffer Buffer, object HostView)> buffers)
    {
        Type type = host.GetType();
        if (type.IsPrimitive)
        {
            return host;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(View<>))
        {
            object[] made = (object[])Generic(nameof(CopyIn), host).Invoke(null, [accelerator, host])!;
            buffers.Add(((MemoryBuffer)made[0], host));
            return made[1];
        }

        Type ours = typeof(Gpu::Appliance.Kernels.KernelAttribute).Assembly.GetType(type.FullName!, throwOnError: true)!;
        object result = Activator.CreateInstance(ours)!;
        foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            ours.GetField(field.Name)!.SetValue(result, Converted(field.GetValue(host)!, buffers));
        }

        return result;
    }

    private static MethodInfo Generic(string method, object view) =>
        typeof(IlgpuMachine).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(view.GetType().GetGenericArguments());

    private static unsafe object[] CopyIn<T>(Accelerator accelerator, View<T> view)
        where T : unmanaged
    {
        // One element at least: an absent view is empty, and the accelerator allocates no empty buffer.
        MemoryBuffer1D<T, Stride1D.Dense> buffer = accelerator.Allocate1D<T>(Math.Max(1, view.Length));
        if (view.Length > 0)
        {
            buffer.CopyFromCPU(new ReadOnlySpan<T>(view.Pointer, (int)view.Length).ToArray());
        }

        ArrayView<T> all = ((ArrayView<T>)buffer.View).SubView(0, view.Length);
        return [buffer, new Gpu::Appliance.Kernels.View<T>(all)];
    }

    private static unsafe void CopyBack<T>(MemoryBuffer buffer, View<T> view)
        where T : unmanaged
    {
        if (view.Length > 0)
        {
            ((MemoryBuffer1D<T, Stride1D.Dense>)buffer).GetAsArray1D().AsSpan(0, (int)view.Length)
                .CopyTo(new Span<T>(view.Pointer, (int)view.Length));
        }
    }
}
