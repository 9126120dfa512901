using System.Collections.Concurrent;
using Appliance.Board;
using Appliance.Core;
using Appliance.Daemon;
using Appliance.Daemon.Upkeep;
using Appliance.Dicom.Data;
using Appliance.Dicom.Transport;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>The whole daemon but for its process: real sockets, a real journal, no app unless one is asked for.</summary>
internal sealed class RunningBox : IAsyncDisposable
{
    private readonly ConcurrentQueue<(Func<EventRecord, bool> Wanted, TaskCompletionSource Seen)> waiting = new();
    private readonly ConcurrentQueue<EventRecord> seen = new();
    private readonly ConcurrentQueue<(Func<Status, bool> Condition, TaskCompletionSource Found)> expected = new();
    private readonly Box? box;

    /// <param name="change">Changes the settings, which have neither destination nor app.</param>
    public RunningBox(string folder, Func<Settings, Settings> change)
    {
        Settings settings = change(new Settings
        {
            DataDirectory = folder,
            AppsDirectory = Path.Combine(folder, "no-apps"),
            Listener = new ListenerSettings { Address = "127.0.0.1", Port = 0 },
            Analysis = new AnalysisSettings { Budget = TimeSpan.FromMinutes(5), QuietTime = TimeSpan.FromMilliseconds(300) },
            Disk = new DiskSettings { RemoveAbovePercent = 100, RefuseBelowFreeBytes = 0 },
        });
        Directory.CreateDirectory(folder);
        box = new Box(settings, new SimulatedBoard(null), new EventLog(TimeProvider.System, Heard), "test", TimeProvider.System,
            TimeProvider.System.GetUtcNow(), Unsupervised.Make(),
            new SettingsTrial(Path.Combine(folder, "appliance.toml")), _ => { }, _ => Published());
    }

    public int Port => box!.ListensOn.Port;

    public Status Status => box!.Status;

    public LatencyAnswer Latency => box!.Latency;

    public Task<CommandAnswer> Ask(CommandRequest request, string by) => box!.AskAsync(request, by);

    /// <summary>The first digits of the one study's key.</summary>
    public string StudyKey => Assert.Single(Status.Studies).Key;

    /// <summary>Waits for an event of that kind whose text holds that part; one that happened before counts.</summary>
    public Task Event(DeviceEvent happened, string part = "")
    {
        bool Wanted(EventRecord record) => record.Number == (int)happened && record.Text.Contains(part, StringComparison.Ordinal);
        TaskCompletionSource found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Enqueue((Wanted, found));
        if (seen.Any(Wanted))
        {
            found.TrySetResult();
        }

        return found.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for a snapshot in which every study is sent.</summary>
    public Task Sent() => Until(status => status.Studies.Count > 0 && status.Studies.All(study => study.State == StudyState.Sent));

    /// <summary>Waits for a snapshot of which that is true.</summary>
    public Task Until(Func<Status, bool> condition)
    {
        TaskCompletionSource found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        expected.Enqueue((condition, found));
        return found.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    public Task<ConnectOutcome> Connect(string called, params PresentationContextRequest[] contexts) => StoreUser.ConnectAsync(
        "127.0.0.1", Port, "SCANNER", called, contexts, AssociationTimeouts.Default, TimeProvider.System,
        TestContext.Current.CancellationToken);

    /// <summary>Sends objects over one association.</summary>
    public async Task<IReadOnlyList<RequestOutcome>> Send(params DicomFile[] files)
    {
        PresentationContextRequest[] contexts =
        [
            .. files.Select(file => (file.DataSet.GetString(Tags.SOPClassUID)!, file.Syntax)).Distinct()
                .Select(pair => new PresentationContextRequest(pair.Item1, pair.Syntax)),
        ];
        ConnectOutcome connected = await Connect("APPLIANCE", contexts);
        Assert.NotNull(connected.User);
        await using StoreUser user = connected.User;
        List<RequestOutcome> outcomes = [];
        foreach (DicomFile file in files)
        {
            outcomes.Add(await user.StoreAsync(
                file.DataSet.GetString(Tags.SOPClassUID)!,
                file.SopInstanceUid!,
                file.Syntax,
                DataSetWriter.Write(file.DataSet, file.Syntax)));
        }

        await user.ReleaseAsync();
        return outcomes;
    }

    public ValueTask DisposeAsync() => box!.DisposeAsync();

    /// <summary>On the control thread, after each published snapshot.</summary>
    private void Published()
    {
        foreach ((Func<Status, bool> condition, TaskCompletionSource found) in expected)
        {
            if (box is not null && condition(box.Status))
            {
                found.TrySetResult();
            }
        }
    }

    private void Heard(EventRecord record)
    {
        seen.Enqueue(record);
        foreach ((Func<EventRecord, bool> wanted, TaskCompletionSource found) in waiting)
        {
            if (wanted(record))
            {
                found.TrySetResult();
            }
        }
    }
}
