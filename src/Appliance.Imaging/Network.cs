using System.Collections.Concurrent;
using Appliance.Core;
using Microsoft.ML.OnnxRuntime;

namespace Appliance.Imaging;

/// <summary>The network of an app in ONNX Runtime: one slice in, class scores out. Runs on the calling thread.</summary>
/// <remarks>
/// One thread per slice and several slices at once is the fastest layout on a CPU (reference/model.md). Of several GPUs each has a session
/// of its own, and a slice goes to the one that has the fewest in hand.
/// </remarks>
public sealed class Network : IDisposable
{
    private readonly Lock gate = new();
    private readonly AppManifest manifest;
    private readonly byte[]? onCpuInstead;
    private readonly List<NetworkSeat> left = [];
    private readonly ConcurrentBag<ClassScores> spareScores = [];
    private volatile NetworkSeat[] seats;

    /// <param name="onCpuInstead">The u8 model, for the day when the last GPU fails; null on the CPU.</param>
    private Network(NetworkSeat[] seats, AppManifest manifest, byte[]? onCpuInstead, string? gpuAbsence)
    {
        this.seats = seats;
        this.manifest = manifest;
        this.onCpuInstead = onCpuInstead;
        GpuAbsence = gpuAbsence;
    }

    /// <summary>True: fp32 on the GPU. False: u8 on the CPU.</summary>
    public bool OnGpu => onCpuInstead is not null && seats[0].Gpu is not null;

    /// <summary>Devices that run it: GPUs, or one CPU.</summary>
    public int Devices => seats.Length;

    /// <summary>Why the GPU is not used, one sentence for an event; null where it is.</summary>
    public string? GpuAbsence { get; private set; }

    /// <summary>Told with the reason, once for each GPU that has failed, when another device has taken over; from any thread.</summary>
    public Action<string>? GpuLost { get; set; }

    /// <summary>Makes a session for each GPU here, or one for the CPU, and checks their tensors against the manifest.</summary>
    public static Outcome<Network> Open(AppManifest manifest, byte[] fp32, byte[] u8, GpuProbe gpu)
    {
        string? absence = gpu.Absence;
        List<NetworkSeat> onGpus = [];
        for (int device = 0; device < gpu.Devices; device++)
        {
            Outcome<NetworkSeat> seat = NetworkSeat.Open(fp32, device);
            if (seat.Refused)
            {
                absence = seat.Refusal.Text;
            }
            else
            {
                onGpus.Add(seat.Value);
            }
        }

        if (onGpus.Count > 0)
        {
            return Checked(new Network([.. onGpus], manifest, u8, null));
        }

        Outcome<NetworkSeat> onCpu = NetworkSeat.Open(u8, null);
        return onCpu.Refused ? onCpu.Refusal : Checked(new Network([onCpu.Value], manifest, null, absence));
    }

    /// <summary>For tests and self-tests: one model on the CPU, whatever else is there.</summary>
    public static Outcome<Network> OpenOnCpu(AppManifest manifest, byte[] model)
    {
        Outcome<NetworkSeat> onCpu = NetworkSeat.Open(model, null);
        return onCpu.Refused ? onCpu.Refusal : Checked(new Network([onCpu.Value], manifest, null, "not asked for"));
    }

    /// <summary>For tests: the CPU in the place of so many GPUs, with the u8 model behind them.</summary>
    internal static Outcome<Network> OpenAsIfOnGpus(int devices, AppManifest manifest, byte[] fp32, byte[] u8)
    {
        NetworkSeat[] seats =
            [.. Enumerable.Range(0, devices).Select(device => new NetworkSeat(NetworkSeat.Open(fp32, null).Value!.Session, device))];
        return Checked(new Network(seats, manifest, u8, null));
    }

    /// <summary>Preallocated tensors of one slice, on the device that has the fewest; give them back with <see cref="Return"/>.</summary>
    public SliceTensors Rent()
    {
        NetworkSeat seat;
        lock (gate)
        {
            seat = seats.MinBy(each => each.Out)!;
            seat.Out++;
        }

        return seat.Spare.TryTake(out SliceTensors? tensors) ? tensors : new SliceTensors(seat, manifest);
    }

    /// <summary>For the self-test: tensors on every device.</summary>
    internal SliceTensors[] RentEach()
    {
        lock (gate)
        {
            return
            [
                .. seats.Select(seat =>
                {
                    seat.Out++;
                    return new SliceTensors(seat, manifest);
                }),
            ];
        }
    }

    public void Return(SliceTensors tensors)
    {
        lock (gate)
        {
            tensors.Seat.Out--;
        }

        tensors.Seat.Spare.Add(tensors);
    }

    /// <summary>Fills <see cref="SliceTensors.Logits"/> from <see cref="SliceTensors.Input"/>. Any thread, with its own tensors.</summary>
    /// <remarks>A GPU that fails is left for good, and the slice is run again elsewhere: no study is lost by it.</remarks>
    public void Run(SliceTensors tensors) => Run(tensors, null);

    /// <summary>The same, cut short by <see cref="RunOptions.Terminate"/>: it is looked at between two operators.</summary>
    /// <exception cref="OnnxRuntimeException">It was cut short.</exception>
    internal void Run(SliceTensors tensors, RunOptions? options)
    {
        while (true)
        {
            try
            {
                tensors.Run(options);
                return;
            }
            catch (OnnxRuntimeException failure) when (tensors.Seat.Gpu is not null && options?.Terminate != true)
            {
                Leave(tensors.Seat, $"the network failed on GPU {tensors.Seat.Gpu}: {failure.Message}");
                NetworkSeat before = tensors.Seat;
                MoveToAnother(tensors);
                if (tensors.Seat == before)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>For tests: ONNX Runtime breaks off every run on that device.</summary>
    internal void FailOnGpu(int device) => seats[device].Options.Terminate = true;

    /// <summary>From now on without the GPU of these tensors; the CPU takes over, by the u8 model, when it was the last one.</summary>
    internal void LeaveGpu(SliceTensors tensors, string why)
    {
        Leave(tensors.Seat, why);
        MoveToAnother(tensors);
    }

    internal void LeaveGpu(int gpu, string why)
    {
        if (Array.Find(seats, seat => seat.Gpu == gpu) is NetworkSeat seat)
        {
            Leave(seat, why);
        }
    }

    /// <summary>Threads that are still in the session end there.</summary>
    private void Leave(NetworkSeat seat, string why)
    {
        lock (gate)
        {
            NetworkSeat[] others = [.. seats.Where(each => each != seat)];
            if (others.Length == seats.Length)
            {
                return;
            }

            if (others.Length == 0)
            {
                Outcome<NetworkSeat> onCpu = NetworkSeat.Open(onCpuInstead!, null);
                if (onCpu.Refused)
                {
                    return;
                }

                others = [onCpu.Value];
                GpuAbsence = why;
            }

            left.Add(seat);
            seats = others;
        }

        GpuLost?.Invoke(why);
    }

    private void MoveToAnother(SliceTensors tensors)
    {
        lock (gate)
        {
            NetworkSeat seat = seats.MinBy(each => each.Out)!;
            if (seat == tensors.Seat)
            {
                return;
            }

            tensors.Seat.Out--;
            seat.Out++;
            tensors.MoveTo(seat);
        }
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

    /// <summary>
    /// Between studies: scores that are kept for the next slices go back, 19 MB of ct-organs, and what each device keeps for slices side
    /// by side.
    /// </summary>
    internal void Rest()
    {
        spareScores.Clear();
        Array.ForEach(seats, seat => seat.Rest());
    }

    public void Dispose()
    {
        foreach (NetworkSeat seat in seats.Concat(left))
        {
            seat.Dispose();
        }
    }

    private static Outcome<Network> Checked(Network network)
    {
        InferenceSession session = network.seats[0].Session;
        string? fault = Fault(session.InputMetadata, network.manifest.Input) ?? Fault(session.OutputMetadata, network.manifest.Output);
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
