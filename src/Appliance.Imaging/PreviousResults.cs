using Appliance.Dicom.Objects;

namespace Appliance.Imaging;

/// <summary>The results of an earlier analysis of the same series.</summary>
/// <param name="Revision">From 1.</param>
public sealed record PreviousResults(int Revision, IReadOnlyList<SupersededResult> Results);
