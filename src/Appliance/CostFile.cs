using Appliance.Core;

namespace Appliance.Daemon;

/// <summary>What pieces of work cost on this box, kept over restarts; without the file the app's golden slice is believed.</summary>
public sealed class CostFile
{
    public const string Name = "costs.tsv";

    private readonly string path;

    public CostFile(string path)
    {
        this.path = path;
        Costs = new StageCosts(File.Exists(path) ? File.ReadAllText(path) : "");
    }

    public StageCosts Costs { get; }

    /// <summary>Not synced: after a power cut an older file, or none, teaches nearly as much.</summary>
    public void Save()
    {
        string next = path + ".new";
        File.WriteAllText(next, Costs.ToString());
        File.Move(next, path, overwrite: true);
    }
}
