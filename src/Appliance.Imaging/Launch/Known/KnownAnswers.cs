namespace Appliance.Imaging.Launch.Known;

/// <summary>One for every kernel; a house test misses those that are not here.</summary>
public static class KnownAnswers
{
    public static IReadOnlyList<KnownAnswer> All { get; } =
    [
        .. new[] { PointAnswers.All, NeighbourAnswers.All, GridAnswers.All, ResultAnswers.All }
            .SelectMany(each => each).OrderBy(each => each.Kernel, StringComparer.Ordinal),
    ];
}
