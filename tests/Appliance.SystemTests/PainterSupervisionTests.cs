using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>The thread that draws for whoever looks hangs, as others do in <see cref="SupervisionTests"/>: seen, and replaced.</summary>
public sealed class PainterSupervisionTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_painter_that_hangs_is_replaced_and_whoever_looks_sees_pictures_again()
    {
        Place.Needs("python3", "storescu", "dcmsend");
        using RunningAppliance appliance = new(scratch["box"]);
        string key = SendPictures(appliance, but: "");
        using (ClientWebSocket before = await Look(appliance))
        {
            Assert.True(await SeesAsync(before, key));

            // Within how many looks is tested with the supervisor (SupervisorTests): on a machine out of breath a look proves nothing.
            using Process painter = SupervisionTests.Hold(appliance.ProcessId, "painter");
            Stopwatch watch = Stopwatch.StartNew();
            Wait.Until(
                () => appliance.Output.Contains("painter is stuck", StringComparison.Ordinal), "it is seen", TimeSpan.FromSeconds(60));
            TestContext.Current.TestOutputHelper!.WriteLine($"painter: replaced {watch.ElapsedMilliseconds} ms after the hang");
            await CutOffAsync(before);

            // The other one is still held.
            using ClientWebSocket again = await Look(appliance);
            Assert.True(await SeesAsync(again, key));
            Store(appliance);
        }

        Assert.True(appliance.Echo());
    }

    [Fact]
    public async Task A_study_that_the_painter_hangs_on_is_not_opened_again_and_every_other_study_is()
    {
        Place.Needs("mkfifo", "storescu", "dcmsend");
        using RunningAppliance appliance = new(scratch["box"]);
        string bad = Store(appliance);
        Wait.Until(
            () => appliance.Status().GetProperty("studies")[0].GetProperty("state").GetString() is not ("Receiving" or "Analysing"),
            "nobody else reads it", TimeSpan.FromSeconds(60));
        string original = SupervisionTests.Original(appliance);
        SupervisionTests.MakeFifoOf(original);
        string good = SendPictures(appliance, but: bad);
        using (ClientWebSocket hanging = await Look(appliance))
        {
            await SayAsync(hanging, new JsonObject { ["open"] = bad });
            await CutOffAsync(hanging);
        }

        using ClientWebSocket looker = await Look(appliance);
        Assert.False(await SeesAsync(looker, bad));
        Assert.True(await SeesAsync(looker, good));
        Assert.DoesNotContain("ends and is started again", appliance.Output, StringComparison.Ordinal);
        Assert.Contains("painter is stuck", appliance.Output, StringComparison.Ordinal);
    }

    /// <summary>A study with something to see; its key.</summary>
    private string SendPictures(RunningAppliance appliance, string but)
    {
        string series = Series.Make(scratch["phantom"], 35, "--slices", "4", "--thickness", "3", "--rows", "64", "--spacing", "6");
        Command.Check("dcmsend", "-aec", RunningAppliance.AeTitle, "127.0.0.1", $"{appliance.Port}", "+sd", "+r", series);
        return appliance.WaitForStudy(but);
    }

    /// <summary>Stores an object without pixels, of a study of its own; the study's key.</summary>
    private string Store(RunningAppliance appliance)
    {
        string file = scratch[$"{SmallObject.NewUid()}.dcm"];
        string uid = SmallObject.NewUid();
        SmallObject.WriteFile(file, SmallObject.Make(SmallObject.NewUid(), SmallObject.NewUid(), uid), uid);
        Command.Check("storescu", "-aec", RunningAppliance.AeTitle, "127.0.0.1", $"{appliance.Port}", file);
        return appliance.WaitForStudy();
    }

    private static async Task<ClientWebSocket> Look(RunningAppliance appliance)
    {
        ClientWebSocket socket = new();
        socket.Options.SetRequestHeader("Origin", $"http://127.0.0.1:{appliance.ScreenPort}");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{appliance.ScreenPort}/v1/view"), TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>Opens a study and asks for a picture; false where it cannot be shown.</summary>
    private static async Task<bool> SeesAsync(ClientWebSocket socket, string key)
    {
        await SayAsync(socket, new JsonObject { ["open"] = key });
        while (await HearAsync(socket) is (WebSocketMessageType type, byte[] message))
        {
            JsonNode? news = type == WebSocketMessageType.Text ? JsonNode.Parse(message) : null;
            if (type == WebSocketMessageType.Binary || (bool?)news!["gone"] == true)
            {
                return type == WebSocketMessageType.Binary;
            }

            if (news["study"] is not null)
            {
                await SayAsync(socket, new JsonObject { ["n"] = 1, ["width"] = 32, ["height"] = 32, ["fine"] = true });
            }
        }

        return false;
    }

    private static async Task CutOffAsync(ClientWebSocket socket)
    {
        while (await HearAsync(socket) is not null)
        {
            // What was on its way.
        }
    }

    private static Task SayAsync(ClientWebSocket socket, JsonObject wish) => socket.SendAsync(
        Encoding.UTF8.GetBytes(wish.ToJsonString()), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

    /// <summary>The next message; null where we have been cut off.</summary>
    private static async Task<(WebSocketMessageType Type, byte[] Message)?> HearAsync(ClientWebSocket socket)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        byte[] buffer = new byte[1 << 16];
        try
        {
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, limit.Token);
            return received.MessageType == WebSocketMessageType.Close ? null : (received.MessageType, buffer[..received.Count]);
        }
        catch (WebSocketException)
        {
            return null;
        }
    }
}
