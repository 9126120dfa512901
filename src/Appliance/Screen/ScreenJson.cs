using System.Text.Json.Serialization;

namespace Appliance.Daemon.Screen;

/// <summary>What the page needs to know beside the snapshots.</summary>
/// <param name="Addresses">This machine's addresses, as a technologist dials them at the scanner.</param>
/// <param name="TailMs">The time within which the last result is to be accepted after the last slice.</param>
/// <param name="Host">What the machine is called.</param>
public sealed record ScreenFacts(IReadOnlyList<string> Addresses, int TailMs, string Host);

/// <summary>An opened study; the series with most slices comes first.</summary>
public sealed record ShownStudy(IReadOnlyList<ShownSeries> Series);

/// <summary>A series of it.</summary>
/// <param name="Series">A hash of its UID: part of the addresses of its pictures.</param>
/// <param name="RowMm">Distance between rows.</param>
/// <param name="ColumnMm">Distance between columns.</param>
/// <param name="Labelled">Which analysis the organs are of; empty before there is one.</param>
/// <param name="Organs">Null before there is an analysis.</param>
public sealed record ShownSeries(
    string Series,
    int Slices,
    int Rows,
    int Columns,
    double RowMm,
    double ColumnMm,
    double Centre,
    double Width,
    string Labelled,
    IReadOnlyList<ShownOrgan>? Organs);

/// <summary>Made at build time: the native binary has no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ScreenFacts))]
[JsonSerializable(typeof(ShownStudy))]
internal sealed partial class ScreenContext : JsonSerializerContext;
