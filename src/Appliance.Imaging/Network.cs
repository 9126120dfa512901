using System.Collections.Concurrent;
using Appliance.Core;
using Microsoft.ML.OnnxRuntime;

namespace Appliance.Imaging;

/// <summary>The network of an app in ONNX Runtime: one slice in, class scores out. Runs on the calling thread.</summary>
/// <remarks>One thread per slice and several slices at once is the fastest layout on a CPU (reference/model.md).</remarks>
public sealed class Network : IDisposable
{
    private readonly Lock gate = new();
    private volatile RunOptions runOptions = new();
    private readonly AppManifest manifest;
    private readonly byte[]? onCpuInstead;
    private readonly ConcurrentBag<SliceTensors> spare = [];
    private readonly ConcurrentBag<ClassScores> spareScores = [];
    private volatile InferenceSession session;
    private (InferenceSession Session, RunOptions Options)? left;

    /// <param name="onCpuInstead">The u8 model, for the day when the GPU fails; null on the CPU.</param>
    private Network(InferenceSession session, AppManifest manifest, byte[]? onCpuInstead, string? gpuAbsence)
    {
        this.session = session;
        this.manifest = manifest;
        this.onCpuInstead = onCpuInstead;
        GpuAbsence = gpuAbsence;
    }

    /// <summary>True: fp32 on the GPU. False: u8 on the CPU.</summary>
    public bool OnGpu => onCpuInstead is not null && left is null;

    /// <summary>Why the GPU is not used, one sentence for an event; null where it is.</summary>
    public string? GpuAbsence { get; private set; }

    /// <summary>Told once, with the reason, when the GPU has failed and the CPU has taken over; from any thread that runs slices.</summary>
    public Action<string>? GpuLost { get; set; }

    /// <summary>Makes the session for the best device here, and checks its tensors against the manifest.</summary>
    public static Outcome<Network> Open(AppManifest manifest, byte[] fp32, byte[] u8, GpuProbe gpu)
    {
        string? absence = gpu.Absence;
        if (gpu.Usable)
        {
            Outcome<InferenceSession> onGpu = Session(fp32, true);
            if (!onGpu.Refused)
            {
                return Checked(new Network(onGpu.Value, manifest, u8, null));
            }

            absence = onGpu.Refusal.Text;
        }

        Outcome<InferenceSession> onCpu = Session(u8, false);
        return onCpu.Refused ? onCpu.Refusal : Checked(new Network(onCpu.Value, manifest, null, absence));
    }

    /// <summary>For tests and self-tests: one model on the CPU, whatever else is there.</summary>
    public static Outcome<Network> OpenOnCpu(AppManifest manifest, byte[] model)
    {
        Outcome<InferenceSession> onCpu = Session(model, false);
        return onCpu.Refused ? onCpu.Refusal : Checked(new Network(onCpu.Value, manifest, null, "not asked for"));
    }

    /// <summary>For tests: the CPU in the GPU's place, with the u8 model behind it.</summary>
    internal static Outcome<Network> OpenAsIfOnGpu(AppManifest manifest, byte[] fp32, byte[] u8)
    {
        Outcome<InferenceSession> onCpu = Session(fp32, false);
        return onCpu.Refused ? onCpu.Refusal : Checked(new Network(onCpu.Value, manifest, u8, null));
    }

    /// <summary>Preallocated tensors of one slice; give them back with <see cref="Return"/>.</summary>
    public SliceTensors Rent() => spare.TryTake(out SliceTensors? tensors) ? tensors : new SliceTensors(session, manifest);

    public void Return(SliceTensors tensors) => spare.Add(tensors);

    /// <summary>Fills <see cref="SliceTensors.Logits"/> from <see cref="SliceTensors.Input"/>. Any thread, with its own tensors.</summary>
    /// <remarks>A GPU that fails is left for good, and the slice is run again on the CPU: no study is lost by it.</remarks>
    public void Run(SliceTensors tensors) => Run(tensors, null);

    /// <summary>The same, cut short by <see cref="RunOptions.Terminate"/>: it is looked at between two operators.</summary>
    /// <exception cref="OnnxRuntimeException">It was cut short.</exception>
    internal void Run(SliceTensors tensors, RunOptions? options)
    {
        InferenceSession used = session;
        try
        {
            used.RunWithBinding(options ?? runOptions, tensors.BoundTo(used));
        }
        catch (OnnxRuntimeException failure) when (onCpuInstead is not null && options?.Terminate != true)
        {
            LeaveGpu($"the network failed on the GPU: {failure.Message}");
            if (session == used)
            {
                throw;
            }

            session.RunWithBinding(options ?? runOptions, tensors.BoundTo(session));
        }
    }

    /// <summary>For tests: ONNX Runtime breaks off every run of the session that there is now.</summary>
    internal void FailOnGpu() => runOptions.Terminate = true;

    /// <summary>From now on the CPU, by the u8 model. Threads that are still in the old session end there.</summary>
    internal void LeaveGpu(string why)
    {
        lock (gate)
        {
            if (!OnGpu)
            {
                return;
            }

            Outcome<InferenceSession> onCpu = Session(onCpuInstead!, false);
            if (onCpu.Refused)
            {
                return;
            }

            left = (session, runOptions);
            (runOptions, session) = (new RunOptions(), onCpu.Value);
            GpuAbsence = why;
        }

        GpuLost?.Invoke(why);
    }

    /// <summary>What was said of the slice that was run.</summary>
    internal ClassScores ScoresOf(SliceTensors tensors)
    {
        ClassScores scores = RentScores();
        scores.Put(0, tensors.Logits);
        return scores;
    }

    /// <summary>Scores of one slice, which hold anything; give them back with <see cref="Return(ClassScores)"/>, or forget them.</summary>
    internal ClassScores RentScores() => spareScores.TryTake(out ClassScores? scores)
        ? scores
        : new ClassScores(1, manifest.Grid.Size[0], manifest.Grid.Size[1], manifest.Classes.Count);

    /// <summary>Nobody reads them any more: a megabyte that the next slice need not ask the collector for.</summary>
    internal void Return(ClassScores scores)
    {
        if (spareScores.Count < Limits.SpareScores)
        {
            spareScores.Add(scores);
        }
    }

    public void Dispose()
    {
        while (spare.TryTake(out SliceTensors? tensors))
        {
            tensors.Dispose();
        }

        runOptions.Dispose();
        session.Dispose();
        left?.Session.Dispose();
        left?.Options.Dispose();
    }

    private static Outcome<InferenceSession> Session(byte[] model, bool gpu)
    {
        using SessionOptions options = new()
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        try
        {
            if (gpu)
            {
                options.AppendExecutionProvider_CUDA(0);
            }

            return new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException failure)
        {
            string device = gpu ? "GPU" : "CPU";
            return new Refusal(RefusalReason.BadApp, $"ONNX Runtime does not take the model on the {device}: {failure.Message}");
        }
    }

    private static Outcome<Network> Checked(Network network)
    {
        string? fault = Fault(network.session.InputMetadata, network.manifest.Input)
            ?? Fault(network.session.OutputMetadata, network.manifest.Output);
        if (fault is null)
        {
            return network;
        }

        network.Dispose();
        return new Refusal(RefusalReason.BadApp, $"The model does not match the manifest: {fault}.");
    }

    private static string? Fault(IReadOnlyDictionary<string, NodeMetadata> tensors, TensorShape expected)
    {
        if (tensors.Count != 1 || !tensors.TryGetValue(expected.Name, out NodeMetadata? tensor))
        {
            return $"no single tensor named {expected.Name}";
        }

        return tensor.ElementType != typeof(float) || !tensor.Dimensions.AsSpan().SequenceEqual([.. expected.Shape])
            ? $"tensor {expected.Name} is {tensor.ElementType.Name}[{string.Join(',', tensor.Dimensions)}], "
                + $"not float[{string.Join(',', expected.Shape)}]"
            : null;
    }
}

/// <summary>Input and output of one slice, pinned, and bound once to each session that runs them.</summary>
public sealed class SliceTensors : IDisposable
{
    private readonly OrtValue input;
    private readonly OrtValue output;
    private readonly AppManifest manifest;
    private InferenceSession bound;
    private OrtIoBinding binding;

    internal SliceTensors(InferenceSession session, AppManifest manifest)
    {
        long[] inputShape = [.. manifest.Input.Shape.Select(n => (long)n)];
        long[] outputShape = [.. manifest.Output.Shape.Select(n => (long)n)];
        Input = new float[inputShape.Aggregate(1L, (a, b) => a * b)];
        Logits = new float[outputShape.Aggregate(1L, (a, b) => a * b)];
        input = OrtValue.CreateTensorValueFromMemory(Input, inputShape);
        output = OrtValue.CreateTensorValueFromMemory(Logits, outputShape);
        this.manifest = manifest;
        (bound, binding) = (session, Bind(session));
    }

    /// <summary>[channel][y][x].</summary>
    public float[] Input { get; }

    /// <summary>[class][y][x].</summary>
    public float[] Logits { get; }

    public void Dispose()
    {
        binding.Dispose();
        input.Dispose();
        output.Dispose();
    }

    internal OrtIoBinding BoundTo(InferenceSession session)
    {
        if (bound != session)
        {
            binding.Dispose();
            (bound, binding) = (session, Bind(session));
        }

        return binding;
    }

    private OrtIoBinding Bind(InferenceSession session)
    {
        OrtIoBinding made = session.CreateIoBinding();
        made.BindInput(manifest.Input.Name, input);
        made.BindOutput(manifest.Output.Name, output);
        return made;
    }
}
