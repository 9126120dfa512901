using System.Text;
using Appliance.Core;
using Appliance.Daemon;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Daemon;

public sealed class JournalTests : IDisposable
{
    private static readonly string[] Destinations = ["pacs", "archive"];

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void An_object_lies_under_its_study_and_series_with_the_bytes_that_came()
    {
        Journal journal = Open();
        (Kept kept, JournalEntry entry) = Store(journal, "1.2.3", "pixels");

        Assert.Equal(Kept.New, kept);
        byte[] file = File.ReadAllBytes(journal.PathOf(entry));
        using FileStream stream = File.OpenRead(journal.PathOf(entry));
        MetaOfFile meta = MetaOfFile.Read(stream);
        Assert.Equal(Bytes("pixels"), file[meta.DataSetOffset..]);
        Assert.Equal((Uids.CTImageStorage, "1.2.3", Uids.ExplicitVRLittleEndian), (meta.SopClassUid, meta.SopInstanceUid, meta.Syntax.Uid));
    }

    [Fact]
    public void Every_destination_owes_its_log_to_a_new_study()
    {
        Journal journal = Open();
        JournalEntry entry = Store(journal, "1.2.3", "a").Entry;

        Assert.All(Destinations, name => Assert.True(DeliveryLog.Exists(journal.FolderOf(entry.Study), name)));
    }

    [Fact]
    public void The_same_object_again_is_kept_once_even_from_another_sender()
    {
        Journal journal = Open();
        JournalEntry first = Store(journal, "1.2.3", "a").Entry;
        (Kept kept, JournalEntry entry) = Store(journal, "1.2.3", "a", source: "OTHER");

        Assert.Equal((Kept.Duplicate, first), (kept, entry));
        Assert.Single(FilesOf(journal, first));
        Assert.Empty(Directory.GetFiles(scratch["incoming"]));
    }

    [Fact]
    public void Other_content_under_the_same_uid_is_kept_beside_the_first_and_changes_nothing_of_it()
    {
        Journal journal = Open();
        JournalEntry first = Store(journal, "1.2.3", "a").Entry;
        byte[] before = File.ReadAllBytes(journal.PathOf(first));

        (Kept kept, JournalEntry second) = Store(journal, "1.2.3", "b");
        (Kept third, JournalEntry thirdEntry) = Store(journal, "1.2.3", "longer");
        (Kept again, JournalEntry againEntry) = Store(journal, "1.2.3", "b");

        Assert.Equal((Kept.Conflict, Kept.Conflict, Kept.Duplicate), (kept, third, again));
        Assert.Equal((true, true, second), (second.IsConflict, thirdEntry.IsConflict, againEntry));
        Assert.Equal(3, FilesOf(journal, first).Length);
        Assert.Equal(before, File.ReadAllBytes(journal.PathOf(first)));
    }

    [Fact]
    public void Other_content_that_is_accepted_takes_the_place_of_the_first_and_one_that_is_discarded_goes()
    {
        Journal journal = Open();
        JournalEntry first = Store(journal, "1.2.3", "a").Entry;
        JournalEntry second = Store(journal, "1.2.3", "b").Entry, third = Store(journal, "1.2.3", "longer").Entry;
        byte[] other = File.ReadAllBytes(journal.PathOf(third));
        DeliveryLog.Append(journal.FolderOf(first.Study), "pacs", first.Relative, 0, DateTimeOffset.UnixEpoch);
        journal.Settle(first.Study, first.Series, null);

        Assert.Equal([second, third], journal.ConflictsOf(first.Study));
        Assert.Equal((first, first), (second.First, third.First));
        Assert.Equal([$"{first.Name[..8]}-1", $"{first.Name[..8]}-2"], journal.ConflictsOf(first.Study).Select(each => each.ConflictKey));

        journal.Discard(second);
        Assert.Equal([third], journal.ConflictsOf(first.Study));
        Assert.NotEmpty(DeliveryLog.Read(journal.FolderOf(first.Study), "pacs"));

        // Whoever is owed it is owed it again, and its series is to be analysed, also after a power cut at this moment.
        journal.Accept(third);
        Assert.Empty(journal.ConflictsOf(first.Study));
        Assert.Equal(other, File.ReadAllBytes(journal.PathOf(first)));
        Assert.Empty(DeliveryLog.Read(journal.FolderOf(first.Study), "pacs"));
        Assert.False(journal.IsSettled(first.Study, first.Series));
    }

    [Fact]
    public async Task Many_associations_that_send_the_same_object_at_once_leave_one_copy()
    {
        Journal journal = Open();
        Task<(Kept Kept, JournalEntry Entry)>[] all =
            [.. Enumerable.Range(0, 16).Select(_ => Task.Run(() => Store(journal, "1.2.3", "a"), TestContext.Current.CancellationToken))];
        (Kept Kept, JournalEntry Entry)[] done = await Task.WhenAll(all);

        Assert.Single(done, result => result.Kept == Kept.New);
        Assert.Single(FilesOf(journal, done[0].Entry));
    }

    [Fact]
    public void An_object_that_was_given_up_leaves_nothing()
    {
        Journal journal = Open();
        using (ArrivingInstance arriving = Begin(journal, "1.2.3"))
        {
            arriving.Append(Bytes("half"));
        }

        Assert.Empty(Directory.GetFiles(scratch["incoming"]));
        Assert.Empty(Directory.GetDirectories(journal.Studies));
    }

    [Fact]
    public void What_was_half_written_when_the_power_went_is_removed_at_start_and_the_rest_is_found()
    {
        Journal before = Open();
        JournalEntry entry = Store(before, "1.2.3", "a").Entry;
        File.WriteAllText(Path.Combine(scratch["incoming"], "7.part"), "half");
        Directory.CreateDirectory(Path.Combine(scratch["removing"], "old", "series"));

        Journal journal = Open();
        journal.FinishRemovals();
        ScannedStudy study = Assert.Single(Scan(journal));

        Assert.Equal([entry], study.Objects);
        Assert.Equal([new ScannedSeries(entry.Series, false, null)], study.Series);
        Assert.Equal([entry], study.Owed["pacs"].Select(each => each.Entry));
        Assert.Empty(Directory.GetFiles(scratch["incoming"]));
        Assert.Empty(Directory.GetDirectories(scratch["removing"]));
    }

    [Fact]
    public void The_scan_leaves_out_what_arrived_since_start()
    {
        JournalEntry old = Store(Open(), "1.2.3", "a").Entry;
        Journal journal = Open();
        Store(journal, "1.2.4", "b");

        Assert.Equal([old], Assert.Single(Scan(journal)).Objects);
    }

    [Fact]
    public void The_scan_owes_each_destination_what_its_log_does_not_name()
    {
        Journal before = Open();
        JournalEntry first = Store(before, "1.2.3", "a").Entry;
        JournalEntry second = Store(before, "1.2.4", "b").Entry;
        string folder = before.FolderOf(first.Study);
        DeliveryLog.Append(folder, "pacs", first.Relative, 0xB000, DateTimeOffset.UnixEpoch);
        File.AppendAllText(Path.Combine(folder, "sent-archive.log"), second.Relative[..20]);

        ScannedStudy study = Assert.Single(Scan(Open(), "new"));

        Assert.Equal([second], study.Owed["pacs"].Select(each => each.Entry));
        Assert.Equal(2, study.Owed["archive"].Count);
        Assert.False(study.Owed.ContainsKey("new"));
    }

    [Fact]
    public void A_line_after_a_torn_line_is_a_line_of_its_own()
    {
        Journal journal = Open();
        JournalEntry entry = Store(journal, "1.2.3", "a").Entry;
        string folder = journal.FolderOf(entry.Study);
        File.AppendAllText(Path.Combine(folder, "sent-pacs.log"), "torn");
        DeliveryLog.Append(folder, "pacs", entry.Relative, 0, DateTimeOffset.UnixEpoch);

        Assert.Contains(entry.Relative, DeliveryLog.Read(folder, "pacs"));
    }

    [Fact]
    public void A_settled_series_is_not_analysed_again_after_a_restart_until_a_slice_comes_late()
    {
        Journal before = Open();
        JournalEntry entry = Store(before, "1.2.3", "a").Entry;
        Refusal why = new(RefusalReason.TooFewSlices, "Only one: send all.");
        before.Settle(entry.Study, entry.Series, why);
        Journal journal = Open();

        Assert.Equal(
            [new ScannedSeries(entry.Series, true, why)], Assert.Single(Scan(journal)).Series);
        journal.Unsettle(entry.Study, entry.Series);
        Assert.False(journal.IsSettled(entry.Study, entry.Series));
    }

    [Fact]
    public void Attempts_at_an_analysis_are_counted_over_restarts_until_it_is_settled()
    {
        Journal before = Open();
        JournalEntry entry = Store(before, "1.2.3", "a").Entry;

        Assert.Equal(1, before.CountAttempt(entry.Study, entry.Series));
        Assert.Equal(2, Open().CountAttempt(entry.Study, entry.Series));
        before.Settle(entry.Study, entry.Series, null);
        Assert.Equal(1, before.CountAttempt(entry.Study, entry.Series));
    }

    [Fact]
    public void A_study_that_got_an_object_since_the_decision_is_not_removed()
    {
        Journal journal = Open();
        JournalEntry entry = Store(journal, "1.2.3", "a").Entry;
        int changes = journal.ChangesOf(entry.Study);
        Store(journal, "1.2.4", "b");

        Assert.False(journal.Remove(entry.Study, changes));
        Assert.True(journal.Remove(entry.Study, journal.ChangesOf(entry.Study)));
        Assert.False(Directory.Exists(journal.FolderOf(entry.Study)));
        Assert.Equal(Kept.New, Store(journal, "1.2.3", "a").Kept);
        Assert.True(DeliveryLog.Exists(journal.FolderOf(entry.Study), "pacs"));
    }

    [Fact]
    public void A_full_disk_is_an_error_to_the_sender_and_leaves_no_part_behind()
    {
        using SmallDisk disk = new(scratch["small"]);
        Journal journal = new(disk.Folder, Destinations);
        JournalEntry first = Store(journal, "1.2.3", "a").Entry;

        using (ArrivingInstance arriving = Begin(journal, "1.2.4"))
        {
            byte[] block = new byte[64 * 1024];
            Assert.ThrowsAny<IOException>(() =>
            {
                for (int i = 0; i < 64; i++)
                {
                    arriving.Append(block);
                }
            });
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(disk.Folder, "incoming")));
        Assert.True(File.Exists(journal.PathOf(first)));
        Assert.Equal(Kept.New, Store(journal, "1.2.5", "small enough").Kept);
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private static ArrivingInstance Begin(Journal journal, string uid, string source = "SCANNER") =>
        journal.Begin(Uids.CTImageStorage, uid, TransferSyntax.ExplicitLittleEndian, source);

    private static (Kept Kept, JournalEntry Entry) Store(Journal journal, string uid, string content, string source = "SCANNER")
    {
        using ArrivingInstance arriving = Begin(journal, uid, source);
        arriving.Append(Bytes(content));
        return journal.Commit(arriving, JournalEntry.Original("1.2", "1.2.1", uid));
    }

    private static string[] FilesOf(Journal journal, JournalEntry entry) =>
        Directory.GetFiles(Path.Combine(journal.FolderOf(entry.Study), entry.Series));

    private static Result Segmentation(DataSet meta, DataSet result) =>
        new(ResultKind.Segmentation, new DicomFile(meta, TransferSyntax.ExplicitLittleEndian, result));

    private static IEnumerable<ScannedStudy> Scan(Journal journal, params string[] more) =>
        JournalScan.Studies(
            journal, [.. Destinations.Concat(more).Select(name => Receiver.At(104, name))], damaged => Assert.Fail(damaged.Message));

    private Journal Open() => new(scratch.Folder, Destinations);
}
