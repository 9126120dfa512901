using System.Device.Gpio.Drivers;
using Appliance.Core;

namespace Appliance.Board;

/// <summary>One part of the panel, opened when it is there: a part that is missing is told, and tried again from time to time.</summary>
/// <param name="open">Opens it. What it returns shows the lamp so long after that began; it is disposed of when it fails.</param>
internal sealed class PanelPart(string name, Func<IShowing> open) : IDisposable
{
    private IShowing? showing;
    private TimeSpan tryAgain;

    /// <summary>Why it shows nothing; null where it works.</summary>
    public string? Trouble { get; private set; }

    /// <param name="at">Since the panel began.</param>
    /// <param name="since">Since the lamp changed.</param>
    public void Show(Lamp lamp, TimeSpan at, TimeSpan since)
    {
        if (showing is null && at < tryAgain)
        {
            return;
        }

        try
        {
            showing ??= open();
            showing.Show(lamp, since);
            Trouble = null;
        }
        catch (Exception missing) when (IsMissing(missing))
        {
            Trouble = $"{name}: {missing.Message.Split('\n')[0]}";
            tryAgain = at + TimeSpan.FromMilliseconds(Limits.ReopenMs);
            Dispose();
        }
    }

    public void Dispose()
    {
        try
        {
            showing?.Dispose();
        }
        catch (Exception gone) when (IsMissing(gone))
        {
            // It cannot even be closed: it is gone.
        }

        showing = null;
    }

    /// <summary>How the drivers say that something is not there: the device, its library, the line.</summary>
    private static bool IsMissing(Exception failure) =>
        DiskFault.Is(failure) || failure is DllNotFoundException or PlatformNotSupportedException or InvalidOperationException
            or ArgumentException or TimeoutException or GpiodException;
}

/// <summary>What shows the lamp in its own way.</summary>
internal interface IShowing : IDisposable
{
    void Show(Lamp lamp, TimeSpan since);
}
