using Appliance.Core;
using Appliance.Daemon;
using Appliance.Dicom.Data;
using Xunit;

namespace Appliance.Tests.Daemon;

public sealed class JournalDiskTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly List<Happening> told = [];

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_disk_that_has_become_read_only_is_a_fault_until_it_can_be_written_again()
    {
        using SmallDisk small = new(scratch["small"]);
        JournalDisk disk = new(new Journal(small.Folder, []), NothingKept, Unsupervised.Make(), told.Add, TimeProvider.System);
        small.MakeReadOnly(true);
        disk.Suspect();
        disk.Look();
        Assert.NotNull(Measured().Fault);

        small.MakeReadOnly(false);
        disk.Look();
        Assert.Null(Measured().Fault);
    }

    [Fact]
    public void Too_little_space_is_told_apart_from_a_fault()
    {
        using SmallDisk small = new(scratch["small"]);
        DiskSettings reserve = new() { RefuseBelowFreeBytes = 256 * 1024 };
        JournalDisk disk = new(new Journal(small.Folder, []), reserve, Unsupervised.Make(), told.Add, TimeProvider.System);
        Assert.False(disk.IsLow);

        File.WriteAllBytes(Path.Combine(small.Folder, "filler"), new byte[900 * 1024]);
        disk.Suspect();
        disk.Look();

        Assert.True(disk.IsLow);
        Assert.Null(Measured().Fault);
        Assert.InRange(Measured().FreeBytes, 0, 256 * 1024);
    }

    [Fact]
    public void A_study_that_is_removed_is_gone_and_the_disk_was_looked_at_before_that_is_told()
    {
        Journal journal = new(scratch["data"], ["pacs"]);
        JournalDisk disk = new(journal, NothingKept, Unsupervised.Make(), told.Add, TimeProvider.System);
        using ArrivingInstance arriving = journal.Begin(Uids.CTImageStorage, "1.2", TransferSyntax.ExplicitLittleEndian, "SCANNER");
        JournalEntry entry = journal.Commit(arriving, JournalEntry.Original("1", "2", "1.2")).Entry;

        disk.Remove(entry.Study, journal.ChangesOf(entry.Study) - 1);
        disk.Remove(entry.Study, journal.ChangesOf(entry.Study));

        Assert.Equal([false, true], told.OfType<StudyRemoved>().Select(removed => removed.Removed));
        Assert.Equal([typeof(DiskMeasured), typeof(StudyRemoved)], told.TakeLast(2).Select(happening => happening.GetType()));
        Assert.Empty(Directory.GetDirectories(journal.Studies));
    }

    private static DiskSettings NothingKept => new() { RefuseBelowFreeBytes = 0 };

    private DiskMeasured Measured() => told.OfType<DiskMeasured>().Last();
}
