using System.Security.Cryptography;
using Appliance.Core;
using Xunit;

namespace Appliance.Tests.Core;

/// <summary>Passwords as they are stored.</summary>
public sealed class PasswordHashTests
{
    [Fact]
    public void A_password_matches_its_hash_and_no_other_does()
    {
        string stored = PasswordHash.Make("correct horse battery");

        Assert.True(PasswordHash.IsOne(stored));
        Assert.True(PasswordHash.Matches(stored, "correct horse battery"));
        Assert.False(PasswordHash.Matches(stored, "Correct horse battery"));
        Assert.DoesNotContain("horse", stored, StringComparison.Ordinal);
        Assert.NotEqual(stored, PasswordHash.Make("correct horse battery"));
    }

    [Fact]
    public void It_is_PBKDF2_with_the_iterations_that_stand_in_it()
    {
        string[] parts = PasswordHash.Make("correct horse battery").Split(':');

        byte[] expected = Rfc2898DeriveBytes.Pbkdf2(
            "correct horse battery", Convert.FromBase64String(parts[2]), int.Parse(parts[1]), HashAlgorithmName.SHA256, 32);
        Assert.Equal(Convert.ToBase64String(expected), parts[3]);
        Assert.True(int.Parse(parts[1]) >= 600_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("pbkdf2-sha256:1000:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256:600000:AAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256:600000:AAAAAAAAAAAAAAAAAAAAAA==:AAAA")]
    [InlineData("pbkdf2-sha256:2000000000:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void What_is_weaker_or_no_hash_at_all_is_none(string text) => Assert.False(PasswordHash.IsOne(text));
}
