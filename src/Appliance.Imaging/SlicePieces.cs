using System.Runtime.InteropServices;
using Appliance.Kernels;

namespace Appliance.Imaging;

/// <summary>
/// The 4-connected pieces of one slice: the pieces of a stack are then found by joining slices, without looking at a voxel.
/// </summary>
/// <remarks>
/// Runs and pieces lie in a block of the series' memory, of which only what is written is committed. Pieces are numbered by their first
/// voxel, so that the first of equals is the same as in <see cref="ComponentRuns.Keep"/>.
/// </remarks>
/// <param name="block">Of <see cref="BlockBytes"/>.</param>
internal sealed unsafe class SlicePieces(int rows, int columns, Memory<byte> block)
{
    private int capacity = CapacityOf(rows, columns, Limits.RowRuns);
    private Memory<byte> memory = block;
    private int runs;

    /// <summary>Pieces in the plane.</summary>
    public int Count { get; private set; }

    /// <summary>Where the runs of each row begin, and behind the last row their number.</summary>
    public ReadOnlySpan<int> RowStarts => MemoryMarshal.Cast<byte, int>(memory.Span)[..(rows + 1)];

    /// <summary>Parent is the number of the piece.</summary>
    public ReadOnlySpan<ComponentRuns.Run> Runs => AllRuns[..runs];

    public ReadOnlySpan<Piece> Pieces => AllPieces[..Count];

    private Span<ComponentRuns.Run> AllRuns =>
        MemoryMarshal.Cast<byte, ComponentRuns.Run>(memory.Span[HeadBytes(rows)..])[..capacity];

    private Span<Piece> AllPieces =>
        MemoryMarshal.Cast<byte, Piece>(memory.Span[(HeadBytes(rows) + (capacity * sizeof(ComponentRuns.Run)))..])[..capacity];

    /// <summary>Room for as many runs as rows of organs have.</summary>
    public static int BlockBytes(int rows, int columns) => BytesOf(rows, CapacityOf(rows, columns, Limits.RowRuns));

    /// <summary>Finds the pieces of the classes wanted.</summary>
    /// <param name="labels">[row][column].</param>
    /// <param name="wanted">256 truth values.</param>
    public void Find(ReadOnlySpan<byte> labels, ReadOnlySpan<bool> wanted)
    {
        while (!TryFind(labels, wanted))
        {
            // Noise has up to one run for each voxel.
            capacity = CapacityOf(rows, columns, columns);
            memory = new byte[BytesOf(rows, capacity)];
        }

        // Every run knows its root, which is the first of its piece.
        Span<ComponentRuns.Run> found = AllRuns[..runs];
        Span<Piece> pieces = AllPieces;
        Count = 0;
        for (int i = 0; i < found.Length; i++)
        {
            ref ComponentRuns.Run run = ref found[i];
            if (run.Parent == i)
            {
                pieces[Count] = new Piece { Label = run.Label };
                run.Parent = Count++;
            }
            else
            {
                run.Parent = found[run.Parent].Parent;
            }

            pieces[run.Parent].Voxels += run.End - run.Start;
        }
    }

    private bool TryFind(ReadOnlySpan<byte> labels, ReadOnlySpan<bool> wanted)
    {
        fixed (byte* source = labels, start = memory.Span)
        {
            ComponentRuns search = new(
                new View<int>((int*)start, rows + 1), new View<ComponentRuns.Run>((ComponentRuns.Run*)(start + HeadBytes(rows)), capacity));
            bool fits = search.Find(new View<byte>(source, labels.Length), columns, rows, 1, wanted, 6) >= 0;
            runs = search.Count;
            return fits;
        }
    }

    /// <summary>A search wants room for one whole row more than it finds.</summary>
    private static int CapacityOf(int rows, int columns, int runsOfRow) => (rows * Math.Min(runsOfRow, columns)) + columns + 1;

    private static int BytesOf(int rows, int capacity) => HeadBytes(rows) + (capacity * (sizeof(ComponentRuns.Run) + sizeof(Piece)));

    /// <summary>Row starts, rounded to the size of a run.</summary>
    private static int HeadBytes(int rows) =>
        ((((rows + 1) * sizeof(int)) + sizeof(ComponentRuns.Run) - 1) / sizeof(ComponentRuns.Run)) * sizeof(ComponentRuns.Run);

    public struct Piece
    {
        public int Voxels;
        public int Label;
    }
}
