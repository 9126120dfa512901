using System.Net;

namespace Appliance.Core;

/// <summary>The sections <c>[screen]</c> and <c>[[screen_user]]</c> of the settings, and what one demands of the other.</summary>
internal static class ScreenReader
{
    private const string Viewer = "viewer";
    private const string Operator = "operator";

    public static ScreenSettings Read(SettingsText text, List<SettingsError> errors)
    {
        ScreenSettings absent = new();
        SettingsSection section = text.Section("screen");
        ScreenSettings screen = new()
        {
            Enabled = section.Flag("enabled", absent.Enabled),
            Address = section.Text("address", absent.Address, SettingsReader.Address),
            Port = (int)section.Whole("port", absent.Port, IPEndPoint.MinPort, IPEndPoint.MaxPort),
            NamesHiddenAfter = section.Seconds("names_hidden_after_s", absent.NamesHiddenAfter, 1, Limits.NamesHiddenAfterLongestS),
            CertificateFile = section.Text("certificate_file", absent.CertificateFile, FileOrNone),
            KeyFile = section.Text("key_file", absent.KeyFile, FileOrNone),
            Users = Users(text, errors) is { Count: > 0 } users ? users : absent.Users,
        };
        if (screen.CertificateFile.Length == 0 != (screen.KeyFile.Length == 0))
        {
            section.Error(
                section.LineOf("certificate_file"), "certificate_file", "A certificate needs its key, and a key its certificate.",
                "Write both certificate_file and key_file, or none.");
        }

        // Patients' images are shown there and studies acted upon: over a network only to those who say who they are, and unheard.
        if (!IPAddress.IsLoopback(IPAddress.Parse(screen.Address)) && (screen.CertificateFile.Length == 0 || screen.Users.Count == 0))
        {
            section.Error(
                section.LineOf("address"), "address", $"\"{screen.Address}\" opens the page to the network without encryption and a login.",
                "Write \"127.0.0.1\", or give it encryption and a login: certificate_file, key_file and at least one [[screen_user]].");
        }

        return screen;
    }

    private static List<ScreenUser> Users(SettingsText text, List<SettingsError> errors)
    {
        List<ScreenUser> users = [];
        foreach (SettingsSection section in text.Sections.Where(section => section.Name == "screen_user"))
        {
            string name = section.RequiredText("name", UserName);
            string password = Password(section);
            string role = section.Text("role", Viewer, Role);
            section.RefuseTwice("name", name, users.Select(user => user.Name), "Give each user a name of their own.");
            users.Add(new ScreenUser(name, password, role == Operator));
        }

        if (users.Count > Limits.ScreenUsersCount)
        {
            errors.Add(new SettingsError(
                1, "screen_user", $"There are {users.Count} users.", $"At most {Limits.ScreenUsersCount} are possible."));
        }

        return users;
    }

    private static string? Role(string word) => word is Viewer or Operator ? null : $"Write \"{Viewer}\" or \"{Operator}\".";

    private static string? FileOrNone(string path) => path.Length == 0 ? null : SettingsReader.FullPath(path);

    private static string? UserName(string name)
    {
        bool good = name.Length is > 0 and <= Limits.ScreenUserNameChars
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        return good ? null : $"Use 1 to {Limits.ScreenUserNameChars} letters, digits, -, _ or full stops.";
    }

    /// <remarks>The text is not repeated in the message: somebody may have typed the password itself.</remarks>
    private static string Password(SettingsSection section)
    {
        string text = section.RequiredText("password", _ => null);
        if (text.Length > 0 && !PasswordHash.IsOne(text))
        {
            section.Error(
                section.LineOf("password"), "password", "This is no stored password.",
                "Write what appliancectl password prints, never the password itself.");
        }

        return text;
    }
}
