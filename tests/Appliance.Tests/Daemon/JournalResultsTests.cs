using System.Text;
using Appliance.Core;
using Appliance.Daemon;
using Appliance.Dicom.Data;
using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Daemon;

/// <summary>Results in the journal: documents first, pictures behind them, and what is left of either after a power cut.</summary>
public sealed class JournalResultsTests : IDisposable
{
    private static readonly string[] Destinations = ["pacs"];

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Documents_are_owed_like_originals_but_are_no_series_to_analyse()
    {
        Journal before = Open();
        JournalEntry entry = Original(before);
        JournalEntry made = Assert.Single(Document(before, entry));

        ScannedStudy study = Assert.Single(Scan(Open()));

        Assert.True(made.IsResult);
        Assert.Equal(entry.Series, made.SourceSeries);
        Assert.Equal([new ScannedSeries(entry.Series, true, null, IsDrawing: true)], study.Series);
        Assert.Equal([entry, made], study.Owed["pacs"].Select(each => each.Entry));
    }

    [Fact]
    public void Documents_that_have_no_names_yet_are_not_owed_and_are_gone_after_the_power_cut()
    {
        Journal before = Open();
        JournalEntry entry = Original(before);
        PreparedResults prepared = before.Prepare(entry.Study, entry.Series, [Document("2.25.1")], Notes([]));
        Assert.Equal(2, Directory.GetFiles(scratch["incoming"]).Length);

        ScannedStudy study = Assert.Single(Scan(Open()));

        Assert.Equal([new ScannedSeries(entry.Series, false, null)], study.Series);
        Assert.Equal([entry], study.Owed["pacs"].Select(each => each.Entry));
        Assert.Empty(Directory.GetFiles(scratch["incoming"]));
        Assert.Throws<FileNotFoundException>(() => before.Place(prepared));
    }

    [Fact]
    public void Documents_that_a_late_slice_made_obsolete_leave_nothing()
    {
        Journal journal = Open();
        JournalEntry entry = Original(journal);
        using (journal.Prepare(entry.Study, entry.Series, [Document("2.25.1")], Notes([])))
        {
        }

        Assert.Empty(Directory.GetFiles(scratch["incoming"]));
        Assert.Null(journal.DocumentsOf(entry.Study, entry.Series));
        Assert.Equal([entry], Assert.Single(Scan(Open())).Owed["pacs"].Select(each => each.Entry));
    }

    /// <summary>The names of one folder reach the disk in any order: the mark may be there before a document.</summary>
    [Fact]
    public void A_mark_without_all_its_documents_is_none_and_what_it_left_is_made_again()
    {
        Journal before = Open();
        JournalEntry entry = Original(before);
        IReadOnlyList<JournalEntry> documents = Document(before, entry, "2.25.1", "2.25.2");
        File.Delete(before.PathOf(documents[1]));

        Journal journal = Open();
        ScannedStudy study = Assert.Single(Scan(journal));
        journal.DiscardResults(entry.Study, entry.Series);

        Assert.Equal([new ScannedSeries(entry.Series, false, null)], study.Series);
        Assert.Equal([entry], study.Owed["pacs"].Select(each => each.Entry));
        Assert.Equal([entry.Series], Directory.GetDirectories(journal.FolderOf(entry.Study)).Select(Path.GetFileName));
    }

    [Fact]
    public void Pictures_are_owed_from_the_moment_they_have_their_names_and_the_notes_survive()
    {
        Journal before = Open();
        JournalEntry entry = Original(before);
        PictureNotes notes = Notes(["1.2.3", "1.2.4"]);
        using (PreparedResults documents = before.Prepare(entry.Study, entry.Series, [Document("2.25.1")], notes))
        {
            before.Place(documents);
        }

        using (PreparedResults drawn = before.Prepare(entry.Study, entry.Series, notes.App, [Picture(notes.PictureUid(1))]))
        {
            Assert.Equal([Journal.PictureEntry(entry.Study, entry.Series, notes, 1)], before.Place(drawn));
        }

        using PreparedResults undrawn = before.Prepare(entry.Study, entry.Series, notes.App, [Picture(notes.PictureUid(0))]);
        Journal journal = Open();

        Assert.Equal(3, Assert.Single(Scan(journal)).Owed["pacs"].Count);
        PictureNotes kept = journal.DocumentsOf(entry.Study, entry.Series)!.Notes;
        Assert.Equal(notes.Sources, kept.Sources);
        Assert.Equal(notes.PictureUid(0), kept.PictureUid(0));
        Assert.False(File.Exists(journal.PathOf(Journal.PictureEntry(entry.Study, entry.Series, kept, 0))));
    }

    [Fact]
    public void A_series_with_all_its_pictures_is_settled_and_a_late_slice_takes_both_marks_away()
    {
        Journal journal = Open();
        JournalEntry entry = Original(journal);
        Document(journal, entry);
        journal.Settle(entry.Study, entry.Series, null);
        Assert.Equal([new ScannedSeries(entry.Series, true, null)], Assert.Single(Scan(Open())).Series);

        journal.Unsettle(entry.Study, entry.Series);

        Assert.Equal([new ScannedSeries(entry.Series, false, null)], Assert.Single(Scan(Open())).Series);
    }

    [Fact]
    public void Pictures_that_cannot_all_be_made_leave_none()
    {
        Journal journal = Open();
        JournalEntry entry = Original(journal);
        static IEnumerable<Result> Failing()
        {
            yield return Picture("2.25.1");
            throw new InvalidDataException("the source is gone");
        }

        Assert.Throws<InvalidDataException>(() => journal.Prepare(entry.Study, entry.Series, "ct-organs", Failing()));

        Assert.Empty(Directory.GetFiles(scratch["incoming"]));
    }

    internal static PictureNotes Notes(IReadOnlyList<string> sources) => new()
    {
        App = "ct-organs", Version = "0.1.0", Notice = "Not for diagnostic use.", SeriesUid = "2.25.9", MadeAt = DateTimeOffset.UnixEpoch,
        WindowCenter = 40, WindowWidth = 400, Organs = [], Remarks = [], Sources = sources,
    };

    private static Result Document(string uid) => new(ResultKind.Segmentation, FileOf(uid));

    private static Result Picture(string uid) => new(ResultKind.Picture, FileOf(uid));

    private static DicomFile FileOf(string uid)
    {
        DataSet meta = FileMeta.Create(Uids.SegmentationStorage, uid, TransferSyntax.ExplicitLittleEndian, "APPLIANCE");
        return new DicomFile(meta, TransferSyntax.ExplicitLittleEndian, new DataSet().SetString(Tags.SOPInstanceUID, Vr.UI, uid));
    }

    private static IReadOnlyList<JournalEntry> Document(Journal journal, JournalEntry entry, params string[] uids)
    {
        string[] named = uids.Length > 0 ? uids : ["2.25.1"];
        using PreparedResults prepared = journal.Prepare(entry.Study, entry.Series, [.. named.Select(Document)], Notes([]));
        return journal.Place(prepared);
    }

    private static JournalEntry Original(Journal journal)
    {
        using ArrivingInstance arriving = journal.Begin(Uids.CTImageStorage, "1.2.3", TransferSyntax.ExplicitLittleEndian, "SCANNER");
        arriving.Append(Encoding.ASCII.GetBytes("a"));
        return journal.Commit(arriving, JournalEntry.Original("1.2", "1.2.1", "1.2.3")).Entry;
    }

    private static IEnumerable<ScannedStudy> Scan(Journal journal) =>
        JournalScan.Studies(journal, [.. Destinations.Select(name => Receiver.At(104, name))], damaged => Assert.Fail(damaged.Message));

    private Journal Open() => new(scratch.Folder, Destinations);
}
