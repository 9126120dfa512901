using Appliance.Core;

namespace Appliance.Tests.Core;

/// <summary>Snapshots to look at.</summary>
internal static class SampleStatus
{
    public static DateTimeOffset Now { get; } = new(2026, 11, 24, 19, 30, 0, TimeSpan.Zero);

    public static Status Ready() => new()
    {
        Version = "0.1.0",
        TakenAt = Now,
        Device = DeviceState.Ready,
        UptimeS = 7_980,
        Listener = new ListenerStatus("APPLIANCE", "0.0.0.0", 11112, Open: true, 2, Now.AddSeconds(-12)),
        Compute = new ComputeStatus("CPU, 2 workers", "no NVIDIA driver (libcuda.so.1)"),
        Apps = [new AppStatus("ct-organs", "0.1.0", Ready: true)],
        Disk = new DiskStatus(512L << 30, 317L << 30),
        Destinations = [Destination("pacs")],
    };

    /// <summary>Two studies at once, one destination down, one paused, one series without an app.</summary>
    public static Status Busy() => Ready() with
    {
        Device = DeviceState.Degraded,
        Studies =
        [
            Study("3f2a1b9c77d0", StudyState.Receiving) with { Originals = 112, OriginalsAnalysed = 97 },
            Study("90aa17e2c1b4", StudyState.Analysing) with 
            {
                Originals = 300, OriginalsAnalysed = 192, Stage = Stage.Segment, Progress = 0.64,
            },
            Study("0c4be9f1a2d3", StudyState.NotAnalysed) with
            {
                Originals = 24,
                OriginalsNotAnalysed = 24,
                Modality = "MR",
                Owed = 24,
                NotAnalysed = "no app takes this series: modality is MR; ct-organs takes CT",
            },
            Study("b7715c20e9f8", StudyState.Sent) with { Originals = 300, OriginalsAnalysed = 300, Results = 302, TailMs = 6_240 },
        ],
        Destinations =
        [
            Destination("pacs") with { Owed = 41, Delivered = 12_804 },
            Destination("research-archive") with
            {
                Host = "archive.radiology.example.org",
                Reachable = false,
                Owed = 626,
                Held = 2,
                LastError = "connection refused",
                LastErrorAt = Now.AddMinutes(-17),
            },
            Destination("backup") with { Paused = true, Reachable = null },
        ],
        Alarms =
        [
            new Alarm(
                DeviceEvent.DestinationDown,
                AlarmLevel.Attention,
                "destination research-archive does not answer: connection refused",
                "Look at the destination and its settings; try echoscu from this machine.",
                Now.AddMinutes(-17)),
        ],
        Counters = new CounterStatus
        {
            ObjectsStored = 13_430,
            BytesStored = 7_058_000_000,
            SeriesAnalysed = 41,
            ObjectsDelivered = 12_804,
        },
    };

    public static StudyStatus Study(string key, StudyState state) => new()
    {
        Key = key,
        State = state,
        Modality = "CT",
        SeriesCount = 1,
        FirstArrival = Now.AddMinutes(-2),
        LastArrival = Now.AddSeconds(-3),
    };

    public static DestinationStatus Destination(string name) => new(name, "PACS", "10.0.0.5", 104, false, true, 0, 0, 0);
}
