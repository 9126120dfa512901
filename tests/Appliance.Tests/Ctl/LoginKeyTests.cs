using Appliance.Core;
using Appliance.Ctl;
using Xunit;

namespace Appliance.Tests.Ctl;

public sealed class LoginKeyTests
{
    // A key made by ssh-keygen, and what ssh-keygen -l prints of it.
    private const string Key = "AAAAC3NzaC1lZDI1NTE5AAAAIMtdMPSc+Q6nL2CWcynw++1aAj14g/H9FM80lJJLkyFT";
    private const string Printed = "SHA256:GynEK29oZD/bbyd7m+p2DU2lxIH1rj06uEigABadKeU";

    [Fact]
    public void A_key_is_named_as_ssh_keygen_names_it()
    {
        Assert.Equal(Printed, LoginKey.Of([$"publickey ssh-ed25519 {Key}"]));
        Assert.True(KeyFingerprint.Is(Printed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("password")]
    [InlineData("publickey ssh-ed25519")]
    [InlineData("publickey ssh-ed25519 ###")]
    public void Who_came_without_a_key_has_none(string line) => Assert.Null(LoginKey.Of([line]));

    [Theory]
    [InlineData("")]
    [InlineData("SHA256:")]
    [InlineData("MD5:8c8f0c0c7a2b9c6e5f4e3d2c1b0a99887766554433")]
    [InlineData("SHA256:0123456789012345678901234567890123456789 by")]
    [InlineData("SHA256:0123456789012345678901234567890123456789\n12")]
    public void Nothing_else_is_taken_for_the_name_of_a_key(string text)
    {
        Assert.False(KeyFingerprint.Is(text));
        byte[] request = CommandJson.Write(new CommandRequest(CommandVerb.LampTest) { Key = text });
        Assert.Null(CommandJson.ReadRequest(request));
    }

    [Fact]
    public void A_request_carries_it_and_one_without_is_as_before()
    {
        Assert.Equal(Printed, CommandJson.ReadRequest(CommandJson.Write(new CommandRequest(CommandVerb.LampTest) { Key = Printed }))?.Key);
        Assert.NotNull(CommandJson.ReadRequest("{\"verb\":\"LampTest\"}"u8));
    }
}
