using System.Diagnostics;
using System.Text.Json;
using Appliance.Tests.House;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>dcmjs-dimse (npm) as a modality: tests/peers/normalized.js, one JSON object for each answer it got.</summary>
internal sealed class DimsePeer : IDisposable
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "tests", "peers");

    private readonly Process process;

    public DimsePeer(params string[] arguments)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/node") || File.Exists("/usr/local/bin/node"), "node is not installed");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "node_modules", "dcmjs-dimse")),
            "dcmjs-dimse is not installed: npm ci --prefix tests/peers");
        process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Folder, "normalized.js"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
    }

    /// <summary>The next answer that it prints; between them it logs.</summary>
    public async Task<JsonElement> NextAsync()
    {
        JsonElement? next = await ReadAsync().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.True(next is not null, "the peer ended");
        return next.Value;
    }

    /// <summary>All answers that it prints until it ends by itself.</summary>
    public async Task<IReadOnlyList<JsonElement>> AllAsync()
    {
        List<JsonElement> all = [];
        while (await ReadAsync().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken) is JsonElement next)
        {
            all.Add(next);
        }

        return all;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    private async Task<JsonElement?> ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is string line)
        {
            if (line.StartsWith('{'))
            {
                using JsonDocument document = JsonDocument.Parse(line);
                return document.RootElement.Clone();
            }
        }

        return null;
    }
}
