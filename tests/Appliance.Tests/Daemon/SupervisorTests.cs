using Appliance.Daemon;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Appliance.Tests.Daemon;

public sealed class SupervisorTests
{
    private readonly FakeTimeProvider time = new();
    private readonly Supervisor supervisor;
    private double waitedMs;
    private int ends;

    public SupervisorTests()
    {
        supervisor = new Supervisor(time, () => waitedMs, () => ends++);
    }

    [Fact]
    public void A_control_thread_that_is_silent_is_seen_within_two_seconds_and_once()
    {
        supervisor.Beat();
        int looks = 0;
        while (ends == 0)
        {
            Look();
            looks++;
        }

        Assert.InRange(looks * Limits.SupervisionMs, Limits.ControlSilenceMs, 2_000);
        for (int i = 0; i < 20; i++)
        {
            Look();
        }

        Assert.Equal(1, ends);
    }

    [Fact]
    public void A_control_thread_that_beats_as_slowly_as_it_may_is_well()
    {
        for (int i = 0; i < 100; i++)
        {
            if (i * Limits.SupervisionMs % Limits.TickMs == 0)
            {
                supervisor.Beat();
            }

            Look();
        }

        Assert.Equal(0, ends);
    }

    [Fact]
    public void A_machine_that_was_suspended_is_no_hang()
    {
        supervisor.Beat();
        for (int i = 0; i < 100; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            supervisor.Look();
        }

        Assert.Equal(0, ends);
    }

    [Fact]
    public void A_process_that_waits_for_a_processor_is_no_hang()
    {
        waitedMs = Limits.BreathlessMs;
        supervisor.Beat();
        for (int i = 0; i < 100; i++)
        {
            Look();
        }

        Assert.Equal(0, ends);
    }

    private void Look()
    {
        time.Advance(TimeSpan.FromMilliseconds(Limits.SupervisionMs));
        supervisor.Look();
    }
}
