using System.Runtime.InteropServices;
using Appliance.Core;

namespace Appliance.Imaging.Launch;

/// <summary>The functions of the CUDA driver API that the launcher uses, found in the driver's library by name.</summary>
/// <remarks>
/// CUDA Driver API reference, sections 6.2 to 6.24; functions end in _v2 where the header's macros say so. The library is never unloaded:
/// the driver keeps threads of its own in it.
/// </remarks>
public sealed unsafe class CudaDriver
{
    public const string Library = "libcuda.so.1";

    /// <summary>cuGraphInstantiateWithFlags came with CUDA 11.4; so the driver is of series 470 or later.</summary>
    public const int OldestVersion = 11040;

    internal readonly delegate* unmanaged<uint, int> Init;
    internal readonly delegate* unmanaged<int*, int> DriverGetVersion, DeviceGetCount;
    internal readonly delegate* unmanaged<int, byte**, int> GetErrorName;
    internal readonly delegate* unmanaged<int*, int, int> DeviceGet;
    internal readonly delegate* unmanaged<int*, int, int, int> DeviceGetAttribute;
    internal readonly delegate* unmanaged<byte*, int, int, int> DeviceGetName;
    internal readonly delegate* unmanaged<nint*, int, int> DevicePrimaryCtxRetain;
    internal readonly delegate* unmanaged<int, int> DevicePrimaryCtxRelease;
    internal readonly delegate* unmanaged<nint, int> CtxSetCurrent, ModuleUnload, StreamDestroy, StreamQuery;
    internal readonly delegate* unmanaged<nint*, byte*, uint, int*, void**, int> ModuleLoadDataEx;
    internal readonly delegate* unmanaged<nint*, nint, byte*, int> ModuleGetFunction;
    internal readonly delegate* unmanaged<nuint*, nuint*, int> MemGetInfo;
    internal readonly delegate* unmanaged<ulong*, nuint, int> MemAlloc;
    internal readonly delegate* unmanaged<ulong, int> MemFree;
    internal readonly delegate* unmanaged<void**, nuint, uint, int> MemHostAlloc;
    internal readonly delegate* unmanaged<void*, int> MemFreeHost;
    internal readonly delegate* unmanaged<ulong, void*, nuint, nint, int> MemcpyHtoDAsync;
    internal readonly delegate* unmanaged<void*, ulong, nuint, nint, int> MemcpyDtoHAsync;
    internal readonly delegate* unmanaged<ulong, ulong, nuint, nint, int> MemcpyDtoDAsync;
    internal readonly delegate* unmanaged<nint*, uint, int> StreamCreate, EventCreate;
    internal readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> LaunchKernel;
    internal readonly delegate* unmanaged<nint, nint, int> EventRecord, GraphLaunch;
    internal readonly delegate* unmanaged<nint, int> EventDestroy, GraphDestroy, GraphExecDestroy;
    internal readonly delegate* unmanaged<float*, nint, nint, int> EventElapsedTime;
    internal readonly delegate* unmanaged<nint, int, int> StreamBeginCapture;
    internal readonly delegate* unmanaged<nint, nint*, int> StreamEndCapture;
    internal readonly delegate* unmanaged<nint*, nint, ulong, int> GraphInstantiate;

    private readonly nint library;
    private string? missing;

    private CudaDriver(nint library)
    {
        this.library = library;
        Init = (delegate* unmanaged<uint, int>)Find("cuInit");
        DriverGetVersion = (delegate* unmanaged<int*, int>)Find("cuDriverGetVersion");
        DeviceGetCount = (delegate* unmanaged<int*, int>)Find("cuDeviceGetCount");
        GetErrorName = (delegate* unmanaged<int, byte**, int>)Find("cuGetErrorName");
        DeviceGet = (delegate* unmanaged<int*, int, int>)Find("cuDeviceGet");
        DeviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)Find("cuDeviceGetAttribute");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, int>)Find("cuDeviceGetName");
        DevicePrimaryCtxRetain = (delegate* unmanaged<nint*, int, int>)Find("cuDevicePrimaryCtxRetain");
        DevicePrimaryCtxRelease = (delegate* unmanaged<int, int>)Find("cuDevicePrimaryCtxRelease_v2");
        CtxSetCurrent = (delegate* unmanaged<nint, int>)Find("cuCtxSetCurrent");
        ModuleUnload = (delegate* unmanaged<nint, int>)Find("cuModuleUnload");
        StreamDestroy = (delegate* unmanaged<nint, int>)Find("cuStreamDestroy_v2");
        StreamQuery = (delegate* unmanaged<nint, int>)Find("cuStreamQuery");
        ModuleLoadDataEx = (delegate* unmanaged<nint*, byte*, uint, int*, void**, int>)Find("cuModuleLoadDataEx");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)Find("cuModuleGetFunction");
        MemGetInfo = (delegate* unmanaged<nuint*, nuint*, int>)Find("cuMemGetInfo_v2");
        MemAlloc = (delegate* unmanaged<ulong*, nuint, int>)Find("cuMemAlloc_v2");
        MemFree = (delegate* unmanaged<ulong, int>)Find("cuMemFree_v2");
        MemHostAlloc = (delegate* unmanaged<void**, nuint, uint, int>)Find("cuMemHostAlloc");
        MemFreeHost = (delegate* unmanaged<void*, int>)Find("cuMemFreeHost");
        MemcpyHtoDAsync = (delegate* unmanaged<ulong, void*, nuint, nint, int>)Find("cuMemcpyHtoDAsync_v2");
        MemcpyDtoHAsync = (delegate* unmanaged<void*, ulong, nuint, nint, int>)Find("cuMemcpyDtoHAsync_v2");
        MemcpyDtoDAsync = (delegate* unmanaged<ulong, ulong, nuint, nint, int>)Find("cuMemcpyDtoDAsync_v2");
        StreamCreate = (delegate* unmanaged<nint*, uint, int>)Find("cuStreamCreate");
        EventCreate = (delegate* unmanaged<nint*, uint, int>)Find("cuEventCreate");
        LaunchKernel = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)
            Find("cuLaunchKernel");
        EventRecord = (delegate* unmanaged<nint, nint, int>)Find("cuEventRecord");
        GraphLaunch = (delegate* unmanaged<nint, nint, int>)Find("cuGraphLaunch");
        EventDestroy = (delegate* unmanaged<nint, int>)Find("cuEventDestroy_v2");
        GraphDestroy = (delegate* unmanaged<nint, int>)Find("cuGraphDestroy");
        GraphExecDestroy = (delegate* unmanaged<nint, int>)Find("cuGraphExecDestroy");
        EventElapsedTime = (delegate* unmanaged<float*, nint, nint, int>)Find("cuEventElapsedTime");
        StreamBeginCapture = (delegate* unmanaged<nint, int, int>)Find("cuStreamBeginCapture_v2");
        StreamEndCapture = (delegate* unmanaged<nint, nint*, int>)Find("cuStreamEndCapture");
        GraphInstantiate = (delegate* unmanaged<nint*, nint, ulong, int>)Find("cuGraphInstantiateWithFlags");
    }

    /// <summary>As the driver says it: 11040 for CUDA 11.4.</summary>
    public int Version { get; private set; }

    /// <summary>Cards that the driver shows; each may still be too old (<see cref="GpuLauncher.Open"/>).</summary>
    public int Devices { get; private set; }

    /// <summary>The driver, begun; or why there is none: no library, an incomplete or old one, no device.</summary>
    /// <param name="library">A name that the loader looks for, or a path.</param>
    public static Outcome<CudaDriver> Open(string library = Library)
    {
        if (!NativeLibrary.TryLoad(library, out nint handle))
        {
            return new Refusal(RefusalReason.NotReachable, $"no NVIDIA driver ({Path.GetFileName(library)} is missing)");
        }

        CudaDriver driver = new(handle);
        if (driver.missing is string missing)
        {
            return new Refusal(RefusalReason.NotReachable, $"the NVIDIA driver is too old or incomplete: it lacks {missing}");
        }

        int version = 0, devices = 0;
        Refusal? refusal = driver.Failure(driver.DriverGetVersion(&version), "cuDriverGetVersion");
        if (refusal is null && version < OldestVersion)
        {
            return new Refusal(
                RefusalReason.NotReachable,
                $"the NVIDIA driver is too old: it knows CUDA {Text(version)}, {Text(OldestVersion)} is needed (driver 470 or later)");
        }

        refusal ??= driver.Failure(driver.Init(0), "cuInit") ?? driver.Failure(driver.DeviceGetCount(&devices), "cuDeviceGetCount");
        (driver.Version, driver.Devices) = (version, devices);
        return refusal is not null ? refusal
            : devices == 0 ? new Refusal(RefusalReason.NotReachable, "the NVIDIA driver finds no device")
            : driver;
    }

    /// <summary>Null for success; else name, number and what was asked.</summary>
    internal Refusal? Failure(int result, string asked)
    {
        if (result == CudaResult.Success)
        {
            return null;
        }

        byte* name = null;
        string text = GetErrorName(result, &name) == CudaResult.Success && name != null
            ? Marshal.PtrToStringUTF8((nint)name) ?? "unknown" : "unknown";
        return new Refusal(
            result == CudaResult.OutOfMemory ? RefusalReason.OutOfMemory : RefusalReason.GpuFailed, $"{asked}: {text} ({result})");
    }

    private static string Text(int version) => $"{version / 1000}.{version % 1000 / 10}";

    private nint Find(string name)
    {
        if (NativeLibrary.TryGetExport(library, name, out nint address))
        {
            return address;
        }

        missing ??= name;
        return 0;
    }
}

/// <summary>CUresult, as far as it is told apart here.</summary>
internal static class CudaResult
{
    public const int Success = 0;
    public const int OutOfMemory = 2;
    public const int NotReady = 600;
}

/// <summary>CUdevice_attribute, as far as it is asked for here.</summary>
internal static class CudaAttribute
{
    public const int MemoryClockKhz = 36;
    public const int MemoryBusBits = 37;
    public const int ComputeMajor = 75;
    public const int ComputeMinor = 76;
}
