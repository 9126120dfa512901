using Appliance.Core;
using Appliance.Dicom.Data;

namespace Appliance.Daemon;

/// <summary>An object that a destination is owed.</summary>
/// <param name="LabelMap">
/// The label map on which it depends: its own report leaves after that label map was taken, all else that is named here (BINARY
/// segmentation and its report) only where it was not.
/// </param>
public sealed record OwedObject(JournalEntry Entry, JournalEntry? LabelMap = null);

/// <summary>Which destination is owed what: it follows from the names on the disk and from the settings, never from memory.</summary>
public static class Owed
{
    /// <summary>What of these objects the destination is owed, in their order.</summary>
    /// <param name="entries">Of the results of one series either all or those that are stored together.</param>
    public static IReadOnlyList<OwedObject> To(DestinationSettings destination, IReadOnlyList<JournalEntry> entries)
    {
        Dictionary<(string Series, string App), JournalEntry[]> results = entries.Where(entry => entry.IsResult)
            .GroupBy(entry => (entry.Series, entry.App)).ToDictionary(group => group.Key, group => group.ToArray());
        return
        [
            .. entries.Select(entry => !entry.IsResult
                ? destination.Send.HasFlag(Sends.Originals) && !destination.IsFolder ? new OwedObject(entry) : null
                : Result(destination, entry, results[(entry.Series, entry.App)])).OfType<OwedObject>(),
        ];
    }

    /// <summary>The kinds that some destination wants of an app; what every series gets stands in <see cref="ResultKind"/>.</summary>
    public static IReadOnlySet<ResultKind> Wanted(IReadOnlyList<DestinationSettings> destinations, string app)
    {
        HashSet<ResultKind> kinds = [ResultKind.Segmentation, ResultKind.Report];
        if (destinations.Count == 0)
        {
            // Nobody is owed them, but people look at them here.
            kinds.Add(ResultKind.Picture);
        }

        foreach (DestinationSettings destination in destinations)
        {
            kinds.UnionWith(Enum.GetValues<ResultKind>().Where(kind => Wants(destination, kind, app)));
        }

        return kinds;
    }

    /// <summary>SOP classes of ours that the destination may be sent: one association carries originals and results.</summary>
    public static IReadOnlyList<string> SopClasses(DestinationSettings destination)
    {
        Sends sends = destination.SendOfApp.Values.Aggregate(destination.Send, (all, each) => all | each);
        List<string> classes = [];
        Add(Sends.LabelMaps, Uids.LabelMapSegmentationStorage);
        Add(Sends.LabelMaps | Sends.Segmentations, Uids.SegmentationStorage);
        Add(Sends.Reports, Uids.Comprehensive3DSRStorage);
        Add(Sends.Presentations, Uids.GrayscaleSoftcopyPresentationStateStorage);
        Add(Sends.SecondaryCaptures | Sends.Renderings | Sends.Notices, Uids.SecondaryCaptureImageStorage);
        return classes;

        void Add(Sends any, string sopClass)
        {
            if ((sends & any) != 0)
            {
                classes.Add(sopClass);
            }
        }
    }

    private static bool Wants(DestinationSettings destination, ResultKind kind, string app)
    {
        Sends sends = destination.SendsOf(app);
        if (destination.IsFolder)
        {
            // The one document of every analysed series stands for its volume and labels, which are written from the journal.
            return kind == ResultKind.Report && sends != Sends.None;
        }

        bool segmentation = (sends & (Sends.Segmentations | Sends.LabelMaps)) != 0;
        bool report = sends.HasFlag(Sends.Reports);
        return kind switch
        {
            ResultKind.Segmentation => segmentation && !destination.KeepEmptyFrames,
            ResultKind.SegmentationOfAllFrames => segmentation && destination.KeepEmptyFrames,
            ResultKind.LabelMap => sends.HasFlag(Sends.LabelMaps),
            ResultKind.Report => report && !destination.KeepEmptyFrames,
            ResultKind.ReportOfAllFrames => report && destination.KeepEmptyFrames,
            ResultKind.ReportOfLabelMap => report && sends.HasFlag(Sends.LabelMaps),
            ResultKind.Picture => sends.HasFlag(Sends.SecondaryCaptures),
            ResultKind.Presentation => sends.HasFlag(Sends.Presentations),
            ResultKind.Rendering => sends.HasFlag(Sends.Renderings),
            ResultKind.Notice => sends.HasFlag(Sends.Notices),
            ResultKind.NoticeOfUntaken => sends.HasFlag(Sends.AllNotices),
            _ => throw new DefectException($"nobody decides who gets {kind}"),
        };
    }

    /// <summary>
    /// A form that was not made, because the settings were others then or nothing was found, is made good by the plain one.
    /// </summary>
    private static OwedObject? Result(DestinationSettings destination, JournalEntry entry, JournalEntry[] siblings)
    {
        if (entry.Kind is not ResultKind kind)
        {
            if (destination.IsFolder)
            {
                return null;
            }

            // A name of another version of ours: better twice too much than lost.
            return new OwedObject(entry);
        }

        bool isInstead = !destination.IsFolder && (kind, destination.KeepEmptyFrames) switch
        {
            (ResultKind.Segmentation, true) => !Has(ResultKind.SegmentationOfAllFrames)
                && Wants(destination, ResultKind.SegmentationOfAllFrames, entry.App),
            (ResultKind.Report, true) => !Has(ResultKind.ReportOfAllFrames) && Wants(destination, ResultKind.ReportOfAllFrames, entry.App),
            _ => false,
        };
        if (!isInstead && !Wants(destination, kind, entry.App))
        {
            return null;
        }

        bool depends = !destination.IsFolder && destination.SendsOf(entry.App).HasFlag(Sends.LabelMaps)
            && kind is ResultKind.Segmentation or ResultKind.SegmentationOfAllFrames
                or ResultKind.Report or ResultKind.ReportOfAllFrames or ResultKind.ReportOfLabelMap;
        return new OwedObject(entry, depends ? Array.Find(siblings, each => each.Kind == ResultKind.LabelMap) : null);

        bool Has(ResultKind wanted) => Array.Exists(siblings, each => each.Kind == wanted);
    }
}
