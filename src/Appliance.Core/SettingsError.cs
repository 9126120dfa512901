namespace Appliance.Core;

/// <summary>One thing that is wrong in the settings file.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Key">Full name, e.g. <c>listener.port</c>; empty for a fault of the TOML itself.</param>
/// <param name="Problem">What is wrong, a sentence.</param>
/// <param name="Remedy">What to write instead, a sentence.</param>
public sealed record SettingsError(int Line, string Key, string Problem, string Remedy)
{
    public override string ToString() => Key.Length == 0 ? $"line {Line}: {Problem} {Remedy}" : $"line {Line}: {Key}: {Problem} {Remedy}";
}
