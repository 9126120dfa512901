using Appliance.Dicom.Objects;
using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>Memory for the restored slices of one series.</summary>
internal sealed class LabelMemory(int rows, int columns, ClassRules rules) : IDisposable
{
    private readonly SliceMemory labels = new(rows * columns, Limits.SlicesOf(rows * columns));
    private readonly SliceMemory pieces = new(
        SlicePieces.BlockBytes(rows, columns), Limits.SlicesOf(rows * columns), written: false);
    private readonly SliceMemory frames = new(
        PackedFrames.BytesOf(rows * columns), Math.Max(1, rules.Offered.Count) * Limits.SlicesOf(rows * columns));

    public int Columns => columns;

    public ClassRules Rules => rules;

    public Memory<byte> Labels() => labels.Rent<byte>(rows * columns);

    public SlicePieces Pieces() => new(rows, columns, pieces.Rent<byte>(SlicePieces.BlockBytes(rows, columns)));

    public Memory<byte> Frame() => frames.Rent<byte>(PackedFrames.BytesOf(rows * columns));

    public void Dispose()
    {
        labels.Dispose();
        pieces.Dispose();
        frames.Dispose();
    }
}

/// <summary>
/// Labels of one native slice with what the end of the series needs of them: pieces to be joined with those of other slices, and each
/// class as the frame that the segmentation will hold.
/// </summary>
/// <remarks>What is not of the largest piece of its class is taken out of labels and frames, and can be put back.</remarks>
internal sealed class NativeLabels(LabelMemory memory)
{
    private readonly List<LabelFrame> frames = [];
    private bool[]? takenOut;

    /// <summary>[row][column] as in the image.</summary>
    public Memory<byte> Labels { get; } = memory.Labels();

    public SlicePieces Pieces { get; } = memory.Pieces();

    /// <summary>Of classes offered that occur, or occurred before something was taken out.</summary>
    public IReadOnlyList<LabelFrame> Frames => frames;

    /// <summary><see cref="Labels"/> were written.</summary>
    public void Restored()
    {
        takenOut = null;
        Pieces.Find(Labels.Span, memory.Rules.HasLargestPiece);
        Span<bool> present = stackalloc bool[256];
        BitPlanes.Mark(Labels.Span, present);
        frames.ForEach(frame => frame.Voxels = 0);
        foreach (OrganClass organ in memory.Rules.Offered)
        {
            if (present[organ.Value])
            {
                LabelFrame frame = FrameOf((byte)organ.Value);
                frame.Voxels = BitPlanes.Pack(Labels.Span, frame.Value, frame.Bits.Span);
            }
        }
    }

    /// <summary>Makes background of these pieces.</summary>
    public void TakeOut(bool[]? pieces)
    {
        takenOut = pieces;
        Change(false);
    }

    /// <summary>Undoes that.</summary>
    public void PutBack()
    {
        Change(true);
        takenOut = null;
    }

    private void Change(bool isThere)
    {
        if (takenOut is null)
        {
            return;
        }

        Span<byte> labels = Labels.Span;
        ReadOnlySpan<int> rowStarts = Pieces.RowStarts;
        ReadOnlySpan<ComponentRuns.Run> runs = Pieces.Runs;
        for (int row = 0; row < rowStarts.Length - 1; row++)
        {
            for (int i = rowStarts[row]; i < rowStarts[row + 1]; i++)
            {
                ComponentRuns.Run run = runs[i];
                if (takenOut[run.Parent])
                {
                    int start = (row * memory.Columns) + run.Start, count = run.End - run.Start;
                    labels.Slice(start, count).Fill(isThere ? (byte)run.Label : (byte)0);
                    if (frames.Find(frame => frame.Value == run.Label) is LabelFrame frame)
                    {
                        BitPlanes.Set(frame.Bits.Span, start, count, isThere);
                        frame.Voxels += isThere ? count : -count;
                    }
                }
            }
        }
    }

    private LabelFrame FrameOf(byte value)
    {
        LabelFrame? frame = frames.Find(each => each.Value == value);
        if (frame is null)
        {
            frames.Add(frame = new LabelFrame(value, memory.Frame()));
        }

        return frame;
    }
}

/// <summary>The voxels of one class in one slice, as bits (PS3.5 8.1.1).</summary>
internal sealed class LabelFrame(byte value, Memory<byte> bits)
{
    public byte Value { get; } = value;

    public Memory<byte> Bits { get; } = bits;

    public int Voxels { get; set; }
}
