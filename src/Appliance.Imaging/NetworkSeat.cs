using System.Collections.Concurrent;
using Appliance.Core;
using Microsoft.ML.OnnxRuntime;

namespace Appliance.Imaging;

/// <summary>The network on one device: a session of ONNX Runtime, and the tensors that are bound to it and wait.</summary>
/// <param name="gpu">Its number with the driver; null on the CPU.</param>
internal sealed class NetworkSeat(InferenceSession session, int? gpu) : IDisposable
{
    public InferenceSession Session { get; } = session;

    public int? Gpu { get; } = gpu;

    /// <summary>Of runs that have none of their own.</summary>
    public RunOptions Options { get; } = new();

    public ConcurrentBag<SliceTensors> Spare { get; } = [];

    /// <summary>Tensors that are out; changed under the network's lock.</summary>
    public int Out { get; set; }

    /// <summary>Refused where ONNX Runtime does not take the model on that device.</summary>
    public static Outcome<NetworkSeat> Open(byte[] model, int? gpu)
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
            if (gpu is int device)
            {
                options.AppendExecutionProvider_CUDA(device);
            }

            return new NetworkSeat(new InferenceSession(model, options), gpu);
        }
        catch (OnnxRuntimeException failure)
        {
            string where = gpu is int device ? $"GPU {device}" : "CPU";
            return new Refusal(RefusalReason.BadApp, $"ONNX Runtime does not take the model on the {where}: {failure.Message}");
        }
    }

    /// <summary>Between studies: tensors that wait go, and by a last run of theirs what the session's arena has grown by.</summary>
    /// <remarks>
    /// Slices side by side each take their intermediate tensors from the arena. It shrinks only at the end of a run that asks for it
    /// (onnxruntime_run_options_config_keys.h). A card's memory is nobody else's.
    /// </remarks>
    public void Rest()
    {
        bool hasShrunk = Gpu is not null;
        while (Spare.TryTake(out SliceTensors? tensors))
        {
            using (tensors)
            {
                if (!hasShrunk)
                {
                    hasShrunk = true;
                    Shrink(tensors);
                }
            }
        }
    }

    public void Dispose()
    {
        while (Spare.TryTake(out SliceTensors? tensors))
        {
            tensors.Dispose();
        }

        Options.Dispose();
        Session.Dispose();
    }

    private static void Shrink(SliceTensors tensors)
    {
        using RunOptions last = new();
        last.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        try
        {
            tensors.Run(last);
        }
        catch (OnnxRuntimeException)
        {
            // Nobody waits for the answer, and the memory is kept.
        }
    }
}
