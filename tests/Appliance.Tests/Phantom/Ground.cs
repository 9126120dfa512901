using Appliance.Tests.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Phantom;

/// <summary>Where the phantom's tests stand: the checkout, the shared references, folders that vanish.</summary>
internal static class Ground
{
    private const string Python = "/usr/bin/python3";

    public static string InCheckout(string path) => Path.Combine(Corpus.Checkout, path);

    /// <summary>A file or folder of ../shared; the test is skipped where it is absent.</summary>
    public static string InShared(string path)
    {
        string full = Path.GetFullPath(Path.Combine(Corpus.Checkout, "..", "shared", path));
        Assert.SkipUnless(Path.Exists(full), $"../shared/{path} is not here");
        return full;
    }

    /// <summary>Runs a script of this folder under Debian's Python; skips where that or one of its modules is absent.</summary>
    public static string RunPython(string script, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Python), "needs Debian's python3");
        (int status, string output, string error) = Corpus.Run(
            Python, [InCheckout($"tests/Appliance.Tests/Phantom/{script}"), .. arguments]);
        Assert.SkipWhen(error.Contains("No module named", StringComparison.Ordinal), error);
        Assert.True(status == 0, error);
        return output;
    }
}

/// <summary>A folder that vanishes with the test.</summary>
internal sealed class PassingFolder : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("phantom-").FullName;

    public string File(string name) => Path.Combine(FullName, name);

    public void Dispose() => Directory.Delete(FullName, true);
}
