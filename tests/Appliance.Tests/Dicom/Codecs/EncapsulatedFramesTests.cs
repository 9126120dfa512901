using System.Buffers.Binary;
using Appliance.Dicom.Codecs;
using Appliance.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Dicom.Codecs;

/// <summary>Fragments to frames (PS3.5 A.4, table A.4-1), with the tables that files have, lack and have wrong.</summary>
public sealed class EncapsulatedFramesTests
{
    private static readonly byte[] FirstA = [0xFF, 0xD8, 0xFF, 0xC3, 1, 2];
    private static readonly byte[] FirstB = [3, 4];
    private static readonly byte[] Second = [0xFF, 0xD8, 0xFF, 0xC3, 5, 6, 7, 8];

    private static readonly byte[] First = [.. FirstA, .. FirstB];

    [Fact]
    public void A_basic_offset_table_tells_which_fragments_belong_together()
    {
        EncapsulatedFrames frames = Split(2, Table(0, 24), FirstA, FirstB, Second).Value!;
        Assert.Equal(2, frames.Count);
        Assert.Equal(First, frames[0].ToArray());
        Assert.Equal(Second, frames[1].ToArray());
    }

    [Fact]
    public void An_extended_offset_table_tells_which_fragment_is_which_frame()
    {
        DataSet dataSet = Encapsulated([], First, Second);
        byte[] offsets = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(offsets.AsSpan(8), 16);
        dataSet.SetBytes(Tags.ExtendedOffsetTable, Vr.OV, offsets);

        EncapsulatedFrames frames = EncapsulatedFrames.Split(dataSet, 2).Value!;

        Assert.Equal(First, frames[0].ToArray());
        Assert.Equal(Second, frames[1].ToArray());
    }

    [Fact]
    public void Without_a_table_as_many_fragments_as_frames_are_one_each() =>
        Assert.Equal(FirstB, Split(2, [], FirstA, FirstB).Value![1].ToArray());

    [Fact]
    public void Without_a_table_the_start_of_a_codestream_starts_a_frame()
    {
        EncapsulatedFrames frames = Split(2, [], FirstA, FirstB, Second).Value!;
        Assert.Equal(First, frames[0].ToArray());
        Assert.Equal(Second, frames[1].ToArray());
    }

    [Fact]
    public void All_fragments_are_the_frame_of_a_single_frame_image_whatever_the_table_says() =>
        Assert.Equal(First, Split(1, Table(4711), FirstA, FirstB).Value![0].ToArray());

    [Theory]
    [InlineData(0, 23)]
    [InlineData(0, 0)]
    [InlineData(14, 24)]
    [InlineData(24, 0)]
    [InlineData(0, uint.MaxValue)]
    public void A_table_that_does_not_point_at_fragments_is_not_believed(uint first, uint second)
    {
        EncapsulatedFrames frames = Split(2, Table(first, second), FirstA, FirstB, Second).Value!;
        Assert.Equal(First, frames[0].ToArray());
        Assert.Equal(Second, frames[1].ToArray());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Fragments_that_make_another_number_of_frames_are_refused(int frames) =>
        Assert.Equal(MalformedReason.BadPixelStream, Split(frames, [], FirstA, FirstB, Second, FirstB).Malformed?.Reason);

    [Fact]
    public void Pixel_data_without_any_fragment_is_refused() =>
        Assert.Equal(MalformedReason.BadPixelStream, Split(1, []).Malformed?.Reason);

    private static Parsed<EncapsulatedFrames> Split(int frames, byte[] table, params byte[][] fragments) =>
        EncapsulatedFrames.Split(Encapsulated(table, fragments), frames);

    private static DataSet Encapsulated(byte[] table, params byte[][] fragments) => new DataSet().Put(
        Element.FromFragments(Tags.PixelData, Vr.OB, [table, .. fragments.Select(fragment => new ReadOnlyMemory<byte>(fragment))]));

    private static byte[] Table(params uint[] offsets) => [.. offsets.SelectMany(BitConverter.GetBytes)];
}
