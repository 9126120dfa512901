using System.Diagnostics;
using System.Net.Sockets;

namespace Appliance.SystemTests;

/// <summary>dcmtk's storescp as a destination: keeps every object as it came (bit-preserving).</summary>
internal sealed class StoreScp : IDisposable
{
    private Process? process;

    public StoreScp(string folder, int? port = null, params string[] options)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        Port = port ?? Place.FreePort();
        process = Command.Start("storescp", [.. options, "-od", Folder, "+B", "-aet", "PACS", Port.ToString()]);
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        Wait.Until(() => Listens(Port), "storescp listens", TimeSpan.FromSeconds(10));
    }

    public string Folder { get; }

    public int Port { get; }

    public string[] Files => Directory.GetFiles(Folder);

    public static bool Listens(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect("127.0.0.1", port);

            // A free port that the kernel gives to the caller itself is connected with itself.
            return !Equals(socket.LocalEndPoint, socket.RemoteEndPoint);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        process?.Kill(entireProcessTree: true);
        process?.WaitForExit();
        process?.Dispose();
        process = null;
    }
}
