using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Appliance.Tests.House;

/// <summary>Comments say why. They are no store for old code, and no list of work.</summary>
public sealed partial class CommentsTests
{
    // Written in two halves: this file keeps its own rule.
    private static readonly string[] WorkMarks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK"];

    [Fact]
    public void No_comment_is_a_note_of_work_left() => Rule.Kept(SourceFile.All.SelectMany(Marks));

    [Fact]
    public void No_code_is_commented_out() => Rule.Kept(SourceFile.All.SelectMany(OldCode));

    [Fact]
    public void No_region_hides_anything() => Rule.Kept(SourceFile.All.SelectMany(Regions));

    [Fact]
    public void The_mark_rule_can_fail() => Rule.Breaks(Marks(SourceFile.Of("// " + WorkMarks[0] + " later\n")), "Snippet.cs:1");

    [Theory]
    [InlineData("// var x = 1;")]
    [InlineData("// return Parse(text, out _);")]
    [InlineData("// if (x == null) {")]
    [InlineData("// }")]
    [InlineData("/* foo.Bar(); */")]
    public void The_old_code_rule_can_fail(string comment) => Rule.Breaks(OldCode(SourceFile.Of(comment + "\n")), "Snippet.cs:1");

    [Theory]
    [InlineData("// 600 ms: the slowest scanner delivers the last slice 410 ms after the first;")]
    [InlineData("// :: 1. Assemble   slices (all of them) → one volume")]
    [InlineData("// A receiver that returns at once; another one waits.")]
    public void A_sentence_is_no_code(string comment) => Assert.Empty(OldCode(SourceFile.Of(comment + "\n")));

    [Fact]
    public void The_region_rule_can_fail() => Rule.Breaks(Regions(SourceFile.Of("class A {\n#region x\n#endregion\n}")), "Snippet.cs:2");

    private static IEnumerable<string> Marks(SourceFile file) =>
        Comments(file).Where(c => WorkMarks.Any(m => c.ToString().Contains(m, StringComparison.Ordinal)))
            .Select(c => $"{file.At(c.SpanStart)}: do it, or file an issue");

    private static IEnumerable<string> OldCode(SourceFile file) =>
        Comments(file)
            .Where(c => !c.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia))
            .SelectMany(c => c.ToString().Split('\n').Select(line => (c.SpanStart, Line: line.Trim('/', '*', ' '))))
            .Where(c => Statement().IsMatch(c.Line))
            .Select(c => $"{file.At(c.SpanStart)}: {c.Line}; git keeps old code");

    private static IEnumerable<string> Regions(SourceFile file) =>
        file.Root.DescendantTrivia().Where(t => t.IsKind(SyntaxKind.RegionDirectiveTrivia))
            .Select(t => $"{file.At(t.SpanStart)}: make it a type or a method");

    private static IEnumerable<SyntaxTrivia> Comments(SourceFile file) =>
        file.Root.DescendantTrivia(descendIntoTrivia: false).Where(t =>
            t.IsKind(SyntaxKind.SingleLineCommentTrivia)
            || t.IsKind(SyntaxKind.MultiLineCommentTrivia)
            || t.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia));

    /// <summary>A whole statement: an assignment, a call, a keyword's form, or a lone brace. A sentence that ends in ; is none.</summary>
    [GeneratedRegex(
        @"^([{}]"
        + @"|(var|int|string|return|throw|using|public|private|await|await using)\b.*[=(].*;"
        + @"|[\w.]+(\[[^\]]*\])?\s*[+-]?=\s*\S.*;|[\w.]+\(.*\);"
        + @"|(if|for|foreach|while|switch)\s*\(.*\)\s*\{?)$")]
    private static partial Regex Statement();
}
