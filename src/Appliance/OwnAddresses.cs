using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Appliance.Daemon;

/// <summary>This machine's addresses, as a technologist dials them at the scanner.</summary>
public static class OwnAddresses
{
    /// <summary>IPv4, without the loopback.</summary>
    public static IEnumerable<string> All() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(each => each.OperationalStatus == OperationalStatus.Up && each.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(each => each.GetIPProperties().UnicastAddresses)
        .Select(each => each.Address)
        .Where(address => address.AddressFamily == AddressFamily.InterNetwork)
        .Select(address => address.ToString());
}
