using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Appliance.Core;

namespace Appliance.Board;

/// <summary>
/// A server whose management controller speaks IPMI 2.0: the identify light of the chassis, its sensors and its event log, through
/// Debian's <c>ipmitool</c>.
/// </summary>
/// <remarks>
/// Such a chassis has no lamp of ours: it shows which box is meant, and nothing else. A look takes seconds, so it is made beside, once a
/// minute; a controller that hangs costs only what it would have said.
/// </remarks>
public sealed class IpmiBoard : IBoard, IDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(Limits.IpmiAnswerMs);

    private readonly BoardFile file;
    private readonly string[] to;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task looking;
    private volatile string[] troubles = [];
    private volatile Temperature[] temperatures = [];
    private bool? isIdentified;

    public IpmiBoard(BoardFile file, TimeProvider time)
    {
        this.file = file;
        IpmiFile ipmi = file.Ipmi ?? new IpmiFile();
        string[] lan = ipmi.Host is null
            ? []
            :
            [
                "-H", ipmi.Host, "-p", ipmi.Port.ToString(CultureInfo.InvariantCulture), "-U", ipmi.User ?? "",
                "-f", ipmi.PasswordFile ?? "",
            ];
        to = ["-I", ipmi.Interface, .. lan];
        looking = Task.Run(() => LookAgainAsync(time));
    }

    public string Name => file.Board;

    public int FrameMs => 0;

    public IReadOnlyList<string> Troubles => troubles;

    public Refusal? Set(Lamp lamp)
    {
        // Only the question which box this is blinks blue.
        bool identify = lamp is { Colour: LampColour.Blue, Pattern: LampPattern.Blinking };
        if (identify == isIdentified)
        {
            return null;
        }

        Outcome<string> done = Ask("chassis", "identify", identify ? "force" : "0");
        isIdentified = done.Refused ? null : identify;
        return done.Refusal;
    }

    public void Draw()
    {
        // The controller's light blinks by itself.
    }

    public IReadOnlyList<Temperature> Temperatures() => temperatures;

    /// <summary>One look at sensors and event log.</summary>
    public void Look()
    {
        Outcome<string> sensors = Ask("-c", "sdr", "type", "Temperature");
        Outcome<string> log = Ask("-c", "sel", "elist");
        temperatures = sensors.Refused ? [] : [.. IpmiText.Temperatures(sensors.Value, LimitOf).DistinctBy(each => each.Sensor)];
        troubles =
        [
            .. new[] { sensors.Refusal, log.Refusal }.OfType<Refusal>().Select(refusal => refusal.Text).Distinct(),
            .. temperatures.Where(each => each.TooHot).Select(each => each.Words),
            .. log.Refused ? [] : IpmiText.Standing(log.Value).TakeLast(Limits.IpmiEntries).Select(entry => $"event log: {entry}"),
        ];
    }

    public void Dispose()
    {
        stopping.Cancel();
        looking.Wait(Answer);
        stopping.Dispose();
    }

    private double? LimitOf(string sensor) =>
        file.Sensors.FirstOrDefault(each => sensor.StartsWith(each.Sensor, StringComparison.Ordinal))?.LimitC;

    private async Task LookAgainAsync(TimeProvider time)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(Limits.IpmiLookMs), time);
        try
        {
            do
            {
                Look();
            }
            while (await timer.WaitForNextTickAsync(stopping.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }
    }

    private Outcome<string> Ask(params string[] what)
    {
        try
        {
            using Process tool = Process.Start(new ProcessStartInfo("ipmitool", [.. to, .. what])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> said = tool.StandardOutput.ReadToEndAsync();
            Task<string> wrong = tool.StandardError.ReadToEndAsync();
            if (!tool.WaitForExit(Answer))
            {
                tool.Kill();
                return Silent("it does not answer in time");
            }

            return tool.ExitCode == 0 ? said.GetAwaiter().GetResult() : Silent(wrong.GetAwaiter().GetResult().Trim().Split('\n')[0]);
        }
        catch (Win32Exception)
        {
            return Silent("ipmitool is not installed");
        }
    }

    private static Refusal Silent(string why) => new(RefusalReason.NotReachable, $"management controller: {why}");
}

/// <summary>What ipmitool prints, read.</summary>
public static class IpmiText
{
    /// <summary>Lines of <c>-c sdr type Temperature</c>: name,value,unit,state or name,number,state,entity,value unit.</summary>
    public static IEnumerable<Temperature> Temperatures(string csv, Func<string, double?> limitOf)
    {
        foreach (string[] fields in Lines(csv))
        {
            string? value = fields.Skip(1).FirstOrDefault(field => field.EndsWith(" degrees C", StringComparison.Ordinal))?.Split(' ')[0]
                ?? (fields.Length > 2 && fields[2] == "degrees C" ? fields[1] : null);
            if (double.TryParse(value, CultureInfo.InvariantCulture, out double celsius))
            {
                yield return new Temperature(fields[0], celsius, limitOf(fields[0]));
            }
        }
    }

    /// <summary>
    /// Lines of <c>-c sel elist</c> (number,date,time,sensor,event,direction) that were asserted and not taken back since, oldest first.
    /// </summary>
    public static IReadOnlyList<string> Standing(string csv)
    {
        List<string> standing = [];
        foreach (string[] fields in Lines(csv).Where(fields => fields.Length >= 6))
        {
            string what = $"{fields[3]}: {fields[4]}";
            standing.Remove(what);
            if (fields[5] == "Asserted")
            {
                standing.Add(what);
            }
        }

        return standing;
    }

    private static IEnumerable<string[]> Lines(string csv) =>
        csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',', StringSplitOptions.TrimEntries));
}
