using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Debian's Orthanc as one that asks for storage commitment and waits for the report on an association to itself.</summary>
internal sealed class OrthancPeer : IDisposable
{
    private readonly Process process;
    private readonly HttpClient http;

    public OrthancPeer(string folder)
    {
        string program = "/usr/sbin/Orthanc";
        Assert.SkipUnless(File.Exists(program), "Orthanc is not installed (Debian: orthanc)");
        Directory.CreateDirectory(folder);
        DicomPort = Receiver.FreePort();
        int port = Receiver.FreePort();
        File.WriteAllText(
            Path.Combine(folder, "orthanc.json"),
            $$"""
            {
              "StorageDirectory": "{{folder}}/storage", "IndexDirectory": "{{folder}}/storage", "DicomPort": {{DicomPort}},
              "HttpPort": {{port}}, "DicomAet": "ORTHANC", "RemoteAccessAllowed": false, "AuthenticationEnabled": false, "Plugins": []
            }
            """);
        process = Process.Start(new ProcessStartInfo(program, [Path.Combine(folder, "orthanc.json")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
    }

    public int DicomPort { get; }

    /// <summary>Tells it where that AE is; waits until it listens.</summary>
    public async Task Knows(string aeTitle, int port)
    {
        await UntilAsync(async () =>
        {
            HttpResponseMessage answer = await http.PutAsJsonAsync("modalities/peer", (object[])[aeTitle, "127.0.0.1", port]);
            return answer.IsSuccessStatusCode ? answer : null;
        });
    }

    /// <summary>Asks for commitment, and what it was told.</summary>
    public async Task<JsonElement> AskAsync(params (string Class, string Uid)[] instances)
    {
        HttpResponseMessage asked = await http.PostAsJsonAsync(
            "modalities/peer/storage-commitment",
            new { DicomInstances = instances.Select(each => new { SOPClassUID = each.Class, SOPInstanceUID = each.Uid }) },
            JsonSerializerOptions.Default);
        Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync());
        string id = (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ID").GetString()!;
        return await UntilAsync(async () =>
        {
            JsonElement report = await http.GetFromJsonAsync<JsonElement>($"storage-commitment/{id}");
            return report.GetProperty("Status").GetString() == "Pending" ? (JsonElement?)null : report;
        }) ?? default;
    }

    public void Dispose()
    {
        http.Dispose();
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T?>> found)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                if (await found() is T result)
                {
                    return result;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
