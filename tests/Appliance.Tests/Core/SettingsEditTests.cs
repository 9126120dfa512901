using Appliance.Core;
using Xunit;

namespace Appliance.Tests.Core;

public sealed class SettingsEditTests
{
    private const string File = """
        # By hand.
        data_dir = "/srv/data"   # here

        [listener]
        port = 104 # the registered one
        ae_title = "BOX"

        [[destination]]
        name = "pacs"
        ae_title = "PACS"
        host = "pacs.example.org"

        [[destination]]
        name = "backup"
        ae_title = "BACKUP"
        host = "10.0.0.2"
        """;

    [Theory]
    [InlineData("listener.port", "11112", "port = 11112 # the registered one")]
    [InlineData("listener.ae_title", "BOX2", "ae_title = \"BOX2\"")]
    [InlineData("listener.ae_title", "\"BOX 2\"", "ae_title = \"BOX 2\"")]
    [InlineData("listener.ae_title", "123", "ae_title = \"123\"")]
    [InlineData("destination.pacs.port", "11113", "port = 11113")]
    [InlineData("destination.backup.host", "10.0.0.3", "host = \"10.0.0.3\"")]
    [InlineData("disk.remove_above_percent", "90", "remove_above_percent = 90")]
    [InlineData("board_file", "/etc/appliance/board.json", "board_file = \"/etc/appliance/board.json\"")]
    [InlineData("destination.new.host", "10.0.0.9", "host = \"10.0.0.9\"")]
    public void A_key_is_set_in_its_place_and_everything_else_stays(string key, string value, string line)
    {
        string changed = SettingsEdit.Set(File, key, value).Value!;

        Assert.Equal(value.Trim('"'), SettingsEdit.Get(changed, key)!.Trim('"'));
        Assert.Contains(line, changed.Split('\n'));
        string[] gone = [.. File.Split('\n').Except(changed.Split('\n'))];
        Assert.InRange(gone.Length, 0, 1);
        Assert.True(key.StartsWith("destination.new", StringComparison.Ordinal) || Settings.Read(changed).Errors.Count == 0);
    }

    [Theory]
    [InlineData("listener.port", "99999", "out of range")]
    [InlineData("listener.prot", "1", "unknown")]
    [InlineData("nowhere.port", "1", "")]
    [InlineData("data_dir", "/tmp", "cannot be set here")]
    [InlineData("listener.port", "1\n[disk]", "")]
    [InlineData("listener", "1", "")]
    [InlineData("../x", "1", "cannot be set here")]
    public void What_is_no_setting_or_no_value_is_refused_with_the_reason(string key, string value, string reason)
    {
        Outcome<string> changed = SettingsEdit.Set(File, key, value);

        Assert.True(changed.Refused || Settings.Read(changed.Value).Errors.Count > 0);
        Assert.Contains(reason, changed.Refusal?.Text ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_taken_out_and_a_destination_with_all_its_keys()
    {
        Assert.Null(SettingsEdit.Get(SettingsEdit.Unset(File, "listener.port").Value!, "listener.port"));

        string without = SettingsEdit.Unset(File, "destination.pacs").Value!;
        Assert.Equal("backup", Assert.Single(Settings.Read(without).Settings!.Destinations).Name);
        string other = SettingsEdit.Unset(File, "destination.backup").Value!;
        Assert.Equal("pacs", Assert.Single(Settings.Read(other).Settings!.Destinations).Name);
        Assert.True(SettingsEdit.Unset(File, "destination.nobody").Refused);
    }

    [Fact]
    public void An_empty_file_takes_its_first_keys()
    {
        string one = SettingsEdit.Set("", "listener.port", "104").Value!;
        string two = SettingsEdit.Set(one, "board_file", "").Value!;

        Assert.Equal(104, Settings.Read(two).Settings!.Listener.Port);
    }

    [Fact]
    public void A_difference_shows_what_goes_and_what_comes_and_no_secret()
    {
        Assert.Equal(
            ["- port = 104 # the registered one", "+ port = 105 # the registered one"],
            SettingsEdit.Diff(File, SettingsEdit.Set(File, "listener.port", "105").Value!));
        Assert.Equal(["+ password_hash = \"(hidden)\""], SettingsEdit.Diff("a\nb", "a\npassword_hash = \"abc\"\nb"));
        Assert.Empty(SettingsEdit.Diff(File, File));
    }
}
