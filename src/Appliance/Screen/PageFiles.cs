namespace Appliance.Daemon.Screen;

/// <summary>The files of the page, which are part of the program: the browser loads nothing from anywhere else.</summary>
public static class PageFiles
{
    /// <summary>How they are named among the resources of the program (Appliance.csproj).</summary>
    private const string Prefix = "page/";

    /// <summary>The file of a request path, or null where there is none; "/" is the page itself.</summary>
    public static (string ContentType, byte[] Content)? Find(string path)
    {
        string name = path == "/" ? "index.html" : path[1..];
        using Stream? resource = typeof(PageFiles).Assembly.GetManifestResourceStream(Prefix + name);
        if (resource is null)
        {
            return null;
        }

        byte[] content = new byte[resource.Length];
        resource.ReadExactly(content);
        return (ContentTypeOf(name), content);
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
