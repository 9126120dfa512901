using System.CommandLine;
using Appliance.Dicom.Data;
using Appliance.Phantom.Scan;
using Appliance.Phantom.Series;

namespace Appliance.Phantom.Commands;

/// <summary>Which phantom, and in which geometry: the options that make and send share.</summary>
internal sealed class PhantomOptions
{
    private const string OrientationNames = "axial, feet-first, sagittal or oblique";

    public Option<ulong> Seed { get; } = new("--seed") { Description = "Which body: the same number, the same body.",
        DefaultValueFactory = _ => 42 };

    public Option<string> Orientation { get; } = OneOf("--orientation", OrientationNames, "axial", "feet-first", "sagittal", "oblique");

    public Option<int> Slices { get; } = new("--slices") { Description = "Number of slices.", DefaultValueFactory = _ => 300 };

    public Option<int> Rows { get; } = new("--rows") { Description = "Rows and columns of a slice.", DefaultValueFactory = _ => 512 };

    public Option<double> Spacing { get; } = new("--spacing") { Description = "Distance of pixels in mm.", DefaultValueFactory = _ => 0.8 };

    public Option<double> Thickness { get; } = new("--thickness") { Description = "Distance of slices in mm.",
        DefaultValueFactory = _ => 1 };

    public Option<int?> Lesions { get; } = new("--lesions") { Description = "Tumours in the liver; without: as the seed says." };

    public Option<string> Syntax { get; } = OneOf("--syntax", "Transfer syntax: explicit or implicit little endian.", "explicit",
        "implicit");

    public Option<string> Uids { get; }

    /// <param name="uids">The first name is the default.</param>
    public PhantomOptions(params string[] uids) => Uids = OneOf("--uids", "The same UIDs for the same seed, or fresh ones.", uids);

    public IEnumerable<Option> All => [Seed, Orientation, Slices, Rows, Spacing, Thickness, Lesions, Syntax, Uids];

    public TransferSyntax SyntaxOf(ParseResult parsed) =>
        parsed.GetRequiredValue(Syntax) == "implicit" ? TransferSyntax.ImplicitLittleEndian : TransferSyntax.ExplicitLittleEndian;

    /// <summary>What is wrong with the numbers, or null.</summary>
    public string? Fault(ParseResult parsed)
    {
        (string Name, double Value, double Least, double Most)[] rows =
        [
            ("--slices", parsed.GetValue(Slices), 2, 2000), ("--rows", parsed.GetValue(Rows), 16, 1024),
            ("--spacing", parsed.GetValue(Spacing), 0.3, 10), ("--thickness", parsed.GetValue(Thickness), 0.3, 10),
            ("--lesions", parsed.GetValue(Lesions) ?? 0, 0, 50),
            ("--slices times --thickness", parsed.GetValue(Slices) * parsed.GetValue(Thickness), 4, 1000),
            ("--rows times --spacing", parsed.GetValue(Rows) * parsed.GetValue(Spacing), 16, 600),
        ];
        return rows.Where(row => !(row.Value >= row.Least && row.Value <= row.Most))
            .Select(row => $"{row.Name} must lie between {row.Least} and {row.Most}.").FirstOrDefault();
    }

    /// <summary>Grows the phantom; takes seconds.</summary>
    public PhantomSeries Make(ParseResult parsed)
    {
        ulong seed = parsed.GetRequiredValue(Seed);
        SeriesGeometry geometry = new(
            parsed.GetRequiredValue(Orientation) switch
            {
                "feet-first" => Series.Orientation.FeetFirst,
                "sagittal" => Series.Orientation.Sagittal,
                "oblique" => Series.Orientation.Oblique,
                _ => Series.Orientation.Axial,
            },
            parsed.GetValue(Slices), parsed.GetValue(Rows), parsed.GetValue(Rows), parsed.GetValue(Spacing), parsed.GetValue(Thickness));
        bool fresh = parsed.GetRequiredValue(Uids) == "fresh";
        return new PhantomSeries(
            NativeScan.Make(seed, geometry, parsed.GetValue(Lesions)),
            fresh ? SeriesIdentity.Fresh(seed) : SeriesIdentity.OfSeed(seed, geometry),
            fresh ? TimeProvider.System.GetLocalNow() : DateTimeOffset.UnixEpoch.AddYears(50));
    }

    private static Option<string> OneOf(string name, string description, params string[] names)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => names[0] };
        option.AcceptOnlyFromAmong(names);
        return option;
    }
}
