using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Appliance.SystemTests;

/// <summary>
/// A real Chromium, steered over its DevTools protocol: without a window and with an empty profile, or one that others have started.
/// </summary>
internal sealed partial class Chromium : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process? process;
    private readonly ClientWebSocket socket = new();
    private readonly List<string> complaints = [];
    private int calls;

    /// <param name="drawsVolumes">For pages that need WebGL: drawn by the processor.</param>
    /// <param name="trustsAnyone">Takes the certificate that a test has made.</param>
    public Chromium(string profile, bool drawsVolumes = false, bool trustsAnyone = false)
    {
        string[] drawing = drawsVolumes ? ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"] : ["--disable-gpu"];
        string[] trust = trustsAnyone ? ["--ignore-certificate-errors"] : [];

        // As on a panel: what is drawn gives way to what is received (docs/operator.md). The browser would raise threads of its own again,
        // which only root may, and no kiosk runs as that.
        string[] humble = Place.IsRoot ? ["setpriv", "--bounding-set", "-sys_nice", "--inh-caps", "-sys_nice"] : [];
        string[] command =
        [
            .. humble, "nice", "-n", "10", "chromium", "--headless=new", "--no-sandbox", .. drawing, .. trust, "--no-first-run",
            "--disable-background-networking", "--hide-scrollbars", "--remote-debugging-port=0", $"--user-data-dir={profile}",
            "about:blank",
        ];
        process = Command.Start(command[0], command[1..]);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Attach(profile, "about:blank");
    }

    private Chromium()
    {
    }

    /// <summary>One that runs with that profile and has opened that page.</summary>
    public static Chromium Of(string profile, string page)
    {
        Chromium browser = new();
        browser.Attach(profile, page);
        return browser;
    }

    private void Attach(string profile, string page)
    {
        string portFile = Path.Combine(profile, "DevToolsActivePort");
        Wait.Until(() => File.Exists(portFile) && File.ReadAllText(portFile).Contains('\n'), "chromium", Limit);
        string port = File.ReadAllLines(portFile)[0];
        using HttpClient http = new();
        JsonNode? tab = null;
        Wait.Until(
            () =>
            {
                string tabs = http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json")).GetAwaiter().GetResult();
                tab = JsonNode.Parse(tabs)!.AsArray().FirstOrDefault(
                    each => (string)each!["type"]! == "page" && ((string)each["url"]!).StartsWith(page, StringComparison.Ordinal));
                return tab is not null;
            },
            "its page",
            Limit);
        socket.ConnectAsync(new Uri((string)tab!["webSocketDebuggerUrl"]!), CancellationToken.None).Wait(Limit);
        Call("Runtime.enable");
        Call("Log.enable");
        Call("Page.enable");
    }

    /// <summary>Exceptions of the page, and what the browser refused or did not find.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    public void Size(int width, int height) => Call(
        "Emulation.setDeviceMetricsOverride",
        new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });

    /// <summary>Runs in every page that is opened from now on, before anything of it.</summary>
    public void Before(string script) => Call("Page.addScriptToEvaluateOnNewDocument", new JsonObject { ["source"] = script });

    /// <summary>A finger; nobody waits for what the page makes of it.</summary>
    /// <param name="type">touchStart, touchMove or touchEnd.</param>
    public void Touch(string type, double x = 0, double y = 0)
    {
        JsonArray points = type == "touchEnd" ? [] : [new JsonObject { ["x"] = x, ["y"] = y }];
        Send("Input.dispatchTouchEvent", new JsonObject { ["type"] = type, ["touchPoints"] = points });
    }

    /// <summary>Two fingers that part, or a wheel with Ctrl: what the browser itself makes of it.</summary>
    /// <param name="source">default or mouse.</param>
    public void Pinch(double x, double y, double factor, string source) => Call(
        "Input.synthesizePinchGesture", new JsonObject { ["x"] = x, ["y"] = y, ["scaleFactor"] = factor, ["gestureSourceType"] = source });

    /// <summary>What a screen reader is told: role and name of each node that it does not ignore.</summary>
    public IReadOnlyList<(string Role, string Name)> Spoken()
    {
        JsonArray nodes = Call("Accessibility.getFullAXTree")["nodes"]!.AsArray();
        return
        [
            .. nodes.Where(node => (bool?)node!["ignored"] != true)
                .Select(node => ((string?)node!["role"]?["value"] ?? "", (string?)node["name"]?["value"] ?? "")),
        ];
    }

    public void Open(string address) => Call("Page.navigate", new JsonObject { ["url"] = address });

    /// <summary>The value of an expression in the page; a promise is waited for.</summary>
    public JsonNode? Evaluate(string expression)
    {
        JsonNode answer = Call(
            "Runtime.evaluate", new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        return answer["exceptionDetails"] is JsonNode thrown
            ? throw new InvalidOperationException(thrown.ToJsonString())
            : answer["result"]?["value"];
    }

    /// <summary>Waits until a condition of the page holds.</summary>
    public void Until(string condition, TimeSpan limit) =>
        Wait.Until(() => Evaluate($"document.readyState === 'complete' && Boolean({condition})")!.GetValue<bool>(), condition, limit);

    /// <summary>What stands in all elements of a selector, one after the other.</summary>
    public string Text(string selector) =>
        Evaluate($"[...document.querySelectorAll('{selector}')].map(each => each.textContent).join('')")!.GetValue<string>();

    /// <summary>Whether the first element of a selector has a place on the screen.</summary>
    public bool Shows(string selector) => Evaluate($"document.querySelector('{selector}').offsetHeight > 0")!.GetValue<bool>();

    /// <summary>For people: out/test/pictures/NAME.png.</summary>
    public void Picture(string name)
    {
        Evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        Screenshot(Path.Combine(Place.Pictures, $"{name}.png"));
    }

    public void Screenshot(string path)
    {
        JsonNode answer = Call("Page.captureScreenshot", new JsonObject { ["format"] = "png" });
        File.WriteAllBytes(path, Convert.FromBase64String((string)answer["data"]!));
    }

    public void Dispose()
    {
        socket.Dispose();
        process?.Kill(entireProcessTree: true);
        process?.WaitForExit();
        process?.Dispose();
    }

    private int Send(string method, JsonObject? parameters)
    {
        int id = ++calls;
        string text = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] }.ToJsonString();
        using CancellationTokenSource limit = new(Limit);
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, limit.Token).GetAwaiter().GetResult();
        return id;
    }

    private JsonNode Call(string method, JsonObject? parameters = null)
    {
        int id = Send(method, parameters);
        using CancellationTokenSource limit = new(Limit);
        while (true)
        {
            JsonNode message = Receive(limit.Token);
            if ((int?)message["id"] == id)
            {
                return message["result"] ?? throw new InvalidOperationException(message.ToJsonString());
            }

            if (IsComplaint(message))
            {
                complaints.Add(Compact().Replace(message["params"]!.ToJsonString(), " "));
            }
        }
    }

    private static bool IsComplaint(JsonNode message) => (string?)message["method"] switch
    {
        "Runtime.exceptionThrown" => true,
        "Log.entryAdded" => (string?)message["params"]?["entry"]?["level"] == "error",
        _ => false,
    };

    private JsonNode Receive(CancellationToken limit)
    {
        using MemoryStream whole = new();
        byte[] part = new byte[1 << 16];
        ValueWebSocketReceiveResult received;
        do
        {
            received = socket.ReceiveAsync(part.AsMemory(), limit).AsTask().GetAwaiter().GetResult();
            whole.Write(part, 0, received.Count);
        }
        while (!received.EndOfMessage);
        return JsonNode.Parse(whole.ToArray()) ?? throw new JsonException("an empty message");
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Compact();
}
