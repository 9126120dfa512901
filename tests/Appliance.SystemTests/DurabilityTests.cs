using System.Collections.Concurrent;
using System.Security.Cryptography;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>Nothing acknowledged is lost: not to kill -9 under load, and, by the order of system calls, not to a power cut.</summary>
public sealed class DurabilityTests : IDisposable
{
    private const int Kills = 100;
    private const int Scanners = 3;
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Kill_at_any_of_100_random_moments_loses_no_acknowledged_instance()
    {
        Place.Needs("storescp");
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        Random random = new(seed);
        using StoreScp receiver = new(scratch["received"]);
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", receiver.Port));
        ConcurrentDictionary<string, byte[]> acknowledged = new();

        for (int kill = 0; kill < Kills; kill++)
        {
            int before = acknowledged.Count;
            int enough = random.Next(0, 60);
            Thread[] scanners =
                [.. Enumerable.Range(0, Scanners).Select(_ => new Thread(() => SendUntilCut(appliance.Port, acknowledged)))];
            Array.ForEach(scanners, scanner => scanner.Start());
            Wait.Until(() => acknowledged.Count >= before + enough, "acknowledgements", TimeSpan.FromSeconds(30));
            Thread.SpinWait(random.Next(0, 200_000));
            appliance.Kill();
            Array.ForEach(scanners, scanner => scanner.Join());
            appliance.Restart();
        }

        Wait.Until(() => Missing(acknowledged, receiver).Count == 0 || !appliance.IsAlive, "all delivered", TimeSpan.FromMinutes(3));
        TestContext.Current.TestOutputHelper!.WriteLine($"{acknowledged.Count} acknowledged over {Kills} kills");
        Assert.Empty(Missing(acknowledged, receiver));

        // What a kill left there is gone; what is there now is results on their way.
        string incoming = Path.Combine(appliance.DataFolder, "incoming");
        Wait.Until(() => !Directory.EnumerateFiles(incoming).Any(), "nothing half-written", TimeSpan.FromMinutes(1));
    }

    /// <summary>Segmentation and report leave first, pictures follow: the kill falls before, between, among and after them.</summary>
    [Fact]
    public void Kill_at_random_moments_of_the_results_makes_each_of_them_arrive_and_none_twice()
    {
        Place.Needs("storescp");
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        Random random = new(seed);
        string[] small = ["--slices", "60", "--rows", "128", "--spacing", "3.2", "--thickness", "4", "--uids", "fresh"];
        string[] series = [.. Enumerable.Range(0, 8).Select(i => Series.Make(scratch[$"made{i}"], 10 + i, small))];

        // One that arrives again is a second file: the receiver names files by their time, not by their UID.
        using StoreScp receiver = new(scratch["results"], null, "-tn");
        using RunningAppliance appliance = new(scratch["killed"], RunningAppliance.Destination("pacs", receiver.Port));
        foreach ((int i, string folder) in series.Index())
        {
            Command.Check(
                Place.Phantom,
                ["send", "--folder", folder, "--to", $"127.0.0.1:{appliance.Port}", "--called", RunningAppliance.AeTitle, "--rate", "0"]);
            long began = Environment.TickCount64;
            int after = random.Next(0, 1500);
            Wait.Until(() => Environment.TickCount64 - began >= after, "a random moment", TimeSpan.FromSeconds(10));
            appliance.Kill();
            appliance.Restart();

            // One kill for each series: three in one settle it as not analysed, which is another test's.
            Wait.Until(appliance.Echo, $"restart {i}", TimeSpan.FromMinutes(1));
            appliance.WaitUntilDelivered(i + 1, TimeSpan.FromMinutes(2));
        }

        // A line of the delivery log that the kill cost is a second sending of the same bytes under the same UID, never another object.
        ILookup<string, string> byUid = receiver.Files.ToLookup(UidOf, HashOfDataSet);
        TestContext.Current.TestOutputHelper!.WriteLine($"{receiver.Files.Length} files, {byUid.Count} objects");
        Assert.All(byUid, same => Assert.Single(same.Distinct()));
        Assert.Equal(series.Length * (60 + 60 + 2), byUid.Count);
    }

    [Fact]
    public void Each_success_follows_the_sync_of_its_file_and_of_its_directory()
    {
        SyncTrace trace = Trace([]);

        TestContext.Current.TestOutputHelper!.WriteLine($"{trace.Responses} responses, {trace.Violations.Count} before their sync");
        Assert.Equal(10, trace.Responses);
        Assert.Empty(trace.Violations);
    }

    /// <summary>The judge itself is judged: with the two calls made empty it must find every response early.</summary>
    [Fact]
    public void With_the_sync_taken_out_the_same_check_fails()
    {
        SyncTrace trace = Trace(["-e", "inject=fsync,fdatasync,sync_file_range,syncfs:retval=0"]);

        Assert.Equal(10, trace.Violations.Count);
    }

    private SyncTrace Trace(string[] options)
    {
        Place.Needs("strace");
        string log = scratch["strace"];
        const string Calls = "trace=mkdir,fsync,fdatasync,rename,renameat,renameat2,linkat,write,sendto,sendmsg,writev";
        string[] strace = ["strace", "-f", "-yy", "-s", "64", "-o", log, "-e", Calls];
        using (RunningAppliance appliance = new(scratch["traced"], "", [.. strace, .. options]))
        {
            using RawPeer peer = new(appliance.Port);
            peer.Send(RawPeer.AssociateRequest());
            peer.Receive();
            string study = SmallObject.NewUid(), series = SmallObject.NewUid();
            for (ushort i = 1; i <= 10; i++)
            {
                Assert.True(Store(peer, study, series, SmallObject.NewUid(), i) is not null);
            }
        }

        return SyncTrace.Read(log, Path.Combine(scratch["traced"], "data"));
    }

    private static void SendUntilCut(int port, ConcurrentDictionary<string, byte[]> acknowledged)
    {
        try
        {
            using RawPeer peer = new(port);
            peer.Send(RawPeer.AssociateRequest());
            if (peer.Receive() is null)
            {
                return;
            }

            string study = SmallObject.NewUid(), series = SmallObject.NewUid();
            for (ushort message = 1; ; message++)
            {
                string uid = SmallObject.NewUid();
                if (Store(peer, study, series, uid, message) is not byte[] dataSet)
                {
                    return;
                }

                acknowledged[uid] = SHA256.HashData(dataSet);
            }
        }
        catch (Exception cut) when (cut is IOException or System.Net.Sockets.SocketException)
        {
            // The kill is the point of the test: an instance in flight was not acknowledged.
        }
    }

    /// <summary>The data set once it was acknowledged with 0000, or null where the connection ended before.</summary>
    private static byte[]? Store(RawPeer peer, string study, string series, string uid, ushort message)
    {
        byte[] dataSet = SmallObject.Make(study, series, uid);
        peer.Send(RawPeer.Data(1, command: true, last: true, RawPeer.StoreCommand(uid, message)));
        peer.Send(RawPeer.Data(1, command: false, last: true, dataSet));
        if (peer.Receive() is not (4, byte[] answer))
        {
            return null;
        }

        Assert.Equal(0, RawPeer.StatusOf(answer));
        return dataSet;
    }

    private static List<string> Missing(ConcurrentDictionary<string, byte[]> acknowledged, StoreScp receiver)
    {
        HashSet<string> hashes = [.. receiver.Files.Select(HashOfDataSet)];
        return [.. acknowledged.Where(entry => !hashes.Contains(Convert.ToHexString(entry.Value))).Select(entry => entry.Key)];
    }

    private static string UidOf(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int at = file.AsSpan().IndexOf(new byte[] { 2, 0, 3, 0, (byte)'U', (byte)'I' });
        int length = BitConverter.ToUInt16(file, at + 6);
        return System.Text.Encoding.ASCII.GetString(file, at + 8, length).TrimEnd('\0');
    }

    /// <summary>SHA-256 of what stands behind the file meta information, whose length is in its first element.</summary>
    private static string HashOfDataSet(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int meta = file.Length < 144 ? 0 : BitConverter.ToInt32(file, 140) + 144;
        return meta <= 0 || meta > file.Length ? "" : Convert.ToHexString(SHA256.HashData(file.AsSpan(meta)));
    }
}
