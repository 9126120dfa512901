using Appliance.Core;
using Appliance.Dicom.Data;
using Appliance.Imaging;

namespace Appliance.Daemon;

/// <summary>What is known of one series that is under way.</summary>
public sealed partial class StudyRun
{
    private sealed class Run
    {
        public HashSet<string> Taken { get; } = [];

        public App? App { get; set; }

        public string NameAndVersion => App?.NameAndVersion ?? "";

        public SeriesRun? Series { get; set; }

        /// <summary>Its place before the network's threads.</summary>
        public SeriesLine? Line { get; set; }

        public Refusal? Refusal { get; set; }

        /// <summary>Images of which it was told that their organs are found.</summary>
        public int Told { get; set; }

        /// <summary>Those whose organs are found now; an image of several slices is when all of them are.</summary>
        public int Done => Series is { Slices: > 0 } series ? (int)((long)Taken.Count * series.DoneSlices / series.Slices) : 0;

        /// <summary>How a picture says so.</summary>
        public Saying Saying { get; init; }

        /// <summary>Images before the first slice that only show where slices lie.</summary>
        public List<DataSet> Localizers { get; } = [];

        /// <summary>Why the series is not analysed if nothing else comes.</summary>
        public Refusal? OnlyLocalizers { get; set; }

        /// <summary>What was made before its end was decided.</summary>
        public Finished? Finished { get; set; }

        /// <summary>Another slice came.</summary>
        public void Revoke()
        {
            Finished?.Dispose();
            Finished = null;
        }
    }

    /// <summary>A series with its results on the disk but not in the journal, or why there are none.</summary>
    private sealed record Finished(Refusal? Refusal, Analysis? Analysis, PreparedResults? Prepared, int Revision = 1) : IDisposable
    {
        public void Dispose() => Prepared?.Dispose();
    }
}
