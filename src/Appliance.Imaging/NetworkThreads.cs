using System.Runtime.CompilerServices;
using Appliance.Core;
using Microsoft.ML.OnnxRuntime;

namespace Appliance.Imaging;

/// <summary>The threads that run networks for all series: one slice each at a time, earliest deadline first.</summary>
/// <remarks>
/// One slice on one thread is the fastest layout on a CPU (reference/model.md), and the grain at which another series may go first.
/// Before each slice the series' place on the ladder is decided. Measured times of slices are what the next decisions predict from.
/// </remarks>
public sealed class NetworkThreads : IDisposable
{
    private readonly object gate = new();
    private readonly DeadlineQueue<SeriesLine, NetworkPiece> queue = new();
    private readonly TimeProvider time;
    private readonly long start;
    private readonly Func<object, IDisposable>? watch;
    private readonly Action? begin;
    private readonly List<Desk> desks = [];
    private readonly List<SeriesLine> lines = [];
    private bool stopping;

    /// <param name="count">Cores; <see cref="Widen"/> where there are more GPUs.</param>
    /// <param name="ladder">False: everything is done in full however long it takes; the order is still that of deadlines.</param>
    /// <param name="watch">Watches over one slice on the thread that runs it; what it is given is for <see cref="Replace"/>.</param>
    /// <param name="begin">Called on each thread before its first slice.</param>
    public NetworkThreads(
        int count, StageCosts costs, bool ladder, TimeProvider time, Func<object, IDisposable>? watch = null, Action? begin = null)
    {
        this.watch = watch;
        this.begin = begin;
        this.time = time;
        Costs = costs;
        HasLadder = ladder;
        start = time.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            Begin();
        }
    }

    public StageCosts Costs { get; }

    public bool HasLadder { get; }

    public int Count => desks.Count;

    /// <summary>At least so many threads: one for each GPU, which would idle without.</summary>
    public void Widen(int count)
    {
        lock (gate)
        {
            while (desks.Count < count && !stopping)
            {
                Begin();
            }
        }
    }

    internal TimeProvider Time => time;

    internal TimeSpan Now => time.GetElapsedTime(start);

    /// <summary>A place for one series.</summary>
    public SeriesLine Open(App app, Budget budget, Action<LadderStep> changed)
    {
        SeriesLine line = new(this, app, budget, changed);
        lock (gate)
        {
            lines.Add(line);
        }

        return line;
    }

    /// <summary>Grid slices that wait or run, of all series.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return queue.Count;
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            stopping = true;
            Monitor.PulseAll(gate);
        }

        desks.ForEach(desk => desk.Thread!.Join());
    }

    /// <summary>A thread does not come back from its slice: the slice fails, and another thread takes its place.</summary>
    /// <param name="stuck">What the watch was given.</param>
    public void Replace(object stuck)
    {
        lock (gate)
        {
            Desk desk = (Desk)stuck;
            if (desk.Work is not (SeriesLine line, NetworkPiece piece) || !desks.Remove(desk))
            {
                // It came back in this moment.
                return;
            }

            piece.Failure = new TimeoutException("the network does not come back");
            line.Running.Remove(desk.Options);
            EndTaken(line, piece, PieceEnd.Failed);
            Begin();
        }
    }

    private void Begin()
    {
        Desk desk = new();
        desk.Thread = new Thread(() => Sit(desk)) { Name = "network", IsBackground = true };
        desks.Add(desk);
        desk.Thread.Start();
    }

    /// <summary>All at once: the decision about the first one is made in the light of the others.</summary>
    internal void Add(SeriesLine line, IReadOnlyCollection<NetworkPiece> pieces)
    {
        lock (gate)
        {
            foreach (NetworkPiece piece in pieces)
            {
                queue.Add(line, piece, Now + line.Budget.Whole - line.Waited, piece.ExpectedMs);
            }

            Monitor.PulseAll(gate);
        }
    }

    internal void Fix(SeriesLine line, TimeSpan due)
    {
        lock (gate)
        {
            line.Due = due;
            queue.Fix(line, due);
        }
    }

    /// <summary>Waits until a piece of the series has ended, or the time is up.</summary>
    /// <returns>False when the time is up.</returns>
    internal bool Wait(SeriesLine line, TimeSpan until)
    {
        lock (gate)
        {
            while (line.Ended.Count == 0 && queue.OpenOf(line) > 0)
            {
                double leftMs = (until - Now).TotalMilliseconds;
                if (leftMs <= 0)
                {
                    return line.Ended.Count > 0;
                }

                // Looks up now and then: a thread that never does is taken for one that is stuck.
                Monitor.Wait(gate, (int)Math.Ceiling(Math.Min(leftMs, Launch.Limits.LookUpMs)));
            }

            return true;
        }
    }

    internal bool TryTake(SeriesLine line, out NetworkPiece? piece)
    {
        lock (gate)
        {
            return line.Ended.TryDequeue(out piece);
        }
    }

    internal bool TryTakeStep(SeriesLine line, out LadderStep step)
    {
        lock (gate)
        {
            return line.Steps.TryDequeue(out step);
        }
    }

    /// <summary>Pieces that run, wait, or were not collected.</summary>
    internal int OpenOf(SeriesLine line)
    {
        lock (gate)
        {
            return queue.OpenOf(line) + line.Ended.Count;
        }
    }

    internal Refusal? Admit(SeriesLine line, double leftMs)
    {
        lock (gate)
        {
            SeriesDemand[] others =
                [.. lines.Where(other => other != line && other.Due is null).Select(other => other.Demand).OfType<SeriesDemand>()];
            return HasLadder && line.Demand is SeriesDemand demand ? Admission.Check(demand, others, Count, leftMs) : null;
        }
    }

    /// <summary>Nothing more of the series is run; what runs is cut between two operators of the network.</summary>
    internal void Drop(SeriesLine line)
    {
        lock (gate)
        {
            EndWaiting(line);

            lines.Remove(line);
            foreach (RunOptions running in line.Running)
            {
                running.Terminate = true;
            }
        }
    }

    /// <summary>What waits is no longer needed; what runs goes on.</summary>
    internal void DropWaiting(SeriesLine line)
    {
        lock (gate)
        {
            EndWaiting(line);

            if (line.Due is TimeSpan due)
            {
                queue.Fix(line, due);
            }
        }
    }

    private void Sit(Desk desk)
    {
        begin?.Invoke();
        Loop(desk);
    }

    private void Loop(Desk desk)
    {
        while (RunNext(desk))
        {
        }
    }

    /// <summary>One slice. A call of its own: a thread that waits holds nothing of the series before.</summary>
    /// <returns>False where the thread ends.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool RunNext(Desk desk)
    {
        if (Take(desk) is not (SeriesLine line, NetworkPiece piece))
        {
            return false;
        }

        if (piece.End != PieceEnd.None)
        {
            return true;
        }

        long began = time.GetTimestamp();
        (Network network, PieceOfWork kind) = line.NetworkOf(piece.Rung);
        PieceEnd ended;
        using (watch?.Invoke(desk))
        {
            ended = Run(network, piece, desk.Options);
        }

        if (ended == PieceEnd.Done)
        {
            Costs.Add(line.App.NameAndVersion, kind, time.GetElapsedTime(began));
        }

        lock (gate)
        {
            if (!desks.Contains(desk))
            {
                // It comes back too late: another thread sits here.
                desk.Options.Dispose();
                return false;
            }

            line.Running.Remove(desk.Options);
            EndTaken(line, piece, ended);
            desk.Work = null;
            return true;
        }
    }

    /// <summary>The next slice that is due, with the decision what is done with it; null when the threads end.</summary>
    private (SeriesLine Line, NetworkPiece Piece)? Take(Desk desk)
    {
        lock (gate)
        {
            SeriesLine line;
            NetworkPiece piece;
            while (!queue.TryTake(out line, out piece))
            {
                if (stopping)
                {
                    desk.Options.Dispose();
                    return null;
                }

                Monitor.Wait(gate);
            }

            // In the light of everything that waits.
            TimeSpan now = Now;
            if (HasLadder)
            {
                line.Decide(now, queue.CountOf(line) + 1, queue.AheadMs(line, line.Due ?? now + line.Budget.Whole - line.Waited));
            }

            piece.Rung = line.Rung;
            PieceEnd end = stopping || line.Rung == Rung.Bypass || !piece.IsNeeded() ? PieceEnd.Dropped
                : line.Rung == Rung.EverySecond && piece.MayBeLeftOut ? PieceEnd.LeftOut
                : PieceEnd.None;
            if (end == PieceEnd.None)
            {
                desk.Options.Terminate = false;
                desk.Work = (line, piece);
                line.Running.Add(desk.Options);
            }
            else
            {
                EndTaken(line, piece, end);
            }

            return (line, piece);
        }
    }

    /// <summary>A failure of the network is the series', not the thread's.</summary>
    private static PieceEnd Run(Network network, NetworkPiece piece, RunOptions options)
    {
        SliceTensors tensors = network.Rent();
        try
        {
            piece.Fill(tensors.Input);
            network.Run(tensors, options);
            piece.Scores = network.ScoresOf(tensors);
            return PieceEnd.Done;
        }
        catch (OnnxRuntimeException) when (options.Terminate)
        {
            return PieceEnd.Dropped;
        }
        catch (Exception failure)
        {
            piece.Failure = failure;
            return PieceEnd.Failed;
        }
        finally
        {
            // Also after a cut, of which a busy box makes many: what is left in them the next slice writes over.
            network.Return(tensors);
        }
    }

    private void EndWaiting(SeriesLine line)
    {
        foreach (NetworkPiece piece in queue.Drop(line))
        {
            End(line, piece, PieceEnd.Dropped);
        }
    }

    private void EndTaken(SeriesLine line, NetworkPiece piece, PieceEnd end)
    {
        queue.Done(line, piece.ExpectedMs);
        End(line, piece, end);
    }

    private void End(SeriesLine line, NetworkPiece piece, PieceEnd end)
    {
        piece.End = end;
        line.Ended.Enqueue(piece);
        Monitor.PulseAll(gate);
    }

    /// <summary>One thread and what lies before it.</summary>
    private sealed class Desk
    {
        public Thread? Thread { get; set; }

        public RunOptions Options { get; } = new();

        public (SeriesLine Line, NetworkPiece Piece)? Work { get; set; }
    }
}
