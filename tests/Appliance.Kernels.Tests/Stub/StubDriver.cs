using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Appliance.Core;
using Appliance.Imaging.Launch;
using Appliance.Kernels.Tests.Harness;
using Xunit;

namespace Appliance.Kernels.Tests.Stub;

/// <summary>A libcuda.so.1 that runs the PTX of this build on the CPU and fails as it is told (stub.c).</summary>
public sealed unsafe class StubDriver : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, Lazy<string>> Made = [];
    private readonly string copy;
    private readonly nint library;

    /// <param name="configuration">Words as stub.c explains.</param>
    public StubDriver(string configuration = "", string define = "")
    {
        // Each test its own: the same file loaded twice is one library with one state.
        copy = Path.Combine(Path.GetTempPath(), $"stub-cuda-{Guid.NewGuid():N}.so");
        File.Copy(Build(define), copy);
        library = NativeLibrary.Load(copy);
        Configure(configuration);
    }

    public int GraphLaunches => ((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "stub_graph_launches"))();

    /// <summary>What was made and not given back.</summary>
    public int Live => ((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "stub_live"))();

    public int Launches(int device) => ((delegate* unmanaged<int, int>)NativeLibrary.GetExport(library, "stub_launches"))(device);

    public void Configure(string configuration)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(configuration + "\0"))
        {
            ((delegate* unmanaged<byte*, int>)NativeLibrary.GetExport(library, "stub_configure"))(text);
        }
    }

    public Outcome<CudaDriver> Open() => CudaDriver.Open(copy);

    /// <summary>One of its cards.</summary>
    public GpuLauncher Gpu(int ordinal = 0, TimeSpan? patience = null)
    {
        Outcome<CudaDriver> driver = Open();
        Assert.Null(driver.Refusal);
        Outcome<GpuLauncher> gpu = GpuLauncher.Open(driver.Value!, ordinal, patience ?? TimeSpan.FromSeconds(60));
        Assert.Null(gpu.Refusal);
        return gpu.Value!;
    }

    /// <summary>The library stays loaded: a thread of a failed card may still be in it. Its file goes.</summary>
    public void Dispose() => File.Delete(copy);

    /// <summary>The library for a whole process: the folder to name in LD_LIBRARY_PATH.</summary>
    public static string Folder => Path.GetDirectoryName(Build(""))!;

    private static string Build(string define)
    {
        lock (Gate)
        {
            // Once, even where it fails: hundreds of tests ask for it.
            Made.TryAdd(define, new Lazy<string>(() => Compile(define)));
            return Made[define].Value;
        }
    }

    /// <summary>Compiled once for each text of the kernels, of the stub and of the translation.</summary>
    private static string Compile(string define)
    {
        string source = Path.Combine(Root(), "tests/Appliance.Kernels.Tests/Stub");
        string stub = File.ReadAllText(Path.Combine(source, "stub.c")), header = File.ReadAllText(Path.Combine(source, "stub.h"));
        string kernels = PtxToC.Translate(KernelImages.All);
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stub + header + kernels + define)))[..16];
        string folder = Path.Combine(Root(), "out/stub", key), made = Path.Combine(folder, CudaDriver.Library);
        if (!File.Exists(made))
        {
            string work = Directory.CreateDirectory(folder + "." + Guid.NewGuid().ToString("N")).FullName;
            File.WriteAllText(Path.Combine(work, "kernels.c"), kernels);
            string[] defines = define.Length == 0 ? [] : ["-D" + define];
            Run("gcc", work,
                ["-O2", "-ffp-contract=off", "-fwrapv", "-fno-strict-aliasing", "-fPIC", "-shared", "-w", "-I", source, .. defines,
                    "-o", CudaDriver.Library, "kernels.c", Path.Combine(source, "stub.c"), "-lm", "-lpthread"]);
            if (!Directory.Exists(folder))
            {
                Directory.Move(work, folder);
            }
        }

        return made;
    }

    private static void Run(string program, string folder, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardError = true,
        })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {errors}");
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Appliance.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("the tests run outside the checkout");
    }
}
