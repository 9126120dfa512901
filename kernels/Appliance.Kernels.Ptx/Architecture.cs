using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;

namespace Appliance.Kernels.Ptx;

/// <summary>What PTX is emitted for; a driver compiles it for its own card, so each serves every later one too.</summary>
public sealed record Architecture(string Name, CudaArchitecture Cuda, CudaInstructionSet Isa)
{
    /// <summary>sm_70: the V100 of a Dell C4140, and the T4. sm_80: A100 and later (ILGPU 1.5.3 knows none above).</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new("sm_70", CudaArchitecture.SM_70, CudaInstructionSet.ISA_64),
        new("sm_80", CudaArchitecture.SM_80, CudaInstructionSet.ISA_70),
    ];
}
