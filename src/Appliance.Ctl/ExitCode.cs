using Appliance.Core;

namespace Appliance.Ctl;

/// <summary>What a script or a monitor reads. 1 is a mistake in the command line.</summary>
internal static class ExitCode
{
    /// <summary>The device is well, at work or not.</summary>
    public const int Well = 0;

    /// <summary>Nobody answers on the socket.</summary>
    public const int NotReachable = 3;

    /// <summary>Degraded, starting, stopping, in maintenance, or something asks for attention.</summary>
    public const int Attention = 4;

    /// <summary>Service is needed.</summary>
    public const int Service = 5;

    /// <summary>The daemon refused, or it failed; the reason stands on standard error.</summary>
    public const int NotDone = 6;

    /// <summary>EX_NOPERM of sysexits.h: over SSH, not for this role, or no such command there.</summary>
    public const int NotAllowed = 77;

    /// <summary>For the help text.</summary>
    public const string Legend = "Exit code: 0 well, 1 usage, 3 no answer, 4 attention, 5 needs service, 6 not done.";

    /// <summary>The lamp decides, so that a monitor and a person in front of the box see the same.</summary>
    public static int Of(Lamp lamp) => lamp.Colour switch
    {
        LampColour.Green => Well,
        LampColour.Red => Service,
        LampColour.Amber => Attention,
        _ => lamp.Pattern == LampPattern.Blinking ? Well : Attention,
    };
}
