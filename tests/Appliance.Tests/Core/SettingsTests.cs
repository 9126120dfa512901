using Appliance.Core;
using Appliance.Tests.House;
using Xunit;

namespace Appliance.Tests.Core;

public sealed class SettingsTests
{
    [Fact]
    public void No_file_at_all_gives_sensible_settings()
    {
        Settings settings = Good(string.Empty);

        Assert.Equal("APPLIANCE", settings.Listener.AeTitle);
        Assert.Equal(11112, settings.Listener.Port);
        Assert.Equal("/run/appliance/appliance.sock", settings.SocketPath);
        Assert.Equal(Settings.DefaultSocketPath, settings.SocketPath);
        Assert.Empty(settings.Destinations);
        AssertSame(new Settings(), settings);
    }

    [Fact]
    public void The_example_file_says_what_holds_without_it()
    {
        AssertSame(new Settings(), Good(Example()));
    }

    [Fact]
    public void The_example_destination_says_what_holds_without_its_keys()
    {
        Settings full = Good(WithDestination(Example()));
        Settings least = Good("[[destination]]\nname = \"pacs\"\nae_title = \"PACS\"\nhost = \"pacs.example.org\"\n");

        Assert.Equal(Assert.Single(least.Destinations), Assert.Single(full.Destinations));
    }

    [Fact]
    public void A_modality_has_an_address_and_a_title_of_its_own()
    {
        const string One = "[[modality]]\nae_title = \"CT1\"\nhost = \"ct1\"\nport = 11113\n";

        ModalitySettings modality = Assert.Single(Good("[listener]\nae_title = \"BOX\"\n" + One).Modalities);

        Assert.Equal(new ModalitySettings { AeTitle = "CT1", Host = "ct1", Port = 11113, CallingAe = "BOX" }, modality);
        Assert.Contains(Bad(One + One), error => error.Line == 6 && error.Problem.Contains("second time", StringComparison.Ordinal));
        Assert.Contains(Bad("[[modality]]\nhost = \"ct1\"\n"), error => error.Key.EndsWith("ae_title", StringComparison.Ordinal));
    }

    [Fact]
    public void The_example_file_mentions_every_key()
    {
        // An unknown key is answered by the list of the known ones: those lists are the keys there are.
        string[] sections = ["[listener]", "[analysis]", "[disk]", "[screen]", "[[screen_user]]", "[[destination]]"];
        string bad = "x = 1\n" + string.Concat(sections.Select(name => $"{name}\nx = 1\n"));
        string example = Example().Replace("\n# ", "\n", StringComparison.Ordinal);
        int keys = 0;
        foreach (SettingsError error in Bad(bad).Where(e => e.Problem.Contains("unknown", StringComparison.Ordinal)))
        {
            foreach (string key in error.Remedy["Known here are ".Length..].TrimEnd('.').Split(", "))
            {
                Assert.Contains($"\n{key} = ", example);
                keys++;
            }
        }

        Assert.True(keys >= 20, $"only {keys} keys were found");
    }

    [Fact]
    public void Everything_that_can_be_set_is_read()
    {
        Settings settings = Good("""
            data_dir = "/d"
            listener.port = 104
            disk = { remove_above_percent = 90, refuse_below_free_mib = 1 }
            [analysis]
            quiet_time_s = 2
            device = "cpu"
            [screen]
            enabled = false
            address = "::1"
            port = 0
            names_hidden_after_s = 7.5
            [[destination]]
            name = "a"
            ae_title = "A"
            host = "10.0.0.1"
            send = ["seg", "sr"]
            [[destination]]
            name = "b"
            ae_title = "B"
            host = "::1"
            port = 4242
            calling_ae = "ME"
            keep_empty_frames = true
            retry_first_s = 0.5
            paused = true
            """);

        Assert.Equal("/d", settings.DataDirectory);
        Assert.Equal(104, settings.Listener.Port);
        Assert.Equal(90, settings.Disk.RemoveAbovePercent);
        Assert.Equal(1 << 20, settings.Disk.RefuseBelowFreeBytes);
        Assert.Equal(TimeSpan.FromSeconds(2), settings.Analysis.QuietTime);
        Assert.Equal(ComputeChoice.Cpu, settings.Analysis.Device);
        Assert.Equal(
            new ScreenSettings { Enabled = false, Address = "::1", Port = 0, NamesHiddenAfter = TimeSpan.FromSeconds(7.5) },
            settings.Screen);
        Assert.Equal(["a", "b"], settings.Destinations.Select(d => d.Name));
        Assert.Equal(Sends.Segmentations | Sends.Reports, settings.Destinations[0].Send);
        Assert.Equal("APPLIANCE", settings.Destinations[0].CallingAe);
        Assert.Equal(TimeSpan.FromSeconds(0.5), settings.Destinations[1].RetryFirst);
        Assert.True(settings.Destinations[1] is { Paused: true, KeepEmptyFrames: true, CallingAe: "ME", Port: 4242 });
    }

    [Fact]
    public void All_errors_come_at_once_each_with_its_line_and_a_remedy()
    {
        IReadOnlyList<SettingsError> errors = Bad("""
            data_dir = "relative"
            colour = "blue"
            [listener]
            port = 70000
            ae_title = "MUCH TOO LONG A TITLE"
            accept_calling_ae = ["OK", "back\\slash", 5]
            [analysis]
            quiet_time_s = "10 s"
            [lamp]
            on = true
            [disk]
            remove_above_percent = 50
            [[destination]]
            name = "p a c s"
            host = "h"
            send = ["originals", "pictures"]
            """);

        Assert.Equal(
            [
                (1, "data_dir"), (2, "colour"), (4, "listener.port"), (5, "listener.ae_title"), (6, "listener.accept_calling_ae"),
                (6, "listener.accept_calling_ae"), (8, "analysis.quiet_time_s"), (9, "lamp"), (11, "disk.remove_to_percent"),
                (13, "destination 1.ae_title"), (14, "destination 1.name"), (16, "destination 1.send"),
            ],
            errors.Select(e => (e.Line, e.Key)));
        Assert.All(errors, e => Assert.EndsWith(".", e.Remedy, StringComparison.Ordinal));
        Assert.All(errors, e => Assert.EndsWith(".", e.Problem, StringComparison.Ordinal));
    }

    [Fact]
    public void With_a_certificate_and_a_user_the_page_may_be_opened_to_the_network()
    {
        string stored = PasswordHash.Make("correct horse battery");

        Settings settings = Good($"""
            [screen]
            address = "0.0.0.0"
            certificate_file = "/etc/appliance/page.pem"
            key_file = "/etc/appliance/page.key"
            [[screen_user]]
            name = "anna"
            password = "{stored}"
            role = "operator"
            [[screen_user]]
            name = "ben"
            password = "{stored}"
            """);

        Assert.Equal([new ScreenUser("anna", stored, true), new ScreenUser("ben", stored, false)], settings.Screen.Users);
        Assert.Equal("/etc/appliance/page.pem", settings.Screen.CertificateFile);
    }

    [Fact]
    public void A_password_that_is_written_where_its_hash_belongs_is_refused_and_not_repeated()
    {
        IReadOnlyList<SettingsError> errors = Bad("[[screen_user]]\nname = \"anna\"\npassword = \"correct horse battery\"\n");

        SettingsError error = Assert.Single(errors);
        Assert.Equal((3, "screen_user 1.password"), (error.Line, error.Key));
        Assert.DoesNotContain("horse", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certificate_file = \"/c\"")]
    [InlineData("key_file = \"/k\"")]
    public void A_certificate_without_its_key_is_refused(string line) => Assert.Single(Bad($"[screen]\n{line}\n"));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.168.1.5")]
    [InlineData("::")]
    public void The_page_is_not_opened_to_the_network_without_encryption_and_a_login(string address)
    {
        SettingsError error = Assert.Single(Bad($"[screen]\naddress = \"{address}\"\n"));

        Assert.Equal((2, "screen.address"), (error.Line, error.Key));
        Assert.Contains("encryption and a login", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a = \n", 1)]
    [InlineData("\n\nport 5\n", 3)]
    [InlineData("[listener\nport = 5\n", 1)]
    [InlineData("[listener]\nport = 5\nport = 6\n", 3)]
    [InlineData("[listener]\nport = 5\n\n[listener]\nport = 6\n", 4)]
    [InlineData("data_dir = \"/a\" data_dir = 5", 1)]
    [InlineData("\0\u0001\u0002", 1)]
    public void A_text_that_is_not_TOML_is_refused_with_the_line(string toml, int line)
    {
        Assert.Equal(line, Bad(toml)[0].Line);
    }

    [Fact]
    public void Every_beginning_of_the_example_is_read_or_refused_but_never_throws()
    {
        string example = WithDestination(Example());
        for (int length = 0; length < example.Length; length += 7)
        {
            (Settings? settings, IReadOnlyList<SettingsError> errors) = Settings.Read(example[..length]);
            Assert.Equal(settings is null, errors.Count > 0);
        }
    }

    [Fact]
    public void Two_destinations_of_one_name_are_refused()
    {
        const string One = "[[destination]]\nname = \"pacs\"\nae_title = \"PACS\"\nhost = \"h\"\n";

        SettingsError error = Assert.Single(Bad(One + One));

        Assert.Equal((6, "destination 2.name"), (error.Line, error.Key));
    }

    private static Settings Good(string toml)
    {
        (Settings? settings, IReadOnlyList<SettingsError> errors) = Settings.Read(toml);
        Assert.Empty(errors);
        Assert.NotNull(settings);
        return settings;
    }

    private static IReadOnlyList<SettingsError> Bad(string toml)
    {
        (Settings? settings, IReadOnlyList<SettingsError> errors) = Settings.Read(toml);
        Assert.Null(settings);
        Assert.NotEmpty(errors);
        return errors;
    }

    private static void AssertSame(Settings expected, Settings actual)
    {
        Assert.Equal(expected.Listener.AcceptCallingAe, actual.Listener.AcceptCallingAe);
        Assert.Equal(expected.Destinations, actual.Destinations);
        Assert.Equal(expected.Modalities, actual.Modalities);
        Settings same = actual with
        {
            Destinations = expected.Destinations,
            Modalities = expected.Modalities,
            Listener = actual.Listener with { AcceptCallingAe = expected.Listener.AcceptCallingAe },
        };
        Assert.Equal(expected, same);
    }

    private static string Example() => File.ReadAllText(Path.Combine(Checkout.Root, "image/appliance.toml"));

    /// <summary>Takes the # away before the lines of the example destination.</summary>
    private static string WithDestination(string example)
    {
        int at = example.IndexOf("# [[destination]]", StringComparison.Ordinal);
        return example[..at] + example[at..].Replace("\n# ", "\n", StringComparison.Ordinal)[2..];
    }
}
