namespace Appliance.Daemon;

/// <summary>Failures in words that may be logged.</summary>
public static class Text
{
    /// <summary>
    /// The kind of failure and where it came up; the message only where it is the system's own, which holds no patient data.
    /// </summary>
    public static string Of(Exception failure)
    {
        string what = failure is IOException ? $"{failure.GetType().Name}: {failure.Message}" : failure.GetType().Name;
        string? at = failure.StackTrace?.Split('\n', 2)[0].Trim();
        return at is null ? what : $"{what} ({at})";
    }
}
