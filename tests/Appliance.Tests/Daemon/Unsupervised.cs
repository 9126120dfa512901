using Appliance.Daemon.Supervision;

namespace Appliance.Tests.Daemon;

/// <summary>A supervisor that never looks: under a debugger, or on a machine that is busy with all tests, nothing is replaced.</summary>
internal static class Unsupervised
{
    public static Supervisor Make() => new(TimeProvider.System, () => 0, _ => null, _ => { }, () => { });
}
