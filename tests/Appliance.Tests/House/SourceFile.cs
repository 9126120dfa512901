using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Appliance.Tests.House;

/// <summary>A C# file of the checkout, parsed. Generated files (*.g.cs) are nobody's prose and are left out.</summary>
public sealed class SourceFile
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Everything = new(ReadAll);

    private readonly Lazy<SyntaxNode> root;

    private SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        Lines = text.TrimEnd('\n').Split('\n');
        root = new Lazy<SyntaxNode>(() => CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview)).GetRoot());
    }

    /// <summary>All of src, tests and kernels.</summary>
    public static IReadOnlyList<SourceFile> All => Everything.Value;

    /// <summary>What runs on the box.</summary>
    public static IEnumerable<SourceFile> Shipped => All.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal));

    /// <summary>From the top of the checkout, with /.</summary>
    public string Path { get; }

    public string Text { get; }

    public IReadOnlyList<string> Lines { get; }

    public SyntaxNode Root => root.Value;

    /// <summary>All nodes of a kind, in order.</summary>
    public IEnumerable<T> Nodes<T>()
        where T : SyntaxNode =>
        Root.DescendantNodes().OfType<T>();

    /// <summary>A file that exists only in a test of a rule.</summary>
    public static SourceFile Of(string text, string path = "src/Appliance.Core/Snippet.cs") => new(path, text);

    /// <summary>path:line of a node, for messages.</summary>
    public string At(SyntaxNode node) => At(node.SpanStart);

    public string At(int position) => $"{Path}:{Root.SyntaxTree.GetText().Lines.GetLinePosition(position).Line + 1}";

    private static List<SourceFile> ReadAll() =>
    [
        .. Checkout.Files("*.cs")
            .Where(path => !path.EndsWith(".g.cs", StringComparison.Ordinal))
            .Select(path => new SourceFile(path, File.ReadAllText(System.IO.Path.Combine(Checkout.Root, path)))),
    ];
}
