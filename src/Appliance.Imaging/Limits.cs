namespace Appliance.Imaging;

/// <summary>Bounds of the image path; each with its reason.</summary>
internal static class Limits
{
    /// <summary>Direction cosines are written with six digits or fewer; worse than this they are not a rotation.</summary>
    public const double UnitVectorError = 1e-3;

    /// <summary>Slices of one stack are parallel to each other to this: 0.06 degrees, 0.25 mm at 250 mm.</summary>
    public const double ParallelError = 1e-3;

    /// <summary>Pixel spacings of one stack agree to this: a pixel 512 columns away moves by 0.05 mm.</summary>
    public const double PixelSpacingErrorMm = 1e-4;

    /// <summary>
    /// Up to this angle the patient's axes are taken as the image's: at 200 mm from the centre it is 1.7 mm, half a grid step.
    /// </summary>
    public const double AxisAlignedDegrees = 0.5;

    /// <summary>Closer than this along the normal, two slices lie at one place: thinner slices do not exist.</summary>
    public const double SamePositionMm = 0.01;

    /// <summary>Gantries tilt by 30 degrees at most; positions that say more are wrong or of a reformation.</summary>
    public const double TiltDegrees = 30;

    /// <summary>Localizers without their mark come as one, two or three images ...</summary>
    public const int SetAsideImages = 3;

    /// <summary>... beside so many times as many slices. Otherwise which of the planes is meant is a guess.</summary>
    public const int SetAsideRatio = 10;

    /// <summary>Of so few slices a step cannot be told from a gap.</summary>
    public const int GridLeastPositions = 4;

    /// <summary>Planes of one series that are looked at apart: an axial one, a few localizers; a radial series has hundreds.</summary>
    public const int GridPlanes = 8;

    /// <summary>A step between slices may differ from the common one by this share ...</summary>
    public const double StepShare = 0.05;

    /// <summary>... or by this much, because some scanners round positions to 0.1 mm.</summary>
    public const double StepErrorMm = 0.11;

    /// <summary>Sideways drift of positions over the whole stack: less than a pixel of any body CT.</summary>
    public const double SidewaysDriftMm = 0.5;

    /// <summary>Grid slices of 3 mm: 2.1 m, longer than a table moves. Bounds the memory of one analysis (550 MB).</summary>
    public const int GridSlices = 700;

    /// <summary>Rows and columns of one image; no CT detector gives more. Bounds scratch memory.</summary>
    public const int ImageSidePixels = 2048;

    /// <summary>Slices of one series: 2.1 m in steps of 0.5 mm is 4200.</summary>
    public const int Slices = 5000;

    /// <summary>Voxels of one series: 4096 slices of 512 x 512. One label byte each.</summary>
    public const long Voxels = 1L << 30;

    /// <summary>Oblique stacks go over an intermediate grid of this spacing: half a grid step, so little is smoothed away.</summary>
    public const double ObliqueSpacingMm = 1.5;

    /// <summary>Grid slices whose body is marked between two looks at a deadline: some of 170 x 170 take a millisecond.</summary>
    public const int MarkedSlices = 32;

    /// <summary>Runs of equal labels for which a row has room: four times what organs have. More are found on the heap.</summary>
    public const int RowRuns = 64;

    /// <summary>A stack is taken up while it arrives from so many slices on: fewer say little about step and body.</summary>
    public const int FirstSlices = 16;

    /// <summary>Slices that came without moving an end of the stack, until that end counts as the end: 10 mm of a thin series.</summary>
    public const int EndSlices = 16;

    /// <summary>Times that the axis of a growing stack is laid; a series that contradicts itself more often is taken as a whole.</summary>
    public const int AxesCount = 8;

    /// <summary>Share of the step by which a slice may lie off its place on a growing stack's axis.</summary>
    public const double AxisShare = 0.25;

    /// <summary>The window is moved when the body has wanted it for so many slices: each move runs the network again.</summary>
    public const int BodyKeepsSlices = 8;

    /// <summary>A corner of an outline that is left out lies no further than that from the line: half a pixel is its own blur.</summary>
    public const float OutlineErrorPixels = 0.6f;

    /// <summary>Bytes of one private or bulk element that a kept header still carries.</summary>
    public const int HeaderElementBytes = 65536;

    /// <summary>Scores of single slices that are kept for the next ones: those between network and restoring, of two series.</summary>
    public const int SpareScores = 32;

    /// <summary>Slices of one series of such images: <see cref="Slices"/>, or fewer where <see cref="Voxels"/> says so.</summary>
    public static int SlicesOf(int pixels) => (int)Math.Min(Slices, (Voxels / pixels) + 1);
}
