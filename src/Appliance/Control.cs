using System.Collections.Concurrent;
using Appliance.Board;
using Appliance.Core;
using Appliance.Daemon.Supervision;

namespace Appliance.Daemon;

/// <summary>
/// The control thread: one bounded mailbox, one ledger, one published snapshot. It touches no pixels and never waits for others.
/// </summary>
public sealed class Control : IDisposable
{
    private readonly BlockingCollection<Happening> mailbox = new(Limits.MailboxHappenings);
    private readonly Ledger ledger;
    private readonly IBoard board;
    private readonly string version;
    private readonly TimeProvider time;
    private readonly Action<Status> tick;
    private readonly Action<string, int> remove;
    private readonly Action<Commanded, Decision> act;
    private readonly Work heart;
    private readonly long start;
    private readonly Thread thread;
    private Status status;
    private Lamp? lamp;
    private long published;

    /// <param name="remove">Takes a delivered study out of the journal, elsewhere, and tells what came of it.</param>
    /// <param name="act">Does the rest of a command, elsewhere, and answers.</param>
    /// <param name="tick">Told each snapshot, once a second at least, while the thread is alive: the panel.</param>
    public Control(
        Ledger ledger, IBoard board, string version, TimeProvider time, Action<string, int> remove, Action<Commanded, Decision> act,
        Supervisor supervisor, Action<Status> tick)
    {
        this.ledger = ledger;
        this.board = board;
        this.version = version;
        this.time = time;
        this.remove = remove;
        this.act = act;
        this.tick = tick;
        heart = supervisor.Beating(new Worker("control thread"), Operations.Round);
        start = time.GetTimestamp();
        status = Snapshot();
        thread = new Thread(Loop) { Name = "control", IsBackground = true };
        thread.Start();
    }

    /// <summary>The moment that was published last.</summary>
    public Status Status => Volatile.Read(ref status);

    /// <summary>How long analyses took.</summary>
    public LatencyAnswer Latency => ledger.Latencies.Answer();

    /// <summary>Asks for something; the answer comes when it has been refused or done.</summary>
    public Task<CommandAnswer> AskAsync(CommandRequest request, string by)
    {
        TaskCompletionSource<CommandAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Tell(new Commanded(time.GetUtcNow(), request, by, answer));
        return answer.Task;
    }

    /// <summary>From any thread. What is told after the end is not heard.</summary>
    public void Tell(Happening happening)
    {
        try
        {
            mailbox.Add(happening);
        }
        catch (InvalidOperationException)
        {
            // The mailbox is closed: the process is ending, and the journal knows all that matters.
        }
    }

    /// <summary>Ends when everything told so far has been looked at.</summary>
    public void Dispose()
    {
        mailbox.CompleteAdding();
        thread.Join();
        heart.Dispose();
        mailbox.Dispose();
    }

    private void Loop()
    {
        while (!mailbox.IsCompleted)
        {
            // 1. What happened: at once after a silence, then in portions.
            if (mailbox.TryTake(out Happening? happening, Limits.TickMs))
            {
                do
                {
                    Look(happening);
                }
                while (MsToPublication() is > 0 and int left && mailbox.TryTake(out happening, left));
            }

            // 2. What others see.
            Status now = Snapshot();
            Volatile.Write(ref status, now);
            published = time.GetTimestamp();
            if (now.Lamp != lamp)
            {
                lamp = now.Lamp;
                board.Set(now.Lamp);
            }

            // 3. What is to be done about it.
            if (ledger.TakeRemoval(time.GetUtcNow()) is StudyRecord study)
            {
                remove(study.Id, study.Changes);
            }

            tick(now);
            heart.Beat();
        }
    }

    private int MsToPublication() =>
        Limits.PublicationMs - (int)Math.Min(time.GetElapsedTime(published).TotalMilliseconds, Limits.PublicationMs);

    private void Look(Happening happening)
    {
        if (happening is not Commanded commanded)
        {
            ledger.Apply(happening);
            return;
        }

        Decision decision = ledger.Decide(commanded.Request, commanded.By, time.GetUtcNow());
        if (decision.Refused is not null)
        {
            commanded.Answer.TrySetResult(CommandAnswer.Failure(decision.Refused));
        }
        else if (decision.GoesOn)
        {
            act(commanded, decision);
        }
        else
        {
            commanded.Answer.TrySetResult(CommandAnswer.Success(decision.Text));
        }
    }

    private Status Snapshot() => ledger.Snapshot(version, time.GetUtcNow(), time.GetElapsedTime(start), Environment.WorkingSet);
}
