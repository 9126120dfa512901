using System.Text.Json;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>Originals leave, whatever the destinations do.</summary>
public sealed class DeliveryTests : IDisposable
{
    /// <summary>A series without geometry is refused, and a picture that says so would be one more object.</summary>
    private const string OnlyOriginals = "send = [\"originals\"]";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly Scratch scratch = new();

    public DeliveryTests() => Place.Needs("storescp", "dcmsend", "dcmcjpeg", "dcmdjpeg");

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_destination_that_is_down_gets_everything_when_it_is_back_even_after_a_restart_of_ours()
    {
        string sent = WriteSmall("sent", 12);
        int port = Place.FreePort();
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", port));
        Send(appliance, sent);
        appliance.Kill();
        appliance.Restart();

        using StoreScp receiver = new(scratch["received"], port);
        Wait.Until(() => receiver.Files.Length >= 12, "originals after the destination came back", Limit);

        AssertIdentical(sent, receiver.Folder, 12);
    }

    [Fact]
    public void A_dead_destination_does_not_hold_up_the_others()
    {
        string sent = WriteSmall("sent", 12);
        using StoreScp receiver = new(scratch["received"]);
        string destinations = RunningAppliance.Destination("dead", Place.FreePort()) + RunningAppliance.Destination("pacs", receiver.Port);
        using RunningAppliance appliance = new(scratch["box"], destinations);

        Send(appliance, sent);
        Wait.Until(() => receiver.Files.Length >= 12, "originals at the living destination", Limit);

        AssertIdentical(sent, receiver.Folder, 12);
    }

    [Fact]
    public void A_series_sent_twice_is_stored_and_forwarded_once()
    {
        string sent = WriteSmall("sent", 12);
        using StoreScp receiver = new(scratch["received"], options: ["-uf"]);
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", receiver.Port, OnlyOriginals));

        Send(appliance, sent);
        Send(appliance, sent);
        appliance.WaitUntilDelivered(1, Limit);

        Assert.Equal(12, receiver.Files.Length);
        Assert.Equal(12, Directory.GetFiles(appliance.DataFolder, "*.dcm", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void The_same_UID_with_other_content_is_an_event_and_both_are_kept()
    {
        string sent = scratch.Make("sent"), other = scratch.Make("other");
        string study = SmallObject.NewUid(), series = SmallObject.NewUid(), instance = SmallObject.NewUid();
        SmallObject.WriteFile(Path.Combine(sent, "a.dcm"), SmallObject.Make(study, series, instance), instance);
        SmallObject.WriteFile(Path.Combine(other, "b.dcm"), SmallObject.Make(study, series, instance), instance);
        using StoreScp receiver = new(scratch["received"]);
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", receiver.Port, OnlyOriginals));

        Send(appliance, sent);
        Send(appliance, other);
        appliance.WaitUntilDelivered(1, Limit);

        string[] kept = Directory.GetFiles(appliance.DataFolder, "*.dcm*", SearchOption.AllDirectories);
        Assert.Equal(2, kept.Length);
        Assert.Contains("onflict", Command.Check(Place.Ctl, "events", "--json", "--socket", appliance.Socket), StringComparison.Ordinal);
    }

    [Fact]
    public void A_syntax_that_a_destination_refuses_is_decompressed_without_loss()
    {
        string plain = WriteSmall("plain", 3), sent = scratch.Make("compressed");
        foreach (string file in Directory.GetFiles(plain))
        {
            Command.Check("dcmcjpeg", "+e1", file, Path.Combine(sent, Path.GetFileName(file)));
        }

        // Stock storescp takes uncompressed syntaxes only.
        using StoreScp receiver = new(scratch["received"]);
        using RunningAppliance appliance = new(scratch["box"], RunningAppliance.Destination("pacs", receiver.Port));
        Command.Check(
            "storescu",
            ["-xs", "-aec", RunningAppliance.AeTitle, "127.0.0.1", appliance.Port.ToString(), .. Directory.GetFiles(sent)]);
        Wait.Until(() => receiver.Files.Length >= 3, "decompressed originals", Limit);

        using JsonDocument document = JsonDocument.Parse(Series.Python("pixels.py", plain, receiver.Folder));
        Assert.Equal(3, document.RootElement.GetProperty("equal").GetInt32());
    }

    [Fact]
    public void A_full_disk_is_answered_with_out_of_resources_and_nothing_acknowledged_is_lost()
    {
        Assert.SkipUnless(Place.IsRoot, "mounting a small file system needs root");
        string data = scratch.Make("box/data");
        Command.Check("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", data);
        try
        {
            using StoreScp receiver = new(scratch["received"]);
            using RunningAppliance appliance = new(
                scratch["box"], RunningAppliance.Destination("pacs", receiver.Port), refuseBelowFreeMib: 0);
            int acknowledged = 0, refused = 0;
            using RawPeer peer = new(appliance.Port);
            peer.Send(RawPeer.AssociateRequest());
            peer.Receive();
            byte[] filler = new byte[2_000_000];
            for (ushort message = 1; message <= 20 && refused == 0; message++)
            {
                string uid = SmallObject.NewUid();
                peer.Send(RawPeer.Data(1, true, true, RawPeer.StoreCommand(uid, message)));
                peer.Send(RawPeer.Data(1, false, false, SmallObject.Make("1.2.3", "1.2.3.4", uid)));
                // A private element of 2 MB behind the pixels: PS3.5 7.8.1.
                peer.Send(RawPeer.Data(
                    1,
                    false,
                    false,
                    [0xE1, 0x7F, 0x10, 0x10, (byte)'O', (byte)'B', 0, 0, .. BitConverter.GetBytes(filler.Length)]));
                for (int at = 0; at < filler.Length; at += 10_000)
                {
                    peer.Send(RawPeer.Data(1, false, at + 10_000 >= filler.Length, filler.AsSpan(at, 10_000)));
                }

                ushort status = peer.Receive() is (4, byte[] answer) ? RawPeer.StatusOf(answer) : (ushort)0xFFFF;
                acknowledged += status == 0 ? 1 : 0;
                refused += status >> 8 == 0xA7 ? 1 : 0;
            }

            Assert.Equal(1, refused);
            Assert.InRange(acknowledged, 1, 3);
            Wait.Until(() => receiver.Files.Length >= acknowledged, "what was acknowledged arrives", Limit);
            Assert.True(appliance.IsAlive);
        }
        finally
        {
            Command.Run("umount", "-l", data);
        }
    }

    private string WriteSmall(string name, int count)
    {
        string folder = scratch.Make(name);
        string study = SmallObject.NewUid(), series = SmallObject.NewUid();
        for (int i = 0; i < count; i++)
        {
            string uid = SmallObject.NewUid();
            SmallObject.WriteFile(Path.Combine(folder, $"{i:000}.dcm"), SmallObject.Make(study, series, uid), uid);
        }

        return folder;
    }

    private static void Send(RunningAppliance appliance, string folder) =>
        Command.Check("dcmsend", "-aec", RunningAppliance.AeTitle, "127.0.0.1", appliance.Port.ToString(), "+sd", "+r", folder);

    private static void AssertIdentical(string sent, string received, int count)
    {
        JsonElement compared = Series.Compare(sent, received);
        Assert.Equal(count, compared.GetProperty("identical").GetInt32());
        Assert.Equal(0, compared.GetProperty("missing").GetArrayLength());
    }
}
