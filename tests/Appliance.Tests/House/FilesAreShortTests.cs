using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Appliance.Tests.House;

/// <summary>A file is read in one sitting, a method on one screen, a line without scrolling.</summary>
public sealed class FilesAreShortTests
{
    private const int FileLines = 400;
    private const int MethodLines = 60;
    private const int LineColumns = 140;

    [Fact]
    public void No_file_is_longer_than_400_lines() => Rule.Kept(SourceFile.All.SelectMany(LongFile));

    [Fact]
    public void No_line_is_wider_than_140_columns() => Rule.Kept(SourceFile.All.SelectMany(WideLines));

    [Fact]
    public void No_method_is_longer_than_60_lines() => Rule.Kept(SourceFile.All.SelectMany(LongMethods));

    [Fact]
    public void The_file_rule_can_fail()
    {
        Rule.Breaks(LongFile(SourceFile.Of(new string('\n', 400) + "x")), "401 lines");
        Assert.Empty(LongFile(SourceFile.Of(new string('\n', 399) + "x\n")));
    }

    [Fact]
    public void The_line_rule_can_fail()
    {
        Rule.Breaks(WideLines(SourceFile.Of("a\n//" + new string('x', 139))), "Snippet.cs:2");
        Assert.Empty(WideLines(SourceFile.Of("//" + new string('x', 138))));
    }

    [Fact]
    public void The_method_rule_can_fail()
    {
        Rule.Breaks(LongMethods(SourceFile.Of($"class A {{ void Long()\n{{{new string('\n', 60)}}}\n}}")), "Long");
        Rule.Breaks(LongMethods(SourceFile.Of($"class A {{ int Long\n{{\nget\n{{{new string('\n', 60)}return 1;}}\n}}\n}}")), "get");
        Assert.Empty(LongMethods(SourceFile.Of($"class A {{ void Short()\n{{{new string('\n', 58)}}}\n}}")));
    }

    [Fact]
    public void A_table_aligned_by_hand_is_no_method_whatever_its_length()
    {
        const string Disable = "#pragma warning disable format // a table\n";
        string table = $"class A {{\n{Disable}int[] Rows() =>\n[{new string('\n', 100)}];\n#pragma warning restore format\n}}";

        Assert.Empty(LongMethods(SourceFile.Of(table)));
        Assert.Single(LongMethods(SourceFile.Of(table.Replace(Disable, string.Empty, StringComparison.Ordinal))));
    }

    private static IEnumerable<string> LongFile(SourceFile file)
    {
        if (file.Lines.Count > FileLines)
        {
            yield return $"{file.Path}: {file.Lines.Count} lines; split it by what its parts are for";
        }
    }

    private static IEnumerable<string> WideLines(SourceFile file)
    {
        for (int i = 0; i < file.Lines.Count; i++)
        {
            if (file.Lines[i].Length > LineColumns)
            {
                yield return $"{file.Path}:{i + 1}: {file.Lines[i].Length} columns";
            }
        }
    }

    private static IEnumerable<string> LongMethods(SourceFile file)
    {
        foreach (SyntaxNode node in file.Root.DescendantNodes())
        {
            if (node is not (BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax) || InTable(node))
            {
                continue;
            }

            FileLinePositionSpan span = node.SyntaxTree.GetLineSpan(node.Span);
            int lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            if (lines > MethodLines)
            {
                yield return $"{file.At(node)}: {NameOf(node)} has {lines} lines; name its parts";
            }
        }
    }

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        LocalFunctionStatementSyntax local => local.Identifier.Text,
        AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
        _ => node.Kind().ToString(),
    };

    /// <summary>Between #pragma warning disable format and its restore, a single expression is read as a table.</summary>
    private static bool InTable(SyntaxNode node)
    {
        if (node is not BaseMethodDeclarationSyntax { ExpressionBody: not null })
        {
            return false;
        }

        SyntaxTrivia? last = node.SyntaxTree.GetRoot().DescendantTrivia()
            .Where(t => t.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia) && t.SpanStart < node.SpanStart
                && t.ToString().Contains("format", StringComparison.Ordinal))
            .Select(t => (SyntaxTrivia?)t)
            .LastOrDefault();
        return last?.ToString().Contains("disable", StringComparison.Ordinal) == true;
    }
}
