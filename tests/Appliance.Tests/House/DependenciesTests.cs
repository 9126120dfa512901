using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Appliance.Tests.House;

/// <summary>Who may know whom. An arrow that is not here needs a page in docs/decisions/ first.</summary>
public sealed class DependenciesTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Appliance.Core"] = [],
        ["Appliance.Dicom"] = [],
        ["Appliance.Board"] = ["Appliance.Core"],
        ["Appliance.Imaging"] = ["Appliance.Core", "Appliance.Dicom"],
        ["Appliance.Ctl"] = ["Appliance.Core"],
        ["Appliance.Phantom"] = ["Appliance.Dicom", "Appliance.Imaging", "Appliance.Core"],
        ["Appliance"] = ["Appliance.Core", "Appliance.Dicom", "Appliance.Imaging", "Appliance.Board"],
    };

    private static readonly Dictionary<string, string[]> AllowedPackages = new(StringComparer.Ordinal)
    {
        ["Appliance.Core"] = ["Stateless", "Tomlyn"],
        ["Appliance.Dicom"] = [],
        ["Appliance.Board"] = ["Iot.Device.Bindings"],
        ["Appliance.Imaging"] =
            ["Microsoft.ML.OnnxRuntime.Gpu.Linux", "Microsoft.ML.OnnxRuntime", "SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies"],
        ["Appliance.Ctl"] = ["Spectre.Console", "System.CommandLine"],
        ["Appliance.Phantom"] = ["Spectre.Console", "System.CommandLine"],
        ["Appliance"] =
        [
            "HdrHistogram", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Hosting.Systemd",
            "OpenTelemetry.Exporter.OpenTelemetryProtocol", "System.Security.Cryptography.Pkcs",
        ],
    };

    // Run before the project is built, never loaded by it: ILGPU cannot live in a native binary.
    private static readonly (string Project, string Step)[] BuildSteps = [("Appliance.Imaging", "Appliance.Kernels.Ptx")];

    /// <summary>What a folder may not touch, and why.</summary>
    private static readonly (string Folder, string Except, string[] Usings, string[] Types, string Why)[] Seams =
    [
        ("src/Appliance.Dicom/", "src/Appliance.Dicom/Transport/", ["System.Net.Sockets"], ["Socket", "TcpClient", "TcpListener"],
            "the protocol is bytes in, bytes out; only Transport owns a socket"),
        ("src/Appliance.Core/", "", ["System.Net.Sockets"], ["File", "Directory", "FileStream", "Socket", "HttpClient", "Process"],
            "Core is vocabulary and decisions, without I/O"),
        (
            "src/Appliance.Imaging/",
            "",
            ["System.Net.Sockets", "System.Net.Http"],
            ["Socket", "HttpClient"],
            "imaging knows no network but the ONNX one"),
    ];

    [Fact]
    public void Every_project_reference_is_an_allowed_arrow() =>
        Rule.Kept(Projects().SelectMany(p => Arrows(p.Name, p.Xml, "ProjectReference", Allowed)));

    [Fact]
    public void Every_package_is_where_it_may_be_seen() =>
        Rule.Kept(Projects().SelectMany(p => Arrows(p.Name, p.Xml, "PackageReference", AllowedPackages)));

    [Fact]
    public void Sockets_and_files_are_only_where_they_belong() => Rule.Kept(SourceFile.Shipped.SelectMany(Seam));

    [Theory]
    [InlineData("ProjectReference", "../Appliance.Imaging/Appliance.Imaging.csproj")]
    [InlineData("PackageReference", "Newtonsoft.Json")]
    public void The_arrow_rule_can_fail(string kind, string include)
    {
        XDocument project = XDocument.Parse($"<Project><ItemGroup><{kind} Include=\"{include}\" /></ItemGroup></Project>");

        Rule.Breaks(Arrows("Appliance.Board", project, kind, kind == "ProjectReference" ? Allowed : AllowedPackages), "Appliance.Board");
    }

    [Fact]
    public void A_project_that_nobody_decided_on_is_refused()
    {
        Rule.Breaks(Arrows("Appliance.Extra", XDocument.Parse("<Project />"), "ProjectReference", Allowed), "docs/decisions");
    }

    [Theory]
    [InlineData("using System.Net.Sockets;", "src/Appliance.Dicom/Network/A.cs")]
    [InlineData("class A { object B = new Socket(); }", "src/Appliance.Dicom/Network/A.cs")]
    [InlineData("class A { string B = File.ReadAllText(\"a\"); }", "src/Appliance.Core/A.cs")]
    public void The_seam_rule_can_fail(string code, string path) => Rule.Breaks(Seam(SourceFile.Of(code, path)), path);

    [Fact]
    public void The_transport_may_have_sockets() =>
        Assert.Empty(Seam(SourceFile.Of("using System.Net.Sockets;", "src/Appliance.Dicom/Transport/A.cs")));

    private static IEnumerable<(string Name, XDocument Xml)> Projects() =>
        Checkout.Files("*.csproj")
            .Where(p => p.StartsWith("src/", StringComparison.Ordinal))
            .Select(p => (Path.GetFileNameWithoutExtension(p), XDocument.Load(Path.Combine(Checkout.Root, p))));

    private static IEnumerable<string> Arrows(string project, XDocument xml, string kind, Dictionary<string, string[]> allowed)
    {
        if (!allowed.TryGetValue(project, out string[]? may))
        {
            yield return $"{project}: a new project needs a page in docs/decisions/ and a row in DependenciesTests";
            yield break;
        }

        foreach (XElement reference in xml.Descendants(kind))
        {
            string include = (string?)reference.Attribute("Include") ?? string.Empty;
            string name = kind == "ProjectReference" ? Path.GetFileNameWithoutExtension(include) : include;
            bool step = (string?)reference.Attribute("ReferenceOutputAssembly") == "false" && BuildSteps.Contains((project, name));
            if (!step && !may.Contains(name))
            {
                yield return $"{project} may not know {name}";
            }
        }
    }

    private static IEnumerable<string> Seam(SourceFile file)
    {
        foreach ((string folder, string except, string[] usings, string[] types, string why) in Seams)
        {
            bool excepted = except.Length > 0 && file.Path.StartsWith(except, StringComparison.Ordinal);
            if (excepted || !file.Path.StartsWith(folder, StringComparison.Ordinal))
            {
                continue;
            }

            foreach (UsingDirectiveSyntax use in file.Nodes<UsingDirectiveSyntax>().Where(u => usings.Contains(u.Name?.ToString())))
            {
                yield return $"{file.At(use)}: {use.Name}; {why}";
            }

            foreach (IdentifierNameSyntax name in file.Nodes<IdentifierNameSyntax>().Where(n => types.Contains(n.Identifier.Text)
                && IsType(n)))
            {
                yield return $"{file.At(name)}: {name}; {why}";
            }
        }
    }

    /// <summary>File.ReadAllText, new Socket(), a declared type; not a property that happens to be called File.</summary>
    private static bool IsType(IdentifierNameSyntax name) => name.Parent switch
    {
        ObjectCreationExpressionSyntax => true,
        MemberAccessExpressionSyntax access => access.Expression == name && access.Parent is InvocationExpressionSyntax,
        VariableDeclarationSyntax declaration => declaration.Type == name,
        ParameterSyntax parameter => parameter.Type == name,
        _ => false,
    };
}
