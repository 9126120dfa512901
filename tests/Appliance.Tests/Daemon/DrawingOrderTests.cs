using System.Globalization;
using Appliance.Core;
using Appliance.Daemon.Screen;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using Limits = Appliance.Daemon.Limits;

namespace Appliance.Tests.Daemon;

/// <summary>Who goes first, as Linux tells it of a thread (proc(5), stat: 19 is the nice value, 41 the policy).</summary>
public sealed class DrawingOrderTests
{
    private const int Other = 0, Idle = 5;

    [Fact]
    public void Reception_goes_before_analysis_analysis_before_networks_and_these_before_pictures() => Aside(() =>
    {
        List<int> nice = [];
        foreach (ThreadOrder there in Enum.GetValues<ThreadOrder>())
        {
            OwnThread.Stand(there);
            nice.Add(Place().Nice);
        }

        Assert.Equal([-10, 0, 5, 10, 10], nice);
        Assert.Equal(Idle, Place().Policy);
        Assert.True(OwnThread.Stand(ThreadOrder.Reception));
        Assert.Equal((-10, Other), Place());
    });

    [Fact]
    public void A_thread_begins_where_the_one_stood_that_started_it() => Aside(() =>
    {
        OwnThread.Stand(ThreadOrder.Reception);
        (int Nice, int Policy) born = default;
        Thread child = new(() => born = Place());
        child.Start();
        child.Join();
        Assert.Equal((-10, Other), born);
    });

    [Fact]
    public void Pictures_take_what_is_left_over_until_one_is_late_and_again_after_a_while() => Aside(() =>
    {
        FakeTimeProvider time = new();
        using DrawingOrder order = new(time);
        order.Join();
        Assert.Equal((10, Other), Place());

        order.Begin();
        Assert.Equal(Idle, Place().Policy);
        time.Advance(TimeSpan.FromMilliseconds(Limits.PictureLateMs - 1));
        Assert.Equal(Idle, Place().Policy);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((10, Other), Place());
        order.End();

        order.Begin();
        Assert.Equal((10, Other), Place());
        order.End();
        time.Advance(TimeSpan.FromMilliseconds(Limits.PicturesInHasteMs));
        order.Begin();
        Assert.Equal(Idle, Place().Policy);
        order.End();

        time.Advance(TimeSpan.FromMilliseconds(2 * Limits.PictureLateMs));
        Assert.Equal(Idle, Place().Policy);
    });

    /// <summary>On a thread of its own; not at all where the machine does not let anybody go first.</summary>
    private static void Aside(Action test)
    {
        Exception? failure = null;
        bool isAllowed = false;
        Thread thread = new(() =>
        {
            isAllowed = OwnThread.Stand(ThreadOrder.Reception);
            OwnThread.Stand(ThreadOrder.Analysis);
            failure = isAllowed ? Record.Exception(test) : null;
        });
        thread.Start();
        thread.Join();
        Assert.SkipUnless(isAllowed, "nice values below zero are not allowed here (ulimit -e)");
        Assert.Null(failure);
    }

    private static (int Nice, int Policy) Place()
    {
        string stat = File.ReadAllText($"/proc/self/task/{OwnThread.Id}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (int.Parse(fields[16], CultureInfo.InvariantCulture), int.Parse(fields[38], CultureInfo.InvariantCulture));
    }
}
