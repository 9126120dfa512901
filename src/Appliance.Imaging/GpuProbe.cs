using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Appliance.Imaging;

/// <summary>Whether ONNX Runtime can use a GPU here. ONNX Runtime itself only says what was compiled in.</summary>
/// <param name="Absence">Why there is none, one sentence for an event; null where there is one.</param>
/// <param name="Devices">How many the driver has; 0 where none can be used.</param>
public sealed record GpuProbe(string? Absence, int Devices = 0)
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>Libraries that the CUDA provider of ONNX Runtime 1.31 loads; without them it prints to stderr and fails.</summary>
    private static readonly string[] CudaLibraries = ["libcublasLt.so.13", "libcudnn.so.9"];

    public bool Usable => Absence is null;

    /// <summary>Looks for, in this order: the provider, the driver, a device, the CUDA libraries. Loads, but starts nothing.</summary>
    public static GpuProbe Look()
    {
        int devices = 0;
        string? absence = !OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider)
            ? "this build has no GPU support"
            : DriverAbsence(out devices) ?? LibraryAbsence();
        return new GpuProbe(absence, absence is null ? devices : 0);
    }

    private static unsafe string? DriverAbsence(out int devices)
    {
        devices = 0;
        if (!NativeLibrary.TryLoad("libcuda.so.1", out nint driver))
        {
            return "no NVIDIA driver (libcuda.so.1 is missing)";
        }

        if (!NativeLibrary.TryGetExport(driver, "cuInit", out nint init)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGetCount", out nint getCount))
        {
            return "the NVIDIA driver lacks cuInit or cuDeviceGetCount";
        }

        int error = ((delegate* unmanaged[Cdecl]<uint, int>)init)(0);
        int count = 0;
        error = error != 0 ? error : ((delegate* unmanaged[Cdecl]<int*, int>)getCount)(&count);
        devices = count;
        return error != 0 ? $"the NVIDIA driver answers error {error}" : count == 0 ? "the NVIDIA driver finds no device" : null;
    }

    private static string? LibraryAbsence() =>
        CudaLibraries.FirstOrDefault(name => !NativeLibrary.TryLoad(name, out _)) is string missing ? $"{missing} is missing" : null;
}
