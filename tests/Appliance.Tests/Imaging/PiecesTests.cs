using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

public sealed class PiecesTests
{
    [Fact]
    public void Only_the_largest_piece_of_a_class_named_stays()
    {
        byte[] labels =
        [
            1, 1, 0, 1,
            0, 0, 0, 1,
            2, 0, 0, 1,
            2, 0, 5, 0,
        ];
        Pieces.KeepLargest(labels, 4, 4, [1, 2]);
        Assert.Equal<byte>(
            [
                0, 0, 0, 1,
                0, 0, 0, 1,
                2, 0, 0, 1,
                2, 0, 5, 0,
            ],
            labels);
    }

    [Fact]
    public void Pieces_join_through_slices_but_not_over_edges()
    {
        // Two slices of 2 x 3: the piece on the left goes through both; the right ones touch only over an edge.
        byte[] labels =
        [
            1, 0, 0,
            0, 0, 1,
            1, 0, 1,
            0, 0, 0,
        ];
        Pieces.KeepLargest(labels, 2, 3, [1]);
        Assert.Equal<byte>([1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], labels);
    }

    [Fact]
    public void Random_volumes_come_out_as_a_flood_fill_says()
    {
        Random random = new(5);
        for (int round = 0; round < 50; round++)
        {
            byte[] labels = new byte[6 * 7 * 8];
            for (int i = 0; i < labels.Length; i++)
            {
                labels[i] = (byte)(random.Next(5) < 3 ? random.Next(1, 3) : 0);
            }

            byte[] expected = FloodFilled(labels, 7, 8);
            Pieces.KeepLargest(labels, 7, 8, [1, 2]);
            Assert.Equal(expected, labels);
        }
    }

    private static byte[] FloodFilled(byte[] labels, int rows, int columns)
    {
        int[] piece = new int[labels.Length];
        List<List<int>> pieces = [];
        for (int seed = 0; seed < labels.Length; seed++)
        {
            if (labels[seed] == 0 || piece[seed] != 0)
            {
                continue;
            }

            List<int> members = [seed];
            pieces.Add(members);
            piece[seed] = pieces.Count;
            for (int next = 0; next < members.Count; next++)
            {
                int at = members[next], x = at % columns, y = at / columns % rows;
                int[] around =
                [
                    x > 0 ? at - 1 : at, x < columns - 1 ? at + 1 : at, y > 0 ? at - columns : at, y < rows - 1 ? at + columns : at,
                    at - (rows * columns), at + (rows * columns),
                ];
                foreach (int to in around.Where(to => to >= 0 && to < labels.Length && piece[to] == 0 && labels[to] == labels[seed]))
                {
                    piece[to] = pieces.Count;
                    members.Add(to);
                }
            }
        }

        byte[] kept = new byte[labels.Length];
        foreach (IGrouping<byte, List<int>> organ in pieces.GroupBy(members => labels[members[0]]))
        {
            organ.MaxBy(members => members.Count)!.ForEach(at => kept[at] = organ.Key);
        }

        return kept;
    }
}
