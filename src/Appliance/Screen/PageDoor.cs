using System.Net;
using Appliance.Core;

namespace Appliance.Daemon.Screen;

/// <summary>Who may come in: decides for each request before anything is answered.</summary>
/// <remarks>
/// On loopback without users, whoever is logged in on the box. Else whoever has a session. A page from elsewhere cannot use either: its
/// host name is refused (DNS rebinding), what changes something and what opens a socket must say that it comes from this page (Origin),
/// and the cookie goes with no request from another site (SameSite).
/// </remarks>
public sealed class PageDoor(ScreenSettings settings, Sessions sessions)
{
    private static readonly Visitor Panel = new("the panel", MayAct: true);

    private readonly bool isEncrypted = settings.CertificateFile.Length > 0;

    /// <summary>The prefix makes a browser take the cookie from this host alone, and over TLS alone (RFC 6265bis 4.1.3).</summary>
    public string CookieName => isEncrypted ? "__Host-session" : "session";

    /// <summary>The status that the request is refused with, or null.</summary>
    public int? Refuses(HttpRequest request)
    {
        bool changes = !HttpMethods.IsGet(request.Method) || request.HttpContext.WebSockets.IsWebSocketRequest;
        return IsFromLoopbackOnly && !IsLoopback(request.Host.Host) ? StatusCodes.Status421MisdirectedRequest
            : !HttpMethods.IsGet(request.Method) && !HttpMethods.IsPost(request.Method) ? StatusCodes.Status405MethodNotAllowed
            : changes && !IsFromThisPage(request) ? StatusCodes.Status403Forbidden
            : null;
    }

    /// <summary>Null: whoever asks has to log in first.</summary>
    public Visitor? Find(HttpRequest request) => sessions.IsOpen ? Panel : sessions.Find(request.Cookies[CookieName]);

    public CookieOptions Cookie => new()
    {
        HttpOnly = true,
        Secure = isEncrypted,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        MaxAge = TimeSpan.FromMilliseconds(Limits.SessionLongestMs),
    };

    private bool IsFromLoopbackOnly => IPAddress.IsLoopback(IPAddress.Parse(settings.Address));

    private bool IsFromThisPage(HttpRequest request) =>
        string.Equals(request.Headers.Origin, $"{(isEncrypted ? "https" : "http")}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
