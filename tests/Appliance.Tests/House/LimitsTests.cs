using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Appliance.Tests.House;

/// <summary>A bound that nobody asks is a promise that nobody keeps; one without a reason cannot be changed by the next reader.</summary>
public sealed class LimitsTests
{
    // Units, last in the name; a plural says what is counted. Errors, shares and ratios have no unit.
    private static readonly string[] Units = ["Ms", "S", "Mib", "Count", "Percent", "Mm", "Ml", "Hz", "Min", "Error", "Share", "Ratio"];

    [Fact]
    public void Every_limit_is_used() => Rule.Kept(Unused([.. SourceFile.Shipped]));

    [Fact]
    public void Every_limit_has_a_reason_and_its_unit_last() => Rule.Kept(SourceFile.Shipped.SelectMany(Unreasoned));

    [Fact]
    public void The_use_rule_can_fail()
    {
        SourceFile limits = SourceFile.Of(
            "static class Limits { public const int AMs = 1; public const int BMs = AMs; }",
            "src/Appliance.Core/Limits.cs");

        Rule.Breaks(Unused([limits]), "BMs");
        Assert.Empty(Unused([limits, SourceFile.Of("class C { int D = Limits.BMs; }")]));
    }

    [Fact]
    public void The_reason_rule_can_fail()
    {
        Rule.Breaks(Unreasoned(SourceFile.Of("static class Limits {\npublic const int WaitMs = 1; }", "src/A/Limits.cs")), "reason");
        Rule.Breaks(
            Unreasoned(SourceFile.Of(
                "static class Limits {\n/// <summary>Why.</summary>\npublic const int Wait = 1; }", "src/A/Limits.cs")),
            "unit");
        Assert.Empty(Unreasoned(SourceFile.Of(
            "static class Limits {\n/// <summary>Why.</summary>\npublic const int WaitMs = 1; }", "src/A/Limits.cs")));
        Assert.Empty(Unreasoned(SourceFile.Of("static class Limits {\n// Why.\npublic const int WaitMs = 1; }", "src/A/Limits.cs")));
    }

    private static IEnumerable<string> Unused(IReadOnlyList<SourceFile> files)
    {
        HashSet<string> used = [.. files.SelectMany(f => f.Nodes<IdentifierNameSyntax>()).Select(n => n.Identifier.Text)];
        return
        from file in files.Where(IsLimits)
        from name in Members(file).Select(m => m.Name)
        where !used.Contains(name)
        select $"{file.Path}: {name} is used nowhere; take it away, or keep the promise";
    }

    private static IEnumerable<string> Unreasoned(SourceFile file)
    {
        if (!IsLimits(file))
        {
            yield break;
        }

        foreach ((string name, MemberDeclarationSyntax member) in Members(file))
        {
            if (!member.GetLeadingTrivia().ToFullString().Contains("//", StringComparison.Ordinal))
            {
                yield return $"{file.At(member)}: {name} has no reason beside it";
            }

            if (!name.EndsWith('s') && !Units.Any(u => name.EndsWith(u, StringComparison.Ordinal)))
            {
                yield return $"{file.At(member)}: {name} has no unit at its end";
            }
        }
    }

    private static bool IsLimits(SourceFile file) => Path.GetFileName(file.Path) == "Limits.cs";

    private static IEnumerable<(string Name, MemberDeclarationSyntax Member)> Members(SourceFile file)
    {
        foreach (MemberDeclarationSyntax member in file.Nodes<MemberDeclarationSyntax>())
        {
            if (member is FieldDeclarationSyntax field)
            {
                foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables)
                {
                    yield return (variable.Identifier.Text, field);
                }
            }
            else if (member is PropertyDeclarationSyntax property)
            {
                yield return (property.Identifier.Text, property);
            }
        }
    }
}
