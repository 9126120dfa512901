using Appliance.Imaging;
using Xunit;

namespace Appliance.Tests.Imaging;

public sealed class SliceAxisTests
{
    [Fact]
    public void Missing_slices_leave_whole_steps_on_the_axis()
    {
        SliceAxis axis = SliceAxis.Of([10, 14, 12, 30])!;
        Assert.Equal(2, axis.Step);
        Assert.Equal([0, 2, 1, 10, -3], new[] { 10.0, 14, 12, 30, 4 }.Select(position => axis.IndexOf(position)!.Value));
        Assert.Null(axis.IndexOf(11));
    }

    [Fact]
    public void Positions_rounded_to_a_tenth_of_a_millimetre_share_one_step()
    {
        double[] positions = [.. Enumerable.Range(0, 300).Select(i => Math.Round(i * 0.625, 1))];
        SliceAxis axis = SliceAxis.Of(positions)!;
        Assert.InRange(axis.Step, 0.624, 0.626);
        Assert.Equal(Enumerable.Range(0, 300), positions.Select(position => axis.IndexOf(position)!.Value));
    }

    [Theory]
    [InlineData(new double[] { 0, 2, 4, 7 })]
    [InlineData(new double[] { 0, 0, 1 })]
    [InlineData(new double[] { 0 })]
    public void Slices_without_a_common_step_have_no_axis(double[] positions) => Assert.Null(SliceAxis.Of(positions));

    [Fact]
    public void The_grid_of_a_stack_sent_from_either_end_begins_half_a_step_inside_that_end()
    {
        double[] rising = [.. Enumerable.Range(0, 30).Select(i => i * 1.0)];
        SliceAxis up = SliceAxis.Of(rising)!, down = SliceAxis.Of([.. rising.Reverse()])!;

        // Slices reach from -0.5 to 29.5 mm: ten grid slices, the first at 1 mm.
        Assert.Equal((0, 9), up.GridRange(0, 29));
        Assert.Equal(1, up.SourceOf(0), 9);
        Assert.Equal(1, 29 + down.SourceOf(down.GridRange(-29, 0).Lowest), 9);
        Assert.True(up.BeginsAtEnd(0, 29) && down.BeginsAtEnd(-29, 0));
        Assert.False(up.BeginsAtEnd(-1, 29) && up.BeginsAtEnd(-1, 30));
    }
}
