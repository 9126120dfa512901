using System.Text;
using Stateless;

namespace Appliance.Core;

/// <summary>One row: in this state, on this signal, go there, or stay for the reason given.</summary>
/// <param name="Next">Null: the signal is ignored.</param>
/// <param name="Why">For an ignored signal, why nothing needs to happen.</param>
public readonly record struct StateRow<TState, TSignal>(TState State, TSignal Signal, TState? Next, string Why)
    where TState : struct, Enum
    where TSignal : struct, Enum;

/// <summary>
/// A state machine as a table of every state and every signal. A pair without a row is a defect, found when the table
/// is made.
/// </summary>
public sealed class StateTable<TState, TSignal>
    where TState : struct, Enum
    where TSignal : struct, Enum
{
    private readonly Dictionary<(TState, TSignal), StateRow<TState, TSignal>> rows = [];

    /// <exception cref="DefectException">A pair has no row, or two.</exception>
    public StateTable(TState initial, IEnumerable<StateRow<TState, TSignal>> rows)
    {
        Initial = initial;
        foreach (StateRow<TState, TSignal> row in rows)
        {
            if (!this.rows.TryAdd((row.State, row.Signal), row))
            {
                throw new DefectException($"state table: {row.State} x {row.Signal} has two rows");
            }
        }

        foreach (TState state in Enum.GetValues<TState>())
        {
            foreach (TSignal signal in Enum.GetValues<TSignal>())
            {
                if (!this.rows.ContainsKey((state, signal)))
                {
                    throw new DefectException($"state table: {state} x {signal} has no row");
                }
            }
        }
    }

    public TState Initial { get; }

    public StateRow<TState, TSignal> Row(TState state, TSignal signal) =>
        rows.TryGetValue((state, signal), out StateRow<TState, TSignal> row)
            ? row
            : throw new DefectException($"state table: {state} x {signal} has no row");

    /// <summary>A machine of its own, configured from this table and nothing else.</summary>
    public StateMachine<TState, TSignal> Machine(TState start) => Configured(new StateMachine<TState, TSignal>(start));

    /// <summary>One machine for many owners of a state: of a study there are thousands, and a machine takes ten kilobytes.</summary>
    public StateMachine<TState, TSignal> Machine(Func<TState> get, Action<TState> set) =>
        Configured(new StateMachine<TState, TSignal>(get, set));

    private StateMachine<TState, TSignal> Configured(StateMachine<TState, TSignal> machine)
    {
        foreach (StateRow<TState, TSignal> row in rows.Values)
        {
            StateMachine<TState, TSignal>.StateConfiguration state = machine.Configure(row.State);
            _ = row.Next is { } next ? state.Permit(row.Signal, next) : state.Ignore(row.Signal);
        }

        machine.OnUnhandledTrigger((state, signal) => throw new DefectException($"state machine: {signal} in {state} is not handled"));
        return machine;
    }

    /// <summary>The table for people: rows are states, columns are signals, · means that the signal is ignored.</summary>
    public string ToMarkdown()
    {
        TSignal[] signals = Enum.GetValues<TSignal>();
        StringBuilder text = new();
        text.Append("| state |").AppendJoin('|', signals.Select(s => $" {s} ")).Append("|\n");
        text.Append("|---|").AppendJoin('|', signals.Select(_ => "---")).Append("|\n");
        foreach (TState state in Enum.GetValues<TState>())
        {
            text.Append($"| **{state}** |").AppendJoin(
                '|', signals.Select(s => $" {Row(state, s).Next?.ToString() ?? "·"} ")).Append("|\n");
        }

        text.Append("\nIgnored, and why:\n\n");
        foreach (IGrouping<string, StateRow<TState, TSignal>> same in Ordered().Where(r => r.Next is null).GroupBy(r => r.Why))
        {
            IEnumerable<string> pairs = same.GroupBy(r => r.State).Select(s => $"{s.Key} ({string.Join(", ", s.Select(r => r.Signal))})");
            text.Append($"* {same.Key}: {string.Join("; ", pairs)}\n");
        }

        return text.ToString();
    }

    /// <summary>The same as a Mermaid diagram; signals that lead the same way share an arrow.</summary>
    public string ToMermaid()
    {
        StringBuilder text = new();
        text.Append($"stateDiagram-v2\n    [*] --> {Initial}\n");
        foreach (var way in Ordered().Where(r => r.Next is not null).GroupBy(r => (r.State, r.Next)))
        {
            text.Append($"    {way.Key.State} --> {way.Key.Next}: {string.Join(", ", way.Select(r => r.Signal))}\n");
        }

        return text.ToString();
    }

    private IEnumerable<StateRow<TState, TSignal>> Ordered() =>
        Enum.GetValues<TState>().SelectMany(state => Enum.GetValues<TSignal>().Select(signal => Row(state, signal)));
}
