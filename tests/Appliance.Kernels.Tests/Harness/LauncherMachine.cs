using System.Reflection;
using Appliance.Core;
using Appliance.Imaging.Launch;

namespace Appliance.Kernels.Tests.Harness;

/// <summary>The product's launcher, for any of its machines: every view of a kernel goes there and comes back.</summary>
public sealed unsafe class LauncherMachine(Launcher launcher) : Machine, IDisposable
{
    private readonly LaunchQueue queue = Value(launcher.NewQueue(64 << 20));

    public override void Run(Launch launch)
    {
        launch.OnQueue(queue, Moved(launch.Kernel));
        if (queue.Finish() is Refusal refusal)
        {
            throw new InvalidOperationException(refusal.Text);
        }
    }

    public void Dispose() => queue.Dispose();

    private object Moved(object value)
    {
        Type type = value.GetType();
        if (type.IsPrimitive)
        {
            return value;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(View<>))
        {
            return typeof(LauncherMachine).GetMethod(nameof(There), BindingFlags.NonPublic | BindingFlags.Instance)!
                .MakeGenericMethod(type.GetGenericArguments()).Invoke(this, [value])!;
        }

        foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            field.SetValue(value, Moved(field.GetValue(value)!));
        }

        return value;
    }

    private View<T> There<T>(View<T> view)
        where T : unmanaged => view.Length == 0 ? view : queue.InOut(view.Pointer, view.Length);

    private static LaunchQueue Value(Outcome<LaunchQueue> outcome) =>
        outcome.Value ?? throw new InvalidOperationException(outcome.Refusal!.Text);
}
