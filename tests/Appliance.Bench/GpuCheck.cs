using System.Text.Json;
using Appliance.Core;
using Appliance.Imaging.Launch;
using Appliance.Imaging.Launch.Known;

namespace Appliance.Bench;

/// <summary>Every kernel on every GPU: the known answer against the CPU, and the time against what the card's memory allows.</summary>
public sealed class GpuCheck(TextWriter output)
{
    /// <summary>All buffers of the largest kernel at the full size, softmax over five classes.</summary>
    private const long TimedBytes = 768L << 20;

    /// <summary>Copied on the card to measure its bandwidth: more than any card's caches hold.</summary>
    private const long CopiedBytes = 256L << 20;

    /// <summary>A kernel takes milliseconds; a first launch waits for the driver's compiler.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int Rounds = 7;

    /// <param name="library">The driver's, libcuda.so.1.</param>
    /// <param name="size">Columns, rows and planes that times are taken over.</param>
    /// <returns>0 where all answers are right, and where there is no driver or no device; 1 where one is wrong or a card fails.</returns>
    public int Run(string library, (int X, int Y, int Z) size, string? jsonPath)
    {
        using MemoryStream json = new();
        int exit;
        using (Utf8JsonWriter writer = new(json, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            exit = Write(writer, library, size);
            writer.WriteEndObject();
        }

        if (jsonPath is not null)
        {
            File.WriteAllBytes(jsonPath, json.ToArray());
        }

        return exit;
    }

    private int Write(Utf8JsonWriter json, string library, (int X, int Y, int Z) size)
    {
        output.WriteLine($"gpu-check: {KnownAnswers.All.Count} kernels, timed over {size.X} x {size.Y} x {size.Z}");
        Outcome<CudaDriver> driver = CudaDriver.Open(library);
        if (driver.Refused)
        {
            // Not a failure: most machines have none, and the appliance runs on their CPU.
            output.WriteLine($"no GPU was checked: {driver.Refusal.Text}");
            json.WriteString("absence", driver.Refusal.Text);
            return 0;
        }

        int exit = 0;
        json.WriteNumber("driver_cuda", driver.Value.Version);
        json.WriteStartArray("gpus");
        using CpuLauncher cpu = new(Environment.ProcessorCount);
        for (int ordinal = 0; ordinal < driver.Value.Devices; ordinal++)
        {
            json.WriteStartObject();
            Outcome<GpuLauncher> gpu = GpuLauncher.Open(driver.Value, ordinal, Patience);
            if (gpu.Refused)
            {
                output.WriteLine($"not used: {gpu.Refusal.Text}");
                json.WriteString("refused", gpu.Refusal.Text);
            }
            else
            {
                using GpuLauncher opened = gpu.Value;
                exit |= Card(json, opened, cpu, size);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        return exit;
    }

    private int Card(Utf8JsonWriter json, GpuLauncher gpu, CpuLauncher cpu, (int X, int Y, int Z) size)
    {
        double measured = MeasuredBytesPerSecond(gpu), queried = gpu.QueriedBytesPerSecond();
        output.WriteLine(
            $"{gpu.Name}, compute capability {gpu.Capability / 10}.{gpu.Capability % 10}: {measured / 1e9:F0} GB/s copied, "
            + $"{queried / 1e9:F0} GB/s by clock and bus");
        json.WriteString("name", gpu.Name);
        json.WriteNumber("capability", gpu.Capability);
        json.WriteNumber("measured_gb_per_s", Math.Round(measured / 1e9, 1));
        json.WriteNumber("queried_gb_per_s", Math.Round(queried / 1e9, 1));
        output.WriteLine($"{"kernel",-28}{"answer",8}{"ms",10}{"floor ms",10}{"times",8}");
        json.WriteStartArray("kernels");
        int exit = 0;
        Outcome<Rehearsal> right = KnownAnswer.Place(cpu), tested = KnownAnswer.Place(gpu);
        Outcome<Rehearsal> timed = Rehearsal.On(gpu, TimedBytes, size.X, size.Y, size.Z);
        foreach (KnownAnswer answer in KnownAnswers.All)
        {
            Refusal? wrong = tested.Refusal ?? answer.Compare(tested.Value!, right.Value!, gpu);
            exit |= wrong is null ? 0 : 1;
            Line(json, answer, wrong, wrong is null && !timed.Refused ? Times(answer, timed.Value) : null, measured, timed.Value);
        }

        json.WriteEndArray();
        if (timed.Refused)
        {
            output.WriteLine($"no times: {timed.Refusal.Text}");
        }

        timed.Value?.Dispose();
        tested.Value?.Dispose();
        right.Value?.Dispose();
        return exit;
    }

    private void Line(Utf8JsonWriter json, KnownAnswer answer, Refusal? wrong, double? ms, double bytesPerSecond, Rehearsal? timed)
    {
        double? floor = ms is null || bytesPerSecond == 0 ? null : timed!.BytesMoved / bytesPerSecond * 1e3;
        json.WriteStartObject();
        json.WriteString("kernel", answer.Kernel);
        json.WriteBoolean("right", wrong is null);
        if (wrong is not null)
        {
            json.WriteString("refusal", wrong.Text);
        }

        Number(json, "ms", ms);
        Number(json, "floor_ms", floor);
        Number(json, "times_floor", ms / floor);
        json.WriteEndObject();
        output.WriteLine(
            $"{answer.Kernel,-28}{(wrong is null ? "right" : "WRONG"),8}{ms,10:F3}{floor,10:F3}{ms / floor,8:F2}"
            + (wrong is null ? "" : $"  {wrong.Text}"));
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is double number && double.IsFinite(number))
        {
            json.WriteNumber(name, Math.Round(number, 4));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Median of the rounds after one that warms up; null where the card refuses the size.</summary>
    private static double? Times(KnownAnswer answer, Rehearsal timed)
    {
        if (timed.Run(answer) is not null)
        {
            return null;
        }

        List<double> rounds = [];
        for (int round = 0; round < Rounds && timed.Time(answer) is null; round++)
        {
            rounds.Add(timed.Milliseconds);
        }

        return rounds.Count == Rounds ? rounds.Order().ElementAt(Rounds / 2) : null;
    }

    /// <summary>By copies within the card's memory, read and written; 0 where it has no room for them.</summary>
    private static double MeasuredBytesPerSecond(GpuLauncher gpu)
    {
        Outcome<Arena> arena = gpu.NewArena((2 * CopiedBytes) + 1024);
        Outcome<LaunchQueue> queue = gpu.NewQueue(0);
        if (arena.Refused || queue.Refused)
        {
            arena.Value?.Dispose();
            queue.Value?.Dispose();
            return 0;
        }

        double best = double.MaxValue;
        arena.Value.TryTake(CopiedBytes, out ArenaPart<byte> from);
        arena.Value.TryTake(CopiedBytes, out ArenaPart<byte> to);
        for (int round = 0; round < Rounds; round++)
        {
            queue.Value.StartTimer();
            ((GpuQueue)queue.Value).CopyOnCard(from, to);
            double ms = queue.Value.StopTimer();
            best = queue.Value.Finish() is null && ms > 0 ? Math.Min(best, ms) : best;
        }

        queue.Value.Dispose();
        arena.Value.Dispose();
        return best == double.MaxValue ? 0 : 2 * CopiedBytes / (best / 1e3);
    }
}
