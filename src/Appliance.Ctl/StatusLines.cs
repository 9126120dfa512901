using Appliance.Core;

namespace Appliance.Ctl;

/// <summary>A status for a pipe: one fact a line, the same words as in the JSON.</summary>
internal static class StatusLines
{
    public static void Write(Status status, TextWriter to)
    {
        DateTimeOffset now = status.TakenAt;
        to.WriteLine($"lamp: {LampDrawing.Words(status.Lamp)}");
        to.WriteLine($"device: {status.Device}");
        to.WriteLine($"version: {status.Version}");
        to.WriteLine($"uptime: {Words.Span(TimeSpan.FromSeconds(status.UptimeS))}");
        ListenerStatus listener = status.Listener;
        to.WriteLine($"listening: {(listener.Open ? "yes" : "no")}, {listener.AeTitle} {listener.Address} {listener.Port}, "
            + $"last association {Words.Ago(listener.LastAssociation, now)}");
        to.WriteLine($"computing: {status.Compute.Device} ({status.Compute.Reason})");
        if (status.Compute.Kernels.Length > 0)
        {
            to.WriteLine($"kernels: {status.Compute.Kernels} ({status.Compute.KernelsReason})");
        }

        foreach (AppStatus app in status.Apps)
        {
            to.WriteLine($"app: {app.Name} {app.Version}, {(app.Ready ? "ready" : app.Trouble)}");
        }

        to.WriteLine($"disk: {status.Disk.UsedPercent:0} % used, {Words.Bytes(status.Disk.FreeBytes)} free");
        foreach (Alarm alarm in status.Alarms)
        {
            to.WriteLine($"alarm: {alarm.Level} {(int)alarm.Event} since {Words.Span(now - alarm.Since)}: {alarm.Text}; {alarm.Remedy}");
        }

        Studies(status, to);
        foreach (DestinationStatus destination in status.Destinations)
        {
            string state = destination.Paused
                ? "paused"
                : destination.Reachable switch { true => "up", false => "down", _ => "not tried yet" };
            string error = destination.LastError is { } text
                ? $", last error {Words.Ago(destination.LastErrorAt, now)}: {text}"
                : string.Empty;
            string counts = $"{destination.Owed} owed, {destination.Held} held, {destination.Delivered} sent";
            to.WriteLine($"destination: {destination.Name} {state}, {counts}{error}");
        }
    }

    public static void Studies(Status status, TextWriter to)
    {
        foreach (StudyStatus study in status.Studies)
        {
            to.WriteLine($"study: {study.Key} {study.State}, {study.Originals} in, {study.OriginalsAnalysed} analysed, "
                + $"{study.Results} made, {study.Owed} owed"
                + (study.NotAnalysed is null ? string.Empty : $", not analysed: {study.NotAnalysed}"));
        }
    }
}
