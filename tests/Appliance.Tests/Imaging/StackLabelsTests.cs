using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

/// <summary>What is known of each slice before the end gives the same as a look at the whole volume.</summary>
public sealed class StackLabelsTests
{
    private static readonly ClassRules Rules = new(Package.App.Manifest);

    /// <summary>Classes that stay in one piece, and one that may be in several.</summary>
    private static byte[] Classes => [.. Rules.Offered.Select(organ => (byte)organ.Value)];

    [Theory]
    [InlineData(7, 8, 6, 50)]
    [InlineData(5, 33, 9, 20)]
    [InlineData(40, 300, 2, 4)]
    [InlineData(3, 4, 1, 20)]
    public void Random_stacks_keep_the_pieces_that_the_whole_volume_keeps_and_get_all_back(int rows, int columns, int count, int rounds)
    {
        Random random = new(rows);
        for (int round = 0; round < rounds; round++)
        {
            using LabelMemory memory = new(rows, columns, Rules);
            (NativeLabels[] slices, byte[] before) = Restored(memory, rows * columns, count, random);
            byte[] expected = [.. before];
            Pieces.KeepLargest(expected, rows, columns, Rules.LargestPiece);

            TakeOut(slices);
            Assert.Equal(expected, Joined(slices));
            AssertFrames(slices, expected);

            Array.ForEach(slices, slice => slice.PutBack());
            Assert.Equal(before, Joined(slices));
            AssertFrames(slices, before);
        }
    }

    [Fact]
    public void Of_equal_pieces_the_first_stays_also_where_they_join_late()
    {
        using LabelMemory memory = new(1, 5, Rules);
        byte organ = Rules.LargestPiece[0];
        NativeLabels[] slices = [Made(memory, [organ, 0, organ, 0, organ]), Made(memory, [organ, 0, 0, 0, organ])];
        TakeOut(slices);
        Assert.Equal([organ, 0, 0, 0, 0, organ, 0, 0, 0, 0], Joined(slices));
    }

    [Fact]
    public void A_slice_that_is_restored_again_forgets_what_was_taken_out()
    {
        using LabelMemory memory = new(1, 4, Rules);
        byte organ = Rules.LargestPiece[0];
        NativeLabels slice = Made(memory, [organ, organ, 0, organ]);
        TakeOut([slice]);
        new byte[] { 0, organ, 0, 0 }.CopyTo(slice.Labels);
        slice.Restored();
        slice.PutBack();
        Assert.Equal([0, organ, 0, 0], slice.Labels.ToArray());
        Assert.Equal(1, Assert.Single(slice.Frames, frame => frame.Voxels > 0).Voxels);
    }

    private static void TakeOut(NativeLabels[] slices)
    {
        bool[]?[] others = LargestPieces.Others([.. slices.Select(slice => slice.Pieces)]);
        foreach ((int i, NativeLabels slice) in slices.Index())
        {
            slice.TakeOut(others[i]);
        }
    }

    private static NativeLabels Made(LabelMemory memory, byte[] labels)
    {
        NativeLabels slice = new(memory);
        labels.CopyTo(slice.Labels);
        slice.Restored();
        return slice;
    }

    private static (NativeLabels[] Slices, byte[] Labels) Restored(LabelMemory memory, int pixels, int count, Random random)
    {
        byte[] classes = Classes, all = new byte[pixels * count];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = random.Next(5) < 3 ? classes[random.Next(Math.Min(3, classes.Length))] : (byte)0;
        }

        return ([.. all.Chunk(pixels).Select(labels => Made(memory, labels))], all);
    }

    private static byte[] Joined(NativeLabels[] slices) => [.. slices.SelectMany(slice => slice.Labels.ToArray())];

    private static void AssertFrames(NativeLabels[] slices, byte[] labels)
    {
        int pixels = labels.Length / slices.Length;
        foreach ((int i, NativeLabels slice) in slices.Index())
        {
            foreach (byte organ in Classes)
            {
                byte[] of = labels[(i * pixels)..((i + 1) * pixels)];
                LabelFrame? frame = slice.Frames.SingleOrDefault(each => each.Value == organ);
                Assert.Equal(of.Count(label => label == organ), frame?.Voxels ?? 0);
                for (int voxel = 0; frame is not null && voxel < pixels; voxel++)
                {
                    Assert.Equal(of[voxel] == organ, ((frame.Bits.Span[voxel >> 3] >> (voxel & 7)) & 1) != 0);
                }
            }
        }
    }
}
