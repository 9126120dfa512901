namespace Appliance.Imaging;

/// <summary>How one grid slice that was given to the network's threads ended.</summary>
internal enum PieceEnd
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>The network's scores are there.</summary>
    Done,

    /// <summary>On this rung every second slice is left out: its scores lie between its neighbours'.</summary>
    LeftOut,

    /// <summary>It was not needed any more, or the series was given up.</summary>
    Dropped,

    /// <summary>The network failed; the failure is of the series.</summary>
    Failed,
}

/// <summary>One grid slice to be run through the network.</summary>
/// <param name="fill">Writes the input [channel][y][x]; runs on the network's thread and reads what does not change any more.</param>
/// <param name="isNeeded">False when what was computed would be thrown away.</param>
/// <param name="mayBeLeftOut">Both neighbours will be there to take its scores from.</param>
internal sealed class NetworkPiece(Action<float[]> fill, Func<bool> isNeeded, bool mayBeLeftOut)
{
    public Action<float[]> Fill { get; } = fill;

    public Func<bool> IsNeeded { get; } = isNeeded;

    public bool MayBeLeftOut { get; } = mayBeLeftOut;

    /// <summary>Scores of this slice alone; where it is done.</summary>
    public ClassScores? Scores { get; set; }

    public PieceEnd End { get; set; }

    /// <summary>Where its series stood when it was taken up.</summary>
    public Core.Rung Rung { get; set; }

    public Exception? Failure { get; set; }

    /// <summary>What it was expected to take when it was added, for the queue's sums.</summary>
    public double ExpectedMs { get; set; }

    /// <summary>Told on the caller's thread, by <see cref="SeriesLine.Collect"/>.</summary>
    public required Action<NetworkPiece> Take { get; init; }
}
