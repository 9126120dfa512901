using Appliance.Core;

namespace Appliance.Imaging;

/// <summary>Time spent in each stage of one series, and how much of it after the last slice.</summary>
public sealed class StageTimes
{
    private readonly TimeProvider time;
    private readonly TimeSpan[] spent = new TimeSpan[(int)Stage.Annotate + 1];
    private readonly TimeSpan[] before = new TimeSpan[(int)Stage.Annotate + 1];

    public StageTimes(TimeProvider time)
    {
        this.time = time;
    }

    public TimeSpan this[Stage stage] => spent[(int)stage];

    /// <summary>What of it was spent since <see cref="TailBegins"/>.</summary>
    public TimeSpan InTail(Stage stage) => spent[(int)stage] - before[(int)stage];

    /// <summary>The last slice has come.</summary>
    public void TailBegins() => spent.CopyTo(before, 0);

    /// <summary>Runs one stage, or a part of it, and adds its time.</summary>
    public T Measure<T>(Stage stage, Func<T> work)
    {
        long start = time.GetTimestamp();
        T result = work();
        spent[(int)stage] += time.GetElapsedTime(start);
        return result;
    }

    /// <summary>The same where nothing comes of it.</summary>
    public void Measure(Stage stage, Action work)
    {
        long start = time.GetTimestamp();
        work();
        spent[(int)stage] += time.GetElapsedTime(start);
    }

    public override string ToString() =>
        string.Join(", ", Enum.GetValues<Stage>().Select(stage => $"{stage} {this[stage].TotalMilliseconds:0} ms"));
}
