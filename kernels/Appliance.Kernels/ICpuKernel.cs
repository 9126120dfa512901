#if !GPU
namespace Appliance.Kernels;

/// <summary>A kernel with a body of its own for the CPU, where lanes of one element do not reach the memory's limit.</summary>
/// <remarks>It gives the same bits as the lanes; both are held against the reference.</remarks>
public interface ICpuKernel : IKernel
{
    /// <summary>Results [0, width) x [0, height) x [zFrom, zTo), without allocation.</summary>
    void Tuned(int width, int height, int zFrom, int zTo);
}
#endif
