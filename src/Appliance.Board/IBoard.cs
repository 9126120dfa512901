using Appliance.Core;

namespace Appliance.Board;

/// <summary>The body of the appliance: its lamp and its sensors. Everything above it is the same on every box.</summary>
public interface IBoard
{
    /// <summary>The board's name, as in hardware/.</summary>
    string Name { get; }

    /// <summary>Lights the lamp. To be called when it changes; a refusal says why it stays dark, and work goes on.</summary>
    Refusal? Set(Lamp lamp);

    /// <summary>All sensors that can be read now, in degrees Celsius. A sensor that does not answer is left out.</summary>
    IReadOnlyList<Temperature> Temperatures();
}

/// <summary>One reading.</summary>
/// <param name="Sensor">e.g. <c>coretemp Package id 0</c>.</param>
/// <param name="LimitC">Above this it is too hot; null where the board file names no limit.</param>
public sealed record Temperature(string Sensor, double Celsius, double? LimitC)
{
    public bool TooHot => Celsius > LimitC;
}
