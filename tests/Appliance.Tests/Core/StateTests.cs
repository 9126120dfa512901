using Appliance.Core;
using Stateless;
using Xunit;

namespace Appliance.Tests.Core;

public sealed class StateTests
{
    public enum Light
    {
        Off,
        On,
    }

    public enum Push
    {
        Up,
        Down,
    }

    [Fact]
    public void A_missing_row_is_a_defect_at_the_time_the_table_is_made()
    {
        StateRow<Light, Push>[] rows =
        [
            new(Light.Off, Push.Up, Light.On, string.Empty),
            new(Light.Off, Push.Down, null, "already off"),
            new(Light.On, Push.Down, Light.Off, string.Empty),
        ];

        DefectException defect = Assert.Throws<DefectException>(() => new StateTable<Light, Push>(Light.Off, rows));

        Assert.Contains("On x Up", defect.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_rows_for_one_pair_are_a_defect()
    {
        StateRow<Light, Push> row = new(Light.Off, Push.Up, Light.On, string.Empty);

        Assert.Throws<DefectException>(() => new StateTable<Light, Push>(Light.Off, [row, row]));
    }

    [Fact]
    public void Both_machines_do_what_their_table_says_for_every_pair()
    {
        Assert.Equal(8 * 12, Walk(DeviceStates.Table));
        Assert.Equal(5 * 7, Walk(StudyStates.Table));
    }

    [Fact]
    public void Every_ignored_signal_says_why()
    {
        Assert.All(Rows(DeviceStates.Table), r => Assert.Equal(r.Next is null, r.Why.Length > 0));
        Assert.All(Rows(StudyStates.Table), r => Assert.Equal(r.Next is null, r.Why.Length > 0));
    }

    [Fact]
    public void From_every_state_the_device_can_stop_and_but_for_stopping_become_ready_within_three_signals()
    {
        foreach (DeviceState state in Enum.GetValues<DeviceState>().Where(s => s != DeviceState.ShuttingDown))
        {
            Assert.Equal(DeviceState.ShuttingDown, DeviceStates.Table.Row(state, DeviceSignal.StopRequested).Next);
            Assert.InRange(Distance(DeviceStates.Table, state, DeviceState.Ready), 0, 3);
        }
    }

    [Fact]
    public void Fault_and_shutting_down_are_the_only_states_that_accept_no_association()
    {
        Assert.Equal(
            [DeviceState.Fault, DeviceState.ShuttingDown],
            Enum.GetValues<DeviceState>().Where(s => !DeviceStates.Accepts(s)));
    }

    [Fact]
    public void A_fault_is_left_only_when_it_is_cleared()
    {
        Assert.Equal(
            [DeviceSignal.FaultCleared, DeviceSignal.StopRequested],
            Enum.GetValues<DeviceSignal>().Where(s => DeviceStates.Table.Row(DeviceState.Fault, s).Next is not null));
    }

    [Fact]
    public void A_late_slice_revokes_completion_wherever_the_study_is()
    {
        foreach (StudyState state in Enum.GetValues<StudyState>())
        {
            Assert.Equal(StudyState.Receiving, After(StudyStates.Table, state, StudySignal.OriginalArrived));
        }
    }

    [Fact]
    public void Failing_delivery_never_changes_a_state_and_a_study_that_is_not_analysed_is_still_delivered()
    {
        Assert.All(Enum.GetValues<StudyState>(), s => Assert.Equal(s, After(StudyStates.Table, s, StudySignal.DeliveryFailed)));
        Assert.Equal(
            StudyState.Sent,
            After(StudyStates.Table, StudyState.Receiving, StudySignal.AnalysisRefused, StudySignal.DeliveryFailed, StudySignal.Delivered));
    }

    [Fact]
    public void A_study_is_sent_only_from_where_everything_is_known()
    {
        Assert.Equal(
            [StudyState.Delivering, StudyState.NotAnalysed],
            Enum.GetValues<StudyState>().Where(s => StudyStates.Table.Row(s, StudySignal.Delivered).Next == StudyState.Sent));
    }

    [Fact]
    public void The_usual_way_of_a_study()
    {
        Assert.Equal(
            StudyState.Sent,
            After(
                StudyStates.Table, StudyState.Receiving, StudySignal.OriginalArrived, StudySignal.Delivered, StudySignal.AnalysisBegan,
                StudySignal.Analysed, StudySignal.Delivered));
    }

    private static IEnumerable<StateRow<TState, TSignal>> Rows<TState, TSignal>(StateTable<TState, TSignal> table)
        where TState : struct, Enum
        where TSignal : struct, Enum =>
        Enum.GetValues<TState>().SelectMany(s => Enum.GetValues<TSignal>().Select(signal => table.Row(s, signal)));

    private static int Walk<TState, TSignal>(StateTable<TState, TSignal> table)
        where TState : struct, Enum
        where TSignal : struct, Enum
    {
        int pairs = 0;
        foreach (StateRow<TState, TSignal> row in Rows(table))
        {
            Assert.Equal(row.Next ?? row.State, After(table, row.State, row.Signal));
            pairs++;
        }

        return pairs;
    }

    private static TState After<TState, TSignal>(StateTable<TState, TSignal> table, TState start, params TSignal[] signals)
        where TState : struct, Enum
        where TSignal : struct, Enum
    {
        StateMachine<TState, TSignal> machine = table.Machine(start);
        foreach (TSignal signal in signals)
        {
            machine.Fire(signal);
        }

        return machine.State;
    }

    private static int Distance<TState, TSignal>(StateTable<TState, TSignal> table, TState from, TState to)
        where TState : struct, Enum
        where TSignal : struct, Enum
    {
        HashSet<TState> reached = [from];
        for (int steps = 0; steps < 10; steps++)
        {
            if (reached.Contains(to))
            {
                return steps;
            }

            reached.UnionWith([.. Rows(table).Where(r => reached.Contains(r.State) && r.Next is not null).Select(r => r.Next!.Value)]);
        }

        return int.MaxValue;
    }
}
