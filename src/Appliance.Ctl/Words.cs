namespace Appliance.Ctl;

/// <summary>Numbers as people say them.</summary>
internal static class Words
{
    /// <summary>Two units at most: <c>2 h 13 min</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 0 } => "0 s",
        { TotalSeconds: < 60 } => $"{(int)span.TotalSeconds} s",
        { TotalMinutes: >= 10 and < 60 } => $"{span.Minutes} min",
        { TotalMinutes: < 60 } => $"{span.Minutes} min {span.Seconds} s",
        { TotalHours: < 24 } => $"{span.Hours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} d {span.Hours} h",
    };

    /// <summary>e.g. <c>12 s ago</c>, <c>never</c>.</summary>
    public static string Ago(DateTimeOffset? when, DateTimeOffset now) => when is { } then ? $"{Span(now - then)} ago" : "never";

    /// <summary>Binary units, e.g. <c>61.2 GiB</c>.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return unit == 0 ? $"{bytes} B" : $"{value:0.0} {units[unit]}";
    }
}
