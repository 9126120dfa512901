using System.Text.Json;
using Appliance.Dicom.Data;
using Appliance.Tests.House;

namespace Appliance.Tests.Daemon;

/// <summary>How the slices of a study really arrived once: what scripts/record-traces noted at the scanner, a JSON object a line.</summary>
internal sealed class ArrivalTrace
{
    private readonly Dictionary<string, JsonElement> series = [];

    private ArrivalTrace(IEnumerable<JsonElement> lines)
    {
        List<Arrival> arrivals = [];
        List<(int Number, string Text)> events = [];
        foreach (JsonElement line in lines)
        {
            if (line.TryGetProperty("trace", out JsonElement name))
            {
                (Name, About) = (name.GetString()!, line.GetProperty("about").GetString()!);
                QuietRegularS = line.GetProperty("quiet_regular_s").GetDouble();
                QuietTimeS = line.GetProperty("quiet_time_s").GetDouble();
            }
            else if (line.TryGetProperty("series", out name))
            {
                series.Add(name.GetString()!, line);
            }
            else if (line.TryGetProperty("event", out JsonElement number))
            {
                events.Add((number.GetInt32(), line.GetProperty("text").GetString()!));
            }
            else if (line.TryGetProperty("begun", out JsonElement begun))
            {
                long on = line.GetProperty("on").GetInt64();
                arrivals.Add(new Arrival(Ms(begun), on, Occasion.Begun, null));
                arrivals.Add(new Arrival(Ms(line.GetProperty("stored")), on, Occasion.Stored, HeaderOf(line)));
            }
            else if (line.TryGetProperty("released", out JsonElement released))
            {
                arrivals.Add(new Arrival(Ms(line.GetProperty("at")), released.GetInt64(), Occasion.Released, null));
            }
        }

        Arrivals = [.. arrivals.OrderBy(arrival => arrival.At)];
        Events = events;
    }

    /// <summary>What happens at a moment of a trace.</summary>
    public enum Occasion
    {
        /// <summary>The first byte of an object left the scanner.</summary>
        Begun,

        /// <summary>Its C-STORE was answered.</summary>
        Stored,

        Released,
    }

    public static IEnumerable<string> Names =>
        Directory.GetFiles(Folder, "*.jsonl").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    public string Name { get; } = "";

    /// <summary>In words.</summary>
    public string About { get; } = "";

    /// <summary>The settings of the appliance.</summary>
    public double QuietRegularS { get; }

    public double QuietTimeS { get; }

    /// <summary>Letters of its series.</summary>
    public IEnumerable<string> Series => series.Keys;

    public IReadOnlyList<Arrival> Arrivals { get; }

    /// <summary>What the appliance said in those minutes, in order.</summary>
    public IReadOnlyList<(int Number, string Text)> Events { get; }

    private static string Folder => Path.Combine(Checkout.Root, "tests/Appliance.Tests/Daemon/Traces");

    public static ArrivalTrace Read(string name) => new(
        File.ReadLines(Path.Combine(Folder, name + ".jsonl")).Select(line => JsonDocument.Parse(line).RootElement));

    /// <summary>Series Instance UID of a letter.</summary>
    public string UidOf(string letter) => series[letter].GetProperty("uid").GetString()!;

    private static TimeSpan Ms(JsonElement value) => TimeSpan.FromMilliseconds(value.GetDouble());

    private static double[] Numbers(JsonElement line, string name) =>
        [.. line.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    /// <summary>Its header, and the digest of its pixels in place of them.</summary>
    private DataSet HeaderOf(JsonElement line)
    {
        JsonElement of = series[line.GetProperty("of").GetString()!];
        string Text(string name) => (line.TryGetProperty(name, out JsonElement own) ? own : of.GetProperty(name)).GetString()!;
        return new DataSet()
            .SetString(Tags.SOPClassUID, Vr.UI, Uids.CTImageStorage)
            .SetString(Tags.SOPInstanceUID, Vr.UI, line.GetProperty("uid").GetString()!)
            .SetString(Tags.Modality, Vr.CS, "CT")
            .SetString(Tags.PatientID, Vr.LO, Text("patient"))
            .SetString(Tags.StudyInstanceUID, Vr.UI, of.GetProperty("study").GetString()!)
            .SetString(Tags.SeriesInstanceUID, Vr.UI, of.GetProperty("uid").GetString()!)
            .SetString(Tags.FrameOfReferenceUID, Vr.UI, of.GetProperty("frame").GetString()!)
            .SetDecimal(Tags.ImagePositionPatient, Numbers(line, "position"))
            .SetDecimal(Tags.ImageOrientationPatient, Numbers(of, "orientation"))
            .SetDecimal(Tags.PixelSpacing, Numbers(of, "spacing"))
            .SetIntegerString(Tags.AcquisitionNumber, of.GetProperty("acquisition").GetInt32())
            .SetUInt16(Tags.Rows, (ushort)of.GetProperty("rows").GetInt32())
            .SetUInt16(Tags.Columns, (ushort)of.GetProperty("columns").GetInt32())
            .SetBytes(Tags.PixelData, Vr.OW, Convert.FromHexString(line.GetProperty("pixels").GetString()!));
    }

    /// <param name="At">Since the trace began.</param>
    /// <param name="On">The association.</param>
    /// <param name="Object">What was stored.</param>
    public sealed record Arrival(TimeSpan At, long On, Occasion Occasion, DataSet? Object);
}
