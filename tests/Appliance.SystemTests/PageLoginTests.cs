using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Xunit;

namespace Appliance.SystemTests;

/// <summary>The page opened to the network: TLS, login, and what a stranger gets; Chromium and curl are the judges.</summary>
public sealed class PageLoginTests : IDisposable
{
    private const string LampTest = """{"verb":"LampTest","target":""}""";
    private const string Password = "a lamp that blinks amber";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_stranger_gets_the_login_and_nothing_else_and_whoever_knows_the_password_gets_in()
    {
        PageTests.Needs("curl");
        using RunningAppliance appliance = Opened();
        string page = $"https://127.0.0.1:{appliance.ScreenPort}";

        // 1. Nothing without a session, and nothing without TLS.
        Assert.Equal("302", Curl(page + "/"));
        string[] paths = ["/v1/status", "/v1/watch", "/v1/patients", "/v1/screen", "/v1/view", "/metrics", "/v1/studies/0123456789abcdef"];
        foreach (string path in paths)
        {
            Assert.Contains(Curl(page + path), new[] { "401", "404" });
            Assert.DoesNotContain("schema", Body(page + path), StringComparison.Ordinal);
        }

        Assert.NotEqual("200", Curl(page.Replace("https", "http", StringComparison.Ordinal) + "/login.html"));
        Assert.Equal("35", $"{Command.Run("curl", "-sk", "--tls-max", "1.1", page + "/").ExitCode}");

        // 2. A wrong password, then the right one, typed into the page.
        using Chromium browser = new(scratch.Make("profile"), trustsAnyone: true);
        browser.Size(1280, 800);
        browser.Open(page + "/");
        browser.Until("document.getElementById('login')", Limit);
        LogIn(browser, "wrong");
        browser.Until("document.getElementById('login-told').textContent.includes('wrong')", Limit);
        LogIn(browser, Password);
        browser.Until("document.body.dataset.word === 'ready'", Limit);

        // 3. The cookie is out of reach of scripts; the operator may act; logging out ends it.
        Assert.Equal("", (string?)browser.Evaluate("document.cookie"));
        Assert.Equal("true", (string?)browser.Evaluate("document.body.dataset.mayAct"));
        Assert.True(browser.Evaluate($"fetch('/v1/command', {{ method: 'POST', body: '{LampTest}' }}).then(a => a.ok)")!.GetValue<bool>());
        browser.Evaluate("document.getElementById('leave').click()");
        browser.Until("document.getElementById('login')", Limit);
        Assert.Contains("by anna", appliance.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, appliance.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_session_a_page_from_elsewhere_still_cannot_act_and_a_viewer_may_only_look()
    {
        Place.Needs("curl");
        using RunningAppliance appliance = Opened();
        string page = $"https://127.0.0.1:{appliance.ScreenPort}", jar = scratch["jar"];
        string origin = $"Origin: {page}";
        string answer = Command.Check(
            "curl", "-sk", "-i", "-c", jar, "-H", origin, "--data", $$"""{"name":"ben","password":"{{Password}}"}""", page + "/v1/login");
        Assert.Matches(
            new Regex(
                "set-cookie: __Host-session=[0-9a-f]{64}; max-age=[0-9]+; path=/; secure; samesite=strict; httponly",
                RegexOptions.IgnoreCase),
            answer);
        Assert.Contains("content-security-policy: default-src 'none'; script-src 'self';", answer, StringComparison.OrdinalIgnoreCase);

        Assert.Equal("200", Curl(page + "/v1/status", "-b", jar));
        Assert.Equal("403", Curl(page + "/v1/command", "-b", jar, "--data", LampTest));
        Assert.Equal("403", Curl(page + "/v1/command", "-b", jar, "--data", LampTest, "-H", "Origin: https://elsewhere.example"));
        foreach (string verb in (string[])["LampTest", "ConflictList", "ConflictAccept", "ConflictDiscard"])
        {
            string command = $$"""{"verb":"{{verb}}","target":"0123456789abcdef 01234567-1"}""";
            Assert.Equal("403", Curl(page + "/v1/command", "-b", jar, "--data", command, "-H", origin));
        }

        Assert.Equal("401", Curl(page + "/v1/status", "-b", "__Host-session=" + new string('0', 64)));
    }

    [Fact]
    public void Whoever_guesses_has_to_wait()
    {
        Place.Needs("curl");
        using RunningAppliance appliance = Opened();
        string page = $"https://127.0.0.1:{appliance.ScreenPort}";

        string[] codes =
        [
            .. Enumerable.Range(0, 8).Select(i => Curl(
                page + "/v1/login", "-H", $"Origin: {page}", "--data", $$"""{"name":"anna","password":"guess {{i}}"}""")),
        ];

        Assert.Equal(["401", "401", "401"], codes[..3]);
        Assert.All(codes[3..], code => Assert.Equal("429", code));
        Assert.Contains("a login was refused", appliance.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_network_is_refused_without_certificate_and_users()
    {
        Place.Needs();
        string settings = scratch["open.toml"];
        File.WriteAllText(settings, "[screen]\naddress = \"0.0.0.0\"\n");

        Command check = Command.Run(Place.Daemon, "--settings", settings, "--check");

        Assert.NotEqual(0, check.ExitCode);
        Assert.Contains("encryption and a login", check.Error, StringComparison.Ordinal);
    }

    private static void LogIn(Chromium browser, string password) => browser.Evaluate($$"""
        (() => {
          document.getElementById('name').value = 'anna';
          document.getElementById('password').value = '{{password}}';
          document.querySelector('#login button').click();
        })()
        """);

    /// <summary>The status that curl is answered; 000 for none.</summary>
    private static string Curl(string address, params string[] more) =>
        Command.Run("curl", ["-sk", "-m", "5", "-o", "/dev/null", "-w", "%{http_code}", .. more, address]).Output;

    private static string Body(string address) => Command.Run("curl", "-sk", "-m", "5", address).Output;

    /// <summary>An operator, anna, and a viewer, ben; one password, stored as appliancectl prints it.</summary>
    private RunningAppliance Opened()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        CertificateRequest request = new("CN=appliance", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(scratch["page.pem"], made.ExportCertificatePem());
        File.WriteAllText(scratch["page.key"], key.ExportPkcs8PrivateKeyPem());
        string stored = Stored();
        return new RunningAppliance(
            scratch["box"],
            $"""
            address = "0.0.0.0"
            certificate_file = "{scratch["page.pem"]}"
            key_file = "{scratch["page.key"]}"
            [[screen_user]]
            name = "anna"
            {stored}
            role = "operator"
            [[screen_user]]
            name = "ben"
            {stored}
            """);
    }

    private string Stored()
    {
        File.WriteAllText(scratch["typed"], Password + "\n");
        string line = Command.Check("sh", "-c", $"'{Place.Ctl}' password < '{scratch["typed"]}'").Trim();
        Assert.Matches("^password = \"pbkdf2-sha256:[0-9]+:[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+\"$", line);
        return line;
    }
}
