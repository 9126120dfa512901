using System.Diagnostics;
using System.Text.Json;

namespace Appliance.SystemTests;

/// <summary>Debian's Orthanc as a PACS, on free ports, with its data in one folder.</summary>
internal sealed class OrthancServer : IDisposable
{
    public const string DicomWebPlugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";

    private readonly Process process;
    private readonly HttpClient http;

    /// <param name="dicomWeb">With the plugin of Debian's orthanc-dicomweb.</param>
    public OrthancServer(string folder, bool dicomWeb = false)
    {
        Directory.CreateDirectory(folder);
        DicomPort = Place.FreePort();
        HttpPort = Place.FreePort();
        string configuration = Path.Combine(folder, "orthanc.json");
        File.WriteAllText(
            configuration,
            $$"""
            {
              "StorageDirectory": "{{folder}}/storage", "IndexDirectory": "{{folder}}/storage",
              "DicomPort": {{DicomPort}}, "HttpPort": {{HttpPort}},
              "DicomAet": "PACS", "RemoteAccessAllowed": false, "AuthenticationEnabled": false, "DicomAlwaysAllowStore": true,
              "Plugins": [{{(dicomWeb ? $"\"{DicomWebPlugin}\"" : "")}}]
            }
            """);
        process = Command.Start("Orthanc", configuration);
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{HttpPort}/") };
        Wait.Until(() => StoreScp.Listens(DicomPort) && StoreScp.Listens(HttpPort), "Orthanc listens", TimeSpan.FromSeconds(60));
    }

    public int DicomPort { get; }

    public int HttpPort { get; }

    public int StudyCount() => List("studies").Length;

    /// <summary>Every instance as Orthanc stored it.</summary>
    public void Download(string folder)
    {
        foreach (string id in List("instances"))
        {
            File.WriteAllBytes(Path.Combine(folder, id + ".dcm"), http.GetByteArrayAsync($"instances/{id}/file").GetAwaiter().GetResult());
        }
    }

    public void Dispose()
    {
        http.Dispose();
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private string[] List(string what)
    {
        using JsonDocument document = JsonDocument.Parse(http.GetStringAsync(what).GetAwaiter().GetResult());
        return [.. document.RootElement.EnumerateArray().Select(id => id.GetString()!)];
    }
}
