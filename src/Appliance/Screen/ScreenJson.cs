using System.Text.Json.Serialization;

namespace Appliance.Daemon.Screen;

/// <summary>What the page needs to know beside the snapshots.</summary>
/// <param name="Addresses">This machine's addresses, as a technologist dials them at the scanner.</param>
/// <param name="TailMs">The time within which the last result is to be accepted after the last slice.</param>
/// <param name="Host">What the machine is called.</param>
public sealed record ScreenFacts(IReadOnlyList<string> Addresses, int TailMs, string Host);

/// <summary>Made at build time: the native binary has no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ScreenFacts))]
internal sealed partial class ScreenContext : JsonSerializerContext;
