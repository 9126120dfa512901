using System.Globalization;
using System.Text;

namespace Appliance.Daemon;

/// <summary>
/// What one destination has of one study: a line for each object it accepted. The file's presence says the study is owed to it.
/// </summary>
/// <remarks>
/// Lines are appended after the destination answered and are not synced: losing one costs a second sending, never an object. A line
/// without its end, from a power cut, counts as absent.
/// </remarks>
public static class DeliveryLog
{
    /// <summary>Stands where a status does: the other form of this result was delivered, so that it is not owed any more.</summary>
    public const ushort Spared = 0xFFFF;

    /// <summary>Stands where a status does: the destination does not take label maps, and is owed BINARY instead.</summary>
    public const ushort LabelMapRefused = 0xFFFE;

    private const string Prefix = "sent-";
    private const string Suffix = ".log";

    public static void Create(string studyFolder, string destination)
    {
        using FileStream file = new(PathOf(studyFolder, destination), FileMode.Append);
    }

    /// <summary>The destination is owed the whole study, whatever it has.</summary>
    public static void Clear(string studyFolder, string destination)
    {
        using FileStream file = new(PathOf(studyFolder, destination), FileMode.Create);
    }

    public static bool Exists(string studyFolder, string destination) => File.Exists(PathOf(studyFolder, destination));

    /// <summary>
    /// The objects (paths below the study's folder) that the destination is no more owed, with its last answer or one of the two above.
    /// </summary>
    public static Dictionary<string, ushort> Read(string studyFolder, string destination)
    {
        Dictionary<string, ushort> delivered = [];
        string text = File.ReadAllText(PathOf(studyFolder, destination));
        foreach (string line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            if (words.Length > 1 && ushort.TryParse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ushort status))
            {
                delivered[words[0]] = status;
            }
        }

        return delivered;
    }

    /// <summary>Notes that the destination answered success or a warning (PS3.4 table B.2-1) for the object.</summary>
    public static void Append(string studyFolder, string destination, string relative, ushort status, DateTimeOffset when)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{relative} {status:X4} {when.UtcDateTime:O}\n");
        using FileStream file = new(PathOf(studyFolder, destination), FileMode.Append);
        if (file.Length > 0 && !EndsWithNewLine(file.Name))
        {
            line = "\n" + line;
        }

        file.Write(Encoding.UTF8.GetBytes(line));
    }

    private static bool EndsWithNewLine(string path)
    {
        using FileStream file = File.OpenRead(path);
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }

    private static string PathOf(string studyFolder, string destination) => Path.Combine(studyFolder, Prefix + destination + Suffix);
}
