using Appliance.Core;

namespace Appliance.Imaging;

/// <summary>Stage 3: the network over every grid slice (model package, steps 5 and 6).</summary>
public static class Segment
{
    /// <summary>Fills the input [channel][y][x] of one grid slice from the fitted volume [z][y][x].</summary>
    public static void FillChannels(ReadOnlySpan<float> window, int slice, AppManifest manifest, Span<float> input)
    {
        int pixels = manifest.Grid.Size[0] * manifest.Grid.Size[1];
        int slices = window.Length / pixels;
        for (int c = 0; c < manifest.Channels.Count; c++)
        {
            int neighbour = Math.Clamp(slice + manifest.Channels[c].SliceOffset, 0, slices - 1);
            manifest.Channels[c].Hu.Apply(window.Slice(neighbour * pixels, pixels), input.Slice(c * pixels, pixels));
        }
    }

    /// <summary>The same through the threads that all series share, on the rung that the time allows.</summary>
    /// <param name="advance">Told, on the caller's thread, how many grid slices are done, and of how many.</param>
    internal static (ClassScores Scores, IReadOnlyDictionary<Rung, int> Rungs) Run(
        float[] window, AppManifest manifest, Network network, SeriesLine? line, Action<int, int> advance)
    {
        if (line is null)
        {
            ClassScores all = Run(window, manifest, network);
            return (all, new Dictionary<Rung, int> { [Rung.Full] = all.Slices });
        }

        int pixels = manifest.Grid.Size[0] * manifest.Grid.Size[1], slices = window.Length / pixels;
        ClassScores scores = new(slices, manifest.Grid.Size[0], manifest.Grid.Size[1], manifest.Classes.Count);
        Dictionary<Rung, int> rungs = [];
        List<int> leftOut = [];
        line.Add([.. Enumerable.Range(0, slices).Select(slice => new NetworkPiece(
                input => FillChannels(window, slice, manifest, input), () => true, (slice & 1) != 0 && slice < slices - 1)
            {
                Take = piece =>
                {
                    rungs[piece.Rung] = rungs.GetValueOrDefault(piece.Rung) + 1;
                    if (piece.End == PieceEnd.LeftOut)
                    {
                        leftOut.Add(slice);
                    }
                    else if (piece.End == PieceEnd.Done)
                    {
                        scores.Put(slice, piece.Scores!);
                    }
                },
            })]);
        while (line.HasOpen && line.Wait())
        {
            line.Collect();
            advance(rungs.Values.Sum(), slices);
        }

        leftOut.ForEach(scores.PutBetween);
        return (scores, rungs);
    }

    /// <summary>Class scores of the whole fitted volume; slices in parallel, one thread each.</summary>
    public static ClassScores Run(float[] window, AppManifest manifest, Network network)
    {
        int rows = manifest.Grid.Size[0];
        int columns = manifest.Grid.Size[1];
        int slices = window.Length / (rows * columns);
        ClassScores scores = new(slices, rows, columns, manifest.Classes.Count);
        int next = -1;
        Parallel.For(0, Math.Min(Environment.ProcessorCount, slices), _ =>
        {
            SliceTensors tensors = network.Rent();
            for (int slice = Interlocked.Increment(ref next); slice < slices; slice = Interlocked.Increment(ref next))
            {
                FillChannels(window, slice, manifest, tensors.Input);
                network.Run(tensors);
                scores.Put(slice, tensors.Logits);
            }

            network.Return(tensors);
        });
        return scores;
    }
}
