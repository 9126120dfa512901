using Appliance.Core;

namespace Appliance.Board;

/// <summary>The body of the appliance: its lamp and its sensors. Everything above it is the same on every box.</summary>
public interface IBoard
{
    /// <summary>The board's name, as in hardware/.</summary>
    string Name { get; }

    /// <summary>Lights the lamp. To be called when it changes; a refusal says why it stays dark, and work goes on.</summary>
    Refusal? Set(Lamp lamp);

    /// <summary>What is wrong with the body itself: missing parts, sensors above their limit, the machine's own event log.</summary>
    IReadOnlyList<string> Troubles { get; }

    /// <summary>How often <see cref="Draw"/> is to be called; 0: nothing moves that does not move by itself.</summary>
    int FrameMs { get; }

    /// <summary>The next picture of a pattern that blinks or breathes.</summary>
    void Draw();

    /// <summary>All sensors that can be read now, in degrees Celsius. A sensor that does not answer is left out.</summary>
    IReadOnlyList<Temperature> Temperatures();
}

/// <summary>One reading.</summary>
/// <param name="Sensor">e.g. <c>coretemp Package id 0</c>.</param>
/// <param name="LimitC">Above this it is too hot; null where the board file names no limit.</param>
public sealed record Temperature(string Sensor, double Celsius, double? LimitC)
{
    public bool TooHot => Celsius > LimitC;

    public string Words => $"{Sensor}: {Celsius:F0} degrees, {LimitC:F0} are the limit";
}
