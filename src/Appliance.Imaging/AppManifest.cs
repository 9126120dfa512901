using System.Text.Json;
using System.Text.Json.Serialization;

namespace Appliance.Imaging;

/// <summary>manifest.json of an app: what it takes, its models, grid, channels and classes.</summary>
/// <remarks>Every property is required: a manifest that lacks one is refused by its name. README.md of the app explains them.</remarks>
public sealed record AppManifest
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    public required string Notice { get; init; }

    public required TakesRule Takes { get; init; }

    public required JudgeRule Judge { get; init; }

    public required Display Display { get; init; }

    public required ModelFiles Models { get; init; }

    /// <summary>A cheaper network with the same input and output, for when time is short; null where the app has none.</summary>
    public FastVariant? Fast { get; init; }

    /// <summary>From complete to documents accepted; null: the box's own.</summary>
    public double? BudgetS { get; init; }

    public required HashedFile Golden { get; init; }

    public required TensorShape Input { get; init; }

    public required TensorShape Output { get; init; }

    public required NetworkGrid Grid { get; init; }

    public required IReadOnlyList<Channel> Channels { get; init; }

    public required IReadOnlyList<OrganClass> Classes { get; init; }

    public required PostProcess PostProcess { get; init; }
}

/// <summary>Both forms of one network: fp32 for the GPU, u8 for the CPU.</summary>
public sealed record ModelFiles
{
    public required HashedFile Fp32 { get; init; }

    public required HashedFile U8 { get; init; }
}

/// <summary>The network that is used below the first rung of the budget's ladder.</summary>
public sealed record FastVariant
{
    public required HashedFile Fp32 { get; init; }

    public required HashedFile U8 { get; init; }

    /// <summary>Mean Dice of what it gives against what the full network gives: what the shorter time costs.</summary>
    public required double DiceToFull { get; init; }
}

/// <summary>A file of the app and what its bytes must hash to.</summary>
public sealed record HashedFile
{
    public required string File { get; init; }

    public required string Sha256 { get; init; }
}

/// <summary>Name, element type and shape of a tensor.</summary>
public sealed record TensorShape
{
    public required string Name { get; init; }

    public required string Type { get; init; }

    public required IReadOnlyList<int> Shape { get; init; }
}

/// <summary>The grid that the network sees: spacing in mm [z,y,x], window [y,x] in pixels, and how to get there.</summary>
public sealed record NetworkGrid
{
    public required IReadOnlyList<double> SpacingMm { get; init; }

    public required IReadOnlyList<int> Size { get; init; }

    public required AntiAliasing AntiAliasing { get; init; }

    public required FitRule Fit { get; init; }
}

/// <summary>Blur before resampling; the sigma rule itself is fixed, see <see cref="Prepare"/>.</summary>
public sealed record AntiAliasing
{
    public required string Kind { get; init; }

    public required string SigmaInSourceVoxels { get; init; }

    public required double Truncate { get; init; }

    public required string Border { get; init; }
}

/// <summary>Where the window lies: on the body, which is what is denser than a threshold in HU.</summary>
public sealed record FitRule
{
    public required float BodyAboveHu { get; init; }

    public required float PaddingHu { get; init; }

    /// <summary>
    /// Pixels by which the window may lie beside its place without the network caring. Absent: none. Only a network that was trained
    /// with shifted windows may say otherwise: ct-organs loses up to 0.035 Dice of a spleen by one pixel (docs/decisions/0020).
    /// </summary>
    public int ToleratedPixels { get; init; }
}

/// <summary>One input channel: a neighbour slice in one window of Hounsfield units.</summary>
public sealed record Channel
{
    private HuScale? hu;

    public required int SliceOffset { get; init; }

    public required string Scale { get; init; }

    /// <summary><see cref="Scale"/> as numbers; the manifest was checked when the app was loaded.</summary>
    internal HuScale Hu => hu ??= HuScale.Parse(Scale)!;
}

/// <summary>A code of a coding scheme (PS3.3 8.1).</summary>
public sealed record ManifestCode
{
    public required string Scheme { get; init; }

    public required string Value { get; init; }

    public required string Meaning { get; init; }
}

/// <summary>One class of the network's output. Value 0 is background and has no codes.</summary>
public sealed record OrganClass
{
    public required int Value { get; init; }

    public required string Name { get; init; }

    public ManifestCode? Category { get; init; }

    public ManifestCode? Type { get; init; }

    public ManifestCode? TypeModifier { get; init; }

    /// <summary>For a finding: the organ that it lies in.</summary>
    public ManifestCode? AnatomicRegion { get; init; }

    public IReadOnlyList<byte> Rgb { get; init; } = [];

    /// <summary>(0062,000D), PS3.3 C.10.7.1.1.</summary>
    public IReadOnlyList<int> RecommendedDisplayCIELab { get; init; } = [];

    /// <summary>False where the network never learned the class: it is not offered to anyone.</summary>
    public bool Learned { get; init; }

    /// <summary>What a reader sees: "Right kidney", "Liver".</summary>
    public string DisplayName => Type is null
        ? Name
        : TypeModifier is null ? Type.Meaning : $"{TypeModifier.Meaning} {Type.Meaning.ToLowerInvariant()}";
}

/// <summary>What is done to labels after the network.</summary>
public sealed record PostProcess
{
    public required LargestPiece LargestPiece { get; init; }

    public required IReadOnlyList<string> Suppress { get; init; }
}

/// <summary>Classes of which only the largest connected piece is kept.</summary>
public sealed record LargestPiece
{
    public required IReadOnlyList<string> Classes { get; init; }

    public required int Connectivity { get; init; }
}

/// <summary>What is plausible; what is not becomes a remark beside the result, never a silent correction.</summary>
public sealed record JudgeRule
{
    public required IReadOnlyDictionary<string, double> MaximumMl { get; init; }

    /// <summary>Two classes, the first of which lies further to the patient's right.</summary>
    public required IReadOnlyList<string> PatientRightToLeft { get; init; }
}

/// <summary>The window of annotated images, HU (PS3.3 C.11.2.1.2).</summary>
public sealed record Display
{
    public required double WindowCenter { get; init; }

    public required double WindowWidth { get; init; }
}

/// <summary>golden/golden.json: type, shape and hash of each array.</summary>
public sealed record GoldenIndex
{
    public required IReadOnlyDictionary<string, GoldenArray> Arrays { get; init; }
}

/// <summary>One golden array.</summary>
public sealed record GoldenArray
{
    public required string Dtype { get; init; }

    public required IReadOnlyList<int> Shape { get; init; }

    public required string Sha256 { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(AppManifest))]
[JsonSerializable(typeof(GoldenIndex))]
internal sealed partial class AppManifestJson : JsonSerializerContext;
