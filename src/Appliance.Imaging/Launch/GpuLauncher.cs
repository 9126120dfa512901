using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Appliance.Core;
using Appliance.Kernels;

namespace Appliance.Imaging.Launch;

/// <summary>One card, by the CUDA driver. Its kernels are compiled by the driver when they are first launched.</summary>
public sealed unsafe class GpuLauncher : Launcher
{
    private const int LogBytes = 4096;

    private readonly CudaDriver driver;
    private readonly int device;
    private readonly nint context;
    private readonly Lock gate = new();
    private readonly Dictionary<string, GpuKernel> kernels = new(StringComparer.Ordinal);
    private readonly List<nint> modules = [];

    private GpuLauncher(CudaDriver driver, int ordinal, int device, string name, int capability, nint context, TimeSpan patience)
    {
        (this.driver, this.device, this.context) = (driver, device, context);
        (Ordinal, Capability, Patience) = (ordinal, capability, patience);
        Name = $"GPU {ordinal}, {name}";
    }

    public override string Name { get; }

    public override bool IsGpu => true;

    public int Ordinal { get; }

    /// <summary>Compute capability, 10 * major + minor.</summary>
    public int Capability { get; }

    /// <summary>It failed or hangs: nobody asks it for anything any more, not even for its memory: that could wait for ever.</summary>
    public bool IsLost { get; private set; }

    internal CudaDriver Driver => driver;

    internal TimeSpan Patience { get; }

    /// <summary>A card, ready for launches; or why it cannot be used.</summary>
    /// <param name="patience">How long one step may take before the card counts as hanging.</param>
    public static Outcome<GpuLauncher> Open(CudaDriver driver, int ordinal, TimeSpan patience)
    {
        int device = 0, major = 0, minor = 0;
        byte* text = stackalloc byte[128];
        string asked = $"GPU {ordinal}: ";
        Refusal? refusal = driver.Failure(driver.DeviceGet(&device, ordinal), asked + "cuDeviceGet")
            ?? driver.Failure(driver.DeviceGetName(text, 128, device), asked + "cuDeviceGetName")
            ?? driver.Failure(driver.DeviceGetAttribute(&major, CudaAttribute.ComputeMajor, device), asked + "compute capability")
            ?? driver.Failure(driver.DeviceGetAttribute(&minor, CudaAttribute.ComputeMinor, device), asked + "compute capability");
        if (refusal is not null)
        {
            return refusal;
        }

        string name = Marshal.PtrToStringUTF8((nint)text) ?? "unnamed";
        int capability = (major * 10) + minor, oldest = PtxLibrary.OldestCapability;
        if (capability < oldest)
        {
            return new Refusal(
                RefusalReason.NotReachable,
                $"GPU {ordinal}, {name}, is too old: compute capability {major}.{minor}, {oldest / 10}.{oldest % 10} is needed");
        }

        nint context = 0;
        refusal = driver.Failure(driver.DevicePrimaryCtxRetain(&context, device), asked + "cuDevicePrimaryCtxRetain");
        return refusal is not null ? refusal : new GpuLauncher(driver, ordinal, device, name, capability, context, patience);
    }

    public override Outcome<LaunchQueue> NewQueue(long scratchBytes)
    {
        Outcome<Arena> scratch = NewArena(scratchBytes);
        if (scratch.Refused)
        {
            return scratch.Refusal;
        }

        nint stream = 0, start = 0, stop = 0;
        const uint NonBlocking = 1;
        Refusal? refusal = Failure(driver.StreamCreate(&stream, NonBlocking), "cuStreamCreate")
            ?? Failure(driver.EventCreate(&start, 0), "cuEventCreate")
            ?? Failure(driver.EventCreate(&stop, 0), "cuEventCreate");
        GpuQueue queue = new(this, scratch.Value, stream, start, stop);
        if (refusal is not null)
        {
            queue.Dispose();
            return refusal;
        }

        return queue;
    }

    public override Outcome<Arena> NewArena(long bytes)
    {
        void* host = null;
        ulong device = 0;
        const uint Portable = 1;
        nuint size = (nuint)Math.Max(0, bytes) + Slack.Bytes;
        Refusal? refusal = Enter()
            ?? Failure(driver.MemHostAlloc(&host, size, Portable), $"{bytes} bytes of pinned memory (cuMemHostAlloc)")
            ?? Failure(driver.MemAlloc(&device, size), $"{bytes} bytes of its memory (cuMemAlloc)");
        if (refusal is null)
        {
            return new Arena((nint)host, (long)device, bytes, Free);
        }

        if (host != null)
        {
            driver.MemFreeHost(host);
        }

        return refusal.Reason == RefusalReason.OutOfMemory ? WithNumbers(refusal) : refusal;
    }

    /// <summary>What the card's memory could give at best: clock times bus width, twice a cycle. 0 where the driver does not say.</summary>
    public double QueriedBytesPerSecond()
    {
        int khz = 0, bits = 0;
        driver.DeviceGetAttribute(&khz, CudaAttribute.MemoryClockKhz, device);
        driver.DeviceGetAttribute(&bits, CudaAttribute.MemoryBusBits, device);
        return 2.0 * khz * 1000 * bits / 8;
    }

    /// <summary>Makes the card the calling thread's.</summary>
    internal Refusal? Enter() => IsLost
        ? new Refusal(RefusalReason.GpuFailed, $"{Name} has failed before")
        : Failure(driver.CtxSetCurrent(context), "cuCtxSetCurrent");

    internal Refusal? Failure(int result, string asked)
    {
        if (result == CudaResult.Success)
        {
            return null;
        }

        Refusal refusal = driver.Failure(result, $"{Name}: {asked}")!;
        IsLost |= refusal.Reason == RefusalReason.GpuFailed;
        return refusal;
    }

    /// <summary>The work in hand has not ended in time.</summary>
    internal Refusal Hangs(string kernel)
    {
        IsLost = true;
        return new Refusal(RefusalReason.GpuFailed, $"{Name}: {kernel} has not ended after {Patience.TotalSeconds:F0} s");
    }

    /// <summary>The function that a kernel's struct is launched by, compiled now if it has not been.</summary>
    internal Refusal? Find(string name, int parameterBytes, out GpuKernel kernel)
    {
        lock (gate)
        {
            if (kernels.TryGetValue(name, out kernel))
            {
                return null;
            }

            if (PtxLibrary.Find(name, Capability) is not PtxKernel ptx || ptx.ParameterBytes != parameterBytes)
            {
                return new Refusal(RefusalReason.BadLaunch, $"kernel {name} of {parameterBytes} bytes is not in the launch table");
            }

            Refusal? refusal = Load(ptx, out nint function);
            if (refusal is null)
            {
                kernels[name] = kernel = new GpuKernel(function, ptx.BlockX, ptx.BlockY, ptx.BlockZ);
            }

            return refusal;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (IsLost)
        {
            return;
        }

        Enter();
        modules.ForEach(module => driver.ModuleUnload(module));
        driver.DevicePrimaryCtxRelease(device);
        IsLost = true;
    }

    private Refusal? Load(PtxKernel ptx, out nint function)
    {
        const int ErrorLogBuffer = 5, ErrorLogBufferBytes = 6;
        byte* log = stackalloc byte[LogBytes];
        log[0] = 0;
        int* options = stackalloc int[] { ErrorLogBuffer, ErrorLogBufferBytes };
        void** values = stackalloc void*[] { log, (void*)LogBytes };
        nint module = 0, found = 0;
        int result;
        fixed (byte* text = ptx.Ptx)
        {
            result = driver.ModuleLoadDataEx(&module, text, 2, options, values);
        }

        string said = (Marshal.PtrToStringUTF8((nint)log) ?? "").ReplaceLineEndings(" ").Trim();
        Refusal? refusal = Failure(result, said.Length == 0 ? $"PTX of {ptx.Name}" : $"PTX of {ptx.Name}: {said}");
        if (refusal is null)
        {
            modules.Add(module);
            fixed (byte* entry = Encoding.ASCII.GetBytes(ptx.Name + "\0"))
            {
                refusal = Failure(driver.ModuleGetFunction(&found, module, entry), $"entry {ptx.Name}");
            }
        }

        function = found;
        return refusal;
    }

    private Refusal WithNumbers(Refusal refusal)
    {
        nuint free = 0, total = 0;
        return driver.MemGetInfo(&free, &total) == CudaResult.Success
            ? refusal with { Text = $"{refusal.Text}; {free} of {total} bytes are free" }
            : refusal;
    }

    private void Free(Arena arena)
    {
        if (Enter() is null)
        {
            driver.MemFree((ulong)arena.Machine);
            driver.MemFreeHost((void*)arena.Host);
        }
    }
}

/// <summary>A kernel on one card.</summary>
internal readonly record struct GpuKernel(nint Function, int BlockX, int BlockY, int BlockZ);
