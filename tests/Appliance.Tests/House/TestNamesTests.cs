using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Appliance.Tests.House;

/// <summary>The list of test names is the specification: each is a sentence.</summary>
public sealed class TestNamesTests
{
    [Fact]
    public void Every_test_name_is_a_sentence() => Rule.Kept(SourceFile.All.SelectMany(NoSentence));

    [Fact]
    public void No_test_mocks_what_is_ours() =>
        Rule.Kept(Checkout.Files("*.csproj").SelectMany(p => Mocks(p, File.ReadAllText(Path.Combine(Checkout.Root, p)))));

    [Fact]
    public void The_sentence_rule_can_fail()
    {
        Rule.Breaks(NoSentence(SourceFile.Of("class A { [Fact] public void TestParse() { } }")), "TestParse");
        Assert.Empty(NoSentence(SourceFile.Of("class A { [Fact] public void A_text_is_read() { } void Other() { } }")));
    }

    [Fact]
    public void The_mock_rule_can_fail() => Rule.Breaks(Mocks("a.csproj", "<PackageReference Include=\"Moq\" />"), "Moq");

    private static IEnumerable<string> NoSentence(SourceFile file) =>
        from method in file.Nodes<MethodDeclarationSyntax>()
        where method.AttributeLists.SelectMany(l => l.Attributes).Any(a => a.Name.ToString() is "Fact" or "Theory")
        where method.Identifier.Text.Count(c => c == '_') < 2
        select $"{file.At(method)}: {method.Identifier.Text}; say what holds, in words";

    private static IEnumerable<string> Mocks(string path, string project) =>
        new[] { "Moq", "NSubstitute", "FakeItEasy", "JustMock" }
            .Where(m => project.Contains($"\"{m}\"", StringComparison.Ordinal))
            .Select(m => $"{path}: {m}; use the real thing, or bytes in memory");
}
