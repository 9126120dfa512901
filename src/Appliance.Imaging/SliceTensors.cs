using Microsoft.ML.OnnxRuntime;

namespace Appliance.Imaging;

/// <summary>Input and output of one slice, pinned, and bound once to each session that runs them.</summary>
public sealed class SliceTensors : IDisposable
{
    private readonly OrtValue input;
    private readonly OrtValue output;
    private readonly AppManifest manifest;
    private OrtIoBinding binding;

    internal SliceTensors(NetworkSeat seat, AppManifest manifest)
    {
        long[] inputShape = [.. manifest.Input.Shape.Select(n => (long)n)];
        long[] outputShape = [.. manifest.Output.Shape.Select(n => (long)n)];
        Input = new float[inputShape.Aggregate(1L, (a, b) => a * b)];
        Logits = new float[outputShape.Aggregate(1L, (a, b) => a * b)];
        input = OrtValue.CreateTensorValueFromMemory(Input, inputShape);
        output = OrtValue.CreateTensorValueFromMemory(Logits, outputShape);
        this.manifest = manifest;
        (Seat, binding) = (seat, Bind(seat));
    }

    /// <summary>[channel][y][x].</summary>
    public float[] Input { get; }

    /// <summary>[class][y][x].</summary>
    public float[] Logits { get; }

    /// <summary>Where they are run.</summary>
    internal NetworkSeat Seat { get; private set; }

    public void Dispose()
    {
        binding.Dispose();
        input.Dispose();
        output.Dispose();
    }

    internal void Run(RunOptions? options) => Seat.Session.RunWithBinding(options ?? Seat.Options, binding);

    /// <summary>To another device, when theirs has failed.</summary>
    internal void MoveTo(NetworkSeat seat)
    {
        binding.Dispose();
        (Seat, binding) = (seat, Bind(seat));
    }

    private OrtIoBinding Bind(NetworkSeat seat)
    {
        OrtIoBinding made = seat.Session.CreateIoBinding();
        made.BindInput(manifest.Input.Name, input);
        made.BindOutput(manifest.Output.Name, output);
        return made;
    }
}
