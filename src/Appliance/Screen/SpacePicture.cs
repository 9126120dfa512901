using Appliance.Imaging;
using Appliance.Kernels;

namespace Appliance.Daemon.Screen;

/// <summary>Draws a volume in space by casting rays.</summary>
/// <remarks>
/// While somebody turns it, every second pixel is drawn of a volume of about every second voxel; at rest all of both. What can be made
/// beforehand (the coarse volume, which blocks are empty) is made once for a volume and a look.
/// </remarks>
/// <param name="order">Where its second thread stands.</param>
public sealed class SpacePicture(DrawingOrder? order) : IDisposable
{
    /// <summary>Voxels that are finer than this in an axis are halved there while somebody turns it.</summary>
    private const double FineMm = 1.2;

    /// <summary>Share of its light that a surface turned away loses.</summary>
    private const float Shade = 0.75f;

    private static readonly Point3 Head = new(0, 0, 1);

    private readonly Pixels<float> alphas = new(256);
    private readonly SecondThread second = new(order);
    private RayVolume? whole;
    private RayVolume? coarse;
    private SpaceLook? look;
    private int changes = -1;
    private (string Name, int Strength) looksAt;

    /// <summary>Fills the colours of the canvas, which has the size that is wished for, or half of it in each direction.</summary>
    /// <returns>False where it was given up, because there is a newer wish.</returns>
    public bool Draw(SeriesVolume volume, Wish wish, Canvas canvas, Func<bool> isOld)
    {
        Prepare(volume, wish);
        RayVolume rays = wish.Fine ? whole! : coarse!;
        RayCast.Look view = Camera(volume, rays, wish, canvas);
        view.From = look!.From;
        view.Shade = Shade;
        return rays.Cast(view, look.PaletteFor(StepMm(rays, wish), alphas), canvas, second, () => wish.Fine && isOld());
    }

    public void Dispose()
    {
        Forget();
        second.Dispose();
        alphas.Dispose();
    }

    private void Forget()
    {
        whole?.Dispose();
        coarse?.Dispose();
        look?.Dispose();
        (whole, coarse, look) = (null, null, null);
    }

    private void Prepare(SeriesVolume volume, Wish wish)
    {
        if (changes != volume.Changes)
        {
            Forget();
            (double x, double y, double z) = volume.SpacingMm;
            whole = new RayVolume(volume);
            coarse = new RayVolume(volume, x < FineMm ? 2 : 1, y < FineMm ? 2 : 1, z < FineMm ? 2 : 1);
            changes = volume.Changes;
        }

        if (look is null || looksAt != (wish.Look, wish.Labels))
        {
            SpaceLook before = look ?? new SpaceLook(volume.Files, "", 0);
            bool isFirst = look is null;
            look = new SpaceLook(volume.Files, wish.Look, wish.Labels / 100.0);
            looksAt = (wish.Look, wish.Labels);
            if (isFirst || before.From != look.From || before.ByLabel != look.ByLabel)
            {
                whole!.Occupy(look);
                coarse!.Occupy(look);
            }

            before.Dispose();
        }
    }

    /// <summary>At rest a little more than the finest spacing, which slices rarely have; while somebody turns it twice of it.</summary>
    private static double StepMm(RayVolume rays, Wish wish) => rays.StepMm * (wish.Fine ? 1.4 : 2);

    /// <summary>Parallel rays onto the middle of the volume, turned about the patient's long axis and tilted.</summary>
    private static RayCast.Look Camera(SeriesVolume volume, RayVolume rays, Wish wish, Canvas canvas)
    {
        (double sinTurn, double cosTurn) = Math.SinCos(wish.Turn * Math.PI / 180);
        (double sinTilt, double cosTilt) = Math.SinCos(wish.Tilt * Math.PI / 180);
        Point3 level = new(sinTurn, cosTurn, 0);
        Point3 right = new(cosTurn, -sinTurn, 0);
        Point3 forward = (level * cosTilt) - (Head * sinTilt);
        Point3 down = (Head * -cosTilt) - (level * sinTilt);

        (double x, double y, double z) = rays.SpacingMm;
        Point3 size = new(rays.Extent.Width * x, rays.Extent.Height * y, rays.Extent.Depth * z);
        double stepMm = StepMm(rays, wish), depth = size.Length;

        // A body is an ellipse in its square of pixels: nine tenths of the diagonal hold it however it is turned.
        double pixelMm = Math.Max(0.9 * new Point3(size.X, size.Y, 0).Length / wish.Width, 1.05 * size.Z / wish.Height)
            / wish.Zoom * ((double)wish.Width / canvas.Width);
        return new ParallelRays(rays.Extent, rays.SpacingMm, direction => Voxel(volume, direction))
            .Onto(size * 0.5, right, down, forward, pixelMm, stepMm, depth, (canvas.Width, canvas.Height));
    }

    /// <summary>A direction in the patient as one along the volume's axes, still in millimetres.</summary>
    private static Point3 Voxel(SeriesVolume volume, Point3 direction) => volume.Files.Geometry is SliceGeometry it
        ? new Point3(direction.Dot(it.AlongColumns), direction.Dot(it.AlongRows), direction.Dot(it.Normal))
        : direction;
}
