using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Appliance.Core;
using Appliance.Daemon;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>dcmtk's storescp as a destination. Bit-preserving, so that what it keeps is what it was sent.</summary>
internal sealed class Receiver : IDisposable
{
    private readonly Process process;

    /// <param name="options">"+xa" takes every transfer syntax, "+xi" implicit little endian alone.</param>
    public Receiver(string folder, int port, params string[] options)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/storescp"), "storescp is not installed (Debian: dcmtk)");
        Folder = Directory.CreateDirectory(folder).FullName;
        string[] arguments = [.. options, "-v", "+B", "-od", Folder, "-aet", "PACS", $"{port}"];
        process = Process.Start(new ProcessStartInfo("/usr/bin/storescp", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TCP_NODELAY"] = "1" },
        })!;

        // Drained, so that it never waits for us; what it says is of no interest.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Folder { get; }

    /// <summary>The data sets it keeps, by SOP Instance UID, as bytes.</summary>
    public Dictionary<string, byte[]> DataSets =>
        Directory.GetFiles(Folder).Select(Read).ToDictionary(pair => pair.Uid, pair => pair.Bytes);

    /// <summary>A port that nobody had a moment ago.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Returns when somebody listens there.</summary>
    public static void WaitFor(int port)
    {
        using ManualResetEventSlim never = new();
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using TcpClient client = new("127.0.0.1", port);
                return;
            }
            catch (SocketException) when (waited.Elapsed < TimeSpan.FromSeconds(60))
            {
                // It is still starting.
                never.Wait(TimeSpan.FromMilliseconds(20));
            }
        }
    }

    public static DestinationSettings At(int port, string name = "pacs") => new()
    {
        Name = name,
        AeTitle = "PACS",
        Host = "127.0.0.1",
        Port = port,
        CallingAe = "APPLIANCE",
        RetryFirst = TimeSpan.FromMilliseconds(100),
        RetryLongest = TimeSpan.FromMilliseconds(500),
    };

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static (string Uid, byte[] Bytes) Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        MetaOfFile meta = MetaOfFile.Read(file);
        return (meta.SopInstanceUid, File.ReadAllBytes(path)[meta.DataSetOffset..]);
    }
}
