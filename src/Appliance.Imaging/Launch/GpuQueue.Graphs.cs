using Appliance.Core;

namespace Appliance.Imaging.Launch;

/// <content>Steps that come again: recorded, walked through, replayed.</content>
internal sealed unsafe partial class GpuQueue
{
    /// <summary>Steps of which a graph is kept: more than the pipeline has.</summary>
    private const int GraphsMost = 16;

    private readonly Dictionary<Delegate, GpuGraph> graphs = [];
    private GpuGraph? recorded;
    private bool isWalk;

    /// <summary>The first time as single calls, the second time recorded, from then on replayed as long as it asks for the same.</summary>
    public override Refusal? Run<TState>(in TState state, Step<TState> step, bool again)
    {
        GpuGraph? graph = again ? GraphOf(step) : null;
        if (graph is null || graph.Times++ == 0)
        {
            return base.Run(state, step, again);
        }

        if (!graph.IsRecorded)
        {
            Record(graph, state, step);
        }
        else if (!Walk(graph, state, step))
        {
            // Other sizes: another study. The next time it is recorded anew.
            Forget();
            graph.Drop();
            graph.Times = 1;
            return base.Run(state, step, again);
        }

        if (Enter())
        {
            lastKernel = "the recorded step";
            Did(graph.Launch(), "cuGraphLaunch");
        }

        Wait();
        CopyOut();
        Forget();
        if (Trouble is not null)
        {
            graph.Drop();
        }

        return TakeTrouble();
    }

    /// <summary>The graph of a step, new where there is none; bounded, since a step may be made anew by its caller each time.</summary>
    private GpuGraph GraphOf(Delegate step)
    {
        if (graphs.TryGetValue(step, out GpuGraph? graph))
        {
            return graph;
        }

        if (graphs.Count == GraphsMost)
        {
            DropGraphs();
        }

        return graphs[step] = new GpuGraph(launcher, stream);
    }

    private void DropGraphs()
    {
        foreach (GpuGraph graph in graphs.Values)
        {
            graph.Drop();
        }

        graphs.Clear();
    }

    /// <summary>Issues the step into a graph instead of the stream.</summary>
    private void Record<TState>(GpuGraph graph, in TState state, Step<TState> step)
        where TState : unmanaged
    {
        if (!Enter() || !Did(graph.Begin(), "cuStreamBeginCapture"))
        {
            return;
        }

        try
        {
            recorded = graph;
            step(this, state);
            if (Trouble is null)
            {
                QueueOuts();
            }
        }
        finally
        {
            // Ended in any case: a stream that records can do nothing else.
            recorded = null;
            Did(graph.End(isKept: Trouble is null), "cuStreamEndCapture");
        }
    }

    /// <summary>Copies the inputs to their places and compares everything else; nothing goes to the card.</summary>
    private bool Walk<TState>(GpuGraph graph, in TState state, Step<TState> step)
        where TState : unmanaged
    {
        graph.BeginWalk();
        try
        {
            (recorded, isWalk) = (graph, true);
            step(this, state);
            return graph.IsAlike;
        }
        finally
        {
            (recorded, isWalk) = (null, false);
        }
    }

    /// <summary>What a step asks for, as it stands in a graph's log before its numbers.</summary>
    private enum Asked : long
    {
        Upload,
        Download,
        Scratch,
        Read,
        Written,

        /// <summary>No elements of the caller's.</summary>
        Nothing,
        Kernel,
    }

    /// <summary>Whether it is only noted or compared now, and not done.</summary>
    private bool IsWalked<T>(in T asked)
        where T : unmanaged
    {
        recorded?.Note(asked, isWalk);
        return isWalk;
    }
}
