using Appliance.Dicom.Data;
using Appliance.Imaging;

namespace Appliance.Daemon;

/// <summary>Reads the slices of an analysed series again, for what is made from the journal afterwards. One caller at a time.</summary>
public sealed class SourceSlices(Journal journal)
{
    private (JournalEntry Entry, DicomFile File)? last;

    /// <summary>Slice <paramref name="slice"/> of those that the notes name; null where it cannot be read.</summary>
    public DicomFile? Find(string study, string series, PictureNotes notes, int slice)
    {
        // An image of many frames is read once for all of them.
        JournalEntry entry = new(study, series, JournalEntry.NameOf(notes.Sources[slice]));
        DicomFile? image = last?.Entry == entry ? last.Value.File : Read(entry);
        last = notes.Frames is null || image is null ? null : (entry, image);
        return image is null ? null : SourceFrames.Find(image, notes.Frames?[slice]);
    }

    /// <summary>An object of the journal; null where it cannot be read.</summary>
    public DicomFile? Read(JournalEntry entry) => DicomFileReader.Read(File.ReadAllBytes(journal.PathOf(entry))).Value;

    /// <summary>Nothing more of the series is asked for: an image of many frames is not kept in memory.</summary>
    public void Forget() => last = null;
}
