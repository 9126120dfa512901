using Xunit;

namespace Appliance.SystemTests;

/// <summary>Each destination of the native binary gets what it asks for, and nothing else.</summary>
public sealed class ResultsTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Every_kind_of_result_arrives_where_it_is_asked_for()
    {
        Place.Needs("storescp", "dcmsend", "dcmodify", "dciodvfy", "dcmpschk");
        string series = Series.Make(scratch["phantom"], 35, "--slices", "70", "--thickness", "3", "--rows", "192", "--spacing", "2.1");
        string localizer = Series.Make(scratch["other"], 36, "--slices", "70", "--thickness", "3", "--rows", "64", "--spacing", "6.4");
        Command.Check("dcmodify", ["-nb", "-m", "(0008,0008)=ORIGINAL\\PRIMARY\\LOCALIZER", .. Series.Files(localizer)]);
        string share = scratch.Make("share");
        using StoreScp modern = new(scratch["modern"], options: ["-pm"]);
        using StoreScp old = new(scratch["old"]);
        using StoreScp plain = new(scratch["plain"]);
        using RunningAppliance appliance = new(
            scratch["box"],
            RunningAppliance.Destination("modern", modern.Port, """send = ["labelmap", "sr", "gsps", "render", "notice-all"]""")
            + RunningAppliance.Destination("old", old.Port, """send = ["labelmap", "sr", "ct-organs:labelmap"]""")
            + RunningAppliance.Destination("plain", plain.Port, "send = [\"seg\", \"notice\"]\nkeep_empty_frames = true")
            + $"[[destination]]\nname = \"folder\"\nfolder = \"{share}/{{app}}/{{study}}\"\n");

        foreach (string folder in new[] { series, localizer })
        {
            Command.Check("dcmsend", "-aec", RunningAppliance.AeTitle, "127.0.0.1", appliance.Port.ToString(), "+sd", "+r", folder);
        }

        appliance.WaitUntilDelivered(2, Limit);

        Assert.Equal(
            new Dictionary<string, int>
            {
                ["1.2.840.10008.5.1.4.1.1.66.7"] = 1, ["1.2.840.10008.5.1.4.1.1.88.34"] = 1, ["1.2.840.10008.5.1.4.1.1.11.1"] = 1,
                ["1.2.840.10008.5.1.4.1.1.7"] = 13,
            },
            Classes(modern));
        Assert.Equal(new Dictionary<string, int> { ["1.2.840.10008.5.1.4.1.1.66.4"] = 1 }, Classes(old));
        Assert.Equal(new Dictionary<string, int> { ["1.2.840.10008.5.1.4.1.1.66.4"] = 1 }, Classes(plain));
        Assert.Equal("0", Frames(plain, "0028,0008", frames => frames % 70));
        foreach (string file in modern.Files.Concat(old.Files).Concat(plain.Files).Where(file => ClassOf(file) is not ("66.7" or "88.34")))
        {
            Assert.Empty(Series.DciodvfyErrors(file));
        }

        string exported = Assert.Single(Directory.GetDirectories(Path.Combine(share, "ct-organs")));
        Assert.Equal(
            [".mhd", ".mhd", ".raw", ".raw", ".tsv"], Directory.GetFiles(exported).Select(file => Path.GetExtension(file)).Order());
    }

    private static Dictionary<string, int> Classes(StoreScp receiver) => receiver.Files
        .GroupBy(file => $"1.2.840.10008.5.1.4.1.1.{ClassOf(file)}").ToDictionary(group => group.Key, group => group.Count());

    /// <summary>The end of the SOP class.</summary>
    private static string ClassOf(string file) =>
        Command.Check("dcmdump", "-Un", "+P", "0008,0016", file).Split('[')[1].Split(']')[0]["1.2.840.10008.5.1.4.1.1.".Length..];

    private static string Frames(StoreScp receiver, string tag, Func<int, int> of) =>
        $"{of(int.Parse(Command.Check("dcmdump", "+P", tag, receiver.Files.Single()).Split('[')[1].Split(']')[0]))}";
}
