using System.Net;
using Appliance.Board;
using Appliance.Core;
using Appliance.Daemon.Supervision;
using Appliance.Daemon.Upkeep;
using Appliance.Dicom.Data;
using Appliance.Dicom.Network;
using Appliance.Dicom.Objects;
using Appliance.Dicom.Transport;
using Appliance.Imaging;

namespace Appliance.Daemon;

/// <summary>All parts of the appliance, made in the order in which they are needed and ended in the reverse.</summary>
public sealed class Box : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Settings settings;
    private readonly TimeProvider time;
    private readonly Journal journal;
    private readonly JournalDisk disk;
    private readonly Control control;
    private readonly Outbox outbox;
    private readonly List<App> apps = [];
    private readonly AnalysisLanes analysis;
    private readonly NetworkThreads network;
    private readonly CostFile costs;
    private readonly Traces traces;
    private readonly PictureThread pictures;
    private readonly Supervisor supervisor;
    private readonly TaskCompletionSource appsLoaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AssociationServer server;
    private readonly SelfTest selfTest;
    private KernelChoice? kernels;
    private readonly CommandWork work;
    private Refusal? gpuTrouble;
    private readonly List<Task> running = [];
    private bool disposed;

    /// <summary>Opens the journal and listens. When this returns, modalities can send; apps are loaded behind the open door.</summary>
    /// <param name="processStart">When the process began, for the time to readiness.</param>
    /// <param name="trial">The settings file, for who changes it from afar.</param>
    /// <param name="end">Asks the process to end, for the reason given: somebody starts it again.</param>
    /// <param name="tick">Told what there is about once a second while the control thread is alive.</param>
    /// <exception cref="IOException">The data folder cannot be used.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port cannot be had.</exception>
    public Box(
        Settings settings, IBoard board, EventLog events, string version, TimeProvider time, DateTimeOffset processStart,
        Supervisor supervisor, SettingsTrial trial, Action<string> end, Action<Status> tick)
    {
        this.settings = settings;
        this.time = time;
        this.supervisor = supervisor;

        // 1. What was acknowledged before.
        string[] names = [.. settings.Destinations.Select(destination => destination.Name)];
        journal = new Journal(settings.DataDirectory, names);

        // 2. The thread that knows the state of everything.
        traces = new Traces(settings.OtlpEndpoint, version);
        costs = new CostFile(Path.Combine(settings.DataDirectory, CostFile.Name));
        control = new Control(
            new Ledger(settings, events, costs.Costs, traces.Add), board, version, time, RemoveElsewhere, Begin, supervisor, tick);
        supervisor.Replaced = work => control.Tell(new WorkerReplaced(time.GetUtcNow(), work.Worker.Name, work.Operation.Name));
        disk = new JournalDisk(journal, settings.Disk, supervisor, control.Tell, time);
        control.Tell(new DeviceSignalled(time.GetUtcNow(), DeviceSignal.SelfTestBegan));

        // 3. What has to leave.
        outbox = new Outbox([.. settings.Destinations.Select(SenderOf)], control.Tell, time);

        // 4. The threads that run the apps; they begin when they have been loaded.
        EquipmentIdentification equipment = new("Appliance", "Appliance", Environment.MachineName, version);
        pictures = new PictureThread(journal, equipment, settings.Destinations, outbox, supervisor, control.Tell, time);
        Worker inference = new("network", stuck => network!.Replace(stuck.Subject!));
        network = new NetworkThreads(
            Environment.ProcessorCount, costs.Costs, settings.Analysis.Ladder, time,
            desk => supervisor.Begin(inference, Operations.NetworkSlice, desk), () => OwnThread.Stand(ThreadOrder.Networks));
        analysis = LanesFor(equipment);

        // 5. What people ask for.
        selfTest = new SelfTest(settings, journal, () => control.Status, () => gpuTrouble, () => board.Set(control.Status.Lamp),
            control.Tell, time);
        PhantomRun phantom = new(settings, journal, Learned, () => control.Status, () => ListensOn!.Port, time);
        ServiceDesk desk = new(settings, trial, events, () => control.Status, () => Latency, journal, end, time);
        work = new CommandWork(settings, journal, outbox, analysis, selfTest, phantom, desk, control.Tell, time, stopping.Token);

        // 6. The door.
        NormalizedServices normalized = new(settings, journal, analysis.ManifestCame, control.Tell, time);
        Worker receiving = new("intake", Cut);
        Intake intake = new(
            journal, disk, outbox, analysis, normalized.Provider, () => DeviceStates.Accepts(control.Status.Device), supervisor, receiving,
            control.Tell, time);
        server = new AssociationServer(ServerSettingsOf(settings), intake.Provider, time);
        ListensOn = server.Start();
        ReadyAfter = time.GetUtcNow() - processStart;
        control.Tell(new ListenerOpened(time.GetUtcNow(), ListensOn.Address.ToString(), ListensOn.Port, ReadyAfter));

        // 7. What may take its time: apps, each tested by a slice whose answer is known; the journal; checks.
        new SocketPulse(supervisor).Start(stopping.Token);
        running.Add(ToldAsync("outbox", outbox.RunAsync(stopping.Token)));
        running.Add(ToldAsync("settings on trial", trial.RunAsync(end, time, stopping.Token)));
        disk.Start(stopping.Token);
        new Thread(LoadApps) { Name = "apps", IsBackground = true }.Start();
        running.Add(ToldAsync("storage commitment", normalized.RunAsync(stopping.Token)));
        running.Add(ToldAsync("self-test", Task.Run(TestItselfAsync)));
    }

    /// <summary>Where modalities send to.</summary>
    public IPEndPoint ListensOn { get; }

    /// <summary>From the start of the process until it listened.</summary>
    public TimeSpan ReadyAfter { get; }

    public Status Status => control.Status;

    /// <summary>How long analyses took since the start.</summary>
    public LatencyAnswer Latency => control.Latency;

    /// <summary>Asks for something; the answer comes when it has been refused or done.</summary>
    /// <param name="by">Who, for the audit.</param>
    public Task<CommandAnswer> AskAsync(CommandRequest request, string by) => control.AskAsync(request, by);

    /// <summary>Where the journal keeps the studies, for who only reads.</summary>
    public string StudiesFolder => journal.Studies;

    /// <summary>Takes no more, finishes the slice or series in hand, leaves the rest to the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        control.Tell(new DeviceSignalled(time.GetUtcNow(), DeviceSignal.StopRequested));
        await server.DisposeAsync().ConfigureAwait(false);
        await stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
        await appsLoaded.Task.ConfigureAwait(false);
        kernels?.Dispose();
        analysis.Dispose();
        network.Dispose();
        pictures.Dispose();
        control.Dispose();
        traces.Dispose();
        apps.ForEach(app => app.Dispose());
        stopping.Dispose();
    }

    private static ServerSettings ServerSettingsOf(Settings settings) => new()
    {
        Listen = new IPEndPoint(IPAddress.Parse(settings.Listener.Address), settings.Listener.Port),
        Policy = new AcceptorPolicy
        {
            CalledAeTitles = [settings.Listener.AeTitle],
            CallingAeTitles = settings.Listener.AcceptCallingAe,
            TakesSopClass = NormalizedServices.Takes,
        },
        MaxAssociations = settings.Listener.AssociationsMax,
    };

    private SupervisedSender SenderOf(DestinationSettings destination) => new(
        destination,
        (pending, start, worker) => new Sender(
            destination, journal, AssociationTimeouts.Default, pending, start, supervisor, worker, control.Tell, time),
        time);

    private HashSet<string> Learned() =>
        apps.SelectMany(app => app.Manifest.Classes).Where(organ => organ.Learned).Select(organ => organ.Name).ToHashSet();

    /// <summary>A thread of its own: a driver that does not answer costs the analysis, never the study.</summary>
    private AnalysisLanes LanesFor(EquipmentIdentification equipment)
    {
        QuietTimes quiet = new(settings.Analysis.QuietRegular, settings.Analysis.QuietTime);
        long start = time.GetTimestamp();
        Notices notices = new(journal, equipment, settings.Destinations, outbox, supervisor, control.Tell, time);
        int lanes = Math.Clamp(Environment.ProcessorCount, Limits.LanesLeastCount, Limits.LanesMostCount);
        return new AnalysisLanes(lanes, () => new SupervisedAnalysis(
            (worker, tell) => new AnalysisThread(
                new StudyRun(
                    journal, apps, equipment, settings.Destinations, settings.Analysis, network, costs, outbox, pictures, notices,
                    tell, time),
                journal, quiet, tell, time, start, supervisor, worker,
                () => analysis.IsQuiet && pictures.IsIdle),
            control.Tell));
    }

    private void LoadApps()
    {
        OwnThread.Stand(ThreadOrder.Analysis);
        using (Work work = supervisor.Begin(new Worker("apps", GiveUpApps), Operations.LoadApps))
        {
            InstalledApps installed = InstalledApps.Load(settings, control.Tell, time);
            if (work.IsAbandoned)
            {
                installed.Apps.ToList().ForEach(app => app.Dispose());
                return;
            }

            apps.AddRange(installed.Apps);
            network.Widen(installed.Apps.Select(app => app.Network.Devices).DefaultIfEmpty().Max());
            gpuTrouble = installed.GpuTrouble;
        }

        BeginAnalysis();
    }

    private void GiveUpApps(Work work)
    {
        Refusal late = new(RefusalReason.BadApp, "an app, or the GPU's driver, did not answer in its time: nothing is analysed");
        control.Tell(new AppChecked(time.GetUtcNow(), "(loading)", "", TimeSpan.FromMilliseconds(work.Operation.DeadlineMs), late));
        BeginAnalysis();
    }

    private void BeginAnalysis()
    {
        analysis.Start();
        kernels = new KernelChoice(Imaging.Launch.Compute.Shared, settings, control.Tell, time);
        appsLoaded.SetResult();
    }

    /// <summary>The object that its thread cannot store is sent again by its modality, which sees its association closed.</summary>
    private void Cut(Work work) => server.Cut((long)work.Subject!);

    /// <summary>A part that a defect ends is told of at once, not only when the process ends.</summary>
    private async Task ToldAsync(string part, Task runs)
    {
        try
        {
            await runs.ConfigureAwait(false);
        }
        catch (Exception defect) when (!stopping.IsCancellationRequested)
        {
            control.Tell(new PartFailed(time.GetUtcNow(), part, Text.Of(defect)));
            throw;
        }
    }

    /// <summary>What goes on behind the open door: the journal is read, destinations are asked whether they answer.</summary>
    private async Task TestItselfAsync()
    {
        IReadOnlyList<CheckResult>? checks = null;
        try
        {
            ReadJournal();
            await appsLoaded.Task.ConfigureAwait(false);
            Task<IReadOnlyList<CheckResult>> checking = selfTest.RunAsync(stopping.Token);
            checks = await checking.ConfigureAwait(false);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            control.Tell(new PartFailed(time.GetUtcNow(), "self-test", Text.Of(failure)));
        }
        catch (OperationCanceledException)
        {
            return;
        }

        control.Tell(new SelfTestEnded(time.GetUtcNow(), checks));
    }

    private void ReadJournal()
    {
        try
        {
            using Work work = supervisor.Begin(new Worker("journal"), Operations.Scan);
            journal.FinishRemovals();
            foreach (ScannedStudy study in JournalScan.Studies(
                journal, settings.Destinations, damaged => control.Tell(new PartFailed(time.GetUtcNow(), "journal", Text.Of(damaged)))))
            {
                stopping.Token.ThrowIfCancellationRequested();
                GoOnWith(study);
            }
        }
        finally
        {
            // Also where not all of it can be read: what is known then is all that will be.
            control.Tell(new JournalRead(time.GetUtcNow()));
        }
    }

    private void GoOnWith(ScannedStudy study)
    {
        control.Tell(new StudyFound(time.GetUtcNow(), study));
        outbox.Resume(study);
        foreach (ScannedSeries series in study.Series.Where(series => series.IsDrawing))
        {
            pictures.Add(study.Study, series.Series);
        }

        foreach (ScannedSeries series in study.Series.Where(series => !series.IsSettled))
        {
            analysis.SeriesFound(study.Study, series.Series);
        }
    }

    // Nobody can ask before the socket is open, and that is after the constructor.
    private void Begin(Commanded commanded, Decision decision) => work.Begin(commanded, decision);

    private void RemoveElsewhere(string study, int changes) => Task.Run(() => disk.Remove(study, changes));
}
