using System.Collections.Immutable;
using System.Text;
using Appliance.Dicom.Network;
using Xunit;

namespace Appliance.Tests.Dicom.Network;

/// <summary>The machine against table 9-10 and tables 9-6 to 9-9 as PS3.8 prints them, typed in here once more.</summary>
public sealed class UpperLayerTableTests
{
    private const long ArtimTicks = 30;

    /// <summary>PS3.8 table 9-10. Rows are events 1 to 19, columns Sta1 to Sta13; a dot is an empty cell.</summary>
    private const string Table910 = """
        1  AE-1 .    .    .    .    .    .    .    .    .     .    .    .
        2  .    .    .    AE-2 .    .    .    .    .    .     .    .    .
        3  .    AA-1 AA-8 .    AE-3 AA-8 AA-8 AA-8 AA-8 AA-8  AA-8 AA-8 AA-6
        4  .    AA-1 AA-8 .    AE-4 AA-8 AA-8 AA-8 AA-8 AA-8  AA-8 AA-8 AA-6
        5  AE-5 .    .    .    .    .    .    .    .    .     .    .    .
        6  .    AE-6 AA-8 .    AA-8 AA-8 AA-8 AA-8 AA-8 AA-8  AA-8 AA-8 AA-7
        7  .    .    AE-7 .    .    .    .    .    .    .     .    .    .
        8  .    .    AE-8 .    .    .    .    .    .    .     .    .    .
        9  .    .    .    .    .    DT-1 .    AR-7 .    .     .    .    .
        10 .    AA-1 AA-8 .    AA-8 DT-2 AR-6 AA-8 AA-8 AA-8  AA-8 AA-8 AA-6
        11 .    .    .    .    .    AR-1 .    .    .    .     .    .    .
        12 .    AA-1 AA-8 .    AA-8 AR-2 AR-8 AA-8 AA-8 AA-8  AA-8 AA-8 AA-6
        13 .    AA-1 AA-8 .    AA-8 AA-8 AR-3 AA-8 AA-8 AR-10 AR-3 AA-8 AA-6
        14 .    .    .    .    .    .    .    AR-4 AR-9 .     .    AR-4 .
        15 .    .    AA-1 AA-2 AA-1 AA-1 AA-1 AA-1 AA-1 AA-1  AA-1 AA-1 .
        16 .    AA-2 AA-3 .    AA-3 AA-3 AA-3 AA-3 AA-3 AA-3  AA-3 AA-3 AA-2
        17 .    AA-5 AA-4 AA-4 AA-4 AA-4 AA-4 AA-4 AA-4 AA-4  AA-4 AA-4 AR-5
        18 .    AA-2 .    .    .    .    .    .    .    .     .    .    AA-2
        19 .    AA-1 AA-8 .    AA-8 AA-8 AA-8 AA-8 AA-8 AA-8  AA-8 AA-8 AA-7
        """;

    /// <summary>PS3.8 tables 9-6 to 9-9: what is done, what happens to the ARTIM timer, the next state.</summary>
    private const string Tables96To99 = """
        AE-1  ConnectTransport                          -     4
        AE-2  SendAssociateRq                           -     5
        AE-3  ConfirmAccept                             -     6
        AE-4  ConfirmReject,CloseTransport              -     1
        AE-5  -                                         start 2
        AE-6  IndicateAssociate                         stop  3
        AE-7  SendAssociateAc                           -     6
        AE-8  SendAssociateRj                           start 13
        DT-1  SendPDataTf                               -     6
        DT-2  IndicateData                              -     6
        AR-1  SendReleaseRq                             -     7
        AR-2  IndicateRelease                           -     8
        AR-3  ConfirmRelease,CloseTransport             -     1
        AR-4  SendReleaseRp                             start 13
        AR-5  -                                         stop  1
        AR-6  IndicateData                              -     7
        AR-7  SendPDataTf                               -     8
        AR-8  IndicateRelease                           -     10
        AR-9  SendReleaseRp                             -     11
        AR-10 ConfirmRelease                            -     12
        AA-1  SendAbortByUser                           start 13
        AA-2  CloseTransport                            stop  1
        AA-3  IndicateAbort,CloseTransport              -     1
        AA-4  IndicateProviderAbort                     -     1
        AA-5  -                                         stop  1
        AA-6  -                                         -     13
        AA-7  SendAbortByProvider                       -     13
        AA-8  SendAbortByProvider,IndicateProviderAbort start 13
        """;

    /// <summary>A way from Sta1 into each state; the first word is the side.</summary>
    private static readonly Dictionary<int, string> Ways = new()
    {
        [1] = "acceptor",
        [2] = "acceptor 5",
        [3] = "acceptor 5 6",
        [4] = "requestor 1",
        [5] = "requestor 1 2",
        [6] = "acceptor 5 6 7",
        [7] = "acceptor 5 6 7 11",
        [8] = "acceptor 5 6 7 12",
        [9] = "requestor 1 2 3 11 12",
        [10] = "acceptor 5 6 7 11 12",
        [11] = "requestor 1 2 3 11 12 14",
        [12] = "acceptor 5 6 7 11 12 13",
        [13] = "acceptor 5 6 8",
    };

    public static TheoryData<int, int> Cells()
    {
        TheoryData<int, int> cells = [];
        for (int happened = 1; happened <= 19; happened++)
        {
            for (int state = 1; state <= 13; state++)
            {
                cells.Add(happened, state);
            }
        }

        return cells;
    }

    [Fact]
    public void The_table_in_code_prints_as_the_standard_prints_it()
    {
        StringBuilder printed = new();
        for (int happened = 1; happened <= UpperLayerTable.Events; happened++)
        {
            printed.Append(happened);
            for (int state = 1; state <= UpperLayerTable.States; state++)
            {
                string action = UpperLayerTable.ActionOf((UpperLayerEvent)happened, (UpperLayerState)state).ToString();
                printed.Append(' ').Append(action == "None" ? "." : action.Insert(2, "-"));
            }

            printed.Append('\n');
        }

        Assert.Equal(Normal(Table910), Normal(printed.ToString()));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Each_event_in_each_state_does_what_its_action_says(int happened, int state)
    {
        UpperLayer machine = MachineIn(state);
        string action = Rows(Table910)[happened - 1][state];
        long before = machine.ArtimDeadline;

        if (action == ".")
        {
            Assert.Throws<InvalidOperationException>(() => machine.Step((UpperLayerEvent)happened, 1000));
            Assert.Equal(state, (int)machine.State);
            return;
        }

        ImmutableArray<UpperLayerEffect> effects = machine.Step((UpperLayerEvent)happened, 1000);

        string[] row = Rows(Tables96To99).Single(candidate => candidate[0] == action);
        long deadline = row[2] switch { "start" => 1000 + ArtimTicks, "stop" => long.MaxValue, _ => before };
        Assert.Equal(row[1], effects.IsEmpty ? "-" : string.Join(',', effects));
        Assert.Equal(deadline, machine.ArtimDeadline);
        Assert.Equal(int.Parse(row[3]), (int)machine.State);
    }

    [Fact]
    public void A_request_that_the_provider_cannot_take_is_rejected_without_asking_anybody()
    {
        UpperLayer machine = MachineIn(2);

        ImmutableArray<UpperLayerEffect> effects = machine.Step(UpperLayerEvent.AssociateRqPdu, 1000, isAcceptable: false);

        Assert.Equal([UpperLayerEffect.SendAssociateRj], effects);
        Assert.Equal(UpperLayerState.Sta13, machine.State);
        Assert.Equal(1000 + ArtimTicks, machine.ArtimDeadline);
    }

    [Fact]
    public void In_a_release_collision_the_requestor_answers_first()
    {
        UpperLayer requestor = Machine("requestor 1 2 3 11");

        requestor.Step(UpperLayerEvent.ReleaseRqPdu, 0);

        Assert.Equal(UpperLayerState.Sta9, requestor.State);
    }

    [Fact]
    public void Each_action_of_the_standard_is_reached_from_the_table()
    {
        HashSet<string> reached = [.. Rows(Table910).SelectMany(row => row[1..]).Where(action => action != ".")];

        Assert.Equal(28, reached.Count);
        string[] named = [.. Enum.GetNames<UpperLayerAction>().Where(name => name != "None").Select(name => name.Insert(2, "-"))];
        Assert.Equal(reached.Order(), named.Order());
    }

    private static UpperLayer MachineIn(int state)
    {
        UpperLayer machine = Machine(Ways[state]);
        Assert.Equal(state, (int)machine.State);
        return machine;
    }

    private static UpperLayer Machine(string way)
    {
        string[] words = way.Split(' ');
        UpperLayer machine = new(words[0] == "requestor", ArtimTicks);
        foreach (string happened in words[1..])
        {
            machine.Step((UpperLayerEvent)int.Parse(happened), 0);
        }

        return machine;
    }

    private static string[][] Rows(string table) =>
        [.. table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static string Normal(string table) => string.Join('\n', Rows(table).Select(row => string.Join(' ', row)));
}
