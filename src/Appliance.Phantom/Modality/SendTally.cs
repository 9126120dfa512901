namespace Appliance.Phantom.Modality;

/// <summary>The clock of a paced modality, and what it counts.</summary>
internal sealed class SendTally(TimeProvider time, double rate)
{
    private long begin;
    private int turns;
    private long firstStart;
    private long lastStart;
    private int starts;
    private int stored;
    private int failures;
    private string? firstFailure;
    private double latestStartMs;
    private double responseSumMs;
    private double longestResponseMs;
    private readonly List<double> responsesMs = [];
    private Response? first;
    private Response? last;

    public string? ConnectFailure { get; set; }

    public void Start() => begin = time.GetTimestamp();

    /// <summary>Waits until the next object is due.</summary>
    public async Task WaitForTurnAsync(CancellationToken cancel)
    {
        TimeSpan due = rate > 0 ? TimeSpan.FromSeconds(turns / rate) : TimeSpan.Zero;
        turns++;
        for (TimeSpan left = due - time.GetElapsedTime(begin); left > TimeSpan.Zero; left = due - time.GetElapsedTime(begin))
        {
            // Timers count whole milliseconds; a wait of less than one is rounded up.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), time, cancel);
        }

        if (rate > 0)
        {
            latestStartMs = Math.Max(latestStartMs, (time.GetElapsedTime(begin) - due).TotalMilliseconds);
        }
    }

    public void StoreStarts()
    {
        lastStart = time.GetTimestamp();
        firstStart = starts++ == 0 ? lastStart : firstStart;
    }

    public void Stored()
    {
        stored++;
        Respond();
    }

    public void Failed(string why)
    {
        failures++;
        firstFailure ??= why;
        Respond();
    }

    public SendSummary Summary(IReadOnlyList<Outgoing> objects) => new()
    {
        Slices = objects.Count,
        Failures = objects.Count - stored,
        StudyUids = [.. objects.Select(o => o.StudyUid).Distinct()],
        SeriesUids = [.. objects.Select(o => o.SeriesUid).Distinct()],
        FirstResponseUnixMs = first?.UnixMs,
        LastResponseUnixMs = last?.UnixMs,
        FirstResponseMonotonicMs = first?.MonotonicMs,
        LastResponseMonotonicMs = last?.MonotonicMs,
        WantedRate = rate,
        AchievedRate = starts > 1 ? (starts - 1) / time.GetElapsedTime(firstStart, lastStart).TotalSeconds : null,
        LatestStartMs = latestStartMs,
        MeanResponseMs = starts > 0 ? responseSumMs / starts : 0,
        LongestResponseMs = longestResponseMs,
        ResponsesMs = responsesMs,
        FirstFailure = firstFailure,
    };

    private void Respond()
    {
        long now = time.GetTimestamp();
        double took = time.GetElapsedTime(lastStart, now).TotalMilliseconds;
        responseSumMs += took;
        responsesMs.Add(took);
        longestResponseMs = Math.Max(longestResponseMs, took);
        last = new Response(time.GetUtcNow().ToUnixTimeMilliseconds(), now * 1000.0 / time.TimestampFrequency);
        first ??= last;
    }

    private sealed record Response(long UnixMs, double MonotonicMs);
}
