using Appliance.Core;

namespace Appliance.Imaging.Launch.Known;

/// <summary>A kernel, and how it is launched over inputs that are always the same. The answer is what the CPU makes of them.</summary>
/// <param name="Kernel">As in the launch table.</param>
/// <param name="Launch">Asks for buffers and launches; the same calls on every machine.</param>
public sealed record KnownAnswer(string Kernel, Action<Rehearsal> Launch)
{
    /// <summary>Odd sizes: a GPU's blocks and the CPU's vectors both have ends.</summary>
    private const int X = 37, Y = 21, Z = 9;

    private const long Bytes = 1 << 22;

    public static KnownAnswer Of<TKernel>(Action<Rehearsal> launch)
        where TKernel : unmanaged => new(KernelName<TKernel>.Value, launch);

    /// <summary>Where a machine gives its answers.</summary>
    public static Outcome<Rehearsal> Place(Launcher machine) => Rehearsal.On(machine, Bytes, X, Y, Z);

    /// <summary>Every kernel on the machine, each compared with the CPU's answer.</summary>
    /// <returns>Null where all agree; else the first that does not, by name.</returns>
    public static Refusal? Test(Launcher machine, Launcher cpu, CancellationToken stop)
    {
        Outcome<Rehearsal> right = Place(cpu), tested = Place(machine);
        try
        {
            Refusal? refusal = right.Refusal ?? tested.Refusal;
            foreach (KnownAnswer answer in KnownAnswers.All)
            {
                stop.ThrowIfCancellationRequested();
                refusal ??= answer.Compare(tested.Value!, right.Value!, machine);
            }

            return refusal;
        }
        finally
        {
            tested.Value?.Dispose();
            right.Value?.Dispose();
        }
    }

    /// <summary>This kernel on both.</summary>
    public Refusal? Compare(Rehearsal tested, Rehearsal right, Launcher machine)
    {
        Refusal? refusal = right.Run(this) ?? tested.Run(this);
        return refusal is not null ? refusal
            : tested.Difference(right) is string difference
                ? new Refusal(RefusalReason.GpuFailed, $"{machine.Name}: kernel {Kernel} gives a wrong answer: {difference}")
                : null;
    }
}
