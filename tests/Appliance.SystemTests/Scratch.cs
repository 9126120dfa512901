namespace Appliance.SystemTests;

/// <summary>A folder of one test, removed with it.</summary>
internal sealed class Scratch : IDisposable
{
    public Scratch() => Folder = Directory.CreateTempSubdirectory("appliance-").FullName;

    public string Folder { get; }

    public string this[string name] => Path.Combine(Folder, name);

    public string Make(string name) => Directory.CreateDirectory(this[name]).FullName;

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("KEEP_SCRATCH") is null)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
