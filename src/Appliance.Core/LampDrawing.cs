namespace Appliance.Core;

/// <summary>The lamp as text of a terminal.</summary>
public static class LampDrawing
{
    /// <summary>One line, e.g. <c>(●) green, pulsing: receiving</c>; the dot in the lamp's colour where the terminal has colours.</summary>
    public static string Line(Lamp lamp, bool colours)
    {
        string dot = lamp.Pattern switch
        {
            LampPattern.Steady => "●",
            LampPattern.Pulsing => "◉",
            _ => "◌",
        };
        string lit = colours ? $"\e[{(lamp.Pattern == LampPattern.Blinking ? "5;" : string.Empty)}{Sgr(lamp.Colour)}m{dot}\e[0m" : dot;
        return $"({lit}) {Words(lamp)}";
    }

    /// <summary>e.g. <c>green, pulsing: receiving</c>.</summary>
    public static string Words(Lamp lamp) =>
        $"{lamp.Colour.ToString().ToLowerInvariant()}, {lamp.Pattern.ToString().ToLowerInvariant()}: {lamp.Meaning}";

    /// <remarks>ECMA-48 8.3.117, in the 256 colours of xterm: the named amber of most terminals is brown.</remarks>
    private static string Sgr(LampColour colour) => colour switch
    {
        LampColour.Green => "38;5;40",
        LampColour.Amber => "38;5;214",
        LampColour.Red => "38;5;196",
        _ => "38;5;39",
    };
}
