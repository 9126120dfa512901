using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>Where things are, and what a test needs to be there.</summary>
internal static class Place
{
    public static readonly string Root = FindRoot();

    public static readonly string Binaries = Path.Combine(Root, "out", "appliance");

    public static readonly string Shared = Path.GetFullPath(Path.Combine(Root, "..", "shared"));

    /// <summary>Pictures for people.</summary>
    public static string Pictures => Directory.CreateDirectory(Path.Combine(Root, "out", "test", "pictures")).FullName;

    public static bool IsRoot => Environment.IsPrivilegedProcess;

    public static string Daemon => Path.Combine(Binaries, "appliance");

    public static string Ctl => Path.Combine(Binaries, "appliancectl");

    public static string Phantom => Path.Combine(Binaries, "appliance-phantom");

    public static string Judge(string name) => Path.Combine(AppContext.BaseDirectory, "Judges", name);

    /// <summary>Skips the test, saying what is missing, unless the published binaries and these programs are here.</summary>
    public static void Needs(params string[] programs)
    {
        Assert.SkipUnless(File.Exists(Daemon), "the native binaries are not published: make publish");
        foreach (string program in programs)
        {
            Assert.SkipUnless(FindProgram(program) is not null, $"{program} is not installed: make setup");
        }
    }

    public static void NeedsShared(string path) =>
        Assert.SkipUnless(Path.Exists(Path.Combine(Shared, path)), $"../shared/{path} is not here: real data is not part of the project");

    /// <summary>A real DICOM file of ../shared/data that somebody has unpacked; skips the test where nobody has.</summary>
    public static string Unpacked(string name)
    {
        string path = Path.Combine("/tmp/dicomdata", name);
        Assert.SkipUnless(File.Exists(path), $"{path} is not here: bash ../shared/tools/data/unpack /tmp/dicomdata");
        return path;
    }

    public static string? FindProgram(string name) => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/usr/bin")
        .Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Appliance.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("Appliance.sln is in no folder above the tests");
    }
}
