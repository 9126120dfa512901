using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Appliance.Dicom.Data;
using Appliance.Dicom.Dimse;
using Appliance.Dicom.Network;
using Appliance.Dicom.Transport;
using Appliance.Tests.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Dicom.Transport;

/// <summary>Stock dcmtk as the peer on either side.</summary>
public sealed class DcmtkTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("appliance-dcmtk-").FullName;

    public DcmtkTests() => Assert.SkipUnless(File.Exists("/usr/bin/storescu"), "dcmtk is not installed (apt-get install dcmtk)");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Echoscu_gets_its_echo()
    {
        await using TestServer server = new();

        Assert.Equal(0, Run("echoscu", "-aec", "APPLIANCE", "--repeat", "5", "127.0.0.1", Port(server)).ExitCode);
        Assert.Equal(EndReason.Released, (await server.NextEndAsync()).End.Reason);
    }

    [Fact]
    public async Task Echoscu_with_a_wrong_title_is_told_so()
    {
        await using TestServer server = new();

        (int exitCode, string output) = Run("echoscu", "-aec", "OTHER", "127.0.0.1", Port(server));

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Called AE Title Not Recognized", output);
    }

    [Fact]
    public async Task Echoscu_is_told_of_a_local_limit()
    {
        await using TestServer server = new(provider: plain => plain with { Accept = (_, _) => AssociateReject.LocalLimit });

        Assert.Contains("Local Limit Exceeded", Run("echoscu", "-aec", "APPLIANCE", "127.0.0.1", Port(server)).Output);
    }

    [Fact]
    public async Task Findscu_is_told_that_the_operation_is_unknown()
    {
        AcceptorPolicy everything = new() { TakesSopClass = _ => true };
        await using TestServer server = new(settings: plain => plain with { Policy = everything });

        (_, string output) = Run("findscu", "-d", "-S", "-k", "QueryRetrieveLevel=STUDY", "127.0.0.1", Port(server));

        Assert.Contains("C-FIND RSP", output);
        Assert.Contains("0x0211", output);
    }

    [Theory]
    [InlineData("storescu")]
    [InlineData("dcmsend")]
    public async Task Every_object_that_dcmtk_sends_arrives_bit_identical(string sender)
    {
        Dictionary<string, byte[]> sent = MakeObjects();
        await using TestServer server = new();
        string[] arguments = sender == "storescu" ? ["+sd", folder] : ["+sd", "+r", folder];

        (int exitCode, string output) = Run(sender, ["-aec", "APPLIANCE", "127.0.0.1", Port(server), .. arguments]);

        Assert.True(exitCode == 0, output);
        AssertSame(sent, server.Objects.ToDictionary(stored => stored.Key, stored => stored.Value.Bytes));
    }

    /// <summary>Stock dcmtk has Nagle's algorithm on: without our early acknowledgements each object costs it 40 ms.</summary>
    [Fact]
    public async Task Stock_storescu_does_not_wait_for_our_acknowledgements()
    {
        const int objects = 12;
        Assert.Equal(objects, MakeObjects().Count);
        await using TestServer server = new();
        string[] arguments = ["-aec", "APPLIANCE", "127.0.0.1", Port(server), "+sd", folder];
        TimeSpan Best(bool noDelay) => Enumerable.Range(0, 3).Min(_ =>
        {
            long start = Stopwatch.GetTimestamp();
            using Process storescu = Start("storescu", arguments, noDelay);
            storescu.WaitForExit();
            return Stopwatch.GetElapsedTime(start);
        });

        TimeSpan withoutNagle = Best(noDelay: true);
        TimeSpan stock = Best(noDelay: false);

        Assert.InRange(stock, TimeSpan.Zero, withoutNagle + TimeSpan.FromMilliseconds(objects * 20));
    }

    /// <summary>The judge is storescp: it takes the same files from the same sender and keeps the bytes as they come.</summary>
    [Fact]
    public async Task Every_real_file_arrives_with_the_bytes_that_storescp_gets()
    {
        string corpus = Path.GetDirectoryName(Corpus.Files()[0].FullName)!;
        while (Path.GetFileName(corpus) != "dicomdata")
        {
            corpus = Path.GetDirectoryName(corpus)!;
        }

        string received = Directory.CreateDirectory(Path.Combine(folder, "received")).FullName;
        int port = FreePort();
        using Process storescp = Start("storescp", ["+xa", "-pm", "-od", received, "--bit-preserving", port.ToString()]);
        await (await ConnectAsync(port)).ReleaseAsync(TestContext.Current.CancellationToken);
        await using TestServer server = new(settings: plain => plain with { Policy = new AcceptorPolicy { TakesSopClass = _ => true } });

        Run("dcmsend", "-dn", "-nh", "-nuc", "+sd", "+r", "127.0.0.1", port.ToString(), corpus);
        Run("dcmsend", "-dn", "-nh", "-nuc", "+sd", "+r", "127.0.0.1", Port(server), corpus);
        storescp.Kill();
        await storescp.WaitForExitAsync(TestContext.Current.CancellationToken);

        Dictionary<string, byte[]> judged = [];
        foreach (byte[] file in Directory.GetFiles(received).Select(File.ReadAllBytes))
        {
            judged[DicomFileReader.Read(file).Value!.Meta.GetString(Tags.MediaStorageSOPInstanceUID)!] = DataSetOf(file);
        }

        Assert.True(judged.Count > 100, $"storescp got {judged.Count} files only");

        // Of one broken file dcmsend makes a request for SOP class "31", on the context of another class: 0122H.
        judged.Remove("31");
        Assert.Empty(judged.Keys.Except(server.Objects.Keys));

        // We take more: transfer syntaxes that dcmtk does not know, and classes that it does not list.
        AssertSame(judged, judged.Keys.ToDictionary(uid => uid, uid => server.Objects[uid].Bytes));
    }

    [Theory]
    [InlineData("4096")]
    [InlineData("16384")]
    [InlineData("131072")]
    public async Task Storescp_gets_every_object_bit_identical(string maxPduBytes)
    {
        Dictionary<string, byte[]> objects = MakeObjects();
        string received = Directory.CreateDirectory(Path.Combine(folder, "received")).FullName;
        int port = FreePort();
        using Process storescp = Start("storescp", ["-pdu", maxPduBytes, "-od", received, "--bit-preserving", port.ToString()]);
        try
        {
            await using StoreUser user = await ConnectAsync(port);
            Assert.Equal(Status.Success, (await user.EchoAsync(TestContext.Current.CancellationToken)).Status);
            foreach ((string uid, byte[] dataSet) in objects)
            {
                RequestOutcome outcome = await user.StoreAsync(
                    Uids.CTImageStorage, uid, TransferSyntax.ExplicitLittleEndian, dataSet, TestContext.Current.CancellationToken);
                Assert.True(outcome.IsStored, outcome.ToString());
            }

            Assert.Equal(EndReason.Released, (await user.ReleaseAsync(TestContext.Current.CancellationToken)).Reason);
        }
        finally
        {
            storescp.Kill();
            await storescp.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        AssertSame(objects, Directory.GetFiles(received).Select(File.ReadAllBytes).ToDictionary(UidOf, DataSetOf));
    }

    /// <summary>Twelve CT files with lengths around those of PDUs. Returns UID to data-set bytes.</summary>
    private Dictionary<string, byte[]> MakeObjects()
    {
        Dictionary<string, byte[]> objects = [];
        Random random = new(3);
        foreach (int length in new[] { 0, 2, 16000, 131000, 131040, 131060, 131072, 200000, 262100, 262144, 525000, 1_500_000 })
        {
            string uid = $"1.2.826.0.1.3680043.8.498.{length + 1}";
            byte[] pixels = new byte[length];
            random.NextBytes(pixels);
            DataSet set = new DataSet()
                .SetString(Tags.SOPClassUID, Vr.UI, Uids.CTImageStorage)
                .SetString(Tags.SOPInstanceUID, Vr.UI, uid)
                .SetString(Tags.Modality, Vr.CS, "CT")
                .SetString(Tags.PatientID, Vr.LO, "NOBODY")
                .SetBytes(Tags.PixelData, Vr.OW, pixels);
            TransferSyntax syntax = TransferSyntax.ExplicitLittleEndian;
            DicomFile file = new(FileMeta.Create(Uids.CTImageStorage, uid, syntax, "TEST"), syntax, set);
            byte[] bytes = DicomFileWriter.Write(file);
            File.WriteAllBytes(Path.Combine(folder, $"{uid}.dcm"), bytes);
            objects[uid] = DataSetOf(bytes);
        }

        return objects;
    }

    private static void AssertSame(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach ((string uid, byte[] bytes) in expected)
        {
            Assert.True(bytes.AsSpan().SequenceEqual(actual[uid]), $"{uid} differs");
        }
    }

    /// <summary>What follows the file meta information, whose length (0002,0000) says (PS3.10 7.1).</summary>
    private static byte[] DataSetOf(byte[] file) => file[(144 + BitConverter.ToInt32(file, 140))..];

    private static string UidOf(byte[] file) => DicomFileReader.Read(file).Value!.SopInstanceUid!;

    private static async Task<StoreUser> ConnectAsync(int port)
    {
        while (true)
        {
            // storescp takes a moment until it listens.
            ConnectOutcome outcome = await StoreUser.ConnectAsync(
                "127.0.0.1",
                port,
                "APPLIANCE",
                "STORESCP",
                [
                    new(Uids.Verification, TransferSyntax.ImplicitLittleEndian),
                    new(Uids.CTImageStorage, TransferSyntax.ExplicitLittleEndian),
                ],
                AssociationTimeouts.Default,
                TimeProvider.System,
                TestContext.Current.CancellationToken);
            if (outcome.User is not null)
            {
                return outcome.User;
            }

            Assert.Equal(EndReason.NotConnected, outcome.Failure!.Reason);
        }
    }

    private static string Port(TestServer server) => server.At.Port.ToString();

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static Process Start(string program, string[] arguments, bool noDelay = true) =>
        Process.Start(new ProcessStartInfo($"/usr/bin/{program}", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TCP_NODELAY"] = noDelay ? "1" : "0" },
        })!;

    private static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
