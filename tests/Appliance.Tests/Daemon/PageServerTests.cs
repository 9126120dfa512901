using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Appliance.Core;
using Appliance.Daemon.Screen;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>The page of the touchscreen over real loopback TCP. What a browser makes of it is tested with the published binary.</summary>
public sealed partial class PageServerTests : IAsyncLifetime
{
    private static readonly ScreenSettings AnyPort = new() { Port = 0 };

    private readonly HttpClient browser = new();
    private readonly List<EventRecord> events = [];
    private readonly List<string> asked = [];
    private Status status = new()
    {
        Version = "0.1.0",
        TakenAt = DateTimeOffset.UnixEpoch,
        Device = DeviceState.Ready,
        UptimeS = 1,
        Listener = new ListenerStatus("APPLIANCE", "127.0.0.1", 104, Open: true),
        Compute = new ComputeStatus("CPU", "test"),
    };

    private PageServer page = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => page = (await Start(AnyPort))!;

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        await page.DisposeAsync();
    }

    [Fact]
    public async Task Every_file_that_the_page_names_is_served_from_here_and_nothing_else_is_allowed()
    {
        Queue<string> wanted = new(["/"]);
        HashSet<string> seen = [];
        while (wanted.TryDequeue(out string? path))
        {
            if (!seen.Add(path))
            {
                continue;
            }

            using HttpResponseMessage answer = await browser.GetAsync(new Uri(page.Address, path), Cancel);
            string text = await answer.Content.ReadAsStringAsync(Cancel);

            Assert.True(answer.IsSuccessStatusCode, path);
            string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("http:", text, StringComparison.Ordinal);
            Assert.DoesNotContain("https:", text, StringComparison.Ordinal);
            foreach (Match file in File().Matches(text))
            {
                wanted.Enqueue("/" + file.Groups[1].Value);
            }
        }

        Assert.Contains("/screen.js", seen);
        Assert.Contains("/texts.en.js", seen);
        Assert.Contains("/screen.css", seen);
    }

    [Fact]
    public async Task Every_word_of_the_page_is_in_the_file_of_texts()
    {
        string html = await browser.GetStringAsync(page.Address, Cancel);
        string texts = await browser.GetStringAsync(new Uri(page.Address, "/texts.en.js"), Cancel);

        MatchCollection names = TextName().Matches(html);
        Assert.True(names.Count > 5);
        Assert.All(names, name => Assert.Contains($"{name.Groups[1].Value}: '", texts, StringComparison.Ordinal));
        Assert.Empty(Word().Matches(html[html.IndexOf("<body", StringComparison.Ordinal)..]));
    }

    [Fact]
    public async Task The_status_is_the_one_of_the_socket()
    {
        byte[] answer = await browser.GetByteArrayAsync(new Uri(page.Address, StatusJson.StatusPath), Cancel);

        Assert.Equal(StatusJson.Write(status), answer);
    }

    [Fact]
    public async Task Who_watches_is_sent_each_new_snapshot()
    {
        using HttpResponseMessage answer = await browser.GetAsync(
            new Uri(page.Address, StatusJson.WatchPath), HttpCompletionOption.ResponseHeadersRead, Cancel);
        using StreamReader stream = new(await answer.Content.ReadAsStreamAsync(Cancel));

        Status first = await Next(stream);
        status = status with { UptimeS = 2 };
        Status second = await Next(stream);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal((1, 2), (first.UptimeS, second.UptimeS));
    }

    [Fact]
    public async Task A_stream_that_is_open_does_not_hold_up_the_end_of_the_daemon()
    {
        using HttpResponseMessage answer = await browser.GetAsync(
            new Uri(page.Address, StatusJson.WatchPath), HttpCompletionOption.ResponseHeadersRead, Cancel);
        using StreamReader stream = new(await answer.Content.ReadAsStreamAsync(Cancel));
        await Next(stream);

        await page.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5), Cancel);

        Assert.Empty(await stream.ReadToEndAsync(Cancel));
    }

    [Theory]
    [InlineData("scanner.example")]
    [InlineData("10.1.2.3")]
    public async Task A_page_from_elsewhere_cannot_read_along_under_another_host_name(string host)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(page.Address, StatusJson.StatusPath));
        request.Headers.Host = host;
        using HttpResponseMessage answer = await browser.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Theory]
    [InlineData("POST", "/v1/status", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/v1/status", HttpStatusCode.MethodNotAllowed)]
    [InlineData("OPTIONS", "/v1/command", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/../appliance.toml", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/events", HttpStatusCode.NotFound)]
    public async Task Nothing_else_is_answered(string method, string path, HttpStatusCode expected)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(page.Address, path));
        request.Headers.Add("Origin", Origin);
        using HttpResponseMessage answer = await browser.SendAsync(request, Cancel);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task The_page_may_ask_for_what_concerns_a_study_an_alarm_or_a_destination()
    {
        using HttpResponseMessage answer = await Post(new CommandRequest(CommandVerb.StudyResend, "0123456789abcdef"), Origin);

        Assert.True(CommandJson.ReadAnswer(await answer.Content.ReadAsByteArrayAsync(Cancel)).Done);
        Assert.Equal(["StudyResend 0123456789abcdef by the panel"], asked);
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task A_page_from_elsewhere_cannot_act(string? origin)
    {
        using HttpResponseMessage answer = await Post(new CommandRequest(CommandVerb.LampTest), origin);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(asked);
    }

    [Fact]
    public async Task What_is_for_service_is_not_for_the_page()
    {
        using HttpResponseMessage answer = await Post(new CommandRequest(CommandVerb.Phantom), Origin);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(asked);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("{\"verb\": \"StudyResend\", \"target\": null}")]
    public async Task What_is_no_command_is_refused(string body)
    {
        using HttpResponseMessage answer = await Post(body, Origin);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_without_end_is_cut_off()
    {
        using HttpResponseMessage answer = await Post(new string('x', 100_000), Origin);

        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest });
    }

    [Fact]
    public async Task Whoever_sees_the_names_stands_in_the_log()
    {
        Assert.Equal("{}", await browser.GetStringAsync(new Uri(page.Address, "/v1/patients"), Cancel));

        Assert.Equal("page: patient names were shown to the panel", Assert.Single(events).Text);
    }

    [Fact]
    public async Task A_port_that_is_taken_costs_the_page_and_nothing_else()
    {
        PageServer? second = await Start(AnyPort with { Port = page.Address.Port });

        Assert.Null(second);
        Assert.Equal((int)DeviceEvent.CheckFailed, Assert.Single(events).Number);
    }

    [Fact]
    public async Task A_page_that_is_switched_off_is_not_there() => Assert.Null(await Start(AnyPort with { Enabled = false }));

    private static async Task<Status> Next(StreamReader stream)
    {
        string line = (await stream.ReadLineAsync(Cancel))!;
        Assert.StartsWith("data: {", line, StringComparison.Ordinal);
        Assert.Equal("", await stream.ReadLineAsync(Cancel));
        return StatusJson.ReadStatus(Encoding.UTF8.GetBytes(line["data: ".Length..]));
    }

    private string Origin => page.Address.GetLeftPart(UriPartial.Authority);

    private Task<HttpResponseMessage> Post(CommandRequest request, string? origin) =>
        Post(Encoding.UTF8.GetString(CommandJson.Write(request)), origin);

    private async Task<HttpResponseMessage> Post(string body, string? origin)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(page.Address, CommandJson.Path));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await browser.SendAsync(request, Cancel);
    }

    private Task<CommandAnswer> Ask(CommandRequest request, string by)
    {
        asked.Add($"{request.Verb} {request.Target} by {by}");
        return Task.FromResult(CommandAnswer.Success("done"));
    }

    private Task<PageServer?> Start(ScreenSettings settings) =>
        PageServer.StartAsync(
            settings, new ShownBox(() => status, () => new LatencyAnswer(Status.CurrentSchema, 2000, 0, 0, 0), Ask, "/nowhere"),
            new EventLog(TimeProvider.System, events.Add), Unsupervised.Make(), TimeProvider.System);

    [GeneratedRegex("""(?:from '\./|href="|src=")([a-z.]+\.(?:js|css))""")]
    private static partial Regex File();

    [GeneratedRegex("""data-text="([a-zA-Z]+)""")]
    private static partial Regex TextName();

    /// <summary>A word between tags.</summary>
    [GeneratedRegex(">[^<]*[A-Za-z][^<]*<")]
    private static partial Regex Word();
}
