using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Appliance.Tests.House;

/// <summary>
/// Types of src/: sealed, made with new, named by the standard's nouns, an interface only where two of ours implement
/// it.
/// </summary>
public sealed class TypesTests
{
    private static readonly string[] EmptyWords =
        ["Manager", "Helper", "Helpers", "Handler", "Engine", "Util", "Utils", "Utility", "Info", "Service", "Base"];

    [Fact]
    public void Every_interface_has_two_implementations_that_are_shipped() => Rule.Kept(LonelyInterfaces([.. SourceFile.Shipped]));

    [Fact]
    public void Every_class_is_sealed_static_or_abstract() => Rule.Kept(SourceFile.Shipped.SelectMany(f => Open(f, SourceFile.Shipped)));

    [Fact]
    public void No_type_has_a_name_that_says_nothing() => Rule.Kept(SourceFile.Shipped.SelectMany(EmptyNames));

    [Fact]
    public void Namespaces_are_folders() => Rule.Kept(SourceFile.All.SelectMany(WrongNamespace));

    [Fact]
    public void The_interface_rule_can_fail()
    {
        const string One = "interface ILamp { } class A : ILamp { }";

        Rule.Breaks(LonelyInterfaces([SourceFile.Of(One)]), "ILamp");
        Assert.Empty(LonelyInterfaces([SourceFile.Of(One), SourceFile.Of("sealed record B : ILamp;")]));
    }

    [Fact]
    public void The_sealed_rule_can_fail()
    {
        SourceFile open = SourceFile.Of("public class A { }");

        Rule.Breaks(Open(open, [open]), "A");
        Assert.Empty(Open(open, [open, SourceFile.Of("sealed class B : A { }")]));
        Assert.Empty(Open(SourceFile.Of("sealed class A { } static class B { } abstract class C { } record struct D;"), []));
    }

    [Fact]
    public void The_name_rule_can_fail()
    {
        Rule.Breaks(EmptyNames(SourceFile.Of("sealed class StudyManager { }")), "StudyManager");
        Assert.Empty(EmptyNames(SourceFile.Of("sealed class Baseline { }")));
    }

    [Fact]
    public void The_namespace_rule_can_fail()
    {
        Rule.Breaks(WrongNamespace(SourceFile.Of("namespace Appliance.Dicom;", "src/Appliance.Dicom/Data/A.cs")), "Appliance.Dicom.Data");
        Assert.Empty(WrongNamespace(SourceFile.Of("namespace Appliance.Daemon;", "src/Appliance/A.cs")));
        Assert.Empty(WrongNamespace(SourceFile.Of("return 0;", "src/Appliance/Program.cs")));
    }

    private static IEnumerable<string> LonelyInterfaces(IReadOnlyList<SourceFile> files)
    {
        ILookup<string, string> implementers = files
            .SelectMany(f => f.Nodes<TypeDeclarationSyntax>())
            .Where(t => t is not InterfaceDeclarationSyntax)
            .SelectMany(t => Bases(t).Select(b => (Interface: b, t.Identifier.Text)))
            .ToLookup(p => p.Interface, p => p.Text, StringComparer.Ordinal);
        return
        from file in files
        from declared in file.Nodes<InterfaceDeclarationSyntax>()
        where implementers[declared.Identifier.Text].Distinct().Count() < 2
        select $"{file.At(declared)}: {declared.Identifier.Text} has fewer than two implementations; use the type itself";
    }

    private static IEnumerable<string> Open(SourceFile file, IEnumerable<SourceFile> all)
    {
        foreach (TypeDeclarationSyntax type in file.Nodes<TypeDeclarationSyntax>())
        {
            bool reference = type is ClassDeclarationSyntax || type.IsKind(SyntaxKind.RecordDeclaration);
            if (reference && !IsClosed(type)
                && !all.SelectMany(f => f.Nodes<TypeDeclarationSyntax>()).SelectMany(Bases).Contains(type.Identifier.Text))
            {
                yield return $"{file.At(type)}: {type.Identifier.Text}; seal it";
            }
        }
    }

    /// <summary>A partial type says it in its other half, perhaps a generated one.</summary>
    private static bool IsClosed(TypeDeclarationSyntax type) =>
        type.Modifiers.Any(m => m.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.StaticKeyword or SyntaxKind.AbstractKeyword
            or SyntaxKind.PartialKeyword);

    private static IEnumerable<string> EmptyNames(SourceFile file) =>
        file.Nodes<BaseTypeDeclarationSyntax>()
            .Where(t => EmptyWords.Any(w => t.Identifier.Text.EndsWith(w, StringComparison.Ordinal)))
            .Select(t => $"{file.At(t)}: {t.Identifier.Text}; say what it is");

    private static IEnumerable<string> WrongNamespace(SourceFile file)
    {
        if (file.Path.StartsWith("kernels/", StringComparison.Ordinal))
        {
            // One namespace: these sources are compiled twice, for the GPU and into Appliance.Imaging.
            yield break;
        }

        BaseNamespaceDeclarationSyntax? declared = file.Nodes<BaseNamespaceDeclarationSyntax>().FirstOrDefault();
        string[] folders = Path.GetDirectoryName(file.Path)!.Split('/')[1..];
        string expected = string.Join('.', folders[0] == "Appliance" ? ["Appliance.Daemon", .. folders[1..]] : folders);
        if (declared is not null && declared.Name.ToString() != expected)
        {
            yield return $"{file.At(declared)}: {declared.Name}; the folder says {expected}";
        }
    }

    private static IEnumerable<string> Bases(TypeDeclarationSyntax type) =>
        type.BaseList?.Types.Select(b => b.Type switch
        {
            GenericNameSyntax generic => generic.Identifier.Text,
            QualifiedNameSyntax qualified => qualified.Right.Identifier.Text,
            _ => b.Type.ToString(),
        }) ?? [];
}
