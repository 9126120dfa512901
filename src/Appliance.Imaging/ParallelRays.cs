using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>Parallel rays through a volume.</summary>
/// <param name="SpacingMm">Of its voxels.</param>
/// <param name="AlongAxes">A direction in the patient as one along the volume's axes, still in millimetres.</param>
public readonly record struct ParallelRays(
    Extent Extent, (double X, double Y, double Z) SpacingMm, Func<Point3, Point3> AlongAxes)
{
    /// <summary>A picture with a point in its middle. <see cref="RayCast.Look.From"/> and what colours it stay open.</summary>
    /// <param name="middle">Millimetres along the volume's axes, from its corner.</param>
    /// <param name="right">Of the picture, in the patient; all three are of length 1.</param>
    /// <param name="depthMm">Of a ray, half of it before the middle.</param>
    /// <param name="size">Of the picture in pixels.</param>
    public RayCast.Look Onto(
        Point3 middle, Point3 right, Point3 down, Point3 forward, double pixelMm, double stepMm, double depthMm, (int X, int Y) size)
    {
        (double x, double y, double z) = SpacingMm;
        Point3 corner = (right * ((0.5 - (size.X / 2.0)) * pixelMm)) + (down * ((0.5 - (size.Y / 2.0)) * pixelMm));
        Point3 origin = middle + AlongAxes(corner + (forward * (-depthMm / 2)));
        Point3 toRight = AlongAxes(right * pixelMm), toDown = AlongAxes(down * pixelMm), step = AlongAxes(forward * stepMm);
        return new RayCast.Look
        {
            Extent = Extent,
            OriginX = (float)((origin.X / x) - 0.5), OriginY = (float)((origin.Y / y) - 0.5), OriginZ = (float)((origin.Z / z) - 0.5),
            RightX = (float)(toRight.X / x), RightY = (float)(toRight.Y / y), RightZ = (float)(toRight.Z / z),
            DownX = (float)(toDown.X / x), DownY = (float)(toDown.Y / y), DownZ = (float)(toDown.Z / z),
            StepX = (float)(step.X / x), StepY = (float)(step.Y / y), StepZ = (float)(step.Z / z),
            Steps = (int)(depthMm / stepMm) + 1,
        };
    }
}
