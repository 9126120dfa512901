using Appliance.Core;
using Appliance.Ctl;
using Xunit;

namespace Appliance.Tests.Ctl;

public sealed class ForcedTests
{
    [Theory]
    [InlineData("status")]
    [InlineData("  status   --json ")]
    [InlineData("studies show ab12")]
    [InlineData("log --last 10")]
    [InlineData("config get listener.port")]
    [InlineData("config diff")]
    [InlineData("--help")]
    public void A_viewer_may_look(string command) =>
        Assert.Equal(command.Split(' ', StringSplitOptions.RemoveEmptyEntries), Forced.Words(command, "viewer").Value!);

    [Theory]
    [InlineData("studies resend ab12")]
    [InlineData("studies")]
    [InlineData("dest pause pacs")]
    [InlineData("lamp test")]
    [InlineData("alarms ack all")]
    [InlineData("phantom")]
    [InlineData("studies show ab12 --phi")]
    [InlineData("config set board_file /etc/appliance/board.json")]
    [InlineData("config commit-confirm 5")]
    [InlineData("config confirm")]
    [InlineData("config rollback")]
    [InlineData("bundle")]
    [InlineData("reboot --now")]
    public void Who_may_change_something_has_the_role_service_and_nobody_else(string command)
    {
        foreach (string? role in new[] { "viewer", null, "", "Service", "root" })
        {
            Assert.True(Forced.Words(command, role).Refused);
        }

        Assert.False(Forced.Words(command, "service").Refused);
    }

    [Theory]
    [InlineData("status; id")]
    [InlineData("status && id")]
    [InlineData("status | cat")]
    [InlineData("status > /tmp/x")]
    [InlineData("status $(id)")]
    [InlineData("status `id`")]
    [InlineData("status\nid")]
    [InlineData("status\0id")]
    [InlineData("\e[2Jstatus")]
    [InlineData("status 'a'")]
    [InlineData("status \"a\"")]
    [InlineData("@/etc/passwd")]
    [InlineData("[suggest] st")]
    [InlineData("status --socket tmp")]
    [InlineData("status --socket=tmp")]
    [InlineData("status --socket:/tmp/x")]
    [InlineData("bundle --out /tmp/x")]
    [InlineData("--forced")]
    [InlineData("/bin/sh")]
    [InlineData("sh")]
    [InlineData("scp -t .")]
    [InlineData("internal-sftp")]
    [InlineData("/usr/lib/openssh/sftp-server")]
    [InlineData("stätus")]
    public void Nothing_reaches_a_shell_a_file_or_another_socket(string command)
    {
        Outcome<string[]> words = Forced.Words(command, "service");

        Assert.True(words.Refused);
        Assert.DoesNotContain("id", words.Refusal.Text.Split(' '));
        Assert.DoesNotContain(words.Refusal.Text, char.IsControl);
    }

    [Fact]
    public void A_line_longer_than_any_command_is_refused()
    {
        Assert.True(Forced.Words("status " + new string('a', 1 << 20), "service").Refused);
    }

    [Fact]
    public void A_login_without_a_command_shows_the_status()
    {
        Assert.Equal(["status"], Forced.Words(null, null).Value!);
        Assert.Equal(["status"], Forced.Words(" ", null).Value!);
    }
}
