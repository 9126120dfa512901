using Appliance.Dicom.Data;
using Appliance.Imaging;
using Appliance.Phantom.Scan;
using Appliance.Phantom.Series;
using Xunit;

namespace Appliance.Tests.Imaging;

/// <summary>What is counted for the whole process is measured while no other test runs.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>What a series takes while its slices come, as the kernel and the collector count it.</summary>
[Collection(nameof(Alone))]
public sealed class SliceMemoryTests
{
    private const int MiB = 1 << 20;

    [Fact]
    public void Address_space_is_reserved_pages_are_committed_when_written_and_all_goes_back()
    {
        long before = Resident();
        SliceMemory memory = new(MiB, 4096);
        Assert.InRange(Resident() - before, 0, 16 * MiB);

        Memory<byte>[] blocks = [.. Enumerable.Range(0, 128).Select(_ => memory.Rent<byte>(MiB))];
        Array.ForEach(blocks, block => block.Span.Fill(1));
        Assert.InRange(Resident() - before, 120 * MiB, 200 * MiB);

        memory.Return(blocks[7]);
        Assert.Equal(1, memory.Rent<byte>(1).Span[0]);
        memory.Dispose();
        Assert.InRange(Resident() - before, -16 * MiB, 16 * MiB);
        Assert.Throws<ObjectDisposedException>(() => memory.Rent<byte>(1));
    }

    [Fact]
    public void Of_blocks_that_are_mostly_untouched_only_what_is_written_is_committed()
    {
        long before = Resident();
        using SliceMemory memory = new(MiB, 4096, written: false);
        Memory<byte>[] blocks = [.. Enumerable.Range(0, 256).Select(_ => memory.Rent<byte>(MiB))];
        Array.ForEach(blocks, block => block.Span[..4096].Fill(1));
        Assert.InRange(Resident() - before, 0, 32 * MiB);
    }

    [Fact]
    public void Where_all_blocks_are_taken_the_next_is_from_the_heap()
    {
        using SliceMemory memory = new(4096, 2);
        Memory<byte>[] blocks = [.. Enumerable.Range(0, 3).Select(_ => memory.Rent<byte>(4096))];
        foreach ((int i, Memory<byte> block) in blocks.Index())
        {
            block.Span.Fill((byte)(i + 1));
        }

        Assert.All(blocks.Index(), pair => Assert.Equal(-1, pair.Item.Span.IndexOfAnyExcept((byte)(pair.Index + 1))));
    }

    /// <summary>Of 192 x 192 pixels, in order: what a slice asks of the collector is its header and its share of a grid slice.</summary>
    [Fact]
    public void Slices_in_flight_ask_little_of_the_collector_and_bring_no_full_collection()
    {
        SeriesGeometry geometry = new(Orientation.Axial, 120, 192, 192, 2, 3);
        NativeScan scan = NativeScan.Make(940_004, geometry);
        PhantomSeries phantom = new(scan, SeriesIdentity.OfSeed(940_004, geometry), DateTimeOffset.UnixEpoch);
        DicomFile[] slices =
        [
            .. Enumerable.Range(0, geometry.Slices)
                .Select(i => new DicomFile(new DataSet(), TransferSyntax.ExplicitLittleEndian, phantom.Acquire(i, null))),
        ];
        using SeriesRun warm = Feed(slices[..60]);
        using SeriesRun run = Feed(slices[..60]);
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        int full = GC.CollectionCount(2);
        foreach (DicomFile slice in slices[60..])
        {
            Assert.Null(run.SliceArrives(slice));
        }

        long each = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / 60;
        TestContext.Current.TestOutputHelper!.WriteLine($"{each >> 10} KiB a slice, {GC.CollectionCount(2) - full} full collections");
        Assert.InRange(each, 0, 64 << 10);
        Assert.Equal(full, GC.CollectionCount(2));
    }

    private static SeriesRun Feed(DicomFile[] slices)
    {
        SeriesRun run = new(Package.App, TimeProvider.System, overlap: true);
        Array.ForEach(slices, slice => Assert.Null(run.SliceArrives(slice)));
        return run;
    }

    private static long Resident()
    {
        string line = File.ReadLines("/proc/self/status").First(each => each.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).TrimEnd("kB ").Trim(), System.Globalization.CultureInfo.InvariantCulture) << 10;
    }
}
